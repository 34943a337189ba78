"""Seamless pictures: sizes, shapes, drift that closes, maps, palettes, and the way back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from engines.gan_textures import drawing, styles, warping
from engines.gan_textures.engine import TextureEngine
from engines.gan_textures.model import STRIDE_PX
from engines.gan_textures.palettes import AS_LEARNT, PALETTES, gradient
from engines.gan_textures.picture import Frame, shares_at
from engines.gan_textures.spec import MATERIALS, SCALES, SHAPES, SPEC
from studio.document.parameters import Float, initial_values
from studio.engine import BlendMap, EngineError, Job, Resources, WeightsError
from studio.latent.blending import slerp
from tests.engines.gan_textures import textures
from tests.fakes import is_one_sentence

ON_CPU = Resources(device="cpu", threads=1)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    made = TextureEngine()
    made.load(textures.write(tmp_path_factory.mktemp("weights") / "tiny.safetensors"), ON_CPU)
    yield made
    made.close()


def _job(engine, number=0, /, **values):
    told = {**initial_values(SPEC.parameters), "size": "128", **values}
    return Job(latent=engine.model.points[number], parameters=told, seed=4)


def _picture(engine, number=0, /, **values):
    return engine.render(_job(engine, number, **values))


def _same(one, other):
    """How far two pictures are from each other: mean grey levels."""
    return float(np.abs(one.astype(float) - other).mean())


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("scale", SCALES)
def test_pictures_have_the_size_and_shape_that_is_asked_for(shape, scale):
    frame = Frame.of({"size": "512", "shape": shape, "scale": scale}, thumbnail=False)
    width, height = SHAPES[shape]
    assert max(frame.width_px, frame.height_px) == 512
    assert frame.width_px / frame.height_px == pytest.approx(width / height, rel=0.05)
    assert frame.width_px % STRIDE_PX == frame.height_px % STRIDE_PX == 0
    assert frame.rows == pytest.approx(frame.height_px / STRIDE_PX / SCALES[scale], abs=0.5)


def test_a_render_has_its_frames_size(engine):
    for values in ({"shape": "2:1"}, {"scale": "half"}, {"scale": "double", "shape": "2:3"}):
        frame = Frame.of({"size": "128", **values}, thumbnail=False)
        assert _picture(engine, **values).shape == (frame.height_px, frame.width_px, 3)


@pytest.mark.parametrize("name", [p.name for p in SPEC.parameters if getattr(p, "cyclic", False)])
def test_every_drift_closes_after_a_turn(engine, name):
    whole = _picture(engine)
    assert np.array_equal(_picture(engine, **{name: 1.0}), whole)
    half = _picture(engine, **{name: 0.5})
    assert _same(half, whole) > 1
    start, later = (_picture(engine, **{name: at}) for at in (0.999, 0.99))
    assert _same(start, whole) < _same(later, whole) < _same(half, whole)


def test_scrolling_by_a_stride_is_exact(engine):
    whole, step = _picture(engine), STRIDE_PX / 128
    assert np.array_equal(_picture(engine, across=step), np.roll(whole, STRIDE_PX, 1))
    assert np.array_equal(_picture(engine, down=2 * step), np.roll(whole, 2 * STRIDE_PX, 0))
    assert np.array_equal(_picture(engine, across=1 / 128), np.roll(whole, 1, 1))


def test_scrolling_is_smooth_between_pixels():
    x = torch.arange(64) * 2 * torch.pi / 16
    picture = x.sin().expand(1, 3, 64, 64)
    moved = warping.rolled(picture, 0.0, 2.25)
    wanted = (x - 2.25 * 2 * torch.pi / 16).sin().expand(1, 3, 64, 64)
    torch.testing.assert_close(moved, wanted, rtol=0, atol=0.01)


@pytest.mark.parametrize("values", [{}, {"across": 0.125, "morph": 0.2}, {"scale": "double"}])
def test_the_edge_is_a_border_between_cells_like_any_other(engine, values):
    """An untrained generator's steps are larger between cells than within them."""
    cell = 2 * STRIDE_PX if "scale" in values else STRIDE_PX
    over, between = [], []
    for seed in range(16):
        grey = engine.render(replace(_job(engine, **values), seed=seed)).astype(float)
        for axis in (0, 1):
            steps = np.abs(grey - np.roll(grey, 1, axis)).mean((1 - axis, 2))[::cell]
            over.append(steps[0])
            between.append(steps[1:].mean())
    assert np.mean(over) == pytest.approx(np.mean(between), rel=0.1)


def test_streaming_is_as_smooth_over_the_edge_as_elsewhere():
    x = torch.arange(96) * 2 * torch.pi / 96
    waves = (3 * x).sin()[:, None] + (5 * x).cos()[None]
    picture = waves.expand(1, 3, 96, 96).contiguous()
    for turn in (0.2, 0.45, 0.7):
        moved = warping.streamed(picture, picture.roll((48, 48), (2, 3)), turn)
        for axis in (2, 3):
            bends = (2 * moved - moved.roll(1, axis) - moved.roll(-1, axis)).abs().amax(5 - axis)
            edge = bends[..., [0, -1]].max()
            assert edge <= 1.2 * bends[..., 1:-1].max()


def test_a_large_picture_is_the_same_by_tiles(engine, monkeypatch):
    whole = _picture(engine, size="256")
    monkeypatch.setattr(drawing.Drawer.draw, "__defaults__", (5,))
    assert _same(_picture(engine, size="256"), whole) < 0.2


def test_a_map_of_one_point_is_that_point(engine):
    job = _job(engine)
    alone = BlendMap(job.latent[None], np.ones((8, 8, 1), np.float32))
    assert _same(engine.render(replace(job, blend_map=alone)), engine.render(job)) < 1


