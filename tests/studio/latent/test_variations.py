"""Looking around a point."""

from __future__ import annotations

import numpy as np
import pytest

from studio.latent.variations import BREADTH, MIDDLE, children, variations

POINT = np.random.default_rng(3).standard_normal(96).astype(np.float32)
OTHER = np.random.default_rng(4).standard_normal(96).astype(np.float32)


def test_the_point_itself_stands_in_the_middle_of_its_variations() -> None:
    sheet = variations(POINT, 0.4, seed=1)
    assert len(sheet) == 9
    assert np.array_equal(sheet[MIDDLE], POINT)
    assert len({p.tobytes() for p in sheet}) == 9


def test_opposite_neighbours_go_opposite_ways() -> None:
    sheet = variations(POINT, 0.4, seed=1)
    centre = np.sqrt(1 - 0.4**2) * POINT
    for index in range(MIDDLE):
        there, back = sheet[index] - centre, sheet[8 - index] - centre
        assert np.allclose(there, -back, atol=1e-5)


@pytest.mark.parametrize("breadth", [BREADTH.low, 0.35, BREADTH.high])
def test_neighbours_are_as_likely_as_the_point(breadth: float) -> None:
    norms = [np.linalg.norm(p) for p in variations(POINT, breadth, seed=2)]
    assert np.allclose(norms, np.sqrt(96), rtol=0.25)


def test_more_breadth_goes_further() -> None:
    def reach(breadth: float) -> float:
        return float(np.mean([np.linalg.norm(p - POINT) for p in variations(POINT, breadth, 7)]))

    assert reach(0.05) < reach(0.3) < reach(1.0)


def test_the_same_seed_brings_the_same_sheet() -> None:
    assert np.array_equal(variations(POINT, 0.3, 5), variations(POINT, 0.3, 5))
    assert not np.array_equal(variations(POINT, 0.3, 5)[0], variations(POINT, 0.3, 6)[0])
    assert np.array_equal(children(POINT, OTHER, 0.3, 5), children(POINT, OTHER, 0.3, 5))


def test_a_child_has_each_coordinate_from_one_of_its_parents() -> None:
    for child in children(POINT, OTHER, 0.0, seed=1):
        from_first, from_second = child == POINT, child == OTHER
        assert (from_first | from_second).all()
        assert 0.2 < from_first.mean() < 0.8


def test_parents_have_many_different_children() -> None:
    assert len({c.tobytes() for c in children(POINT, OTHER, 0.2, seed=1)}) == 9
