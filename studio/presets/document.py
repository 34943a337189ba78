"""A preset: a saved scene, what it is called, and which models it was made with.

One JSON document, data and never code. Reading checks everything and changes nothing.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints, ValidationError

from studio import __version__
from studio.document.errors import place_in
from studio.document.frozen import Frozen
from studio.document.scene import POINT_LIMIT, Scene
from studio.presets.errors import PresetError, reason
from studio.presets.migrate import migrated
from studio.presets.packing import packed, unpacked
from studio.presets.plain_files import read_bounded
from studio.storage import files, strict_json

LIMIT_BYTES = 16_000_000
"""A scene of eight decks whose every slot and brush stroke is full stays below this."""

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
"""An identity: 32 hexadecimal digits. It names folders, so it can be nothing else."""
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_Line = r"^[^\p{Cc}\p{Zl}\p{Zp}\x{202a}-\x{202e}\x{2066}-\x{2069}]*$"
"""One line, without what turns the direction of the writing around it."""
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=_Line),
]
"""One line."""
Tag = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=_Line)
]
Author = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120, pattern=_Line)]
_Word = Annotated[str, StringConstraints(max_length=200)]


def new_id() -> str:
    """An id that nothing else has."""
    return uuid.uuid4().hex


def now() -> datetime:
    """This moment, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


class ModelIdentity(Frozen):
    """A model as it was when the preset was made."""

    engine: _Word
    model: _Word
    title: _Word = ""
    latent_size: Annotated[int, Field(ge=0, le=POINT_LIMIT)] = 0
    sha256: Sha256 | None = None
    """Of its weights; None where they could not be read."""


class Preset(Frozen):
    """A saved scene and where it comes from."""

    refusal = PresetError

    schema_version: Literal[2] = 2
    app_version: Annotated[str, StringConstraints(max_length=40)] = __version__
    id: Id = Field(default_factory=new_id)
    name: Title
    author: Author = ""
    made_at: AwareDatetime | None = Field(default_factory=now)
    tags: tuple[Tag, ...] = Field(default=(), max_length=32)
    notes: Annotated[str, StringConstraints(max_length=20_000)] = ""
    models: tuple[ModelIdentity, ...] = Field(default=(), max_length=64)
    scene: Scene


def read(file: Path) -> Preset:
    """The preset in `file`. Raises `PresetError`."""
    return parse(read_bounded(file, LIMIT_BYTES, "preset"), file.name)


def parse(text: bytes, name: str) -> Preset:
    """The preset in `text`, called `name` in the sentence of a `PresetError`."""
    try:
        data = migrated(strict_json.loads(text), text, name)
        if isinstance(data, dict) and "scene" in data:
            data["scene"] = unpacked(data["scene"])
        return Preset.model_validate(data)
    except ValidationError as error:
        raise PresetError(_sentence(error, f"the file {name}")) from error
    except ValueError as error:
        raise PresetError(f"The file {name} is not a preset: it is damaged.") from error


def text_of(preset: Preset) -> bytes:
    """The document of `preset`: what `parse` reads, equal in every part. Raises `PresetError`."""
    try:
        data = preset.model_dump(mode="json", exclude={"scene"})
        return strict_json.dumps({**data, "scene": packed(preset.scene)})
    except ValueError as error:  # half a character, or a number that is none
        raise PresetError("The scene holds something that no file can hold.") from error


def write(file: Path, preset: Preset) -> None:
    """Write `preset` to `file`, all or nothing. Raises `PresetError`."""
    try:
        files.replace(file, text_of(preset))
    except OSError as error:
        raise PresetError(f"The preset {file.name} cannot be written: {reason(error)}.") from error


def _sentence(error: ValidationError, what: str) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = place_in(first["loc"])
    return f"{what[:1].upper()}{what[1:]} is not a preset of this version (see {where})."
