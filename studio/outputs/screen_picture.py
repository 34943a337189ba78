"""From the output's pixels to those of a screen: cropped, turned, flipped, pinned by its corners,
with the screen's gamma and brightness.

Made on the thread of the screen's sink, so that the window's thread only copies what is done: there
a projective paint of 1920x1080 would hold up the hand, and Python's lock with it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from studio.outputs import opencv as cv2
from studio.outputs._placing import Size
from studio.outputs.sink import Pixels
from studio.settings.screens import ScreenSettings

_Points = npt.NDArray[np.float64]
"""(4, 2): the corners of something, upper left, upper right, lower right, lower left."""
_EDGE_PX = 1e-3


class ScreenPicture:
    """How pictures of one size lie on a screen of `screen` pixels."""

    def __init__(self, settings: ScreenSettings, picture: Size, screen: Size) -> None:
        self.picture, self.screen = picture, screen
        self._levels = _levels(settings)
        self._source = _source(settings, picture)
        self.corners = _corners(settings, self._source, screen)
        self._box = self._upright()
        """Where the picture lies that needs no more than to be made larger or smaller."""

    def of(self, pixels: Pixels) -> Pixels:
        """(height, width, 4): blue, green, red and 255, as displays have it."""
        if self._levels is not None:
            pixels = _bytes(cv2.LUT(pixels, self._levels))
        pixels = _bytes(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGRA))
        if self._box is None:
            return self._warped(pixels)
        x0, y0, x1, y1 = self._box
        if (x1 - x0, y1 - y0) != self.picture:
            smaller = x1 - x0 < self.picture[0]
            how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
            pixels = _bytes(cv2.resize(pixels, (x1 - x0, y1 - y0), interpolation=how))
        if self._box == (0, 0, *self.screen):
            return pixels
        made = _black(self.screen)
        made[y0:y1, x0:x1] = pixels
        return made

    def _upright(self) -> tuple[int, int, int, int] | None:
        """A box of whole pixels that the whole picture fills, if it is one."""
        (x0, y0), (x1, _), _, (_, y1) = self.corners
        box = (round(x0), round(y0), round(x1), round(y1))
        there = _rectangle(*box)
        whole = _rectangle(0, 0, *self.picture)
        inside = box[0] >= 0 and box[1] >= 0 and box[2] <= self.screen[0]
        if not inside or box[3] > self.screen[1] or box[2] <= box[0] or box[3] <= box[1]:
            return None
        near = np.abs(self.corners - there).max() < _EDGE_PX
        return box if near and np.array_equal(self._source, whole) else None

    def _warped(self, pixels: Pixels) -> Pixels:
        """Corners are edges of pixels; OpenCV counts from the middle of the first."""
        there, here = ((each - 0.5).astype(np.float32) for each in (self.corners, self._source))
        x0, y0 = np.maximum(0, np.floor(self._source.min(axis=0))).astype(int)
        x1, y1 = np.ceil(self._source.max(axis=0)).astype(int)
        part = np.ascontiguousarray(pixels[y0:y1, x0:x1])
        here = (here - (x0, y0)).astype(np.float32)
        matrix: Any = cv2.getPerspectiveTransform(here, there)
        black = (0, 0, 0, 255)
        edge = cv2.BORDER_CONSTANT
        return _bytes(
            cv2.warpPerspective(part, matrix, self.screen, borderMode=edge, borderValue=black)
        )


def _levels(settings: ScreenSettings) -> Pixels | None:
    if settings.gamma == 1 and settings.brightness == 0:
        return None
    levels = np.linspace(0, 1, 256) ** (1 / settings.gamma) + settings.brightness
    return np.round(255 * np.clip(levels, 0, 1)).astype(np.uint8)


def _source(settings: ScreenSettings, picture: Size) -> _Points:
    """The corners of what is shown of the picture, in the order in which the screen has them."""
    width, height = picture
    left, right = settings.crop_left * width, (1 - settings.crop_right) * width
    top, bottom = settings.crop_top * height, (1 - settings.crop_bottom) * height
    corners = _rectangle(left, top, right, bottom)
    if settings.flip_x:
        corners = corners[[1, 0, 3, 2]]
    if settings.flip_y:
        corners = corners[[3, 2, 1, 0]]
    return np.roll(corners, int(settings.turn) // 90, axis=0)


def _corners(settings: ScreenSettings, source: _Points, screen: Size) -> _Points:
    """Where these corners lie: as large as fits, then moved by hand."""
    across, down = (float(np.linalg.norm(source[n] - source[0])) for n in (1, 3))
    scale = min(screen[0] / across, screen[1] / down)
    width, height = (across * scale, down * scale)
    left, top = (screen[0] - width) / 2, (screen[1] - height) / 2
    return _rectangle(left, top, left + width, top + height) + np.array(settings.corners) * screen


def _rectangle(x0: float, y0: float, x1: float, y1: float) -> _Points:
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], np.float64)


def _black(screen: Size) -> Pixels:
    made = np.zeros((screen[1], screen[0], 4), np.uint8)
    made[..., 3] = 255
    return made


def _bytes(image: object) -> Pixels:
    return np.asarray(image, np.uint8)
