"""The order of scenes, and the place in it."""

from __future__ import annotations

import pytest

from studio.scenes._set_list import SetListItem, SetListOrder

DAWN, NOON, DUSK = (SetListItem(name.lower(), name) for name in ("Dawn", "Noon", "Dusk"))


@pytest.fixture
def order() -> SetListOrder:
    return SetListOrder((DAWN, NOON, DUSK, NOON))


def test_the_first_step_on_is_the_first_and_the_first_step_back_the_last(
    order: SetListOrder,
) -> None:
    assert (order.place, order.beside(1), order.beside(-1)) == (None, 0, 3)
    assert (SetListOrder().beside(1), SetListOrder().beside(-1)) == (None, None)


def test_there_is_nothing_beyond_its_ends(order: SetListOrder) -> None:
    order.stand(3)
    assert (order.beside(1), order.beside(-1)) == (None, 2)
    order.stand(0)
    assert (order.beside(1), order.beside(-1)) == (1, None)


def test_steps_may_be_counted_from_elsewhere(order: SetListOrder) -> None:
    order.stand(0)
    assert order.beside(1, 1) == 2


def test_it_stands_only_where_there_is_something(order: SetListOrder) -> None:
    for nowhere in (4, -1):
        with pytest.raises(IndexError):
            order.stand(nowhere)


def test_its_place_stays_with_the_scene(order: SetListOrder) -> None:
    order.stand(2)
    order.put((DUSK, DAWN, NOON))
    assert order.place == 0
    order.put((DAWN, NOON))
    assert order.place is None


def test_of_two_places_of_a_scene_the_nearer_one_stays(order: SetListOrder) -> None:
    order.stand(3)
    order.put((NOON, DAWN, DUSK, DUSK, NOON))
    assert order.place == 4
