"""Jumps to slots that come on the beat."""

from __future__ import annotations

from collections.abc import Callable

from studio.live._quantise import Later
from studio.live.clock.transport import Transport


class Jumps:
    """Lets jumps wait for the scene's quantum, and knows where each deck is to jump."""

    def __init__(self, later: Later, transport: Transport, quantum: Callable[[], str]) -> None:
        self._later = later
        self._transport = transport
        self._quantum = quantum
        self._wanted: dict[str, int] = {}

    def to(self, deck: str, slot: int, jump: Callable[[], object]) -> None:
        """Do `jump` to a slot of `deck` when the quantum lets it through; the newest wins."""
        key = _key(deck)

        def arrive() -> None:
            self._wanted.pop(key, None)
            jump()

        self._wanted[key] = slot
        self._later.do(self._quantum(), arrive, key)

    def cancel(self, deck: str) -> None:
        """The hand has gone elsewhere."""
        self._wanted.pop(_key(deck), None)
        self._later.cancel(_key(deck))

    def waiting(self, deck: str) -> tuple[int, int] | None:
        """The slot that is to be jumped to, and the beats of the metre until then."""
        key = _key(deck)
        due = self._later.due_beat(key)
        if due is None or key not in self._wanted:
            return None
        transport = self._transport
        pulses = (due - transport.place) / transport.metre.pulse_beats
        return self._wanted[key], max(0, int(pulses + 0.999))


def _key(deck: str) -> str:
    return f"{deck}.jump"
