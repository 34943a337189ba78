"""Small promises of the window: what full screen tells, what the menus mark, what undo undoes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget

from tests.fakes import FakeClock
from tests.ui.hands import CONTROL, double_click
from tests.ui.stage import Stage, forget_the_dead
from ui.tabs.tabs import TABS
from ui.theme import BACKGROUND, colour

# -- full screen -----------------------------------------------------------------------------------


def test_in_full_screen_sentences_wait_in_the_status_bar(stage: Stage) -> None:
    stage.key(Qt.Key.Key_F)
    stage.until(stage.window.stage_pad.isVisible)
    shown = [w for w in stage.window.findChildren(QWidget) if w.isVisible()]
    stage.session.noticed.emit("All slots are full.")
    assert [w for w in stage.window.findChildren(QWidget) if w.isVisible()] == shown
    stage.key(Qt.Key.Key_Escape)
    assert "All slots are full." in stage.notices


def test_in_full_screen_the_pad_and_the_pointer_go_with_a_hand_that_rests(stage: Stage) -> None:
    clock, pointer = FakeClock(), [QPoint(1, 1)]
    hands = stage.window.stage.hands
    hands.clock, hands.pointer = clock, lambda: pointer[0]
    stage.key(Qt.Key.Key_F)
    stage.until(stage.window.stage_pad.isVisible)
    pad = stage.window.stage_pad
    seen = stage.window.stage.grab(pad.geometry()).toImage()
    clock.advance(2.1)
    hands.look()
    assert QApplication.overrideCursor().shape() == Qt.CursorShape.BlankCursor
    bare = stage.window.canvas.grab(pad.geometry()).toImage()
    assert seen != bare.convertToFormat(seen.format())
    unseen = stage.window.stage.grab(pad.geometry()).toImage()
    assert unseen.convertToFormat(bare.format()) == bare
    stage.key(Qt.Key.Key_Right)
    assert stage.front.pad[0] > 0, "keys still play"
    pointer[0] = QPoint(2, 1)
    hands.look()
    assert QApplication.overrideCursor() is None
    clock.advance(5)
    hands.look()
    stage.key(Qt.Key.Key_Escape)
    assert QApplication.overrideCursor() is None, "and leaving gives it back"


@pytest.mark.parametrize("how", ["fill", "tile"])
def test_the_picture_fills_or_tiles_the_full_screen(stage: Stage, how: str) -> None:
    canvas = stage.window.canvas
    for _ in range({"fill": 1, "tile": 2}[how]):
        stage.window.all_actions["view.full_screen_picture"].do()
    stage.key(Qt.Key.Key_F)
    stage.until(lambda: canvas.size() == stage.window.centralWidget().size())
    edges = [canvas.rect().topLeft() + QPoint(2, 2), canvas.rect().bottomRight() - QPoint(2, 2)]
    image = canvas.grab().toImage()
    assert all(image.pixelColor(at) != colour(BACKGROUND) for at in edges)
    assert canvas.frame().contains(QRectF(canvas.rect())) is (how == "fill")
    stage.key(Qt.Key.Key_Escape)
    assert not canvas.frame().contains(QRectF(canvas.rect())), "beside the panels all of it is seen"


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


@pytest.mark.parametrize("size", [(1120, 660), (1280, 800), (1440, 900), (1920, 1080)])
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
