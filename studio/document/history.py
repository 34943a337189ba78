"""Undo and redo over scenes, with a drag merged into one step."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic

from studio.document.scene import Scene

_PAUSE_S = 0.7
"""Changes of one control that follow each other faster than this are one step."""

_Scenes = deque[tuple[Scene, object]] | list[tuple[Scene, object]]


class History:
    """The scenes before and after the present one.

    `record` is told each change with a `gesture`, the name of what is being moved. Changes of the
    same gesture join while it is held or while they follow each other quickly, so that a drag, a
    turned wheel or a held arrow key is undone at once; two knobs turned at the same time are two
    steps, not one for every message.
    """

    def __init__(self, *, limit: int = 500, clock: Callable[[], float] = monotonic) -> None:
        self._past: deque[tuple[Scene, object]] = deque(maxlen=limit)
        self._future: list[tuple[Scene, object]] = []
        self.note: Callable[[Scene], object] = lambda _: None
        """What is true of a scene beside what is in it, such as the preset that it came from; asked
        when another scene takes its place."""
        self.came_back: Callable[[object], object] = lambda _: None
        """Told the note of a scene that undo or redo is about to bring back."""
        self._clock = clock
        self._gestures: dict[str, float] = {}
        self._held = False

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    @property
    def newest(self) -> Scene | None:
        """What the next undo leads to; another object after each new step."""
        return self._past[-1][0] if self._past else None

    def hold(self) -> None:
        """A hand is on a control: changes of one gesture join however slow they are."""
        self._held = True
        self._gestures = {}

    def release(self) -> None:
        """The hand is off; the next change is a new step."""
        self._held = False
        self._gestures = {}

    def record(self, before: Scene, gesture: str | None) -> None:
        """A change is about to replace `before`. None never joins with what came earlier."""
        now = self._clock()
        going_on = {
            name: at for name, at in self._gestures.items() if self._held or now - at < _PAUSE_S
        }
        if gesture is None or gesture not in going_on:
            self._past.append((before, self.note(before)))
        self._future.clear()
        self._gestures = {} if gesture is None else {**going_on, gesture: now}

    def join(self, scene: Scene) -> None:
        """What follows the newest step, which led away from `scene`, belongs to the step before it.

        For what arrives late and is wanted by the step before, such as a tune that was wished for.
        Where something else has happened since, it stays a step of its own.
        """
        if len(self._past) > 1 and self._past[-1][0] is scene:
            self._past.pop()

    def fold(self, scene: Scene) -> None:
        """All that has happened since `scene` was the present one is one step: the next undo leads
        to it. Where it has been forgotten by now, the steps stay what they are."""
        if any(past is scene for past, _ in self._past):
            while self._past[-1][0] is not scene:
                self._past.pop()
            self._gestures = {}

    def amend(self, change: Callable[[Scene], Scene | None]) -> None:
        """Rewrite the scenes before and after the present, nearest first, until `change` is None.

        For what arrives late and is no step of its own, such as the first samples of a new deck.
        """
        for scenes in (self._past, self._future):
            for index in reversed(range(len(scenes))):
                scene, note = scenes[index]
                amended = change(scene)
                if amended is None:
                    break
                scenes[index] = (amended, note)

    def undo(self, present: Scene) -> Scene:
        """The scene before `present`; `present` itself where there is none."""
        if not self._past:
            return present
        return self._bring(self._past, self._future, present)

    def redo(self, present: Scene) -> Scene:
        """The scene that the last undo left; `present` itself where there is none."""
        if not self._future:
            return present
        return self._bring(self._future, self._past, present)

    def _bring(self, there: _Scenes, here: _Scenes, present: Scene) -> Scene:
        self._gestures = {}
        here.append((present, self.note(present)))
        scene, note = there.pop()
        self.came_back(note)
        return scene
