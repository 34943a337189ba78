"""From strokes to a picture: smooth curves, a pen that presses, two colours."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from engines.strokes.drawings import Stroke, Strokes
from studio.engine import Pixels

Points = npt.NDArray[np.float32]

CORNER_DEG = 52.0
"""A line that turns by more than this at a knot has a corner there."""
STEPS = 8
"""Lines that a curve between two knots is drawn as."""
PIECE = 0.02
"""How long the pieces of a line are at most that is pressed."""
FINER = 4
"""The picture is drawn so many times larger, then made smaller: smooth edges."""
_SHIFT = 4
"""Bits of a pixel that OpenCV's coordinates have."""


def curve(stroke: Stroke, steps: int = STEPS) -> Points:
    """A smooth line through the knots, corners kept (E. Catmull, R. Rom: A class of local
    interpolating splines, 1974), with tangents nearer to the longer of a knot's two sides: what is
    straight stays straight up to a round corner. A knot alone stays alone."""
    steps_between = np.diff(stroke, axis=0)
    lengths = np.hypot(steps_between[:, 0], steps_between[:, 1])
    kept = np.concatenate([[True], lengths > 1e-6])
    knots: Points = stroke[kept]
    if len(knots) < 3:
        return knots
    legs, spans = np.diff(knots, axis=0), lengths[kept[1:]][:, None]
    speed = legs / spans
    before, after = _tangents(speed, spans, _closed(knots))
    t = (np.arange(steps, dtype=np.float32) / steps)[:, None, None]
    a, b = knots[:-1], knots[1:]
    m, n = after[:-1] * spans, before[1:] * spans
    points = (
        (2 * t**3 - 3 * t**2 + 1) * a
        + (t**3 - 2 * t**2 + t) * m
        + (3 * t**2 - 2 * t**3) * b
        + (t**3 - t**2) * n
    )
    inner = points.transpose(1, 0, 2).reshape(-1, 2)
    return np.concatenate([inner, knots[-1:]]).astype(np.float32)


def _closed(knots: Points) -> bool:
    return bool(np.abs(knots[0] - knots[-1]).max() < 0.02) and len(knots) > 3


def _tangents(speed: Points, spans: Points, closed: bool) -> tuple[Points, Points]:
    """(N, 2) each: at every knot where the line comes in, and where it goes out."""
    came, goes = speed[:-1], speed[1:]
    if closed:
        came, goes = np.concatenate([speed[-1:], speed]), np.concatenate([speed, speed[:1]])
        spans = np.concatenate([spans[-1:], spans, spans[:1]])
    a, b = spans[:-1] ** 2, spans[1:] ** 2
    mean = (a * came + b * goes) / (a + b)
    turned = (came * goes).sum(1) < np.cos(np.radians(CORNER_DEG))
    arriving = np.where(turned[:, None], came, mean)
    leaving = np.where(turned[:, None], goes, mean)
    if closed:
        return arriving, leaving
    start, end = 1.5 * speed[:1] - 0.5 * arriving[:1], 1.5 * speed[-1:] - 0.5 * leaving[-1:]
    return np.concatenate([start, arriving, end]), np.concatenate([start, leaving, end])


def inked(
    lines: Strokes, size_px: int, width: float, pressure: float = 0.0
) -> npt.NDArray[np.uint8]:
    """Curves in -1..1 -> (size_px, size_px) uint8, 255 is ink.

    `width` is the pen's, in halves of the picture. With `pressure` 1 a line is thin where the pen
    is set down, lifted or goes up, and thick where it comes down.
    """
    side = size_px * FINER
    canvas = np.zeros((side, side), np.uint8)
    for line in lines:
        if pressure and len(line) > 1:
            line = _evenly(line)
        points = np.rint((line + 1) * (side / 2 * (1 << _SHIFT)) - (1 << _SHIFT) / 2)
        widths = np.maximum(1, np.rint(_widths(line, width, pressure) * side / 2)).astype(int)
        _draw(canvas, points.astype(np.int32), widths)
    small = cv2.resize(canvas, (size_px, size_px), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _draw(canvas: npt.NDArray[np.uint8], points: npt.NDArray[np.int32], widths: Points) -> None:
    """Pieces of one width are one call."""
    if len(points) == 1:
        points, widths = np.repeat(points, 2, 0), widths[:1]
    ends = [*(np.nonzero(np.diff(widths))[0] + 1), len(widths)]
    start = 0
    for end in ends:
        piece = points[start : end + 1].reshape(-1, 1, 2)
        cv2.polylines(canvas, [piece], False, 255, int(widths[start]), cv2.LINE_8, _SHIFT)
        start = end


def _evenly(line: Points) -> Points:
    """A line in short pieces, each of which may have a width of its own."""
    legs = np.diff(line, axis=0)
    way = np.concatenate([[0.0], np.cumsum(np.hypot(legs[:, 0], legs[:, 1]))])
    places = np.linspace(0, way[-1], max(16, int(way[-1] / PIECE)))
    return np.stack([np.interp(places, way, line[:, k]) for k in (0, 1)], 1).astype(np.float32)


def _widths(line: Points, width: float, pressure: float) -> Points:
    """Of each piece of a line."""
    if len(line) < 2 or pressure == 0:
        return np.full(max(1, len(line) - 1), width)
    legs = np.diff(line, axis=0)
    lengths = np.maximum(np.hypot(legs[:, 0], legs[:, 1]), 1e-6)
    down = legs[:, 1] / lengths
    soft = np.convolve(np.pad(down, 4, "edge"), np.ones(9) / 9, "valid")
    way = np.cumsum(lengths) - lengths / 2
    from_end = np.minimum(way, way[-1] + lengths[-1] / 2 - way)
    taper = np.clip(from_end / (4 * width), 0, 1) ** 0.5
    pressed = (1 + 0.45 * soft) * (0.35 + 0.65 * taper)
    return np.asarray(width * ((1 - pressure) + pressure * pressed), np.float32)


def coloured(
    ink: npt.NDArray[np.uint8], colours: tuple[tuple[int, int, int], tuple[int, int, int]]
) -> Pixels:
    """(H, W) uint8 -> (H, W, 3): ink, then paper."""
    dark, paper = (np.asarray(c, np.int32) for c in colours)
    levels = np.arange(256)[:, None]
    table = ((levels * dark + (255 - levels) * paper + 127) // 255).astype(np.uint8)
    pixels: Pixels = table[ink]
    return pixels
