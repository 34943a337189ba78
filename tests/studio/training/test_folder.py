"""What a folder holds, in words, and what an engine is given of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.engine import EngineError
from studio.training import folder as folders
from studio.training import preparing
from studio.training.preparing import Chosen, prepare
from tests.fakes import fake
from tests.training_fakes import LEARNS, spec, write_pictures


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Five pictures, one of them twice in another size, a tune, a broken file and a text."""
    folder = write_pictures(tmp_path / "mine", 5)
    with Image.open(folder / "picture 00.png") as picture:
        picture.resize((400, 300), Image.Resampling.NEAREST).save(folder / "same.jpg", quality=95)
    (folder / "tune.abc").write_text("X:1\nK:D\nDEFG|\n")
    (folder / "zbroken.png").write_bytes(b"\x89PNG\r\n")
    (folder / "read me.txt").write_text("hello")
    (folder / ".hidden.png").write_bytes(b"")
    return folder


def test_a_folder_says_what_it_holds(mine: Path) -> None:
    items = list(folders.look(mine))
    assert [item.path.name for item in items if item.kind == "pictures"] == [
        f"picture {number:02}.png" for number in range(5)
    ]
    problems = {item.path.name: item.problem for item in items if item.problem}
    assert problems["same.jpg"] == "same.jpg shows the same as picture 00.png."
    assert set(problems) == {"same.jpg", "zbroken.png"}
    assert folders.kind_of(items) == "pictures"
    assert [each.name for each in folders.learners((spec(), fake().spec), "pictures")] == [
        "learner"
    ]
    assert folders.learners((spec(),), "tunes") == []
    assert folders.kind_of([]) is None


def test_what_to_expect_is_said_in_words() -> None:
    assert folders.said(spec(), 12) == "12 pictures: a space."
    assert folders.said(spec(), 3) == "3 pictures: variations of these."
    assert "1 picture: too few. 3 are the least" in folders.said(spec(), 1)


def test_looking_ends_when_nobody_wants_it_and_where_there_is_no_folder(mine: Path) -> None:
    assert list(folders.look(mine, lambda: False)) == []
    with pytest.raises(EngineError, match="There is no folder none"):
        list(folders.look(mine / "none"))


def test_pictures_are_cut_turned_and_padded() -> None:
    pixels = np.zeros((20, 40, 3), np.uint8)
    pixels[:, 30:] = 255  # all that is to be seen is on the right
    pixels[::2, 32:38] = 0
    picture = Path("any.png")
    turned = preparing.fitted(pixels, Chosen(picture, turns=1), 0)
    assert turned.shape == (40, 20, 3)
    centre, smart, pad = (
        preparing.fitted(pixels, Chosen(picture, crop=crop), 20) for crop in preparing.CROPS
    )
    assert centre.shape == smart.shape == pad.shape == (20, 20, 3)
    assert (centre == 0).all()
    assert smart.mean() > 50
    assert pad[:3].mean() < 5
    assert pad[10, 17:].mean() > 100


def test_a_file_that_has_gone_meanwhile_is_named_and_the_rest_is_made(tmp_path: Path) -> None:
    folder = write_pictures(tmp_path / "mine", 4)
    chosen = [Chosen(path) for path in sorted(folder.iterdir())]
    (folder / "picture 02.png").unlink()
    count, problems = prepare(chosen, LEARNS, 16, tmp_path / "into")
    assert count == 3
    assert problems == ("The file picture 02.png is not there any more.",)
    with Image.open(tmp_path / "into" / "00001.png") as picture:
        assert picture.size == (16, 16)
