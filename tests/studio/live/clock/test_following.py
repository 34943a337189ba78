"""Following MIDI clock: locked within two beats, the phase held through jitter, gaps and changes of
tempo; start, stop, continue and song position are obeyed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studio.live.clock.following import ClockFollower
from studio.processes.messages import Received
from tests.fakes import FakeClock, is_one_sentence
from tests.studio.live.band import Band, Steps
from tests.studio.live.master import BEGIN_S, CONTINUE, START, STOP, Master, position, said, tick_at


class Listener:
    """A follower, and how far its beat is off its master's while it listens."""

    def __init__(self) -> None:
        self.clock = FakeClock(BEGIN_S)
        self.follower = ClockFollower(self.clock)
        self.off_ms: list[tuple[float, float]] = []  # (beat, error)
        self.locked_at: float | None = None

    def feed(self, *messages: Received) -> None:
        for message in messages:
            self.clock.now = message.at_s
            self.follower.feed(message)

    def listen(self, master: Master, beats: float) -> None:
        self.feed(said(START, BEGIN_S - 0.01))
        for message in master.ticks(beats):
            self.feed(message)
            true = master.beat_at(message.at_s)
            line = self.follower.line
            if line is not None:
                error = (line.beat_at(message.at_s) - true) * 60_000 / line.bpm
                self.off_ms.append((true, error))
            if self.locked_at is None and self.follower.locked:
                self.locked_at = true

    def worst_ms(self, begin: float, end: float = float("inf")) -> float:
        return max(abs(off) for beat, off in self.off_ms if begin <= beat < end)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.mark.parametrize("bpm", [20, 60, 120, 174, 300])
def test_with_two_milliseconds_of_jitter_it_locks_within_two_beats_and_stays(
    listener: Listener, bpm: float
) -> None:
    listener.listen(Master(bpm, jitter_s=0.002), beats=200)
    assert listener.locked_at is not None
    assert listener.locked_at < 2
    assert listener.worst_ms(2) < 3
    assert listener.follower.line is not None
    assert listener.follower.line.bpm == pytest.approx(bpm, rel=0.003)


def test_it_says_how_uneven_the_clock_is_and_how_far_off_it_keeps_the_beat(
    listener: Listener,
) -> None:
    listener.listen(Master(120, jitter_s=0.002), beats=50)
    assert listener.follower.jitter_ms == pytest.approx(2, abs=0.7)
    assert listener.follower.phase_error_ms < 1
    assert is_one_sentence(listener.follower.sentence)


def test_an_even_clock_is_followed_exactly(listener: Listener) -> None:
    listener.listen(Master(97), beats=20)
    assert listener.worst_ms(1) < 0.01


@pytest.mark.parametrize(
    "lost",
    [
        pytest.param(lambda tick: tick % 17 == 16, id="one in seventeen"),
        pytest.param(lambda tick: tick % 384 > 360, id="a beat in sixteen"),
        pytest.param(lambda tick: 960 < tick < 1056, id="four beats"),
        pytest.param(lambda tick: tick == 5, id="one of the first"),
    ],
)
def test_dropouts_are_bridged_in_phase(listener: Listener, lost: Callable[[int], bool]) -> None:
    listener.listen(Master(120, jitter_s=0.002, lost=lost), beats=100)
    assert listener.worst_ms(4) < 3


def test_after_ten_seconds_of_silence_it_is_off_by_a_few_milliseconds_for_less_than_a_beat(
    listener: Listener,
) -> None:
    listener.listen(Master(120, jitter_s=0.002, lost=lambda tick: 960 < tick < 1440), beats=100)
    assert listener.worst_ms(60, 61) < 8
    assert listener.worst_ms(61) < 3


@pytest.mark.parametrize(
    ("before", "after"), [(120, 121), (120, 140), (60, 120), (140, 70), (180, 60)]
)
def test_another_tempo_is_found_within_a_beat_and_no_tick_is_miscounted(
    listener: Listener, before: float, after: float
) -> None:
    master = Master(lambda beat: before if beat < 40 else after, jitter_s=0.0005)
    listener.listen(master, beats=80)
    assert listener.worst_ms(41.5) < 3


def test_a_ritardando_is_followed(listener: Listener) -> None:
    master = Master(lambda beat: 120 - min(60.0, max(0.0, 2 * (beat - 20))), jitter_s=0.001)
    listener.listen(master, beats=80)
    assert listener.worst_ms(4) < 15
    assert listener.worst_ms(60) < 3


def test_ticks_that_were_held_up_and_come_at_once_do_not_move_the_beat(listener: Listener) -> None:
    held_up = dict.fromkeys(range(480, 485), BEGIN_S + 480 / 48 + 0.1)
    listener.feed(said(START, BEGIN_S - 0.01))
    for tick in range(960):
        listener.feed(tick_at(held_up.get(tick, BEGIN_S + tick / 48)))
        line = listener.follower.line
        if tick > 24 and line is not None:
            assert line.beat_at(listener.clock()) == pytest.approx(
                (listener.clock() - BEGIN_S) * 2, abs=0.01
            )


