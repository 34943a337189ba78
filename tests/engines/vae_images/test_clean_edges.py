"""Letters' edges made even, and what is thinner than a hair drawn as one."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engines.vae_images.alphabet import REACH_PX, SIZE_PX
from engines.vae_images.clean_edges import HAIR, CleanEdges
from engines.vae_images.engine import VaeEngine
from engines.vae_images.evaluation.letter_edges import parts, waver
from studio.engine import Job, Resources
from tests.engines.vae_images import tiny

DOWN, ACROSS = torch.meshgrid(torch.arange(64.0), torch.arange(64.0), indexing="ij")


def _field(away: torch.Tensor) -> torch.Tensor:
    """Distances in cells (64, 64) as the decoder gives them."""
    return (0.5 + away / (2 * REACH_PX)).clamp(0, 1)[None, None]


def _stem(half: float = 3.0, wobble: float = 0.0) -> torch.Tensor:
    """An upright stroke whose edges stray by `wobble` cells, each its own way."""
    left, right = (wobble * torch.sin(DOWN * turn) for turn in (2.1, 1.7))
    upright = torch.minimum(ACROSS - 31 + half + left, 31 + half + right - ACROSS)
    return torch.minimum(upright, torch.minimum(DOWN - 12, 50 - DOWN))


def _clean(away: torch.Tensor) -> torch.Tensor:
    return CleanEdges(SIZE_PX, REACH_PX)(_field(away))[0, 0]


def test_a_stem_that_wavers_is_straight():
    before = waver(_field(_stem(wobble=0.08))[0, 0].numpy())
    assert waver(_clean(_stem(wobble=0.08)).numpy()) < 0.3 * before


@pytest.mark.parametrize("radius", [8.0, 14.0, 24.0])
def test_a_curve_stays_where_it_is(radius):
    away = radius - torch.hypot(DOWN - 31.5, ACROSS - 31.5)
    moved = (_clean(away) - _field(away)[0, 0]).abs()[away.abs() < 1] * 2 * REACH_PX
    assert float(moved.max()) < 0.06


def test_a_corner_stays_a_corner():
    away = torch.minimum(
        torch.minimum(ACROSS - 12, 50 - ACROSS), torch.minimum(DOWN - 12, 50 - DOWN)
    )
    moved = (_clean(away) - _field(away)[0, 0]).abs() * 2 * REACH_PX
    assert float(moved[8:18, 8:18].max()) < 0.1


def test_a_broken_hairline_is_whole_and_as_wide_as_a_hair():
    thin = _stem(half=0.3) - 0.7 * (torch.sin(DOWN / 3) > 0.6)
    assert parts(_field(thin)[0, 0].numpy()) > 1
    mended = _clean(thin)
    assert parts(mended.numpy()) == 1
    wide = (2 * REACH_PX * (mended[30] - 0.5)).max()
    assert float(wide) == pytest.approx(HAIR, abs=0.15)


def test_strokes_wider_than_a_hair_keep_their_width():
    for half in (1.0, 3.0):
        moved = (_clean(_stem(half)) - _field(_stem(half))[0, 0])[20:42].abs().max()
        assert float(moved) * 2 * REACH_PX < 0.05


def test_empty_fields_stay_empty():
    assert float(_clean(torch.full((64, 64), -9.0)).max()) == 0


def test_large_sheets_and_outlines_have_clean_edges_and_small_ones_are_as_they_were(tmp_path):
    engine = VaeEngine()
    engine.load(
        tiny.write_letters(tmp_path / "letters.safetensors"), Resources(device="cpu", threads=1)
    )
    point = np.random.default_rng(0).normal(size=6).astype(np.float32)
    plain, clean = (engine.art.letters(point, "Ab", which)[0] for which in (False, True))
    assert plain.shape == clean.shape == (2, 1, SIZE_PX, SIZE_PX)
    torch.testing.assert_close(clean, CleanEdges(SIZE_PX, REACH_PX)(plain))
    asked = []
    engine.art.letters = lambda point, text, clean: asked.append(clean) or (plain, torch.ones(2))
    for size in ("128", "256"):
        engine.render(Job(latent=point, parameters={"text": "Ab", "size": size}))
    engine.outline(Job(latent=point, parameters={"text": "Ab"}))
    engine.close()
    assert asked == [False, True, True]
