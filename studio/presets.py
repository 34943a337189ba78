"""Scenes on disk: JSON documents, data and never code.

Reading checks everything and changes nothing; writing replaces the file in one step, so that a
crash leaves the old one or the new one.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from studio import __version__, files
from studio.scene import Scene

_LIMIT_BYTES = 8_000_000


class PresetError(Exception):
    """A preset that cannot be read or written. Its text is one sentence for the artist."""


class Preset(BaseModel):
    """A saved scene and where it comes from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    app_version: str = __version__
    name: str
    scene: Scene


def read(file: Path) -> Preset:
    """The preset in `file`. Raises `PresetError`."""
    try:
        if file.stat().st_size > _LIMIT_BYTES:
            raise PresetError(f"The file {file.name} is too large to be a preset.")
        text = file.read_bytes()
    except OSError as error:
        raise PresetError(f"The preset {file.name} cannot be read: {error.strerror}.") from error
    return parse(text, file.name)


def parse(text: bytes, name: str) -> Preset:
    """The preset in `text`, called `name` in the sentence of a `PresetError`."""
    try:
        return Preset.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole of it"
        sentence = f"The file {name} is not a preset of this version (see {where})."
        raise PresetError(sentence) from error


def write(file: Path, preset: Preset) -> None:
    """Write `preset` to `file`, all or nothing. Raises `PresetError`."""
    text = preset.model_dump_json(indent=1).encode() + b"\n"
    try:
        files.replace(file, text)
    except OSError as error:
        raise PresetError(f"The preset {file.name} cannot be written: {error.strerror}.") from error


def factory() -> dict[str, Preset]:
    """The presets that come with the instrument, by file stem, in order of their names."""
    found = {}
    for entry in sorted(resources.files("presets").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".json"):
            found[entry.name.removesuffix(".json")] = parse(entry.read_bytes(), entry.name)
    return found
