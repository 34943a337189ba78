"""The conductor: every note once, at its moment, whatever the transport does meanwhile; sources
that stumble or dawdle cost their own notes only."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import pytest

from studio.document.routes import Route
from studio.live.clock.timeline import AHEAD_S
from studio.live.clock.transport import Transport
from studio.live.conductor import Conductor
from studio.music.notes import Note
from studio.processes.messages import Due
from tests.fakes import is_one_sentence
from tests.studio.live.band import Band, FakePlayer, Phrase, Steps, note


def test_sixteenths_at_120_bpm_come_an_eighth_of_a_second_apart() -> None:
    band = Band(Steps())
    band.transport.play()
    band.run(2.0)
    assert band.pitches() == list(range(16))
    assert band.times() == [round(n / 8, 4) for n in range(16)]


def test_every_note_ends_after_its_length() -> None:
    band = Band(Phrase([note(1, length=0.5)]))
    band.transport.play()
    band.run(2.0)
    assert [(h.kind, round(h.at_s - 1000, 4)) for h in band.player.heard] == [
        (0x90, 0.5),
        (0x80, 0.75),
    ]


def test_sources_are_asked_for_spans_without_gap_or_overlap() -> None:
    steps = Steps()
    band = Band(steps)
    band.transport.play()
    band.run(3.0)
    ends = [end for _, end in steps.spans]
    assert [begin for begin, _ in steps.spans] == [0.0, *ends[:-1]]


def test_notes_leave_a_tenth_of_a_second_ahead_and_no_more() -> None:
    band = Band(Phrase([note(1)]))
    band.transport.play()
    band.run(0.39)
    assert not band.player._heap
    band.run(0.03)
    assert band.player._heap[0][0] - band.clock() == pytest.approx(AHEAD_S, abs=0.02)


def test_a_standing_transport_is_silent() -> None:
    band = Band(Steps())
    band.run(1.0)
    assert not band.player.heard


def test_stop_is_stop() -> None:
    band = Band(Phrase([note(0, length=100), note(2.05)]))
    band.transport.play()
    band.run(1.0)  # the second note has been sent, and is not yet due
    band.transport.stop()
    band.run(5.0)
    assert len(band.ons()) == 1
    assert not band.hanging()


def test_resume_goes_on_without_doubling_or_losing_a_note() -> None:
    band = Band(Steps())
    band.transport.play()
    band.run(1.0)
    band.transport.stop()
    band.run(0.5)
    band.transport.resume()
    band.run(1.0)
    assert band.pitches() == list(range(16))


@pytest.mark.parametrize("bpm", [20, 60, 119, 121, 240, 300])
def test_a_new_tempo_neither_doubles_nor_loses_nor_reorders_notes(bpm: float) -> None:
    band = Band(Steps())
    band.transport.play()
    band.run(1.03)
    band.transport.set_tempo(bpm)
    band.run(4.0)
    pitches = band.pitches()
    assert pitches == list(range(len(pitches)))
    assert band.times() == sorted(band.times())
    band.run(1.0)
    last, before = band.times()[-1], band.times()[-2]
    assert last - before == pytest.approx(15 / bpm, abs=1e-3)


def test_a_note_that_lasts_through_a_change_of_tempo_ends_on_its_beat() -> None:
    band = Band(Phrase([note(0, length=4), note(4, pitch=72)]))
    band.transport.play()
    band.run(0.5)
    band.transport.set_tempo(60)
    band.run(5.0)
    end = next(h.at_s for h in band.player.heard if h.kind == 0x80)
    assert end == pytest.approx(band.ons()[1].at_s, abs=1e-6)


@pytest.mark.parametrize("after_s", [0.95, 0.98, 1.0, 1.004, 1.03])
def test_locating_plays_every_note_from_there_once(after_s: float) -> None:
    band = Band(Steps())
    band.transport.play()
    band.run(after_s, turn_s=0.002)
    band.transport.locate(16)
    located = len(band.ons())
    band.run(1.0)
    assert band.pitches()[:located] == list(range(located))
    assert band.pitches()[located:] == list(range(64, 64 + 8))
    band.transport.stop()
    band.run(0.1)
    assert not band.hanging()


def test_a_nudge_neither_doubles_nor_loses_notes() -> None:
    band = Band(Steps())
    band.transport.play()
    for ahead_s in (0.05, -0.1, 0.02, -0.02):
        band.run(0.4)
        band.transport.nudge(ahead_s)
    band.run(4.0)
    assert band.pitches() == list(range(len(band.pitches())))
    assert min(b - a for a, b in zip(band.times(), band.times()[1:], strict=False)) > 0.11


def test_the_music_waits_for_the_count_in() -> None:
    band = Band(Steps())
    band.transport.set_count_in(1)
    band.transport.play()
    band.run(3.0)
    assert band.pitches() == list(range(8))
    assert band.times()[0] == 2.0


def test_after_a_pause_of_the_machine_the_music_goes_on_in_phase() -> None:
    band = Band(Steps())
    band.transport.play()
    band.run(1.0)
    band.clock.advance(3.0)  # suspended: what was queued has left the player
    band.player.play_until(band.clock())
    band.run(1.0)
    late = [t for t in band.times() if 1.2 < t < 3.94]
    assert not late, "what was missed came all at once"
    assert band.pitches()[-1] == 39
    assert not band.hanging() - {("out", 0, 39)}


# -- sources ---------------------------------------------------------------------------------------


class Stumbling(Steps):
    """Raises on every second call."""

    calls = 0

    def notes(self, start_beats: float, end_beats: float) -> Sequence[Note]:
        self.calls += 1
        if self.calls % 2:
            raise RuntimeError("lost the sheet")
        return super().notes(start_beats, end_beats)


class Failing(Steps):
    def notes(self, start_beats: float, end_beats: float) -> Sequence[Note]:
        raise RuntimeError("no sheet at all")


class Twice(Steps):
    """Plays notes outside of the span that it is asked for."""

    def notes(self, start_beats: float, end_beats: float) -> Sequence[Note]:
        return super().notes(max(0, start_beats - 1), end_beats + 1)


def test_a_source_that_raises_costs_its_own_notes_only() -> None:
    band = Band(Failing(track="bad"), Steps(track="good"))
    band.transport.play()
    band.run(2.0)
    assert band.pitches() == list(range(16))
    (sentence,) = band.notices
    assert is_one_sentence(sentence)
    assert "bad" in sentence
    assert band.conductor.failures["bad"] > 100


def test_a_source_that_plays_outside_of_its_span_is_not_heard_twice() -> None:
    band = Band(Twice())
    band.transport.play()
    band.run(2.0)
    assert band.pitches() == list(range(16))


def test_a_source_can_come_and_go_while_the_others_play() -> None:
    band = Band(Steps(track="one"), routes=[Route(track=t, port="out") for t in ("one", "two")])
    band.transport.play()
    band.run(1.0)
    band.conductor.add(Phrase([note(3, pitch=100)], track="two"))
    band.run(0.5)
    band.conductor.remove("one")
    band.run(0.5)
    assert 100 in band.pitches()
    assert len(band.pitches()) == 14  # 12 until beat 3 and what was sent, and the one


def test_a_second_source_of_a_track_replaces_the_first() -> None:
    band = Band(Steps())
    band.conductor.add(Phrase([note(0, pitch=99)]))
    band.transport.play()
    band.run(1.0)
    assert band.pitches() == [99]


# -- routes ----------------------------------------------------------------------------------------


def test_a_track_without_a_route_is_silent() -> None:
    band = Band(Steps(), routes=[Route(track="another", port="out")])
    band.transport.play()
    band.run(1.0)
    assert not band.player.heard


def test_one_track_can_sound_on_two_ports() -> None:
    routes = [
        Route(track="steps", port="a"),
        Route(track="steps", port="b", channel=3, transpose=12),
    ]
    band = Band(Steps(), routes=routes)
    band.transport.play()
    band.run(0.5)
    assert band.pitches("a") == [0, 1, 2, 3]
    assert band.pitches("b") == [12, 13, 14, 15]
    assert {h.data[0] for h in band.ons("b")} == {0x92}


def test_a_muted_track_ends_what_it_sounds() -> None:
    band = Band(Phrase([note(0, length=50)]))
    band.transport.play()
    band.run(0.5)
    band.conductor.route([Route(track="steps", port="out", mute=True)])
    band.run(0.1)
    assert not band.hanging()


def test_programs_are_chosen_when_play_begins_and_when_they_change() -> None:
    band = Band(Steps(), routes=[Route(track="steps", port="out", program=5)])

    def programs() -> list[int]:
        return [h.data[1] for h in band.player.heard if h.kind == 0xC0]

    band.transport.play()
    band.run(1.0)
    assert programs() == [5]
    assert band.player.heard[0].kind == 0xC0  # before the first note
    band.conductor.route([Route(track="steps", port="out", program=7)])
    band.run(1.0)
    assert programs() == [5, 7]
    band.conductor.port_opened("out")  # a synthesiser that was switched on again
    band.run(0.1)
    assert programs() == [5, 7, 7]


def test_the_sound_gets_its_notes_and_the_ports_theirs() -> None:
    routes = [Route(track="steps", port="sound"), Route(track="steps", port="out")]
    transport, player, sound = Transport(), FakePlayer(), FakePlayer()
    conductor = Conductor(transport, player, sound=sound)
    conductor._send([Due(0, route.port, b"\x90\x40\x40") for route in routes])
    assert [e[3].port for e in player._heap] == ["out"]
    assert [e[3].port for e in sound._heap] == ["sound"]


def test_an_outlet_that_fails_is_one_sentence_and_the_other_plays_on() -> None:
    class Broken(FakePlayer):
        def send(self, messages: Sequence[Due]) -> None:
            raise OSError("gone")

    band = Band(Steps(), routes=[Route(track="steps", port=p) for p in ("sound", "out")])
    band.conductor._outlets = (band.player, Broken())
    band.transport.play()
    band.run(1.0)
    assert band.pitches() == list(range(8))
    (sentence,) = band.notices
    assert is_one_sentence(sentence)


# -- the thread ------------------------------------------------------------------------------------


class Waiting(Steps):
    """Hangs in its first call until it is let go."""

    def __init__(self) -> None:
        super().__init__(track="slow")
        self.let_go = threading.Event()

    def notes(self, start_beats: float, end_beats: float) -> Sequence[Note]:
        self.let_go.wait()
        return super().notes(start_beats, end_beats)


class Awaited(FakePlayer):
    """Says when it has been sent so many messages, or was stopped."""

    def __init__(self, messages: int) -> None:
        super().__init__()
        self._missing = messages
        self.arrived = threading.Event()
        self.stopped = threading.Event()

    def send(self, messages: Sequence[Due]) -> None:
        super().send(messages)
        self._missing -= len(messages)
        if self._missing <= 0:
            self.arrived.set()

    def stop(self) -> None:
        super().stop()
        self.stopped.set()


def test_on_its_own_thread_a_source_that_hangs_costs_its_own_notes_only() -> None:
    transport, player = Transport(), Awaited(messages=8)
    transport.set_tempo(300)
    conductor, slow = Conductor(transport, player), Waiting()
    for source in (slow, Steps(track="good")):
        conductor.add(source)
    conductor.route([Route(track=t, port="out") for t in ("slow", "good")])
    conductor.start()
    try:
        transport.play()
        assert player.arrived.wait(5)
        player.stopped.clear()
        before = time.perf_counter()
        transport.stop()
        assert player.stopped.wait(5), "stop did not come through"
        assert time.perf_counter() - before < 2
    finally:
        slow.let_go.set()
        assert conductor.close()


def test_closing_silences() -> None:
    transport, player = Transport(), Awaited(messages=1)
    conductor = Conductor(transport, player)
    conductor.add(Steps())
    conductor.route([Route(track="steps", port="out")])
    conductor.start()
    transport.play()
    assert player.arrived.wait(5)
    stops = player.stops
    assert conductor.close()
    assert player.stops > stops
