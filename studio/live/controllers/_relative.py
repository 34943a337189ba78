"""Endless encoders: how their values say "two clicks back", in the three common codings.

A device does not tell which coding it speaks; `guess` reads it from what an encoder sends.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, get_args

Coding = Literal["two's complement", "binary offset", "sign bit"]
CODINGS: tuple[Coding, ...] = get_args(Coding)

_PLAUSIBLE = 24
"""Clicks between two messages: more than that is no hand, but another coding."""


def steps(coding: Coding, value: int) -> int:
    """The clicks that `value`, 0 to 127, means: positive to the right.

    Two's complement: 1 is right, 127 left. Binary offset: 65 right, 63 left. Sign bit: 1 right,
    65 left. (Where right is left, the binding inverts.)
    """
    if coding == "binary offset":
        return value - 64
    if coding == "two's complement":
        return value if value < 64 else value - 128
    return value if value < 64 else 64 - value


def plausible(coding: Coding, value: int) -> bool:
    """Whether a hand can have done so many clicks at once; none at all is no turn."""
    return 0 < abs(steps(coding, value)) <= _PLAUSIBLE


def guess(values: Sequence[int]) -> Coding | None:
    """The coding in which `values`, 0 to 127 as they came, are small turns; None for no encoder.

    An encoder repeats itself; a knob does not, since it sends a value only when that changes.
    Turned to the right only, two's complement and sign bit look alike, and the first is commoner.
    """
    return _likeliest(values) if _repeats(values) else None


def reconsidered(coding: Coding, doubtful: Sequence[int]) -> Coding | None:
    """The coding of an encoder that seemed to have `coding` until it sent implausible values.

    Learning sees turns to one side only, perhaps; these are the ones to the other side.
    """
    return _likeliest([65 if coding == "binary offset" else 1, *doubtful])


def _likeliest(values: Sequence[int]) -> Coding | None:
    fitting: list[Coding] = [c for c in CODINGS if all(plausible(c, v) for v in values)]
    return min(fitting, key=lambda coding: _effort(coding, values), default=None)


def _effort(coding: Coding, values: Sequence[int]) -> int:
    return sum(abs(steps(coding, value)) for value in values)


def _repeats(values: Sequence[int]) -> bool:
    return sum(a == b for a, b in pairwise(values)) >= 2
