"""Pictures on disk."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from studio.capture import save_film, save_png, sheet


def _flat(level: int, height: int = 6, width: int = 8) -> np.ndarray:
    return np.full((height, width, 3), level, np.uint8)


def test_a_png_gives_the_pixels_back_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (7, 5, 3), np.uint8)
    save_png(tmp_path / "a.png", pixels)
    save_png(tmp_path / "b.png", pixels)
    with Image.open(tmp_path / "a.png") as image:
        np.testing.assert_array_equal(np.asarray(image), pixels)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_sheet_sets_pictures_row_by_row(tmp_path: Path) -> None:
    made = sheet([_flat(50), _flat(100), _flat(150)], columns=2, gap=2)
    assert made.shape == (2 * 6 + 3 * 2, 2 * 8 + 3 * 2, 3)
    assert made[2, 2, 0] == 50
    assert made[2, 12, 0] == 100
    assert made[10, 2, 0] == 150
    assert made[10, 12, 0] == made[0, 0, 0]


def test_a_sheet_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        sheet([], columns=3)


def test_a_film_has_every_frame_with_even_sides(tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    save_film(file, (_flat(level, 33, 65) for level in range(0, 200, 20)), pictures_per_s=25)
    with av.open(str(file)) as film:
        frames = list(film.decode(video=0))
        assert film.streams.video[0].average_rate == 25
    assert len(frames) == 10
    assert (frames[0].width, frames[0].height) == (64, 32)
    levels = [frame.to_ndarray(format="rgb24").mean() for frame in frames]
    np.testing.assert_allclose(levels, range(0, 200, 20), atol=6)
