"""The page of a deck that composes: a wish, the band and its parts, files of what it played."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import mido
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from studio.audio.messages import FontSeen
from studio.document.parameters import Choice, Float
from studio.document.routes import Route
from studio.document.score import LEVELS, PARTS, SWING
from studio.live.ensemble.routes import track_of
from tests.fakes import PARAMETERS, composing, fake, filled_deck
from tests.ui.live_stage import words_of
from tests.ui.roll.roll_hall import Hall
from ui.band._files import PLAYED, WISHED
from ui.band._part import PartRow, programs
from ui.band._wish_tunes import slot_for
from ui.band.page import BandPage
from ui.file_dialogs import LastFolders

GENRE = Choice(name="genre", label="Genre", options=("reel", "jig"), default="reel")
VARY = Float(name="vary", label="Vary", low=0, high=1, default=0)


@pytest.fixture
def open_hall(
    qtbot: QtBot, tmp_path: Path, no_widget_left_behind: None, no_thread_left_behind: None
) -> Iterator[Callable[..., tuple[Hall, BandPage]]]:
    halls: list[Hall] = []

    def open_hall(*guests: Any) -> tuple[Hall, BandPage]:
        guest = composing(
            encodes=True,
            parameters=(*PARAMETERS, GENRE, VARY),
            roles={"genre": "genre", "vary": "vary"},
        )
        halls.append(Hall(qtbot, tmp_path, *(guests or (guest,))))
        page = halls[-1].add(BandPage(halls[-1].session, halls[-1].rig, LastFolders()))
        return halls[-1].start(), page

    yield open_hall
    for hall in halls:
        hall.close()


@pytest.fixture
def opened(open_hall: Callable[..., tuple[Hall, BandPage]]) -> tuple[Hall, BandPage]:
    hall, page = open_hall()
    hall.until(lambda: bool(routes_of(hall, "lead")))
    page.refresh()
    return hall, page


@pytest.fixture
def hall(opened: tuple[Hall, BandPage]) -> Hall:
    return opened[0]


@pytest.fixture
def page(opened: tuple[Hall, BandPage]) -> BandPage:
    return opened[1]


def routes_of(hall: Hall, part: str) -> list[Route]:
    track = track_of("deck1", part)
    return [route for route in hall.session.scene.routes if route.track == track]


# -- parts -----------------------------------------------------------------------------------------


def test_every_part_has_its_line(page: BandPage) -> None:
    assert tuple(page.parts) == PARTS
    assert all(row.mute.isEnabled() and row.program.isEnabled() for row in page.parts.values())
    assert page.parts["lead"].program.currentData() == 110


def test_a_part_is_muted_and_let_play_again(hall: Hall, page: BandPage) -> None:
    page.parts["drums"].mute.click()
    assert [route.mute for route in routes_of(hall, "drums")] == [True]
    assert not any(route.mute for part in PARTS[:3] for route in routes_of(hall, part))
    page.refresh()
    assert not page.parts["drums"].level.isEnabled()
    page.parts["drums"].mute.click()
    assert [route.mute for route in routes_of(hall, "drums")] == [False]
    hall.session.undo()
    hall.session.undo()


def test_both_ways_out_of_a_part_are_muted_together(hall: Hall, page: BandPage) -> None:
    more = Route(track=track_of("deck1", "bass"), port="Synth", channel=3)
    hall.session.set_routes((*hall.session.scene.routes, more))
    page.refresh()
    page.parts["bass"].mute.click()
    assert [route.mute for route in routes_of(hall, "bass")] == [True, True]


def test_an_instrument_is_chosen(hall: Hall, page: BandPage) -> None:
    picker = page.parts["lead"].program
    index = picker.findData(73)
    picker.setCurrentIndex(index)
    picker.activated.emit(index)
    assert routes_of(hall, "lead")[0].program == 73


def test_a_part_without_a_route_says_so(hall: Hall, page: BandPage) -> None:
    hall.session.set_routes(())
    page.refresh()
    row = page.parts["chords"]
    assert not row.mute.isEnabled()
    assert "no route" in row.mute.toolTip()


def test_where_the_font_plays_its_own_names_are_offered() -> None:
    font = FontSeen("Folk", "", ((40, "Fiddle solo"), (73, "Flute")))
    sound, out = Route(track="x", port="sound"), Route(track="x", port="Synth")
    assert programs("lead", sound, font) == [("as it is", None), ("Fiddle solo", 40), ("Flute", 73)]
    assert len(programs("lead", out, font)) == 129
    away = Route(track="x", port="sound", program=5)
    assert ("Electric Piano 2 ≈", 5) in programs("lead", away, font)
    kits = [words for words, _ in programs("drums", sound, font)]
    assert "Brush kit" in kits
    assert len(kits) < 20


def test_an_open_list_is_not_filled_again(page: BandPage) -> None:
    row = page.parts["lead"]
    filled: list[int] = []
    row.program.model().rowsInserted.connect(lambda *_: filled.append(1))
    page.refresh()
    assert not filled


# -- feel ------------------------------------------------------------------------------------------


def test_swing_and_levels_belong_to_the_scene(hall: Hall, page: BandPage) -> None:
    page.rows[SWING.name].wanted.emit(0.5)
    page.parts["bass"].level.wanted.emit(0.25)
    score = hall.session.scene.score
    assert (score["swing"], score[LEVELS["bass"].name]) == (0.5, 0.25)
    page.refresh()
    assert page.rows["swing"].field.text() == "+0.50"
    hall.session.undo()
    hall.session.undo()
    assert hall.session.scene.score["swing"] == 0


def test_the_duet_is_switched_by_hand_and_by_actions_and_undone(hall: Hall, page: BandPage) -> None:
    score = lambda: hall.session.scene.score  # noqa: E731
    page.rows["follow_chords"].button.click()  # type: ignore[attr-defined]
    assert score()["follow_chords"] is True
    actions = {action.id: action for action in page.window_actions()}
    for name in ("follow_chords", "trade", "give_way"):
        action = actions[f"band.{name}"]
        assert action.is_on is not None
        before = action.is_on()
        action.do()
        assert action.is_on() is not before
    assert (score()["follow_chords"], score()["trade"], score()["give_way"]) == (False, "4", "4")
    for _ in range(4):
        hall.session.undo()
    assert (score()["follow_chords"], score()["trade"], score()["give_way"]) == (
        False, "off", "off",
    )  # fmt: skip


def test_what_others_set_is_shown(hall: Hall, page: BandPage) -> None:
    hall.rig.controls.set("/band/swing", -0.25)
    assert page.rows["swing"].field.text() == "-0.25"
    muted = [route.model_copy(update={"mute": True}) for route in hall.session.scene.routes]
    hall.session.set_routes(muted)
    assert all(row.mute.isChecked() for row in page.parts.values())


def test_a_drag_of_a_level_is_one_step_back(hall: Hall, page: BandPage) -> None:
    level = page.parts["lead"].level
    before = hall.session.scene
    level.pressed.emit()
    for value in (0.3, 0.4, 0.5):
        level.wanted.emit(value)
    level.released.emit()
    hall.session.undo()
    assert hall.session.scene.score == before.score


def test_vary_is_there_where_the_engine_has_it(hall: Hall, page: BandPage) -> None:
    assert page.vary is not None
    page.vary.wanted.emit(0.5)
    assert hall.front.parameters["vary"] == 0.5


def test_an_engine_without_it_has_no_such_row(open_hall: Callable[..., Any]) -> None:
    _, page = open_hall(composing())
    page.refresh()
    assert page.vary is None


def test_what_is_refused_is_said(hall: Hall, page: BandPage) -> None:
    page.rows[SWING.name].wanted.emit(7.0)
    assert hall.notices[-1].startswith("Swing wants")


# -- the band --------------------------------------------------------------------------------------


def test_hold_keeps_the_bar_and_says_so(hall: Hall, page: BandPage) -> None:
    hall.play(1.25)
    page.hold.click()
    assert hall.ensemble.held("deck1")
    assert page.hold.isChecked()
    assert page.state.text().startswith("Holds")
    page.hold.click()
    assert not hall.ensemble.held("deck1")
    assert not page.state.isVisible()


def test_a_hold_from_elsewhere_is_shown(hall: Hall, page: BandPage) -> None:
    hall.play(1.25)
    hall.rig.controls.set("/front/hold", True)
    hall.until(page.hold.isChecked)


def test_answer_without_anything_played_says_what_to_do(hall: Hall, page: BandPage) -> None:
    page.answer.click()
    assert hall.notices[-1] == "Play a few notes first; the answer goes on from them."


def test_keep_puts_the_bar_into_a_slot(hall: Hall, page: BandPage) -> None:
    hall.play(1.25)
    page.keep.click()
    hall.until(lambda: hall.front.slots[3] is not None)


def test_the_keyboard_holds_and_keeps_too(hall: Hall, page: BandPage) -> None:
    actions = {action.id: action.do for action in page.window_actions()}
    hall.play(1.25)
    actions["band.hold"]()
    assert hall.ensemble.held("deck1")
    actions["band.hold"]()
    assert not hall.ensemble.held("deck1")
    actions["band.answer"]()
    assert hall.notices[-1].startswith("Play a few notes first")
    actions["band.keep_bar"]()
    hall.until(lambda: hall.front.slots[3] is not None)


def test_a_key_leads_to_the_wish(hall: Hall, page: BandPage) -> None:
    wanted: list[bool] = []
    page.wanted.connect(lambda: wanted.append(True))
    page.wish.edit.setText("a reel")
    page.begin_wish()
    assert wanted
    assert page.wish.edit.hasFocus()
    assert page.wish.edit.selectedText() == "a reel"


def test_on_a_deck_that_does_not_compose_its_keys_do_nothing(
    open_hall: Callable[..., Any],
) -> None:
    hall, page = open_hall(composing(), fake())
    hall.session.decks.bring_to_front("deck2")
    for action in page.window_actions():
        if action.id not in ("band.wish", "band.requests"):
            action.do()
    assert not hall.notices
    assert hall.session.scene.front == "deck2"


def test_a_wish_goes_to_the_first_deck_that_composes(open_hall: Callable[..., Any]) -> None:
    hall, page = open_hall(composing(), fake())
    hall.session.decks.bring_to_front("deck2")
    page.begin_wish()
    assert hall.session.scene.front == "deck1"
    assert page.wish.edit.hasFocus()


def test_where_no_deck_composes_a_wish_says_how_to_get_one(open_hall: Callable[..., Any]) -> None:
    hall, page = open_hall(composing(), fake())
    hall.session.decks.remove("deck1")
    page.begin_wish()
    (said,) = hall.notices
    assert said.startswith("No deck composes")


# -- wishes ----------------------------------------------------------------------------------------


def wish_for(page: BandPage, words: str) -> None:
    page.wish.edit.setText(words)
    page.wish.edit.setFocus()
    QTest.keyClick(page.wish.edit, Qt.Key.Key_Return)


def test_a_wish_sets_the_deck_and_the_time_in_one_step(hall: Hall, page: BandPage) -> None:
    hall.guests[0].gate.shut()
    before = hall.session.scene
    wish_for(page, "a jig, 24 bars, seed 5")
    assert hall.front.parameters["genre"] == "jig"
    assert hall.session.scene.score["metre_beats"] == 6
    assert hall.front.seed == 5
    hall.session.undo()
    assert (hall.session.scene.decks, hall.session.scene.score) == (before.decks, before.score)


def test_the_tune_is_composed_whole_put_into_a_slot_and_gone_to(hall: Hall, page: BandPage) -> None:
    wish_for(page, "a jig, 24 bars, seed 5")
    hall.until(lambda: hall.front.slots[3] is not None)
    hall.until(lambda: hall.front.pad == hall.front.slots[3].place)
    passage = next(
        call.argument
        for call in hall.guests[0].engine.calls
        if call.method == "compose" and call.argument.closes
    )
    assert (passage.bars, passage.metre.beats, passage.seed, passage.free) == (24, 6, 5, True)
    assert hall.front.slots[3].origin == "encoded"
    tune = page.tunes.tune("deck1")
    assert tune is not None
    assert tune.length_beats == 72


def test_one_step_back_undoes_a_wish_with_its_tune(hall: Hall, page: BandPage) -> None:
    before = hall.session.scene
    wish_for(page, "a jig, seed 5")
    hall.until(lambda: hall.front.slots[3] is not None)
    hall.until(lambda: hall.front.pad == hall.front.slots[3].place)
    whole = hall.session.scene
    hall.session.undo()
    assert hall.session.scene == before
    hall.session.redo()
    assert hall.session.scene == whole


def test_what_a_hand_does_while_a_tune_is_composed_is_a_step_of_its_own(
    hall: Hall, page: BandPage
) -> None:
    hall.guests[0].gate.shut()
    wish_for(page, "a jig, seed 5")
    hall.session.set("deck1", "genre", "reel")
    hall.guests[0].gate.open()
    hall.until(lambda: hall.front.slots[3] is not None)
    hall.until(lambda: hall.front.pad == hall.front.slots[3].place)
    while hall.front.parameters["genre"] == "reel":
        hall.session.undo()
    assert hall.front.parameters["genre"] == "jig", "the hand's step alone is undone"
    assert hall.front.slots[3] is None


def test_another_wish_takes_the_slot_of_the_one_before(hall: Hall, page: BandPage) -> None:
    wish_for(page, "a jig, seed 5")
    hall.until(lambda: hall.front.slots[3] is not None)
    hall.until(lambda: hall.front.pad == hall.front.slots[3].place)
    wish_for(page, "a reel, seed 6")
    hall.until(lambda: page.tunes.tune("deck1").metre.beats == 4)
    hall.settle()
    assert hall.front.slots[4] is None


def test_what_the_artist_has_kept_is_not_overwritten() -> None:
    deck = filled_deck(composing(), "deck1", slots=8).but(pad=(0.0, 0.8))
    assert slot_for(deck, None) == 4, "the sample that is farthest from the puck"
    assert slot_for(deck.with_slot(2, None), None) == 2, "but an empty one before it"
    mine = deck.slots[0].but(origin="captured")
    kept = deck.but(slots=(mine,) * 8)
    assert slot_for(kept, None) is None
    assert slot_for(deck.but(slots=(deck.slots[0].but(locked=True),) * 8), None) is None
    tune = deck.slots[0].but(origin="encoded")
    assert slot_for(kept.with_slot(5, tune), 5) == 5
    assert slot_for(kept.with_slot(5, tune.but(locked=True)), 5) is None


def test_where_there_is_no_room_for_a_tune_that_is_said(hall: Hall, page: BandPage) -> None:
    deck = hall.front
    mine = deck.slots[0].but(origin="captured")
    hall.session.change(deck.but(slots=(mine,) * 8), None)
    wish_for(page, "a jig")
    hall.until(lambda: page.tunes.tune("deck1") is not None)
    assert hall.notices[-1].startswith("Every slot is locked or holds something of yours")
    assert hall.front.slots == (mine,) * 8
    assert page.export.isEnabled(), "it can be written all the same"


# -- the file --------------------------------------------------------------------------------------


def save(page: BandPage, what: str, file: Path) -> None:
    dialog = page.files.choose(what)
    assert isinstance(dialog, QFileDialog)
    assert dialog.selectedFiles()[0].endswith(".mid")
    dialog.fileSelected.emit(str(file))
    dialog.close()


def test_what_was_played_is_written(hall: Hall, page: BandPage, tmp_path: Path) -> None:
    assert not page.export.isEnabled()
    hall.play(2.25)
    hall.until(page.export.isEnabled)
    assert page.files.there == (PLAYED,)
    save(page, PLAYED, tmp_path / "take.mid")
    names = [track.name for track in mido.MidiFile(tmp_path / "take.mid").tracks]
    assert "Lead" in names
    assert LastFolders().last("export") == tmp_path


def test_a_tune_is_written_as_it_was_wished_with_its_band(
    hall: Hall, page: BandPage, tmp_path: Path
) -> None:
    page.parts["drums"].mute.click()
    wish_for(page, "a reel, 8 bars, 90 bpm")
    hall.until(lambda: WISHED in page.files.there)
    file = tmp_path / "reel.mid"
    save(page, WISHED, file)
    written = mido.MidiFile(file)
    names = [track.name for track in written.tracks[1:]]
    assert names == ["Lead", "Bass", "Chords"], "a part that is mute is left out"
    assert (
        pytest.approx(next(m.tempo for m in written.tracks[0] if m.type == "set_tempo"), rel=1e-4)
        == 60e6 / 90
    )
    assert hall.notices[-1] == f"Saved reel.mid in {tmp_path}."


def test_both_go_on_paper(hall: Hall, page: BandPage, tmp_path: Path) -> None:
    """Scores for other programs at once, pages by another process."""
    hall.play(2.25)
    wish_for(page, "a reel, 8 bars, 90 bpm")
    hall.until(lambda: WISHED in page.files.there)
    for what, bars in ((PLAYED, 3), (WISHED, 8)):
        dialog = page.files.choose(what)
        dialog.filterSelected.emit(next(k for k in dialog.nameFilters() if "MusicXML" in k))
        assert dialog.defaultSuffix() == "musicxml"
        assert dialog.selectedFiles()[0].endswith(".musicxml")
        dialog.fileSelected.emit(str(tmp_path / "tune.musicxml"))
        dialog.close()
        root = ElementTree.parse(tmp_path / "tune.musicxml").getroot()
        assert len(root.findall("part[@id='P1']/measure")) == bars
        assert root.find(".//harmony") is not None
        assert [p.text for p in root.iter("part-name")] == ["Lead", "Chords", "Bass"]
    if importlib.util.find_spec("verovio") is not None:
        dialog = page.files.choose(WISHED)
        dialog.fileSelected.emit(str(tmp_path / "tune.pdf"))
        dialog.close()
        hall.until(lambda: (tmp_path / "tune.pdf").exists())
        assert hall.notices[-1] == f"Saved tune.pdf in {tmp_path}."


def test_a_file_that_cannot_be_written_is_said(hall: Hall, page: BandPage, tmp_path: Path) -> None:
    wish_for(page, "a reel")
    hall.until(lambda: WISHED in page.files.there)
    save(page, WISHED, tmp_path / "nowhere" / "reel.mid")
    assert hall.notices[-1].startswith("The file reel.mid cannot be written")


def test_where_there_is_a_choice_one_is_asked(hall: Hall, page: BandPage) -> None:
    hall.play(1.25)
    wish_for(page, "a reel")
    hall.until(lambda: len(page.files.there) == 2)
    page.files.offer(page.export)
    menu = QApplication.activePopupWidget()
    assert words_of(menu) == [f"{PLAYED}…", f"{WISHED}…"]
    menu.close()


# -- where it is -----------------------------------------------------------------------------------


def test_only_decks_that_compose_have_the_page() -> None:
    assert BandPage.fits(composing().spec)
    assert not BandPage.fits(fake().spec)


def test_every_control_can_be_learnt(hall: Hall, page: BandPage) -> None:
    for _, suffix in page.addresses():
        assert hall.rig.controls.find(f"/front/{suffix}") is not None, suffix
    for _, address in page.score_addresses():
        assert hall.rig.controls.find(address) is not None, address


def test_it_is_never_wider_than_its_place(page: BandPage) -> None:
    page.resize(350, 500)
    assert page.minimumSizeHint().width() <= 350
    assert isinstance(page.parts["lead"], PartRow)
    assert page.parts["lead"].minimumSizeHint().width() <= 340
