"""`latentloom presets draw FILES`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.commands._thumbnails import SIDE_PX, arranged, draw
from studio.engine import Pixels, Resources
from studio.engine.registry import Registry
from studio.presets import PresetError, look_of, text_of
from studio.presets.folder.thumbnails import thumbnail
from tests.fakes import fake, is_one_sentence
from tests.studio.presets.makers import preset


def test_a_thumbnail_is_drawn_beside_each_preset(tmp_path: Path) -> None:
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    guest, said = fake(), list[str]()
    for seed, file in enumerate(files):
        file.write_bytes(text_of(preset(seed=seed)))
    draw(files, Resources(), said.append, Registry.of(guest.spec))
    for seed, file in enumerate(files):
        shown = thumbnail(file.with_suffix(".png"), look_of(preset(seed=seed)))
        assert shown is not None
        assert shown.shape == (SIDE_PX, SIDE_PX, 3)
    assert said == [str(file.with_suffix(".png")) for file in files]
    assert len(guest.made) == 1


def test_a_thumbnail_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(text_of(preset()))
    file.with_suffix(".png").mkdir()
    with pytest.raises(PresetError) as error:
        draw([file], Resources(), registry=Registry.of(fake().spec))
    assert is_one_sentence(str(error.value))


def plain(*shape: int, value: int) -> Pixels:
    return np.full((*shape, 3), value, np.uint8)


def test_what_is_wider_than_high_shows_its_middle() -> None:
    wide = plain(100, 300, value=0)
    wide[:, 100:200] = 255
    assert (arranged([wide])[:, 10:-10] == 255).all()


def test_a_second_picture_is_in_the_corner_and_more_are_in_a_row_below() -> None:
    pictures = [plain(20, 20, value=value) for value in (10, 20, 30, 40)]
    two, four = arranged(pictures[:2]), arranged(pictures)
    assert set(two[0, :, 0]) == {10}
    assert list(dict.fromkeys(two[-1, :, 0])) == [10, 20]
    assert set(four[0, :, 0]) == {10}
    assert list(dict.fromkeys(four[-1, :, 0])) == [20, 30, 40]
