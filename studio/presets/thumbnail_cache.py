"""Small pictures of the presets on the shelf, read when they are looked for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Container

from psygnal import Signal

from studio.engine import Pixels
from studio.presets.errors import PresetError
from studio.presets.folder.entries import PresetEntry
from studio.presets.folder.librarian import Librarian
from studio.presets.folder.library import Library

_LIMIT = 4096


class ThumbnailCache:
    """Signal: `arrived(id)` when a picture that was asked for is there."""

    arrived = Signal(str)

    def __init__(self, library: Library, librarian: Librarian) -> None:
        self._library = library
        self._librarian = librarian
        self._held: OrderedDict[str, Pixels | None] = OrderedDict()  # None: there is none
        self._wanted: set[str] = set()

    def get(self, id: str) -> Pixels | None:
        """A preset's small picture; None while it is read, and then `arrived` tells."""
        if id in self._held:
            self._held.move_to_end(id)
            return self._held[id]
        if id not in self._wanted:
            self._wanted.add(id)
            self._librarian.do(lambda: self._read(id), lambda found: self._put(id, found))
        return None

    def lacks(self, id: str) -> bool:
        """Whether it was looked for, and there is none."""
        return id in self._held and self._held[id] is None

    def keep(self, entry: PresetEntry, picture: Pixels) -> None:
        """Put a picture beside a preset that lacks one."""
        look = entry.look
        self._librarian.do(lambda: self._library.keep_thumbnail(entry.id, picture, look))
        self._put(entry.id, picture)

    def forget(self, id: str) -> None:
        """It is another picture now."""
        self._held.pop(id, None)

    def look_again(self, known: Container[str]) -> None:
        """The shelf is another one: it holds the presets `known`, and what lacked a picture may
        have one."""
        for id in [id for id, held in self._held.items() if held is None or id not in known]:
            del self._held[id]

    def _read(self, id: str) -> Pixels | None:
        try:
            return self._library.thumbnail(id)
        except PresetError:
            return None

    def _put(self, id: str, found: Pixels | None) -> None:
        self._wanted.discard(id)
        self._held[id] = found
        while len(self._held) > _LIMIT:
            self._held.popitem(last=False)
        if found is not None:
            self.arrived.emit(id)
