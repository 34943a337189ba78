"""A line to wish in, and what a wish does to the scene."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.document.parameters import Choice, Float, Parameter, ParameterError, initial_values
from studio.document.scene import Scene
from studio.document.score import BAND, SCORE
from studio.live.ensemble.routes import completed, track_of
from studio.live.ensemble.wish_scene import BARS, granted, passage_of
from studio.music.metres import Metre
from studio.music.modes import MODES
from studio.music.phrases import TONICS
from studio.music.wishes.wish import Wish, parse
from tests.fakes import composing, filled_deck, scene_of
from tests.ui.hands import PLAIN
from ui.band._wish_line import WishLine

CONTROLS: tuple[Parameter, ...] = (
    Choice(name="genre", label="Genre", options=("reel", "jig", "air"), default="reel"),
    Choice(name="tonic", label="Key", options=TONICS, default="D"),
    Choice(name="mode", label="Mode", options=tuple(MODES), default="major"),
    Float(name="temperature", label="Temperature", low=0, high=1.5, default=0.9),
)


@pytest.fixture
def line(qtbot: QtBot) -> Iterator[WishLine]:
    line = WishLine()
    qtbot.addWidget(line)
    line.use(CONTROLS, {})
    line.resize(400, 80)
    line.show()
    line.activateWindow()
    qtbot.waitUntil(line.isActiveWindow)
    line.edit.setFocus()
    yield line
    line.close()


@pytest.fixture
def wishes(line: WishLine) -> list[Wish]:
    wishes: list[Wish] = []
    line.wanted.connect(wishes.append)
    return wishes


def press(line: WishLine, key: Qt.Key) -> None:
    QTest.keyClick(line.edit, key)


# -- the line --------------------------------------------------------------------------------------


def test_it_says_what_it_understands_while_one_types(line: WishLine) -> None:
    assert "Enter" in line.answer.words
    QTest.keyClicks(line.edit, "a slow air in A minor, 24 bars")
    assert line.answer.words.startswith("air · A minor")
    assert "24 bars" in line.answer.words
    QTest.keyClicks(line.edit, " xylofoo")
    assert "not understood: xylofoo" in line.answer.words


def test_enter_wishes(line: WishLine, wishes: list[Wish]) -> None:
    QTest.keyClicks(line.edit, "a jig in G")
    press(line, Qt.Key.Key_Return)
    press(line, Qt.Key.Key_Enter)
    assert [w.values["genre"] for w in wishes] == ["jig", "jig"]
    assert line.edit.text() == "a jig in G", "another one like it is one more key"


def test_an_empty_line_wishes_for_its_example(line: WishLine, wishes: list[Wish]) -> None:
    line.go.click()
    assert wishes[0].values["genre"] == "jig"
    assert wishes[0].bars == 16


def test_old_wishes_come_back(line: WishLine) -> None:
    for words in ("a jig", "an air", "an air"):
        line.edit.setText(words)
        press(line, Qt.Key.Key_Return)
    line.edit.clear()
    press(line, Qt.Key.Key_Up)
    assert line.edit.text() == "an air"
    press(line, Qt.Key.Key_Up)
    press(line, Qt.Key.Key_Up)
    assert line.edit.text() == "a jig", "and the first one stays"
    press(line, Qt.Key.Key_Down)
    press(line, Qt.Key.Key_Down)
    assert line.edit.text() == ""


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_escape_and_enter_give_the_keyboard_back(line: WishLine, key: Qt.Key) -> None:
    line.edit.setFocus()
    press(line, key)
    assert not line.edit.hasFocus()


def test_its_keys_are_not_the_windows(line: WishLine) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_R, Qt.Key.Key_Space):
        text = {Qt.Key.Key_R: "r", Qt.Key.Key_Space: " "}.get(key, "")
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, PLAIN, text)
        event.ignore()
        QApplication.sendEvent(line.edit, event)
        assert event.isAccepted(), key


def test_what_is_typed_is_bounded(line: WishLine) -> None:
    line.edit.setText("jig " * 10_000)
    assert len(line.edit.text()) <= 300
    assert line.wish.values["genre"] == "jig"


# -- what it does ----------------------------------------------------------------------------------


@pytest.fixture
def scene() -> Scene:
    deck = filled_deck(composing(), "deck1").but(parameters=initial_values(CONTROLS))
    scene = scene_of(deck, filled_deck(composing(), "deck2"))
    scene = scene.but(score=initial_values((*SCORE, *BAND)))
    return completed(scene, ["deck1", "deck2"], ())


def grant(scene: Scene, words: str, seed: int = 7) -> Scene:
    return granted(scene, "deck1", parse(words, CONTROLS), CONTROLS, seed)


def test_a_wish_sets_the_deck_and_the_time(scene: Scene) -> None:
    after = grant(scene, "a jig in G dorian at 100 bpm, wild, swung, seed 42")
    values = after.deck("deck1").parameters
    assert (values["genre"], values["tonic"], values["mode"]) == ("jig", "G", "dorian")
    assert values["temperature"] > 0.9
    assert after.deck("deck1").seed == 42
    assert (after.score["metre_beats"], after.score["metre_unit"]) == (6, "8")
    assert after.score["tempo"] == 100
    assert after.score["swing"] > 0
    assert after.deck("deck2") == scene.deck("deck2")


def test_what_was_not_said_stays(scene: Scene) -> None:
    before = scene.with_deck(
        scene.deck("deck1").but(parameters={**initial_values(CONTROLS), "temperature": 0.2})
    )
    after = grant(before, "in A minor")
    assert after.deck("deck1").parameters["temperature"] == 0.2
    assert after.deck("deck1").parameters["genre"] == "reel"
    assert after.score == before.score
    assert after.routes == before.routes
    assert after.deck("deck1").seed == 7, "but it is another tune"


def test_the_band_comes_and_goes_by_its_routes(scene: Scene) -> None:
    alone = grant(scene, "a reel, no band")
    mute = {r.track: r.mute for r in alone.routes}
    assert not mute[track_of("deck1", "lead")]
    assert all(mute[track_of("deck1", part)] for part in ("bass", "chords", "drums"))
    assert not mute[track_of("deck2", "bass")]
    again = grant(alone, "a reel with a band")
    assert not any(r.mute for r in again.routes)


def test_a_wish_that_fits_no_parameter_changes_nothing(scene: Scene) -> None:
    with pytest.raises(ParameterError):
        granted(scene, "deck1", Wish(values={"genre": "polka"}), CONTROLS, 7)


def test_the_whole_tune_is_one_passage(scene: Scene) -> None:
    wish = parse("a jig in D, 24 bars", CONTROLS)
    after = granted(scene, "deck1", wish, CONTROLS, 7)
    passage = passage_of(after, "deck1", wish, np.zeros(4, np.float32))
    assert (passage.bars, passage.metre, passage.seed) == (24, Metre(6, 8), 7)
    assert passage.free
    assert passage.closes
    assert passage.past == ()
    assert dict(passage.parameters) == after.deck("deck1").parameters
    assert passage_of(after, "deck1", Wish(), np.zeros(4, np.float32)).bars == BARS
