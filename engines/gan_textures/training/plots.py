"""The losses of a run as a picture, drawn with what is installed anyway."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from engines.common.training import LOG

SIZE_PX, MARGIN_PX = (900, 420), 48
CURVES = {"critic": "#e0a458", "verdict": "#7fb3d5", "statistics": "#9bc995"}
"""The critic's loss, the generator's before the critic, and how far its statistics are off."""
PAPER, INK = "#16181d", "#c8ccd4"


def write(run: Path) -> Path | None:
    """`losses.png` beside the log of `run`; None where nothing was logged."""
    path = run / LOG
    if not path.exists():
        return None
    lines = path.read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines if line.strip()]
    drawn = draw({name: [(e["step"], e[name]) for e in entries if name in e] for name in CURVES})
    drawn.save(run / "losses.png")
    return run / "losses.png"


def draw(curves: dict[str, Sequence[tuple[float, float]]]) -> Image.Image:
    """Each curve's (step, value), smoothed, on one pair of axes."""
    smooth = {name: _smoothed(points) for name, points in curves.items() if len(points) > 1}
    picture = Image.new("RGB", SIZE_PX, PAPER)
    pen = ImageDraw.Draw(picture)
    if not smooth:
        return picture
    points = np.concatenate(list(smooth.values()))
    low, high = points.min(0), points.max(0)
    span = np.maximum(high - low, 1e-9)
    for number, (name, curve) in enumerate(smooth.items()):
        places = (curve - low) / span
        width, height = (side - 2 * MARGIN_PX for side in SIZE_PX)
        xy = [(MARGIN_PX + width * x, MARGIN_PX + height * (1 - y)) for x, y in places.tolist()]
        pen.line(xy, CURVES[name], 2)
        pen.text((MARGIN_PX + 120 * number, 14), name, CURVES[name])
    pen.text((8, MARGIN_PX), f"{high[1]:.2f}", INK)
    pen.text((8, SIZE_PX[1] - MARGIN_PX), f"{low[1]:.2f}", INK)
    pen.text((SIZE_PX[0] - 120, SIZE_PX[1] - 30), f"{int(high[0])} steps", INK)
    return picture


def _smoothed(points: Sequence[tuple[float, float]]) -> np.ndarray:
    """Every point the mean of its neighbours, about a fiftieth of the curve."""
    steps, values = np.array(points, float).T
    reach = max(1, len(values) // 50)
    padded = np.pad(values, reach, mode="edge")
    mean = np.convolve(padded, np.ones(2 * reach + 1) / (2 * reach + 1), "valid")
    return np.stack([steps, mean], 1)
