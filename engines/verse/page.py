"""Lines of text as a picture: letters on paper, as large as the page lets them be. No torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

TYPEFACES = Path(__file__).resolve().parent / "typefaces"
FACES: Mapping[str, str] = {
    "serif": "eb-garamond/files/eb-garamond-latin-400-normal.woff2",
    "italic": "eb-garamond/files/eb-garamond-latin-400-italic.woff2",
    "sans": "jost/files/jost-latin-400-normal.woff2",
}
"""What each is made of: see `corpus.typefaces`."""
Colour = tuple[int, int, int]
INKS: Mapping[str, tuple[Colour, Colour]] = {
    "white on black": ((255, 255, 255), (0, 0, 0)),
    "black on white": ((0, 0, 0), (255, 255, 255)),
    "ink on paper": ((24, 26, 34), (246, 243, 235)),
    "chalk on slate": ((240, 240, 232), (34, 42, 46)),
    "red on cream": ((196, 44, 36), (250, 240, 220)),
    "amber on night": ((255, 176, 46), (20, 16, 28)),
    "mint on plum": ((150, 240, 200), (58, 24, 66)),
    "pink on navy": ((255, 130, 170), (16, 24, 60)),
}
"""Ink, then paper, sRGB."""
ALIGNED = ("left", "centre", "right")
PLACES = ("top", "middle", "bottom")
MARGIN = 0.06
"""Of the width, left free at each side; and above and below."""
LEADING = 1.32
"""From one line to the next, in sizes of the type."""
LARGEST = 0.2
"""The largest type, of the page's height."""


def file_of(face: str) -> Path:
    """Where the typeface lies."""
    return TYPEFACES / f"{face}.ttf"


@lru_cache(maxsize=64)
def _font(face: str, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file_of(face), size_px, layout_engine=ImageFont.Layout.BASIC)


def size_for(lines: Sequence[str], face: str, width_px: int, height_px: int) -> int:
    """The size at which the longest of the lines fills the page, or all of them its height."""
    large = _font(face, 100)
    longest = max([1.0, *(large.getlength(line) for line in lines)])
    across = 100 * width_px * (1 - 2 * MARGIN) / longest
    down = height_px * (1 - 2 * MARGIN) / (LEADING * max(1, len(lines)))
    return max(6, int(min(across, down, LARGEST * height_px)))


def drawn(
    lines: Sequence[str],
    width_px: int,
    height_px: int,
    *,
    face: str = "serif",
    ink: str = "white on black",
    aligned: str = "centre",
    place: str = "middle",
    share: float = 0.7,
    sized: Sequence[str] = (),
) -> npt.NDArray[np.uint8]:
    """(height_px, width_px, 3) uint8. `share` of the size that `sized` (or `lines`) would fill the
    page with."""
    size_px = max(6, int(share * size_for(sized or lines, face, width_px, height_px)))
    font, step = _font(face, size_px), LEADING * size_px
    page = Image.new("L", (width_px, height_px), 0)
    draw = ImageDraw.Draw(page)
    room, block = height_px * (1 - 2 * MARGIN), step * len(lines)
    top = height_px * MARGIN + PLACES.index(place) / 2 * (room - block)
    for number, line in enumerate(lines):
        left = MARGIN * width_px + ALIGNED.index(aligned) / 2 * (
            width_px * (1 - 2 * MARGIN) - font.getlength(line)
        )
        baseline = top + step * (number + 0.5) + 0.3 * size_px
        draw.text((left, baseline), curled(line), fill=255, font=font, anchor="ls")
    return coloured(np.asarray(page), ink)


def curled(line: str) -> str:
    """With a printer's apostrophes."""
    return line.replace("'", "’")


def coloured(cover: npt.NDArray[np.uint8], ink: str) -> npt.NDArray[np.uint8]:
    """How much ink lies on each pixel (H, W), 0 to 255 -> (H, W, 3)."""
    letters, paper = (np.asarray(colour, np.float32) for colour in INKS[ink])
    shares = np.linspace(0, 1, 256, dtype=np.float32)[:, None]
    table = np.rint(paper + shares * (letters - paper)).astype(np.uint8)
    return table[cover]
