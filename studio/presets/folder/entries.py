"""What the shelf knows about a preset without opening it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from studio.presets.document import Author, Id, Preset, Tag, Title
from studio.presets.errors import PresetError
from studio.presets.migrate import derived_id, migrated
from studio.presets.packing import packed


@dataclass(frozen=True, slots=True)
class PresetEntry:
    """A preset on the shelf. `problem` is a sentence where it cannot be opened, else empty."""

    id: str
    name: str
    file: Path
    stamp: str
    """SHA-256 of the document as it was read: say it when you write over it."""
    look: str = ""
    """SHA-256 of the scene alone: what a thumbnail was drawn from."""
    author: str = ""
    tags: tuple[str, ...] = ()
    notes: str = ""
    made_at: datetime | None = None
    changed_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    """When the file was last written."""
    models: tuple[str, ...] = ()
    """Of every deck, its engine and model with a space between."""
    problem: str = ""
    factory: bool = False
    """It came with the instrument and cannot be changed; saving over it makes a copy."""
    favourite: bool = False
    haystack: str = field(default="", repr=False, compare=False)
    """What a search looks through: see `studio.presets.folder.finding`."""

    @property
    def thumbnail(self) -> Path:
        """Where its picture lies, if it has one."""
        return self.file.with_suffix(".png")

    @property
    def preview(self) -> Path:
        """Where its two seconds of film lie, if it has them."""
        return self.file.with_suffix(".mp4")


class _Header(BaseModel):
    """A document without its scene."""

    model_config = ConfigDict(frozen=True)

    id: Id
    name: Title
    author: Author = ""
    made_at: AwareDatetime | None = None
    tags: tuple[Tag, ...] = Field(default=(), max_length=32)
    notes: str = Field(default="", max_length=20_000)


def stamp_of(text: bytes) -> str:
    """The SHA-256 of a document's bytes."""
    return hashlib.sha256(text).hexdigest()


def entry_of(text: bytes, file: Path, changed_s: float) -> PresetEntry:
    """The entry of the document `text` in `file`; with a `problem` where it is none.

    Two thousand of them are read in a row, so this looks no closer than it must: opening does.
    """
    try:
        data = migrated(from_json(text, allow_inf_nan=False), text, file.name)
        header = _Header.model_validate(data)
        entry = PresetEntry(id=header.id, name=header.name, file=file, stamp=stamp_of(text))
        look, models = _look(data["scene"]), _models(data["scene"])
    except PresetError as error:
        return broken(text, file, changed_s, str(error))
    except (ValidationError, ValueError, LookupError, TypeError):
        return broken(text, file, changed_s, f"The file {file.name} is not a preset.")
    return replace(
        entry,
        look=look,
        models=models,
        author=header.author,
        tags=header.tags,
        notes=header.notes,
        made_at=header.made_at,
        changed_at=datetime.fromtimestamp(changed_s, UTC),
    )


def look_of(preset: Preset) -> str:
    """The `PresetEntry.look` that `preset` will have on the shelf."""
    return _look(packed(preset.scene))


def broken(text: bytes, file: Path, changed_s: float, problem: str) -> PresetEntry:
    """The entry of a file that is no preset."""
    changed = datetime.fromtimestamp(changed_s, UTC)
    seen = derived_id(file.name.encode("utf-8", "surrogateescape"))
    name = file.stem.encode("utf-8", "replace").decode()[:120] or "?"
    return PresetEntry(seen, name, file, stamp_of(text), changed_at=changed, problem=problem)


def _look(scene: Any) -> str:
    return hashlib.sha256(json.dumps(scene, sort_keys=True).encode()).hexdigest()


def _models(scene: Any) -> tuple[str, ...]:
    found = (f"{deck['engine']} {deck['model']}"[:200] for deck in scene["decks"])
    return tuple(dict.fromkeys(found))[:8]
