"""Bundles: presets, or a set list of them, in one zip that travels between people.

    bundle.json              what is in it, with the SHA-256 and size of every other file
    presets/NAME.json        documents, as on the shelf
    presets/NAME.png, .mp4   their thumbnails and previews
    models/NAME.safetensors  weights, where the artist wants them to come along
    models/NAME.png          their pictures
    own/SHA256.safetensors   the own pictures of their slots (see `studio.engine.own_pictures`)

This module writes them; `studio.presets.sharing.unpacking` reads them, believing nothing.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Annotated, BinaryIO, Literal

from pydantic import AwareDatetime, Field

from studio import __version__
from studio.document.frozen import Frozen
from studio.engine import EngineError
from studio.engine.deck_job import own_files_of
from studio.engine.own_pictures import OwnPictureFiles
from studio.presets.document import ModelIdentity, Sha256, now
from studio.presets.errors import PresetError, reason
from studio.presets.folder import names
from studio.presets.folder.library import Library
from studio.presets.folder.set_lists import SetList
from studio.storage import files, strict_json

ENDING = ".loom"
MODEL_ENDING = ".loommodel"
"""A bundle of one model and no presets."""
MANIFEST = "bundle.json"
OWN = "own/"
LIMIT_PRESETS = 1000
LIMIT_MODELS = 16
LIMIT_OWN = 1000
LIMIT_MODEL_BYTES = 2_000_000_000
LIMIT_PREVIEW_BYTES = 20_000_000

Name = Annotated[str, Field(max_length=200)]


class PackedFile(Frozen):
    """One file of a bundle."""

    name: Name
    sha256: Sha256
    bytes: Annotated[int, Field(ge=0, le=LIMIT_MODEL_BYTES)]


class Made(Frozen):
    """How a model of an artist's own came to be."""

    folder: Name
    """What the folder was called that it has learnt from."""
    count: Annotated[int, Field(ge=0)]
    """So many files."""
    minutes: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    size_px: Annotated[int, Field(ge=0, le=4096)] = 0
    start: Name = ""
    """The model that it started from, if any."""
    figures: dict[Name, Annotated[float, Field(allow_inf_nan=False)]] = Field(
        default_factory=dict, max_length=32
    )
    at: AwareDatetime = Field(default_factory=now)


class ModelPart(ModelIdentity):
    """A model that comes along, and under which conditions."""

    file: Name
    licence: Name = ""
    credit: Annotated[str, Field(max_length=2000)] = ""
    made: Made | None = None
    """Of an artist's own model."""

    def said(self) -> dict[str, object]:
        """What is written of it, as versions read it that know of no own models."""
        return self.model_dump(mode="json", exclude={"made"} if self.made is None else set())


class Manifest(Frozen):
    """What a bundle says about itself."""

    schema_version: Literal[1] = 1
    kind: Literal["bundle"] = "bundle"
    app_version: Annotated[str, Field(max_length=40)] = __version__
    made_at: AwareDatetime = Field(default_factory=now)
    set_list: SetList | None = None
    models: tuple[ModelPart, ...] = Field(default=(), max_length=LIMIT_MODELS)
    files: tuple[PackedFile, ...] = Field(
        max_length=3 * LIMIT_PRESETS + 2 * LIMIT_MODELS + LIMIT_OWN
    )


def write(
    file: Path,
    library: Library,
    ids: Sequence[str],
    *,
    set_list: SetList | None = None,
    models: Iterable[tuple[ModelPart, Path]] = (),
) -> tuple[str, ...]:
    """Put presets of `library` with their own pictures, and `models` with their weights, into the
    bundle `file`, whole or not at all; a sentence for what could not come along. Raises
    `PresetError`."""
    if not 0 < len(set(ids)) <= LIMIT_PRESETS:
        raise PresetError(f"A bundle holds from one to {LIMIT_PRESETS} presets.")
    kept, wanted = OwnPictureFiles(), _own_files(library, ids)
    lacks = kept.trouble_with(wanted)
    sources = chain(_sources(library, ids), _own_sources(kept, wanted))
    _write(file, sources, set_list, tuple(models))
    return tuple(lacks)


def write_model(file: Path, model: ModelPart, weights: Path, picture: bytes | None) -> None:
    """Put one model, with its PNG, into `file`, whole or not at all. Raises `PresetError`."""
    beside = str(PurePosixPath(model.file).with_suffix(".png"))
    _write(file, [] if picture is None else [(beside, picture)], None, ((model, weights),))


def _write(
    file: Path,
    sources: Iterable[tuple[str, bytes]],
    set_list: SetList | None,
    models: Sequence[tuple[ModelPart, Path]],
) -> None:
    try:
        with files.Draft(file) as path, path.open("w+b") as out:
            _fill(out, sources, set_list, models)
    except OSError as error:
        raise PresetError(f"The bundle {file.name} cannot be written: {reason(error)}.") from error


def _own_files(library: Library, ids: Sequence[str]) -> tuple[str, ...]:
    """The own pictures of presets, each once. Raises `PresetError`."""
    found: dict[str, None] = {}
    for id in dict.fromkeys(ids):
        for deck in library.open(id).preset.scene.decks:
            found.update(dict.fromkeys(own_files_of(deck)))
    if len(found) > LIMIT_OWN:
        raise PresetError(f"A bundle holds at most {LIMIT_OWN} own pictures.")
    return tuple(found)


def _own_sources(kept: OwnPictureFiles, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        with suppress(EngineError):
            yield f"{OWN}{name}.safetensors", kept.read(name)


def _sources(library: Library, ids: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The names in the bundle and what goes there."""
    taken: set[str] = set()
    for id in dict.fromkeys(ids):
        entry = library.entry(id)
        stem = names.free(names.safe(entry.name), taken)
        taken.add(names.folded(stem))
        yield f"presets/{stem}.json", library.text(id)
        for beside in (entry.thumbnail, entry.preview):
            if beside.is_file() and beside.stat().st_size <= LIMIT_PREVIEW_BYTES:
                yield f"presets/{stem}{beside.suffix}", beside.read_bytes()


def _fill(
    out: BinaryIO,
    sources: Iterable[tuple[str, bytes]],
    set_list: SetList | None,
    models: Sequence[tuple[ModelPart, Path]],
) -> None:
    parts = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in sources:
            parts.append(
                PackedFile(name=name, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
            )
            bundle.writestr(name, data)
        for model, weights in models:
            size = weights.stat().st_size
            parts.append(PackedFile(name=model.file, sha256=model.sha256 or "", bytes=size))
            bundle.write(weights, model.file, zipfile.ZIP_STORED)
        manifest = Manifest(
            set_list=set_list, models=tuple(m for m, _ in models), files=tuple(parts)
        )
        said = manifest.model_dump(mode="json") | {"models": [m.said() for m, _ in models]}
        bundle.writestr(MANIFEST, strict_json.dumps(said))


__all__ = [
    "ENDING",
    "MODEL_ENDING",
    "Made",
    "Manifest",
    "ModelPart",
    "PackedFile",
    "write",
    "write_model",
]
