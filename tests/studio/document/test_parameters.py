"""A control is declared once: its range, its curve, how it is typed and shown."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studio.document.parameters import (
    Choice,
    Float,
    Int,
    Parameter,
    ParameterError,
    Toggle,
    initial_values,
    validated,
)
from studio.document.seeds import SEED_LIMIT, Seed, fresh_seed
from tests.fakes import PARAMETERS, is_one_sentence

GAIN = Float(name="gain", label="Gain", unit="dB", low=-12, high=12, default=0, decimals=1)
PITCH = Float(name="pitch", label="Pitch", unit="Hz", low=20, high=20_000, default=440, curve="log")
STEPS = Int(name="steps", label="Steps", unit="beats", low=1, high=16, default=4)
SIZE = Choice(name="size", label="Size", unit="px", options=("64", "128", "Full"), default="64")
LOOP = Toggle(name="loop", label="Loop", default=False)
SEED = Seed(name="seed", label="Seed")
ALL = (GAIN, PITCH, STEPS, SIZE, LOOP, SEED)

positions = st.floats(0, 1)


@st.composite
def float_parameters(draw: st.DrawFn) -> Float:
    curve: Any = draw(st.sampled_from(["linear", "log"]))
    if curve == "log":
        low = draw(st.floats(1e-4, 1e4))
        high = low * draw(st.floats(1.01, 1e5))
    else:
        low = draw(st.floats(-1e6, 1e6))
        high = low + draw(st.floats(0.01, 1e6))
    return Float(name="x", label="X", low=low, high=high, default=low, curve=curve)


@st.composite
def parameters(draw: st.DrawFn) -> Parameter:
    """Any parameter whatever."""
    low = draw(st.integers(-1000, 1000))
    high = low + draw(st.integers(1, 1000))
    words = tuple(draw(st.lists(st.text(min_size=1), min_size=1, max_size=6, unique=True)))
    return draw(
        st.one_of(
            float_parameters(),
            st.just(Int(name="x", label="X", low=low, high=high, default=high)),
            st.just(Choice(name="x", label="X", options=words, default=words[0])),
            st.just(Toggle(name="x", label="X", default=True)),
            st.just(Seed(name="x", label="X")),
        )
    )


# -- declaring -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "two words", "1st", "a-b", "../x"])
def test_a_name_is_an_identifier_as_files_and_maps_want_it(name: str) -> None:
    with pytest.raises(ParameterError, match="cannot be named"):
        Toggle(name=name, label="X", default=True)


@pytest.mark.parametrize(
    "range_",
    [
        {"low": 1, "high": 1},
        {"low": 2, "high": 1},
        {"low": math.nan, "high": 1},
        {"low": 0, "high": math.inf},
        {"low": -math.inf, "high": 2},
        {"low": 0, "high": 1, "curve": "log"},
        {"low": -1, "high": 1, "curve": "log"},
    ],
)
def test_a_float_without_a_usable_range_cannot_be_declared(range_: dict[str, Any]) -> None:
    with pytest.raises(ParameterError, match="no usable range"):
        Float(name="x", label="X", default=1, **range_)


def test_an_int_without_a_usable_range_cannot_be_declared() -> None:
    with pytest.raises(ParameterError, match="no usable range"):
        Int(name="x", label="X", low=3, high=3, default=3)


def test_a_default_has_to_fit() -> None:
    with pytest.raises(ParameterError):
        Float(name="x", label="X", low=0, high=1, default=2)
    with pytest.raises(ParameterError):
        Choice(name="x", label="X", options=("a", "b"), default="c")
    with pytest.raises(ParameterError):
        Choice(name="x", label="X", options=(), default="")


@pytest.mark.parametrize("parameter", [*ALL, *PARAMETERS], ids=lambda p: p.name)
def test_a_default_has_the_type_that_its_values_have(parameter: Parameter) -> None:
    """So that a fresh scene and one from a file are the same, byte for byte."""
    assert type(parameter.initial) is type(parameter.validate(parameter.initial))


# -- values and positions --------------------------------------------------------------------------


@given(float_parameters(), positions)
def test_a_float_comes_back_from_its_position(parameter: Float, position: float) -> None:
    value = parameter.at(position)
    span = parameter.high - parameter.low
    assert parameter.low <= value <= parameter.high
    assert parameter.position(value) == pytest.approx(position, abs=1e-6)
    assert parameter.at(parameter.position(value)) == pytest.approx(value, abs=1e-6 * span)


@given(float_parameters())
def test_the_ends_of_the_travel_are_the_ends_of_the_range(parameter: Float) -> None:
    assert parameter.position(parameter.low) == 0
    assert parameter.position(parameter.high) == 1
    assert parameter.at(0) == parameter.low
    assert parameter.at(1) == pytest.approx(parameter.high)
    assert parameter.at(1) <= parameter.high


@given(parameters(), positions)
def test_whatever_a_position_gives_is_valid_and_has_a_place(
    parameter: Parameter, position: float
) -> None:
    value = parameter.at(position)
    assert parameter.validate(value) == value
    assert 0 <= parameter.position(value) <= 1
    if not isinstance(value, float):  # whole numbers and words come back exactly
        assert parameter.at(parameter.position(value)) == value


@given(parameters(), st.floats(allow_nan=True, allow_infinity=True))
def test_a_position_off_the_end_counts_as_the_end(parameter: Parameter, position: float) -> None:
    value = parameter.at(position)
    assert parameter.validate(value) == value
    if position >= 1:
        assert value == parameter.at(1)
    if position <= 0:
        assert value == parameter.at(0)


@given(float_parameters(), positions, positions)
def test_further_along_is_more(parameter: Float, a: float, b: float) -> None:
    assume(a < b)
    assert parameter.at(a) <= parameter.at(b)


def test_a_log_curve_gives_each_octave_the_same_travel() -> None:
    assert PITCH.position(400) - PITCH.position(200) == pytest.approx(
        PITCH.position(8000) - PITCH.position(4000)
    )


# -- nudging ---------------------------------------------------------------------------------------


@given(parameters(), positions, st.floats(-1e6, 1e6))
def test_a_nudge_never_leaves_the_range(
    parameter: Parameter, position: float, steps: float
) -> None:
    nudged = parameter.nudged(parameter.at(position), steps)
    assert parameter.validate(nudged) == nudged


@given(parameters(), positions)
def test_no_turn_of_the_wheel_changes_nothing(parameter: Parameter, position: float) -> None:
    value = parameter.at(position)
    assert parameter.nudged(value, 0) == (
        pytest.approx(value) if isinstance(value, float) else value
    )


@given(st.integers(-20, 20))
def test_a_turn_of_the_wheel_counts_the_same_everywhere(steps: int) -> None:
    middle = GAIN.at(0.5)
    assert GAIN.position(GAIN.nudged(middle, steps)) == pytest.approx(0.5 + steps / 100)


def test_small_turns_still_move_what_comes_in_steps() -> None:
    assert STEPS.nudged(4, 0.2) == 5
    assert STEPS.nudged(4, -0.2) == 3
    assert STEPS.nudged(4, 3) == 7
    assert STEPS.nudged(16, 1) == 16
    assert SIZE.nudged("64", 0.2) == "128"
    assert SIZE.nudged("64", -1) == "64"
    assert LOOP.nudged(False, 1) is True
    assert LOOP.nudged(True, -1) is False


def test_a_seed_has_no_end() -> None:
    assert SEED.nudged(0, -1) == SEED_LIMIT - 1
    assert SEED.nudged(SEED_LIMIT - 1, 1) == 0


# -- checking --------------------------------------------------------------------------------------

NEVER: list[object] = [None, [], {}, b"1", object, complex(1)]
NOT_A_NUMBER = [*NEVER, True, "1", math.nan, math.inf, -math.inf, 1e300, -(10**400)]


@pytest.mark.parametrize("value", NOT_A_NUMBER, ids=lambda value: str(value)[:20])
@pytest.mark.parametrize("parameter", [GAIN, PITCH, STEPS, SEED], ids=lambda p: p.name)
def test_what_is_not_a_number_in_range_is_refused(parameter: Parameter, value: object) -> None:
    with pytest.raises(ParameterError) as refusal:
        parameter.validate(value)
    assert is_one_sentence(str(refusal.value))
    assert str(refusal.value).startswith(parameter.label)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        *((SIZE, value) for value in [*NEVER, 64, True, "65", "full", ""]),
        *((LOOP, value) for value in [*NEVER, 0, 1, 1.0, "on", ""]),
        (STEPS, 1.5),
        (STEPS, 0),
        (STEPS, 17),
        (SEED, -1),
        (SEED, SEED_LIMIT),
        (SEED, 1.0),
        (GAIN, 12.000001),
        (PITCH, 0),
    ],
    ids=str,
)
def test_the_wrong_kind_is_refused(parameter: Parameter, value: object) -> None:
    with pytest.raises(ParameterError) as refusal:
        parameter.validate(value)
    assert is_one_sentence(str(refusal.value))


def test_a_number_is_taken_into_the_parameters_own_type() -> None:
    assert type(GAIN.validate(3)) is float
    assert type(STEPS.validate(3.0)) is int
    assert GAIN.validate(3) == 3
    assert STEPS.validate(3.0) == 3


def test_a_refusal_stays_short_whatever_was_offered() -> None:
    with pytest.raises(ParameterError) as refusal:
        SIZE.validate("x" * 10_000)
    assert len(str(refusal.value)) < 200


# -- typing and showing ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (GAIN, "3.5", 3.5),
        (GAIN, " -3.5 dB ", -3.5),
        (GAIN, "+2dB", 2.0),
        (GAIN, "0,5", 0.5),
        (GAIN, "-3,5 dB", -3.5),
        (PITCH, "1e3", 1000.0),
        (STEPS, "7", 7),
        (STEPS, "7 beats", 7),
        (SIZE, "128", "128"),
        (SIZE, "128 px", "128"),
        (SIZE, "FULL", "Full"),
        (LOOP, "On", True),
        (LOOP, "no", False),
        (SEED, " 42 ", 42),
    ],
)
def test_what_a_person_types_is_understood(parameter: Parameter, text: str, value: object) -> None:
    parsed = parameter.parse(text)
    assert parsed == value
    assert type(parsed) is type(value)


UNREADABLE = ["", "loud", "nan", "inf", "1e999", "17", "--1", "3,5,1", "9" * 5000]


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: text[:8])
@pytest.mark.parametrize("parameter", [GAIN, STEPS, SIZE, LOOP], ids=lambda p: p.name)
def test_what_cannot_be_read_is_refused(parameter: Parameter, text: str) -> None:
    with pytest.raises(ParameterError) as refusal:
        parameter.parse(text)
    assert is_one_sentence(str(refusal.value))


@given(st.text())
def test_no_text_brings_anything_but_a_value_or_a_sentence(text: str) -> None:
    for parameter in ALL:
        try:
            value = parameter.parse(text)
        except ParameterError:
            continue
        assert parameter.validate(value) == value


@given(positions)
def test_what_is_shown_can_be_typed(position: float) -> None:
    for parameter in ALL:
        value = parameter.at(position)
        shown = parameter.format(value)
        if isinstance(value, float):
            assert parameter.parse(shown) == pytest.approx(value, abs=0.051)
        else:
            assert parameter.parse(shown) == value


def test_a_value_is_shown_with_its_unit_and_a_sign_where_both_signs_occur() -> None:
    assert GAIN.format(2) == "+2.0 dB"
    assert GAIN.format(-2) == "-2.0 dB"
    assert GAIN.format(0.0) == "0.0 dB"
    assert PITCH.format(440.0) == "440.00 Hz"
    assert STEPS.format(4) == "4 beats"
    assert SIZE.format("64") == "64 px"
    assert LOOP.format(True) == "on"
    assert SEED.format(7) == "7"


# -- all of an engine's controls -------------------------------------------------------------------


def test_missing_values_are_defaults_and_the_order_is_the_declared_one() -> None:
    values = validated(PARAMETERS, {"bands": 3, "contrast": 0})
    assert values == {**initial_values(PARAMETERS), "bands": 3, "contrast": 0.0}
    assert list(values) == [p.name for p in PARAMETERS]


def test_a_control_that_came_later_says_what_its_absence_means() -> None:
    later = Float(name="later", label="Later", low=0, high=1, default=1, absent=0)
    assert initial_values([later]) == {"later": 1.0}
    assert validated([later], {}) == {"later": 0.0}
    assert validated([later], {"later": 0.5}) == {"later": 0.5}
    with pytest.raises(ParameterError):
        Float(name="later", label="Later", low=0, high=1, default=1, absent=2)


def test_an_undeclared_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(ParameterError) as refusal:
        validated(PARAMETERS, {"sparkle": 1})
    assert is_one_sentence(str(refusal.value))
    assert "contrast" in str(refusal.value)
    with pytest.raises(ParameterError, match="none"):
        validated((), {"sparkle": 1})


def test_values_are_checked_one_by_one() -> None:
    with pytest.raises(ParameterError, match="Bands"):
        validated(PARAMETERS, {"contrast": 1, "bands": "many"})


def test_a_fresh_seed_is_short_and_valid() -> None:
    for seed in (fresh_seed() for _ in range(100)):
        assert SEED.validate(seed) == seed
        assert len(str(seed)) <= 4


def test_the_lowest_may_have_a_word() -> None:
    deck = Int(name="deck", label="Deck", low=0, high=8, default=0, low_word="all")
    assert [deck.format(n) for n in (0, 1)] == ["all", "1"]
    assert [deck.parse(words) for words in ("All", "0", "3")] == [0, 0, 3]
