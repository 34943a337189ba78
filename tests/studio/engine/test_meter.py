"""The figures of the status bar."""

from __future__ import annotations

import pytest

from studio.engine.meter import Meter
from tests.fakes import FakeClock


def test_nothing_shown_is_nothing_measured() -> None:
    meter = Meter(FakeClock())
    assert meter.pictures_per_s == 0
    assert meter.hand_to_picture_ms() == 0


def test_pictures_of_the_last_second_are_counted() -> None:
    clock = FakeClock()
    meter = Meter(clock)
    for _ in range(30):
        clock.advance(0.05)
        meter.shown(clock.now)
    assert meter.pictures_per_s == pytest.approx(20, abs=1)
    clock.advance(0.5)
    assert meter.pictures_per_s == pytest.approx(10, abs=1)
    clock.advance(2)
    assert meter.pictures_per_s == 0


def test_the_way_from_hand_to_picture_is_a_median() -> None:
    clock = FakeClock()
    meter = Meter(clock)
    for late_ms in range(1, 101):
        meter.shown(clock.now - late_ms / 1000)
    assert meter.hand_to_picture_ms() == pytest.approx(50.5)


def test_the_meter_forgets_what_is_long_ago() -> None:
    clock = FakeClock()
    meter = Meter(clock)
    for _ in range(500):
        meter.shown(clock.now - 9)
    for _ in range(500):
        meter.shown(clock.now - 0.001)
    assert meter.hand_to_picture_ms() == pytest.approx(1)


def test_cleared_is_as_new() -> None:
    meter = Meter(FakeClock())
    meter.shown(0)
    meter.clear()
    assert meter.pictures_per_s == 0
    assert meter.hand_to_picture_ms() == 0
