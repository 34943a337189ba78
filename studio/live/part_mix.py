"""Where the parts of a band are heard in the instrument's own sound: their pan, and how much of
them the room has, as MIDI's controllers 10 and 91."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from time import perf_counter
from typing import Protocol

from studio.document.parameters import Value
from studio.document.routes import SOUND, Route
from studio.document.score import PANS, PARTS, REVERBS
from studio.live.note_messages import control_change
from studio.processes.messages import Due

PAN, ROOM = 10, 91
Mix = Mapping[tuple[int, int], int]
"""What each controller is on each channel (from 0): 0 to 127."""


class _Sound(Protocol):
    def send(self, messages: list[Due]) -> None: ...


def mix_of(routes: Iterable[Route], score: Mapping[str, Value]) -> Mix:
    """Where the parts are that sound here."""
    found: dict[tuple[int, int], int] = {}
    for route in routes:
        part = route.track.rpartition(" ")[2]
        if route.port == SOUND and part in PARTS:
            pan, room = (float(score.get(p.name, p.default)) for p in (PANS[part], REVERBS[part]))
            found[route.channel - 1, PAN] = min(127, round(64 + 64 * pan))
            found[route.channel - 1, ROOM] = round(127 * room)
    return found


class PartMix:
    """Tells a sound what is new."""

    def __init__(self, sound: _Sound, clock: Callable[[], float] = perf_counter) -> None:
        self._sound, self._clock = sound, clock
        self._told: dict[tuple[int, int], int] = {}
        self._seen: tuple[object, object] = (None, None)

    def follow(self, routes: tuple[Route, ...], score: Mapping[str, Value]) -> None:
        """These are the routes and what the score is, as it is played. At every move of a hand, so
        the same again costs nothing."""
        if self._seen[0] is routes and self._seen[1] == score:
            return
        self._seen = routes, score
        new = {at: to for at, to in mix_of(routes, score).items() if self._known(at) != to}
        if new:
            self._told |= new
            now_s = self._clock()
            self._sound.send([Due(now_s, SOUND, control_change(*at, to)) for at, to in new.items()])

    def _known(self, at: tuple[int, int]) -> int:
        """What it is; before anything was said, in the middle and wholly in the room."""
        return self._told.get(at, 64 if at[1] == PAN else 127)
