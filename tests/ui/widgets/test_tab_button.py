"""Tabs open by themselves when something is dragged on to them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtWidgets import QApplication

from tests.fakes import fake
from tests.ui.stage import Stage
from ui.widgets.tab_button import TabButton


def drag_on_to(tab: TabButton, carried: QMimeData) -> None:
    event = QDragEnterEvent(
        QPoint(4, 4), Qt.DropAction.CopyAction, carried, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(tab, event)
    assert event.isAccepted()


def test_every_tab_of_the_window_opens_under_what_is_dragged(
    open_stage: Callable[..., Stage],
) -> None:
    window = open_stage(fake()).window
    window.toggle_library()
    tabs = [tab for tab in window.findChildren(TabButton) if not tab.isHidden()]
    assert {"Presets", "Set list", "History", "Controls", "Walk"} <= {tab.text() for tab in tabs}
    carried = QMimeData()
    for tab in tabs:
        drag_on_to(tab, carried)
        assert tab._rest.isActive() != tab.isChecked()
        tab._rest.timeout.emit()  # the time is not waited for
        tab._rest.stop()
        assert tab.isChecked()


def test_passing_over_a_tab_opens_nothing(stage: Stage) -> None:
    tab = next(tab for tab in stage.window.findChildren(TabButton) if not tab.isChecked())
    drag_on_to(tab, QMimeData())
    QApplication.sendEvent(tab, QDragLeaveEvent())
    assert not tab._rest.isActive()
    assert not tab.isChecked()
