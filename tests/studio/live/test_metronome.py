"""The metronome clicks on the metre's beats, the first of a bar higher and louder."""

from __future__ import annotations

from studio.document.routes import DRUM_CHANNEL, METRONOME_TRACK, Route
from studio.document.score import METRONOME_LEVEL
from studio.live.clock.transport import Transport
from studio.live.metronome import Metronome
from tests.fakes import FakeClock
from tests.studio.live.band import Band


def metronome(on: bool = True) -> Metronome:
    made = Metronome(Transport(FakeClock()))
    made.on = on
    return made


def test_four_four() -> None:
    clicks = metronome().notes(0, 8)
    assert [c.start_beats for c in clicks] == [0, 1, 2, 3, 4, 5, 6, 7]
    assert [c.pitch for c in clicks] == [76, 77, 77, 77, 76, 77, 77, 77]
    assert clicks[0].velocity > clicks[1].velocity


def test_spans_that_meet_share_no_click() -> None:
    made = metronome()
    clicks = [c.start_beats for n in range(80) for c in made.notes(n / 10, (n + 1) / 10)]
    assert clicks == [0, 1, 2, 3, 4, 5, 6, 7]


def test_six_eight_clicks_on_eighths() -> None:
    made = metronome()
    made._transport.set_metre(6, 8)
    clicks = made.notes(0, 3)
    assert [c.start_beats for c in clicks] == [0, 0.5, 1, 1.5, 2, 2.5]
    assert [c.pitch for c in clicks].count(76) == 1


def test_its_level() -> None:
    made = metronome()
    made.level = METRONOME_LEVEL.low
    assert {c.velocity for c in made.notes(0, 4)} == {1}


def test_off_it_is_heard_in_the_count_in_only() -> None:
    band = Band(routes=[Route(track=METRONOME_TRACK, port="out", channel=DRUM_CHANNEL)])
    band.conductor.add(Metronome(band.transport))
    band.transport.set_count_in(1)
    band.transport.play()
    band.run(6.0)
    assert band.times() == [0, 0.5, 1, 1.5]
    assert band.pitches() == [76, 77, 77, 77]
