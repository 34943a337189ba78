"""The artist's presets: a folder of documents that is never written to without a look at it.

What cannot be done raises `PresetError` with one sentence, and then nothing has changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from studio.engine import Pixels
from studio.presets.document import Preset, new_id, now, read, text_of
from studio.presets.errors import PresetError
from studio.presets.folder import _favourites as favourites
from studio.presets.folder import names, trash, versions
from studio.presets.folder import thumbnails as pictures
from studio.presets.folder._shelf import Opened, Shelf
from studio.presets.folder._vault import ChangedError
from studio.presets.folder.entries import PresetEntry, look_of
from studio.presets.folder.set_lists import FOLDER, SetLists
from studio.presets.folder.trash import Deleted
from studio.presets.folder.versions import Version
from studio.storage import files

BESIDE = (".png", ".mp4")
"""Endings of what lies beside a document and goes with it."""


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a preset went; `remark` is a sentence where that is not what was asked for."""

    entry: PresetEntry
    remark: str = ""


class Library(Shelf):
    """The shelf, to be changed; the folder is made when something is saved.

    What came with the instrument stays as it is.
    """

    def __init__(
        self, folder: Path, factory: Path | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(folder, factory, clock=clock)
        self.set_lists = SetLists(folder / FOLDER)

    # -- saving --------------------------------------------------------------------------------

    def add(self, preset: Preset, thumbnail: Pixels | None = None) -> PresetEntry:
        """Save `preset` as a new one, whatever there is already."""
        (entry,) = self.add_many([(preset, thumbnail)])
        return entry

    def add_many(self, arriving: Iterable[tuple[Preset, Pixels | None]]) -> list[PresetEntry]:
        """Save new presets with their small pictures, one after the other as they come.

        Where one of them cannot be, those before it have been.
        """
        ids: list[str] = []
        with self._lock:
            try:
                for preset, thumbnail in arriving:
                    if preset.id in self._entries or preset.id in ids:
                        preset = preset.but(id=new_id())
                    name = self._vault.create(names.safe(preset.name), text_of(preset))
                    self._picture(name, preset, thumbnail)
                    ids.append(preset.id)
            finally:
                self.refresh(closely=True)
            return [self.entry(id) for id in ids]

    def update(self, preset: Preset, seen: str, thumbnail: Pixels | None = None) -> Saved:
        """Save `preset` over the one with its id, whose document had the stamp `seen`.

        Where that is not so any more (another copy of the instrument, another program, or it is
        gone), and for those that came with the instrument, `preset` becomes a new one beside it.
        """
        with self._lock:
            try:
                entry = self._held(preset)
                if entry.factory:
                    return Saved(self._copy(preset, thumbnail))
                self._replace(entry, preset, seen)
            except ChangedError as error:
                self.refresh(closely=True)
                return Saved(
                    self._copy(preset, thumbnail), f"{error} So yours was saved beside it."
                )
            return Saved(self._settled(preset, entry.file.name, thumbnail))

    def keep_thumbnail(self, id: str, pixels: Pixels, look: str) -> None:
        """Put a small picture beside a preset, if it still is of the scene `look`."""
        with self._lock:
            entry = self.entry(id)
            if entry.factory or entry.look != look:
                return
            self._put_beside(entry.thumbnail, pictures.png_of(pixels, look))

    def keep_preview(self, id: str, film: bytes) -> None:
        """Put a short film beside a preset."""
        with self._lock:
            entry = self.entry(id)
            if not entry.factory:
                self._put_beside(entry.preview, film)

    def rename(self, id: str, name: str) -> PresetEntry:
        """Call a preset `name`; its file is called likewise."""
        return self._amend(id, name=name)

    def annotate(
        self, id: str, *, tags: Sequence[str] | None = None, notes: str | None = None
    ) -> PresetEntry:
        """Change what is said about a preset; None leaves it."""
        once = None if tags is None else tuple(dict.fromkeys(tags))
        said = {"tags": once, "notes": notes}
        return self._amend(id, **{k: v for k, v in said.items() if v is not None})

    def duplicate(self, id: str) -> PresetEntry:
        """Another one with the same scene."""
        opened = self.open(id)
        return self._copy(opened.preset, self.thumbnail(id))

    # -- taking away ---------------------------------------------------------------------------

    def delete(self, ids: Iterable[str]) -> Deleted:
        """Take presets off the shelf, with what lies beside them; `restore` brings them back."""
        with self._lock:
            gone: list[Path] = []
            for entry in map(self.entry, ids):
                _own(entry)
                beside = [entry.file.with_suffix(ending) for ending in BESIDE]
                gone += [entry.file, *(file for file in beside if file.exists())]
            with self._vault.changing():
                deleted = trash.throw_away(self._vault.hidden / "trash", gone)
            self.refresh(closely=True)
            return deleted

    def restore(self, deleted: Deleted) -> None:
        """Undo a deletion; a name that is taken by now becomes another one."""
        with self._lock, self._vault.changing():
            trash.bring_back(deleted, self.folder)
            self.refresh(closely=True)

    @property
    def deleted(self) -> list[Deleted]:
        """What was deleted and can be brought back, newest first."""
        return trash.listed(self._vault.hidden / "trash")

    # -- earlier versions ----------------------------------------------------------------------

    def versions(self, id: str) -> list[Version]:
        """What a preset was before, newest first."""
        return versions.listed(self._versions(id))

    def open_version(self, version: Version) -> Preset:
        """A preset as it was."""
        return read(version.file)

    def revert(self, id: str, version: Version) -> PresetEntry:
        """Let a preset be what it was; what it is now becomes a version itself."""
        with self._lock:
            opened = self.open(id)
            earlier = self.open_version(version).but(id=id)
            return self.update(earlier, opened.stamp).entry

    # -- favourites ----------------------------------------------------------------------------

    def mark(self, ids: Iterable[str], favourite: bool = True) -> None:
        """Make presets favourites, or no longer; this is no part of the documents."""
        with self._lock:
            self._mark_anew(favourites.mark(self._vault, ids, favourite))

    # -- inside --------------------------------------------------------------------------------

    def _versions(self, id: str) -> Path:
        return self._vault.hidden / "versions" / self.entry(id).id

    def _held(self, preset: Preset) -> PresetEntry:
        if preset.id not in self._entries:
            raise ChangedError(f"The preset {preset.name} is not there any more.")
        return self._entries[preset.id]

    def _copy(self, preset: Preset, thumbnail: Pixels | None) -> PresetEntry:
        taken = {e.name for e in self.entries}
        return self.add(
            preset.but(id=new_id(), name=_another(preset.name, taken), made_at=now()), thumbnail
        )

    def _amend(self, id: str, **changes: object) -> PresetEntry:
        """Change a few parts of a document, whatever somebody else has made of the rest."""
        with self._lock:
            entry = self.entry(id)
            _own(entry)
            opened = self.open(id)
            changed = opened.preset.but(**changes)
            self._replace(entry, changed, opened.stamp)
            name = self._vault.rename(entry.file.name, names.safe(changed.name), BESIDE)
            return self._settled(changed, name, None)

    def _replace(self, entry: PresetEntry, preset: Preset, seen: str) -> None:
        folder = self._versions(entry.id)
        self._vault.replace(
            entry.file.name, text_of(preset), seen, lambda old: versions.keep(folder, old)
        )

    def _settled(self, preset: Preset, name: str, thumbnail: Pixels | None) -> PresetEntry:
        self._picture(name, preset, thumbnail)
        self.refresh(closely=True)
        return self.entry(preset.id)

    def _picture(self, name: str, preset: Preset, thumbnail: Pixels | None) -> None:
        if thumbnail is not None:
            picture = (self.folder / name).with_suffix(".png")
            self._put_beside(picture, pictures.png_of(thumbnail, look_of(preset)))

    def _put_beside(self, file: Path, data: bytes) -> None:
        """Derived data: a preset without it is whole, so a full disk is no error here."""
        with suppress(OSError):
            files.replace(file, data)


def _own(entry: PresetEntry) -> None:
    if entry.factory:
        raise PresetError(f"The preset {entry.name} came with the instrument and stays as it is.")


def _another(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name[:110]} {number}" in taken:
        number += 1
    return f"{name[:110]} {number}"


__all__ = ["Deleted", "Library", "Opened", "PresetEntry", "Saved", "Version"]
