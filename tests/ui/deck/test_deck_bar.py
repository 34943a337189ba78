"""The decks: a button each, one in front, the others alive as miniatures."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from studio.engine.registry import Listing, Registry
from tests.fakes import broken, fake, filled_deck, scene_of, slow
from tests.ui.hands import LEFT
from tests.ui.stage import Stage, forget_the_dead
from ui.deck.deck_bar import DeckButton

BROKEN = Listing("frobs", "a plug-in", None, "Its spec does not load (ImportError: no frob).")


@pytest.fixture
def two(open_stage: Callable[..., Stage]) -> Stage:
    """Two decks of different engines."""
    return open_stage(fake("images"), fake("textures"))


def button(stage: Stage, deck: str) -> DeckButton:
    return stage.window.deck_bar.button(deck)


def click(stage: Stage, deck: str) -> None:
    QTest.mouseClick(button(stage, deck), LEFT)


def miniature(stage: Stage, deck: str) -> QImage:
    return button(stage, deck).grab(QRect(6, 5, 32, 32)).toImage()


def add(stage: Stage, words: str) -> None:
    actions = {a.text(): a for a in stage.window.deck_bar.add_button.menu().actions()}
    actions[words].trigger()


def remove(stage: Stage, deck: str) -> None:
    """Through the button's own menu."""
    held = button(stage, deck)
    middle = held.rect().center()
    QApplication.sendEvent(
        held,
        QContextMenuEvent(
            QContextMenuEvent.Reason.Keyboard, middle, held.mapToGlobal(middle), Qt.NoModifier
        ),
    )
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    menu.close()
    forget_the_dead()


def test_a_click_brings_a_deck_to_the_front(two: Stage) -> None:
    two.change(lambda: two.session.pads.move("deck2", (-0.9, 0.9)))
    first = two.picture()
    click(two, "deck2")
    assert two.scene.front == "deck2"
    assert button(two, "deck2").isChecked()
    assert not button(two, "deck1").isChecked()
    assert two.picture() != first
    assert "Textures" in button(two, "deck2").accessibleName()


def test_the_front_deck_stays_marked_when_it_is_clicked_again(two: Stage) -> None:
    click(two, "deck1")
    click(two, "deck1")
    assert button(two, "deck1").isChecked()


def test_looking_at_another_deck_is_nothing_to_undo(two: Stage) -> None:
    click(two, "deck2")
    assert not two.session.history.can_undo


def test_the_deck_behind_goes_on_as_a_miniature(two: Stage) -> None:
    before, stage_before = miniature(two, "deck2"), two.picture()
    two.change(lambda: two.session.pads.move("deck2", (-0.9, 0.9)))
    assert miniature(two, "deck2") != before
    assert two.picture() == stage_before


def test_the_front_deck_has_its_miniature_too(two: Stage) -> None:
    before = miniature(two, "deck1")
    two.change(lambda: two.session.pads.move("deck1", (-0.9, 0.9)))
    assert miniature(two, "deck1") != before


def test_the_panel_and_the_shelf_follow_the_front_deck(two: Stage) -> None:
    two.session.set("deck2", "bands", 7)
    assert two.window.panel.row("bands").field.text() == "1 rows"
    click(two, "deck2")
    assert two.window.panel.row("bands").field.text() == "7 rows"
    two.session.slots.clear("deck2", 0)
    assert two.window.slots.views[0].accessibleDescription() == "empty"
    click(two, "deck1")
    assert two.window.slots.views[0].accessibleDescription() != "empty"


def test_a_deck_is_added_from_the_menu_and_comes_to_the_front(two: Stage) -> None:
    two.change(lambda: add(two, "Textures · Second"))
    assert [d.key for d in two.scene.decks] == ["deck1", "deck2", "deck3"]
    assert two.front.model == "second"
    assert all(two.front.slots), "it opens with a full shelf"
    assert button(two, "deck3").isChecked()


def test_a_deck_is_removed_and_undo_brings_it_back(two: Stage) -> None:
    two.change(lambda: remove(two, "deck1"))
    assert [d.key for d in two.scene.decks] == ["deck2"]
    assert button(two, "deck2").isChecked()
    two.change(two.session.undo)
    assert two.scene.front == "deck1"
    assert button(two, "deck1").isChecked()


def test_the_last_deck_stays(stage: Stage) -> None:
    remove(stage, "deck1")
    assert len(stage.scene.decks) == 1


def test_a_ninth_deck_is_refused_with_a_sentence(stage: Stage) -> None:
    for _ in range(7):
        stage.change(lambda: add(stage, "Fake · First"))
    add(stage, "Fake · First")
    assert stage.notices == ["Eight decks are the most that fit on the stage."]


def test_eight_decks_fit_on_the_smallest_window_that_does_not_scroll(
    open_stage: Callable[..., Stage],
) -> None:
    guest = fake()
    decks = [filled_deck(guest, f"deck{n}") for n in range(1, 9)]
    stage = open_stage(guest, scene=scene_of(*decks))
    window = stage.window
    window.resize(1120, 660)  # 1180 x 720 less what a desktop keeps for itself
    stage.until(lambda: (window.width(), window.height()) == (1120, 660))
    parts = [button(stage, deck.key) for deck in decks]
    parts += [window.deck_bar.add_button, window.all_actions.buttons["deck.link"]]
    frames = [QRect(part.mapTo(window, part.rect().topLeft()), part.size()) for part in parts]
    for left, right in pairwise(frames):
        assert left.right() < right.left()
    assert button(stage, "deck1").width() == 158, "the one in front keeps its words"
    assert frames[-1].right() < window.width() - 4 * 44


def test_an_engine_that_cannot_be_used_is_listed_with_the_reason(
    open_stage: Callable[..., Stage],
) -> None:
    guest = fake()
    registry = Registry([Listing("fake", "here", guest.spec), BROKEN])
    stage = open_stage(guest, registry=registry)
    actions = stage.window.deck_bar.add_button.menu().actions()
    (listed,) = [a for a in actions if "frobs" in a.text()]
    assert not listed.isEnabled()
    assert listed.toolTip() == BROKEN.reason
    assert stage.window.deck_bar.add_button.menu().toolTipsVisible()


def test_a_deck_in_trouble_says_why_and_the_other_plays_on(
    open_stage: Callable[..., Stage],
) -> None:
    stage = open_stage(fake(), broken("load"))
    assert "stopped" in button(stage, "deck2").accessibleName()
    assert "Something gave way" in button(stage, "deck2").toolTip()
    before = stage.picture()
    stage.change(lambda: stage.session.pads.move("deck1", (-0.9, 0.9)))
    assert stage.picture() != before


def test_another_engine_with_a_model_of_the_same_name_is_shown(two: Stage) -> None:
    two.change(lambda: two.session.decks.choose_model("deck1", "textures", "first"))
    assert "Textures" in button(two, "deck1").accessibleName()


def test_a_deck_that_gets_another_model_shows_its_number_until_there_is_a_picture(
    open_stage: Callable[..., Stage],
) -> None:
    guest = slow()
    stage = open_stage(guest)
    before = miniature(stage, "deck1")
    guest.gate.shut()
    stage.session.decks.choose_model("deck1", guest.spec.name, "wide")
    bare = miniature(stage, "deck1")
    assert bare != before
    guest.gate.open()
    stage.settle()
    assert miniature(stage, "deck1") != bare
