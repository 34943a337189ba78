"""Crossing from one scene to another while one plays: in time, by a fader, and back again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from psygnal import Signal

from studio.document.parameters import Value, initial_values, validated
from studio.document.scene import Scene
from studio.engine.decks import checked
from studio.live.clock.transport import Transport
from studio.scenes._length import FADER, Length, Pace, length_of
from studio.scenes._sides import Side, Sided, Sides
from studio.session import Session
from studio.session.shown import Outside
from studio.settings.declared import MORPH_PARAMETERS

__all__ = [
    "FADER",
    "Length",
    "Morph",
    "Side",
    "Sided",
    "Timing",
]


class Timing(Protocol):
    """What is asked of `studio.live.rig.Rig`."""

    @property
    def transport(self) -> Transport: ...
    def in_time(self, change: Callable[[], None], key: str) -> None: ...


class Morph:
    """Two scenes, A and B, and where between them the instrument stands.

    `to` puts the present scene on A and another on B and goes there in time; `hold` puts scenes on
    either side and leaves the going to the fader. What a hand does on the way stays (see
    `carry_over`); at an end it is that end's alone. An undo, a recall, or whatever else
    brings another scene, ends the crossing. A way without a pause is one step to undo.

    Signal: `changed()` when it begins, ends, turns or stops, is moved by the fader, or has other
    sides; not for every step that time takes. Sentences for the artist go by the session's
    `noticed`.
    """

    changed = Signal()

    def __init__(self, session: Session, timing: Timing) -> None:
        self._session = session
        self._timing = timing
        self._settings = initial_values(MORPH_PARAMETERS)
        self._sides = Sides(session)
        self._passes = False  # whether the sides are those of one `to`, and go when it is over
        self._waiting: Sided | None = None
        self._position: float | None = None
        self._direction, self._forward = 0, 1
        self._pace: Pace | None = None
        self._last_s = 0.0
        self._ways = 0  # so far: each is a gesture of its own
        self._is_recorded = False
        self._writes = False
        session.modulation.add_outside(
            "/morph/fader", Outside(FADER, lambda: self._position or 0.0, scene=self._faded)
        )
        session.changed.connect(self._on_changed)
        session.state_changed.connect(self._on_loaded)

    def close(self) -> None:
        """Listen to nothing any more."""
        self._session.changed.disconnect(self._on_changed, missing_ok=True)
        self._session.state_changed.disconnect(self._on_loaded, missing_ok=True)

    # -- how it stands -------------------------------------------------------------------------

    @property
    def position(self) -> float | None:
        """From 0 (A) to 1 (B); None while the instrument stands on no way."""
        return self._position

    @property
    def moving(self) -> int:
        """1 towards B, -1 towards A, 0 at rest. While it moves, call `step` with every picture."""
        return self._direction

    @property
    def waiting(self) -> str | None:
        """The name of the scene whose morph waits for its beat; None: none does."""
        return None if self._waiting is None else self._waiting.name

    def side(self, side: Side) -> Sided | None:
        """The scene that stands on a side."""
        return self._sides.get(side)

    # -- how long ------------------------------------------------------------------------------

    @property
    def length(self) -> Length:
        """Of a way that is not told another."""
        return length_of(self._settings)

    def setting(self, name: str) -> Value:
        """One of `MORPH_PARAMETERS`, by its name."""
        return self._settings[name]

    def set(self, name: str, value: Value) -> None:
        """Set one of `MORPH_PARAMETERS`. Raises `ParameterError`."""
        self._settings = validated(MORPH_PARAMETERS, {**self._settings, name: value})
        self.changed.emit()

    # -- in time -------------------------------------------------------------------------------

    def to(
        self, scene: Scene, name: str = "", length: Length | None = None, *, waits: bool = True
    ) -> None:
        """Go from the present scene to `scene`, beginning when the scene's quantum lets it, or at
        once where it need not wait.

        Raises `EngineError` or `ParameterError`, and then nothing has changed.
        """
        wanted = Sided(checked(self._session.registry, scene), name)
        chosen = length or self.length
        self._sides.prepare(wanted.scene)
        self._waiting = wanted
        if waits:
            self._timing.in_time(lambda: self._begin(wanted, chosen), "morph")
        else:
            self._begin(wanted, chosen)
        if self._waiting is wanted:
            self.changed.emit()

    def reverse(self) -> None:
        """Go back, from wherever it stands; from A, go forth."""
        if self._position is not None and len(self._sides) == 2:
            way = self._direction or {0.0: -1, 1.0: 1}.get(self._position, self._forward)
            self._go(-way)

    def stop(self) -> None:
        """Stay where it is; what waits for its beat does not come."""
        self._waiting = None
        self._direction = 0
        self.changed.emit()

    def go_on(self) -> None:
        """Go on after a stop; from an end, to the other one."""
        if self._position is not None and len(self._sides) == 2 and not self._direction:
            self._go({0.0: 1, 1.0: -1}.get(self._position, self._forward))

    def step(self, now_s: float) -> None:
        """It is `now_s`, in the transport's seconds: stand where the way has come to."""
        if not self._direction or self._position is None or self._pace is None:
            return
        elapsed, self._last_s = now_s - self._last_s, now_s
        gone = self._pace.after(elapsed, self._timing.transport.bpm)
        self._stand(self._position + self._direction * gone)
        if self._position == (1.0 if self._direction > 0 else 0.0):
            self._arrive()

    # -- by the fader --------------------------------------------------------------------------

    def hold(self, side: Side, scene: Scene | None = None, name: str = "") -> None:
        """Put `scene`, by default the present one, on a side of the fader; nothing is shown yet.

        Raises `EngineError` or `ParameterError`, and then nothing has changed.
        """
        present = self._session.scene
        held = present if scene is None else checked(self._session.registry, scene)
        here = 0.0 if side == "a" else 1.0
        self._direction, self._waiting, self._passes = 0, None, False
        self._sides.put(side, Sided(held, name))
        if self._position != 1.0 - here:
            self._stand_nowhere(self._end_shown())
        self.changed.emit()

    def _end_shown(self) -> float | None:
        """The end that is shown, if any. While one side is empty the hand plays on, and what was
        put on the other stays as it is."""
        a, b = self._sides.get("a"), self._sides.get("b")
        if a is None or b is None:
            return None
        ends = {0.0: a.scene, 1.0: b.scene}
        return next((end for end, s in ends.items() if s is self._session.scene), None)

    def set_fader(self, share: float) -> None:
        """Stand at `share` of the way from A to B, in [0, 1]; the time of a morph stops.

        A side without a scene gets the present one.
        """
        if not len(self._sides):
            self._session.noticed.emit("Put a scene on one end of the crossfader first.")
            return
        if self._position is None:
            self._ways += 1
            self._stop_walks()
        self._sides.fill(self._session.scene)
        self._direction, self._waiting = 0, None
        self._stand(share)
        self.changed.emit()

    def clear(self) -> None:
        """Take the scenes off both sides; what is shown stays."""
        self._passes = True
        self._leave()

    # -- inside --------------------------------------------------------------------------------

    def _faded(self, scene: Scene, share: Value) -> Scene:
        """What is shown where the fader is moved by itself; the hand's `scene` on no way."""
        if self._position is None or len(self._sides) < 2:
            return scene
        return self._sides.at(float(share))

    def _begin(self, wanted: Sided, length: Length) -> None:
        if self._waiting is not wanted:
            return  # stopped, or another one since
        self._waiting = None
        self._stop_walks()
        self._stand_nowhere(0.0)
        self._passes = True
        self._sides.put("a", Sided(self._session.scene))
        self._sides.put("b", wanted)
        self._go(1, length)

    def _go(self, direction: int, length: Length | None = None) -> None:
        """A way back takes as long as the way there; between held scenes, what is set now."""
        if length is not None or self._pace is None or not self._passes:
            bar_beats = self._timing.transport.metre.bar_beats
            self._pace = Pace.of(length or self.length, bar_beats)
        self._direction = self._forward = direction
        self._last_s = self._timing.transport.clock()
        self._is_recorded = False
        self.changed.emit()

    def _stand(self, share: float) -> None:
        self._position = min(1.0, max(0.0, share))
        scene = self._sides.at(self._position)
        self._write(scene)
        if self._position in (0.0, 1.0):
            self._sides.stand_on("a" if self._position == 0.0 else "b", self._session.scene)
        elif self._session.scene != scene:  # somebody completed it, with routes perhaps
            self._sides.carry(scene, self._session.scene)

    def _write(self, scene: Scene) -> None:
        """In time it is one step to undo, however long it takes; by the fader it is a gesture."""
        self._writes = True
        try:
            if not self._direction:
                self._session.replace(scene, f"morph.fader.{self._ways}")
                return
            if not self._is_recorded:
                self._is_recorded = True
                self._session.history.record(self._session.scene, None)
            self._session.show(scene)
        finally:
            self._writes = False

    def _arrive(self) -> None:
        self._direction = 0
        if self._passes:
            self._sides.let_go("a" if self._position else "b")
        self._session.motion.begin()
        self.changed.emit()

    def _stand_nowhere(self, position: float | None) -> None:
        """Begin anew at an end, or nowhere."""
        self._position = position
        self._sides.leave()

    def _leave(self) -> None:
        """Another scene is shown."""
        self._direction, self._waiting = 0, None
        self._stand_nowhere(None)
        if self._passes:
            self._sides.clear()
        self.changed.emit()

    def _stop_walks(self) -> None:
        for deck in self._session.scene.decks:
            self._session.motion.stop_walk(deck.key)

    # -- listening -----------------------------------------------------------------------------

    def _on_changed(self, new: Scene, old: Scene) -> None:
        if self._writes or self._position is None:
            return
        if self._session.history.can_redo or _is_another(new, old):
            self._leave()
        elif not self._direction and self._position in (0.0, 1.0):
            self._sides.stand_on("a" if self._position == 0.0 else "b", new)
        else:
            self._sides.carry(old, new)

    def _on_loaded(self, deck: str) -> None:  # noqa: ARG002
        self._sides.look_again()


def _is_another(new: Scene, old: Scene) -> bool:
    """Whether `new` was not made of `old`: they share nothing."""
    return new.score is not old.score and not any(
        deck is other for deck in new.decks for other in old.decks
    )
