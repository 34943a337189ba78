"""Lines for pen plotters: SVG in millimetres, each line one path, in an order that spares way.

For every engine that draws with a pen: what its `outline` returns is made here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio.document.parameters import Float

Line = NDArray[np.float32]
"""(N, 2) in 0..1: x to the right, y down; N is at least 1."""
Colour = tuple[int, int, int]

SIDE_MM = Float(
    name="side",
    label="Side",
    low=10.0,
    high=1000.0,
    default=148.0,
    curve="log",
    decimals=0,
    unit="mm",
    help="How long the outline's longer side is on paper; a plotter draws it at that size.",
)
"""Of an outline; the width of A5 unless another is asked for."""


def plotted(lines: Sequence[Line], width: float, colours: tuple[Colour, Colour]) -> str:
    """An SVG document: lines of a `width` (of the side) in the first of two colours. The second,
    the paper's, is not drawn: a plotter would fill it."""
    side = SIDE_MM.default
    ink = "#{:02x}{:02x}{:02x}".format(*colours[0])
    paths = "\n".join(f'<path d="{_path(side * line)}"/>' for line in ordered(lines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side:g}mm" height="{side:g}mm" '
        f'viewBox="0 0 {side:g} {side:g}">\n<g fill="none" stroke="{ink}" '
        f'stroke-width="{side * width:.3f}" stroke-linecap="round" stroke-linejoin="round">\n'
        f"{paths}\n</g>\n</svg>\n"
    )


def sized(svg: str, side_mm: float) -> str:
    """The same outline so many millimetres wide (its longer side, where they differ)."""
    head = re.search(r"<svg\b[^>]*>", svg)
    box = re.search(r'viewBox="([^"]+)"', head[0]) if head else None
    if head is None or box is None:
        return svg
    _, _, wide, high = map(float, box[1].replace(",", " ").split())
    scale = side_mm / max(wide, high)
    bare = re.sub(r'\s(?:width|height)="[^"]*"', "", head[0])
    size = f'<svg width="{wide * scale:g}mm" height="{high * scale:g}mm"'
    return svg.replace(head[0], bare.replace("<svg", size, 1), 1)


def ordered(lines: Sequence[Line]) -> list[Line]:
    """The same lines, each begun at the end that is nearer to the pen, the nearest next; then
    turned round in runs while that shortens the way in the air (G. Croes: A method for solving
    traveling-salesman problems. 1958, 2-opt)."""
    left = list(lines)
    pen = np.zeros(2)
    route: list[Line] = []
    while left:
        starts = np.asarray([line[0] for line in left]) - pen
        ends = np.asarray([line[-1] for line in left]) - pen
        away = np.stack([np.hypot(*starts.T), np.hypot(*ends.T)])
        turned, nearest = divmod(int(away.argmin()), len(left))
        line = left.pop(nearest)
        route.append(line[::-1] if turned else line)
        pen = route[-1][-1]
    return _untangled(route)


def travel(lines: Sequence[Line]) -> float:
    """How far the pen goes in the air, from the corner (0, 0) on."""
    pens = np.asarray([np.zeros(2), *(line[-1] for line in lines[:-1])])
    away = np.asarray([line[0] for line in lines]) - pens
    return float(np.hypot(away[:, 0], away[:, 1]).sum())


_ROUNDS, _MOST = 20, 400


def _untangled(route: list[Line]) -> list[Line]:
    if len(route) > _MOST:
        return route
    for _ in range(_ROUNDS):
        better = False
        for i in range(len(route)):
            before = route[i - 1][-1] if i else np.zeros(2)
            for j in range(i, len(route)):
                after = route[j + 1][0] if j + 1 < len(route) else None
                now, then = _far(before, route[i][0]), _far(before, route[j][-1])
                if after is not None:
                    now += _far(route[j][-1], after)
                    then += _far(route[i][0], after)
                if then < now - 1e-9:
                    route[i : j + 1] = [line[::-1] for line in reversed(route[i : j + 1])]
                    better = True
        if not better:
            break
    return route


def _far(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(np.hypot(a[0] - b[0], a[1] - b[1]))


def _path(line: Line) -> str:
    points = [f"{x:.2f} {y:.2f}" for x, y in (line if len(line) > 1 else np.repeat(line, 2, 0))]
    return f"M{points[0]}L{' '.join(points[1:])}"
