"""The artist's own pictures: opened, pasted, dropped, and brought nearer step by step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from studio.engine import Pixels
from tests.fakes import REFINE_STEPS, fake, refining
from tests.ui.deck.test_slots import A, D, choose, close_menu, is_filled, menu_of, slot
from tests.ui.hands import CONTROL, LEFT
from tests.ui.stage import Stage, forget_the_dead
from ui.deck._drawing_dialog import DrawingDialog
from ui.file_dialogs import LastFolders
from ui.widgets.drag_data import pixels_of


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = tmp_path / "mine.png"
    Image.new("RGB", (32, 24), "teal").save(file)
    return file


def files(*paths: Path) -> QMimeData:
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return carried


def pixels() -> QMimeData:
    image = QImage(16, 16, QImage.Format.Format_RGB32)
    image.fill(QColor("tomato"))
    carried = QMimeData()
    carried.setImageData(image)
    return carried


# -- opening ---------------------------------------------------------------------------------------


def test_the_menu_opens_a_picture_and_remembers_the_folder(stage: Stage, picture: Path) -> None:
    choose(stage, D, "Open picture…")
    (dialog,) = stage.window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(picture))
    stage.until(lambda: is_filled(stage, D))
    assert stage.front.slots[D].origin == "encoded"
    assert LastFolders().last("open") == picture.parent
    dialog.close()
    forget_the_dead()
    assert not stage.window.findChildren(QFileDialog)


def test_nothing_stops_while_the_dialog_is_open(stage: Stage) -> None:
    choose(stage, D, "Open picture…")
    stage.change(lambda: stage.session.pads.move("deck1", (0.5, 0.5)))
    (dialog,) = stage.window.findChildren(QFileDialog)
    dialog.reject()
    forget_the_dead()
    assert not is_filled(stage, D)


def test_a_folder_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    LastFolders().remember("open", tmp_path / "gone")
    assert LastFolders().last("open") == Path.home()


def test_a_damaged_memory_is_no_harm(home: Path) -> None:
    folders = LastFolders()
    folders.remember("open", home)
    folders._file.write_text("{")
    assert LastFolders().last("open") == Path.home()


# -- drawing ---------------------------------------------------------------------------------------


def test_what_is_drawn_goes_into_the_slot_with_every_stroke(stage: Stage) -> None:
    choose(stage, D, "Draw a picture…")
    (dialog,) = stage.window.findChildren(DrawingDialog)
    seen: list[Pixels] = []
    dialog.drawn.connect(seen.append)
    for height in (0.3, 0.7):
        place = [QPoint(int(x * dialog.sheet.width()), int(height * 200)) for x in (0.2, 0.8)]
        QTest.mousePress(dialog.sheet, LEFT, pos=place[0])
        QTest.mouseMove(dialog.sheet, place[1])
        QTest.mouseRelease(dialog.sheet, LEFT, pos=place[1])
    stage.until(lambda: is_filled(stage, D))
    assert stage.front.slots[D].origin == "encoded"
    white, ink = np.asarray([(p == 255).mean() for p in seen]), [(p == 0).any() for p in seen]
    assert all(ink)
    assert 0.5 < white[1] < white[0]
    dialog.sheet.take_back()
    assert np.array_equal(seen[2], seen[0])
    dialog.sheet.clear()
    assert len(seen) == 3, "white paper is no picture"
    dialog.close()
    forget_the_dead()
    assert not stage.window.findChildren(DrawingDialog)


# -- pasting ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["file", "pixels"])
def test_ctrl_v_pastes_into_the_first_empty_slot(
    kind: str, stage: Stage, picture: Path, clipboard: Callable[[QMimeData], None]
) -> None:
    clipboard(files(picture) if kind == "file" else pixels())
    stage.key(Qt.Key.Key_V, CONTROL)
    stage.until(lambda: is_filled(stage, D))
    assert stage.front.slots[D].origin == "encoded"


def test_ctrl_v_pastes_into_the_slot_that_has_the_focus(
    stage: Stage, clipboard: Callable[[QMimeData], None]
) -> None:
    clipboard(pixels())
    stage.focus(slot(stage, A))
    stage.change(lambda: stage.key(Qt.Key.Key_V, CONTROL))
    assert stage.front.slots[A].origin == "encoded"
    assert not is_filled(stage, D)


def test_a_clipboard_without_a_picture_is_a_sentence(
    stage: Stage, clipboard: Callable[[QMimeData], None]
) -> None:
    carried = QMimeData()
    carried.setText("a poem")
    clipboard(carried)
    stage.key(Qt.Key.Key_V, CONTROL)
    assert stage.notices == ["There is no picture on the clipboard."]


def test_a_full_shelf_asks_for_a_slot(stage: Stage, clipboard: Callable[[QMimeData], None]) -> None:
    clipboard(pixels())
    stage.change(lambda: stage.session.slots.randomise("deck1"))
    before = stage.front.slots
    stage.key(Qt.Key.Key_V, CONTROL)
    assert stage.notices == ["All slots are full; paste into one by its menu."]
    assert stage.front.slots == before


def test_pasted_pixels_lie_on_white() -> None:
    image = QImage(9, 7, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, 0))
    image.setPixelColor(2, 1, QColor(10, 20, 30, 255))
    found = pixels_of(image)
    assert found.shape == (7, 9, 3)
    assert found.dtype == np.uint8
    assert found[0, 0].tolist() == [255, 255, 255]
    assert found[1, 2].tolist() == [10, 20, 30]


def test_a_huge_pasted_picture_is_reduced() -> None:
    image = QImage(5000, 100, QImage.Format.Format_RGB32)
    image.fill(0)
    assert max(pixels_of(image).shape) == 2048


# -- coming nearer ---------------------------------------------------------------------------------


def test_a_slot_shows_how_near_it_has_come_and_can_be_stopped(
    open_stage: Callable[..., Stage], picture: Path
) -> None:
    stage = open_stage(guest := refining())
    guest.gate.shut()
    stage.session.slots.encode("deck1", D, picture)
    stage.until(lambda: stage.session.slots.refinement("deck1", D) is not None)
    view = slot(stage, D)
    assert "getting closer" in view.accessibleDescription()
    guest.gate.let_through(1)
    stage.until(lambda: stage.session.slots.refinement("deck1", D) == 1 / REFINE_STEPS)
    early = view.grab().toImage()
    guest.gate.let_through(1)
    stage.until(lambda: stage.session.slots.refinement("deck1", D) == 2 / REFINE_STEPS)
    assert view.grab().toImage() != early
    choose(stage, D, "Stop refining")
    assert stage.session.slots.refinement("deck1", D) is None
    assert "getting closer" not in view.accessibleDescription()
    assert "Stop refining" not in menu_of(stage, D)
    close_menu()


def test_a_picture_can_be_made_ones_own_and_given_back(
    open_stage: Callable[..., Stage], picture: Path
) -> None:
    stage = open_stage(guest := refining())
    guest.gate.open()
    assert "Make it mine" not in menu_of(stage, A)
    close_menu()
    stage.window.slots.take_in(picture, D)
    stage.until(lambda: stage.window.comparison.make_own.isVisible())
    stage.settle()
    view, compared = slot(stage, D), stage.window.comparison
    before = view.grab().toImage()
    guest.gate.shut()
    choose(stage, D, "Make it mine")
    stage.until(lambda: stage.session.slots.is_learning("deck1", D))
    assert "The model learns it" in compared.words.text()
    assert not compared.make_own.isEnabled()
    choose(stage, D, "Stop learning")
    assert not stage.session.slots.is_learning("deck1", D)
    guest.gate.open()
    stage.until(compared.make_own.isEnabled)
    compared.make_own.click()
    stage.until(lambda: "your own picture" in view.accessibleDescription())
    stage.settle()
    assert view.grab().toImage() != before
    assert not compared.make_own.isEnabled()
    assert not compared.improve.isEnabled()
    choose(stage, D, "Back to the model's own")
    assert "your own picture" not in view.accessibleDescription()
    assert compared.make_own.isEnabled()


def test_another_deck_does_not_show_it(open_stage: Callable[..., Stage], picture: Path) -> None:
    stage = open_stage(guest := refining(), fake())
    guest.gate.shut()
    stage.session.slots.encode("deck1", D, picture)
    stage.until(lambda: stage.session.slots.refinement("deck1", D) is not None)
    stage.session.decks.bring_to_front("deck2")
    assert "getting closer" not in slot(stage, D).accessibleDescription()
    stage.session.decks.bring_to_front("deck1")
    assert "getting closer" in slot(stage, D).accessibleDescription()
