"""The shelf: what is in the artist's folder of presets and what came with the instrument."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock

from studio.engine import Pixels
from studio.presets.document import Preset, parse
from studio.presets.errors import PresetError
from studio.presets.folder import _favourites as favourites
from studio.presets.folder import _index as index
from studio.presets.folder import finding
from studio.presets.folder import thumbnails as pictures
from studio.presets.folder._vault import Signature, Vault
from studio.presets.folder.entries import PresetEntry, broken, entry_of, stamp_of
from studio.presets.folder.finding import Order

_CLOSELY_S = 10.0
_YOUNG_S = 2.0
"""A broken file this young may still be on its way in."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A preset and the stamp of its document, to be said when it is written over."""

    preset: Preset
    stamp: str


class Shelf:
    """All presets in `folder` and in the `factory`'s, to be looked at.

    `refresh` looks at the folder; before the first one the shelf is empty. Every method may be
    called on any thread.
    """

    def __init__(
        self, folder: Path, factory: Path | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        self.folder = folder
        self.trouble = ""
        """A sentence while the folder cannot be read, else empty."""
        self._vault = Vault(folder)
        self._factory = None if factory is None else Vault(factory)
        self._clock = clock
        self._lock = RLock()
        self._known: index.Known | None = None
        self._factory_known: index.Known = {}
        self._entries: dict[str, PresetEntry] = {}
        self._favourites: frozenset[str] = frozenset()
        self._looked_s = float("-inf")
        self._changed_ns: int | None = None
        self._waiting = False  # for files that may still be on their way in

    @property
    def entries(self) -> tuple[PresetEntry, ...]:
        """Everything on the shelf, by name. Never waits for a disk."""
        return tuple(self._entries.values())  # never changed, only replaced: needs no lock

    def entry(self, id: str) -> PresetEntry:
        """The entry with this id. Raises `PresetError`."""
        found = self._entries.get(id)
        if found is None:
            raise PresetError("The preset is not there any more.")
        return found

    def find(
        self,
        words: str = "",
        *,
        tags: Sequence[str] = (),
        marked: bool = False,
        order: Order = "name",
    ) -> list[PresetEntry]:
        """See `studio.presets.folder.finding.found`."""
        return finding.found(self.entries, words, tags=tags, marked=marked, order=order)

    def refresh(self, *, closely: bool = False) -> bool:
        """Look at the folder again; whether the shelf is another one now.

        May be called every second: unless asked to look `closely`, it looks at each file only
        where a name has come, gone or been replaced, and every `_CLOSELY_S`.
        """
        with self._lock:
            now_s, changed_ns = self._clock(), self._vault.changed_ns()
            due = closely or self._known is None or now_s - self._looked_s >= _CLOSELY_S
            if not due and changed_ns == self._changed_ns and not self._waiting:
                return self._mark_anew(favourites.read(self._vault))
            self._looked_s, self._changed_ns = now_s, changed_ns
            return self._look()

    def open(self, id: str) -> Opened:
        """The whole preset, read from the disk now."""
        entry, text = self.entry(id), self.text(id)
        preset = parse(text, entry.file.name)
        return Opened(preset if preset.id == id else preset.but(id=id), stamp_of(text))

    def text(self, id: str) -> bytes:
        """The document of a preset as it is on the disk now."""
        entry = self.entry(id)
        return self._home(entry).read(entry.file.name)

    def thumbnail(self, id: str) -> Pixels | None:
        """Its small picture; None where there is none, or one of an earlier scene."""
        entry = self.entry(id)
        return pictures.thumbnail(entry.thumbnail, entry.look)

    # -- inside --------------------------------------------------------------------------------

    @property
    def _index_file(self) -> Path:
        return self._vault.hidden / "index.json"

    def _home(self, entry: PresetEntry) -> Vault:
        return self._factory if entry.factory and self._factory else self._vault

    def _look(self) -> bool:
        before, first = self._entries, self._known is None
        if self._known is None:
            self._vault.tidy(self._clock())
            self._known = index.load(self._index_file, self.folder)
            self._factory_known = _seen(self._factory, {}) if self._factory else {}
        known = self._seen_now(self._known)
        if known != self._known:
            self._known = known
            index.save(self._index_file, known, int(self._clock() * 1e9))
        elif not first and not self._waiting:
            return self._mark_anew(favourites.read(self._vault))
        self._favourites = favourites.read(self._vault)
        self._arrange()
        return self._entries != before

    def _seen_now(self, known: index.Known) -> index.Known:
        """What cannot be read keeps the shelf as it was, and `trouble` says why."""
        try:
            self.trouble = ""
            return _seen(self._vault, known)
        except PresetError as error:
            self.trouble = str(error)
            return known

    def _mark_anew(self, marked: frozenset[str]) -> bool:
        if marked == self._favourites:
            return False
        self._favourites = marked
        self._arrange()
        return True

    def _arrange(self) -> None:
        """Every id once: the artist's own first, originals before copies made by hand."""
        young = self._clock() - _YOUNG_S
        own = [e for _, e in (self._known or {}).values()]
        shown = [e for e in own if not e.problem or e.changed_at.timestamp() < young]
        self._waiting = len(shown) < len(own)
        arranged: dict[str, PresetEntry] = {}
        for entry in sorted(shown, key=_original_first):
            if entry.id in arranged:
                entry = replace(entry, id=_id_of_copy(entry))
            arranged[entry.id] = entry
        for _, entry in self._factory_known.values():
            arranged.setdefault(entry.id, replace(entry, factory=True))
        for id in self._favourites & arranged.keys():
            arranged[id] = replace(arranged[id], favourite=True)
        self._entries = {e.id: e for e in finding.by_name(arranged.values())}


def _seen(vault: Vault, known: index.Known) -> index.Known:
    """What `vault` holds now; documents are read only if they differ from what is `known`."""
    found: index.Known = {}
    for name, signature in vault.scan().items():
        if name in known and known[name][0] == signature and known[name][1].stamp:
            found[name] = known[name]
        else:
            found[name] = signature, _entry(vault, name, signature)
    return found


def _entry(vault: Vault, name: str, signature: Signature) -> PresetEntry:
    file, changed_s = vault.folder / name, signature.mtime_ns / 1e9
    try:
        entry = entry_of(vault.read(name), file, changed_s)
    except PresetError as error:  # it may be read another time: without a stamp
        entry = replace(broken(b"", file, changed_s, str(error)), stamp="")
    return replace(entry, haystack=finding.haystack(entry))


def _original_first(entry: PresetEntry) -> tuple[int, str]:
    """File managers add words to the name of a copy."""
    return len(entry.file.name), entry.file.name


def _id_of_copy(entry: PresetEntry) -> str:
    """A file that was copied by hand has its original's id; on the shelf it gets one of its own."""
    return uuid.uuid5(uuid.UUID(entry.id), entry.file.name.encode("utf-8", "replace").decode()).hex
