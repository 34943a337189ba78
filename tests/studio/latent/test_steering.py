"""Moving along directions, and holding on to a feature while the rest moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.latent.steering import coordinate, steered

RNG = np.random.default_rng(5)
DIRECTIONS = {
    name: RNG.standard_normal(12).astype(np.float32) for name in ("smile", "hat", "beard")
}
POINT = RNG.standard_normal(12).astype(np.float32)
AMOUNTS = st.floats(-3, 3, width=32)


def test_a_step_along_a_direction_adds_one_to_its_coordinate() -> None:
    hat = DIRECTIONS["hat"]
    moved = steered(POINT, {"hat": 1.0}, {}, DIRECTIONS)
    assert np.allclose(moved, POINT + hat, atol=1e-6)
    assert coordinate(moved, hat) == pytest.approx(coordinate(POINT, hat) + 1, abs=1e-5)


def test_a_direction_without_length_has_no_coordinate_and_holds_nothing() -> None:
    nothing = {"nothing": np.zeros(12, np.float32)}
    assert coordinate(POINT, nothing["nothing"]) == 0
    assert np.array_equal(steered(POINT, {}, {"nothing": 2.0}, nothing), POINT)


def test_names_that_are_no_directions_are_passed_over() -> None:
    assert np.array_equal(steered(POINT, {"contrast": 2.0}, {"size": 1.0}, DIRECTIONS), POINT)


@given(st.floats(-2, 2, width=32), AMOUNTS, AMOUNTS)
def test_a_fixed_feature_stays_wherever_the_point_goes(
    fixed: float, hat: float, beard: float
) -> None:
    moved = steered(POINT, {"hat": hat, "beard": beard}, {"smile": fixed}, DIRECTIONS)
    assert coordinate(moved, DIRECTIONS["smile"]) == pytest.approx(fixed, abs=1e-4)


@given(AMOUNTS)
def test_the_slider_of_a_fixed_feature_still_moves_it(amount: float) -> None:
    moved = steered(POINT, {"smile": amount}, {"smile": 0.5}, DIRECTIONS)
    assert coordinate(moved, DIRECTIONS["smile"]) == pytest.approx(0.5 + amount, abs=1e-4)


def test_several_features_are_held_at_once_and_nothing_else_is_moved() -> None:
    fixed = {"smile": 1.0, "hat": -1.0, "beard": 0.25}
    moved = steered(POINT, {}, fixed, DIRECTIONS)
    for name, at in fixed.items():
        assert coordinate(moved, DIRECTIONS[name]) == pytest.approx(at, abs=1e-4)
    steps = np.asarray(list(DIRECTIONS.values()))
    rest = np.linalg.svd(steps)[2][len(steps) :]  # what is at right angles to all of them
    assert np.allclose(rest @ moved, rest @ POINT, atol=1e-5)


def test_the_same_feature_under_two_names_is_held_too() -> None:
    twins = {"smile": DIRECTIONS["smile"], "grin": DIRECTIONS["smile"].copy()}
    moved = steered(POINT, {}, {"smile": 1.0, "grin": 1.0}, twins)
    assert coordinate(moved, DIRECTIONS["smile"]) == pytest.approx(1, abs=1e-4)
