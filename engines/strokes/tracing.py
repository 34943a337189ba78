"""The lines of a picture as strokes: ink is thinned to the middle of each line, which is followed.

T. Y. Zhang, C. Y. Suen: A fast parallel algorithm for thinning digital patterns. 1984.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import cv2
import numpy as np
import numpy.typing as npt

from engines.strokes.drawings import Stroke, Strokes
from engines.strokes.ink import curve
from engines.strokes.lines import framed, thinned
from engines.strokes.looking import cut_out
from studio.engine import EngineError, Pixels

SIDE_PX = 160
"""The longer side of what is traced."""
TOLERANCE = 0.03
"""How far the strokes may be from the traced lines; the longer side is 1.8 long."""
MOST_KNOTS, MOST_PX, MOST_WAYS = 400, 5000, 160
"""Of a picture that a pen can draw: a photograph has more."""
AHEAD = 6
"""Pixels of a line that tell where it goes."""
STRAIGHT = 0.7
"""Two lines of which each leads to the other are one that was crossed: the cosine at least."""
SPUR = 0.75
"""Of the pen's width: what stands out of a line no further is none."""

Mask = npt.NDArray[np.bool_]
Place = tuple[int, int]
"""Row and column."""
Way = list[Place]

_AROUND = ((-1, 0), (0, 1), (1, 0), (0, -1), (-1, 1), (1, 1), (1, -1), (-1, -1))


def traced(pixels: Pixels) -> Strokes:
    """The lines of a picture, its longer side filling the frame of drawings. Raises `EngineError`
    where it has none, or too many for a pen."""
    cut = cut_out(pixels)
    if cut is None:
        raise EngineError("There are no lines in this picture.")
    scale = SIDE_PX / max(cut.shape)
    size = (max(1, round(cut.shape[1] * scale)), max(1, round(cut.shape[0] * scale)))
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(cut, size, interpolation=kind)
    mask = np.pad(small > 0.35 * small.max(), 2)
    middle = middles(mask)
    inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
    pen_px = max(1.0, 2 * float(np.median(inside[middle])))
    ways = _joined(_without_spurs(_followed(middle), middle, pen_px), mask, pen_px)
    lines = [np.asarray(_smooth(way), np.float64)[:, ::-1] for way in ways]
    if not lines:
        raise EngineError("There are no lines in this picture.")
    placed = framed(tuple(line.astype(np.float32) for line in lines))
    strokes = tuple(_knots(line) for line in placed)
    if sum(map(len, strokes)) > MOST_KNOTS:
        raise EngineError("This picture has too many lines to be drawn by a pen.")
    return strokes


def middles(mask: Mask) -> Mask:
    """What is left of ink, one pixel wide; the outermost pixels have to be paper."""
    ink = mask.astype(np.uint8)
    while True:
        before = ink.sum()
        for last in (0, 1):
            ink[_loose(ink, last)] = 0
        if ink.sum() == before:
            break
    for y, x in np.argwhere(ink):  # what makes steps of slants
        around = [int(ink[y + down, x + right]) for down, right in _ROUND]
        ink[y, x] = sum(around) < 2 or _parts(around) != 1
    return ink.astype(bool)


def _parts(around: list[int]) -> int:
    """How many parts the ink around a pixel falls into without it (S. Yokoi et al. 1973)."""
    paper = [1 - one for one in (*around, *around[:2])]
    return sum(paper[k] - paper[k] * paper[k + 1] * paper[k + 2] for k in (0, 2, 4, 6))


def _loose(ink: npt.NDArray[np.uint8], last: int) -> Mask:
    """Pixels that a side of the ink can lose: Zhang and Suen's conditions (a) to (d)."""
    around = [np.roll(ink, (-y, -x), (0, 1)) for y, x in _ROUND]
    north, _, east, _, south, _, west, _ = around
    count = sum(around[1:], around[0].astype(np.int64))
    turns = sum(((a == 0) & (b == 1)) for a, b in zip(around, [*around[1:], north], strict=True))
    if last:
        free = (north * east * west == 0) & (north * south * west == 0)
    else:
        free = (north * east * south == 0) & (east * south * west == 0)
    return np.asarray((ink == 1) & (count >= 2) & (count <= 6) & (turns == 1) & free)


_ROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def _near(place: Place, among: Iterable[Place] | Mask) -> Iterator[Place]:
    y, x = place
    for down, right in _AROUND:
        there = y + down, x + right
        if among[there] if isinstance(among, np.ndarray) else there in among:
            yield there