def test_without_a_clock_it_says_so(listener: Listener) -> None:
    assert listener.follower.line is None
    assert is_one_sentence(listener.follower.sentence)


def test_a_lost_clock_is_a_sentence_and_its_tempo_is_held(listener: Listener) -> None:
    listener.listen(Master(120), beats=8)
    listener.clock.advance(5)
    assert not listener.follower.locked
    assert "120.0 bpm is held" in listener.follower.sentence
    assert listener.follower.line is not None
    assert listener.follower.line.beat_at(listener.clock()) > 17


def test_other_messages_are_not_the_clocks(listener: Listener) -> None:
    assert not listener.follower.feed(said(b"\x90\x40\x40", 0))
    assert not listener.follower.feed(said(b"\xf2\x00", 0))
    assert listener.follower.feed(tick_at(0))


# -- with a transport ------------------------------------------------------------------------------


class Following(Band):
    """A band that follows a clock."""

    def __init__(self, *sources: Steps) -> None:
        super().__init__(*sources)
        self.follower = ClockFollower(self.clock)
        self.transport.follow(self.follower)

    def hear(self, *messages: Received) -> None:
        """Take the messages at their moments, with the conductor's turns in between."""
        for message in messages:
            while self.clock() + 0.01 < message.at_s:
                self.run(0.01)
            self.clock.now = max(self.clock.now, message.at_s)
            self.player.play_until(self.clock())
            self.follower.feed(message)
            self.transport.turn()
            self.conductor.turn()

    def ticks(self, beats: float, bpm: float = 120, first_s: float | None = None) -> None:
        """Even ticks; the first one now."""
        first_s = self.clock() if first_s is None else first_s
        self.hear(*(tick_at(first_s + n * 60 / bpm / 24) for n in range(round(beats * 24))))


def test_start_plays_from_the_beginning_with_the_first_tick() -> None:
    band = Following(Steps())
    band.hear(said(START, BEGIN_S))
    assert band.transport.state == "stopped"
    band.ticks(4, first_s=BEGIN_S + 0.1)
    assert band.transport.state == "playing"
    assert band.pitches() == list(range(16))
    # The tempo is known from the second tick on only, so that the first note waits for it.
    assert band.times()[0] < 0.1 + 0.03
    assert band.times()[1:] == pytest.approx([0.1 + n / 8 for n in range(1, 16)], abs=1e-3)


def test_stop_stops_and_continue_goes_on_there() -> None:
    band = Following(Steps())
    band.hear(said(START, BEGIN_S))
    band.ticks(2)
    band.hear(said(STOP, band.clock()))
    assert (band.transport.state, band.transport.place) == ("stopped", 2)
    assert not band.hanging()
    band.run(1)
    band.hear(said(CONTINUE, band.clock()))
    band.ticks(2)
    assert band.transport.place == pytest.approx(4, abs=0.05)
    assert band.pitches() == list(range(16))


def test_ticks_alone_give_the_tempo_and_move_nothing() -> None:
    band = Following(Steps())
    band.ticks(4, bpm=150)
    assert band.transport.state == "stopped"
    assert band.transport.bpm == pytest.approx(150, rel=1e-3)


def test_continue_after_a_song_position_plays_from_there() -> None:
    band = Following(Steps())
    band.ticks(4)
    band.hear(said(position(33.25), band.clock()))
    assert band.transport.place == 33.25
    band.hear(said(CONTINUE, band.clock()))
    band.ticks(2)
    assert band.pitches()[0] == 133 - 128
    assert band.transport.place == pytest.approx(35.25, abs=0.05)


def test_a_song_position_while_it_plays_jumps() -> None:
    band = Following(Steps())
    band.hear(said(START, BEGIN_S))
    band.ticks(2)
    band.hear(said(position(16), band.clock()))
    band.ticks(1)
    assert band.transport.place == pytest.approx(17, abs=0.05)
    assert band.transport.state == "playing"


def test_a_clock_that_is_lost_is_bridged_and_found_again_in_phase() -> None:
    band = Following(Steps())
    band.hear(said(START, BEGIN_S))
    band.ticks(8)
    band.run(3.0)
    assert band.transport.state == "playing"
    band.ticks(8, first_s=BEGIN_S + 7.5)
    assert band.pitches() == list(range(len(band.pitches())))
    assert band.transport.place == pytest.approx(23, abs=0.05)


def test_played_by_hand_it_falls_in_on_the_clocks_beat() -> None:
    band = Following(Steps())
    band.ticks(8.5)
    band.transport.play()
    band.ticks(4, first_s=BEGIN_S + 8.5 / 2)
    assert band.times()[0] == pytest.approx(4.5, abs=1e-3)
    assert band.pitches()[0] == 0


