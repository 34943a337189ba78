"""Reading bundles from strangers: bounded before anything is unpacked, checked before it is kept.

No name in a bundle ever becomes a path: documents are parsed and saved under names of our own,
pictures are decoded and drawn anew, weights go to a name made from their hash. What does not match
the manifest's sizes and hashes, or is not in it, is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from pydantic import ValidationError

from studio.presets import document
from studio.presets.document import Preset
from studio.presets.errors import NewerError, PresetError, reason
from studio.presets.sharing import _zip_checks as zip_checks
from studio.presets.sharing.bundles import (
    LIMIT_PRESETS,
    MANIFEST,
    OWN,
    Manifest,
    ModelPart,
    PackedFile,
)
from studio.storage import strict_json

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Packed:
    """One preset of a bundle: where it lies in it, and the preset."""

    name: str
    preset: Preset


class Bundle:
    """An open bundle. Every method raises `PresetError` with one sentence."""

    def __init__(self, source: BinaryIO, called: str) -> None:
        self.called = called
        self._zip = zip_checks.opened(source, called)
        self._infos = zip_checks.checked(self._zip, called)
        self.manifest = self._manifest()
        self._parts = self._checked_parts()

    @property
    def models(self) -> tuple[ModelPart, ...]:
        return self.manifest.models

    def presets(self) -> Iterator[Packed]:
        """Every preset, checked, one after the other."""
        for name in self._parts:
            if name.endswith(".json"):
                yield Packed(name, document.parse(self._read(name), PurePosixPath(name).name))

    def thumbnail(self, packed: Packed) -> bytes | None:
        """The preset's picture, as it came: unchecked."""
        return self._beside(packed, ".png")

    def preview(self, packed: Packed) -> bytes | None:
        """The preset's film, if it looks like one."""
        film = self._beside(packed, ".mp4")
        return film if film and film[4:8] == b"ftyp" else None

    def model_picture(self, model: ModelPart) -> bytes | None:
        """The model's picture, as it came: unchecked."""
        name = str(PurePosixPath(model.file).with_suffix(".png"))
        return self._read(name) if name in self._parts else None

    def own_pictures(self) -> Iterator[bytes]:
        """Every own picture, called by what it holds."""
        for name in self._parts:
            if name.startswith(OWN):
                if PurePosixPath(name).stem != self._parts[name].sha256:
                    raise self._refusal("a file in it is not what it should be")
                yield self._read(name)

    def copy_model(self, model: ModelPart, out: BinaryIO | None) -> None:
        """Write a model's weights to `out`; what was written counts only if this returns. Without
        an `out` they are only checked."""
        if model.file not in self._parts:
            raise self._refusal("it names a model that is not in it")
        digest = hashlib.sha256()
        for chunk in self._chunks(model.file):
            digest.update(chunk)
            if out is not None:
                out.write(chunk)
        if not digest.hexdigest() == self._parts[model.file].sha256 == model.sha256:
            raise self._refusal("a model in it is not the one that it says")

    # -- inside --------------------------------------------------------------------------------

    def _beside(self, packed: Packed, ending: str) -> bytes | None:
        name = packed.name.removesuffix(".json") + ending
        return self._read(name) if name in self._parts else None

    def _read(self, name: str) -> bytes:
        data = b"".join(self._chunks(name))
        part = self._parts[name]
        if len(data) != part.bytes or hashlib.sha256(data).hexdigest() != part.sha256:
            raise self._refusal("a file in it is not what it should be")
        return data

    def _chunks(self, name: str) -> Iterator[bytes]:
        """The file's content, never more than it claims to be."""
        info = self._infos[name]
        left = info.file_size
        try:
            with self._zip.open(info) as file:
                while chunk := file.read(_CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise self._refusal("a file in it is larger than it says")
                    yield chunk
        except zip_checks.TROUBLE as error:
            raise self._refusal("it is damaged") from error

    def _manifest(self) -> Manifest:
        if MANIFEST not in self._infos:
            raise self._refusal("it does not say what is in it")
        try:
            data = strict_json.loads(b"".join(self._chunks(MANIFEST)))
            version = data.get("schema_version") if isinstance(data, dict) else None
            if isinstance(version, int) and version > 1:
                raise NewerError(f"The bundle {self.called} was made by a newer Latent Loom.")
            return Manifest.model_validate(data)
        except (ValidationError, ValueError) as error:
            raise self._refusal("what it says about itself is damaged") from error

    def _checked_parts(self) -> dict[str, PackedFile]:
        parts = {part.name: part for part in self.manifest.files}
        if len(parts) != len(self.manifest.files) or parts.keys() | {MANIFEST} != (
            self._infos.keys()
        ):
            raise self._refusal("it does not hold what it says")
        for name, part in parts.items():
            if self._infos[name].file_size != part.bytes:
                raise self._refusal("it does not hold what it says")
        if sum(name.endswith(".json") for name in parts) > LIMIT_PRESETS:
            raise self._refusal("there are too many presets in it")
        return parts

    def _refusal(self, why: str) -> PresetError:
        return zip_checks.refusal(self.called, why)


@contextmanager
def opened(file: Path) -> Iterator[Bundle]:
    """The bundle in `file`. Raises `PresetError`."""
    try:
        if not file.is_file():
            raise PresetError(f"The bundle {file.name} cannot be read: it is no file.")
        with file.open("rb") as source:
            yield Bundle(source, file.name)
    except OSError as error:
        raise PresetError(f"The bundle {file.name} cannot be read: {reason(error)}.") from error


def looks_like_one(file: Path) -> bool:
    """Whether `file` begins like a zip."""
    try:
        with file.open("rb") as source:
            return source.read(4) == b"PK\x03\x04"
    except OSError:
        return False
