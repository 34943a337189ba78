"""What can be done with the presets that are selected on the shelf."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QMenu, QWidget

from studio.presets.folder.entries import PresetEntry
from studio.presets.folder.versions import Version
from studio.scenes.repertoire import Repertoire


class ShelfCommands(Protocol):
    """What only the shelf's page can do."""

    def rename(self) -> None: ...
    def delete(self) -> None: ...
    def give_away(self, ids: list[str], *, models: bool) -> None: ...
    def revert(self, entry: PresetEntry, version: Version) -> None: ...


_LISTED = 12


class ShelfMenu(QMenu):
    """Where nothing is selected, it brings back what was deleted."""

    def __init__(
        self,
        repertoire: Repertoire,
        chosen: list[PresetEntry],
        commands: ShelfCommands,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._repertoire, self._commands = repertoire, commands
        own = [entry for entry in chosen if not entry.factory]
        if len(chosen) == 1:
            self._of_one(chosen[0])
        if chosen:
            self._of_all(chosen, own)
        else:
            self._offer_deleted()

    def _offer(self, words: str, do: Callable[[], object]) -> None:
        self.addAction(words).triggered.connect(lambda _=False: do())

    def _of_one(self, entry: PresetEntry) -> None:
        held = self._repertoire.presets
        self._offer("Open", lambda: held.open(entry.id))
        self._offer("Morph to it", lambda: held.open(entry.id, glides=True))
        self._offer("Put on the left of the crossfader", lambda: held.hold("a", entry.id))
        self._offer("Put on the right of the crossfader", lambda: held.hold("b", entry.id))
        self._offer("Duplicate", lambda: held.duplicate(entry.id))
        if not entry.factory:
            self._offer("Rename", self._commands.rename)
            self._offer_versions(entry)

    def _offer_versions(self, entry: PresetEntry) -> None:
        """Listed when they are looked for: that is a look at the disk."""
        earlier = self.addMenu("Earlier versions")
        earlier.setToolTipsVisible(True)
        earlier.aboutToShow.connect(lambda: self.list_versions(earlier, entry))

    def list_versions(self, menu: QMenu, entry: PresetEntry) -> None:
        """Fill `menu` with the versions of a preset, newest first."""
        menu.clear()
        for version in self._repertoire.presets.versions(entry.id):
            action = menu.addAction(f"as it was until {when(version.replaced_at)}")
            action.setToolTip("Bring it back; what the preset is now becomes a version itself")
            action.triggered.connect(
                lambda _=False, version=version: self._commands.revert(entry, version)
            )
        if menu.isEmpty():
            menu.addAction("none yet: saving over it keeps one").setEnabled(False)

    def _offer_deleted(self) -> None:
        """What was deleted in earlier sessions too, newest first."""
        for deleted in self._repertoire.library.deleted[:_LISTED]:
            names = [Path(n).stem for n in deleted.names if n.endswith(".json")]
            more = f" and {len(names) - 3} more" if names[3:] else ""
            restore = partial(self._repertoire.presets.restore, deleted)
            self._offer(f"Bring back {', '.join(names[:3])}{more}", restore)

    def _of_all(self, chosen: list[PresetEntry], own: list[PresetEntry]) -> None:
        ids = [entry.id for entry in chosen]
        favourite = not all(entry.favourite for entry in chosen)
        words = "Favourite" if favourite else "No favourite any more"
        self._offer(words, lambda: self._repertoire.presets.mark(ids, favourite))
        self._offer("Put in the set list", lambda: self._repertoire.set_lists.append(ids))
        self.addSeparator()
        self._offer("Export…", lambda: self._commands.give_away(ids, models=False))
        self._offer("Export with the models…", lambda: self._commands.give_away(ids, models=True))
        if own:
            self.addSeparator()
            self._offer("Delete", self._commands.delete)


def when(moment: datetime) -> str:
    """A moment in the artist's own time, such as "18:40:05 on 22 November 2026"."""
    return f"{moment.astimezone():%H:%M:%S on %d %B %Y}"
