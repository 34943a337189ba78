"""Shapes and words in pixels, without Qt: for pictures that are drawn on any thread.

Words are in the house font, or in another one of this computer's where that lacks a letter.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from studio.outputs import opencv as cv2
from studio.outputs.sink import Pixels

_OTHERS = (
    *("NotoSansCJK-Regular.ttc", "NotoSans-Regular.ttf", "DejaVuSans.ttf"),
    *("msyh.ttc", "malgun.ttf", "seguisym.ttf", "segoeui.ttf"),
    *("Arial Unicode.ttf", "Hiragino Sans GB.ttc", "AppleSDGothicNeo.ttc"),
)
"""Where letters of other scripts are looked for, by file names that Pillow finds."""
_NO_LETTER = "\uffff"

_FRACTION_BITS = 4
"""Of the corners of shapes."""
_TURN = np.linspace(0, 2 * np.pi, 20, endpoint=False)
_ROUND = np.stack([np.cos(_TURN), np.sin(_TURN)], axis=1)
_LATER = _ROUND > 1e-9
"""Which points of a circle are of a box's right side, and of its lower one."""

Font = ImageFont.FreeTypeFont
Tint = tuple[int, int, int]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels."""


def tint_of(name: str, share: float = 1.0) -> Tint:
    """ "#F5B14C" as red, green and blue, times `share`; above 1 it goes on to white."""
    levels = (int(name[n : n + 2], 16) for n in (1, 3, 5))
    red, green, blue = (
        round(c * share if share <= 1 else c + (255 - c) * (share - 1)) for c in levels
    )
    return red, green, blue


def fill(out: Pixels, points: npt.NDArray[np.float64], tint: Tint) -> None:
    """Fill a convex shape with soft edges; `points` (n, 2) are x and y of its corners."""
    # Corners are edges of pixels; OpenCV counts from the middle of the first.
    near = np.clip(points - 0.5, -100, 2 * max(out.shape))
    fixed = np.round(near * (1 << _FRACTION_BITS)).astype(np.int32)
    cv2.fillConvexPoly(out, fixed, tint, cv2.LINE_AA, _FRACTION_BITS)


def fill_box(out: Pixels, box: Box, tint: Tint) -> None:
    """Fill a rectangle of whole pixels; one at least where it is in `out`."""
    most = 2 * max(out.shape)
    x0, y0, x1, y1 = (min(most, max(0, round(edge))) for edge in box)
    # A fifth of the time that numpy takes.
    cv2.rectangle(out, (x0, y0), (max(x0, x1 - 1), max(y0, y1 - 1)), tint, cv2.FILLED)


def rounded(box: Box, radius: float) -> npt.NDArray[np.float64]:
    """The corners of a box with round ones, for `fill`."""
    x0, y0, x1, y1 = box
    radius = min(radius, (x1 - x0) / 2, (y1 - y0) / 2)
    middle = np.where(_LATER, (x1 - radius, y1 - radius), (x0 + radius, y0 + radius))
    return np.asarray(middle + radius * _ROUND, np.float64)


def font(px: int, weight: int, words: str = "") -> Font:
    """The one that has the most letters of `words`; `weight` is 400, 500 or 600."""
    own = _own(px, weight)
    if not _lacks(own, words):
        return own
    return min((own, *_others(px)), key=lambda each: _lacks(each, words))


def wrapped(words: str, font: Font, width: float) -> list[str]:
    """Lines no wider than `width`, broken between words; within one that is too long by itself."""
    lines = []
    for paragraph in words.splitlines():
        line = ""
        for part in paragraph.split(" "):
            longer = f"{line} {part}" if line else part
            while font.getlength(longer) > width:
                fits = line or _begin(longer, font, width)
                lines.append(fits)
                longer, line = longer[len(fits) :].lstrip(" "), ""
            line = longer
        lines.append(line)
    return lines


@lru_cache(512)
def mask_of(words: str, px: int, weight: int) -> npt.NDArray[np.uint8]:
    """(height, width): how much of each pixel is covered. As high as any letters of this size."""
    used = font(px, weight, words)
    up, down = used.getmetrics()
    image = Image.new("L", (max(1, round(used.getlength(words) + 1)), up + down))
    ImageDraw.Draw(image).text((0, up), words, 255, font=used, anchor="ls")
    return np.asarray(image)


def write(
    out: Pixels, words: str, x: float, y: float, px: float, tint: Tint, weight: int = 400
) -> None:
    """Words in `out`, (height, width, 3), from `x` on, and `y` the middle of their height."""
    mask = mask_of(words, max(8, round(px)), weight)
    left, top = round(x), round(y - mask.shape[0] / 2)
    x0, y0 = max(0, left), max(0, top)
    there = out[y0 : max(y0, top + mask.shape[0]), x0 : max(x0, left + mask.shape[1])]
    if there.size:
        share = mask[y0 - top :, x0 - left :][: there.shape[0], : there.shape[1], None]
        there[:] = (there * (255.0 - share) + np.multiply(tint, share, dtype=np.float32)) / 255


def _begin(words: str, font: Font, width: float) -> str:
    fits = next((n for n in range(2, len(words)) if font.getlength(words[:n]) > width), len(words))
    return words[: max(1, fits - 1)]


@lru_cache(64)
def _own(px: int, weight: int) -> Font:
    return ImageFont.truetype(str(files("ui") / "fonts" / f"Inter-{weight}.ttf"), px)


@lru_cache(16)
def _others(px: int) -> tuple[Font, ...]:
    found = []
    for name in _OTHERS:
        with suppress(OSError):
            found.append(ImageFont.truetype(name, px))
    return tuple(found)


def _lacks(font: Font, words: str) -> int:
    none = bytes(font.getmask(_NO_LETTER))
    # Not what shapes no letter: a tab, a line's end, of which Raqm lays out no "\r".
    letters = {letter for letter in words if letter.isprintable() and letter != " "}
    return sum(bytes(font.getmask(letter)) == none for letter in letters)
