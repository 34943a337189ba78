"""Pictures drawn four times as wide as the decoder draws them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from engines.common.device import place
from engines.common.training import Habits, Limits, Training, averaged_state
from engines.vae_images import sharpener_file, shipped
from engines.vae_images.alphabet import SIZE_PX
from engines.vae_images.data_sets import faces, sharpener_pairs
from engines.vae_images.data_sets.sharpener_pairs import Pairs
from engines.vae_images.engine import VaeEngine
from engines.vae_images.evaluation import blends, evaluate, letter_edges, own_pictures
from engines.vae_images.evaluation.edges import edge_width_px, steepness
from engines.vae_images.model import fold_norms
from engines.vae_images.sharpener import Sharpener, SharpenerConfig, bilinear, halved
from engines.vae_images.spec import SPEC, WEIGHTS
from engines.vae_images.training import sharpener_train, train
from engines.vae_images.training.sharpener_lessons import LESSONS
from engines.vae_images.training.sharpener_trainee import (
    SharpenerRecipe,
    SharpenerTrainee,
    SharpError,
    contrast_error,
)
from studio.engine import EngineError, Job, Resources, WeightsError
from tests.engines.vae_images import tiny

ON_CPU = Resources(device="cpu", threads=1)
POINT = np.random.default_rng(0).normal(size=6).astype(np.float32)


@pytest.fixture
def model(tmp_path):
    return tiny.write(tmp_path / "tiny.safetensors")


@pytest.fixture
def sharp_model(model):
    tiny.write_sharpener(model)
    return model


@pytest.fixture(autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _awake(config: SharpenerConfig = tiny.SHARPENER) -> Sharpener:
    """A sharpener that changes something."""
    torch.manual_seed(0)
    sharpener = Sharpener(config)
    torch.nn.init.normal_(sharpener.last.weight, std=0.1)
    return sharpener


def _rendered(model, **values):
    engine = VaeEngine()
    engine.load(model, ON_CPU)
    picture = engine.render(Job(latent=POINT, parameters=values))
    engine.close()
    return picture


# The network


def test_it_draws_four_times_as_wide_as_the_decoder():
    features, cells = torch.rand(2, 8, 8, 8), torch.rand(2, 12, 8, 8)
    assert _awake()(features, cells).shape == (2, 3, 64, 64)


def test_the_last_features_hold_the_picture(model):
    vae, _ = shipped.read(model.weights)
    met = vae.decoder.meet(torch.randn(2, 6))
    features, cells = vae.decoder.last_features(met)
    assert features.shape == (2, 8, 8, 8)
    assert torch.equal(F.pixel_shuffle(cells, 2) + 0.5, vae.decoder.draw(met))


def test_untrained_it_is_a_smooth_enlargement():
    features, cells = torch.rand(1, 8, 8, 8), torch.rand(1, 12, 8, 8)
    plain = F.pixel_shuffle(cells, 2)
    wanted = F.interpolate(plain, scale_factor=4, mode="bilinear", align_corners=False)
    torch.testing.assert_close(Sharpener(tiny.SHARPENER)(features, cells), wanted + 0.5)


@pytest.mark.parametrize("times", [2, 3, 4])
def test_a_convolution_enlarges(times):
    picture = torch.rand(1, 3, 5, 6)
    padded = F.pad(picture, (1, 1, 1, 1), mode="replicate")
    ours = F.pixel_shuffle(F.conv2d(padded, bilinear(times)), times)
    wanted = F.interpolate(picture, scale_factor=times, mode="bilinear", align_corners=False)
    torch.testing.assert_close(ours, wanted)


def test_half_the_size_is_the_large_picture_reduced_by_area():
    sharpener, seen = _awake(), (torch.randn(2, 8, 8, 8), torch.rand(2, 12, 8, 8))
    half = halved(sharpener)
    torch.testing.assert_close(half(*seen), F.avg_pool2d(sharpener(*seen), 2))
    assert halved(half) is None  # the decoder's own size


def test_there_is_no_frame_round_an_empty_sheet():
    plain = replace(tiny.SHARPENER, spread=1)
    drawn = _awake(plain)(torch.ones(1, 8, 8, 8), torch.ones(1, 3, 8, 8))
    cells = drawn.unflatten(2, (8, 4)).unflatten(4, (8, 4))
    torch.testing.assert_close(cells, cells[:, :, 4:5, :, 4:5].expand_as(cells))


def test_a_sharpener_without_a_width_is_none():
    with pytest.raises(ValueError, match="size"):
        SharpenerConfig(width=0)


# Its file


def test_it_is_found_beside_its_model(sharp_model):
    vae, _ = shipped.read(sharp_model.weights)
    found = sharpener_file.of(sharp_model.weights, vae)
    assert found.config == tiny.SHARPENER
    assert not found.training


def test_without_one_there_is_none(model):
    assert sharpener_file.of(model.weights, shipped.read(model.weights)[0]) is None


def test_one_that_was_made_for_another_decoder_is_left_alone(sharp_model, caplog):
    vae, _ = shipped.read(sharp_model.weights)
    vae.decoder.head.bias.data += 1
    assert sharpener_file.of(sharp_model.weights, vae) is None
    assert "another model" in caplog.text


def test_a_damaged_one_is_a_sentence(sharp_model):
    path = sharpener_file.path_beside(sharp_model.weights)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(WeightsError, match="damaged"):
        VaeEngine().load(sharp_model, ON_CPU)
    path.write_bytes(sharp_model.weights.read_bytes())
    with pytest.raises(WeightsError, match="no sharpener"):
        VaeEngine().load(sharp_model, ON_CPU)


# In the engine


def test_the_models_own_size_stays_what_it_was(model):
    plain = _rendered(model, size="16")
    small = _rendered(model)
    tiny.write_sharpener(model)
    assert _rendered(model, size="16").tobytes() == plain.tobytes()
    assert _rendered(model).tobytes() == small.tobytes()


@pytest.mark.parametrize("size", [32, 64, 128, 1024])
def test_larger_ones_go_through_it(model, size):
    before = _rendered(model, size=str(size))
    tiny.write_sharpener(model)
    after = _rendered(model, size=str(size))
    assert after.shape == before.shape == (size, size, 3)
    assert after.dtype == np.uint8
    assert np.abs(after.astype(int) - before).max() > 8


def test_the_sizes_are_one_picture(sharp_model):
    large, twice, larger = (_rendered(sharp_model, size=s) for s in ("64", "32", "128"))
    reduced = large.reshape(32, 2, 32, 2, 3).mean((1, 3))
    assert np.abs(reduced - twice).mean() < 1  # but for what is cut off below 0 and above 255
    assert np.abs(larger.reshape(64, 2, 64, 2, 3).mean((1, 3)) - large).mean() < 4


def test_controls_are_seen_at_large_sizes_too(sharp_model):
    plain = _rendered(sharp_model, size="64")
    for name, value in (("sharpen", 0.8), ("contrast", 1.6), ("saturation", 0.0), ("hue", 90.0)):
        assert not np.array_equal(_rendered(sharp_model, size="64", **{name: value}), plain)


def test_a_thumbnail_is_small_whatever_the_size(sharp_model):
    engine = VaeEngine()
    engine.load(sharp_model, ON_CPU)
    small = engine.render(Job(latent=POINT, parameters={"size": "64"}, thumbnail=True))
    assert small.shape == (16, 16, 3)
    engine.close()


# Training


def _trainee(
    model, count: int = 6, config: SharpenerConfig = tiny.SHARPENER, contrast: float = 0.0
) -> SharpenerTrainee:
    vae, _ = shipped.read(model.weights)
    fold_norms(vae.requires_grad_(False))
    placement = place("cpu")
    placement.put(vae, converted=True)
    rng = np.random.default_rng(0)
    latents = rng.normal(size=(count, 6)).astype(np.float32)
    pairs = Pairs(latents, tiny.pictures(count).repeat(4, 1).repeat(4, 2))
    recipe = SharpenerRecipe(batch=2, contrast_weight=contrast)
    return SharpenerTrainee(config, vae.decoder, (pairs, pairs), placement, recipe)


def _train(model, folder, steps, config=tiny.SHARPENER):
    torch.manual_seed(0)
    habits = Habits(checkpoint_s=0.0, sheet_s=1e9, log_steps=1)
    Training(
        _trainee(model, config=config), folder, Limits(steps=steps), seed=1, habits=habits
    ).run()
    return averaged_state(folder, "sharpener")[0]


def test_it_learns_and_the_decoder_does_not(model):
    trainee = _trainee(model)
    before = {n: t.clone() for n, t in trainee.decoder.state_dict().items()}
    chance = torch.Generator().manual_seed(0)
    errors = [float(trainee.step(chance, 0.02)["error"]) for _ in range(60)]
    assert np.mean(errors[-5:]) < 0.5 * np.mean(errors[:5])
    for name, tensor in trainee.decoder.state_dict().items():
        assert torch.equal(tensor, before[name])


def test_a_stopped_training_goes_on_as_if_nothing_had_happened(model, tmp_path, monkeypatch):
    whole = _train(model, tmp_path / "whole", 6)
    step = SharpenerTrainee.step

    def stop_half_way(self, batches, progress):
        if progress >= 0.5:
            raise KeyboardInterrupt
        return step(self, batches, progress)

    monkeypatch.setattr(SharpenerTrainee, "step", stop_half_way)
    with pytest.raises(KeyboardInterrupt):
        _train(model, tmp_path / "stopped", 6)
    monkeypatch.undo()
    resumed = _train(model, tmp_path / "stopped", 6)
    for name, tensor in whole.items():
        assert torch.equal(tensor, resumed[name]), name


def test_a_line_that_is_too_faint_is_worse_than_one_beside_its_place():
    def error(drawn, wanted):
        return float(contrast_error(drawn, wanted))

    lines = torch.zeros(17, 1, 3, 64, 64)
    for number, picture in enumerate(lines):
        picture[..., 20 + number :] = 1
    beside = [error(one, other) for one, other in zip(lines[1:], lines[:-1], strict=True)]
    faint = [error(0.5 * one, one) for one in lines[:-1]]
    assert error(lines[0], lines[0]) == 0
    assert np.mean(beside) < 0.5 * np.mean(faint)


def test_a_recipe_may_ask_for_strong_lines(model):
    plain, strong = (
        float(_trainee(model, contrast=c).step(torch.Generator().manual_seed(0), 0.5)["error"])
        for c in (0.0, 1.0)
    )
    assert strong > plain


def test_the_written_out_slope_is_that_of_the_error():
    drawn, wanted = torch.rand(2, 3, 7, 9, requires_grad=True), torch.rand(2, 3, 7, 9)
    error = SharpError.apply(drawn, wanted, 0.5)
    (ours,) = torch.autograd.grad(3 * error, drawn)
    difference = drawn - wanted
    lines = difference.diff(dim=-1).abs().mean() + difference.diff(dim=-2).abs().mean()
    plain = difference.abs().mean() + 0.5 * lines
    torch.testing.assert_close(error, plain)
    torch.testing.assert_close(ours, torch.autograd.grad(3 * plain, drawn)[0])


def test_pairs_are_drawn_once_and_points_kept_by_the_models_fingerprint(
    model, tmp_path, monkeypatch
):
    def draw(folder, size_px):
        folder.mkdir(parents=True, exist_ok=True)
        for name, numbers in (("training", range(3)), ("held_out", range(7, 9))):
            drawn = [faces.draw(faces.face(n), size_px) for n in numbers]
            np.save(folder / f"{name}.npy", np.stack(drawn))

    monkeypatch.setattr(sharpener_pairs, "SPEC", replace(SPEC, models=(model,)))
    training, held_out = sharpener_pairs.prepare("tiny", tmp_path / "pairs", 4, draw)
    assert training.latents.shape == (3, 6)
    assert held_out.drawings.shape == (2, 64, 64, 3)
    latents, wanted = training.pick(np.array([2, 0]))
    assert latents.shape == (2, 6)
    assert wanted.shape == (2, 3, 64, 64)
    assert 0 <= float(wanted.min()) < float(wanted.max()) <= 1
    made_for = sharpener_file.fingerprint(shipped.read(model.weights)[0])
    assert (tmp_path / "pairs" / f"training-{made_for}.npy").exists()


def test_a_run_becomes_a_weights_file(model, tmp_path, monkeypatch):
    monkeypatch.setattr(sharpener_train, "SPEC", replace(SPEC, models=(model,)))
    own = replace(LESSONS["portraits"], shape={"width": 8, "blocks": 1})
    monkeypatch.setattr(sharpener_train, "lesson", lambda _: own)
    config = own.config(shipped.read(model.weights)[0].config)
    _train(model, tmp_path / "run", 2, config)
    path = sharpener_train.export("tiny", tmp_path / "run")
    assert path == sharpener_file.path_beside(model.weights)
    assert sharpener_file.of(model.weights, shipped.read(model.weights)[0]) is not None


def test_what_has_no_larger_drawings_can_have_none():
    with pytest.raises(EngineError, match="tiny"):
        train.train("tiny-sharpener", steps=1)


# How good it is


@pytest.mark.parametrize(("blur_px", "width_px"), [(1.0, 2.67), (2.0, 5.18)])
def test_the_width_of_an_edge_is_that_of_its_blur(blur_px, width_px):
    """A Gaussian blur of an edge rises from 10 to 90 % within 2.563 deviations."""
    y, x = np.mgrid[:96, :96]
    for angle in (0.0, 0.4, 1.2):
        away = (x - 48) * np.cos(angle) + (y - 48) * np.sin(angle)
        light = 0.5 + 0.5 * torch.erf(torch.from_numpy(away / (blur_px * 2**0.5))).numpy()
        picture = np.repeat((255 * light).round().astype(np.uint8)[None, ..., None], 3, 3)
        assert edge_width_px(picture) == pytest.approx(width_px, rel=0.1)


def test_an_edge_is_as_steep_as_it_is_sharp():
    light = np.clip(np.arange(-32, 32)[None] / np.array([[1], [2], [8]]) + 0.5, 0, 1)
    drawn = (255 * light[:, None, :, None].repeat(64, 1).repeat(3, 3)).round().astype(np.uint8)
    steep = [steepness(picture[None]) for picture in drawn]
    assert steep == pytest.approx([0.5, 0.5, 0.125], abs=0.01)
    assert steepness(np.zeros((2, 9, 9, 3), np.uint8)) == 0


def test_a_sheet_without_edges_has_no_width():
    assert np.isnan(edge_width_px(np.full((2, 9, 9, 3), 200, np.uint8)))


def test_evaluation_rates_large_pictures_beside_version_0_1(sharp_model, monkeypatch):
    monkeypatch.setattr(evaluate, "SPEC", replace(SPEC, models=(sharp_model,)))
    monkeypatch.setattr(blends, "LESSONS", 4)
    monkeypatch.setattr(own_pictures, "COUNT", 2)
    monkeypatch.setattr(own_pictures, "OWN_STEPS", 6)
    rows = {row.name: row for row in evaluate.evaluate("tiny", "cpu", count=60, refined=1)}
    assert rows["edge_width_over_real"].goal is not None
    assert rows["psnr_64_db"].value != rows["psnr_64_db_v0_1"].value
    assert rows["picture_64_ms"].value > 0
    assert "edge_width_over_real_blends" in rows


def _stem(wave_px: float, broken: bool = False):
    """A field of an upright bar, its edges waving."""
    y, x = np.mgrid[:SIZE_PX, :SIZE_PX] + 0.5
    away = 6 - np.abs(x - 32 + wave_px * np.sin(y)) if not broken else 6 - np.abs(x - 32)
    away = np.minimum(away, 20 - np.abs(y - 32))
    if broken:
        away = np.minimum(away, np.abs(y - 32) - 2)
    return np.clip(0.5 + away / 10, 0, 1).astype(np.float32)


def test_a_stem_that_waves_is_told_from_a_straight_one():
    straight, waving = (100 * letter_edges.waver(_stem(px)) for px in (0.0, 0.3))
    assert straight < 0.01
    assert waving == pytest.approx(100 * 0.3 / 2**0.5 / 40, rel=0.15)
    assert np.isnan(letter_edges.waver(np.zeros((SIZE_PX, SIZE_PX), np.float32)))


def test_a_broken_stroke_is_two_pieces_and_a_hole_is_none():
    assert letter_edges.parts(_stem(0)) == 1
    assert letter_edges.parts(_stem(0, broken=True)) == 2
    ring = np.minimum(_stem(0), 1.2 - _stem(0))
    assert letter_edges.parts(ring) == 1


@pytest.mark.parametrize(
    "path", sorted(WEIGHTS.glob("*-sharpener.safetensors")), ids=lambda p: p.stem
)
def test_a_shipped_one_is_small_and_made_for_the_shipped_model(path):
    weights = path.with_name(path.name.replace("-sharpener", ""))
    assert path.stat().st_size < 2e6
    assert sharpener_file.of(weights, shipped.read(weights)[0]) is not None
