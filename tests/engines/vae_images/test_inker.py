"""Pictures drawn as flat colours under ink; and blends of them, which have edges like any other."""

from __future__ import annotations

import io
import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
import resvg_py
import torch
from PIL import Image
from torch.nn import functional as F

from engines.common.training import Limits, Training
from engines.vae_images import shipped
from engines.vae_images.art import ALL_INK
from engines.vae_images.data_sets import faces, inked_faces, inker_pairs
from engines.vae_images.data_sets.inker_pairs import Worn
from engines.vae_images.engine import VaeEngine
from engines.vae_images.evaluation import blends
from engines.vae_images.evaluation.closeness import psnr_db
from engines.vae_images.inking import inker, parts
from engines.vae_images.inking.inker import Inker
from engines.vae_images.inking.parts import Parts
from engines.vae_images.model import Vae, VaeConfig
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


@pytest.fixture(autouse=True)
def _same_networks_each_time():
    torch.manual_seed(0)


@pytest.fixture
def model(tmp_path):
    return tiny.write(tmp_path / "tiny.safetensors")


@pytest.fixture
def drawing() -> Inker:
    return Inker(tiny.INKER, tiny.parts()).eval()


def _shares(*layers: tuple[float, ...]) -> list[torch.Tensor]:
    return [torch.tensor([layer]) for layer in layers]


LEFT, RIGHT, BETWEEN = (1.0, 0.0), (0.0, 1.0), (0.5, 0.5)
BARE, SPOT, DOT = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
COLOURS = torch.tensor([[GREEN, (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)]])


def _picture(drawing: Inker, disc=LEFT, spot=BARE, size_px: int = 64) -> torch.Tensor:
    return drawing.picture(*drawing.laid(_shares(disc, spot)), COLOURS, size_px)


# What is drawn of the parts


@pytest.mark.parametrize("disc", [LEFT, BETWEEN])
def test_a_line_runs_where_two_lined_fills_meet(drawing, disc):
    row = _picture(drawing, disc)[0, :, 30]
    assert torch.allclose(row[:, 2], torch.tensor(GREEN), atol=0.02)
    assert torch.allclose(row[:, 26], torch.tensor([1.0, 0, 0]), atol=0.02)
    dark = row.sum(0) < 0.6
    assert dark[:26].sum() == pytest.approx(0.8 * 4, abs=1.1)  # of 16 cells, enlarged by 4
    assert dark[26:].sum() == pytest.approx(0.8 * 4, abs=1.1)


def test_none_runs_round_a_fill_without_lines(drawing):
    row = _picture(drawing, spot=SPOT)[0, :, 30, 20:36]
    assert float(row.sum(0).min()) > 0.8
    assert float(row[2].max()) > 0.95


def test_ink_lies_on_what_is_below(drawing):
    assert float(_picture(drawing, spot=DOT)[0, :, 30:32, 30:32].max()) < 0.05


def test_half_way_between_two_shapes_is_a_shape_and_no_two_ghosts(drawing):
    pictures = [_picture(drawing, disc) for disc in (LEFT, RIGHT, BETWEEN)]
    ghosts = (pictures[0] + pictures[1]) / 2
    share = [blends.edge_share(p) for p in (*pictures, ghosts)]
    assert share[2] > 0.65 * min(share[:2]) > share[3], share
    reds = [int((p[0, 0] - p[0, 1] > 0.8).sum()) for p in pictures]
    assert reds[2] == pytest.approx(reds[0], rel=0.15)


def test_every_size_shows_the_same(drawing):
    sizes = [_picture(drawing, size_px=px) for px in (16, 32, 64, 128)]
    assert [p.shape[-1] for p in sizes] == [16, 32, 64, 128]
    for small, large in itertools.pairwise(sizes):
        assert float((F.avg_pool2d(large, 2) - small).abs().mean()) < 0.03


def test_the_more_decided_the_more_it_shows_one_kind(drawing):
    drawing.requires_grad_(False)
    drawing.reader["kinds"][-1].weight *= 30
    white = torch.randn(1, 6)
    kinds, colours = drawing.read(white)
    shares = [F.one_hot(k.argmax(1), k.shape[1]).float() for k in kinds]
    one_kind = drawing.picture(*drawing.laid(shares), colours, 64)
    away = [
        float((drawing.drawn(white, torch.full((1, 1), d), 64) - one_kind).abs().mean())
        for d in (0.0, 0.5, 1.0)
    ]
    assert away == sorted(away, reverse=True)
    assert away[2] < 0.5 * away[0]


@pytest.mark.parametrize(
    ("change", "wrong"),
    [({"colours": (None,)}, "colour"), ({"colours": (None, None), "lined": (True, True)}, "parts")],
)
def test_parts_and_colours_that_do_not_fit_are_refused(change, wrong):
    with pytest.raises(ValueError, match=wrong):
        Inker(replace(tiny.INKER, **change), tiny.parts())


# The parts


def test_parts_come_back_as_they_were_packed():
    known = tiny.parts()
    back = Parts.unpacked(json.loads(json.dumps(known.to_json())), known.packed())
    assert (back.size_px, back.reaches, back.ink_reach) == (16, known.reaches, known.ink_reach)
    for one, other in zip(known.layers, back.layers, strict=True):
        assert (one.name, one.kinds, list(one.shapes)) == (
            other.name,
            other.kinds,
            list(other.shapes),
        )
        assert all(np.array_equal(one.shapes[key], other.shapes[key]) for key in one.shapes)


def test_damaged_parts_are_refused():
    known = tiny.parts()
    with pytest.raises(ValueError, match="damaged"):
        Parts.unpacked(known.to_json(), known.packed()[:-9])
    with pytest.raises(ValueError, match="reshape"):
        Parts.unpacked(known.to_json(), replace(known, layers=known.layers[:1]).packed())


