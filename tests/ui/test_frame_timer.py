"""What moves is stepped with every picture, and at once when it begins."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tests.fakes import FakeClock
from ui.frame_timer import FRAME_MS, FrameTimer


@pytest.mark.parametrize(("rested_s", "waits_ms"), [(1.0, 0), (0.004, FRAME_MS - 4)])
def test_what_begins_is_stepped_at_once_but_never_sooner_than_with_the_next_picture(
    qtbot: QtBot, rested_s: float, waits_ms: int
) -> None:
    parent, clock, moving, steps = QObject(), FakeClock(), [False], list[float]()
    frames = FrameTimer(parent, clock)
    frames.add(lambda: moving[0], steps.append)
    frames.step()
    clock.advance(rested_s)
    moving[0] = True
    frames.look()
    assert frames._timer.interval() == waits_ms
    qtbot.waitUntil(lambda: bool(steps))
    assert frames._timer.interval() == FRAME_MS
    moving[0] = False
    frames.step()
    assert frames.at_rest
