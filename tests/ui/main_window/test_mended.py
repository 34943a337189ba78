"""Small promises of the window: what full screen tells, what the menus mark, what undo undoes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from tests.fakes import broken
from tests.ui.hands import CONTROL, double_click
from tests.ui.stage import Stage, forget_the_dead
from ui.tabs.tabs import TABS

# -- full screen -----------------------------------------------------------------------------------


def test_in_full_screen_a_sentence_lies_over_the_picture(stage: Stage) -> None:
    notice = stage.window.stage.notice
    stage.session.noticed.emit("Only for the status bar.")
    assert not notice.isVisible()
    stage.key(Qt.Key.Key_F)
    stage.until(stage.window.stage_pad.isVisible)
    stage.session.noticed.emit("All slots are full.")
    assert notice.isVisible()
    assert notice.text() == "All slots are full."
    assert not notice.geometry().intersects(stage.window.stage_pad.geometry())
    notice._quiet.setInterval(0)
    notice._quiet.start()
    stage.until(lambda: not notice.isVisible())


def test_in_full_screen_trouble_stays_until_it_is_over(open_stage: Callable[..., Stage]) -> None:
    failing: list[bool] = []
    stage = open_stage(broken("render", breaks=lambda engine: bool(failing)))
    stage.key(Qt.Key.Key_F)
    failing.append(True)
    stage.session.pads.move("deck1", (0.9, 0.9))
    stage.until(lambda: bool(stage.state.problem))
    notice = stage.window.stage.notice
    assert notice.text() == stage.state.problem
    notice._hush()
    assert notice.isVisible()
    failing.clear()
    stage.session.pads.move("deck1", (-0.5, 0.5))
    stage.until(lambda: not stage.state.problem)
    notice._hush()
    assert not notice.isVisible()
    stage.settle()


def test_leaving_full_screen_takes_it_away(stage: Stage) -> None:
    stage.key(Qt.Key.Key_F)
    stage.session.noticed.emit("All slots are full.")
    stage.key(Qt.Key.Key_Escape)
    assert not stage.window.stage.notice.isVisible()


# -- marks -----------------------------------------------------------------------------------------


def marked(stage: Stage) -> list[str]:
    """What the menu of devices marks as the present choice."""
    chooser = next(
        b
        for b in stage.window.status.findChildren(QPushButton)
        if b.accessibleName() == "Performance"
    )
    chooser.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    found = [action.text() for action in menu.actions() if action.isChecked()]
    menu.close()
    forget_the_dead()
    return found


def test_the_menu_of_devices_marks_the_present_choice(stage: Stage) -> None:
    assert marked(stage) == ["Choose by itself"]
    stage.window.status._use_device("cpu")
    stage.until(lambda: stage.state.device == "CPU fake")
    stage.settle()
    assert marked(stage) == ["CPU"]


# -- one step --------------------------------------------------------------------------------------


def test_centring_by_a_double_click_is_one_step(stage: Stage) -> None:
    before = stage.front.pad
    double_click(stage.window.pad, stage.window.pad.point_at((0.6, -0.4)))
    assert stage.front.pad == (0.0, 0.0)
    stage.session.undo()
    assert stage.front.pad == before
    assert not stage.session.history.can_undo


def test_a_double_click_on_the_puck_takes_no_earlier_step_back(stage: Stage) -> None:
    stage.drag_puck((0, 0), (0.5, 0.5))
    double_click(stage.window.pad, stage.window.pad.point_at((0.5, 0.5)))
    assert stage.front.pad == (0.0, 0.0)
    stage.session.undo()
    assert stage.front.pad == pytest.approx((0.5, 0.5))


# -- the tabs --------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", range(len(TABS)))
def test_ctrl_and_a_figure_turn_to_a_tab_and_the_pad_stays(place: int, stage: Stage) -> None:
    stage.key(str(place + 1), CONTROL)
    assert stage.window.tabs.place == place
    QApplication.processEvents()
    assert stage.window.pad.isVisible()
    assert stage.window.pad.height() >= 180
    assert stage.window.panel.isVisible() == (place == 0)


@pytest.mark.parametrize("size", [(1180, 720), (1280, 800), (1440, 900), (1920, 1080)])
@pytest.mark.parametrize("place", range(1, len(TABS)))
def test_no_page_is_cut_off(place: int, size: tuple[int, int], stage: Stage) -> None:
    window = stage.window
    window.resize(*size)
    window.tabs.turn_to(place)
    stage.until(lambda: (window.width(), window.height()) == size)
    QApplication.processEvents()
    page = window.tabs.page
    assert page is not None
    assert page.height() >= page.minimumSizeHint().height()
    assert page.width() >= page.minimumSizeHint().width()
    assert window.canvas.frame().height() >= 300
