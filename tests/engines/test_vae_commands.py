"""Export, evaluation and bench, on an untrained tiny model."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from engines.common.device import place
from engines.common.training import Habits, Limits, Training
from engines.vae_images import bench, evaluate, export, faces, shipped, train
from engines.vae_images.labels import LABELS
from engines.vae_images.spec import SPEC
from engines.vae_images.trainee import Recipe, VaeTrainee
from studio.engine import EngineError
from tests.engines import tiny

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


def test_evaluation_is_the_same_twice(spec):
    first, second = (evaluate.evaluate("tiny", "cpu", count=12) for _ in "ab")
    assert first == second
    assert [row.name for row in first] == ["psnr_db", "ssim", "active_units_share"]


def test_perfect_copies_are_rated_so():
    pictures = np.random.default_rng(0).integers(0, 255, (2, 32, 32, 3)).astype(np.uint8)
    assert evaluate.ssim(pictures, pictures) == pytest.approx(1)
    off_by_one = np.where(pictures > 0, pictures - 1, 1).astype(np.uint8)
    assert evaluate.psnr_db(off_by_one, pictures) == pytest.approx(48.13, abs=0.01)


def test_a_run_becomes_a_weights_file(spec, tmp_path):
    drawn = [faces.draw(faces.face(number), 16) for number in faces.TRAINING[:64]]
    np.save(tmp_path / "training.npy", np.stack(drawn))
    data, held_out = np.stack(drawn), np.stack(drawn[:24])
    trainee = VaeTrainee(tiny.CONFIG, data, held_out, place("cpu"), Recipe(batch=4))
    Training(trainee, tmp_path / "run", Limits(steps=4), habits=RARELY).run()
    path = export.export("tiny", tmp_path / "run", tmp_path, config=tiny.CONFIG)
    assert path == spec.models[0].weights
    vae, space = shipped.read(path)
    assert vae.config == tiny.CONFIG
    assert space.density.points.shape == (64, 6)
    assert set(space.directions) <= set(LABELS)
    assert "glasses" in space.directions
    ours = trainee.vae.state_dict()["decoder.head.weight"]
    assert vae.decoder.head.weight.shape == ours.shape


def test_an_unknown_model_is_a_sentence():
    with pytest.raises(EngineError, match="portraits"):
        train.train("landscapes", steps=1)


def test_the_spec_needs_no_torch():
    """The window is on the screen before torch is imported, so a spec must not bring it in."""
    code = "import engines.vae_images.spec, sys; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_spec_and_the_recipe_agree():
    assert SPEC.models[0].latent_size == train.VaeConfig().latent_size
