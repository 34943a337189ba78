"""What the artist does with set lists: play one, put presets in order, take it away."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from psygnal import Signal

from studio.presets.folder.entries import PresetEntry
from studio.presets.folder.librarian import Librarian
from studio.presets.folder.library import Library
from studio.presets.folder.set_lists import SetList
from studio.presets.folder.trash import Deleted
from studio.scenes._set_list import SetListItem
from studio.scenes.recalling import Recalling


class SetListCommands:
    """The set lists of the library, and the one that is played.

    Signals: `shelf_changed()` when the library holds something else; `changed()` when another list
    is played.
    """

    shelf_changed = Signal()
    changed = Signal()

    def __init__(self, library: Library, librarian: Librarian, recalling: Recalling) -> None:
        self._library = library
        self._librarian = librarian
        self._recalling = recalling
        self.current: SetList | None = None
        """The one that is played; None while there is none."""

    def play(self, set_list: SetList | None) -> None:
        """Have another set list, or none."""
        self.current = set_list
        self._put()
        self.changed.emit()

    def play_by_id(self, id: str | None) -> None:
        """Have the list with this id; none where it is not there."""
        self.play(self._known().get(id or ""))

    def arrange(self, presets: Sequence[str], name: str = "") -> None:
        """Put these presets, by their ids, in the set list in this order, and keep it."""
        before = self.current or SetList(name=name or "Set list")
        wanted = before.but(presets=tuple(presets), name=name or before.name)
        self.current = wanted
        self._put()

        def saved(kept: SetList) -> None:
            if self.current is wanted:
                self.current = kept
            self.shelf_changed.emit()

        self._librarian.do(lambda: self._library.set_lists.save(wanted), saved)

    def append(self, presets: Sequence[str]) -> None:
        """Put presets at the end of the set list; without one, begin one."""
        before = self.current.presets if self.current else ()
        self.arrange((*before, *presets))

    def delete(self, then: Callable[[Deleted], object] = lambda _: None) -> None:
        """Take the set list away; its presets stay on the shelf. `then` gets what `restore`
        wants."""
        gone, self.current = self.current, None
        self._put()
        if gone is None:
            return

        def deleted(what: Deleted) -> None:
            self.shelf_changed.emit()
            then(what)

        self._librarian.do(lambda: self._library.set_lists.delete(gone.id), deleted)

    def restore(self, gone: SetList, deleted: Deleted) -> None:
        """Bring a deleted set list back, and play it."""

        def restored(_: object) -> None:
            self.shelf_changed.emit()
            self.play_by_id(gone.id)

        self._librarian.do(lambda: self._library.set_lists.restore(deleted), restored)

    def look_again(self, presets: Mapping[str, PresetEntry]) -> None:
        """The shelf is another one: it holds these presets, by id."""
        if self.current is not None:
            self.current = self._known().get(self.current.id, self.current)
        self._put(presets)

    def _known(self) -> dict[str, SetList]:
        return {each.id: each for each in self._library.set_lists.all}

    def _put(self, presets: Mapping[str, PresetEntry] | None = None) -> None:
        known = {e.id: e for e in self._library.entries} if presets is None else presets
        ids = () if self.current is None else self.current.presets
        items = tuple(SetListItem(id, known[id].name) for id in ids if id in known)
        if items != self._recalling.items:
            self._recalling.put(items)
