from __future__ import annotations

import pytest

from studio.live.player._clock import CONTINUE, START, STOP, TICK, Clock, Line

Said = list[tuple[float, bytes]]


def heard(clock: Clock, until_s: float, from_s: float = 0.0) -> Said:
    """What one listener hears when the clock is asked at each of its deadlines."""
    said: Said = []
    while (now := max(clock.next_due_s, from_s)) <= until_s:
        said += [(due_s, data) for due_s, _, data in clock.due(now)]
    return said


def ticks(said: Said) -> list[float]:
    return [due_s for due_s, data in said if data == TICK]


def running(
    beat: float = 0.0, at_s: float = 10.0, bpm: float = 120.0, now_s: float = 10.0
) -> Clock:
    clock = Clock()
    clock.run(("a",), Line(beat, at_s, bpm), now_s)
    return clock


def test_a_stopped_clock_says_nothing() -> None:
    assert heard(Clock(), 1000.0) == []


def test_start_comes_just_before_the_first_tick() -> None:
    said = heard(running(), 10.1)
    assert [data for _, data in said] == [START, TICK, TICK, TICK, TICK, TICK]
    assert said[0][0] == pytest.approx(9.998)
    assert said[1][0] == pytest.approx(10.0)


@pytest.mark.parametrize("bpm", [20.0, 133.7, 300.0])
def test_ticks_are_24_a_quarter_at_absolute_times_that_do_not_drift(bpm: float) -> None:
    times = ticks(heard(running(bpm=bpm), 10.0 + 100 * 60 / bpm + 0.001))
    assert len(times) == 2401
    for index, time in enumerate(times):
        assert time == pytest.approx(10.0 + index * 60 / bpm / 24, abs=1e-9)


def test_elsewhere_than_at_beat_0_it_tells_the_position_and_continues_at_a_sixteenth() -> None:
    said = heard(running(beat=3.1), 10.2)  # the next sixteenth is beat 3.25, the 13th
    place = next(i for i, (_, data) in enumerate(said) if data[0] == 0xF2)
    assert said[place][1] == b"\xf2\x0d\x00"
    assert said[place + 1][1] == CONTINUE
    assert said[place + 2] == (pytest.approx(10.075), TICK)
    assert said[place][0] == pytest.approx(10.073)


def test_a_long_song_position_wraps_in_14_bits() -> None:
    said = heard(running(beat=4096.0 + 64.0), 10.001)
    assert said[0][1] == b"\xf2\x00\x02"


def test_a_count_in_ticks_before_the_start() -> None:
    said = heard(running(beat=-1.0), 10.51)
    assert [data for _, data in said] == [TICK] * 24 + [START, TICK]


def test_a_start_that_comes_a_little_late_still_has_its_first_tick() -> None:
    said = heard(running(now_s=10.03), 10.03, from_s=10.03)
    assert [data for _, data in said][:2] == [START, TICK]


def test_one_that_resumes_begins_with_the_next_tick() -> None:
    clock = Clock()
    clock.run(("a",), Line(0.0, 10.0, 120.0), 11.03, resume=True)
    said = heard(clock, 11.2, from_s=11.03)
    assert ticks(said)[0] == pytest.approx(10.0 + 50 / 48)
    assert [data for _, data in said if data != TICK] == [b"\xf2\x09\x00", CONTINUE]


def test_stop_is_said_to_those_that_ran_along() -> None:
    clock = running()
    assert clock.stop() == []
    clock = running()
    heard(clock, 10.5)
    assert clock.stop() == [("a", STOP)]
    assert not clock.running


def test_a_new_tempo_takes_over_at_its_moment_with_no_tick_lost_or_doubled() -> None:
    clock = running()
    before = ticks(heard(clock, 10.5))  # beat 1 at 120
    clock.run(("a",), Line(2.0, 11.0, 240.0), 10.5)
    said = heard(clock, 11.5)
    times = before + ticks(said)
    assert {data for _, data in said} == {TICK}
    expected = [10.0 + i / 48 for i in range(48)] + [11.0 + i / 96 for i in range(49)]
    assert times == pytest.approx(expected)


