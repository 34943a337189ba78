"""Landscapes that a formula paints from numbers, and the encoder that reads those off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engines.common.device import place
from engines.vae_images import shipped
from engines.vae_images.data_sets import dataset, landscapes
from engines.vae_images.data_sets.labels import LANDSCAPE_LABELS
from engines.vae_images.data_sets.materials import Scenes
from engines.vae_images.drawing import sizes
from engines.vae_images.engine import VaeEngine
from engines.vae_images.landscapes import palettes
from engines.vae_images.landscapes.painter import ADDED, FREEDOMS, LandscapePainter
from engines.vae_images.latent_space import Kernels, LatentSpace
from engines.vae_images.model import Vae
from engines.vae_images.spec import SPEC
from engines.vae_images.training import export, mapping, train
from engines.vae_images.training.lessons import lesson
from engines.vae_images.training.trainee import Recipe, VaeTrainee
from studio.engine import EngineError, Job, ModelSpec, Resources
from tests.engines.vae_images import tiny

TINY = replace(tiny.CONFIG, latent_size=len(FREEDOMS), painted=True)
FEW = landscapes.scenes(range(6))


def _moved(name: str, by: float) -> np.ndarray:
    """Some scenes with one number moved by so many standard deviations."""
    return _with(FEW, FREEDOMS.index(name), by)


def test_a_number_is_always_the_same_scene():
    assert np.array_equal(landscapes.scenes(range(3, 6)), FEW[3:])
    assert np.array_equal(landscapes.paint(FEW[3:5], 32), landscapes.paint(FEW, 32)[3:5])


def test_pictures_are_rgb_bytes_of_the_size_that_is_asked_for():
    for size_px in (16, 64):
        painted = landscapes.paint(FEW, size_px)
        assert painted.shape == (6, size_px, size_px, 3)
        assert painted.dtype == np.uint8


def test_a_larger_picture_is_the_same_scene():
    small, large = (landscapes.paint(FEW, size_px).astype(float) for size_px in (64, 256))
    reduced = large.reshape(6, 64, 4, 64, 4, 3).mean((2, 4))
    assert np.abs(reduced - small).mean() < 3


@pytest.mark.parametrize("name", FREEDOMS)
def test_every_number_is_seen_and_nothing_jumps(name):
    scenes = landscapes.scenes(range(24))
    column = FREEDOMS.index(name)
    still, far, near = (
        landscapes.paint(_with(scenes, column, by), 32).astype(float) for by in (0, 1.5, 0.015)
    )
    changes = np.abs(far - still).mean((1, 2, 3))
    assert changes.max() > 0.3
    assert np.abs(near - still).mean((1, 2, 3)).max() < 0.1 * changes.max()


def _with(scenes: np.ndarray, column: int, by: float) -> np.ndarray:
    moved = scenes.copy()
    moved[:, column] += by
    return moved


def test_a_day_is_brighter_than_a_night():
    dark, bright = (landscapes.paint(_moved("day", by), 32).mean() for by in (-3, 3))
    assert bright > dark + 40


def test_colours_are_those_of_a_palette_near_it_and_mixed_between():
    places = torch.tensor([chosen[:3] for chosen in palettes.CHOSEN])
    at = palettes.colours(*places.T)
    assert set(at) == set(palettes.ROLES)
    codes = [chosen[3].split()[0] for chosen in palettes.CHOSEN]
    zeniths = torch.tensor([list(bytes.fromhex(code)) for code in codes]) / 255
    assert float((at["zenith"] - zeniths).abs().mean()) < 0.05
    halfway = palettes.colours(*((places[:1] + places[1:2]) / 2).T)["zenith"]
    assert not torch.allclose(halfway, zeniths[:1], atol=0.01)
    assert bool(((halfway >= 0) & (halfway <= 1)).all())


def test_data_is_painted_once(tmp_path, monkeypatch):
    monkeypatch.setattr(dataset.os, "cpu_count", lambda: 1)
    splits = {"training": range(3), "held_out": range(7, 9)}
    dataset.prepare_landscapes(tmp_path, splits, 16)
    drawn = dataset.pictures(tmp_path, "training")
    assert np.array_equal(drawn, landscapes.paint(FEW[:3], 16))
    before = (tmp_path / "training.npy").stat().st_mtime_ns
    dataset.prepare_landscapes(tmp_path, splits, 16)
    assert (tmp_path / "training.npy").stat().st_mtime_ns == before


def test_each_picture_comes_with_the_numbers_that_it_was_painted_from():
    pictures = landscapes.paint(FEW, 16)
    batch = Scenes(pictures, pictures, FEW).batch(torch.Generator().manual_seed(0), 8)
    assert batch.points is not None
    painted = landscapes.paint(batch.points.numpy(), 16)
    drawn = batch.pictures.mul(255).round().byte().permute(0, 2, 3, 1).numpy()
    assert np.array_equal(drawn, painted)


def test_an_encoder_learns_to_read_the_numbers_off():
    pictures = landscapes.paint(FEW, 16)
    trainee = VaeTrainee(TINY, Scenes(pictures, pictures, FEW), place("cpu"), Recipe(batch=6))
    chance = torch.Generator().manual_seed(0)
    figures = [trainee.step(chance, 0.3) for _ in range(40)]
    assert "picture" not in figures[0]
    assert figures[-1]["point"] < 0.7 * figures[0]["point"]


def test_in_the_end_it_counts_that_the_picture_comes_back():
    pictures = landscapes.paint(FEW, 16)
    trainee = VaeTrainee(TINY, Scenes(pictures, pictures, FEW), place("cpu"), Recipe(batch=6))
    assert trainee.step(torch.Generator().manual_seed(0), 0.9)["picture"] > 0


def test_the_formula_has_a_slope_everywhere():
    scenes = torch.from_numpy(FEW).requires_grad_()
    LandscapePainter(32)(scenes).sum().backward()
    assert scenes.grad is not None
    assert bool(scenes.grad.isfinite().all())
    assert bool((scenes.grad != 0).any(0).all())


def test_what_an_own_picture_adds_is_laid_upon_the_painting():
    scenes = torch.from_numpy(FEW[:1])
    more = torch.full((1, *TINY.decoder_grids[0][:1], 4, 4), 0.25)
    assert TINY.decoder_grids == ((3 * ADDED**2, 16 // ADDED),)
    for size_px in (16, 32):
        painter = LandscapePainter(size_px, 16)
        assert torch.allclose(painter.draw(scenes, (more,)), painter.draw(scenes) + 0.25)


@pytest.mark.parametrize("size", ["128", "256", "512"])
def test_the_engine_paints_every_size_as_the_formula_does(size, tmp_path):
    spec = _shipped(tmp_path)
    engine = VaeEngine()
    engine.load(spec, Resources(device="cpu", threads=1))
    parameters = {p.name: p.default for p in SPEC.parameters} | {"size": size}
    drawn = engine.render(Job(latent=FEW[0], parameters=parameters)).astype(int)
    assert np.abs(drawn - landscapes.paint(FEW[:1], int(size))[0]).max() <= 1
    engine.close()


def test_there_is_no_plain_model_to_compare_a_formula_with(tmp_path):
    with pytest.raises(EngineError, match="formula"):
        train.train("landscapes", out=tmp_path, peer=True)


def test_openvino_leaves_the_formula_to_torch():
    vae = Vae(TINY)
    space = LatentSpace(np.zeros(49, np.float32), np.eye(49, dtype=np.float32), Kernels(FEW, 0.3))
    asked = replace(place("cpu"), openvino=True)
    drawn = sizes(vae, space, asked).smallest.pixels(torch.from_numpy(FEW[:1])).numpy()
    assert np.abs(drawn.astype(int) - landscapes.paint(FEW[:1], 16)[0]).max() <= 1


def test_points_are_not_rounded_to_half_precision(tmp_path):
    engine = VaeEngine()
    engine.load(_shipped(tmp_path), Resources(device="cpu", threads=1))
    parameters = {p.name: p.default for p in SPEC.parameters} | {"size": "512"}
    a_little = FEW[0] + np.float32(1e-3) * np.eye(len(FEW[0]), dtype=np.float32)[7]
    one, other = (engine.render(Job(latent=z, parameters=parameters)) for z in (FEW[0], a_little))
    assert (one != other).any()
    engine.close()


def _shipped(folder: Path) -> ModelSpec:
    """An untrained landscape model's file and its spec."""
    vae = Vae(lesson("landscapes").config)
    size = vae.config.latent_size
    space = LatentSpace(
        np.zeros(size, np.float32), np.eye(size, dtype=np.float32), Kernels(FEW, 0.3)
    )
    path = folder / "tiny.safetensors"
    shipped.write(path, vae, space, {"model": "landscapes"})
    return replace(SPEC.model("landscapes"), weights=path, directions=())


def test_the_model_has_a_number_for_each_of_the_painters():
    model = SPEC.model("landscapes")
    assert model.latent_size == lesson("landscapes").config.latent_size == len(FREEDOMS)
    assert {d.name for d in model.directions} == set(LANDSCAPE_LABELS) <= set(FREEDOMS)


def test_the_space_is_the_painters(tmp_path, monkeypatch):
    monkeypatch.setattr(export, "SCENES", 12)
    space = export.describe(Vae(TINY), tmp_path)
    assert np.array_equal(space.density.points, landscapes.scenes(range(12)))
    for name, step in space.directions.items():
        moved = space.to_decoder(FEW + step)
        assert np.allclose(moved, _moved(name, 1.0), atol=1e-6)
    assert space.places is not None
    assert space.places.shape == (12, 2)


def test_what_looks_alike_stands_together_on_the_map():
    rng = np.random.default_rng(0)
    groups = np.repeat([[0.0], [9.0]], 12, 0) + rng.normal(0, 0.1, (24, 4))
    places = mapping.places_of(groups.astype(np.float32))
    apart = np.linalg.norm(places[:12].mean(0) - places[12:].mean(0))
    assert apart > np.linalg.norm(places[:12] - places[:12].mean(0), axis=1).max()
