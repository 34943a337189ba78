"""Drawings as strokes of a pen, and the file that keeps many of them small.

A stroke is a line through a few knots; `ink` lays a smooth curve through them.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Stroke = npt.NDArray[np.float32]
"""(N, 2): x to the right, y down; N is at least 1."""
Strokes = tuple[Stroke, ...]


@dataclass(frozen=True)
class Drawing:
    """One drawing of a set. Pictures lie in -1..1 in both directions; letters stand on y = 0."""

    name: str
    kind: str
    """Its category or, of a letter, its font."""
    strokes: Strokes
    advance: float = 0.0
    """Of a letter: where the next one begins."""


def packed(drawings: Sequence[Drawing], per_unit: int) -> bytes:
    """What `unpacked` reads: names as JSON, then steps as bytes, all as xz. Coordinates are kept on
    a grid of `per_unit` lines."""
    about = [[d.name, d.kind, [len(s) for s in d.strokes], round(d.advance, 3)] for d in drawings]
    points = [np.rint(s * per_unit).astype(np.int64) for d in drawings for s in d.strokes]
    flat = np.concatenate(points)
    steps = np.diff(flat, axis=0, prepend=np.zeros((1, 2), np.int64)).astype(np.int16)
    told = json.dumps([per_unit, about], ensure_ascii=False, separators=(",", ":")).encode()
    raw = len(told).to_bytes(4, "little") + told + _planes(steps)
    return lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME)


def unpacked(data: bytes) -> tuple[Drawing, ...]:
    """The drawings of a packed file."""
    raw = lzma.decompress(data)
    size = 4 + int.from_bytes(raw[:4], "little")
    per_unit, about = json.loads(raw[4:size])
    planes = np.frombuffer(raw[size:], np.uint8).reshape(4, -1)
    steps = (planes[:2] | planes[2:].astype(np.uint16) << 8).view(np.int16).T
    points = (np.cumsum(steps, 0, dtype=np.int64) / per_unit).astype(np.float32)
    lengths = [length for _, _, own, _ in about for length in own]
    strokes = iter(np.split(points, np.cumsum(lengths)[:-1]))
    return tuple(
        Drawing(name, kind, tuple(next(strokes) for _ in own), advance)
        for name, kind, own, advance in about
    )


def _planes(steps: npt.NDArray[np.int16]) -> bytes:
    """Low bytes of all x, of all y, then the high ones, which are nearly always alike."""
    words = np.ascontiguousarray(steps.T).view(np.uint16)
    return (words & 255).astype(np.uint8).tobytes() + (words >> 8).astype(np.uint8).tobytes()


def bounds(strokes: Strokes) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of all knots."""
    points = np.concatenate(strokes)
    (left, top), (right, bottom) = points.min(0), points.max(0)
    return float(left), float(top), float(right), float(bottom)


def moved(strokes: Strokes, by: tuple[float, float], scale: float = 1.0) -> Strokes:
    """Scaled about the origin, then moved."""
    return tuple((s * scale + np.asarray(by)).astype(np.float32) for s in strokes)
