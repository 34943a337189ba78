"""Blends moved to where the decoder draws clear pictures; and how blends are judged."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engines.common.training import Habits, Limits, Training
from engines.vae_images import crisper, shipped
from engines.vae_images.crisper import Crisper
from engines.vae_images.engine import VaeEngine
from engines.vae_images.evaluation import blends
from engines.vae_images.latent_space import Kernels
from engines.vae_images.sharpener_file import fingerprint
from engines.vae_images.spec import SPEC
from engines.vae_images.training import train
from engines.vae_images.training.crisper_trainee import CrisperTrainee
from studio.document.parameters import initial_values, validated
from studio.engine import EngineError, Job, Resources, WeightsError
from tests.engines.vae_images import tiny

POINT = np.random.default_rng(0).normal(size=6).astype(np.float32)


@pytest.fixture
def model(tmp_path):
    return tiny.write(tmp_path / "tiny.safetensors")


def _awake() -> Crisper:
    torch.manual_seed(0)
    made = Crisper(6, 8)
    torch.nn.init.normal_(made.last.weight)
    return made


def _give(model, made_for: str = "") -> None:
    vae, _ = shipped.read(model.weights)
    path = crisper.path_beside(model.weights)
    crisper.write(path, _awake(), made_for or fingerprint(vae), {})


def _rendered(model, **values):
    engine = VaeEngine()
    engine.load(model, Resources(device="cpu", threads=1))
    picture = engine.render(Job(latent=POINT, parameters=values))
    engine.close()
    return picture


def test_a_scene_without_the_control_draws_what_it_drew_before(model):
    before = _rendered(model)
    _give(model)
    assert (_rendered(model) == before).all()
    assert (_rendered(model, crisp=0.0) == before).all()
    assert (_rendered(model, crisp=1.0) != before).any()


def test_saved_before_there_was_the_control_means_none_of_it():
    controls = SPEC.controls("portraits")
    assert validated(controls, {})["crisp"] == 0.0
    assert 0.0 < float(initial_values(controls)["crisp"]) <= 1.0


def test_each_model_with_the_control_has_a_crisper_that_fits_it():
    for model in SPEC.models:
        made = crisper.of(model.weights, shipped.read(model.weights)[0])
        assert ("crisp" in {p.name for p in model.parameters}) == (made is not None)


def test_half_crisp_is_half_way():
    made = _awake()
    assert np.allclose(made.at(POINT, 0.5), (POINT + made.at(POINT)) / 2, atol=1e-6)


def test_one_made_for_another_model_is_left_alone(model):
    _give(model, "another")
    assert crisper.of(model.weights, shipped.read(model.weights)[0]) is None


def test_a_damaged_file_is_one_sentence(model):
    _give(model)
    path = crisper.path_beside(model.weights)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(WeightsError, match="damaged"):
        _rendered(model)


def _two_heaps() -> np.ndarray:
    """Points at +-3 along the first axis: half-way there is nothing."""
    rng = np.random.default_rng(0)
    heaps = 0.2 * rng.standard_normal((400, 6))
    heaps[:, 0] += np.where(rng.random(400) < 0.5, 3, -3)
    return heaps.astype(np.float32)


def test_it_learns_to_leave_the_gap_and_keeps_real_points(tmp_path):
    trainee = CrisperTrainee(_two_heaps())
    Training(trainee, tmp_path, Limits(steps=400), habits=Habits()).run()
    between = np.zeros((1, 6), np.float32)
    between[0, 0] = 1.0
    moved = trainee.crisper.at(between)
    assert abs(moved[0, 0]) > 1.3
    real = _two_heaps()
    assert np.abs(trainee.crisper.at(real) - real).mean() < 0.15


def test_there_is_none_for_letterforms(tmp_path):
    with pytest.raises(EngineError, match="letterforms"):
        train.train("letterforms-crisper", out=tmp_path)


def _squares(points: np.ndarray) -> torch.Tensor:
    """A square as strong as its point is far from the middle, wherever that is along axis 0."""
    strength = torch.from_numpy(np.abs(points[:, 0]) / 3).float().clamp(0, 1)
    pictures = torch.zeros(len(points), 3, 32, 32)
    pictures[:, :, 8:24, 8:24] = strength[:, None, None, None]
    return pictures


def test_the_judge_tells_faint_blends_from_samples_and_not_samples_from_samples(monkeypatch):
    monkeypatch.setattr(blends, "LESSONS", 60)
    density = Kernels(_two_heaps(), 0.0)
    faint = {r.name: r.value for r in blends.rows(_squares, None, density, 64)}
    assert faint["judge_right"] > 0.65  # half of the pairs are of unlike ends
    same = blends.Judge(*_squares(density.sample(5, 128)).chunk(2))
    unseen = _squares(density.sample(6, 64))
    fair = same.right(unseen, blends=True) + same.right(unseen, blends=False)
    assert fair == pytest.approx(1.0)


def test_soft_edges_are_not_strong():
    hard = _squares(np.full((1, 6), 3.0))
    soft = torch.nn.functional.avg_pool2d(hard, 9, 1, 4)
    assert blends.edge_share(hard) == 1.0
    assert blends.edge_share(soft) < 0.5
