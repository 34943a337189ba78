"""Export, evaluation and bench, on an untrained tiny model."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from engines.common.device import place
from engines.common.training import Habits, Limits, Training
from engines.vae_images import shipped
from engines.vae_images.data_sets import dataset, faces
from engines.vae_images.data_sets.labels import LABELS
from engines.vae_images.data_sets.materials import Pictures
from engines.vae_images.evaluation import bench, blends, evaluate, features, own_pictures
from engines.vae_images.evaluation.features import FeatureStatistics
from engines.vae_images.model import Vae
from engines.vae_images.spec import SPEC
from engines.vae_images.training import export, train
from engines.vae_images.training.lessons import lesson
from engines.vae_images.training.trainee import Recipe, VaeTrainee
from studio.engine import EngineError
from tests.engines.vae_images import tiny

RARELY = Habits(checkpoint_s=1e9, sheet_s=1e9, log_steps=1000)


@pytest.fixture
def spec(tmp_path, monkeypatch):
    """The engine's spec with the tiny model for its only one."""
    made = replace(SPEC, models=(tiny.write(tmp_path / "tiny.safetensors"),))
    for module in (bench, evaluate, export):
        monkeypatch.setattr(module, "SPEC", made)
    return made


def test_both_decoders_draw_the_same_picture(spec):
    decoders = bench.decoders("tiny", "cpu")
    point = np.random.default_rng(0).normal(size=6).astype(np.float32)
    eager, tuned = decoders.eager(point), decoders.tuned(point)
    assert eager.shape == tuned.shape == (16, 16, 3)
    assert eager.dtype == tuned.dtype == np.uint8
    assert np.abs(eager.astype(int) - tuned).max() <= 6  # bf16 keeps eight bits
    assert decoders.flops > 0


def test_evaluation_is_the_same_twice(spec, monkeypatch):
    monkeypatch.setattr(blends, "LESSONS", 4)
    monkeypatch.setattr(own_pictures, "COUNT", 2)
    monkeypatch.setattr(own_pictures, "OWN_STEPS", 6)
    first, second = (evaluate.evaluate("tiny", "cpu", count=60, refined=2) for _ in "ab")
    assert [row for row in first if row.unit != "s"] == [row for row in second if row.unit != "s"]
    assert [row.name for row in first] == [
        "psnr_db",
        "psnr_refined_db",
        "ssim",
        "active_units_share",
        "real_distance",
        "sample_distance",
        "midpoint_distance",
        "midpoint_over_sample",
        "judge_right",
        "strong_edge_share_over_samples",
        "largest_step_over_median",
        "own_picture_db",
        "own_picture_db_v0_1",
        "own_picture_s",
        "own_picture_others_db",
        "own_picture_middle_edges",
        "own_picture_largest_step",
    ]
    assert first[4].value < first[5].value  # an untrained model is farther off than real pictures


def test_perfect_copies_are_rated_so():
    pictures = np.random.default_rng(0).integers(0, 255, (2, 32, 32, 3)).astype(np.uint8)
    assert evaluate.ssim(pictures, pictures) == pytest.approx(1)
    off_by_one = np.where(pictures > 0, pictures - 1, 1).astype(np.uint8)
    assert evaluate.psnr_db(off_by_one, pictures) == pytest.approx(48.13, abs=0.01)


def test_a_run_becomes_a_weights_file(spec, tmp_path):
    drawn = [faces.draw(faces.face(number), 16) for number in faces.TRAINING[:64]]
    np.save(tmp_path / "training.npy", np.stack(drawn))
    data, held_out = np.stack(drawn), np.stack(drawn[:24])
    trainee = VaeTrainee(tiny.CONFIG, Pictures(data, held_out), place("cpu"), Recipe(batch=4))
    Training(trainee, tmp_path / "run", Limits(steps=4), habits=RARELY).run()
    path = export.export("tiny", tmp_path / "run", tmp_path, config=tiny.CONFIG)
    assert path == spec.models[0].weights
    vae, space = shipped.read(path)
    assert vae.config == tiny.CONFIG
    assert space.density.points.shape == (64, 6)
    assert space.places is not None
    assert space.places.shape == (64, 2)
    assert np.abs(space.places).max() == pytest.approx(1, abs=1e-3)
    assert set(space.directions) <= set(LABELS)
    assert "glasses" in space.directions
    ours = trainee.vae.state_dict()["decoder.head.weight"]
    assert vae.decoder.head.weight.shape == ours.shape


def test_an_unknown_model_is_a_sentence():
    with pytest.raises(EngineError, match="portraits"):
        train.train("seascapes", steps=1)


def test_the_spec_needs_no_torch():
    """The window is on the screen before torch is imported, so a spec must not bring it in."""
    code = "import engines.vae_images.spec, sys; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_specs_and_the_lessons_agree():
    for model in SPEC.models:
        assert model.latent_size == lesson(model.name).config.latent_size


def test_shipped_weights_are_light_and_have_all_that_the_spec_declares():
    assert sum(model.weights.stat().st_size for model in SPEC.models) < 30e6
    for model in SPEC.models:
        _, space = shipped.read(model.weights)
        for slider in model.directions:
            assert np.isfinite(space.step(slider.name)).all()
        assert space.places is not None


def test_letters_are_described_by_face(tmp_path):
    vae = Vae(tiny.LETTERS)
    faces_ = tiny.typefaces(9)
    folder = tmp_path / "training"
    folder.mkdir()
    np.save(folder / "fields.npy", faces_.fields)
    np.save(folder / "advances.npy", faces_.advances_px)
    about = [
        dict.fromkeys(("package", "family", "licence", "attribution"), "x")
        | {"category": "serif" if i % 2 else "sans-serif", "weight": 400, "italic": False}
        | {"stroke_px": 2.0 + i, "width_px": 30.0, "slant_deg": float(i % 3), "x_height": 0.7}
        for i in range(9)
    ]
    (folder / "faces.json").write_text(json.dumps(about))
    space = export.describe(vae, tmp_path)
    assert space.density.points.shape == (9, 6)
    assert {"weight", "width", "slant", "serif"} <= set(space.directions)
    assert (space.lines == [15, 45]).all()


def test_the_distance_of_pictures_grows_with_blur():
    rng = np.random.default_rng(0)
    real = torch.from_numpy(rng.random((240, 3, 32, 32), np.float32))
    sets = (real[:120], real[120:], torch.nn.functional.avg_pool2d(real[120:], 3, 1, 1))
    one, other, blurred = (FeatureStatistics.of(features.features(s)) for s in sets)
    axes = features.main_axes(one, 12)
    near, far = (features.distance(one.on(axes), s.on(axes)) for s in (other, blurred))
    assert features.distance(one.on(axes), one.on(axes)) == pytest.approx(0, abs=1e-6)
    assert far > 3 * near


def test_a_cache_is_no_folder_of_ones_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "cat.png").write_bytes(b"a cat")
    with pytest.raises(EngineError, match=r"mine is no cache: it holds cat\.png"):
        train.train("portraits", cache=tmp_path / "mine", steps=1)
    assert [p.name for p in tmp_path.rglob("*")] == ["mine", "cat.png"]


def test_a_cache_says_which_recipe_has_drawn_it(tmp_path):
    dataset.prepare(tmp_path / "cache", {"training": range(2)}, 16)
    dataset.prepare(tmp_path / "cache", {"training": range(2)}, 16)
    with pytest.raises(EngineError, match="a cache of faces, not of emoji"):
        dataset.prepare_emoji(tmp_path / "cache", size_px=16)
