"""Timelines keep their phase through changes of tempo; metres count bars in quarter notes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.document.parameters import ParameterError
from studio.document.score import TEMPO
from studio.live.clock.timeline import Timeline
from studio.music.metres import Metre, next_multiple

bpms = st.floats(20, 300)
moments = st.floats(0, 100)


def test_at_120_bpm_a_second_has_two_beats() -> None:
    line = Timeline(beat=8, at_s=10, bpm=120)
    assert line.beat_at(11) == 10
    assert line.time_of(6) == 9


def test_before_a_bend_the_earlier_tempo_holds() -> None:
    line = Timeline(0, 0, 120).then(60, at_s=2)
    assert [line.beat_at(t) for t in (1, 2, 3)] == [2, 4, 5]
    assert [line.time_of(b) for b in (2, 4, 5)] == [1, 2, 3]


def test_a_bend_replaces_what_was_to_come_after_it() -> None:
    line = Timeline(0, 0, 120).then(60, at_s=2).then(240, at_s=1)
    assert line.beat_at(2) == 6
    assert len(line.pieces()) == 2


def test_what_is_over_can_be_forgotten() -> None:
    line = Timeline(0, 0, 120).then(60, at_s=2).then(240, at_s=3)
    assert line.since(2.5).beat_at(2.5) == line.beat_at(2.5)
    assert [p.at_s for p in line.since(2.5).pieces()] == [2, 3]


@given(st.lists(st.tuples(moments, bpms), max_size=8), st.lists(moments, min_size=2, max_size=20))
def test_time_never_runs_backwards(bends: list[tuple[float, float]], at: list[float]) -> None:
    line = Timeline(0, 0, 120)
    for at_s, bpm in bends:
        line = line.then(bpm, at_s)
    beats = [line.beat_at(t) for t in sorted(at)]
    assert beats == sorted(beats)
    for t, beat in zip(sorted(at), beats, strict=True):
        assert line.time_of(beat) == pytest.approx(t, abs=1e-6)


def test_a_line_that_jumps_back_still_gives_later_beats_later_moments() -> None:
    line = Timeline(3.9, 2, 120, before=Timeline(0, 0, 120))
    moments = [line.time_of(b / 100) for b in range(500)]
    assert moments == sorted(moments)


def test_six_eight_has_three_quarters_in_a_bar_and_beats_of_half_a_quarter() -> None:
    metre = Metre(6, 8)
    assert (metre.bar_beats, metre.pulse_beats, str(metre)) == (3, 0.5, "6/8")


def test_bars_before_beat_0_are_negative() -> None:
    assert [Metre().bar_at(b).number for b in (-4.5, -4, -0.1, 0, 3.9, 4)] == [-2, -1, -1, 0, 0, 1]
    assert Metre().bar(-1).end_beats == 0


def test_a_beat_that_is_a_bars_first_but_for_rounding_is_its_own() -> None:
    third = 1 / 3
    assert Metre(1, 4).bar_at(third + third + third - 1e-12).number == 1


def test_next_multiple_stays_on_the_dot() -> None:
    assert [next_multiple(b, 4) for b in (0, 0.1, 4, 4 + 1e-12, -3)] == [0, 4, 4, 4, 0]


def test_metres_and_tempi_outside_their_range_are_refused() -> None:
    with pytest.raises(ParameterError):
        Metre(0, 4)
    with pytest.raises(ParameterError):
        Metre(4, 3)
    with pytest.raises(ParameterError):
        TEMPO.validate(19.9)
