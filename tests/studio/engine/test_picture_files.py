"""Files that artists drop: all kinds of pictures, and all kinds of things that are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.engine.picture_files import PictureError, open_picture


def _saved(image: Image.Image, file: Path, **options: object) -> Path:
    image.save(file, **options)
    return file


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK"])
def test_every_mode_becomes_rgb_bytes(tmp_path: Path, mode: str) -> None:
    suffix = "jpg" if mode == "CMYK" else "png"
    file = _saved(Image.new(mode, (40, 30)), tmp_path / f"a.{suffix}")
    pixels = open_picture(file)
    assert pixels.shape == (30, 40, 3)
    assert pixels.dtype == np.uint8


def test_sixteen_bits_keep_their_upper_eight(tmp_path: Path) -> None:
    values = np.full((20, 20), 0x80FF, np.uint16)
    file = _saved(Image.fromarray(values), tmp_path / "deep.png")
    assert abs(int(open_picture(file)[0, 0, 0]) - 0x80) <= 1


def test_transparency_lies_on_white(tmp_path: Path) -> None:
    file = _saved(Image.new("RGBA", (16, 16), (0, 0, 0, 0)), tmp_path / "glass.png")
    assert (open_picture(file) == 255).all()


def test_an_animation_gives_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (16, 16), c) for c in ("red", "blue")]
    file = _saved(frames[0], tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert open_picture(file)[0, 0].tolist() == [255, 0, 0]


def test_a_camera_s_turn_is_undone(tmp_path: Path) -> None:
    image = Image.new("RGB", (40, 20))
    exif = image.getexif()
    exif[0x0112] = 6  # turned a quarter
    file = _saved(image, tmp_path / "a.jpg", exif=exif)
    assert open_picture(file).shape == (40, 20, 3)


def test_a_long_strip_is_reduced(tmp_path: Path) -> None:
    file = _saved(Image.new("RGB", (20_000, 400)), tmp_path / "long.png")
    assert open_picture(file).shape == (41, 2048, 3)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda f: Image.new("RGB", (1, 1)).save(f), "smaller than"),
        (lambda f: Image.new("1", (20_000, 20_000)).save(f), "too large"),
        (lambda f: f.write_text("not a picture"), "not a picture"),
        (lambda f: f.write_bytes(b""), "not a picture"),
        (lambda f: None, "not there"),
    ],
)
def test_what_is_no_picture_gets_one_sentence(tmp_path: Path, make, words: str) -> None:
    file = tmp_path / "odd.png"
    make(file)
    with pytest.raises(PictureError, match=words) as caught:
        open_picture(file)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", ["png", "jpg", "gif", "webp", "tif", "bmp"])
def test_a_file_cut_short_gets_one_sentence(tmp_path: Path, suffix: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    file = _saved(Image.fromarray(noise), tmp_path / f"cut.{suffix}")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PictureError):
        open_picture(file)
