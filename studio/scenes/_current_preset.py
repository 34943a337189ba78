"""The preset that the present scene came from, and whether it has changed since."""

from __future__ import annotations

from collections.abc import Mapping

from studio.document.scene import Scene
from studio.presets.fitting import Fitted, fitted
from studio.presets.folder.entries import PresetEntry
from studio.presets.folder.library import Library
from studio.presets.identities import Weights
from studio.session import Session


class CurrentPreset:
    """Which preset was called up or saved last, and what its document said then.

    The stamp of that document is what saving over it goes by: what somebody else has written
    meanwhile is not written over.
    """

    def __init__(self, session: Session, library: Library, weights: Weights) -> None:
        self._session = session
        self._library = library
        self._weights = weights
        self._stamps: dict[str, str] = {}  # of what was read to be called up, by id
        self._clean: Scene = session.scene
        self.entry: PresetEntry | None = None
        self.stamp = ""
        self.first = ""
        """The file stem of the preset that the session began with, until it is found."""

    @property
    def modified(self) -> bool:
        """Whether the scene is another one than was called up or saved last."""
        return self._session.scene is not self._clean and self._session.scene != self._clean

    @property
    def id(self) -> str | None:
        """None where there is no current preset."""
        return None if self.entry is None else self.entry.id

    def read(self, id: str) -> Fitted:
        """A preset's scene as it can be shown here. Raises `PresetError`."""
        opened = self._library.open(id)
        self._stamps[id] = opened.stamp
        return fitted(opened.preset, self._session.registry, self._weights)

    def called_up(self, entry: PresetEntry, scene: Scene) -> None:
        """It is `entry` now, whose scene is shown as `scene`."""
        self.entry, self.stamp = entry, self._stamps.get(entry.id, entry.stamp)
        self._clean = scene

    def saved(self, entry: PresetEntry, scene: Scene) -> None:
        """`scene` has been saved as `entry`."""
        self.entry, self.stamp, self._clean = entry, entry.stamp, scene

    def look_again(self, known: Mapping[str, PresetEntry]) -> None:
        """The shelf is another one: it holds the presets `known`, by id."""
        if self.entry is not None:
            self.entry = known.get(self.entry.id)
        elif self.first:
            made = (entry for entry in known.values() if entry.factory)
            self.entry = next((e for e in made if e.file.stem == self.first), None)
            self.first = ""
