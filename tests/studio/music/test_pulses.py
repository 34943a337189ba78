"""The weight of a bar falls where feet tap."""

from __future__ import annotations

import pytest

from studio.music import pulses
from studio.music.metres import Metre


@pytest.mark.parametrize(
    ("metre", "groups", "halves"),
    [
        (Metre(4, 4), (1, 1, 1, 1), (2, 2)),
        (Metre(2, 2), (2, 2), (2, 2)),
        (Metre(2, 4), (0.5, 0.5, 0.5, 0.5), (1, 1)),
        (Metre(3, 4), (1, 1, 1), (2, 1)),
        (Metre(6, 8), (1.5, 1.5), (1.5, 1.5)),
        (Metre(9, 8), (1.5, 1.5, 1.5), (1.5, 1.5, 1.5)),
        (Metre(5, 4), (1, 1, 1, 1, 1), (3, 2)),
        (Metre(7, 8), (1, 1, 1.5), (2, 1.5)),
        (Metre(1, 4), (1,), (1,)),
    ],
)
def test_groups(metre: Metre, groups: tuple[float, ...], halves: tuple[float, ...]) -> None:
    assert pulses.groups(metre) == groups
    assert pulses.halves(metre) == halves


@pytest.mark.parametrize("unit", [2, 4, 8, 16])
@pytest.mark.parametrize("beats", range(1, 17))
def test_groups_and_halves_fill_every_bar(beats: int, unit: int) -> None:
    metre = Metre(beats, unit)
    assert sum(pulses.groups(metre)) == pytest.approx(metre.bar_beats)
    assert sum(pulses.halves(metre)) == pytest.approx(metre.bar_beats)


def test_the_first_beat_is_the_strongest() -> None:
    weights = [pulses.weight(at, Metre()) for at in (0, 2, 1, 0.5, 0.25)]
    assert weights == sorted(weights, reverse=True)
    assert pulses.weight(1.5, Metre(6, 8)) > pulses.weight(1.0, Metre(6, 8))
