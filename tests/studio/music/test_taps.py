"""Tapping: the median of the last taps; a pause of two seconds begins anew."""

from __future__ import annotations

import pytest

from studio.music.taps import Taps


def taps(*moments: float) -> list[float | None]:
    row = Taps()
    return [row.tap(t) for t in moments]


def test_one_tap_is_no_tempo_two_are() -> None:
    assert taps(0, 0.5) == [None, 120]


def test_one_slip_of_the_foot_does_not_count() -> None:
    assert taps(0, 0.5, 1.0, 1.8, 2.3, 2.8)[-1] == pytest.approx(120)


def test_the_last_taps_count_not_the_first() -> None:
    slow = [n * 1.0 for n in range(8)]
    fast = [slow[-1] + n * 0.5 for n in range(1, 6)]
    assert taps(*slow, *fast)[-1] == pytest.approx(120)


def test_after_two_seconds_taps_are_forgotten() -> None:
    assert taps(0, 0.5, 2.5, 3.5) == [None, 120, None, 60]


def test_a_bouncing_switch_is_one_tap() -> None:
    assert taps(0, 0.01, 0.5, 0.52, 1.0) == [None, None, 120, None, 120]


def test_the_tempo_stays_in_its_range() -> None:
    assert taps(0, 0.12, 0.24)[-1] == 300
    assert taps(0, 1.99)[-1] == pytest.approx(30.15, abs=0.01)