def test_near_an_edge_bytes_are_exact():
    distances = np.linspace(-1, 1, 4001)
    back = parts.unpacked_distances(torch.from_numpy(parts.packed_distances(distances))).numpy()
    off = np.abs(back - distances)
    assert off[np.abs(distances) < 0.01].max() < 0.001
    assert off.max() < 0.008


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


def test_a_little_crisp_is_partly_soft(model):
    tiny.write_inker(model)
    soft, part, inked = (
        _rendered(model, crisp=c).astype(float) for c in (0.0, ALL_INK / 2, ALL_INK)
    )
    assert np.abs(part - (soft + inked) / 2).max() <= 1


@pytest.mark.parametrize("size_px", [16, 32, 50, 128, 256])
def test_it_draws_any_size(model, size_px):
    tiny.write_inker(model)
    assert _rendered(model, crisp=1.0, size=str(size_px)).shape == (size_px, size_px, 3)


def _outlined(model, **values) -> str:
    engine = VaeEngine()
    engine.load(model, Resources(device="cpu", threads=1))
    outline = engine.outline(Job(latent=POINT, parameters=values))
    engine.close()
    return outline


@pytest.mark.parametrize("values", [{}, {"hue": 90.0, "contrast": 1.5}])
def test_its_outline_is_the_same_picture(model, values):
    tiny.write_inker(model)
    crisp = {"crisp": 1.0, "size": "128", **values}
    png = resvg_py.svg_to_bytes(svg_string=_outlined(model, **crisp), width=128, height=128)
    drawn = np.asarray(Image.open(io.BytesIO(bytes(png))).convert("RGB"))
    assert psnr_db(drawn[None], _rendered(model, **crisp)[None]) > 24


def test_without_an_inker_there_is_no_outline(model):
    with pytest.raises(EngineError, match="outlines"):
        _outlined(model)


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


def test_it_is_read_as_it_was_written(model):
    vae, _ = shipped.read(model.weights)
    tiny.write_inker(model)
    torch.manual_seed(2)
    fresh, white = Inker(tiny.INKER, tiny.parts()), torch.randn(1, 6)
    fresh.requires_grad_(False)
    read = inker.of(model.weights, vae)
    assert read.config == tiny.INKER
    assert (
        float(
            (read.drawn(white, torch.ones(1, 1), 64) - fresh.drawn(white, torch.ones(1, 1), 64))
            .abs()
            .mean()
        )
        < 0.005
    )


# What it learns from


@pytest.fixture(scope="module")
def style_parts() -> Parts:
    return inked_faces.parts()


@pytest.mark.parametrize("number", [1_000_000, 1_000_004, 1_000_008])  # the last has a shaved head
def test_the_parts_of_a_face_draw_it_again(number, style_parts):
    face = faces.face(number)
    drawing = Inker(inker_pairs.config(Vae(VaeConfig())), style_parts)
    worn = zip(inked_faces.worn(face), drawing.kinds, strict=True)
    shares = [F.one_hot(torch.tensor([kind]), count).float() for kind, count in worn]
    colours = torch.from_numpy(inked_faces.colours(face))[None]
    for size_px, least_db in ((128, 37.0), (512, 32.0)):
        drawn = drawing.picture(*drawing.laid(shares), colours, size_px)[0].permute(1, 2, 0)
        ours = drawn.mul(255).round().byte().numpy()
        assert psnr_db(ours[None], faces.draw(face, size_px)[None]) > least_db


def test_every_kind_that_a_face_can_wear_is_known(style_parts):
    for layer in style_parts.layers:
        kinds = inked_faces.kinds(layer.name)
        assert layer.kinds == len(kinds)
        shown = {kind for kind, _ in layer.shapes}
        assert shown == {n for n, kind in enumerate(kinds) if kind is not None}


def _worn(count: int = 64) -> Worn:
    """Points whose first number says which disc, and whose second whether there is a spot."""
    means = np.random.default_rng(0).normal(size=(count, 6)).astype(np.float32)
    kinds = np.stack([means[:, 0] > 0, 1 * (means[:, 1] > 0)], 1).astype(np.int64)
    colours = np.repeat(COLOURS.numpy(), count, 0)
    return Worn(means, np.full_like(means, 0.05), kinds, colours)


def test_it_learns_what_is_worn(tmp_path):
    trainee = InkerTrainee(Inker(tiny.INKER, tiny.parts()), (_worn(), _worn()))
    Training(trainee, tmp_path, Limits(steps=600)).run()
    found = trainee.exam(trainee.modules)
    assert min(found["right_0"], found["right_1"]) > 0.8
    assert found["colours_off"] < 0.1


def test_half_way_it_reads_half_of_each(tmp_path):
    worn = _worn(2)
    worn.means[:] = [[3, 0, 0, 0, 0, 0], [0, 3, 0, 0, 0, 0]]
    worn.kinds[:] = [[0, 0], [1, 1]]
    trainee = InkerTrainee(Inker(tiny.INKER, tiny.parts()), (worn, worn))
    Training(trainee, tmp_path, Limits(steps=400)).run()
    middle = torch.tensor([[3, 3, 0, 0, 0, 0]]) / 2**0.5
    with torch.inference_mode():
        kinds, _ = trainee.inker.read(middle)
    assert [float(k.softmax(1)[0, 0]) for k in kinds] == pytest.approx([0.5, 0.5], abs=0.15)


def test_there_is_none_for_emoji(tmp_path):
    with pytest.raises(EngineError, match="emoji"):
        train.train("emoji-inker", out=tmp_path)