def _halves(rows=16, columns=16):
    """The first point on the left, the second on the right, softly, round the edges."""
    wave = 0.5 + 0.5 * np.sin((np.arange(columns) + 0.5) * 2 * np.pi / columns)
    left = np.clip(4 * wave - 1.5, 0, 1).astype(np.float32)
    return np.stack([np.tile(left, (rows, 1)), np.tile(1 - left, (rows, 1))], 2)


def test_a_map_stays_in_its_place_while_the_material_scrolls(engine):
    points = np.stack([engine.model.points[0]] * 2)
    points[1, -5:-2] += 3  # lighter
    for values in ({}, {"across": 0.37, "down": 0.1}, {"zoom": 0.4}, {"scale": "double"}):
        job = replace(_job(engine, **values), blend_map=BlendMap(points, _halves()))
        picture = engine.render(job).astype(float).mean((0, 2))
        assert picture[80:112].mean() > picture[16:48].mean() + 30


def test_shares_are_read_round_the_edges_and_at_an_offset():
    shares = np.random.default_rng(0).random((4, 4, 2)).astype(np.float32)
    same = shares_at(shares, 4, 4, (0.0, 0.0)).numpy()
    assert np.allclose(same, shares.transpose(2, 0, 1))
    further = shares_at(shares, 4, 4, (0.25, -0.5)).numpy()
    assert np.allclose(further, np.roll(shares, (-1, 2), (0, 1)).transpose(2, 0, 1), atol=1e-6)
    fine = shares_at(shares, 64, 32, (0.1, 0.2)).numpy()
    assert fine.mean() == pytest.approx(shares.mean(), abs=1e-5)
    assert fine.min() >= shares.min()


@pytest.mark.parametrize("palette", [p for p in PALETTES if p != AS_LEARNT])
def test_a_palette_recolours(engine, palette):
    bare = _picture(engine)
    assert np.array_equal(_picture(engine, palette=palette, palette_amount=0.0), bare)
    full = _picture(engine, palette=palette)
    colours = gradient(palette) * 255
    flat = full.reshape(-1, 3)[::97].astype(float)
    apart = np.abs(flat[:, None] - colours[None]).max(2).min(1)
    assert apart.max() <= 1  # no colour that the palette has not


# -- points ----------------------------------------------------------------------------------------


def test_a_point_says_what_was_written():
    rng = np.random.default_rng(0)
    told = styles.Styles(
        rng.standard_normal((4, 9)).astype(np.float32),
        rng.uniform(0.1, 0.9, (4, 3)).astype(np.float32),
        rng.uniform(0.03, 0.3, (4, 1)).astype(np.float32),
    )
    again = styles.read(styles.written(told))
    for one, other in zip(vars(told).values(), vars(again).values(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_half_way_between_two_dark_materials_is_no_darker():
    told = styles.Styles(
        np.eye(2, 9, dtype=np.float32) * 3,
        np.full((2, 3), 0.15, np.float32),
        np.full((2, 1), 0.05, np.float32),
    )
    one, other = styles.written(told)
    for share in (0.25, 0.5, 0.75):
        between = styles.read(slerp(one, other, share)[None])
        np.testing.assert_allclose(between.means, 0.15, atol=1e-4)
        np.testing.assert_allclose(between.contrasts, 0.05, atol=1e-4)


def test_points_of_any_kind_are_read():
    for scale in (0, 1, -1, 1e3, -1e6):
        points = scale * np.random.default_rng(1).standard_normal((5, 14)).astype(np.float32)
        for part in vars(styles.read(points.astype(np.float32))).values():
            assert np.isfinite(part).all()


def test_samples_are_materials_in_turn_and_what_lies_between(engine):
    points = engine.sample(3, 6, engine.model.latent_size)
    assert np.array_equal(engine.sample(3, 2, engine.model.latent_size), points[:2])
    apart = np.linalg.norm(points[:, None, :-5] - engine.model.points[None, :, :-5], axis=2)
    assert len(set(apart.argmin(1)[::2].tolist()[:2])) == 2
    with pytest.raises(EngineError):
        engine.sample(3, 2, 7)


def test_a_pictures_colours_are_measured(engine):
    pixels = textures.pixels("grains", 200)
    told = styles.read(engine.encode(pixels, {})[None])
    np.testing.assert_allclose(told.means[0], pixels.mean((0, 1)) / 255, atol=0.03)


@pytest.mark.parametrize(
    ("pixels", "said"),
    [
        (np.zeros((20, 200, 3), np.uint8), "48 pixels"),
        (np.full((100, 100, 3), 77, np.uint8), "one flat colour"),
    ],
)
def test_a_picture_without_a_texture_is_refused_in_a_sentence(engine, pixels, said):
    with pytest.raises(EngineError, match=said) as refusal:
        engine.encode(pixels, {})
    assert is_one_sentence(str(refusal.value))


def test_the_map_shows_the_materials_and_what_lies_between(tmp_path):
    made = TextureEngine()
    try:
        model = textures.write(tmp_path / "tiny.safetensors")
        direction = Float(name="light", label="Light", low=-1, high=1, default=0, help="Light.")
        loaded = made.load(replace(model, directions=(direction,)), ON_CPU)
        assert loaded.atlas is not None
        assert len(loaded.atlas.points) > len(textures.NAMES)
        assert np.abs(loaded.atlas.places).max() <= 1
        assert set(loaded.directions) == {"light"}
        with pytest.raises(WeightsError, match="lacks the direction odd"):
            made.load(replace(model, directions=(replace(direction, name="odd"),)), ON_CPU)
    finally:
        made.close()


def test_every_declared_direction_is_known():
    assert {d.name for d in MATERIALS.directions} == set(styles.directions(59))
