"""Blends keep what a prior sample has: its norm. Walks stay in the prior, loops close."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from studio.document.scene import SLOT_COUNT, home_place
from studio.latent.blending import blend, drift, ease, lerp, loop, pad_weights, slerp

shares = st.floats(0, 1)
seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(8, 512)
hows = st.sampled_from(["straight", "great circle"])
near: dict[str, Any] = {"rtol": 1e-4, "atol": 1e-4}


def points(seed: int, count: int, size: int) -> NDArray[np.float32]:
    """Prior samples, some of them scaled as captured points may be."""
    rng = np.random.default_rng(seed)
    scales = rng.uniform(0.5, 1.5, (count, 1))
    return (scales * rng.standard_normal((count, size))).astype(np.float32)


def weights(seed: int, count: int) -> NDArray[np.float64]:
    return np.random.default_rng(seed).dirichlet(np.ones(count))


# -- two points ------------------------------------------------------------------------------------


@given(seeds, sizes)
def test_both_ways_begin_and_end_at_their_points(seed: int, size: int) -> None:
    a, b = points(seed, 2, size)
    for way in (lerp, slerp):
        np.testing.assert_allclose(way(a, b, 0), a, **near)
        np.testing.assert_allclose(way(a, b, 1), b, **near)
        assert way(a, b, 0.3).dtype == np.float32
        assert way(a, b, 0.3).shape == (size,)


@given(seeds, sizes, shares)
def test_a_great_circle_carries_the_norm_over(seed: int, size: int, t: float) -> None:
    a, b = points(seed, 2, size)
    norm = (1 - t) * np.linalg.norm(a) + t * np.linalg.norm(b)
    assert np.linalg.norm(slerp(a, b, t)) == pytest.approx(norm, rel=1e-4)


def test_a_straight_line_loses_the_norm_in_its_middle() -> None:
    a, b = np.random.default_rng(0).standard_normal((2, 4096))
    assert np.linalg.norm(lerp(a, b, 0.5)) / 64 == pytest.approx(math.sqrt(0.5), abs=0.02)
    assert np.linalg.norm(slerp(a, b, 0.5)) / 64 == pytest.approx(1, abs=0.02)


def test_the_angle_grows_evenly() -> None:
    a, b = np.eye(8)[:2]
    for t in np.linspace(0, 1, 9):
        assert slerp(a, b, t) @ a == pytest.approx(math.cos(t * math.pi / 2), abs=1e-6)


@given(seeds, sizes, shares)
def test_the_way_back_is_the_way_there(seed: int, size: int, t: float) -> None:
    a, b = points(seed, 2, size)
    np.testing.assert_allclose(slerp(a, b, t), slerp(b, a, 1 - t), **near)


@given(seeds, sizes, shares)
def test_nearly_equal_points_stay_themselves(seed: int, size: int, t: float) -> None:
    (a,) = points(seed, 1, size)
    for nudge in (0, 1e-7, 1e-5, 1e-3):
        b = a * (1 + nudge) + nudge
        between = slerp(a, b, t)
        np.testing.assert_allclose(between, a, rtol=1e-4, atol=10 * nudge + 1e-5)


@given(seeds, sizes, shares)
def test_opposite_points_and_the_origin_give_something_finite(
    seed: int, size: int, t: float
) -> None:
    (a,) = points(seed, 1, size)
    for b in (-a, np.zeros(size), -a * (1 + 1e-8)):
        between = slerp(a, b, t)
        assert np.isfinite(between).all()
        assert np.linalg.norm(between) <= np.linalg.norm(a) * (1 + 1e-4)
    assert np.array_equal(slerp(np.zeros(size), np.zeros(size), t), np.zeros(size))


# -- many points -----------------------------------------------------------------------------------


@given(seeds, sizes, shares, hows)
def test_a_blend_of_two_is_the_way_between_them(seed: int, size: int, t: float, how: Any) -> None:
    a, b = points(seed, 2, size)
    way = slerp if how == "great circle" else lerp
    np.testing.assert_allclose(blend([a, b], [1 - t, t], how), way(a, b, t), **near)


@given(seeds, st.integers(1, SLOT_COUNT), sizes, hows)
def test_a_point_that_has_all_the_weight_is_the_blend(
    seed: int, count: int, size: int, how: Any
) -> None:
    p = points(seed, count, size)
    for i in range(count):
        assert np.array_equal(blend(p, np.eye(count)[i], how), p[i])


@given(seeds, st.integers(1, SLOT_COUNT), sizes, hows)
def test_a_blend_of_one_point_with_itself_is_that_point(
    seed: int, count: int, size: int, how: Any
) -> None:
    (a,) = points(seed, 1, size)
    mixed = blend(np.tile(a, (count, 1)), weights(seed, count), how)
    np.testing.assert_allclose(mixed, a, **near)


@given(seeds, st.integers(2, SLOT_COUNT), sizes, hows)
def test_the_order_of_the_points_does_not_matter(
    seed: int, count: int, size: int, how: Any
) -> None:
    p, w = points(seed, count, size), weights(seed, count)
    order = np.random.default_rng(seed).permutation(count)
    np.testing.assert_allclose(blend(p[order], w[order], how), blend(p, w, how), **near)


@given(seeds, st.integers(2, SLOT_COUNT), sizes)
def test_a_blend_has_the_norm_that_a_prior_sample_would_have(
    seed: int, count: int, size: int
) -> None:
    p, w = points(seed, count, size), weights(seed, count)
    norms = np.linalg.norm(p, axis=1)
    norm = np.linalg.norm(blend(p, w))
    assert norm == pytest.approx(w @ norms, rel=1e-4)
    assert norms.min() * 0.9999 <= norm <= norms.max() * 1.0001


@given(seeds, st.integers(3, SLOT_COUNT), sizes)
def test_a_blend_is_where_the_angles_pull_evenly(seed: int, count: int, size: int) -> None:
    """The weighted log map at the spherical mean vanishes (Buss and Fillmore 2001)."""
    p, w = points(seed, count, size).astype(np.float64), weights(seed, count)
    q = blend(p, w).astype(np.float64)
    q /= np.linalg.norm(q)
    units = p / np.linalg.norm(p, axis=1)[:, None]
    cosine = np.clip(units @ q, -1, 1)
    away = units - cosine[:, None] * q
    away *= (np.arccos(cosine) / np.maximum(np.linalg.norm(away, axis=1), 1e-12))[:, None]
    assert np.linalg.norm(w @ away) < 1e-3


@given(seeds, st.integers(1, SLOT_COUNT), sizes)
def test_a_straight_blend_is_the_mean(seed: int, count: int, size: int) -> None:
    p, w = points(seed, count, size), weights(seed, count)
    np.testing.assert_allclose(blend(p, w, "straight"), w @ p, **near)


@given(seeds, st.integers(2, SLOT_COUNT), sizes, st.floats(1e-3, 1e3), hows)
def test_only_the_ratios_of_the_weights_matter(
    seed: int, count: int, size: int, scale: float, how: Any
) -> None:
    p, w = points(seed, count, size), weights(seed, count)
    np.testing.assert_allclose(blend(p, scale * w, how), blend(p, w, how), **near)


@given(seeds, sizes)
def test_a_weight_fades_in_without_a_jump(seed: int, size: int) -> None:
    """From two points to three: the path is another formula, the place the same."""
    p = points(seed, 3, size)
    np.testing.assert_allclose(
        blend(p, [0.5, 0.5 - 1e-6, 1e-6]), blend(p, [0.5, 0.5, 0]), rtol=1e-3, atol=1e-3
    )


@given(seeds, st.integers(2, SLOT_COUNT), st.integers(1, 6))
def test_points_that_cancel_or_vanish_give_something_finite(
    seed: int, count: int, size: int
) -> None:
    p, w = points(seed, count, size), weights(seed, count)
    for awkward in (np.concatenate([p, -p]), np.concatenate([p, 0 * p]), 0 * np.tile(p, (2, 1))):
        for share in (np.tile(w, 2), np.ones(2 * count)):
            mixed = blend(awkward, share)
            assert np.isfinite(mixed).all()
            assert np.linalg.norm(mixed) <= np.linalg.norm(awkward, axis=1).max() * 1.001


@pytest.mark.parametrize(
    "bad", [[0, 0], [-1, 2], [math.nan, 1], [math.inf, 1], [1, 2, 3], [1], []], ids=str
)
def test_weights_that_make_no_sense_are_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match=r"[Ww]eights"):
        blend(np.eye(2), bad)


def test_a_blend_leaves_its_points_alone() -> None:
    p = points(1, 4, 16)
    kept = p.copy()
    blend(p, [1, 2, 3, 4])
    assert np.array_equal(p, kept)


# -- the pad ---------------------------------------------------------------------------------------

places = st.tuples(st.floats(-1, 1), st.floats(-1, 1))


@given(places, st.lists(places, min_size=1, max_size=SLOT_COUNT))
def test_the_pads_weights_share_one_whole(
    puck: tuple[float, float], anchors: list[tuple[float, float]]
) -> None:
    found = pad_weights(puck, anchors)
    assert found.shape == (len(anchors),)
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1)


@given(st.lists(places, min_size=1, max_size=SLOT_COUNT), st.data())
def test_an_anchor_under_the_puck_has_all_the_weight(
    anchors: list[tuple[float, float]], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(anchors) - 1))
    distances = [math.dist(anchors[index], a) for a in anchors]
    assume(sum(d < 1e-3 for d in distances) == 1)
    assert pad_weights(anchors[index], anchors)[index] == 1


def test_anchors_on_one_spot_share_it() -> None:
    assert pad_weights((0.5, 0.5), [(0.5, 0.5), (0.5, 0.5), (0, 0)]).tolist() == [0.5, 0.5, 0]


def test_the_middle_of_the_circle_shares_evenly() -> None:
    found = pad_weights((0, 0), [home_place(i) for i in range(SLOT_COUNT)])
    np.testing.assert_allclose(found, 1 / SLOT_COUNT)


def test_nearer_is_more() -> None:
    found = pad_weights((-0.4, 0), [(-1, 0), (0, 0), (1, 0)])
    assert found[1] > found[0] > found[2]


# -- walks and loops -------------------------------------------------------------------------------


def test_a_long_walk_stays_in_the_prior() -> None:
    rng = np.random.default_rng(3)
    z = rng.standard_normal(20_000).astype(np.float32)
    for _ in range(50):
        z = drift(z, rng, 0.3)
    assert z.dtype == np.float32
    assert abs(float(z.mean())) < 0.03
    assert float(z.std()) == pytest.approx(1, abs=0.03)
    assert float((z**4).mean()) == pytest.approx(3, abs=0.25)  # a normal's kurtosis


def test_a_walk_forgets_where_it_began_at_the_pace_of_its_step() -> None:
    rng = np.random.default_rng(4)
    z = rng.standard_normal(20_000)
    for step in (0.1, 0.5, 0.9):
        correlation = np.corrcoef(z, drift(z, rng, step))[0, 1]
        assert correlation == pytest.approx(math.sqrt(1 - step**2), abs=0.03)


def test_a_step_of_nothing_stays_and_a_step_of_one_jumps() -> None:
    z = np.ones(8, np.float32)
    assert np.array_equal(drift(z, np.random.default_rng(0), 0), z)
    fresh = np.random.default_rng(0).standard_normal(8)
    np.testing.assert_allclose(drift(z, np.random.default_rng(0), 1), fresh, **near)


@given(seeds, st.integers(1, 6), sizes, hows)
def test_a_loop_closes_to_the_bit(seed: int, count: int, size: int, how: Any) -> None:
    p = points(seed, count, size)
    for t in (0, 1, 2, -1, 0.0, 1.0, 2.0, -1e-17, 1e6):
        assert loop(p, t, how).tobytes() == p[0].tobytes()


@given(seeds, st.integers(1, 6), sizes, hows)
def test_a_loop_passes_every_point_and_rests_in_it(
    seed: int, count: int, size: int, how: Any
) -> None:
    p = points(seed, count, size)
    for i in range(count):
        for aside in (-1e-4, 0, 1e-4):
            found = loop(p, i / count + aside, how)
            np.testing.assert_allclose(found, p[i], atol=1e-3)


def test_a_loop_without_points_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        loop([], 0.5)


@given(st.floats(-2, 3), st.floats(-2, 3))
def test_easing_goes_from_rest_to_rest(a: float, b: float) -> None:
    assert ease(0) == 0
    assert ease(1) == 1
    assert 0 <= ease(a) <= 1
    if a <= b:
        assert ease(a) <= ease(b)
