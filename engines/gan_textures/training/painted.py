"""Bright materials painted by formulas, so that nobody's licence is needed; they wrap round.

    python -m engines.gan_textures.training.painted FOLDER

writes one lossless picture of each. Everything is a function of the seed beside its name.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter, laplace, zoom

from engines.gan_textures.measures import SIDE_PX

Plane = NDArray[np.float64]
FINE_PX = 2 * SIDE_PX
"""They are painted at twice the size and reduced, so edges are smooth."""


def _rgb(*colours: str) -> Plane:
    return np.array([[int(c[i : i + 2], 16) / 255 for i in (0, 2, 4)] for c in colours])


def _soft(rng: np.random.Generator, px: float) -> Plane:
    """Noise as coarse as `px`, of deviation 1."""
    field = gaussian_filter(rng.standard_normal((FINE_PX, FINE_PX)), px, mode="wrap")
    return np.asarray((field - field.mean()) / field.std())


def _cells(rng: np.random.Generator, count: int) -> tuple[NDArray[np.intp], Plane, Plane]:
    """Which of `count` cells a pixel is in; how far the two nearest seeds are (Worley, 1996)."""
    side = round(count**0.5)
    grid = np.stack(np.meshgrid(*[np.arange(side)] * 2), -1).reshape(-1, 2) + 0.5
    seeds = (grid + rng.uniform(-0.42, 0.42, grid.shape)) * FINE_PX / side
    y, x = np.mgrid[:FINE_PX, :FINE_PX].astype(np.float64)
    near, next_, owner = (np.full(x.shape, v) for v in (1e9, 1e9, 0))
    for number, (sx, sy) in enumerate(seeds):
        dx, dy = (np.abs(a - s) for a, s in ((x, sx), (y, sy)))
        away = np.hypot(np.minimum(dx, FINE_PX - dx), np.minimum(dy, FINE_PX - dy))
        closer = away < near
        next_ = np.where(closer, near, np.minimum(next_, away))
        owner, near = np.where(closer, number, owner), np.where(closer, away, near)
    return owner.astype(np.intp), near, next_


def _ramp(field: Plane, colours: Plane) -> Plane:
    """A field in 0..1 as colours, straight between evenly spaced stops."""
    stops = np.linspace(0, 1, len(colours))
    return np.stack([np.interp(field, stops, colours[:, c]) for c in range(3)], -1)


def _step(field: Plane, px: float = 1.5) -> Plane:
    return np.asarray(np.clip(field / px + 0.5, 0, 1))


def terrazzo(rng: np.random.Generator) -> Plane:
    """Chips of five colours in pale cement."""
    ground = _rgb("efe6da") + 0.012 * _soft(rng, 1.5)[..., None]
    for count, most in ((900, 9.0), (196, 19.0)):
        owner, near, next_ = _cells(rng, count)
        tints = _rgb("d9593d", "1f6f78", "e8b23a", "27384f", "e99a9a")[rng.integers(0, 5, count)]
        sizes = rng.uniform(0.35, 1.0, count) * most
        inside = np.minimum(next_ - near - 5, sizes[owner] - near)
        share = _step(inside)[..., None]
        ground = ground * (1 - share) + tints[owner] * share
    return ground


def stained_glass(rng: np.random.Generator) -> Plane:
    """Panes between leads, light in their middles."""
    owner, near, next_ = _cells(rng, 121)
    tints = _rgb("c0182b", "0b4fa8", "f2a516", "0e8a55", "6b2a8c", "e8541c", "19a7b8")
    panes = tints[rng.integers(0, len(tints), 121)][owner]
    glow = 0.75 + 0.4 * np.exp(-((near / 24) ** 2)) + 0.06 * _soft(rng, 5)
    return panes * glow[..., None] * _step(next_ - near - 6, 3.0)[..., None]


def coral(rng: np.random.Generator) -> Plane:
    """Branches of a reaction of two substances (Gray and Scott; Pearson, 1993), lit from above."""
    side = FINE_PX // 4
    u, v = np.ones((side, side)), np.zeros((side, side))
    v += rng.random((side, side)) < 0.06
    v = gaussian_filter(v, 1.5, mode="wrap")
    for _ in range(5000):
        eaten = u * v * v
        u += 0.16 * laplace(u, mode="wrap") - eaten + 0.0545 * (1 - u)
        v += 0.08 * laplace(v, mode="wrap") + eaten - (0.0545 + 0.062) * v
    high = zoom(np.tile(v, (3, 3)), 4, order=3)[FINE_PX : 2 * FINE_PX, FINE_PX : 2 * FINE_PX]
    high = np.clip((high - high.min()) / (high.max() - high.min()), 0, 1)
    light = gaussian_filter(np.roll(high, 3, 0) - np.roll(high, -3, 0), 1, mode="wrap")
    tints = _rgb("05283d", "0b4a5c", "e0513f", "ff9a6b", "ffd9b0")
    return np.asarray(_ramp(high, tints) + 0.6 * light[..., None])


def malachite(rng: np.random.Generator) -> Plane:
    """Green bands, wound and frayed."""
    y, x = np.mgrid[:FINE_PX, :FINE_PX] / FINE_PX
    phase = 2 * np.pi * (3 * x + 2 * y) + 1.6 * _soft(rng, 45) + 0.5 * _soft(rng, 14)
    field = 0.5 + 0.5 * np.sin(2 * phase + 0.15 * _soft(rng, 4))
    return _ramp(field**1.5, _rgb("03251d", "0a5a42", "19946b", "5cc79a", "c9f2d8"))


def scales(rng: np.random.Generator) -> Plane:
    """Rows of a fish's scales, from gold to turquoise."""
    across, rows = 8, 16
    y, x = np.mgrid[:FINE_PX, :FINE_PX].astype(np.float64)
    wide, high = FINE_PX / across, FINE_PX / rows
    tints = rng.random((rows, across))
    shade, picked = np.zeros(x.shape), np.zeros(x.shape)
    for back in (1, 0):
        row = np.floor(y / high).astype(int) - back
        shift = 0.5 * wide * (row % 2)
        column = np.floor((x - shift) / wide).astype(int)
        dx = (x - shift) / wide - column - 0.5
        dy = y / high - row
        inside = _step((1.0 - np.hypot(2 * dx, 0.62 * dy)) * 20, 1.5)
        lit = np.clip(
            1.05 - 0.45 * dy + 0.25 * np.exp(-((np.hypot(2 * dx, dy - 0.6)) ** 2) * 4), 0, 1.4
        )
        seen = tints[row % rows, column % across]
        shade, picked = (
            old * (1 - inside) + new * inside for old, new in ((shade, lit), (picked, seen))
        )
    hue = np.clip(0.5 + 0.22 * _soft(rng, 40) + 0.35 * (picked - 0.5), 0, 1)
    return _ramp(hue, _rgb("0d3b66", "138a8a", "62c4a3", "f4d35e", "ee8434")) * shade[..., None]


