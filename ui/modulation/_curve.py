"""What a scope shows: a modulator over the last bar and the next one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from studio.document.modulation import Modulator
from studio.document.parameters import Value
from studio.modulation.kinds import KINDS
from studio.modulation.values import value
from studio.session.shown import Now

_PER_BAR = 32
"""Places at which a bar is asked for: a kick's envelope falls within two of them."""
_HEARD = ("sound", "macro", "follow")
"""Kinds that nobody can know ahead: what they were is remembered, and nothing is said of what they
will be. So it is with what `_BY_HAND` begins."""
_BY_HAND = ("midi", "onset")

Point = tuple[float, float]
"""Bars from now, -1 to 1, and the modulator's value, 0 to 1."""


@dataclass(frozen=True)
class Seen:
    """A modulator around now."""

    past: tuple[Point, ...] = ()
    future: tuple[Point, ...] = ()
    value: float = 0.5
    bar_lines: tuple[float, ...] = ()
    """Bars from now, where it runs with the beat."""


class Curve:
    """Remembers what it has asked for: with each picture only what has come in is reckoned."""

    def __init__(self) -> None:
        self._known: dict[int, float] = {}
        self._of: tuple[object, ...] = ()

    def around(self, modulator: Modulator, settings: Mapping[str, Value], now: Now) -> Seen:
        """The modulator with these settings, as they are played, around `now`."""
        inputs, free = now.inputs, KINDS[modulator.kind].free(modulator.settings)
        bar = inputs.bar_beats * (60 / inputs.bpm if free else 1)
        here = now.seconds if free else now.beat
        if (of := (modulator, inputs.tune, inputs.bpm, bar)) != self._of:
            self._of, self._known = of, {}
        step, known = bar / _PER_BAR, self._known
        first, last = math.ceil((here - bar) / step), math.floor((here + bar) / step)

        def at(place: float) -> float:
            way = place - here
            beats, seconds = (way * inputs.bpm / 60, way) if free else (way, way * 60 / inputs.bpm)
            then = now.beat + beats, now.seconds + seconds
            return value(modulator, *then, inputs, settings=settings)

        present = at(here)
        if _is_heard(modulator):
            known[round(here / step)] = present
            last = round(here / step)
        else:
            for k in range(first, last + 1):
                if k not in known:
                    known[k] = at(k * step)
        for gone in [k for k in known if not first <= k <= last]:
            del known[gone]
        points = [((k * step - here) / bar, known[k]) for k in sorted(known)]
        middle = (0.0, present)
        return Seen(
            (*(p for p in points if p[0] < 0), middle),
            (middle, *(p for p in points if p[0] > 0)),
            present,
            () if free else _bar_lines(now.beat / bar),
        )


def _is_heard(modulator: Modulator) -> bool:
    return modulator.kind in _HEARD or modulator.settings.get("trigger") in _BY_HAND


def _bar_lines(bars: float) -> tuple[float, ...]:
    return tuple(k - bars for k in range(math.ceil(bars - 1), math.floor(bars + 1) + 1))
