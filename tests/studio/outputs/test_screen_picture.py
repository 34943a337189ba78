"""What a screen shows of the output."""

import numpy as np
import pytest

from studio.outputs.screen_picture import ScreenPicture
from studio.settings.screens import SCREEN_PARAMETERS, SQUARE, ScreenSettings

PIXELS = np.random.default_rng(0).integers(0, 256, (6, 8, 3), dtype=np.uint8)


def shown(screen=(8, 6), pixels=PIXELS, **settings):
    """Red, green, blue, whatever the display wants."""
    picture = ScreenPicture(ScreenSettings(**settings), pixels.shape[1::-1], screen).of(pixels)
    assert (picture[..., 3] == 255).all()
    assert picture.shape == (screen[1], screen[0], 4)
    return picture[..., 2::-1]


def test_a_screen_of_the_same_size_shows_it_pixel_by_pixel() -> None:
    assert np.array_equal(shown(), PIXELS)


def test_a_larger_screen_shows_all_of_it_between_black_bars() -> None:
    made = shown((20, 12))
    assert not made[:, :2].any()
    assert not made[:, 18:].any()
    assert np.array_equal(shown((12, 6))[:, 2:10], PIXELS)


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"flip_x": True}, PIXELS[:, ::-1]),
        ({"flip_y": True}, PIXELS[::-1]),
        ({"turn": "180"}, PIXELS[::-1, ::-1]),
        ({"turn": "90"}, np.rot90(PIXELS, -1)),
        ({"turn": "270"}, np.rot90(PIXELS)),
    ],
)
def test_turned_and_flipped_the_pixels_are_the_same(settings, wanted) -> None:
    assert np.array_equal(shown(wanted.shape[1::-1], **settings), wanted)


def test_what_is_cropped_gives_its_room_to_the_rest() -> None:
    made = shown((4, 6), crop_left=0.25, crop_right=0.25)
    assert np.array_equal(made, PIXELS[:, 2:6])


def test_gamma_keeps_black_and_white_and_lifts_what_is_between() -> None:
    greys = np.array([0, 64, 128, 255], np.uint8).repeat(3).reshape(1, 4, 3)
    lifted = shown((4, 1), greys, gamma=2.0)[0, :, 0]
    assert list(lifted) == [0, 128, 181, 255]
    assert list(shown((4, 1), greys, brightness=0.5)[0, :, 0]) == [128, 192, 255, 255]


def test_a_pinned_corner_takes_the_picture_along_and_leaves_the_others() -> None:
    white = np.full((60, 80, 3), 255, np.uint8)
    corners = ((0.25, 0.25), *SQUARE[1:])
    made = shown((80, 60), white, corners=corners)[..., 0]
    assert made[10, 10] == 0
    assert made[45, 60] == made[2, 78] == made[57, 77] == 255
    lies = ScreenPicture(ScreenSettings(corners=corners), (80, 60), (80, 60))
    assert lies.corners.tolist() == [[20, 15], [80, 0], [80, 60], [0, 60]]


def test_every_control_is_a_field() -> None:
    fields = ScreenSettings()
    for parameter in SCREEN_PARAMETERS:
        assert getattr(fields, parameter.name) == parameter.initial
        for position in (0.0, 1.0):
            fields.but(**{parameter.name: parameter.at(position)})
