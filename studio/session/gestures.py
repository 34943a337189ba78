"""Recording what a hand does to a control or to the pad, so that it goes on by itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psygnal import Signal

from studio.document.modulation import Axis, GesturePoint, Modulator
from studio.document.scene import Scene
from studio.modulation import editing
from studio.modulation.gestures import added, thinned
from studio.modulation.kinds import ModulationError, complete
from studio.modulation.targets import Target, with_values

if TYPE_CHECKING:
    from studio.session._session import Session
    from studio.session.shown import Now

_AXES: tuple[Axis, Axis] = ("x", "y")
_LEAST_BEATS = 0.25
_REST_BEATS = 0.03
"""About a picture: a hand that sets out after a rest was at rest until then."""


@dataclass
class _Take:
    """A recording: of which controls, from where, and what came."""

    before: Scene
    """The scene that one undo leads back to."""
    addresses: tuple[str, ...]
    targets: tuple[Target, ...]
    free: bool
    """Whether it counts seconds, as nothing plays."""
    start: float
    """In beats: the transport's, or at the present tempo those since the first second."""
    into: int | None
    end: float | None = None
    can_redo: bool = False
    """As it was last: an undo makes it true."""
    from_scene: Scene | None = None
    """The scene when it began."""
    points: list[GesturePoint] = field(default_factory=list)


