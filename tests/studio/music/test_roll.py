"""Piano rolls as pixels."""

from __future__ import annotations

import numpy as np
import pytest

from studio.document.score import PARTS
from studio.music.notes import Note
from studio.music.phrases import Phrase
from studio.music.roll import GROUND, PART_COLOURS, draw
from tests.studio.music.scraps import JIG, REEL


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


@pytest.mark.parametrize("size", [(96, 72), (512, 256), (1920, 1080), (8, 8), (97, 41)])
@pytest.mark.parametrize("phrase", [REEL, JIG, Phrase(), Phrase((), 64.0)])
def test_a_picture_of_the_size_asked_for(phrase: Phrase, size: tuple[int, int]) -> None:
    pixels = draw(phrase, size)
    assert pixels.shape == (size[1], size[0], 3)
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous


def test_same_phrase_same_bytes() -> None:
    assert draw(REEL).tobytes() == draw(REEL).tobytes()


def test_notes_stand_where_they_sound() -> None:
    low, high = Note("lead", 0, 2, 60, 127), Note("lead", 2, 2, 67, 127)
    pixels = draw(Phrase((low, high), 4), (400, 200)).astype(int)
    warm = (pixels[..., 0] - pixels[..., 2]) > 60
    rows, columns = np.nonzero(warm)
    left, right = columns < 200, columns >= 200
    assert rows[left].mean() > rows[right].mean() + 20
    assert rows[left].size
    assert rows[right].size


def test_louder_is_brighter() -> None:
    def light(velocity: int) -> int:
        return int(draw(Phrase((Note("lead", 0, 4, 60, velocity),), 4)).max())

    assert light(30) < light(80) < light(127)


def test_other_parts_are_drawn_behind_in_their_colours() -> None:
    bass = [Note("bass", 0, 4, 40, 127)]
    pixels = draw(Phrase((), 4), (64, 64), more={"bass": bass}).reshape(-1, 3)
    assert rgb(PART_COLOURS["bass"]) in {tuple(int(v) for v in p) for p in pixels}
    assert set(PARTS) <= set(PART_COLOURS)


def test_an_empty_phrase_is_ground_and_lines() -> None:
    assert tuple(draw(Phrase(), (32, 32))[3, 3]) == rgb(GROUND)
