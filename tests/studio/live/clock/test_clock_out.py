"""Clock out: the player is told where the line goes, and only what is news."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from studio.live.player._clock import START, TICK, Clock, Line
from tests.studio.live.band import NOW, Band


def about(value: float) -> object:
    return pytest.approx(value, abs=1e-6)


@pytest.fixture
def band() -> Band:
    band = Band()
    band.conductor.clock_to(["synth"])
    return band


def test_the_clock_starts_with_the_music(band: Band) -> None:
    band.transport.play()
    band.run(0.5)
    assert band.player.clock_calls == [(("synth",), 0, NOW, 120, False)]


def test_it_waits_for_the_count_in(band: Band) -> None:
    band.transport.set_count_in(1)
    band.transport.play()
    band.run(0.5)
    assert band.player.clock_calls == [(("synth",), 0, NOW + 2, 120, False)]


def test_stop_and_resume(band: Band) -> None:
    band.transport.play()
    band.run(1)
    band.transport.stop()
    band.run(1)
    band.transport.resume()
    band.run(1)
    _, stop, resumed = band.player.clock_calls
    assert stop == ("stop",)
    assert resumed == (("synth",), about(2), about(NOW + 2), 120, True)


def test_a_new_tempo_is_told_ahead(band: Band) -> None:
    band.transport.play()
    band.run(1)
    band.transport.set_tempo(60)
    band.run(1)
    keys, beat, at_s, bpm, resume = band.player.clock_calls[-1]
    assert (keys, beat, bpm, resume) == (("synth",), pytest.approx(2.24), 60, True)
    assert at_s == pytest.approx(NOW + 1.12)
    assert len(band.player.clock_calls) == 2


def test_a_nudge_is_told_with_its_return(band: Band) -> None:
    band.transport.play()
    band.run(1)
    band.transport.nudge(0.01)
    band.run(2)
    assert [call[3] for call in band.player.clock_calls[1:]] == [pytest.approx(126), 120]


def test_a_tempo_during_a_nudge_takes_the_place_of_its_return(band: Band) -> None:
    band.transport.play()
    band.run(1)
    band.transport.nudge(0.2)
    band.run(1)
    band.transport.set_tempo(90)
    band.run(6)
    assert [call[3] for call in band.player.clock_calls[1:]] == [pytest.approx(126), 120, 90]
    _keys, beat, at_s, bpm, _ = band.player.clock_calls[-1]
    assert at_s + (band.transport.place - beat) * 60 / bpm == pytest.approx(band.clock())


def test_locating_starts_it_anew_from_there(band: Band) -> None:
    band.transport.play()
    band.run(1)
    band.transport.locate(16)
    band.run(1)
    _, stop, located = band.player.clock_calls
    assert stop == ("stop",)
    assert located == (("synth",), 16, about(NOW + 1), 120, True)


def test_another_set_of_ports_is_told_and_the_phase_kept(band: Band) -> None:
    band.transport.play()
    band.run(1)
    band.conductor.clock_to(["synth", "drums"])
    band.run(1)
    band.conductor.clock_to([])
    band.run(1)
    assert band.player.clock_calls[1:] == [
        (("synth", "drums"), 0, NOW, 120, True),
        ("stop",),
    ]


def test_without_ports_nothing_is_said() -> None:
    band = Band()
    band.transport.play()
    band.run(1)
    assert band.player.clock_calls == []


def test_a_knob_that_sweeps_the_tempo_makes_no_jump_and_loses_no_tick(
    band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, said = Clock(), list[bytes]()

    def run_clock(
        keys: Sequence[str], *, beat: float, at_s: float, bpm: float, resume: bool
    ) -> None:
        line = Line(beat, at_s, bpm)
        said.extend(data for _, data in clock.run(keys, line, band.clock(), resume=resume))

    monkeypatch.setattr(band.player, "run_clock", run_clock)
    band.transport.set_tempo(20)
    band.transport.play()
    for step in range(200):
        band.run(0.05)
        if step % 2:
            band.transport.set_tempo(20 + 280 * (step * 37 % 100) / 99)
        said.extend(data for _, _, data in clock.due(band.clock()))
    assert set(said) == {START, TICK}
    assert said.count(TICK) == pytest.approx(24 * band.transport.place, abs=1)
