"""A new slot's anchor stands where no other is."""

from __future__ import annotations

import math

from studio.document.scene import SLOT_COUNT, free_place, home_place


def test_at_home_where_that_is_free() -> None:
    assert free_place(2, [home_place(3)]) == home_place(2)


def test_beside_an_anchor_that_was_moved_there() -> None:
    taken = [home_place(0)] * 2 + [home_place(1)]
    place = free_place(0, taken)
    assert all(math.dist(place, other) > 0.3 for other in taken)


def test_on_a_full_pad_all_are_apart_or_at_home() -> None:
    taken = [home_place(index) for index in range(SLOT_COUNT)]
    assert min(math.dist(free_place(4, taken), other) for other in taken) >= 0.3
    crowd = [(x / 5, y / 5) for x in range(-5, 6) for y in range(-5, 6)]
    assert free_place(4, crowd) == home_place(4)
