"""The loop, with real kills."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from engines.common.device import place
from engines.common.threads import AdaptiveThreads
from engines.common.training import CHECKPOINT, LOG, Habits, Limits, Training, averaged_state
from engines.vae_images.data_sets.materials import Letters, Pictures
from engines.vae_images.model import Vae, VaeConfig
from engines.vae_images.training.lessons import lesson
from engines.vae_images.training.peer import PeerTrainee, PlainVae, fitting_width
from engines.vae_images.training.trainee import Recipe, VaeTrainee, schedule
from studio.engine import EngineError
from tests.engines.vae_images import tiny

OFTEN = Habits(checkpoint_s=0.0, sheet_s=1e9, log_steps=1)


def training(folder: Path, steps: int = 12, habits: Habits = OFTEN) -> Training:
    recipe = Recipe(batch=4, critic_from=0.5)
    data = tiny.pictures(56)
    torch.manual_seed(0)
    material = Pictures(data[:32], data[32:])
    trainee = VaeTrainee(tiny.CONFIG, material, place("cpu"), recipe)
    return Training(trainee, folder, Limits(steps=steps), seed=1, habits=habits)


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    return averaged_state(folder, "vae")[0]


def _assert_same(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> None:
    for name, tensor in first.items():
        assert torch.equal(tensor, second[name]), name


@pytest.fixture(autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_a_killed_training_goes_on_as_if_nothing_had_happened(tmp_path):
    """A child is killed (SIGKILL) while it trains; the resumed run ends at the very weights of
    an undisturbed one."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    training(whole).run()
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.engines.common.child", str(killed)],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    for line in child.stdout:
        if line.startswith("done 7"):
            os.kill(child.pid, signal.SIGKILL)
            break
    child.stdout.close()
    assert child.wait() == -signal.SIGKILL
    resumed = training(killed)
    resumed.run()
    assert resumed.step == 12
    _assert_same(_weights(whole), _weights(killed))


def test_a_half_written_checkpoint_is_never_trusted(tmp_path):
    run = training(tmp_path, steps=3)
    run.run()
    before = (tmp_path / CHECKPOINT).read_bytes()
    (tmp_path / CHECKPOINT).with_suffix(".unfinished").write_bytes(before[:100])
    again = training(tmp_path, steps=3)
    assert again.resume()
    assert again.step == 3


def test_training_learns_and_leaves_a_log_and_a_sheet(tmp_path):
    run = training(tmp_path, steps=60)
    run.run()
    entries = [json.loads(line) for line in (tmp_path / LOG).read_text().splitlines()]
    losses = [entry["picture"] for entry in entries]
    assert np.mean(losses[-5:]) < 0.9 * np.mean(losses[:5])
    assert entries[-1]["step"] == 60
    assert "critic" in entries[-1]
    assert (tmp_path / "0000060.png").exists()


def test_a_finished_training_does_nothing_more(tmp_path):
    training(tmp_path, steps=3).run()
    before = _weights(tmp_path)
    training(tmp_path, steps=3).run()
    _assert_same(before, _weights(tmp_path))


def test_limits():
    with pytest.raises(ValueError, match="needs an end"):
        Limits()
    assert Limits(steps=10, minutes=1).progress(5, 45) == 0.75
    assert Limits(steps=10).progress(99, 0) == 1


def test_the_learning_rate_rises_and_falls():
    assert schedule(0) < schedule(0.01) > schedule(0.5) > schedule(1) > 0


def test_threads_follow_what_pays_off():
    """Two threads help while the machine is free, hurt while it is not."""
    now, used = 0.0, []
    threads = AdaptiveThreads(2, retry_s=10, clock=lambda: now, use=used.append)

    def step(single_s: float, double_s: float) -> None:
        nonlocal now
        threads.before()
        now += single_s if used[-1] == 1 else double_s
        threads.after()

    for _ in range(5):
        step(1.0, 0.6)
    assert used == [1, 2, 2, 2, 2]
    step(1.0, 3.0)
    for _ in range(5):
        step(1.0, 3.0)
    assert used[-5:] == [1] * 5
    now += 10
    step(1.0, 0.6)
    step(1.0, 0.6)
    assert used[-2:] == [2, 2]


def letter_training(folder: Path, steps: int, kind: type[VaeTrainee] = VaeTrainee) -> Training:
    faces = tiny.typefaces(8)
    torch.manual_seed(0)
    trainee = kind(tiny.LETTERS, Letters(faces, faces), place("cpu"), Recipe(batch=8))
    return Training(trainee, folder, Limits(steps=steps), seed=1, habits=OFTEN)


@pytest.mark.parametrize("kind", [VaeTrainee, PeerTrainee])
def test_letters_are_learnt_with_what_they_are_and_resumed_likewise(tmp_path, kind):
    letter_training(tmp_path / "whole", 10, kind).run()
    # Stopped after six steps, as a kill would, in the midst of the schedules.
    halted = letter_training(tmp_path / "halted", 10, kind)
    halted.resume()
    for _ in range(6):
        halted._one_step()
        for name, average in halted.averages.items():
            average.update(halted.trainee.modules[name], halted.step)
    halted.save()
    letter_training(tmp_path / "halted", 10, kind).run()
    _assert_same(_weights(tmp_path / "whole"), _weights(tmp_path / "halted"))
    entries = (tmp_path / "whole" / LOG).read_text().splitlines()
    assert "measure" in json.loads(entries[-1])
    assert (tmp_path / "whole" / "0000010.png").exists()


def test_most_letters_are_drawn_from_another_of_their_face():
    faces = tiny.typefaces(6)
    batch = Letters(faces, faces).batch(torch.Generator().manual_seed(0), 400)
    assert batch.conditions is not None
    assert batch.measures is not None
    assert batch.looked_at is not None
    own = torch.arange(400)
    assert (batch.looked_at // Letters.TOGETHER == own // Letters.TOGETHER).all()
    share = float((batch.looked_at != own).float().mean())
    assert share == pytest.approx(Letters.FROM_ANOTHER, abs=0.08)
    assert torch.isfinite(batch.measures).all()  # the letter that a face lacks is never asked for


def test_the_plain_model_is_as_large_as_the_one_beside_it():
    for config in (VaeConfig(), lesson("letterforms").config):
        with torch.device("meta"):
            models = Vae(config), PlainVae(config, fitting_width(config))
        ours, plain = (sum(p.numel() for p in model.parameters()) for model in models)
        assert abs(plain / ours - 1) < 0.1


def test_an_unknown_lesson_is_a_sentence(tmp_path):
    with pytest.raises(EngineError, match="letterforms"):
        lesson("seascapes")
    with pytest.raises(EngineError, match="not in"):
        lesson("letterforms").material(tmp_path)


def test_an_optimiser_brings_no_compiler_along():
    """torch would import it for the first one, for seconds, and own pictures are made while a deck
    plays."""
    made = (
        "import sys, torch; from engines.common.optimisers import Adam;"
        "weight = torch.nn.Parameter(torch.ones(3)); adam = Adam([weight], 0.5); "
        "weight.sum().backward(); adam.step(); adam.zero_grad();"
        "adam.load_state_dict(adam.state_dict());"
        "assert abs(weight - 0.5).max() < 1e-6, weight; assert 'torch._dynamo' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", made], check=True)
