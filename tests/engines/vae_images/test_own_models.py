"""A model of an artist's own pictures, from the folder to the engine."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engines.vae_images import shipped
from engines.vae_images.data_sets import own as data
from engines.vae_images.engine import VaeEngine
from engines.vae_images.latent_space import Kernels, LatentSpace, fit
from engines.vae_images.model import Vae, VaeConfig
from engines.vae_images.spec import LEARNS, SPEC
from engines.vae_images.training import own
from engines.vae_images.training.train import train
from engines.vae_images.training.trainee import Recipe
from studio.engine import EngineError, Job, Resources, Stopped, Watch
from tests.engines.vae_images import tiny

RECIPE = Recipe(batch=4, face_strength=0.0)


class OneStep(Watch):
    """Wants a sample and a snapshot of the first step, and no second one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def goes_on(self, step: int, seconds: float, progress: float) -> bool:
        return False

    def sample(self) -> Path | None:
        return self.folder / "sample.png"

    def snapshot(self) -> Path | None:
        return self.folder / "snapshot.safetensors"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Nine pictures, and a text that is none."""
    mine = tmp_path / "mine"
    mine.mkdir()
    for number, picture in enumerate(tiny.pictures(9)):
        Image.fromarray(picture).save(mine / f"{number}.png")
    (mine / "notes.txt").write_text("no picture")
    return mine


def test_a_folder_becomes_a_model_that_is_played_while_it_learns(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    with pytest.raises(Stopped):
        train(data=folder, out=run, steps=2, size_px=64, scratch=True, recipe=RECIPE,
              device="cpu", watch=OneStep(run))  # fmt: skip
    with Image.open(run / "sample.png") as sample:
        assert sample.size == (256, 256)
    assert "notes.txt is left out" in capsys.readouterr().out
    path = train(data=folder, out=run, steps=2, size_px=64, scratch=True, recipe=RECIPE,
                 device="cpu")  # fmt: skip
    assert len(shipped.read(run / "snapshot.safetensors")[1].density.points) == 9
    engine = VaeEngine()
    model = replace(LEARNS.model, weights=path)
    engine.load(model, Resources(device="cpu", threads=1))
    point = engine.sample(1, 1, model.latent_size)[0]
    assert engine.render(Job(latent=point, parameters={"size": "128"})).shape == (128, 128, 3)
    engine.close()


def test_what_cannot_be_learnt_from_is_said_in_one_sentence(folder: Path, tmp_path: Path) -> None:
    (folder / "0.png").unlink()
    (folder / "1.png").write_bytes(b"broken")
    with pytest.raises(EngineError, match="mine holds 7 pictures; 8 are the fewest"):
        train(data=folder, out=tmp_path / "run", steps=1)
    with pytest.raises(EngineError, match="There is no folder none"):
        train(data=tmp_path / "none", out=tmp_path / "run", steps=1)


def test_a_size_has_as_much_of_the_known_model_as_fits() -> None:
    for start, size_px in product(LEARNS.starts, LEARNS.sizes_px):
        known = shipped.read(SPEC.model(start).weights)[0]
        config = own.config_for(size_px, known.config)
        assert config.size_px == size_px
        assert config.out_shuffle <= own.SPREAD
        with torch.device("meta"):
            vae = Vae(config)
        theirs = {n: t.shape for n, t in known.state_dict().items()}
        fitting = [n for n, t in vae.state_dict().items() if theirs.get(n) == t.shape]
        assert len(fitting) > 0.6 * len(theirs)
        if size_px == known.config.size_px:
            assert len(fitting) == len(theirs)


def test_few_pictures_are_changed_and_many_are_not() -> None:
    pictures = tiny.pictures(12)
    few = data.OwnPictures(pictures, pictures[:0], flips=True)
    many = data.OwnPictures(np.resize(pictures, (2000, 16, 16, 3)), pictures[:1], flips=False)
    assert (few.strength, many.strength) == (1.0, 0.0)
    chance = torch.Generator().manual_seed(0)
    batch = few.batch(chance, 8).pictures
    assert batch.shape == (8, 3, 16, 16)
    assert 0 <= float(batch.min()) < float(batch.max()) <= 1
    assert not torch.equal(few.batch(torch.Generator().manual_seed(1), 8).pictures, batch)
    again = few.batch(torch.Generator().manual_seed(0), 8).pictures
    assert torch.equal(again, batch)


def test_a_newer_snapshot_keeps_its_pictures_where_they_were() -> None:
    """Axes that come out in another order and direction are the same axes."""
    means = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)
    before = fit(means * np.array([3, 2.9, 2, 1.9, 1, 0.5], np.float32), kernels=40, width=0.3)
    mixed, signs = [1, 0, 2, 4, 3, 5], np.array([1, -1, 1, 1, -1, -1], np.float32)
    turned = LatentSpace(
        before.centre,
        before.axes[mixed] * signs[:, None],
        Kernels(before.density.points[:, mixed] * signs, 0.3),
    )
    now = own.aligned(turned, before)
    assert np.allclose(now.density.points, before.density.points)
    assert np.allclose(now.axes, before.axes)
    assert own.aligned(turned, None) is turned


def test_axes_along_which_few_pictures_do_not_differ_are_not_stretched() -> None:
    """Eight points span seven dimensions of ninety-six; noise along the rest must stay noise."""
    means = np.random.default_rng(0).normal(size=(8, 96)).astype(np.float32)
    space = fit(means, kernels=8, width=0.3, least=own.LEAST_LENGTH)
    lengths = np.sqrt(np.square(space.axes).sum(1))
    assert lengths.min() == pytest.approx(own.LEAST_LENGTH * lengths.max(), rel=1e-3)
    assert VaeConfig().latent_size == LEARNS.model.latent_size
