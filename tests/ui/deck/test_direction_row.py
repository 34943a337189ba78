"""The sliders along a model's directions, their locks, and words that are typed live."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.document.parameters import Text
from tests.fakes import fake, filled_deck, scene_of
from tests.ui.stage import Stage
from ui.deck.direction_row import DirectionRow
from ui.widgets._text_row import TextRow

WORDS = Text(name="words", label="Words", default="Ada", max_length=6, alphabet="AadeRTfW ")


@pytest.fixture
def wide(open_stage: Callable[..., Stage]) -> Stage:
    """A deck whose model has the direction "lean"."""
    guest = fake()
    return open_stage(guest, scene=scene_of(filled_deck(guest, model="wide")))


@pytest.fixture
def typed(open_stage: Callable[..., Stage]) -> Stage:
    """A deck of an engine that draws words, with the field in focus."""
    stage = open_stage(fake(parameters=(WORDS,)))
    stage.focus(row_of(stage).edit)
    row_of(stage).edit.end(False)
    return stage


def lean(stage: Stage) -> DirectionRow:
    row = stage.window.panel.row("lean")
    assert isinstance(row, DirectionRow)
    return row


def row_of(stage: Stage) -> TextRow:
    row = stage.window.panel.row("words")
    assert isinstance(row, TextRow)
    return row


# -- directions ------------------------------------------------------------------------------------


def test_a_direction_is_a_slider_that_moves_the_point(wide: Stage) -> None:
    before = wide.session.point("deck1")
    wide.change(lambda: lean(wide).slider.wanted.emit(1.5))
    assert wide.session.point("deck1") - before == pytest.approx([1.5, 0, 0, 0, 0, 0])


def test_a_lock_keeps_the_feature_while_the_rest_moves(wide: Stage) -> None:
    row = lean(wide)
    assert row.lock.toolTip() == "Keep this feature while the rest moves"
    kept = wide.session.point("deck1")[0]
    row.lock.click()
    assert row.lock.isChecked()
    assert row.lock.accessibleDescription() == "locked"
    wide.change(lambda: wide.session.pads.move("deck1", (-0.8, -0.4)))
    assert wide.session.point("deck1")[0] == pytest.approx(kept)
    row.lock.click()
    assert wide.front.fixed == {}
    assert wide.session.point("deck1")[0] != pytest.approx(kept)


def test_a_lock_is_a_step_to_undo_and_is_shown_by_whatever_sets_it(wide: Stage) -> None:
    wide.session.pads.lock_direction("deck1", "lean", True)
    assert lean(wide).lock.isChecked()
    wide.session.undo()
    assert not lean(wide).lock.isChecked()


def test_other_rows_have_no_lock(wide: Stage) -> None:
    assert not isinstance(wide.window.panel.row("contrast"), DirectionRow)


def test_sliders_and_values_stand_in_line(wide: Stage) -> None:
    rows = [lean(wide), wide.window.panel.row("contrast")]
    assert len({row.slider.x() for row in rows}) == 1
    assert len({row.slider.width() for row in rows}) == 1


# -- words -----------------------------------------------------------------------------------------


def test_every_key_sets(typed: Stage) -> None:
    QTest.keyClicks(row_of(typed).edit, "de")
    assert typed.parameter("words") == "Adade"
    QTest.keyClick(row_of(typed).edit, Qt.Key.Key_Backspace)
    assert typed.parameter("words") == "Adad"


@pytest.mark.parametrize(
    ("key", "sentence"),
    [("ß", "Words cannot show 'ß'."), ("3", "Words cannot show '3'.")],
)
def test_what_cannot_be_shown_is_told_and_nothing_is_lost(
    key: str, sentence: str, typed: Stage
) -> None:
    edit = row_of(typed).edit
    edit.setCursorPosition(1)
    before = typed.scene
    edit.insert(key)
    edit.textEdited.emit(edit.text())
    assert typed.notices == [sentence]
    assert typed.scene is before
    assert (edit.text(), edit.cursorPosition()) == ("Ada", 1)


def test_more_than_fits_is_told_too(typed: Stage) -> None:
    QTest.keyClicks(row_of(typed).edit, "dada")
    assert typed.parameter("words") == "Adadad"
    assert typed.notices == ["Words wants at most 6 characters, not 'Adadada'."]


def test_letters_are_letters_and_not_the_windows_keys(typed: Stage) -> None:
    before = typed.front.slots
    QTest.keyClicks(row_of(typed).edit, "RTf")
    assert typed.parameter("words") == "AdaRTf"
    assert not typed.scene.tied
    assert not typed.window.full_screen.is_on
    assert typed.front.slots == before


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_enter_and_escape_leave_the_field(key: Qt.Key, typed: Stage) -> None:
    QTest.keyClicks(row_of(typed).edit, "e")
    QTest.keyClick(row_of(typed).edit, key)
    assert not row_of(typed).edit.hasFocus()
    assert typed.parameter("words") == "Adae"
    typed.key(Qt.Key.Key_T)
    assert typed.scene.tied, "the keys are the window's again"


def test_undo_shows_the_words_of_before(typed: Stage) -> None:
    QTest.keyClicks(row_of(typed).edit, "e")
    typed.session.undo()
    assert row_of(typed).edit.text() == "Ada"
    assert QApplication.focusWidget() is row_of(typed).edit