def _followed(middle: Mask) -> list[Way]:
    """Each pixel once: from an end where there is one, always as straight on as it goes. Raises
    `EngineError` for more than a pen draws."""
    left = {(int(y), int(x)) for y, x in np.argwhere(middle)}
    beside = {place: sum(1 for _ in _near(place, left)) for place in left}
    ways: list[Way] = []

    def take(place: Place) -> Place:
        left.remove(place)
        for other in _near(place, left):
            beside[other] -= 1
        return place

    while left:
        if len(beside) > MOST_PX or len(ways) > MOST_WAYS:
            raise EngineError("This picture has too many lines to be drawn by a pen.")
        way = [take(min(left, key=lambda p: (beside[p] != 1, p)))]
        while near := list(_near(way[-1], left)):
            ahead = _leads(way)
            way.append(take(max(near, key=lambda p: float(_unit(_step(way[-1], p)) @ ahead))))
        if len(way) > AHEAD and max(abs(way[0][k] - way[-1][k]) for k in (0, 1)) <= 2:
            way.append(way[0])
        ways.append(way)
    return ways


def _step(a: Place, b: Place) -> npt.NDArray[np.float64]:
    return np.subtract(b, a).astype(np.float64)


def _unit(step: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return step / max(float(np.hypot(*step)), 1e-9)


def _leads(way: Way) -> npt.NDArray[np.float64]:
    """Where a way goes at its end."""
    return _unit(_step(way[max(0, len(way) - AHEAD)], way[-1]))


def _without_spurs(ways: list[Way], middle: Mask, pen_px: float) -> list[Way]:
    """Without what is no line of its own."""

    def is_spur(way: Way) -> bool:
        own = set(way)
        touches = any(there not in own for p in (way[0], way[-1]) for there in _near(p, middle))
        return len(way) < SPUR * pen_px and touches

    return [way for way in ways if not is_spur(way)]


def _joined(ways: list[Way], mask: Mask, pen_px: float) -> list[Way]:
    """Two ways whose ends lead to each other through ink are one."""
    while True:
        best, pair = STRAIGHT, None
        ends = [(n, back) for n, way in enumerate(ways) if way[0] != way[-1] for back in (0, 1)]
        for i, (n, a) in enumerate(ends):
            for m, b in ends[i + 1 :]:
                fits = _fit(_turned(ways[n], a), _turned(ways[m], b), mask, pen_px)
                if n != m and fits > best:
                    best, pair = fits, (n, a, m, b)
        if pair is None:
            return ways
        n, a, m, b = pair
        whole = _turned(ways[n], a) + _turned(ways[m], b)[::-1]
        ways = [way for k, way in enumerate(ways) if k not in (n, m)] + [whole]


def _turned(way: Way, back: int) -> Way:
    return way[::-1] if back else way


def _fit(a: Way, b: Way, mask: Mask, pen_px: float) -> float:
    """How well the end of one leads to the end of the other: a cosine."""
    gap = _step(a[-1], b[-1])
    far = float(np.hypot(*gap))
    if far > 2 * pen_px + 2 or min(len(a), len(b)) < 3:
        return -1.0
    between = np.rint(np.linspace(a[-1], b[-1], 8)).astype(int)
    if not mask[between[:, 0], between[:, 1]].all():
        return -1.0
    straight = float(_leads(a) @ -_leads(b))
    if far < 3:
        return straight
    return min(straight, float(_leads(a) @ _unit(gap)), float(_leads(b) @ _unit(-gap)))


def _knots(line: Stroke) -> Stroke:
    """As few as keep the curve through them near to the line."""
    kept = [0]
    for knot in thinned(line.astype(np.float64), TOLERANCE)[1:]:
        kept.append(kept[-1] + int(np.abs(line[kept[-1] :] - knot).sum(1).argmin()))
    while True:
        ends = list(itertools.pairwise(kept))
        drawn = curve(line[kept])
        spans = np.array_split(drawn[:-1], len(ends)) if len(drawn) > len(kept) else []
        missed = [
            (a + b) // 2
            for (a, b), span in zip(ends, spans, strict=False)
            if b - a > 4 and _apart(span, line[a : b + 1]) > TOLERANCE / 2
        ]
        if not missed:
            return line[kept]
        kept = sorted({*kept, *missed})


def _apart(points: Stroke, line: Stroke) -> float:
    """How far the furthest of some points is from a line."""
    away = points[:, None] - line[None]
    return float(np.hypot(away[..., 0], away[..., 1]).min(1).max())


def _smooth(way: Way) -> npt.NDArray[np.float64]:
    """Without the steps of the pixels."""
    line = np.asarray(way, np.float64)
    for _ in range(2):
        if len(line) > 2:
            inner = (line[:-2] + 2 * line[1:-1] + line[2:]) / 4
            line = np.concatenate([line[:1], inner, line[-1:]])
    return line
