"""A wish becomes a song that sounds at the next phrase, and a keepsake of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from studio.document.scene import Scene
from studio.document.score import METRE_BEATS, TEMPO
from studio.engine import EngineError
from studio.live.clock.scene_transport import SceneTransport
from studio.outputs.room import OutputRoom
from studio.requests.archive import MADE, Song
from studio.requests.guests import gathering
from studio.requests.guests.adapter import Heard
from studio.requests.queue import SongRequest
from studio.requests.service import RequestService
from studio.settings.model import RequestSettings
from tests.fakes import Pump, composing
from tests.ports import free_tcp
from tests.studio.live.ensemble.ensemble_stage import BAR_S, Stage
from tests.studio.requests.guests.test_gathering import Chat

ON = RequestSettings(on=True, lets_through=True)


class Hall(Stage):
    """A stage that takes requests; `kept` are the songs whose files were to be made."""

    def __init__(self, play: Callable[..., Pump], folder: Path) -> None:
        super().__init__(play, composing())
        self.room = OutputRoom(lambda: None, clock=self.clock)
        self.kept: list[Song] = []
        self.made = Event()
        self.sentences: list[str] = []
        self.swayed: list[tuple[float, float]] = []
        self.service = RequestService(
            self.session, self.ensemble, self.transport, self.room, folder,
            sway=lambda *place: self.swayed.append(place), make=self._make, clock=self.clock,
        )  # fmt: skip
        self.service.noticed.connect(self.sentences.append)
        self.queue = self.service.queue
        self.scene_transport = SceneTransport(self.session, self.transport)
        self.session.changed.connect(self._follow_time)

    def _follow_time(self, scene: Scene, before: Scene) -> None:
        self.scene_transport.follow(scene.score, before.score)

    def _make(self, song: Song, folder: Path) -> None:
        for name in MADE:
            (folder / name).write_bytes(b"x")
        self.kept.append(song)
        self.made.set()

    def open(self) -> Hall:
        self.start()
        self.service.use(ON.but(port=free_tcp()))
        self.service.step()
        return self

    def run(self, seconds: float, *, waits: bool = True) -> None:
        steps = max(1, round(seconds / 0.05))
        for _ in range(steps):
            super().run(seconds / steps, waits=waits)
            self.service.step()
            self.room.turn()

    def ask(self, words: str, phone: str = "a") -> SongRequest:
        return self.queue.ask(words, phone=phone)

    def state(self, request: SongRequest) -> str:
        found = self.queue.find(request.token)
        assert found is not None
        return found.state

    def close(self) -> None:
        self.service.close()
        self.room.close()


@pytest.fixture
def hall(play: Callable[..., Pump], tmp_path: Path) -> Iterator[Hall]:
    made = Hall(play, tmp_path / "Songs")
    yield made.open()
    made.close()


def tune_of(hall: Hall) -> list[int]:
    """The songs that the engine was asked for whole, by their bars."""
    return [passage.bars for passage in hall.passages if passage.opens]


def test_a_song_begins_at_the_next_phrase_and_the_next_one_behind_it(hall: Hall) -> None:
    first = hall.ask("8 bars in 3/4 at 120 bpm, seed 5")
    second = hall.ask("4 bars in 4/4 at 60 bpm", "b")
    hall.run(0.3)
    assert (hall.state(first), tune_of(hall)) == ("next", [8])  # composed ahead of its turn
    hall.transport.play()
    hall.run(4 * BAR_S - 0.5)
    assert hall.state(first) == "next"
    assert hall.session.scene.score[METRE_BEATS.name] == 4
    until_s = hall.service.performer.until_next_s
    assert until_s is not None
    assert 0.3 < until_s < 0.7
    hall.run(2.0)
    assert hall.state(first) == "sounding"
    assert hall.session.scene.score[METRE_BEATS.name] == 3
    assert hall.session.scene.deck("deck1").seed == 5
    song = hall.ensemble.song("deck1")
    assert song is not None
    start_s = song.start_beats * 0.5
    assert 8.0 <= start_s < 9.5  # the first whole bar in three behind the phrase's end
    assert tune_of(hall) == [8, 4]
    hall.run(start_s + 8 * 1.5 - hall.transport.place * 0.5 - 0.4)
    assert (hall.state(first), hall.state(second)) == ("played", "next")
    hall.run(3.0)
    assert hall.state(second) == "sounding"
    assert hall.session.scene.score[TEMPO.name] == 60
    hall.run(20.0)
    assert hall.state(second) == "played"
    assert hall.ensemble.late_bars <= 2  # where the metre changes
    hall.transport.stop()


def test_the_notes_of_the_song_are_what_sounds(hall: Hall) -> None:
    hall.go(71)
    hall.ask("4 bars in 4/4 at 120 bpm")
    hall.transport.play()
    hall.run(9 * BAR_S)
    hall.transport.stop()
    pitches = hall.pitches()
    assert 60 not in pitches[:16]
    assert pitches[16:32] == [60] * 16  # what the fake composes without a point


def test_its_keepsake_has_what_makes_it_again_and_the_picture_on_stage(hall: Hall) -> None:
    hall.room.show("deck1", np.full((9, 16, 3), 200, np.uint8))
    asked = hall.ask("4 bars in 4/4 at 120 bpm, seed 77")
    hall.transport.play()
    hall.run(5 * BAR_S)
    assert hall.made.wait(10)
    hall.service.step()
    hall.transport.stop()
    assert [(song.token, song.seed, song.number) for song in hall.kept] == [(asked.token, 77, 1)]
    song = hall.service.archive.find(asked.token)
    assert song is not None
    assert song.understood == "4/4 · 4 bars · 120 bpm · seed 77"
    assert hall.service.archive.there(song) >= set(MADE)


def test_a_song_that_the_performer_refuses_or_that_cannot_be_composed_is_not_played(
    hall: Hall,
) -> None:
    refused, lost = hall.ask("4 bars"), hall.ask("5 bars", "b")
    hall.run(0.2)
    hall.queue.refuse(refused.token)
    compose = hall.guest.engine.compose

    def breaks(passage: object) -> None:
        raise EngineError("Out of tune.")

    hall.guest.engine.compose = breaks
    hall.run(0.3)
    hall.guest.engine.compose = compose
    assert [hall.state(each) for each in (refused, lost)] == ["refused", "refused"]
    assert hall.sentences == ["“5 bars” could not be composed: Out of tune."]


def test_a_song_ends_where_play_begins_anew(hall: Hall) -> None:
    asked = hall.ask("8 bars in 4/4")
    hall.transport.play()
    hall.run(5 * BAR_S)
    assert hall.state(asked) == "sounding"
    hall.transport.stop()
    hall.run(0.2)
    hall.transport.play()
    hall.run(BAR_S)
    assert hall.state(asked) == "played"
    hall.transport.stop()


def test_the_page_opens_and_closes_as_the_settings_say(hall: Hall) -> None:
    address = hall.service.address
    assert address is not None
    assert address.startswith("http://127.0.0.1:")
    port = int(address.rstrip("/").rpartition(":")[2])
    hall.room.show("deck1", np.zeros((9, 16, 3), np.uint8))
    hall.service.use(ON.but(port=port, code_on_stage=True))
    assert hall.service.address == address
    badge = hall.room._badge
    assert badge is not None
    assert {0, 255} == set(np.unique(badge))
    hall.service.use(RequestSettings())
    assert hall.service.address is None
    assert hall.room._badge is None
    hall.service.step()
    assert not hall.queue.is_open


def test_the_crowd_sways_the_modulation_and_is_seen_on_stage(hall: Hall) -> None:
    votes, badge = hall.service.votes, lambda: hall.room._badge
    assert not votes.is_open
    settings = ON.but(port=free_tcp(), moods=True)
    hall.service.use(settings)
    empty = badge()
    assert empty is not None
    votes.move(4, 2, phone="a")
    hall.service.step()
    assert hall.swayed == [(1.0, 0.5)]
    assert not np.array_equal(badge(), empty)
    hall.service.use(settings.but(votes_on_stage=False))
    assert badge() is None
    hall.service.use(RequestSettings())
    assert hall.swayed[-1] == (0.5, 0.5)
    assert not votes.is_open


def test_chats_are_opened_with_the_page_and_closed_with_it(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, no_thread_left_behind: None
) -> None:
    settings = ON.but(port=free_tcp(), chat=True)
    hall.service.use(settings)
    assert hall.sentences[0].startswith("No chat is named: there is no guests.toml in ")
    chat = Chat()
    monkeypatch.setattr(gathering, "read", lambda _: (chat,))
    hall.service.use(settings.but(chat=False))
    hall.service.use(settings)
    assert chat.opened.wait(10)
    chat.hear(Heard("4 bars", "Ann", "ann"))
    asked = hall.queue.line[0]
    assert chat.told() == ("Ann", "4 bars: it is next.")
    hall.queue.refuse(asked.token)
    hall.service.step()
    assert chat.told() == ("Ann", "4 bars is not played.")
    hall.service.use(RequestSettings())
    assert chat.closed
