"""Endless encoders in the three common codings."""

from __future__ import annotations

import pytest

from studio.live.controllers._relative import CODINGS, Coding, guess, plausible, reconsidered, steps


@pytest.mark.parametrize(
    ("coding", "right", "left"),
    [("two's complement", 1, 127), ("binary offset", 65, 63), ("sign bit", 1, 65)],
)
def test_one_click_each_way(coding: Coding, right: int, left: int) -> None:
    assert (steps(coding, right), steps(coding, left)) == (1, -1)


@pytest.mark.parametrize(
    ("coding", "right", "left"),
    [("two's complement", 3, 125), ("binary offset", 67, 61), ("sign bit", 3, 67)],
)
def test_three_clicks_at_once(coding: Coding, right: int, left: int) -> None:
    assert (steps(coding, right), steps(coding, left)) == (3, -3)


def test_no_value_is_more_than_sixty_four_clicks() -> None:
    for coding in CODINGS:
        assert all(-64 <= steps(coding, value) <= 63 for value in range(128))


@pytest.mark.parametrize("coding", CODINGS)
def test_turned_both_ways_it_is_told_apart(coding: Coding) -> None:
    turns = [1, 1, 2, 1, 1, 1, -1, -1, -2, -1, -1]
    spoken = {steps(coding, value): value for value in range(128)}
    assert guess([spoken[turn] for turn in turns]) == coding


@pytest.mark.parametrize(
    ("values", "coding"),
    [
        ([1, 1, 1], "two's complement"),  # the commoner of the two that it may be
        ([127, 127, 127], "two's complement"),
        ([65, 65, 65], "binary offset"),
        ([63, 63, 63], "binary offset"),
    ],
)
def test_turned_one_way_the_commonest_is_taken(values: list[int], coding: Coding) -> None:
    assert guess(values) == coding


@pytest.mark.parametrize(
    "values",
    [
        [],
        [1],
        [60, 61, 62, 63, 64, 65, 66],  # a knob turned across its middle
        [0, 1, 2, 3, 4, 5],
        [127, 126, 125, 120],
        [127, 0, 127, 0],  # a button
        [0, 0, 0],
        [10, 50, 50, 90, 90, 90],  # a knob that repeats itself
    ],
)
def test_knobs_and_buttons_are_no_encoders(values: list[int]) -> None:
    assert guess(values) is None


def test_a_coding_is_reconsidered_when_the_other_way_sounds_wrong() -> None:
    assert not plausible("two's complement", 65)
    assert reconsidered("two's complement", [65, 65, 66]) == "sign bit"
    assert reconsidered("sign bit", [127, 127]) == "two's complement"
    assert reconsidered("binary offset", [1, 1]) == "sign bit"  # it was turned left at first
    assert reconsidered("two's complement", [40, 90]) is None
