"""Bundles: presets, or a set list of them, in one zip that travels between people.

    bundle.json              what is in it, with the SHA-256 and size of every other file
    presets/NAME.json        documents, as on the shelf
    presets/NAME.png, .mp4   their thumbnails and previews
    models/NAME.safetensors  weights, where the artist wants them to come along

This module writes them; `studio.presets.sharing.unpacking` reads them, believing nothing.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

from pydantic import AwareDatetime, Field

from studio import __version__
from studio.document.frozen import Frozen
from studio.presets.document import ModelIdentity, Sha256, now
from studio.presets.errors import PresetError, reason
from studio.presets.folder import names
from studio.presets.folder.library import Library
from studio.presets.folder.set_lists import SetList
from studio.storage import files, strict_json

ENDING = ".loom"
MANIFEST = "bundle.json"
LIMIT_PRESETS = 1000
LIMIT_MODELS = 16
LIMIT_MODEL_BYTES = 2_000_000_000
LIMIT_PREVIEW_BYTES = 20_000_000

Name = Annotated[str, Field(max_length=200)]


class Part(Frozen):
    """One file of a bundle."""

    name: Name
    sha256: Sha256
    bytes: Annotated[int, Field(ge=0, le=LIMIT_MODEL_BYTES)]


class ModelPart(ModelIdentity):
    """A model that comes along, and under which conditions."""

    file: Name
    licence: Name = ""
    credit: Annotated[str, Field(max_length=2000)] = ""


class Manifest(Frozen):
    """What a bundle says about itself."""

    schema_version: Literal[1] = 1
    kind: Literal["bundle"] = "bundle"
    app_version: Annotated[str, Field(max_length=40)] = __version__
    made_at: AwareDatetime = Field(default_factory=now)
    set_list: SetList | None = None
    models: tuple[ModelPart, ...] = Field(default=(), max_length=LIMIT_MODELS)
    files: tuple[Part, ...] = Field(max_length=3 * LIMIT_PRESETS + LIMIT_MODELS)


def write(
    file: Path,
    library: Library,
    ids: Sequence[str],
    *,
    set_list: SetList | None = None,
    models: Iterable[tuple[ModelPart, Path]] = (),
) -> None:
    """Put presets of `library`, and `models` with their weights, into the bundle `file`, whole or
    not at all. Raises `PresetError`."""
    if not 0 < len(set(ids)) <= LIMIT_PRESETS:
        raise PresetError(f"A bundle holds from one to {LIMIT_PRESETS} presets.")
    try:
        handle, temporary = files.beside(file)
        try:
            with os.fdopen(handle, "w+b") as out:
                _fill(out, _sources(library, ids), set_list, tuple(models))
                out.flush()
                os.fsync(out.fileno())
            temporary.replace(file)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise PresetError(f"The bundle {file.name} cannot be written: {reason(error)}.") from error


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
            parts.append(Part(name=name, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data)))
            bundle.writestr(name, data)
        for model, weights in models:
            size = weights.stat().st_size
            parts.append(Part(name=model.file, sha256=model.sha256 or "", bytes=size))
            bundle.write(weights, model.file, zipfile.ZIP_STORED)
        manifest = Manifest(
            set_list=set_list, models=tuple(m for m, _ in models), files=tuple(parts)
        )
        bundle.writestr(MANIFEST, strict_json.dumps(manifest.model_dump(mode="json")))


__all__ = ["ENDING", "Manifest", "ModelPart", "Part", "write"]
