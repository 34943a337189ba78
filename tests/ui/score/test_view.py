"""The score below the roll: which lines are asked for, and what is lit."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from studio.engraving.engraver import Answer
from studio.engraving.pages import Page, Place
from studio.music.files.musicxml import Score
from studio.music.metres import Metre
from studio.music.phrases import Key
from tests.ui.roll.roll_hall import bar, busy_bar
from ui.score import view as views
from ui.score.view import ScoreView
from ui.theme import PANEL

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9000 3000"><rect width="900"/></svg>'


class FakeEngraver:
    """Answers when it is told to; a note of bar 0 stands at 100, of bar 1 at 200."""

    def __init__(self, hear: Callable[[int, Answer], None]) -> None:
        self.hear = hear
        self.asked: list[Score] = []
        self.closed = False

    def engrave(self, score: Score) -> int:
        self.asked.append(score)
        return len(self.asked)

    def answer(self, words: str = "") -> None:
        places = (Place("lead-0-0-24-62", 1000, 500), Place("lead-1-24-24-62", 2000, 500))
        self.hear(len(self.asked), words or (Page(SVG, 9000, 3000, places),))

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def engravers() -> list[FakeEngraver]:
    return []


@pytest.fixture
def view(
    qtbot: QtBot, engravers: list[FakeEngraver], monkeypatch: pytest.MonkeyPatch
) -> Iterator[ScoreView]:
    def make(hear: Callable[[int, Answer], None]) -> FakeEngraver:
        engravers.append(FakeEngraver(hear))
        return engravers[-1]

    monkeypatch.setattr(views, "check", lambda: None)
    made = ScoreView(make_engraver=make)  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.resize(1000, 500)
    yield made
    made.close_down()


def show(view: ScoreView, *numbers: int) -> None:
    view.show_bars([busy_bar(number) for number in numbers], Metre(), Key(2))


def test_lines_are_engraved_one_at_a_time_and_only_where_something_differs(
    view: ScoreView, engravers: list[FakeEngraver], qtbot: QtBot
) -> None:
    show(view, *range(6))
    assert engravers == [], "nobody looks"
    view.show()
    (engraver,) = engravers
    assert [(s.part, len(s.bars)) for s in engraver.asked[0].staves] == [
        ("lead", 4), ("chords", 4), ("bass", 4),
    ]  # fmt: skip
    engraver.answer()
    qtbot.waitUntil(lambda: len(engraver.asked) == 2)
    engraver.answer()
    qtbot.waitUntil(lambda: view.engraved == (0, 1))
    show(view, *range(6))
    assert len(engraver.asked) == 2
    show(view, *range(7))
    assert len(engraver.asked) == 3
    view.close_down()
    assert engraver.closed


def test_what_sounds_is_lit(view: ScoreView, engravers: list[FakeEngraver], qtbot: QtBot) -> None:
    view.show_bars([bar(0), bar(1)], Metre(), None)
    view.show()
    engravers[0].answer()
    qtbot.waitUntil(lambda: view.engraved == (0,))
    for place, count in ((0.0, 1), (0.99, 1), (1.0, 0), (5.5, 1), (6.0, 0)):
        view.turn(place, True)
        assert len(view.lit) == count, place
    view.turn(5.5, True)
    middle = view.lit[0].rect.center().toPoint() - QPoint(4, 0)
    assert view.grab().toImage().pixelColor(middle).name() != PANEL.lower()
    view.turn(5.5, False)
    assert view.lit == ()


def test_it_says_why_there_is_no_score(
    view: ScoreView, engravers: list[FakeEngraver], qtbot: QtBot
) -> None:
    view.show_bars([bar(0)], Metre(), None)
    view.show()
    engravers[0].answer("Engraving the score stopped.")
    qtbot.waitUntil(lambda: view.words == "Engraving the score stopped.")
    assert len(engravers[0].asked) == 1, "the same is not asked for again"
    view.show_bars([bar(0), bar(1)], Metre(), None)
    assert len(engravers[0].asked) == 2
