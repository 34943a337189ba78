"""Bars are asked for like pictures and come back to whoever asked; phrases go into slots."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from pathlib import Path
from threading import current_thread, main_thread

import numpy as np
import pytest

from studio.engine import EngineError, Passage
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Phrase
from studio.session import Session
from tests.fakes import Pump, composing, fake, filled_deck, phrase_of, scene_of

Play = Callable[..., Pump]
TUNE = Phrase((Note("lead", 0, 1, 90, 100),), 4, remarks=("24 bars; the slot keeps the first 16.",))


def passage(number: int = 0) -> Passage:
    return Passage(latent=np.zeros(4, np.float32), number=number, metre=Metre(3, 4))


class Heard:
    """What became of the bars that it asks a session for, by their keys, and its sentences."""

    def __init__(self, session: Session) -> None:
        self.phrases: dict[object, Phrase | EngineError] = {}
        self.sentences: list[str] = []
        self._session = session
        session.noticed.connect(self.sentences.append)

    def ask(self, wanted: Passage, key: Hashable) -> None:
        def reply(phrase: Phrase | EngineError) -> None:
            assert current_thread() is main_thread()
            self.phrases[key] = phrase

        self._session.engines.compose("deck1", wanted, key, reply)


def test_bars_come_back_to_whoever_asked(play: Play) -> None:
    guest = composing()
    pump = play(guest, scene=scene_of(filled_deck(guest)))
    heard = Heard(pump.session)
    for number in (3, 4):
        heard.ask(passage(number), ("bar", number))
    pump.until(lambda: len(heard.phrases) == 2, "both bars")
    assert heard.phrases == {("bar", n): phrase_of(passage(n)) for n in (3, 4)}


def test_a_second_thought_about_a_bar_replaces_the_first(play: Play) -> None:
    guest = composing()
    pump = play(guest, scene=scene_of(filled_deck(guest)))
    heard = Heard(pump.session)
    guest.gate.shut()
    heard.ask(passage(0), "now")
    guest.gate.await_arrival()
    for number in (1, 2, 3):
        heard.ask(passage(number), "next")
    guest.gate.open()
    pump.until(lambda: "next" in heard.phrases, "the next bar")
    assert guest.engine.count("compose") == 2
    assert heard.phrases["next"] == phrase_of(passage(3))


def test_bars_that_cannot_be_made_are_told_and_stop_nothing(play: Play) -> None:
    guest = fake(composes=True)
    pump = play(guest, scene=scene_of(filled_deck(guest)))
    heard = Heard(pump.session)
    heard.ask(passage(), 7)
    pump.until(lambda: bool(heard.phrases), "word of the missing bar")
    assert heard.sentences == ["This engine cannot compose."]
    assert not pump.session.state("deck1").problem, "its pictures are well"
    assert str(heard.phrases[7]) == "This engine cannot compose."


def test_a_phrase_becomes_a_slots_point_and_its_remarks_are_told(play: Play) -> None:
    guest = composing()
    pump = play(guest, scene=scene_of(filled_deck(guest)))
    heard = Heard(pump.session)
    pump.session.slots.encode("deck1", 6, TUNE)
    pump.until(lambda: pump.session.scene.deck("deck1").slots[6] is not None, "the slot")
    held = pump.session.scene.deck("deck1").slots[6]
    assert held is not None
    assert held.origin == "encoded"
    assert held.latent[0] == pytest.approx(0.5)
    assert heard.sentences == ["24 bars; slot G keeps the first 16."]


@pytest.mark.parametrize(("sings", "given"), [(True, np.zeros((4, 4, 3), np.uint8)), (False, TUNE)])
def test_what_an_engine_does_not_take_in_is_refused_in_a_sentence(
    play: Play, sings: bool, given: object
) -> None:
    guest = composing() if sings else fake()
    pump = play(guest, scene=scene_of(filled_deck(guest)))
    heard = Heard(pump.session)
    pump.session.slots.encode("deck1", 6, given)  # type: ignore[arg-type]
    assert len(heard.sentences) == 1
    assert pump.session.scene.deck("deck1").slots[6] is None


def test_a_file_that_is_no_tune_is_told_in_a_sentence(play: Play, tmp_path: Path) -> None:
    guest = composing()
    pump = play(guest, scene=scene_of(filled_deck(guest)))
    heard = Heard(pump.session)
    file = tmp_path / "tune.mid"
    file.write_bytes(b"MThd?")
    pump.session.slots.encode("deck1", 6, file)
    pump.until(lambda: bool(heard.sentences), "a sentence")
    assert pump.session.scene.deck("deck1").slots[6] is None
