"""The stage of a deck that composes: before it plays, while it plays, and bars for the slots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.document.parameters import Choice
from studio.document.scene import SLOT_NAMES
from studio.music.files.midi import MidiTrack, write
from studio.music.phrases import Phrase
from tests.fakes import PARAMETERS, composing, fake, filled_deck, scene_of
from tests.ui.hands import PLAIN
from tests.ui.live_stage import choose, words_of
from tests.ui.roll.roll_hall import Hall, note
from ui.roll._phrase_preview import FEWEST as BARS
from ui.roll._phrase_preview import MOST
from ui.roll._waterfall_painting import KEYS_PX
from ui.roll.stage import RollStage


@pytest.fixture
def open_hall(
    qtbot: QtBot, tmp_path: Path, no_widget_left_behind: None, no_thread_left_behind: None
) -> Iterator[Callable[..., tuple[Hall, RollStage]]]:
    halls: list[Hall] = []

    def open_hall(*guests: Any, **given: Any) -> tuple[Hall, RollStage]:
        hall = Hall(qtbot, tmp_path, *guests, **given)
        halls.append(hall)
        stage = RollStage(hall.session, hall.ensemble, hall.transport, clock=hall.clock)
        hall.session.state_changed.connect(lambda deck: stage.refresh())
        return hall.start(), hall.add(stage)

    yield open_hall
    for hall in halls:
        hall.close()


@pytest.fixture
def opened(open_hall: Callable[..., tuple[Hall, RollStage]]) -> tuple[Hall, RollStage]:
    """At rest, with the whole sketch there."""
    hall, stage = open_hall()
    hall.until(lambda: len(stage.roll.bars) == BARS)
    return hall, stage


@pytest.fixture
def hall(opened: tuple[Hall, RollStage]) -> Hall:
    return opened[0]


@pytest.fixture
def stage(opened: tuple[Hall, RollStage]) -> RollStage:
    return opened[1]


def shown(stage: RollStage) -> list[tuple[int, bool]]:
    return [(n, stage.roll.bars[n].settled) for n in sorted(stage.roll.bars)]


def lead(stage: RollStage, number: int) -> list[int]:
    return [n.pitch for n in stage.roll.bars[number].notes if n.track == "lead"]


# -- before it plays -------------------------------------------------------------------------------


def test_before_play_the_phrase_of_the_point_is_there_in_outline(
    hall: Hall, stage: RollStage
) -> None:
    assert shown(stage) == [(n, False) for n in range(BARS)]
    assert stage.key.text() == "C major"
    assert stage.about.text() == "4/4"
    passage = next(
        c.argument
        for c in hall.guests[0].engine.calls
        if c.method == "compose" and c.argument.bars == BARS - 1
    )
    assert (passage.number, len(passage.past)) == (1, 1)
    assert passage.latent.tolist() == hall.session.point("deck1").tolist()


def test_the_band_is_written_under_it_once_the_hand_rests(hall: Hall, stage: RollStage) -> None:
    hall.until(lambda: all(len(b.notes) > 4 for b in stage.roll.bars.values()))
    assert {n.track for n in stage.roll.bars[BARS - 1].notes} >= {"lead", "bass"}
    assert stage.roll.bars[BARS - 1].chords


def test_who_looks_from_afar_sees_more_of_it(hall: Hall, stage: RollStage) -> None:
    stage.roll.zoom(0.5, 0)
    hall.until(lambda: len(stage.roll.bars) == 2 * BARS)
    stage.roll.zoom(0.01, 0)
    hall.until(lambda: len(stage.roll.bars) == MOST)


def test_a_hand_on_the_pad_sees_it_change(hall: Hall, stage: RollStage) -> None:
    before = lead(stage, 0), lead(stage, 3)
    hall.session.pads.move("deck1", (0.9, -0.2))
    hall.until(lambda: lead(stage, 0) != before[0] and lead(stage, 3) != before[1])
    assert shown(stage) == [(n, False) for n in range(BARS)]


def test_what_was_shown_is_what_is_played(hall: Hall, stage: RollStage) -> None:
    promised = [lead(stage, n) for n in range(2)]
    hall.play(1.5)
    stage.turn()
    assert [lead(stage, n) for n in range(2)] == promised
    assert shown(stage)[:2] == [(0, True), (1, True)]


def test_what_is_still_to_come_stays_in_outline_until_a_hand_changes_it(
    hall: Hall, stage: RollStage
) -> None:
    hall.play(0.5)
    stage.turn()
    assert [n for n, settled in shown(stage) if not settled] == list(range(1, BARS))
    hall.session.pads.move("deck1", (-0.7, 0.7))
    hall.until(lambda: len(stage.roll.bars) <= 3)


# -- while it plays --------------------------------------------------------------------------------


def test_while_it_plays_the_playhead_moves_with_every_frame(hall: Hall, stage: RollStage) -> None:
    assert not stage.moves
    hall.play(1.25)
    stage.turn()
    assert stage.moves
    assert stage.roll.place == pytest.approx(hall.ensemble.playhead)
    hall.transport.stop()
    hall.rig.collect()
    stage.turn()
    assert not stage.moves
    assert stage.roll.place == pytest.approx(hall.transport.place)
    assert not stage.roll.sounding


def test_it_says_what_the_band_is_doing(hall: Hall, stage: RollStage) -> None:
    hall.play(0.5)
    hall.ensemble.hold("deck1", True)
    hall.until(lambda: stage.live.text() == "holding this bar")
    hall.ensemble.hold("deck1", False)
    hall.until(lambda: stage.live.text() == "")
    hall.session.set_score("trade", "2")
    hall.pass_beats(2)  # the bar that play begins with is written anew once the hand rests
    hall.play(1.5)
    hall.until(lambda: stage.live.text() == "your turn, 1 bar to come")
    assert [bool(lead(stage, number)) for number in (0, 1, 2)] == [False, False, True]


def test_the_waterfall_takes_the_place_of_the_roll(hall: Hall, stage: RollStage) -> None:
    stage.falling.click()
    assert stage.waterfall.isVisible()
    assert not stage.roll.isVisible()
    hall.play(1.3)
    stage.turn()
    heard = hall.ensemble.playhead
    assert heard is not None
    assert stage.waterfall.px_of(heard) == pytest.approx(stage.waterfall.height() - KEYS_PX)
    assert "lead" in {n.track for n in stage.waterfall.sounding}
    stage.falling.click()
    assert stage.roll.isVisible()
    assert not stage.waterfall.isVisible()


def test_follow_is_offered_where_the_hand_looks_elsewhere(hall: Hall, stage: RollStage) -> None:
    hall.play(1.25)
    stage.turn()
    assert not stage.follow.isVisible()
    stage.roll.scroll_beats(4)
    assert stage.follow.isVisible()
    stage.follow.click()
    assert not stage.follow.isVisible()


def test_out_of_sight_nothing_is_turned(hall: Hall, stage: RollStage) -> None:
    stage.hide()
    hall.play(1.25)
    stage.turn()
    assert not stage.moves
    assert stage.roll.place != pytest.approx(hall.transport.place)
    stage.show()
    assert stage.roll.place == pytest.approx(hall.ensemble.playhead)


# -- bars for the slots ----------------------------------------------------------------------------


def test_a_bar_goes_to_the_first_empty_slot(hall: Hall, stage: RollStage) -> None:
    hall.play(2.25)
    stage.turn()
    pitch = lead(stage, 1)[0]
    stage.tools.capture(1, 1)
    hall.until(lambda: hall.front.slots[3] is not None)
    assert hall.front.slots[3].origin == "encoded"
    assert hall.front.slots[3].latent[0] == pytest.approx(pitch / 60 - 1)


def test_bars_that_are_only_sketched_can_be_captured_too(hall: Hall, stage: RollStage) -> None:
    stage.tools.capture(2, 3, slot=6)
    hall.until(lambda: hall.front.slots[6] is not None)
    heard = next(c.argument for c in hall.guests[0].engine.calls if c.method == "encode_phrase")
    assert heard.length_beats == 8
    assert [n.pitch for n in heard.notes] == lead(stage, 2) + lead(stage, 3)


def test_the_menu_offers_every_slot_that_may_be_filled(hall: Hall, stage: RollStage) -> None:
    hall.session.slots.lock("deck1", 1, True)
    menu = stage.tools.menu(0, 1)
    words = words_of(menu)
    assert words[0] == "Bars 1 to 2"
    assert words[2] == "Slot A\tis replaced"
    assert words[3] == "Slot B\tlocked"
    assert words[5] == "Slot D\tempty"
    assert len(SLOT_NAMES) == sum(w.startswith("Slot ") for w in words)
    choose(menu, "Slot H\tempty")
    hall.until(lambda: hall.front.slots[7] is not None)


def test_a_shelf_that_is_full_is_said(hall: Hall, stage: RollStage) -> None:
    deck = hall.front
    hall.session.change(deck.but(slots=(deck.slots[0],) * 8), None)
    stage.tools.capture(0, 0)
    assert "All slots are full" in hall.notices[-1]


def test_a_bar_can_be_held_from_its_menu(hall: Hall, stage: RollStage) -> None:
    hall.play(1.25)
    choose(stage.tools.menu(1, 1), "Hold the bar that is playing")
    assert hall.ensemble.held("deck1")
    choose(stage.tools.menu(1, 1), "Hold the bar that is playing")
    assert not hall.ensemble.held("deck1")


def test_a_file_that_is_dropped_goes_to_the_first_empty_slot(
    hall: Hall, stage: RollStage, tmp_path: Path
) -> None:
    file = tmp_path / "tune.mid"
    tune = Phrase((note(0, 2, 72), note(2, 2, 74)), 4.0)
    write(file, [MidiTrack("Lead", tune.notes)])
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(file))])
    given = (carried, Qt.MouseButton.LeftButton, PLAIN)
    enter = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, *given)
    QApplication.sendEvent(stage, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(stage, QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, *given))
    hall.until(lambda: hall.front.slots[3] is not None)
    assert hall.front.slots[3].latent[0] == pytest.approx(72 / 60 - 1)


# -- the genre's own metre -------------------------------------------------------------------------

GENRE = Choice(name="genre", label="Genre", options=("any", "reel", "jig", "air"), default="any")


def test_a_genre_in_a_metre_that_is_not_its_own_offers_its_own(
    open_hall: Callable[..., tuple[Hall, RollStage]],
) -> None:
    hall, stage = open_hall(
        composing(encodes=True, parameters=(*PARAMETERS, GENRE), roles={"genre": "genre"})
    )
    session, hint = hall.session, stage.genre_metre
    hall.until(stage.isVisible)
    assert hint.isHidden()
    session.set("deck1", "genre", "reel")
    assert hint.isHidden()
    session.set("deck1", "genre", "jig")
    assert (hint.isVisible(), hint.text()) == (True, "A jig is usually in 6/8")
    before = session.scene
    hint.click()
    score = session.scene.score
    assert (score["metre_beats"], score["metre_unit"], score["tempo"]) == (6, "8", 174)
    assert hint.isHidden()
    session.undo()
    assert session.scene == before, "one step"
    assert hint.isVisible()
    session.set("deck1", "genre", "any")
    assert hint.isHidden()


# -- other decks, and trouble ----------------------------------------------------------------------


def test_it_fits_decks_that_compose_and_no_others() -> None:
    assert RollStage.fits(composing().spec)
    assert not RollStage.fits(fake().spec)


def test_another_deck_shows_its_own_music(open_hall: Callable[..., Any]) -> None:
    guest = composing(encodes=True)
    first, second = filled_deck(guest, "deck1"), filled_deck(guest, "deck2")
    hall, stage = open_hall(guest, scene=scene_of(first, second.but(pad=(0.9, -0.9))))
    hall.until(lambda: len(stage.roll.bars) == BARS)
    before = lead(stage, 0)
    hall.session.decks.bring_to_front("deck2")
    stage.refresh()
    hall.until(lambda: len(stage.roll.bars) == BARS and lead(stage, 0) != before)


def test_trouble_is_said_in_the_middle(stage: RollStage) -> None:
    stage.say("The engine was lost.")
    assert stage._words.isVisible()
    stage.say("")
    assert not stage._words.isVisible()
