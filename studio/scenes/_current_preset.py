"""The preset that the present scene came from, and whether it has changed since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from studio.document.scene import Scene
from studio.presets.fitting import Fitted, fitted
from studio.presets.folder.entries import PresetEntry
from studio.presets.folder.library import Library
from studio.presets.identities import Weights
from studio.session import Session


class _Origin(NamedTuple):
    """Where a scene came from."""

    entry: PresetEntry | None
    clean: Scene
    """The scene of that preset as it was called up or saved."""


class CurrentPreset:
    """Which preset was called up or saved last, and what its document said then. Undo and redo
    bring it back with its scene.

    The stamp of that document is what saving over it goes by: what somebody else has written
    meanwhile is not written over.
    """

    def __init__(self, session: Session, library: Library, weights: Weights) -> None:
        self._session = session
        self._library = library
        self._weights = weights
        self._read: dict[str, str] = {}  # stamps of what was read to be called up, by id
        self._stamps: dict[str, str] = {}  # and of what was called up or saved here since
        self._origin = _Origin(None, session.scene)
        self._called_from: tuple[Scene, _Origin] | None = None
        self.first = ""
        """The file stem of the preset that the session began with, until it is found."""
        session.history.note = self._origin_of
        session.history.came_back = self._bring_back

    @property
    def entry(self) -> PresetEntry | None:
        """The preset, or None where the scene came from none."""
        return self._origin.entry

    @entry.setter
    def entry(self, entry: PresetEntry | None) -> None:
        self._origin = self._origin._replace(entry=entry)

    @property
    def stamp(self) -> str:
        """Of its document, as it was seen last."""
        return self._stamps.get(self.id or "", "")

    @stamp.setter
    def stamp(self, stamp: str) -> None:
        if self.id is not None:
            self._stamps[self.id] = stamp

    @property
    def modified(self) -> bool:
        """Whether the scene is another one than was called up or saved last; what moves by itself
        is no change."""
        clean = self._origin.clean
        if self._session.scene is clean or self._session.scene == clean:
            return False
        return self._session.motion.unmoved(clean) != clean

    @property
    def tags(self) -> tuple[str, ...]:
        """What a new preset of the present scene takes over: none where another engine or model
        is in front than in the preset, for its tags are not about that."""
        entry, now = self.entry, self._session.scene.front_deck
        was = self._origin.clean.front_deck
        same = (now.engine, now.model) == (was.engine, was.model)
        return entry.tags if entry is not None and same else ()

    @property
    def id(self) -> str | None:
        """None where there is no current preset."""
        return None if self.entry is None else self.entry.id

    def read(self, id: str) -> Fitted:
        """A preset's scene as it can be shown here. Raises `PresetError`."""
        opened = self._library.open(id)
        self._read[id] = opened.stamp
        return fitted(opened.preset, self._session.registry, self._weights)

    def called_up(self, entry: PresetEntry, scene: Scene, left: Scene) -> None:
        """It is `entry` now, whose scene is shown as `scene` in the place of `left`."""
        self._called_from = (left, self._origin)
        self._origin = _Origin(entry, scene)
        self.stamp = self._read.get(entry.id, entry.stamp)

    def reopened(self, entry: PresetEntry, scene: Scene, stamp: str) -> None:
        """The session goes on from `entry`, whose scene is `scene`; `stamp` was seen back then."""
        self._origin = _Origin(entry, scene)
        self.stamp = stamp

    def saved(self, entry: PresetEntry, scene: Scene) -> None:
        """`scene` has been saved as `entry`."""
        self._origin, self._called_from = _Origin(entry, scene), None
        self.stamp = entry.stamp

    def look_again(self, known: Mapping[str, PresetEntry]) -> None:
        """The shelf is another one: it holds the presets `known`, by id."""
        if self.entry is not None:
            self.entry = known.get(self.entry.id)
        elif self.first:
            made = (entry for entry in known.values() if entry.factory)
            self.entry = next((e for e in made if e.file.stem == self.first), None)
            self.first = ""

    def _origin_of(self, scene: Scene) -> object:
        """A morph leaves its scene only after the other preset was called up."""
        called = self._called_from
        return called[1] if called and scene is called[0] else self._origin

    def _bring_back(self, origin: object) -> None:
        if isinstance(origin, _Origin):
            entry = origin.entry
            if entry is not None:  # its name and tags may have been changed since
                known = {each.id: each for each in self._library.entries}
                entry = known.get(entry.id)
            self._origin = origin._replace(entry=entry)
