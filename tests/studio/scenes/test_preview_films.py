"""Films beside presets: known by the scene they were made of, and read believing nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.engine import Pixels
from studio.export.writers import save_film
from studio.presets import PresetError
from studio.scenes._preview_films import is_of, pictures, tagged


def frames(count: int, side: int = 64) -> list[Pixels]:
    """A square that grows brighter."""
    return [np.full((side, side, 3), 255 * n // count, np.uint8) for n in range(count)]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Two seconds of a scene whose look is "blue"."""
    file = tmp_path / "blue.mp4"
    save_film(file, frames(60))
    file.write_bytes(tagged(file.read_bytes(), "blue"))
    return file


def test_a_film_is_played_as_it_was_made(film: Path) -> None:
    shown = pictures(film, "blue")
    assert len(shown) == 60
    assert shown[0].shape == (64, 64, 3)
    assert shown[0].mean() < 10
    assert shown[-1].mean() > 230


def test_a_film_of_another_scene_is_not_shown(film: Path) -> None:
    assert is_of(film, "blue")
    assert not is_of(film, "red")
    assert pictures(film, "red") == []


def test_large_pictures_are_made_small(tmp_path: Path) -> None:
    file = tmp_path / "wide.mp4"
    save_film(file, [np.zeros((128, 512, 3), np.uint8)])
    file.write_bytes(tagged(file.read_bytes(), "wide"))
    assert pictures(file, "wide")[0].shape == (32, 128, 3)


def test_of_a_long_film_the_beginning_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "long.mp4"
    save_film(file, frames(200, 16))
    file.write_bytes(tagged(file.read_bytes(), "long"))
    assert len(pictures(file, "long")) == 90


def test_pictures_that_are_too_large_are_refused_before_they_take_memory(tmp_path: Path) -> None:
    file = tmp_path / "huge.mp4"
    save_film(file, [np.zeros((1080, 1920, 3), np.uint8)])
    file.write_bytes(tagged(file.read_bytes(), "huge"))
    assert pictures(file, "huge") == []


@pytest.mark.parametrize("text", [b"", b"\0" * 4000, b"#!EXTM3U\nfile:///etc/passwd\n"])
def test_what_is_no_film_is_none(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "strange.mp4"
    file.write_bytes(text)
    assert pictures(file, "blue") == []
    assert not is_of(file, "blue")
    with pytest.raises(PresetError):
        tagged(text, "blue")


def test_a_film_of_a_kind_that_nobody_knows_is_none(film: Path) -> None:
    film.write_bytes(film.read_bytes().replace(b"avc1", b"zzzz"))
    assert pictures(film, "blue") == []


def test_a_film_that_was_cut_off_or_changed_ends_nothing(film: Path) -> None:
    whole, dice = film.read_bytes(), np.random.default_rng(5)
    for _ in range(60):
        broken = bytearray(whole[: int(dice.integers(1, len(whole)))])
        for at in dice.integers(0, len(broken), 8):
            broken[at] = int(dice.integers(256))
        film.write_bytes(bytes(broken))
        assert len(pictures(film, "blue")) <= 90


def test_where_there_is_no_file_there_is_no_film(tmp_path: Path) -> None:
    assert pictures(tmp_path / "none.mp4", "blue") == []
