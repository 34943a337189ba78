"""Opens windows for tests, and sees that they are gone without a trace at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.fakes import Guest, fake
from tests.ui.stage import Stage, forget_the_dead
from ui import theme


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    theme.apply(qapp)
    return qapp


@pytest.fixture(autouse=True)
def no_widget_left_behind(qapp: QApplication) -> Iterator[None]:
    """Fails a test that leaves a window, a menu or a stray widget."""
    yield
    forget_the_dead()
    left = [type(widget).__name__ for widget in QApplication.topLevelWidgets()]
    assert not left, f"widgets left behind: {left}"


@pytest.fixture
def open_stage(
    qtbot: QtBot, no_widget_left_behind: None, no_thread_left_behind: None
) -> Iterator[Callable[..., Stage]]:
    """`open_stage(guest, ...)` opens a window that is at rest, or not with `start=False`."""
    stages: list[Stage] = []

    def open_stage(*guests: Guest, start: bool = True, **given: Any) -> Stage:
        stages.append(Stage(qtbot, guests, **given))
        return stages[-1].start() if start else stages[-1]

    yield open_stage
    for stage in stages:
        stage.close()


@pytest.fixture
def stage(open_stage: Callable[..., Stage]) -> Stage:
    """One deck of a `FakeEngine` with slots A, B and C."""
    return open_stage(fake())


@pytest.fixture
def clipboard(qapp: QApplication) -> Iterator[Callable[[QMimeData], None]]:
    """`clipboard(carried)` puts something there; what is left there at the end of the process
    crashes PySide."""
    yield lambda carried: QApplication.clipboard().setMimeData(carried)
    QApplication.clipboard().clear()
