"""Texts that say by themselves where the music is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from studio.control.controls import ControlError
from studio.control.deck_controls import controls_of
from studio.document.parameters import Text
from studio.document.scene import Scene
from studio.engine import Job
from studio.engine.decks import checked
from studio.engine.registry import Registry
from studio.modulation import told
from studio.modulation.inputs import Inputs
from studio.modulation.offline import at_beat
from studio.session.shown import Now
from tests.fakes import FakeEngine, Guest, Pump, fake, filled_deck, scene_of

SHOWS = told.choice("shows", "The word", "")
WORD = Text(name="word", label="Word", default="hi", max_length=3, told_by="shows", help="")


def test_bar_beat_tempo_and_countdown_are_told_and_what_was_typed_stays_typed() -> None:
    six_eight = Inputs(bpm=96.4, bar_beats=3.0, pulse_beats=0.5, due_beat=9.0)
    said = {what: told.number(what, 7.5, six_eight) for what in told.WORDS}
    line = {"line": None}
    assert said == {"typed": None, "bar": 3, "beat": 4, "tempo": 96, "countdown": 3, **line}
    assert told.number("countdown", 7.5, Inputs()) is None, "no scene waits"
    assert told.number("countdown", 9.1, six_eight) == 0
    assert told.number("bar", 3 - 1e-9, six_eight) == 2, "a beat that has come is not cut off"


@pytest.fixture
def guest() -> Guest:
    made = fake()
    first = replace(made.spec.models[0], parameters=(WORD, SHOWS))
    made.spec = replace(made.spec, models=(first, *made.spec.models[1:]))
    return made


def showing(guest: Guest, shows: str) -> Scene:
    deck = filled_deck(guest)
    deck = deck.but(parameters={**deck.parameters, "word": "abc", "shows": shows})
    return checked(Registry.of(guest.spec), scene_of(deck))


def test_a_file_has_the_number_of_its_moment(guest: Guest) -> None:
    def word(shows: str, beat: float) -> object:
        scene = at_beat(showing(guest, shows), beat, lambda deck: guest.spec.controls(deck.model))
        return scene.front_deck.parameters["word"]

    assert [word("bar", beat) for beat in (0, 4, 4400)] == ["1", "2", "101"], "its last characters"
    assert word("typed", 9) == "abc"


def test_a_file_has_the_line_of_its_moment_and_nobody_is_asked_where_none_is_told(
    guest: Guest,
) -> None:
    def word(shows: str, said: str) -> object:
        asked.clear()

        def says(scene: Scene) -> str:
            asked.append(scene)
            return said

        scene = showing(guest, shows)
        found = at_beat(scene, 9.0, lambda deck: guest.spec.controls(deck.model), says=says)
        return found.front_deck.parameters["word"]

    asked: list[Scene] = []
    assert (word("line", "Roses"), len(asked)) == ("Ros", 1)
    assert (word("line", ""), len(asked)) == ("abc", 1), "nobody writes: what was typed"
    assert (word("bar", "Roses"), len(asked)) == ("3", 0)


class Playing:
    """A transport that plays, at the beat that a test says."""

    moves, beat = True, 0.0

    def clock(self) -> float:
        return 0.0

    def now(self, at_s: float) -> Now:
        return Now(self.beat, at_s, Inputs(), moves=True)

    def ahead(self, beat: float) -> Now:
        return Now(beat, 0.0, Inputs())


def test_the_stage_counts_with_the_music_and_the_hand_keeps_its_word(
    play: Callable[..., Pump], guest: Guest
) -> None:
    session = play(guest, scene=showing(guest, "bar")).session
    source, news = Playing(), list[dict[str, float | None]]()
    session.modulation.listen_to(source)
    session.modulation.moved.connect(news.append)
    for source.beat, word in ((0.0, "1"), (3.9, "1"), (4.0, "2")):
        assert session.modulation.moving
        session.modulation.step(0.0)
        assert session.shown.front_deck.parameters["word"] == word
    assert news == [{}], "who keeps what is shown hears of another number"
    assert session.scene.front_deck.parameters["word"] == "abc"
    session.open(showing(guest, "typed"))
    assert session.shown.front_deck.parameters["word"] == "abc"
    session.modulation.step(0.0)
    assert not session.modulation.moving


class Poet(FakeEngine):
    """Says where its puck's point is."""

    def words(self, job: Job) -> str:
        return f"Roses, {job.latent[0]:+.1f}"


def test_a_line_that_one_deck_says_is_told_to_another_and_to_whoever_asks(
    play: Callable[..., Pump], guest: Guest
) -> None:
    poet = Guest(Poet, name="poet")
    reader = filled_deck(guest, "deck2")
    reader = reader.but(parameters={**reader.parameters, "word": "abc", "shows": "line"})
    pump = play(poet, guest, scene=scene_of(filled_deck(poet, "deck1"), reader))
    session, controls = pump.session, controls_of(pump.session)
    said = list[str]()
    session.words.changed.connect(said.append)

    def shown() -> object:
        session.modulation.step(0.0)
        return session.shown.deck("deck2").parameters["word"]

    assert session.modulation.moving, "the line has come"
    assert shown() == "Ros", "what there is room for"
    session.pads.move("deck1", (0.9, 0.9))
    pump.settle()
    assert session.modulation.moving, "another line has come, although time stands"
    assert said == [session.words.now] == [controls.get("/words")]
    with pytest.raises(ControlError, match="cannot be set"):
        controls.set("/words", "mine")
    session.decks.remove("deck1")
    assert (session.words.now, shown()) == ("", "abc"), "nobody writes: what was typed"


def test_of_a_long_line_whole_words_are_told_in_letters_that_the_text_has() -> None:
    text = replace(WORD, max_length=12, alphabet="abcdefghijklmnopqrstuvwxyz ")
    assert told.fitted("the sea; the silent sea", text) == "the sea the"
    assert told.fitted("Unbrokenandlonger", text) == "nbrokenandlo"
