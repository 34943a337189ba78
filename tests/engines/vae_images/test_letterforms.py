"""Letters: fields, typesetting, outlines, and the engine that sets them."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest
import torch

from engines.vae_images import fields, typesetting
from engines.vae_images.alphabet import CHARACTERS, INKS, REACH_PX, SIZE_PX
from engines.vae_images.contours import contours, svg_path, thinned
from engines.vae_images.engine import VaeEngine
from engines.vae_images.spec import LETTERFORMS
from studio.document.parameters import initial_values
from studio.engine import Job, Resources
from tests.engines.vae_images import tiny

ON_CPU = Resources(device="cpu", threads=1)


def _disc(radius_px: float) -> np.ndarray:
    """A disc in the middle of a field, four times as fine."""
    at = (np.arange(4 * SIZE_PX) + 0.5) / 4 - SIZE_PX / 2
    return np.hypot(at[:, None], at) < radius_px


# -- fields


def test_a_field_is_the_distance_to_the_edge():
    field = fields.to_field(_disc(20)).astype(float)
    at = np.arange(SIZE_PX) + 0.5 - SIZE_PX / 2
    expected = 127.5 + 127.5 * np.clip((20 - np.hypot(at[:, None], at)) / REACH_PX, -1, 1)
    near = np.abs(expected - 127.5) < 100
    assert np.abs(field - expected)[near].max() < 255 * 0.15 / (
        2 * REACH_PX
    )  # a seventh of a pixel


def test_the_distance_agrees_with_scipys():
    ndimage = pytest.importorskip("scipy.ndimage")
    ink = np.random.default_rng(0).random((40, 50)) < 0.93
    ours = fields.distance(ink, 30)
    np.testing.assert_allclose(ours, ndimage.distance_transform_edt(ink), atol=1e-5)


@pytest.mark.parametrize("inverted", [False, True])
def test_ink_is_found_on_light_and_on_dark_paper(inverted):
    picture = np.full((80, 120, 3), 240, np.uint8)
    picture[20:60, 30:50] = (30, 40, 90)
    picture[25:60, 70:100] = (30, 40, 90)
    if inverted:
        picture = 255 - picture
    found = fields.letters_in(picture, 2)
    assert [box.shape for box in found] == [(40, 20), (35, 30)]
    assert [box.shape for box in fields.letters_in(picture, 3)] == [(40, 70)]
    assert fields.letters_in(np.full((9, 9, 3), 7, np.uint8), 1) == []


def test_a_letter_is_put_between_its_lines():
    ink = np.ones((50, 20), np.float32)
    field = fields.placed(ink, 14, 45)
    rows = np.flatnonzero((field > 127).any(1))
    assert (rows[0], rows[-1]) == (14, 44)
    wide = fields.placed(np.ones((10, 90), np.float32), 14, 45)
    assert (wide > 127).any()
    assert not (wide[:, 0] > 127).any()


# -- typesetting


def test_a_word_stands_in_the_middle_and_letters_follow_each_other():
    setting = typesetting.set_text("Aa", [30.0, 20.0])
    first, second = (left + SIZE_PX / 2 for left in setting.lefts)
    assert second - first == pytest.approx(25)
    assert (first - 15 + second + 10) / 2 == pytest.approx(setting.side / 2)
    assert setting.tops[0] == setting.tops[1]


def test_long_texts_are_broken_into_lines():
    text = "Latent Loom for all"
    letters = typesetting.letters_of(text)
    setting = typesetting.set_text(text, [25.0] * len(letters))
    assert 2 <= len(set(setting.tops)) <= 3
    assert setting.side < 25 * len(letters)


def test_no_text_is_the_whole_alphabet():
    assert len(typesetting.letters_of("")) == len(CHARACTERS)
    for text in ("", "   "):
        setting = typesetting.set_text(text, [25.0] * len(CHARACTERS))
        assert len(set(zip(setting.lefts, setting.tops, strict=True))) == len(CHARACTERS)
        assert max(setting.tops) < setting.side


@pytest.mark.parametrize("size_px", [64, 256, 1024])
def test_letters_are_drawn_again_at_every_size_not_enlarged(size_px):
    field = torch.from_numpy(fields.to_field(_disc(20)))[None, None].float() / 255
    ink = typesetting.ink(field, typesetting.TypeSetting((0.0,), (0.0,), 64.0), size_px)
    edge = ((ink > 0.02) & (ink < 0.98)).sum() / (2 * np.pi * 20 * size_px / 64)
    assert edge < 2.2  # pixels across the edge, whatever the size
    assert float(ink.mean()) == pytest.approx(np.pi * 20**2 / 64**2, rel=0.01)


def test_bolder_is_bolder_by_so_much():
    field = torch.from_numpy(fields.to_field(_disc(15)))[None, None].float() / 255
    setting = typesetting.TypeSetting((0.0,), (0.0,), 64.0)
    bolder = typesetting.ink(field, setting, 256, bolder_px=2.0)
    assert float(bolder.mean()) == pytest.approx(np.pi * 17**2 / 64**2, rel=0.02)


# -- outlines


def _area(path: np.ndarray) -> float:
    x, y = path.T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def test_a_ring_has_an_outline_and_a_hole_that_runs_the_other_way():
    ring = fields.to_field(_disc(20) & ~_disc(8)).astype(np.float32) / 255
    areas = sorted(_area(path) for path in contours(ring, 0.5))
    assert len(areas) == 2
    assert min(areas) == pytest.approx(-np.pi * 8**2, rel=0.02)
    assert max(areas) == pytest.approx(np.pi * 20**2, rel=0.01)


def test_outlines_of_noise_are_closed_and_none_is_lost():
    noise = np.random.default_rng(3).random((30, 30)).astype(np.float32)
    area = sum(_area(path) for path in contours(noise, 0.5))
    assert abs(area) == pytest.approx((noise > 0.5).sum(), rel=0.15)
    assert contours(np.zeros((5, 5), np.float32), 0.5) == []


def test_a_thinned_path_is_short_and_near():
    (path,) = contours(fields.to_field(_disc(20)).astype(np.float32) / 255, 0.5)
    short = thinned(path)
    assert len(short) < len(path) / 3
    assert _area(short) == pytest.approx(_area(path), rel=0.02)
    assert svg_path(short).startswith("M")
    assert svg_path(short).endswith("Z")


def test_corners_stay_corners():
    square = np.array([[0, 0], [10, 0], [10, 10], [0, 10]], float)
    assert svg_path(square) == "M0.00,0.00L10.00,0.00L10.00,10.00L0.00,10.00L0.00,0.00Z"


# -- the engine


@pytest.fixture
def engine(tmp_path):
    made = VaeEngine()
    made.load(tiny.write_letters(tmp_path / "letters.safetensors"), ON_CPU)
    yield made
    made.close()


def _job(**values):
    given = {**initial_values(LETTERFORMS.parameters), **values}
    return Job(latent=np.full(6, 0.5, np.float32), parameters=given)


@pytest.mark.parametrize("text", ["", " ", "A", "Latent Loom", "WWWWWWWWWWWWWWWWWWWWWWWW"])
def test_every_text_can_be_set(engine, text):
    assert engine.render(_job(text=text)).shape == (128, 128, 3)
    assert engine.render(_job(text=text, size="256")).shape == (256, 256, 3)


def test_the_text_its_colours_and_its_boldness_show(engine):
    plain = engine.render(_job()).tobytes()
    for values in ({"text": "Bb"}, {"ink": "Cobalt"}, {"boldness": 2.0}):
        assert engine.render(_job(**values)).tobytes() != plain


def test_a_thumbnail_is_small(engine):
    job = replace(_job(text="a long text"), thumbnail=True)
    assert engine.render(job).shape == (96, 96, 3)


def test_an_outline_is_a_drawing_of_the_same_letters(engine):
    svg = engine.outline(_job(text="Ab", ink="Vermilion", boldness=3.0))
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.tag == space + "svg"
    paper, ink = INKS["Vermilion"]
    assert root.find(space + "rect").get("fill") == paper
    group = root.find(space + "g")
    assert group.get("fill") == ink
    assert group.get("fill-rule") == "evenodd"
    assert 1 <= len(group) <= 2


def test_encoding_and_refining_take_the_texts_letters(engine):
    picture = np.full((90, 140, 3), 250, np.uint8)
    picture[20:70, 20:40] = 10
    picture[30:70, 80:110] = 10
    both = engine.encode(picture, {"text": "Ab"})
    first = engine.encode(picture, {"text": "A"})
    assert both.shape == first.shape == (6,)
    assert not np.array_equal(both, first)
    assert np.isfinite(engine.encode(np.zeros((5, 5, 3), np.uint8), {"text": ""})).all()
    points = list(engine.refine(both, picture, {"text": "Ab"}))
    assert np.isfinite(points).all()