class Gestures:
    """Records one gesture at a time. Signals: `changed()` when it begins to wait, records or ends;
    `made(number)` of the modulator that plays what was recorded.

    While music plays it begins with the next bar and lasts for whole bars; else it begins at once
    and runs freely. What is recorded is how far the hand leads from where it began; the controls
    go back there, and the gesture moves them. All of it is one step to undo.
    """

    changed = Signal()
    made = Signal(int)

    def __init__(self, session: Session) -> None:
        self._session = session
        self._take: _Take | None = None
        session.changed.connect(self._on_changed)

    @property
    def recording(self) -> bool:
        """Whether a gesture is recorded, or about to be: call the modulation's `step` then."""
        return self._take is not None

    @property
    def waits_beats(self) -> float:
        """How long it waits until it begins; 0 when it has begun or there is none."""
        return 0.0 if self._take is None else max(0.0, self._take.start - self._beat())

    def record(
        self,
        addresses: Sequence[str],
        bars: int | None = None,
        *,
        count_in: int = 0,
        into: int | None = None,
    ) -> bool:
        """Record what happens to one control, or to two as x and y, for `bars` or until `stop`.

        With `into`, the number of a gesture, it is laid over that one, once round. False where it
        cannot be; the artist has been told why then.
        """
        take = self._prepared(addresses, bars, count_in, into)
        if isinstance(take, str):
            self._session.noticed.emit(take)
            return False
        self._take = take
        self.changed.emit()
        self._session.modulation.stir()
        self.step(self._session.modulation.present())
        return True

    def stop(self) -> None:
        """Record no longer: while music plays, until the nearest bar line."""
        take = self._take
        if take is None:
            return
        now = self._session.modulation.present()
        beat = _beat_of(now, free=take.free)
        if take.from_scene is None:
            self._forget()
            return
        take.end = beat
        if not take.free and take.into is None:
            bar = now.inputs.bar_beats
            take.end = take.start + max(1, round((beat - take.start) / bar)) * bar
        self.step(now)

    def cancel(self) -> None:
        """Keep nothing of it."""
        if self._take is not None:
            self._forget()

    def step(self, now: Now) -> None:
        """It is `now`: begin or end."""
        take = self._take
        if take is None:
            return
        beat = _beat_of(now, free=take.free)
        if take.from_scene is None and beat >= take.start - 1e-9:
            self._begin(take, self._session.scene)
        if take.end is not None and beat >= take.end - 1e-9:
            self._finish(take)

    # -- inside --------------------------------------------------------------------------------

    def _prepared(
        self, addresses: Sequence[str], bars: int | None, count_in: int, into: int | None
    ) -> _Take | str:
        modulation, scene = self._session.modulation, self._session.scene
        found = [(address, modulation.target(address)) for address in addresses]
        lost = [address for address, target in found if target is None]
        if lost or not 0 < len(found) <= len(_AXES):
            return f"{lost[0][:80] if lost else 'That'} is no control whose movement can be kept."
        if self._take is not None:
            return "A gesture is being recorded already."
        now = modulation.present()
        free = not now.moves
        beat, bar = _beat_of(now, free=free), now.inputs.bar_beats
        start = (beat if free else math.ceil(beat / bar - 1e-9) * bar) + count_in * bar
        targets = tuple(target for _, target in found if target is not None)
        named = tuple(modulation.lasting(address) for address in addresses)
        take = _Take(scene, named, targets, free, start, into)
        take.can_redo = self._session.history.can_redo
        if into is not None:
            settings = modulation.modulator(into).settings
            take.end = start + float(settings["length"]) / float(settings["speed"])
        elif bars is not None:
            take.end = start + bars * bar
        return take

    def _beat(self) -> float:
        take = self._take
        return _beat_of(self._session.modulation.present(), free=take is not None and take.free)

    def _begin(self, take: _Take, scene: Scene) -> None:
        take.from_scene = scene
        take.points.append((0.0, 0.0, 0.0))
        self.changed.emit()

    def _on_changed(self, scene: Scene, before: Scene) -> None:
        take = self._take
        if take is None:
            return
        could, take.can_redo = take.can_redo, self._session.history.can_redo
        undone = take.can_redo and not could
        if undone or _is_another(scene, before) or not self._still_there(take, scene):
            self._forget()
            return
        beat = self._beat() - take.start
        if take.from_scene is None and beat < 0:
            return
        if take.from_scene is None:
            self._begin(take, before)
        places = [t.parameter.position(t.read(scene)) for t in take.targets]
        assert take.from_scene is not None
        first = [t.parameter.position(t.read(take.from_scene)) for t in take.targets]
        if places != [t.parameter.position(t.read(before)) for t in take.targets]:
            gone = [place - begun for place, begun in zip(places, first, strict=True)]
            rested, x, y = take.points[-1]
            if beat - rested > 2 * _REST_BEATS:  # it has not moved until now
                take.points.append((beat - _REST_BEATS, x, y))
            take.points.append((max(0.0, beat), gone[0], gone[1] if len(gone) > 1 else 0.0))

    def _still_there(self, take: _Take, scene: Scene) -> bool:
        keys = {deck.key for deck in scene.decks}
        return all(not target.deck or target.deck in keys for target in take.targets)

    def _forget(self) -> None:
        self._take = None
        self.changed.emit()

    def _finish(self, take: _Take) -> None:
        self._take = None
        assert take.from_scene is not None
        assert take.end is not None
        length = max(_LEAST_BEATS, take.end - take.start)
        last = take.points[-1]
        points = [p for p in take.points if p[0] < length]
        points.append((length, last[1], last[2]))
        begun = {target: target.read(take.from_scene) for target in take.targets}
        try:
            scene, id = self._kept(with_values(self._session.scene, begun), take, points, length)
        except (ModulationError, KeyError) as error:
            self._session.noticed.emit(str(error))
        else:
            self._session.history.fold(take.before)
            self._session.show(scene)
            self.made.emit(id)
        self.changed.emit()

    def _kept(
        self, scene: Scene, take: _Take, points: list[GesturePoint], length: float
    ) -> tuple[Scene, int]:
        if take.into is not None:
            return _laid_over(scene, take.into, points, take.start), take.into
        made = Modulator(
            id=1,
            kind="gesture",
            settings={
                "sync": "free" if take.free else "beat",
                "length": length,
                "start": take.start,
            },
            points=thinned(points),
        )
        scene, id = editing.added(scene, complete(made))
        for axis, address in zip(_AXES, take.addresses, strict=False):
            scene, _ = editing.connected(scene, id, address, depth=1.0, axis=axis)
        return scene, id


def _is_another(scene: Scene, before: Scene) -> bool:
    """Whether `scene` was opened: it shares nothing with the one before."""
    shared = any(deck is old for deck in scene.decks for old in before.decks)
    return scene.score is not before.score and not shared


def _beat_of(now: Now, *, free: bool) -> float:
    return now.seconds * now.inputs.bpm / 60 if free else now.beat


def _laid_over(scene: Scene, into: int, points: list[GesturePoint], start: float) -> Scene:
    """`scene` with what was recorded from the beat `start` on on top of a gesture."""
    below = editing.modulator(scene, into)
    length, speed = float(below.settings["length"]), float(below.settings["speed"])
    begun = (start - float(below.settings["start"])) * speed

    def place(t: float) -> float:
        at = (begun + t * speed) % length
        return length - at if below.settings["reverse"] else at

    above = sorted((place(t), x, y) for t, x, y in points)
    edges = [(0.0, *above[0][1:]), *above, (length, *above[-1][1:])]
    return editing.changed(scene, into, points=added(below.points, thinned(edges)))
