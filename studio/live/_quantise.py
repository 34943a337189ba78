"""Changes that wait for the beat, the bar or the fourth bar."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from studio.document.score import QUANTUM
from studio.live.clock.transport import Transport
from studio.music.metres import Metre, next_multiple


def next_due(quantum: str, beat: float, metre: Metre) -> float:
    """The first beat at or after `beat` at which `quantum` lets a change through.

    Raises `ParameterError` for a word that is no quantum.
    """
    match QUANTUM.validate(quantum):
        case "beat":
            return next_multiple(beat, metre.pulse_beats)
        case "bar":
            return next_multiple(beat, metre.bar_beats)
        case "four bars":
            return next_multiple(beat, 4 * metre.bar_beats)
        case _:
            return beat


@dataclass(frozen=True)
class Waiting:
    """A change and the beat for which it waits."""

    due_beats: float
    quantum: str
    key: str
    change: Callable[[], None]


class Later:
    """Changes that wait for their beat. For one thread: whoever calls `turn` runs the changes.

    A stopped transport has no beat to wait for: what waits then comes at once, so that nothing is
    lost. After a jump (play, locate) what waits looks for its beat anew.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._waiting: list[Waiting] = []
        self._cut = transport.movement.cut

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """What still waits, soonest first; for the window to show."""
        return tuple(sorted(self._waiting, key=lambda w: w.due_beats))

    def due_beat(self, key: str) -> float | None:
        """The beat for which the change of this key waits; None where it does not."""
        return next((w.due_beats for w in self._waiting if w.key == key), None)

    def do(self, quantum: str, change: Callable[[], None], key: str = "") -> Waiting | None:
        """Run `change` at the next `quantum`; None when that is now and it is done.

        A `key` that waits already is replaced: the newest wish wins. Raises `ParameterError`.
        """
        self._see_jumps()
        self.cancel(key)
        place = self._transport.place
        if quantum == "now" or not self._transport.movement.playing:
            QUANTUM.validate(quantum)
            change()
            return None
        waiting = Waiting(next_due(quantum, place, self._transport.metre), quantum, key, change)
        self._waiting.append(waiting)
        return waiting

    def cancel(self, key: str) -> None:
        """Forget what waits under `key`; nothing where `key` is empty or nothing waits."""
        self._waiting = [w for w in self._waiting if not key or w.key != key]

    def turn(self) -> int:
        """Run what is due, soonest first, and say how many; call it some hundred times a second
        or with every picture."""
        self._see_jumps()
        playing = self._transport.movement.playing
        place = self._transport.place if playing else float("inf")
        ripe = [w for w in self.waiting if w.due_beats <= place]
        self._waiting = [w for w in self._waiting if w not in ripe]
        for waiting in ripe:
            waiting.change()
        return len(ripe)

    def _see_jumps(self) -> None:
        cut, self._cut = self._cut, self._transport.movement.cut
        if cut == self._cut:
            return
        place, metre = self._transport.place, self._transport.metre
        self._waiting = [
            Waiting(next_due(w.quantum, place, metre), w.quantum, w.key, w.change)
            for w in self._waiting
        ]
