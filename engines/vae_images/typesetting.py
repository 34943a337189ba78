"""From letters' fields to a picture of a word, sharp at any size.

Letters stand on a line, each as far from the next as the model says, and the line is made as large
as the square permits. A field is resampled by cubic convolution (Keys, 1981) and cut at the
outline; the edge is as wide as one pixel of the picture, whatever the size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engines.vae_images.alphabet import BASELINE_PX, CHARACTERS, REACH_PX, SIZE_PX, SPACE_PX

MARGIN = 0.07
"""Of the square, left free at each side."""
TALLEST = 2.2
"""One letter alone fills the square no more than so many fields to its width."""
CAPITAL_PX = 32.0
"""About the height of a capital in a field."""
LEADING_PX = 50.0
"""From one line to the next."""
GRID_COLUMNS = 9
GRID_PITCH_PX = (47.0, 53.0)
"""Across and down, when the whole alphabet is shown."""

Word = list[tuple[float, float]]
"""The advance of each letter and its kern."""


@dataclass(frozen=True, slots=True)
class TypeSetting:
    """Where letters stand: the i-th field's top left corner, in field pixels, on a square sheet."""

    lefts: tuple[float, ...]
    tops: tuple[float, ...]
    side: float
    """The sheet's width and height in field pixels."""


def letters_of(text: str) -> list[int]:
    """The letters to decode, by number, spaces left out; the whole alphabet for an empty text."""
    return [CHARACTERS.index(c) for c in text if c in CHARACTERS] or list(range(len(CHARACTERS)))


def set_text(
    text: str, advances_px: Sequence[float], kerns_px: Sequence[float] = ()
) -> TypeSetting:
    """`text` with the advances of its `letters_of` and what is to be added to each within a word
    (see `kerning`), broken into lines so that it comes out large.

    A text without letters is set as a grid of the alphabet.
    """
    if not text.strip():
        return _grid(len(advances_px))
    widths = iter(zip(advances_px, kerns_px or [0.0] * len(advances_px), strict=True))
    words = [_word([next(widths) for c in word]) for word in text.split()]
    settings = [_lines(_broken(words, count)) for count in range(1, len(words) + 1)]
    return min(settings, key=lambda s: s.side)


def _grid(count: int) -> TypeSetting:
    across, down = GRID_PITCH_PX
    rows = -(-count // GRID_COLUMNS)
    side = max(GRID_COLUMNS * across, rows * down) * (1 + MARGIN)
    left = (side - GRID_COLUMNS * across + across - SIZE_PX) / 2
    top = (side - rows * down) / 2 + down / 2 - (BASELINE_PX - CAPITAL_PX / 2)
    return TypeSetting(
        tuple(left + across * (i % GRID_COLUMNS) for i in range(count)),
        tuple(top + down * (i // GRID_COLUMNS) for i in range(count)),
        side,
    )


def _word(letters: list[tuple[float, float]]) -> Word:
    """Advances and kerns, of which the last belongs to no pair."""
    return [*letters[:-1], (letters[-1][0], 0.0)]


def _broken(words: list[Word], count: int) -> list[list[Word]]:
    """The words in at most `count` lines of about the same length."""
    total = sum(_length([word]) for word in words) + SPACE_PX * (len(words) - 1)
    lines: list[list[Word]] = [[]]
    for word in words:
        fuller = [*lines[-1], word]
        if lines[-1] and len(lines) < count and _length(fuller) > 1.1 * total / count:
            lines.append([word])
        else:
            lines[-1] = fuller
    return lines


def _length(line: list[Word]) -> float:
    return sum(sum(map(sum, word)) for word in line) + SPACE_PX * (len(line) - 1)


def _lines(lines: list[list[Word]]) -> TypeSetting:
    longest = max(_length(line) for line in lines)
    height = LEADING_PX * (len(lines) - 1) + 1.5 * CAPITAL_PX
    side = max(longest / (1 - 2 * MARGIN), height / (1 - 2 * MARGIN), SIZE_PX * 2 / TALLEST)
    # The eye takes a line for centred when its capitals are, a little raised.
    baseline = (side + CAPITAL_PX - LEADING_PX * (len(lines) - 1)) / 2 - 0.02 * side
    lefts, tops = [], []
    for row, line in enumerate(lines):
        pen = (side - _length(line)) / 2
        for word in line:
            for advance, kern in word:
                lefts.append(pen + (advance - SIZE_PX) / 2)
                tops.append(baseline + LEADING_PX * row - BASELINE_PX)
                pen += advance + kern
            pen += SPACE_PX
    return TypeSetting(tuple(lefts), tuple(tops), side)


def ink(fields: Tensor, setting: TypeSetting, size_px: int, bolder_px: float = 0.0) -> Tensor:
    """How much ink there is on each pixel: (size_px, size_px) float32 in 0..1.

    `fields` is (N, 1, S, S) in 0..1, S as fine as one likes; `bolder_px` moves every outline
    outwards. Lengths are in pixels of the usual field.
    """
    sheet = fields.new_zeros(size_px, size_px, dtype=torch.float32)
    scale = size_px / setting.side
    for field, left, top in zip(fields.float(), setting.lefts, setting.tops, strict=True):
        (x0, across), (y0, down) = (resampling(at, scale, size_px, field) for at in (left, top))
        if not len(across) or not len(down):
            continue
        part = sheet[y0 : y0 + len(down), x0 : x0 + len(across)]
        torch.maximum(part, down @ field[0] @ across.T, out=part)
    return _cut(sheet, scale, bolder_px)


def resampling(at: float, scale: float, size_px: int, like: Tensor) -> tuple[int, Tensor]:
    """The pixels of the sheet that a field like `like` (.., S, S) covers, its corner at
    `at`: the first, and (n, S) weights."""
    first = max(0, int(at * scale))
    last = min(size_px, int((at + SIZE_PX) * scale) + 1)
    samples = like.shape[-1]
    places = (torch.arange(first, last, device=like.device) + 0.5) / scale - at
    centres = samples / SIZE_PX * places - 0.5
    away = (centres[:, None] - torch.arange(samples, device=like.device)).abs()
    near = (1.5 * away - 2.5) * away**2 + 1
    far = ((-0.5 * away + 2.5) * away - 4) * away + 2
    weights = torch.where(away < 1, near, torch.where(away < 2, far, torch.zeros_like(away)))
    return first, weights


def _cut(sheet: Tensor, scale: float, bolder_px: float) -> Tensor:
    """Ink from a field on the sheet: what lies inside, the edge one pixel wide.

    A field's slope says how far away its edge is. A drawn one is not always as steep as a measured
    one, and its letters would be soft; so the slope is taken from the field itself.
    """
    steep = 0.5 / (REACH_PX * scale)
    inside = sheet - 0.5 + bolder_px * 0.5 / REACH_PX
    down, across = torch.gradient(sheet)
    slope = (down.square() + across.square()).sqrt().clamp(0.4 * steep, 1.2 * steep)
    return (inside / slope + 0.5).clamp(0, 1)
