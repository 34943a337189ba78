"""What the crowd does, as a small picture beside the QR code: bars for the two scenes, and the mood
pad with everybody's places and their average. One pixel is as large as a module of the code."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from studio.document.arrays import Pixels
from studio.requests.votes import Point, Standing

SIDE = 37
"""Of a board without a code: that of a code for an address."""
_BACK, _EDGE, _FAINT, _BRIGHT = (16, 18, 22), (70, 76, 86), (120, 128, 140), (255, 255, 255)
_OPTIONS = ((255, 176, 58), (90, 170, 255))
"""The colours of the two scenes, on phones as well (style.css)."""
_TEXT_PX = 11
"""The height of Pillow's bitmap font, whose characters are 6 pixels wide."""


def board(code: Pixels | None, standing: Standing) -> Pixels | None:
    """`code` with what there is to show on its left; None for nothing at all."""
    side = SIDE if code is None else code.shape[0]
    parts = []
    if standing.counts is not None:
        parts.append(_bars(side, standing.counts))
    if standing.points is not None:
        parts.append(_pad(side, standing.points, standing.mean))
    if code is not None:
        parts.append(code)
    return np.ascontiguousarray(np.concatenate(parts, axis=1)) if parts else None


def _bars(side: int, counts: tuple[int, int]) -> Pixels:
    image = Image.new("RGB", (side, side), _BACK)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default_imagefont()
    full, most = side - 2 * _TEXT_PX - 2, max(1, *counts)
    for place, (count, colour) in enumerate(zip(counts, _OPTIONS, strict=True)):
        left, width = place * side // 2 + 1, side // 2 - 2
        draw.text((left + (width - 6) // 2, side - _TEXT_PX), "AB"[place], _BRIGHT, font)
        told = str(min(count, 999))
        draw.text((left + (width - 6 * len(told)) // 2, 0), told, _BRIGHT, font)
        bottom = side - _TEXT_PX - 1
        height = round(full * count / most)
        if height:
            draw.rectangle((left + 1, bottom - height + 1, left + width - 2, bottom), colour)
    return np.asarray(image)


def _pad(side: int, points: tuple[Point, ...], mean: Point | None) -> Pixels:
    image = Image.new("RGB", (side, side), _BACK)
    draw = ImageDraw.Draw(image)
    draw.rectangle((1, 1, side - 2, side - 2), outline=_EDGE)
    draw.line((side // 2, 1, side // 2, side - 2), _EDGE)
    draw.line((1, side // 2, side - 2, side // 2), _EDGE)

    def at(point: Point) -> tuple[int, int]:
        inner = side - 9
        return 4 + round(point[0] * inner), 4 + round((1 - point[1]) * inner)

    for point in points:
        draw.point(at(point), _FAINT)
    if mean is not None:
        x, y = at(mean)
        draw.ellipse((x - 3, y - 3, x + 3, y + 3), _OPTIONS[0], _BRIGHT)
    return np.asarray(image)
