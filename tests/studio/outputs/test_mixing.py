"""The mixer beside a plain formula, pixel by pixel."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.document.mix import BLEND, FIT, Layer, Mix
from studio.outputs.mixing import Mixer, Picture, outline

SIZE = (24, 14)
PLAIN = Mix()


def picture(seed: int, width: int = 8, height: int = 6):
    """Soft, so that a shift by a hundredth of a pixel changes little."""
    x, y = np.meshgrid(np.arange(width) / width, np.arange(height) / height)
    phases = np.random.default_rng(seed).uniform(0, 6, (3, 3))
    waves = [np.sin(a + 2 * b * x + 2 * c * y) for a, b, c in phases]
    return np.round(127.5 + 127 * np.stack(waves, axis=-1)).astype(np.uint8)


def blended(mode: str, under, over):
    """By the book, in [0, 1]."""
    return {
        "normal": over,
        "luma key": over,
        "add": np.minimum(1, under + over),
        "multiply": under * over,
        "screen": 1 - (1 - under) * (1 - over),
        "lighten": np.maximum(under, over),
        "darken": np.minimum(under, over),
        "difference": np.abs(under - over),
    }[mode]


def seen_in(pixels, layer: Layer, size=SIZE):
    """What lies at the middle of each output pixel, bilinearly, and how far inside it is, in px."""
    height, width, _ = pixels.shape
    kx, ky = size[0] / width, size[1] / height
    if layer.fit in ("fit", "fill"):
        kx = ky = (min if layer.fit == "fit" else max)(kx, ky)
    elif layer.fit == "original":
        kx = ky = 1.0
    kx, ky = kx * layer.scale, ky * layer.scale
    x, y = np.meshgrid(np.arange(size[0]) + 0.5, np.arange(size[1]) + 0.5)
    dx, dy = x - (0.5 + layer.x) * size[0], y - (0.5 - layer.y) * size[1]
    angle = math.radians(layer.rotation)
    u = (math.cos(angle) * dx + math.sin(angle) * dy) / kx
    v = (math.cos(angle) * dy - math.sin(angle) * dx) / ky
    inside = np.minimum(width / 2 - np.abs(u), height / 2 - np.abs(v)) * min(kx, ky)
    u, v = (-u if layer.flip_x else u), (-v if layer.flip_y else v)
    u = np.clip(u + width / 2 - 0.5, 0, width - 1)
    v = np.clip(v + height / 2 - 0.5, 0, height - 1)
    i, j = np.minimum(u.astype(int), width - 2), np.minimum(v.astype(int), height - 2)
    a, b = (u - i)[..., None], (v - j)[..., None]
    p = pixels / 255
    top = p[j, i] * (1 - a) + p[j, i + 1] * a
    return top * (1 - b) + (p[j + 1, i] * (1 - a) + p[j + 1, i + 1] * a) * b, inside


def by_the_book(layers, mix: Mix, size=SIZE):
    """The output in [0, 255], and where it may be judged: not within a pixel of an edge."""
    out = np.empty((size[1], size[0], 3))
    out[:] = (mix.red, mix.green, mix.blue)
    fair = np.ones(out.shape[:2], bool)
    for layer, pixels in layers:
        over, inside = seen_in(pixels, layer, size)
        weight = layer.opacity * (inside > 0)[..., None]
        if layer.blend == "luma key":
            luma = (over @ (0.299, 0.587, 0.114))[..., None]
            weight = weight * np.clip((luma - layer.key) / 0.1 + 1, 0, 1)
        out += (blended(layer.blend, out, over) - out) * weight
        fair &= np.abs(inside) > 1.5
    return 255 * out * mix.opacity, fair


def mixed(layers, mix: Mix = PLAIN, size=SIZE):
    pictures = [Picture(str(n), layer, pixels) for n, (layer, pixels) in enumerate(layers)]
    return Mixer().mix(pictures, mix, size)


def assert_alike(layers, mix: Mix = PLAIN, size=SIZE):
    made, (wanted, fair) = mixed(layers, mix, size), by_the_book(layers, mix, size)
    assert made.dtype == np.uint8
    assert made.flags.c_contiguous
    # OpenCV finds its way in 32nds of a pixel, and each layer is rounded to a byte; the slope of a
    # key is ten times as steep.
    keyed = any(layer.blend == "luma key" for layer, _ in layers)
    assert np.abs(made - wanted)[fair].max(initial=0) <= (24 if keyed else 5)


LAYERS = st.builds(
    Layer,
    opacity=st.floats(0, 1),
    blend=st.sampled_from(BLEND.options),
    key=st.floats(0, 1),
    fit=st.sampled_from(FIT.options),
    x=st.floats(-1, 1),
    y=st.floats(-1, 1),
    scale=st.floats(0.5, 4),
    rotation=st.sampled_from((0.0, 0.0, 90.0, -90.0, 180.0, 20.0, -133.0)),
    flip_x=st.booleans(),
    flip_y=st.booleans(),
)
SHARES = st.floats(0, 1)


@settings(max_examples=60, deadline=None)
@given(
    layers=st.lists(st.tuples(LAYERS, st.integers(0, 9).map(picture)), max_size=3),
    mix=st.builds(Mix, opacity=SHARES, red=SHARES, green=SHARES, blue=SHARES),
)
def test_any_mix_is_as_the_formula_has_it(layers, mix) -> None:
    assert_alike(layers, mix)


@pytest.mark.parametrize("mode", BLEND.options)
def test_every_blend_mode_over_a_picture_that_fills(mode: str) -> None:
    under = (Layer(fit="stretch"), picture(1))
    assert_alike([under, (Layer(fit="stretch", blend=mode, opacity=0.7, key=0.5), picture(2))])


@pytest.mark.parametrize("fit", FIT.options)
def test_every_fit_upright_and_turned(fit: str) -> None:
    for rotation in (0.0, 30.0):
        assert_alike([(Layer(fit=fit, rotation=rotation), picture(3))], Mix(red=1.0))


def test_a_picture_of_the_outputs_size_comes_pixel_by_pixel() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (14, 24, 3), dtype=np.uint8)
    for fit in FIT.options:
        assert np.array_equal(mixed([(Layer(fit=fit), pixels)]), pixels)
    assert np.array_equal(mixed([(Layer(flip_x=True), pixels)]), pixels[:, ::-1])
    assert np.array_equal(mixed([(Layer(rotation=180.0), pixels)]), pixels[::-1, ::-1])


def test_an_original_that_is_moved_keeps_its_pixels() -> None:
    pixels = picture(4)
    made = mixed([(Layer(fit="original", x=0.25, y=-2 / 14), pixels)])
    assert np.array_equal(made[6:12, 14:22], pixels)
    assert made.sum() == pixels.sum(dtype=int)


def test_a_small_picture_of_a_fine_pattern_is_its_mean() -> None:
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[::2] = 200
    for rotation in (0.0, 45.0):
        made = mixed([(Layer(fit="original", scale=0.125, rotation=rotation), pixels)])
        assert abs(int(made[7, 12, 0]) - 100) < 12


def test_what_is_hidden_is_not_even_looked_at() -> None:
    class Untouchable:
        shape = property(lambda _: pytest.fail("looked at"))

    below = Picture("a", Layer(), Untouchable())
    made = Mixer().mix([below, Picture("b", Layer(fit="fill"), picture(1))], Mix(), SIZE)
    assert np.array_equal(made, mixed([(Layer(fit="fill"), picture(1))]))
    assert not Mixer().mix([below], Mix(opacity=0.0), SIZE).any()


def test_the_outline_is_where_the_picture_lies() -> None:
    layer = Layer(fit="original", scale=2.0, rotation=90.0, x=0.25)
    corners = np.array(outline((4, 2), layer, (40, 20)))
    assert np.allclose(corners, [(32, 6), (32, 14), (28, 14), (28, 6)])
    made = mixed([(layer, np.full((2, 4, 3), 255, np.uint8))], size=(40, 20))
    assert made[6:14, 28:32].all()
    assert made.sum() == 255 * 3 * 32
