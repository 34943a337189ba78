"""Thumbnails beside the documents."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.presets import PresetError
from studio.presets.folder.thumbnails import SIDE_PX, pixels_of, png_of, thumbnail
from tests.studio.presets.makers import PICTURE

LOOK = "a" * 64


def test_a_picture_comes_back_with_what_it_was_drawn_from() -> None:
    pixels, look = pixels_of(png_of(PICTURE, LOOK))
    assert look == LOOK
    assert np.array_equal(pixels, PICTURE)


def test_a_large_picture_is_kept_small_in_its_own_shape() -> None:
    pixels, _ = pixels_of(png_of(np.zeros((512, 1024, 3), np.uint8), LOOK))
    assert pixels.shape == (SIDE_PX // 2, SIDE_PX, 3)


def test_only_the_picture_of_this_scene_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    assert thumbnail(file, LOOK) is None
    file.write_bytes(png_of(PICTURE, LOOK))
    assert thumbnail(file, LOOK) is not None
    assert thumbnail(file, "b" * 64) is None


def saved(picture: Image.Image, format: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, format)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        png_of(PICTURE, LOOK)[:-40],
        saved(Image.new("RGB", (8, 8)), "GIF"),
        saved(Image.new("L", (3000, 10)), "PNG"),
    ],
)
def test_what_is_no_sound_small_png_is_refused(data: bytes) -> None:
    with pytest.raises(PresetError):
        pixels_of(data)
