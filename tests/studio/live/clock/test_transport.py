"""The transport: stop is stop, a count-in counts, a change of tempo keeps the phase."""

from __future__ import annotations

import pytest

from studio.document.parameters import ParameterError
from studio.live.clock.transport import Transport
from tests.fakes import FakeClock


class Stage:
    """A transport and the foot on it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.transport = Transport(self.clock)
        self.transport.lead_s = 0.0
        self.changes = 0
        self.transport.changed.connect(self._count)

    def _count(self) -> None:
        self.changes += 1


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_it_stands_at_the_beginning(stage: Stage) -> None:
    assert (stage.transport.state, stage.transport.place, stage.transport.bpm) == (
        "stopped",
        0,
        120,
    )


def test_it_plays_at_its_tempo(stage: Stage) -> None:
    stage.transport.play()
    stage.clock.advance(3)
    assert (stage.transport.state, stage.transport.place) == ("playing", 6)


def test_the_first_beat_has_time_to_reach_the_ports(stage: Stage) -> None:
    stage.transport.lead_s = 0.03
    stage.transport.play()
    stage.clock.advance(0.03)
    assert stage.transport.place == pytest.approx(0, abs=1e-9)


def test_stop_stands_still_and_resume_goes_on_from_there(stage: Stage) -> None:
    stage.transport.play()
    stage.clock.advance(1.25)
    stage.transport.stop()
    stage.clock.advance(10)
    assert (stage.transport.state, stage.transport.place) == ("stopped", 2.5)
    stage.transport.resume()
    stage.clock.advance(0.5)
    assert stage.transport.place == 3.5


def test_play_begins_at_home(stage: Stage) -> None:
    stage.transport.locate(8)
    stage.transport.play()
    stage.clock.advance(1)
    stage.transport.stop()
    stage.transport.play()
    assert stage.transport.place == 8


def test_locating_while_it_plays_goes_on_from_there_at_once(stage: Stage) -> None:
    stage.transport.play()
    stage.clock.advance(1)
    stage.transport.locate(16)
    stage.clock.advance(0.5)
    assert (stage.transport.state, stage.transport.place) == ("playing", 17)


@pytest.mark.parametrize("nowhere", [-1, float("nan"), float("inf")])
def test_there_is_no_place_before_the_beginning(stage: Stage, nowhere: float) -> None:
    with pytest.raises(ValueError, match="no place"):
        stage.transport.locate(nowhere)


def test_two_bars_of_count_in_come_before_the_music(stage: Stage) -> None:
    stage.transport.set_count_in(2)
    stage.transport.play()
    assert (stage.transport.state, stage.transport.place) == ("counting in", -8)
    stage.clock.advance(3.99)
    assert stage.transport.state == "counting in"
    stage.clock.advance(0.01)
    assert (stage.transport.state, stage.transport.place) == ("playing", 0)


def test_the_count_in_is_in_bars_of_the_metre(stage: Stage) -> None:
    stage.transport.set_metre(6, 8)
    stage.transport.set_count_in(1)
    stage.transport.play()
    assert stage.transport.place == -3


def test_stopped_in_the_count_in_it_stands_where_the_music_would_have_begun(stage: Stage) -> None:
    stage.transport.set_count_in(1)
    stage.transport.play()
    stage.clock.advance(1)
    stage.transport.stop()
    assert stage.transport.place == 0


def test_resume_does_not_count_in(stage: Stage) -> None:
    stage.transport.set_count_in(1)
    stage.transport.resume()
    assert stage.transport.state == "playing"


def test_a_new_tempo_keeps_the_phase(stage: Stage) -> None:
    stage.transport.play()
    stage.clock.advance(1)
    stage.transport.set_tempo(60)
    assert stage.transport.place == 2
    stage.clock.advance(0.12)  # what is nearer than that has gone to the player already
    assert stage.transport.place == pytest.approx(2.24)
    stage.clock.advance(1)
    assert stage.transport.place == pytest.approx(3.24)


def test_a_turned_knob_changes_the_tempo_while_it_turns(stage: Stage) -> None:
    stage.transport.play()
    for step in range(1000):
        stage.transport.set_tempo(120 + step / 10)
        stage.clock.advance(0.001)
    line = stage.transport.movement.line
    assert line.piece_at(stage.clock()).bpm == pytest.approx(208, abs=3)
    assert len(line.pieces()) < 12


def test_a_nudge_shifts_the_phase_and_returns_to_the_tempo(stage: Stage) -> None:
    stage.transport.play()
    stage.transport.nudge(0.01)
    stage.clock.advance(0.2)
    line = stage.transport.movement.line
    assert line.piece_at(stage.clock()).bpm == pytest.approx(126)  # gently: five per cent
    stage.clock.advance(0.8)
    assert line.piece_at(stage.clock()).bpm == 120
    assert stage.transport.place == pytest.approx(2 + 0.02)


def test_nudges_add_up_in_both_directions(stage: Stage) -> None:
    stage.transport.play()
    for ahead_s in (0.02, 0.02, -0.05):
        stage.transport.nudge(ahead_s)
    stage.clock.advance(10)
    assert stage.transport.place == pytest.approx(20 - 0.02)


def test_a_new_tempo_ends_a_nudge(stage: Stage) -> None:
    stage.transport.play()
    stage.transport.nudge(0.25)
    stage.clock.advance(1)
    stage.transport.set_tempo(90)
    stage.clock.advance(0.2)
    assert stage.transport.movement.line.piece_at(stage.clock()).bpm == 90


def test_tapping_sets_the_tempo(stage: Stage) -> None:
    for _ in range(3):
        stage.transport.tap()
        stage.clock.advance(0.6)
    assert stage.transport.bpm == pytest.approx(100)


def test_a_tempo_that_nobody_plays_is_refused_and_nothing_changes(stage: Stage) -> None:
    with pytest.raises(ParameterError, match="Tempo wants a number from 20 to 300"):
        stage.transport.set_tempo(301)
    assert stage.transport.bpm == 120


def test_stop_when_it_stands_is_nothing(stage: Stage) -> None:
    before = stage.transport.movement
    stage.transport.stop()
    assert stage.transport.movement is before


def test_every_way_of_moving_makes_what_was_queued_void(stage: Stage) -> None:
    transport = stage.transport
    cuts = [transport.movement.cut]
    for move in (transport.play, transport.stop, transport.resume, lambda: transport.locate(4)):
        move()
        cuts.append(transport.movement.cut)
    assert cuts == sorted(set(cuts))
    transport.set_tempo(100)
    assert transport.movement.cut == cuts[-1]


def test_whoever_listens_hears_of_each_change(stage: Stage) -> None:
    stage.transport.play()
    stage.transport.set_tempo(90)
    stage.transport.stop()
    assert stage.changes == 3
