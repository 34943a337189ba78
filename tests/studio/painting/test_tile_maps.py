"""The seam's figure, and maps derived from a picture that tiles."""

from __future__ import annotations

import numpy as np
import pytest

from studio.painting.tile_maps import height_map, luminance, normal_map, seam, seam_words

SIDE = 64


def grey(values: np.ndarray) -> np.ndarray:
    """A picture of values in [0, 1]."""
    return np.repeat(np.round(255 * values).astype(np.uint8)[..., None], 3, axis=2)


def waves() -> np.ndarray:
    x = np.arange(SIDE) / SIDE
    return grey(0.5 + 0.25 * np.sin(2 * np.pi * 3 * x) + 0.2 * np.cos(4 * np.pi * x)[:, None])


# -- the seam --------------------------------------------------------------------------------------


def test_a_picture_that_tiles_has_a_seam_of_about_one() -> None:
    noise = grey(np.random.default_rng(0).random((256, 256)))
    assert seam(noise) == pytest.approx((1, 1), abs=0.1)


def test_a_slope_that_does_not_come_back_shows() -> None:
    slope = grey(np.linspace(0, 1, SIDE) * np.ones((SIDE, 1)))
    across, down = seam(slope)
    assert across > 40
    assert down == 1, "there is no step at all down"


def test_a_flat_picture_shows_nothing() -> None:
    assert seam(grey(np.full((8, 8), 0.5))) == (1, 1)
    assert seam(grey(np.ones((1, 1)))) == (1, 1)


def test_two_flat_halves_show_only_where_they_meet() -> None:
    halves = np.zeros((2, 8))
    halves[1] = 1
    assert seam(grey(halves)) == (1, 1)
    edge = np.zeros((4, 4))
    edge[:, 0] = 1
    assert seam(grey(edge))[0] == 3


def test_rolling_a_tile_changes_its_figure_little_and_its_words_say_both_axes() -> None:
    noise = grey(np.random.default_rng(1).random((256, 256)))
    assert seam(np.roll(noise, 100, 1)) == pytest.approx(seam(noise), abs=0.15)
    assert "across" in seam_words(noise)
    assert "down" in seam_words(noise)


# -- height ----------------------------------------------------------------------------------------


def test_heights_use_all_of_sixteen_bits() -> None:
    heights = height_map(waves())
    assert (heights.min(), heights.max(), heights.dtype) == (0, 65535, np.uint16)
    assert len(np.unique(heights)) > 100


def test_green_is_brighter_than_red_and_red_than_blue() -> None:
    pixels = np.zeros((1, 3, 3), np.uint8)
    pixels[0, range(3), range(3)] = 255
    red, green, blue = luminance(pixels)[0]
    assert green > red > blue


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (13, 200, 77)])
def test_a_flat_colour_has_no_relief(colour: tuple[int, int, int]) -> None:
    flat = np.broadcast_to(np.asarray(colour, np.uint8), (8, 8, 3))
    assert set(np.unique(height_map(flat))) == {32768}
    assert (normal_map(flat) == (128, 128, 255)).all()


# -- normals ---------------------------------------------------------------------------------------


def test_normals_are_of_length_one_and_look_at_the_eye() -> None:
    normals = normal_map(waves()).astype(np.float64) / 127.5 - 1
    np.testing.assert_allclose(np.linalg.norm(normals, axis=-1), 1, atol=0.02)
    assert (normals[..., 2] > 0).all()


def test_a_slope_up_to_the_right_leans_to_the_left_and_one_up_the_picture_leans_down() -> None:
    right = normal_map(grey(np.linspace(0, 1, SIDE) * np.ones((SIDE, 1))), relief=20)
    assert right[SIDE // 2, SIDE // 2, 0] < 126
    assert right[SIDE // 2, SIDE // 2, 1] in (127, 128)
    up = normal_map(grey(np.linspace(1, 0, SIDE)[:, None] * np.ones(SIDE)), relief=20)
    assert up[SIDE // 2, SIDE // 2, 1] < 126, "OpenGL: green is up"


def test_maps_wrap_round_as_the_picture_does() -> None:
    pixels = waves()
    for way in ((5, 0), (0, 40), (13, 27)):
        rolled = np.roll(pixels, way, (0, 1))
        assert np.array_equal(normal_map(rolled), np.roll(normal_map(pixels), way, (0, 1)))
        assert np.array_equal(height_map(rolled), np.roll(height_map(pixels), way, (0, 1)))


def test_relief_makes_it_steeper_and_size_does_not() -> None:
    def lean(pixels: np.ndarray, relief: float) -> float:
        return float(np.abs(normal_map(pixels, relief)[..., 0].astype(float) - 127.5).max())

    assert lean(waves(), 8) > 1.5 * lean(waves(), 4)
    larger = waves().repeat(2, 0).repeat(2, 1)
    assert lean(larger, 4) == pytest.approx(lean(waves(), 4), rel=0.35)
