"""Strokes and pins as shares of a picture's places."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.document.scene import Pin, Stroke
from studio.painting._brushes import Grid, cover, far, filled, painted, pinned
from studio.painting.layers import PaintLayers

GRID = Grid()
SLOTS = 8


def stroke(*points: tuple[float, float], slot: int | None = 1, **given: float) -> Stroke:
    return Stroke(slot=slot, points=points, **given)  # type: ignore[arg-type]


def taken(drawn: Stroke, grid: Grid = GRID) -> np.ndarray:
    return cover(far(drawn.points, drawn.radius, grid), drawn, grid)


def at(field: np.ndarray, x: float, y: float) -> np.ndarray:
    rows, columns = field.shape[:2]
    return field[int(y * rows), int(x * columns)]


# -- strokes ---------------------------------------------------------------------------------------


def test_a_touch_takes_all_at_its_place_and_nothing_from_its_radius_on() -> None:
    field = taken(stroke((0.5, 0.5), radius=0.25))
    assert at(field, 0.5, 0.5) > 0.99
    assert at(field, 0.5, 0.62) == pytest.approx(0.56, abs=0.06)
    assert at(field, 0.5, 0.76) == 0
    assert field.dtype == np.float32


def test_a_brush_has_no_edge() -> None:
    field = taken(stroke((0.5, 0.5), radius=0.25))
    assert np.abs(np.diff(field, axis=0)).max() < 0.11


def test_strength_is_how_much_is_taken() -> None:
    assert taken(stroke((0.5, 0.5), strength=0.3)).max() == pytest.approx(0.3, abs=0.01)


def test_a_stroke_that_crosses_itself_takes_no_more() -> None:
    crossed = taken(stroke((0.4, 0.4), (0.6, 0.6), (0.6, 0.4), (0.4, 0.6), strength=0.5))
    assert crossed.max() <= 0.5


def test_a_line_is_as_thick_between_its_points_as_at_them() -> None:
    field = taken(stroke((0.3, 0.5), (0.5, 0.5), radius=0.1))
    assert at(field, 0.4, 0.55) == pytest.approx(float(at(field, 0.3, 0.55)), rel=0.02)


def test_what_goes_over_an_edge_goes_on_at_the_opposite_one() -> None:
    field = taken(stroke((0.95, 0.5), (0.05, 0.5), radius=0.1))
    assert at(field, 0.99, 0.5) > 0.9
    assert at(field, 0.01, 0.5) > 0.9
    assert at(field, 0.5, 0.5) == 0, "the short way round"


@pytest.mark.parametrize("shift", [(0.25, 0.0), (0.5, 0.75), (0.125, 0.5)])
@pytest.mark.parametrize("radius", [0.01, 0.1, 0.5])
def test_a_stroke_elsewhere_is_the_same_stroke_rolled(
    shift: tuple[float, float], radius: float
) -> None:
    points = [(0.2, 0.3), (0.35, 0.45), (0.5, 0.4)]
    moved = [((x + shift[0]) % 1, (y + shift[1]) % 1) for x, y in points]
    there = taken(stroke(*moved, radius=radius))
    rolled = np.roll(
        taken(stroke(*points, radius=radius)),
        (round(shift[1] * GRID.rows), round(shift[0] * GRID.columns)),
        (0, 1),
    )
    np.testing.assert_allclose(there, rolled, atol=2e-5)


def test_the_largest_brush_is_smooth_on_the_far_side_too() -> None:
    field = taken(stroke((0.1, 0.1), (0.3, 0.3), radius=0.5))
    for axis in (0, 1):
        around = np.concatenate([field, np.take(field, [0], axis)], axis)
        assert np.abs(np.diff(around, axis=axis)).max() < 0.08


@pytest.mark.parametrize("x", np.linspace(0, 0.05, 7))
def test_the_finest_brush_never_falls_between_the_cells(x: float) -> None:
    assert taken(stroke((x, x), radius=0.01)).max() > 0.25


@pytest.mark.parametrize("aspect", [0.5, 2.0, 1.5])
def test_a_brush_is_round_on_pictures_that_are_not_square(aspect: float) -> None:
    grid = Grid(aspect)
    assert grid.columns / grid.rows == pytest.approx(aspect, rel=0.05)
    field = taken(stroke((0.5, 0.5), radius=0.3), grid) > 0
    wide = field.any(0).sum() * grid.width / grid.columns
    high = field.any(1).sum() * grid.height / grid.rows
    assert wide == pytest.approx(0.6, abs=0.05)
    assert high == pytest.approx(0.6, abs=0.05)


def test_a_later_stroke_covers_an_earlier_one_and_the_rubber_bares_the_ground() -> None:
    layer = np.zeros((GRID.rows, GRID.columns, SLOTS), np.float32)
    spot = stroke((0.5, 0.5), radius=0.2)
    layer = painted(layer, taken(spot), 1)
    layer = painted(layer, taken(stroke((0.5, 0.5), radius=0.2, strength=0.5)), 3)
    assert at(layer, 0.5, 0.5)[[1, 3]] == pytest.approx([0.5, 0.5], abs=0.01)
    assert at(painted(layer, taken(spot), None), 0.5, 0.5).sum() < 0.01


# -- what is kept ----------------------------------------------------------------------------------

places = st.tuples(*[st.floats(0, 1, exclude_max=True)] * 2)
lines = st.lists(places, min_size=1, max_size=6)


@given(st.lists(st.tuples(lines, st.sampled_from([None, 0, 5])), min_size=1, max_size=4))
def test_a_growing_stroke_leaves_what_the_whole_one_does_to_the_bit(
    drawn: list[tuple[list[tuple[float, float]], int | None]],
) -> None:
    growing = PaintLayers(GRID)
    strokes: tuple[Stroke, ...] = ()
    for points, slot in drawn:
        for length in range(1, len(points) + 1):
            now = (*strokes, stroke(*points[:length], slot=slot, radius=0.2, strength=0.7))
            made = growing.layer(now)
        strokes = now
    assert np.array_equal(made, PaintLayers(GRID).layer(strokes))
    fewer = strokes[:-1]
    assert np.array_equal(growing.layer(fewer), PaintLayers(GRID).layer(fewer)), "after an undo"
    assert made.min() >= 0
    assert made.sum(-1).max() <= 1 + 1e-6


def test_what_is_hidden_by_later_strokes_is_known() -> None:
    below, hidden = stroke((0.2, 0.2), radius=0.3), stroke((0.7, 0.7), radius=0.05)
    over = stroke((0.7, 0.7), slot=2, radius=0.4)
    rub = stroke((0.2, 0.2), slot=None, radius=0.1)
    layers = PaintLayers(GRID)
    assert layers.seen((below, hidden, over)) == (below, over)
    assert layers.seen((rub, below, rub)) == (below, rub), "nothing is under the first one"
    assert layers.seen(()) == ()


def test_no_stroke_is_no_paint() -> None:
    assert not PaintLayers(GRID).layer(()).any()


# -- pins ------------------------------------------------------------------------------------------


def test_a_pin_holds_all_of_its_place_and_half_at_its_reach() -> None:
    shares = pinned({2: Pin(place=(0.5, 0.5), reach=0.2)}, SLOTS, GRID)
    assert at(shares, 0.5, 0.5)[3] > 0.99
    assert at(shares, 0.7, 0.5)[3] == pytest.approx(0.5, abs=0.07)
    assert at(shares, 0.0, 0.0)[0] > 0.95


def test_shares_sum_to_one_and_two_pins_keep_their_places() -> None:
    pins = {0: Pin(place=(0.3, 0.5), reach=0.4), 7: Pin(place=(0.7, 0.5), reach=0.4)}
    shares = pinned(pins, SLOTS, GRID)
    np.testing.assert_allclose(shares.sum(-1), 1, atol=1e-6)
    assert at(shares, 0.3, 0.5)[1] > 0.95
    assert at(shares, 0.7, 0.5)[8] > 0.95
    np.testing.assert_allclose(shares[..., 1], shares[:, ::-1, 8], atol=1e-3)


@pytest.mark.parametrize("reach", [0.05, 0.25, 1.0])
def test_a_pin_near_an_edge_is_felt_behind_it_and_is_smooth_all_round(reach: float) -> None:
    at_edge = pinned({0: Pin(place=(0.0, 0.25), reach=reach)}, SLOTS, GRID)
    inside = pinned({0: Pin(place=(0.5, 0.25), reach=reach)}, SLOTS, GRID)
    np.testing.assert_allclose(at_edge, np.roll(inside, GRID.columns // 2, 1), atol=1e-4)
    steps = np.abs(np.diff(at_edge[..., 1], axis=1, append=at_edge[:, :1, 1]))
    assert steps.max() < 0.5 / (reach * GRID.columns) * 3


def test_pins_of_empty_slots_are_passed_over() -> None:
    pins = {0: Pin(place=(0.1, 0.1)), 4: Pin(place=(0.5, 0.5))}
    assert filled(pins, (4, 5)) == {4: pins[4]}
