"""What each kind is at a moment: a number from 0 to 1 that follows from the moment alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.document.modulation import Step
from studio.document.parameters import Choice, Parameter
from studio.modulation.factory import FACTORY
from studio.modulation.inputs import Inputs, Sound, Strike, Tune, TuneNote
from studio.modulation.kinds import CROWD_SOURCES, KINDS, complete
from studio.modulation.values import amount, value
from tests.studio.modulation.makers import HEARD, KICKS, MELODY, at, connection, made


def some(parameter: Parameter) -> st.SearchStrategy[Any]:
    return st.floats(0, 1).map(parameter.at)


def settings_of(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({p.name: some(p) for p in KINDS[kind].settings})


@given(st.data(), st.sampled_from(sorted(KINDS)), st.floats(-8, 64))
def test_every_kind_stays_in_its_range_however_it_is_set(
    data: st.DataObject, kind: str, beat: float
) -> None:
    modulator = made(kind, **data.draw(settings_of(kind)))
    for axis in ("x", "y"):
        found = at(beat, modulator, axis=axis)
        assert -1e-9 <= found <= 1 + 1e-9
        assert found == at(beat, modulator, axis=axis), "the same moment, the same number"


@given(st.data(), st.sampled_from(sorted(KINDS)), st.floats(-8, 64))
def test_what_makes_no_difference_makes_none(data: st.DataObject, kind: str, beat: float) -> None:
    settings, others = data.draw(settings_of(kind)), data.draw(settings_of(kind))
    idle = KINDS[kind].idle(made(kind, **settings).settings)
    assert idle <= settings.keys()
    changed = {**settings, **{name: others[name] for name in idle}}
    heard = replace(HEARD, keys=(Strike(0.5, 0.4), Strike(2.0, 1.0)))
    assert at(beat, made(kind, **settings), heard) == at(beat, made(kind, **changed), heard)


def test_every_setting_can_be_shown_to_an_artist() -> None:
    for kind in KINDS.values():
        assert kind.title
        assert kind.help.endswith(".")
        for setting in kind.settings:
            assert setting.label
            assert setting.help.endswith(".")
            assert not isinstance(setting, Choice) or len(setting.words) in (
                0,
                len(setting.options),
            )
    assert len(FACTORY) == 12
    assert all(complete(modulator).name for modulator in FACTORY.values())


# -- LFO -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "quarters"),
    [
        ("sine", (0.5, 1.0, 0.5, 0.0)),
        ("triangle", (0.5, 1.0, 0.5, 0.0)),
        ("ramp up", (0.0, 0.25, 0.5, 0.75)),
        ("ramp down", (1.0, 0.75, 0.5, 0.25)),
        ("square", (1.0, 1.0, 0.0, 0.0)),
    ],
)
def test_a_wave_has_its_shape(shape: str, quarters: tuple[float, ...]) -> None:
    wave = made("lfo", shape=shape, division="1 bar")
    for bar in (0, 5, -1):
        assert [at(4 * bar + beat, wave) for beat in range(4)] == pytest.approx(quarters, abs=1e-9)


def test_a_division_is_as_long_as_it_says() -> None:
    for division, beats in (("1/16T", 1 / 6), ("1/8D", 0.75), ("1/4", 1.0), ("32 bars", 128.0)):
        wave = made("lfo", shape="ramp up", division=division)
        assert at(beats * 0.5, wave) == pytest.approx(0.5)
        assert at(beats * 7.25, wave) == pytest.approx(0.25)
    in_three = Inputs(bar_beats=3.0)
    assert at(1.5, made("lfo", shape="ramp up", division="1 bar"), in_three) == pytest.approx(0.5)


def test_what_runs_freely_goes_by_seconds() -> None:
    wave = made("lfo", shape="ramp up", sync="free", rate=0.5)
    assert value(wave, 0.0, 1.5) == pytest.approx(0.75)
    assert value(wave, 99.0, 1.5) == value(wave, 0.0, 1.5)
    assert KINDS["lfo"].free(wave.settings)
    assert not KINDS["lfo"].free(made("lfo").settings)


def test_chance_is_the_same_at_every_playing_and_another_with_another_seed() -> None:
    first = [at(beat, made("lfo", shape="steps", division="1/4", seed=3)) for beat in range(64)]
    again = [at(beat, made("lfo", shape="steps", division="1/4", seed=3)) for beat in range(64)]
    other = [at(beat, made("lfo", shape="steps", division="1/4", seed=4)) for beat in range(64)]
    assert first == again != other
    assert len(set(first)) == 64
    assert 0.35 < sum(first) / 64 < 0.65
    smooth = made("lfo", shape="wander", division="1/4", seed=3)
    assert [at(beat, smooth) for beat in range(64)] == pytest.approx(first)
    assert at(7.999999, smooth) == pytest.approx(at(8.0, smooth), abs=1e-4)


def test_it_fades_in_and_goes_round_once() -> None:
    wave = made("lfo", shape="square", division="1/2", fade_in=8.0)
    assert [at(beat, wave) for beat in (0.0, 4.0, 8.0, 10.0)] == [0.5, 0.75, 1.0, 1.0]
    once = made("lfo", shape="ramp up", division="1/2", one_shot=True)
    assert [at(beat, once) for beat in (-1.0, 1.0, 2.0, 50.0)] == pytest.approx([0, 0.5, 1, 1])


# -- envelope --------------------------------------------------------------------------------------


def test_an_envelope_rises_holds_falls_stays_and_ends() -> None:
    tune = Inputs(bpm=60.0, tune=Tune([TuneNote(1.0, 4.0, 60, 127, "lead")]))
    envelope = made(
        "envelope",
        trigger="lead",
        attack=1.0,
        hold=0.5,
        decay=1.0,
        sustain=0.5,
        release=2.0,
        fall=0,
    )
    beats = (0.9, 1.0, 1.5, 2.0, 2.5, 3.0, 4.5, 5.0, 6.0, 7.0)
    wanted = (0.0, 0.0, 0.5, 1.0, 1.0, 0.75, 0.5, 0.5, 0.25, 0.0)
    assert [at(beat, envelope, tune) for beat in beats] == pytest.approx(wanted)


@pytest.mark.parametrize("offset", [-1.0, -0.5, -0.1])
@pytest.mark.parametrize("attack", [0.001, 0.7])
def test_ahead_it_begins_before_the_note_and_peaks_with_it(offset: float, attack: float) -> None:
    pump = made("envelope", trigger="kick", offset=offset, attack=attack, decay=0.1, touch=0.0)
    for kick in KICKS:
        assert at(kick, pump) == 1.0, "at its very top when the kick sounds"
        assert at(kick - 1e-6, pump) < 1.0
        assert at(kick + 0.03, pump) < 1.0
    assert at(KICKS[0] + offset, pump) == 0.0
    assert at(KICKS[0] + offset / 2, pump) > 0.0


def test_behind_it_comes_so_much_later() -> None:
    now, late = (made("envelope", trigger="kick", offset=offset) for offset in (0.0, 0.5))
    for n in range(400):
        assert at(0.5 + n / 50, late) == pytest.approx(at(n / 50, now))


def test_it_hears_what_it_is_told_to_hear() -> None:
    def hears(beat: float, **settings: Any) -> bool:
        return at(beat + 0.02, made("envelope", decay=0.05, release=0.01, **settings)) > 0.5

    assert hears(5.25, trigger="kick")
    assert not hears(5.25, trigger="snare")
    assert not hears(5.25, trigger="lead")
    assert hears(5.25, trigger="drums")
    assert hears(0.5, trigger="all")
    assert hears(0.5, trigger="lead", deck=2, touch=0.0)
    assert not hears(0.5, trigger="lead", deck=1)
    assert hears(3.0, trigger="beat")
    assert not hears(3.0, trigger="bar")
    assert hears(4.0, trigger="bar")


def test_soft_notes_make_it_smaller_as_far_as_it_feels_them() -> None:
    soft = Inputs(tune=Tune([TuneNote(0.0, 1.0, 60, 64, "lead")]))
    found = [
        at(0.0, made("envelope", trigger="lead", offset=-0.5, touch=touch), soft)
        for touch in (0.0, 1.0)
    ]
    assert found == pytest.approx([1.0, 64 / 127])


def test_keys_and_onsets_begin_it_while_the_beat_stands() -> None:
    keys = Inputs(keys=(Strike(10.0, 1.0),), sound=Sound(onsets=(Strike(20.0),)))
    envelope = made("envelope", trigger="midi", attack=0.1, sustain=0.5, decay=0.2)
    assert value(envelope, 0.0, 9.99, keys) == 0.0
    assert value(envelope, 0.0, 10.1, keys) == pytest.approx(1.0)
    assert value(envelope, 0.0, 15.0, keys) == pytest.approx(0.5), "it is still held"
    assert value(made("envelope", trigger="onset"), 0.0, 20.005, keys) == pytest.approx(
        1.0, abs=0.01
    )


# -- notes -----------------------------------------------------------------------------------------


def test_pitch_is_that_of_the_note_that_sounds() -> None:
    pitch = made("notes", measure="pitch", smooth=0.0)
    for beat, height in MELODY:
        assert at(beat + 0.01, pitch) == pytest.approx((height - 36) / 60)


def test_ahead_it_arrives_with_the_note_and_sets_out_before() -> None:
    pitch = made("notes", measure="pitch", offset=-0.5)
    for (_, before), (beat, height) in pairwise(MELODY):
        assert at(beat, pitch) == pytest.approx((height - 36) / 60)
        halfway = at(beat - 0.25, pitch)
        assert min(before, height) < 36 + 60 * halfway < max(before, height)


def test_smoothed_it_has_no_jumps_and_needs_no_memory() -> None:
    pitch = made("notes", measure="pitch", smooth=1.0)
    steps = [at(n / 100, pitch) for n in range(800)]
    assert max(abs(b - a) for a, b in pairwise(steps)) < 0.02
    assert steps == [at(n / 100, pitch) for n in reversed(range(800))][::-1]


def test_the_other_measures() -> None:
    def measured(beat: float, measure: str, **settings: Any) -> float:
        return at(beat, made("notes", measure=measure, smooth=0.0, **settings))

    assert measured(0.6, "interval") == pytest.approx(0.5 + 4 / 24)
    assert measured(3.5, "interval") == pytest.approx(0.5 - 1 / 24)
    assert measured(2.5, "velocity") == pytest.approx(96 / 127)
    assert measured(4.5, "chord root") == pytest.approx(7 / 12)
    assert measured(6.5, "tension") == 0.6
    assert measured(7.5, "density", part="all") > measured(7.5, "density") > 0
    assert measured(60.0, "density") == 0.0
    assert measured(7.5, "register", part="bass") == pytest.approx(7 / 60)


# -- steps, gestures, macros, others ---------------------------------------------------------------


def test_steps_are_played_in_order_whatever_the_metre() -> None:
    steps = made("steps", division="1/8").but(steps=tuple(Step(value=n / 4) for n in range(5)))
    assert [at(n / 2 + 0.1, steps) for n in range(7)] == [0, 0.25, 0.5, 0.75, 1.0, 0, 0.25]


def test_a_step_glides_from_the_one_before() -> None:
    steps = made("steps", division="1/4").but(steps=(Step(value=0), Step(value=1, glide=0.5)))
    assert [at(beat, steps) for beat in (1.0, 1.25, 1.5, 1.9)] == pytest.approx([0, 0.5, 1, 1])


def test_a_step_that_chance_leaves_out_goes_on_with_the_one_before() -> None:
    steps = made("steps", division="1/4").but(steps=(Step(value=1), Step(value=0, chance=0.5)))
    played = [at(n + 0.5, steps) for n in range(1, 400, 2)]
    assert set(played) == {0.0, 1.0}
    assert 0.35 < sum(played) / len(played) < 0.65


def test_a_gesture_is_played_as_it_was_recorded() -> None:
    gesture = made("gesture", length=4.0, start=8.0)
    for beat, x, y in gesture.points[:-1]:
        for later in (8.0, 12.0, 48.0):
            assert at(later + beat, gesture) == pytest.approx(0.5 + x / 2)
            assert at(later + beat, gesture, axis="y") == pytest.approx(0.5 + y / 2)
    back = made("gesture", length=4.0, start=8.0, reverse=True)
    fast = made("gesture", length=4.0, start=8.0, speed=2.0)
    for n in range(1, 40):
        assert at(12 + n / 10, back) == pytest.approx(at(16 - n / 10, gesture))
        assert at(8 + n / 20, fast) == pytest.approx(at(8 + n / 10, gesture))
    once = made("gesture", length=4.0, loop=False)
    assert at(100.0, once) == pytest.approx(0.5)


def test_a_macro_goes_from_its_minimum_to_its_maximum() -> None:
    knob = [made("macro", value=v, least=0.25, most=0.75) for v in (0.0, 0.5, 1.0)]
    assert [at(0.0, each) for each in knob] == pytest.approx([0.25, 0.5, 0.75])


def test_sound_and_other_controls_are_followed_and_rest_where_there_are_none() -> None:
    heard = Inputs(
        sound=Sound(levels={4: 0.7}),
        moves={"/deck/1/glow": ((0.0, 0.25),), "cc/1/74": ((0.0, 0.0), (10.0, 1.0)), "osc/a": ()},
    )
    assert value(made("sound", 4), 0.0, 0.0, heard) == 0.7
    assert value(made("sound", 5), 0.0, 0.0, heard) == 0.0
    control = made("follow", address="/deck/1/glow")
    assert value(control, 0.0, 0.0, heard) == 0.25
    pedal = made("follow", follows="cc", channel=1, number=74, smooth=0.3)
    assert value(pedal, 0.0, 10.0, heard) == pytest.approx(0.0)
    assert value(pedal, 0.0, 10.1, heard) == pytest.approx(0.632, abs=0.001)
    assert value(made("follow", follows="osc", address="/nowhere"), 0.0, 0.0, heard) == 0.0


def test_the_crowd_is_followed_on_either_way_of_its_pad_and_rests_in_the_middle() -> None:
    heard = Inputs(moves=dict(zip(CROWD_SOURCES, (((0.0, 1.0),), ((0.0, 0.25),)), strict=True)))
    ways = [made("crowd", way=way) for way in ("wild", "bright")]
    assert [value(each, 0.0, 9.0, heard) for each in ways] == pytest.approx([1.0, 0.25])
    assert value(ways[0], 0.0, 9.0, Inputs()) == 0.5


# -- connections -----------------------------------------------------------------------------------


def test_a_connection_bends_and_turns_what_comes() -> None:
    def moved(v: float, **how: Any) -> float:
        return amount(connection(1, 1, "/x", **how), v)

    assert [moved(v, depth=0.5) for v in (0.0, 0.5, 1.0)] == [-0.5, 0.0, 0.5]
    assert [moved(v, depth=-0.5, polarity="unipolar") for v in (0.0, 0.5, 1.0)] == [0, -0.25, -0.5]
    for curve in ("linear", "exponential", "S"):
        ends = [moved(v, depth=1.0, polarity="unipolar", curve=curve) for v in (0.0, 1.0)]
        assert ends == [0.0, 1.0]
        assert moved(0.25, depth=1.0, curve=curve) == -moved(0.75, depth=1.0, curve=curve)
    assert moved(0.25, depth=1.0, polarity="unipolar", curve="exponential") < 0.02


def test_nothing_is_heard_of_another_tune() -> None:
    assert HEARD.tune.voice("kick").beats == KICKS
    assert HEARD.tune.voice("snare").beats == ()