def test_a_tempo_told_after_its_moment_keeps_the_phase() -> None:
    clock = running()
    heard(clock, 11.0)
    clock.run(("a",), Line(0.0, 10.0, 120.6), 11.0)  # as a follower corrects itself
    said = heard(clock, 12.0, from_s=11.0)
    assert {data for _, data in said} == {TICK}
    assert said[-1][0] == pytest.approx(10.0 + 96 * 60 / 120.6 / 24)


def test_a_jump_is_announced_by_stop_position_and_continue() -> None:
    clock = running()
    heard(clock, 10.5)
    clock.run(("a",), Line(16.0, 11.0, 120.0), 10.5)
    said = heard(clock, 11.03)
    others = [(due_s, data) for due_s, data in said if data != TICK]
    assert [data for _, data in others] == [STOP, b"\xf2\x40\x00", CONTINUE]
    assert ticks(said)[-2:] == [pytest.approx(11.0), pytest.approx(11.0 + 1 / 48)]


def test_a_port_that_comes_late_or_again_is_told_the_position_before_the_next_sixteenth() -> None:
    clock = running()
    heard(clock, 10.5)
    clock.left("a")
    said = heard(clock, 10.63)
    assert [data for _, data in said] == [TICK] * 5 + [b"\xf2\x05\x00", CONTINUE, TICK]


def test_a_listener_that_is_no_longer_named_is_stopped() -> None:
    clock = Clock()
    clock.run(("a", "b"), Line(0.0, 10.0, 120.0), 10.0)
    heard(clock, 10.1)
    assert clock.run(("b",), Line(0.0, 10.0, 120.0), 10.1) == [("a", STOP)]


def test_after_a_suspension_it_is_put_right_and_does_not_machine_gun() -> None:
    clock = running()
    heard(clock, 10.5)
    said = heard(clock, 13.55, from_s=13.5)
    assert len(ticks(said)) <= 5
    assert said[0] == (13.5, STOP)
    position = next(data for _, data in said if data[0] == 0xF2)
    assert position == bytes((0xF2, 28, 0)), "beat 7 is the 28th sixteenth"
    assert ticks(said)[0] == pytest.approx(13.5)


@pytest.mark.parametrize(("slow", "fast"), [(20, 300), (30, 240), (60, 240), (300, 20), (20, 30)])
@pytest.mark.parametrize("at_s", [11.001, 11.02, 11.06, 11.124])
def test_however_far_the_tempo_steps_no_tick_is_lost_and_nothing_jumps(
    slow: float, fast: float, at_s: float
) -> None:
    clock = running(bpm=slow)
    before = ticks(heard(clock, at_s - 0.1))
    turn = slow / 60 * (at_s - 10.0)
    clock.run(("a",), Line(turn, at_s, fast), at_s - 0.1)
    said = heard(clock, 12.0)
    assert {data for _, data in said} == {TICK}
    times = before + ticks(said)
    until = 24 * (turn + fast / 60 * (12.0 - at_s))
    assert len(times) == int(until + 1e-6) + 1
    for index, time in enumerate(times):
        beat = index / 24
        right = 10.0 + beat * 60 / slow if beat < turn else at_s + (beat - turn) * 60 / fast
        assert time == pytest.approx(right, abs=1e-6)


def test_a_tempo_step_told_after_its_moment_catches_up_without_a_jump() -> None:
    clock = running(bpm=20.0)
    before = ticks(heard(clock, 11.03))
    clock.run(("a",), Line(1 / 3, 11.0, 300.0), 11.03)  # as a leader's hand does
    said = heard(clock, 11.5, from_s=11.03)
    assert {data for _, data in said} == {TICK}
    assert len(before) + len(said) == 1 + int(24 * (1 / 3 + 0.5 * 5) + 1e-6)


def test_a_jump_between_two_slow_ticks_is_one() -> None:
    clock = running(bpm=20.0)
    heard(clock, 11.0)
    told = clock.run(("a",), Line(4.0, 11.05, 20.0), 11.0)
    said = [data for _, data in told] + [data for _, data in heard(clock, 12.0)]
    assert [data for data in said if data != TICK] == [STOP, b"\xf2\x10\x00", CONTINUE]