def confetti(rng: np.random.Generator) -> Plane:
    """Round drops of paint, one over the other."""
    picture = np.broadcast_to(_rgb("fdf4e3")[0], (FINE_PX, FINE_PX, 3)).copy()
    tints = _rgb("ff3b6b", "ffd23f", "3bceac", "0ead69", "540d6e", "1c77c3")
    y, x = np.mgrid[:FINE_PX, :FINE_PX].astype(np.float64)
    for _ in range(420):
        at, radius = rng.uniform(0, FINE_PX, 2), rng.uniform(4, 22)
        away = [np.minimum(d, FINE_PX - d) for d in (np.abs(y - at[0]), np.abs(x - at[1]))]
        share = _step(radius - np.hypot(*away))[..., None]
        picture = picture * (1 - share) + tints[rng.integers(6)] * share
    return picture


def agate(rng: np.random.Generator) -> Plane:
    """Bands round many middles."""
    field = _soft(rng, 34) + 0.25 * _soft(rng, 10)
    bands = (field * 2.2) % 1.0
    bands = np.minimum(bands / 0.85, (1 - bands) / 0.15)
    tints = _rgb("2b0a3d", "7a1f6b", "d1478c", "f9a36b", "fff0cf")
    return _ramp(np.clip(bands, 0, 1), tints) + 0.02 * _soft(rng, 1.5)[..., None]


PAINTERS: dict[str, tuple[Callable[[np.random.Generator], Plane], int]] = {
    "terrazzo": (terrazzo, 1),
    "stained-glass": (stained_glass, 2),
    "coral": (coral, 3),
    "malachite": (malachite, 4),
    "scales": (scales, 5),
    "confetti": (confetti, 6),
    "agate": (agate, 7),
}


def painted(name: str) -> Image.Image:
    """The material `name`, SIDE_PX wide and high, RGB."""
    paint, seed = PAINTERS[name]
    fine = np.clip(paint(np.random.default_rng(seed)), 0, 1)
    halved = fine.reshape(SIDE_PX, 2, SIDE_PX, 2, 3).mean((1, 3))
    return Image.fromarray((255 * halved).round().astype(np.uint8))


if __name__ == "__main__":
    for each in PAINTERS:
        painted(each).save(Path(sys.argv[1]) / f"{each}.webp", lossless=True, quality=100, method=6)
