"""Eight scenes to play with, taken and called back in an instant."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal

from studio.document.errors import StudioError
from studio.document.scene import Scene
from studio.engine import Pixels
from studio.engine.decks import checked
from studio.scenes._small_pictures import small
from studio.scenes.recalling import Recalling
from studio.session import Session

COUNT = 8


class Snapshots:
    """Scenes by their place, 0 to 7, with a small picture of what was seen.

    They belong to the working state: whoever keeps that reads `scenes` and calls `restore`. Their
    engines stay loaded. Signal: `changed(place)`.
    """

    changed = Signal(int)

    def __init__(self, session: Session, recalling: Recalling) -> None:
        self._session = session
        self._recalling = recalling
        self._scenes: list[Scene | None] = [None] * COUNT
        self._pictures: list[Pixels | None] = [None] * COUNT
        self._recalled: int | None = None  # without a picture until it is shown
        session.pictured.connect(self._on_pictured)

    def close(self) -> None:
        """Listen to nothing any more."""
        self._session.pictured.disconnect(self._on_pictured, missing_ok=True)

    @property
    def scenes(self) -> tuple[Scene | None, ...]:
        """All eight, None where there is none."""
        return tuple(self._scenes)

    def picture(self, place: int) -> Pixels | None:
        """What was in front when it was taken, small; None where that is not known."""
        return self._pictures[place]

    def take(self, place: int) -> None:
        """Keep the present scene at a place; what was there goes."""
        shown = self._session.state(self._session.scene.front).shown
        self._pictures[place] = None if shown is None else small(shown.pixels)
        self._put(place, self._session.motion.kept())

    def clear(self, place: int) -> None:
        """Have nothing at a place."""
        self._pictures[place] = None
        self._put(place, None)

    def recall(self, place: int) -> None:
        """Bring a scene back: in time, at once or by a morph (see `Recalling`)."""
        scene = self._scenes[place]
        if scene is None:
            self._session.noticed.emit(f"Snapshot {place + 1} is empty.")
        else:
            self._recalled = place if self._pictures[place] is None else None
            self._recalling.show(scene, f"Snapshot {place + 1}")

    def restore(self, scenes: Sequence[Scene | None]) -> None:
        """Have the snapshots of another day. What does not fit here stays for where it does, and
        says so when it is recalled."""
        for place in range(COUNT):
            self._pictures[place] = None
            self._put(place, scenes[place] if place < len(scenes) else None)

    def _on_pictured(self, deck: str) -> None:
        """One of another day gets its picture when it is seen again."""
        place = self._recalled
        if place is None or deck != self._session.scene.front:
            return
        state = self._session.state(deck)
        if self._session.scene != self._scenes[place] or not state.settled:
            return
        self._recalled = None
        if state.shown is not None:
            self._pictures[place] = small(state.shown.pixels)
            self.changed.emit(place)

    def _put(self, place: int, scene: Scene | None) -> None:
        self._scenes[place] = scene
        self._session.engines.prepare(f"snapshot {place + 1}", scene if self._fits(scene) else None)
        self.changed.emit(place)

    def _fits(self, scene: Scene | None) -> bool:
        try:
            return scene is not None and bool(checked(self._session.registry, scene))
        except StudioError:
            return False
