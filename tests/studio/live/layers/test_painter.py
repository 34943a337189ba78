"""The drawn layers: the same told, the same pixels, at any size."""

from __future__ import annotations

import numpy as np

from studio.live.ensemble.played import Roll, RollBar
from studio.live.layers.painter import LayerPainter
from studio.music.notes import Note
from studio.music.phrases import Key

BARS = tuple(
    RollBar(n, 4.0 * n, 4.0, (Note("lead", 1, 1, 62 + n, 90), Note("drums", 2, 0.1, 36, 90)),
            n < 2, ((0, "Dm"),))
    for n in range(3)
)  # fmt: skip
ROLL = Roll(BARS, Key(2, "minor"))
SIZE = (640, 360)


def test_a_roll_is_a_function_of_what_it_is_told() -> None:
    painter = LayerPainter()
    standing = painter.roll(ROLL, 0.0, False, SIZE)
    playing = painter.roll(ROLL, 5.5, True, SIZE)
    assert standing.shape == playing.shape == (360, 640, 3)
    assert playing.max() > 200
    assert not np.array_equal(standing, playing)
    assert not np.array_equal(playing, painter.roll(ROLL, 5.6, True, SIZE))
    afresh = Roll(BARS, Key(2, "minor"))
    assert np.array_equal(playing, LayerPainter().roll(afresh, 5.5, True, SIZE))
    large = painter.roll(ROLL, 5.5, True, (1280, 720))
    assert np.abs(large[::2, ::2].mean() - playing.mean()) < 2


def test_a_roll_without_bars_and_one_far_off_are_drawn_too() -> None:
    painter = LayerPainter()
    for roll, place in ((Roll(), 0.0), (ROLL, 1e6), (ROLL, -3.0)):
        assert painter.roll(roll, place, True, SIZE).shape == (360, 640, 3)


def test_words_are_white_at_the_foot_of_a_black_picture() -> None:
    painter = LayerPainter()
    words = painter.text("First light", "Slowly, from the dark.", (320, 180))
    assert words.shape == (180, 320, 3)
    assert set(np.unique(words[:60])) == {0}
    assert words.max() == 255
    assert painter.text("First light", "Slowly, from the dark.", (320, 180)) is words
    assert not np.array_equal(words, painter.text("First light", "", (320, 180)))
    long = painter.text("W" * 200, "from the dark " * 400, (320, 180))
    assert long[:, :8].max() == 0, "a word that is too long is broken"
    assert painter.text("", "", (320, 180)).max() == 0


def test_notes_of_another_computer_have_the_same_lines() -> None:
    there, here = (
        LayerPainter().text("Dusk", f"Slowly,{end}\tfrom the dark.", (320, 180))
        for end in ("\r\n", "\n")
    )
    assert np.array_equal(there, here)
