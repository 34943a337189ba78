"""How blends are judged."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engines.vae_images.evaluation import blends
from engines.vae_images.latent_space import Kernels


def _two_heaps() -> np.ndarray:
    """Points at +-3 along the first axis: half-way there is nothing."""
    rng = np.random.default_rng(0)
    heaps = 0.2 * rng.standard_normal((400, 6))
    heaps[:, 0] += np.where(rng.random(400) < 0.5, 3, -3)
    return heaps.astype(np.float32)


def _squares(points: np.ndarray) -> torch.Tensor:
    """A square as strong as its point is far from the middle, wherever that is along axis 0."""
    strength = torch.from_numpy(np.abs(points[:, 0]) / 3).float().clamp(0, 1)
    pictures = torch.zeros(len(points), 3, 32, 32)
    pictures[:, :, 8:24, 8:24] = strength[:, None, None, None]
    return pictures


def test_the_judge_tells_faint_blends_from_samples_and_not_samples_from_samples(monkeypatch):
    monkeypatch.setattr(blends, "LESSONS", 60)
    density = Kernels(_two_heaps(), 0.0)
    faint = {r.name: r.value for r in blends.rows({"": _squares, "_v0_1": _squares}, density, 64)}
    assert faint["judge_right"] > 0.65  # half of the pairs are of unlike ends
    assert faint["judge_right_v0_1"] == faint["judge_right"]
    same = blends.Judge(*_squares(density.sample(5, 128)).chunk(2))
    unseen = _squares(density.sample(6, 64))
    fair = same.right(unseen, blends=True) + same.right(unseen, blends=False)
    assert fair == pytest.approx(1.0)


def test_soft_edges_are_not_strong():
    hard = _squares(np.full((1, 6), 3.0))
    soft = torch.nn.functional.avg_pool2d(hard, 9, 1, 4)
    assert blends.edge_share(hard) == 1.0
    assert blends.edge_share(soft) < 0.5
