"""The history panel's scenes: those at which the hand came to rest, each with its picture."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from psygnal import Signal

from studio.document.errors import StudioError
from studio.document.scene import Scene
from studio.engine import Pixels
from studio.scenes._change_names import words_for
from studio.scenes._small_pictures import small
from studio.session import Session

REST_S = 0.8
"""How long nothing must change for a scene to be one that the hand came to rest at."""
LONGEST_S = 10.0
"""While something moves all the time, one is kept so often."""
_LIMIT = 200


@dataclass(frozen=True, eq=False)
class HistoryEntry:
    """A scene that was shown."""

    scene: Scene
    picture: Pixels | None
    """What was in front, at most 96 px on a side; None where it was not seen yet."""
    words: str
    """What led to it, such as "Contrast 1.20"."""
    at_s: float


class SceneHistory:
    """The last 200 entries, oldest first. While `waits`, call `step` a few times a second.

    It is beside undo: going back to an entry is a step of its own, which undo takes back.
    Signal: `changed()`.
    """

    changed = Signal()

    def __init__(self, session: Session, limit: int = _LIMIT) -> None:
        self._session = session
        self._entries: deque[HistoryEntry] = deque(maxlen=limit)
        self._before = session.scene
        self._words = "Start"
        self._moved_s: float | None = None
        self._first_s: float | None = None
        self._news = True  # the scene that the session began with is the first entry
        session.changed.connect(self._on_changed)

    def close(self) -> None:
        """Listen to nothing any more."""
        self._session.changed.disconnect(self._on_changed, missing_ok=True)

    @property
    def entries(self) -> tuple[HistoryEntry, ...]:
        """Oldest first."""
        return tuple(self._entries)

    @property
    def waits(self) -> bool:
        """Whether something has changed that is no entry yet."""
        return self._news

    def remember(self, scene: Scene, words: str) -> None:
        """A scene of another day is the first entry."""
        self._entries.appendleft(HistoryEntry(scene, None, words, 0.0))
        self.changed.emit()

    def called(self, name: str) -> None:
        """The scene that has come, or is on its way, has a name."""
        self._words = name

    def step(self, now_s: float) -> None:
        """It is `now_s`, in the seconds of any steady clock."""
        if not self._news:
            return
        if self._moved_s is None:
            self._moved_s = now_s
        if self._first_s is None:
            self._first_s = now_s
        rested = now_s - self._moved_s >= REST_S and self._is_painted()
        if rested or now_s - self._first_s >= LONGEST_S:
            self._keep(now_s)

    def go_to(self, entry: HistoryEntry) -> None:
        """Show an entry's scene again; one undo brings back what was shown before."""
        try:
            self._session.open(entry.scene)
        except StudioError as error:  # its engine is gone since
            self._session.noticed.emit(str(error))

    def _is_painted(self) -> bool:
        state = self._session.state(self._session.scene.front)
        return bool(state.problem) or (state.shown is not None and state.answered >= state.asked)

    def _keep(self, now_s: float) -> None:
        scene = self._session.scene
        shown = self._session.state(scene.front).shown
        words = self._words or words_for(self._before, scene, self._session.registry)
        self._words = ""
        self._news, self._moved_s, self._first_s = False, None, None
        self._before = scene
        if not words:
            return
        picture = None if shown is None else small(shown.pixels)
        self._entries.append(HistoryEntry(scene, picture, words, now_s))
        self.changed.emit()

    def _on_changed(self, new: Scene, old: Scene) -> None:  # noqa: ARG002
        self._news, self._moved_s = True, None
