"""Pictures on disk."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from studio.export.writers import TileWriter, save_film, save_png, sheet
from studio.painting.tile_maps import TileMap, height_map, normal_map


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


def _written(folder: Path, what: TileMap) -> tuple[np.ndarray, dict[str, str], str]:
    noise = np.random.default_rng(2).integers(0, 256, (16, 24, 3), np.uint8)
    for file in (folder / "a.png", folder / "b.png"):
        writer = TileWriter(file, what)
        writer.add(noise)
        writer.close()
    assert (folder / "a.png").read_bytes() == (folder / "b.png").read_bytes()
    with Image.open(folder / "a.png") as image:
        return np.asarray(image), dict(image.text), image.mode  # type: ignore[attr-defined]


def test_a_tile_says_how_well_it_joins_with_itself(tmp_path: Path) -> None:
    pixels, words, _ = _written(tmp_path, "tile")
    assert pixels.shape == (16, 24, 3)
    assert words["Software"] == "Latent Loom"
    across, down = (float(part.split()[0]) for part in words["Seam"].split(", "))
    assert 0.7 < across < 1.3
    assert 0.7 < down < 1.3


def test_a_height_map_has_sixteen_bits_and_says_what_it_is(tmp_path: Path) -> None:
    tile = _written(tmp_path, "tile")[0]
    heights, words, mode = _written(tmp_path, "height")
    assert mode == "I;16"
    np.testing.assert_array_equal(heights, height_map(tile))
    assert "Derived from the luminance" in words["Comment"]


def test_a_normal_map_says_which_way_is_up(tmp_path: Path) -> None:
    tile = _written(tmp_path, "tile")[0]
    normals, words, mode = _written(tmp_path, "normal")
    assert mode == "RGB"
    np.testing.assert_array_equal(normals, normal_map(tile))
    assert "OpenGL, green is up" in words["Comment"]
    assert "Derived from the luminance" in words["Comment"]
