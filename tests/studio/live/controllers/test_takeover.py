"""A knob that stands elsewhere than its value waits until it is there."""

from __future__ import annotations

from studio.live.controllers._takeover import PickUp


def follow(knob: PickUp, *places: float, target: float, at_s: float = 0.0) -> list[bool]:
    """Turn the knob through `places`, ten milliseconds apart, as an instrument would follow it."""
    taken = []
    for n, place in enumerate(places):
        taken.append(knob.admits(place, target, at_s + n / 100))
        if taken[-1]:
            target = place
            knob.left(target)
    return taken


def test_it_waits_until_the_knob_passes_the_value() -> None:
    assert follow(PickUp(), 0.1, 0.3, 0.6, 0.9, target=0.5) == [False, False, True, True]


def test_from_above_as_well() -> None:
    assert follow(PickUp(), 0.9, 0.6, 0.3, target=0.5) == [False, False, True]


def test_a_knob_that_is_there_is_let_through_at_once() -> None:
    assert follow(PickUp(), 0.505, 0.6, target=0.5) == [True, True]


def test_once_caught_it_may_go_as_fast_as_it_likes() -> None:
    assert follow(PickUp(), 0.5, 1.0, 0.0, 0.7, target=0.5) == [True] * 4


def test_a_value_that_others_moved_has_to_be_picked_up_again() -> None:
    knob = PickUp()
    follow(knob, 0.5, 0.6, target=0.5)
    assert follow(knob, 0.62, 0.64, 0.1, target=0.2, at_s=1) == [False, False, True]


def test_a_value_that_others_moved_by_a_hair_stays_caught() -> None:
    knob = PickUp()
    follow(knob, 0.5, 0.6, target=0.5)
    assert follow(knob, 0.7, target=0.605, at_s=1) == [True]


def test_a_knob_turned_while_unplugged_has_not_passed_the_value() -> None:
    knob = PickUp()
    follow(knob, 0.1, target=0.5)
    assert follow(knob, 0.9, 0.8, target=0.5, at_s=60) == [False, False]


def test_a_slow_hand_passes_the_value_all_the_same() -> None:
    knob = PickUp()
    assert [knob.admits(place, 0.5, at_s) for place, at_s in ((0.46, 0), (0.53, 5))] == [
        False,
        True,
    ]
