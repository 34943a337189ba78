"""The map of a latent space: from points to places and back."""

from __future__ import annotations

import numpy as np
import pytest

from studio.engine import Atlas
from studio.latent.atlas import NEIGHBOURS, nearest, places_of, point_at

RNG = np.random.default_rng(3)
ATLAS = Atlas(
    points=RNG.standard_normal((300, 12)).astype(np.float32),
    places=RNG.uniform(-1, 1, (300, 2)).astype(np.float32),
)


def test_a_point_of_the_map_stands_at_its_own_place() -> None:
    found = places_of(ATLAS.points[[7, 100, 299]], ATLAS)
    assert found == [pytest.approx(tuple(ATLAS.places[i])) for i in (7, 100, 299)]


def test_a_point_near_another_stands_near_it() -> None:
    (place,) = places_of(ATLAS.points[5] + np.float32(1e-4), ATLAS)
    assert place == pytest.approx(tuple(ATLAS.places[5]), abs=1e-3)


def test_a_point_between_two_stands_between_them() -> None:
    two = Atlas(points=np.eye(2, dtype=np.float32), places=np.float32([[-1, 0], [1, 0]]))
    (middle,) = places_of(np.float32([0.5, 0.5]), two)
    assert middle == pytest.approx((0, 0))
    (nearer,) = places_of(np.float32([0.9, 0.1]), two)
    assert nearer == pytest.approx((-0.8, 0))


def test_every_place_is_inside_what_its_neighbours_span() -> None:
    for place in places_of(RNG.standard_normal((50, 12)) * 9, ATLAS):
        assert np.abs(place).max() <= 1


def test_a_map_of_fewer_points_than_neighbours_is_a_map_too() -> None:
    one = Atlas(points=np.ones((1, 3), np.float32), places=np.zeros((1, 2), np.float32))
    assert places_of(np.zeros((1, 3)), one) == [(0.0, 0.0)]
    assert point_at((0.7, 0.7), one) == pytest.approx([1, 1, 1])


def test_at_a_point_of_the_map_is_exactly_that_point() -> None:
    found = point_at(tuple(ATLAS.places[42].tolist()), ATLAS)
    assert (found == ATLAS.points[42]).all()


def test_between_points_it_is_their_blend_and_keeps_its_norm() -> None:
    norms = np.linalg.norm(ATLAS.points, axis=1)
    place = (0.1, -0.2)
    near = np.argsort(np.hypot(*(ATLAS.places - place).T))[:NEIGHBOURS]
    norm = np.linalg.norm(point_at(place, ATLAS))
    assert norms[near].min() <= norm <= norms[near].max() + 1e-4


def test_the_nearest_point_and_how_far_it_is() -> None:
    x, y = ATLAS.places[9].tolist()
    assert nearest((x, y), ATLAS) == (9, pytest.approx(0, abs=1e-6))