def test_a_hand_can_stop_what_the_clock_started() -> None:
    band = Following(Steps())
    band.hear(said(START, BEGIN_S))
    band.ticks(2)
    band.transport.stop()
    band.ticks(2)
    assert band.transport.state == "stopped"


def test_while_a_clock_is_followed_the_tempo_is_its_own_and_the_artist_is_told() -> None:
    band = Following(Steps())
    band.ticks(4)
    band.transport.set_tempo(90)
    assert band.transport.bpm == pytest.approx(120, rel=1e-3)
    assert [is_one_sentence(n) for n in band.notices] == [True]


def test_a_nudge_leads_the_clock_by_so_much() -> None:
    band = Following(Steps())
    band.hear(said(START, BEGIN_S))
    band.ticks(4)
    band.transport.nudge(0.02)
    band.ticks(4, first_s=BEGIN_S + 2)
    assert band.times()[-1] % 0.125 == pytest.approx(0.105, abs=1e-3)


def test_left_alone_it_goes_on_at_the_tempo_reached() -> None:
    band = Following(Steps())
    band.hear(said(START, BEGIN_S))
    band.ticks(8, bpm=150)
    band.transport.follow(None)
    band.run(2.0)
    assert band.transport.bpm == pytest.approx(150, rel=1e-3)
    assert band.pitches() == list(range(len(band.pitches())))


def test_joined_while_it_plays_it_keeps_its_beat_count_and_takes_the_clocks_phase() -> None:
    band = Band(Steps())
    band.transport.play()
    band.run(1.03)
    follower = ClockFollower(band.clock)
    band.transport.follow(follower)
    begin_s = band.clock()
    for n in range(96):
        while band.clock() + 0.01 < begin_s + n / 48:
            band.run(0.01)
        follower.feed(tick_at(begin_s + n / 48))
    assert band.transport.state == "playing"
    assert band.transport.place == pytest.approx(2 + 96 / 24, abs=0.1)


def test_a_clock_that_plays_already_is_joined_where_it_is() -> None:
    band = Band(Steps())
    follower = ClockFollower(band.clock)
    follower.feed(said(START, BEGIN_S))
    for n in range(24 * 8):
        band.clock.now = BEGIN_S + n / 48
        follower.feed(tick_at(band.clock()))
    band.transport.follow(follower)
    assert band.transport.place == pytest.approx(8, abs=0.05)
    band.run(1.0)
    assert band.pitches() == [32, 33, 34, 35, 36, 37, 38, 39]
    assert band.conductor.missed == 0


@pytest.mark.parametrize("data", [b"\xf2", b"\xf2\1", b"\xf2\1\2\3", b"", b"\xf9", b"\xf1\1"])
def test_messages_of_another_length_move_nothing(listener: Listener, data: bytes) -> None:
    listener.feed(said(data, BEGIN_S))
    assert listener.follower.cue.number == 0


def test_starts_and_stops_without_ticks_play_nothing(listener: Listener) -> None:
    listener.feed(*(said(data, BEGIN_S + n / 100) for n in range(500) for data in (START, STOP)))
    listener.feed(said(START, BEGIN_S + 6))
    assert not listener.follower.cue.playing
    assert listener.follower.line is None


def test_a_storm_of_starts_and_stops_leaves_the_tempo_and_the_last_word(listener: Listener) -> None:
    for tick, message in enumerate(Master(120).ticks(20)):
        listener.feed(message)
        if 100 < tick < 300:
            listener.feed(*(said(data, message.at_s + 0.001) for data in (STOP, CONTINUE, START)))
    assert listener.follower.cue.playing
    assert listener.follower.line is not None
    assert listener.follower.line.bpm == pytest.approx(120, abs=0.1)


@pytest.mark.parametrize("bpm", [5, 350, 416, 600, 3000])
def test_a_tempo_that_nobody_plays_raises_nothing(listener: Listener, bpm: float) -> None:
    listener.listen(Master(bpm), beats=20)
    line = listener.follower.line
    assert line is None or 15 <= line.bpm <= 417
    assert is_one_sentence(listener.follower.sentence)


def test_ticks_of_one_moment_or_backwards_raise_nothing(listener: Listener) -> None:
    listener.feed(*(tick_at(BEGIN_S) for _ in range(300)))
    listener.feed(*(tick_at(BEGIN_S - n / 48) for n in range(300)))
    listener.listen(Master(120), beats=20)
    assert listener.follower.line is not None
    assert listener.follower.line.bpm == pytest.approx(120, abs=0.5)


def test_after_a_day_of_sleep_the_tempo_is_there_again(listener: Listener) -> None:
    listener.feed(*(tick_at(BEGIN_S + n / 48) for n in range(200)))
    listener.feed(*(tick_at(BEGIN_S + 86_400.007 + n / 40) for n in range(200)))
    assert listener.follower.line is not None
    assert listener.follower.line.bpm == pytest.approx(100, abs=0.5)
