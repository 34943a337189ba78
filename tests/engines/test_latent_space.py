from __future__ import annotations

import numpy as np

from engines.vae_images.latent_space import direction, fit, fit_mixture


def _means(count: int = 4000) -> np.ndarray:
    rng = np.random.default_rng(1)
    turn = np.linalg.qr(rng.normal(size=(5, 5)))[0]
    return (3 + rng.normal(size=(count, 5)) * [4, 2, 1, 0.5, 0.1] @ turn).astype(np.float32)


def test_white_points_are_white_and_find_their_way_back():
    means = _means()
    space = fit(means, components=3)
    white = space.to_white(means)
    np.testing.assert_allclose(white.mean(0), 0, atol=1e-3)
    np.testing.assert_allclose(np.cov(white, rowvar=False), np.eye(5), atol=1e-2)
    np.testing.assert_allclose(space.to_decoder(white), means, atol=1e-3)


def test_axes_come_in_order_of_importance():
    lengths = np.linalg.norm(fit(_means(), components=2).axes, axis=1)
    assert (np.diff(lengths) < 0).all()
    np.testing.assert_allclose(lengths, [4, 2, 1, 0.5, 0.1], rtol=0.1)


def test_the_density_finds_clusters_and_samples_from_them():
    rng = np.random.default_rng(0)
    centres = np.array([[4, 0], [-4, 0], [0, 6]], np.float32)
    points = centres[rng.integers(3, size=3000)] + 0.5 * rng.normal(size=(3000, 2))
    found = fit_mixture(points.astype(np.float32), components=12)
    drawn = found.sample(0, 500)
    nearest = np.linalg.norm(drawn[:, None] - centres, axis=2).min(1)
    assert np.quantile(nearest, 0.95) < 1.6  # 0.5 · sqrt(-2 ln 0.05) = 1.2, and a bit


def test_a_sample_depends_on_its_seed_and_place_alone():
    density = fit(_means(), components=4).density
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
