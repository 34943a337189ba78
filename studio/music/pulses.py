"""Where the weight of a bar falls: its groups, and how strong each moment is."""

from __future__ import annotations

from functools import lru_cache

from studio.music.metres import Metre

_EDGE = 1e-6


@lru_cache(64)
def groups(metre: Metre) -> tuple[float, ...]:
    """The lengths, in quarter notes, of the groups that a foot taps: (1.5, 1.5) in 6/8.

    In 4/4 they are four quarter notes, in 2/4 four eighths (its tunes are written at half length),
    in 3/8 one group; an odd metre is twos with a three at the end (7/8: 2 + 2 + 3).
    """
    if compound(metre):
        return (3 * metre.pulse_beats,) * (metre.beats // 3)
    if (metre.beats, metre.unit) == (2, 4):
        return (0.5,) * 4
    if metre.unit <= 4:
        return (metre.pulse_beats,) * metre.beats
    twos, odd = divmod(metre.beats, 2)
    lengths = [2.0] * (twos - 1) + [2.0 + odd] if twos else [1.0]
    return tuple(length * metre.pulse_beats for length in lengths)


def compound(metre: Metre) -> bool:
    """Whether its beats fall into threes: 6/8, 9/8, 12/8, 3/8."""
    return metre.unit >= 8 and metre.beats % 3 == 0


@lru_cache(64)
def starts(metre: Metre) -> tuple[float, ...]:
    """The beginnings of `groups`, in quarter notes from the bar line."""
    found, at = [], 0.0
    for length in groups(metre):
        found.append(at)
        at += length
    return tuple(found)


@lru_cache(64)
def halves(metre: Metre) -> tuple[float, ...]:
    """The lengths of the stretches that a chord is looked for in: half bars where there are such.

    4/4: two halves; 6/8: two dotted quarters; 9/8: three; 3/4: two beats and one; 5/4: 3 + 2.
    """
    lengths = groups(metre)
    if compound(metre) or len(lengths) == 1:
        return lengths
    if len(lengths) == 3:
        return (lengths[0] + lengths[1], lengths[2])
    middle = (len(lengths) + 1) // 2
    return (sum(lengths[:middle]), sum(lengths[middle:]))


def weight(at_beats: float, metre: Metre) -> float:
    """How strong the moment `at_beats` of a bar is: 1 on its first beat, down to 0.25."""
    if abs(at_beats) < _EDGE:
        return 1.0
    begins = starts(metre)
    half = halves(metre)[0]
    if abs(at_beats - half) < _EDGE and len(begins) != 3:
        return 0.75
    if any(abs(at_beats - begin) < _EDGE for begin in begins):
        return 0.6
    eighth = at_beats / metre.pulse_beats * 2
    return 0.4 if abs(eighth - round(eighth)) < _EDGE else 0.25
