from __future__ import annotations

import math
import random

from studio.live.player._figures import Histogram
from studio.live.player.schedule import Schedule
from studio.processes.messages import Due

ON, OFF, PROGRAM = b"\x90\x3c\x64", b"\x80\x3c\x40", b"\xc0\x01"


def drained(schedule: Schedule) -> list[Due]:
    out = []
    while message := schedule.pop(math.inf):
        out.append(message)
    return out


def test_messages_leave_by_due_time() -> None:
    schedule = Schedule()
    sent = [Due(t, "a", ON) for t in (3.0, 1.0, 2.0)]
    schedule.add(sent)
    assert schedule.next_due_s == 1.0
    assert schedule.pop(0.9) is None
    assert [m.due_s for m in drained(schedule)] == [1.0, 2.0, 3.0]
    assert schedule.next_due_s == math.inf


def test_at_one_moment_offs_go_first_and_ons_last_and_the_rest_as_it_came() -> None:
    schedule = Schedule()
    bank = b"\xb0\x00\x01"
    schedule.add(Due(1.0, "a", data) for data in (ON, bank, PROGRAM, OFF))
    assert [m.data for m in drained(schedule)] == [OFF, bank, PROGRAM, ON]


def test_one_port_or_all_can_be_forgotten() -> None:
    schedule = Schedule()
    schedule.add(Due(float(i), "ab"[i % 2], ON) for i in range(10))
    schedule.forget("a")
    assert {m.port for m in schedule} == {"b"}
    schedule.forget()
    assert len(schedule) == 0


def test_a_note_is_taken_back_and_no_other() -> None:
    schedule = Schedule()
    kept = [Due(2.0, "b", ON), Due(2.5, "a", b"\x91\x3c\x64"), Due(3.0, "a", OFF)]
    schedule.add([Due(1.0, "a", ON), *kept, Due(4.0, "a", ON)])
    schedule.take_back([("a", 0, 0x3C)])
    assert drained(schedule) == kept


def test_beyond_its_bound_note_ons_are_refused_and_offs_never() -> None:
    schedule = Schedule(limit=2)
    refused = schedule.add(Due(float(i), "a", data) for i, data in enumerate((ON, ON, ON, OFF)))
    assert [m.due_s for m in refused] == [2.0]
    assert len(schedule) == 3


def test_the_histogram_knows_quantiles_within_its_resolution() -> None:
    chance, histogram = random.Random(0), Histogram()
    times = sorted(chance.expovariate(1 / 0.001) for _ in range(5000))
    for time in times:
        histogram.add(time)
    for share in (0.5, 0.99):
        assert math.isclose(histogram.quantile_s(share), times[int(share * 5000)], rel_tol=0.03)
    assert histogram.quantile_s(1.0) == histogram.max_s == times[-1]


def test_an_empty_histogram_is_silent_and_early_counts_as_on_time() -> None:
    histogram = Histogram()
    assert histogram.quantile_s(0.99) == 0
    histogram.add(-1.0)
    assert histogram.quantile_s(0.99) == 0
