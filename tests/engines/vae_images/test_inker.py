"""Pictures drawn as flat colours under ink; and blends of them, which have edges like any other."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from engines.common.device import place
from engines.common.training import Limits, Training
from engines.vae_images import inker, shipped
from engines.vae_images.data_sets import faces, inked_faces, inker_pairs
from engines.vae_images.data_sets.inker_pairs import Inked
from engines.vae_images.engine import VaeEngine
from engines.vae_images.evaluation import blends
from engines.vae_images.evaluation.closeness import psnr_db
from engines.vae_images.inker import Inker, InkerConfig
from engines.vae_images.model import VaeConfig, fold_norms
from engines.vae_images.refining import OwnPicture
from engines.vae_images.sharpener_file import fingerprint
from engines.vae_images.spec import SPEC
from engines.vae_images.training import train
from engines.vae_images.training.inker_trainee import InkerTrainee
from studio.document.parameters import initial_values, validated
from studio.engine import EngineError, Job, Resources, WeightsError
from tests.engines.vae_images import tiny

POINT = np.random.default_rng(0).normal(size=6).astype(np.float32)
GREEN = (0.2, 0.7, 0.2)


@pytest.fixture
def model(tmp_path):
    return tiny.write(tmp_path / "tiny.safetensors")


def _drawing(lined: tuple[bool, ...] = (True, True, False)) -> Inker:
    return Inker(replace(tiny.INKER, lined=lined), tiny.CONFIG)


def _distances(*fills: torch.Tensor, ink: float = -1.0) -> torch.Tensor:
    """Of fields (16, 16) in cells, as an inker gives them; no ink but what is said."""
    shapes = [f.clamp(-4, 4) / 4 for f in fills]
    return torch.stack([*shapes, *[torch.full((16, 16), ink)] * 4])[None]


def _colours() -> torch.Tensor:
    return torch.tensor([[GREEN, (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)]])


def _disc(x: float, radius: float) -> torch.Tensor:
    down, across = torch.meshgrid(torch.arange(16.0), torch.arange(16.0), indexing="ij")
    return radius - torch.hypot(down - 7.5, across - x)


# What is drawn of distances


def test_a_line_runs_where_two_lined_fills_meet():
    left = 7.5 - torch.arange(16.0).expand(16, 16)
    none = torch.full((16, 16), -4.0)
    picture = _drawing().picture(_distances(left, -left, none), _colours(), 64)
    row = picture[0, :, 32]
    assert torch.allclose(row[:, 8], torch.tensor(GREEN), atol=0.02)
    assert torch.allclose(row[:, 55], torch.tensor([1.0, 0, 0]), atol=0.02)
    assert float(row[:, 31:33].max()) < 0.1
    assert (row.sum(0) < 0.3).sum() == pytest.approx(0.8 * 4, abs=1)  # of 16 cells, enlarged by 4


def test_none_runs_round_a_fill_without_lines():
    left = 7.5 - torch.arange(16.0).expand(16, 16)
    none = torch.full((16, 16), -4.0)
    picture = _drawing().picture(_distances(left, none, -left), _colours(), 64)
    assert float(picture[0, :, 32].sum(0).min()) > 0.8


def test_ink_lies_on_all_fills():
    everywhere = torch.full((16, 16), 4.0)
    picture = _drawing().picture(_distances(everywhere, -everywhere, -everywhere, ink=1.0),
                                 _colours(), 16)  # fmt: skip
    assert float(picture.max()) == 0


def test_half_way_between_two_shapes_is_a_shape_and_no_two_ghosts():
    ends = [_distances(-_disc(x, 4.0), _disc(x, 4.0), torch.full((16, 16), -4.0)) for x in (6, 9)]
    pictures = [_drawing().picture(d, _colours(), 64) for d in (*ends, (ends[0] + ends[1]) / 2)]
    ghosts = (pictures[0] + pictures[1]) / 2
    share = [blends.edge_share(p) for p in (*pictures, ghosts)]
    assert share[2] > 0.9 * min(share[:2]) > share[3]
    reds = [int((p[0, 0] - p[0, 1] > 0.8).sum()) for p in pictures]
    assert reds[2] == pytest.approx(reds[0], rel=0.15)


def test_every_size_shows_the_same():
    fields = _distances(-_disc(7, 5), _disc(7, 5), torch.full((16, 16), -4.0))
    sizes = [_drawing().picture(fields, _colours(), px) for px in (16, 32, 64, 128)]
    assert [p.shape[-1] for p in sizes] == [16, 32, 64, 128]
    for small, large in itertools.pairwise(sizes):
        assert float((F.avg_pool2d(large, 2) - small).abs().mean()) < 0.03


def test_fills_without_colours_are_none():
    with pytest.raises(ValueError, match="fill"):
        InkerConfig((None,), (True, False), 1.0, (4.0,), 1.0)


# In the engine


def _rendered(model, own=(), latent=POINT, **values):
    engine = VaeEngine()
    engine.load(model, Resources(device="cpu", threads=1))
    picture = engine.render(Job(latent=latent, parameters=values, own_pictures=own))
    engine.close()
    return picture


def test_a_scene_without_the_control_draws_what_it_drew_before(model):
    before = _rendered(model)
    tiny.write_inker(model)
    assert (_rendered(model) == before).all()
    assert (_rendered(model, crisp=0.0) == before).all()
    assert (_rendered(model, crisp=1.0) != before).any()


def test_half_crisp_is_half_way(model):
    tiny.write_inker(model)
    soft, half, inked = (_rendered(model, crisp=c).astype(float) for c in (0.0, 0.5, 1.0))
    assert np.abs(half - (soft + inked) / 2).max() <= 1


@pytest.mark.parametrize("size_px", [16, 32, 50, 128, 256])
def test_it_draws_any_size(model, size_px):
    tiny.write_inker(model)
    assert _rendered(model, crisp=1.0, size=str(size_px)).shape == (size_px, size_px, 3)


def test_an_own_picture_is_the_decoders(model):
    vae, _ = shipped.read(model.weights)
    added = tuple(torch.randn(1, c, g, g) for c, g in vae.config.decoder_grids)
    own = OwnPicture(POINT, added).to_bytes(fingerprint(vae))
    before = _rendered(model, (own,))
    tiny.write_inker(model)
    assert (_rendered(model, (own,), crisp=1.0) == before).all()
    far = np.full(6, 9.0, np.float32)
    assert (_rendered(model, (own,), far, crisp=1.0) == _rendered(model, latent=far, crisp=1)).all()


def test_saved_before_there_was_the_control_means_none_of_it():
    controls = SPEC.controls("portraits")
    assert validated(controls, {})["crisp"] == 0.0
    assert initial_values(controls)["crisp"] == 1.0


def test_each_model_with_the_control_has_an_inker_that_fits_it():
    for model in SPEC.models:
        made = inker.of(model.weights, shipped.read(model.weights)[0])
        assert ("crisp" in {p.name for p in model.parameters}) == (made is not None)


# Its file


def test_one_made_for_another_model_is_left_alone(model, caplog):
    tiny.write_inker(model, "another")
    assert inker.of(model.weights, shipped.read(model.weights)[0]) is None
    assert "another model" in caplog.text


def test_a_damaged_file_is_one_sentence(model):
    path = tiny.write_inker(model)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(WeightsError, match="damaged"):
        _rendered(model)


def test_its_norms_are_folded_before_it_is_written(model):
    vae, _ = shipped.read(model.weights)
    tiny.write_inker(model)
    torch.manual_seed(2)
    fresh = Inker(tiny.INKER, vae.config).eval()
    features = torch.randn(1, 8, 4, 4)
    read = inker.of(model.weights, vae)
    torch.testing.assert_close(read(features), fresh(features), atol=2e-2, rtol=0)


# What it learns from


@pytest.mark.parametrize("number", [1_000_000, 1_000_004, 1_000_008])  # the last has a shaved head
def test_the_distances_of_a_face_draw_it_again(number):
    face = faces.face(number)
    distances = inked_faces.unpacked(torch.from_numpy(inked_faces.distances(face)))[None]
    drawing = Inker(inker_pairs.config(), VaeConfig())
    colours = torch.from_numpy(inker_pairs.colours_of(face))[None]
    for size_px, least_db in ((128, 38.0), (512, 32.0)):
        drawn = drawing.picture(distances, colours, size_px)[0].permute(1, 2, 0)
        ours = drawn.mul(255).round().byte().numpy()
        assert psnr_db(ours[None], faces.draw(face, size_px)[None]) > least_db


def test_every_colour_of_the_style_is_a_fill():
    for number in range(60):
        fills, ink = np.split(inked_faces.distances(faces.face(number)), [len(inked_faces.FILLS)])
        assert fills.max(0).min() >= 100, "no place is outside of every fill"
        assert ink.max() > 200, "a pupil is wider than any line"


def _inked(vae) -> Inked:
    """Sixteen points, each of a red disc as far to the right as its first number is large."""
    means = np.random.default_rng(0).normal(size=(16, 6)).astype(np.float32)
    told = [_disc(7.5 + 2 * float(m[0]), 4.0) for m in means]
    none = torch.full((16, 16), -4.0)
    fields = torch.cat([_distances(-disc, disc, none) for disc in told])
    kept = (fields.sign() * fields.abs().sqrt()).add(1).mul(127.5).round().byte().numpy()
    return Inked(means, np.full_like(means, 0.05), kept, _colours().expand(16, -1, -1).numpy())


def test_it_learns_what_is_where(model, tmp_path):
    vae, _ = shipped.read(model.weights)
    learner = Inker(tiny.INKER, vae.config)
    learner.begin_like(vae.decoder)
    fold_norms(vae.requires_grad_(False))
    inked, placement = _inked(vae), place("cpu")
    decoder = placement.put(vae, converted=True).decoder
    trainee = InkerTrainee(learner, decoder, (inked, inked), placement)
    first = trainee.step(torch.Generator().manual_seed(0), 0.0)
    Training(trainee, tmp_path, Limits(steps=300)).run()
    last = trainee.step(torch.Generator().manual_seed(0), 1.0)
    assert float(last["distance"]) < 0.5 * float(first["distance"])
    assert float(last["psnr"]) > float(first["psnr"]) + 6


def test_there_is_none_for_emoji(tmp_path):
    with pytest.raises(EngineError, match="emoji"):
        train.train("emoji-inker", out=tmp_path)
