from __future__ import annotations

import numpy as np

from engines.vae_images.latent_space import direction, fit


def _means(count: int = 4000) -> np.ndarray:
    rng = np.random.default_rng(1)
    turn = np.linalg.qr(rng.normal(size=(5, 5)))[0]
    return (3 + rng.normal(size=(count, 5)) * [4, 2, 1, 0.5, 0.1] @ turn).astype(np.float32)


def test_white_points_are_white_and_find_their_way_back():
    means = _means()
    space = fit(means, kernels=50, width=0.5)
    white = space.to_white(means)
    np.testing.assert_allclose(white.mean(0), 0, atol=1e-3)
    np.testing.assert_allclose(np.cov(white, rowvar=False), np.eye(5), atol=1e-2)
    np.testing.assert_allclose(space.to_decoder(white), means, atol=1e-3)


def test_axes_come_in_order_of_importance():
    lengths = np.linalg.norm(fit(_means(), kernels=50, width=0.5).axes, axis=1)
    assert (np.diff(lengths) < 0).all()
    np.testing.assert_allclose(lengths, [4, 2, 1, 0.5, 0.1], rtol=0.1)


def test_the_density_stays_near_real_points_and_keeps_their_spread():
    rng = np.random.default_rng(0)
    corners = np.array([[4, 0, 1], [-4, 0, 2], [0, 6, 3]])
    points = corners[rng.integers(3, size=3000)] + 0.3 * rng.normal(size=(3000, 3))
    space = fit(points.astype(np.float32), kernels=1000, width=0.3)
    drawn = space.density.sample(0, 2000)
    np.testing.assert_allclose(drawn.mean(0), 0, atol=0.1)
    np.testing.assert_allclose(np.cov(drawn, rowvar=False), np.eye(3), atol=0.15)
    far = np.linalg.norm(space.to_decoder(drawn)[:, None] - corners, axis=2).min(1)
    wild = rng.standard_normal((2000, 3)).astype(np.float32)
    farther = np.linalg.norm(space.to_decoder(wild)[:, None] - corners, axis=2).min(1)
    assert np.median(far) < 0.6 * np.median(farther)


def test_a_sample_depends_on_its_seed_and_place_alone():
    density = fit(_means(), kernels=50, width=0.5).density
    np.testing.assert_array_equal(density.sample(5, 3), density.sample(5, 8)[:3])
    assert not np.array_equal(density.sample(5, 3), density.sample(6, 3))
    assert density.sample(5, 0).shape == (0, 5)


def test_a_direction_leads_from_without_to_with():
    rng = np.random.default_rng(0)
    label = (rng.random(6000) < 0.3).astype(np.float32)
    points = rng.normal(size=(6000, 4)).astype(np.float32)
    points[:, 2] += 1.5 * label
    np.testing.assert_allclose(direction(points, label), [0, 0, 1.5, 0], atol=0.1)
    slope = direction(points, points[:, 1])
    np.testing.assert_allclose(slope, [0, 1, 0, 0], atol=0.1)
