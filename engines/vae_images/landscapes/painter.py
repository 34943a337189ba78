"""A decoder that is a formula: a landscape from numbers, at any size, by torch.

A scene is a row of numbers, each normally distributed (`FREEDOMS`), and everything in it follows
them smoothly: nothing appears at once, it rises, fades or comes in from outside the frame. So
half-way between two rows is a landscape again. What one sees is few large shapes with clean
edges, painted from back to front; inside them everything is smooth.

Distances are in widths of the picture, y grows downwards from the top. What belongs to a place is
(B, S, S), or less where it depends on the row or the column alone; a colour (B, 3, 1, 1) or more.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.vae_images.landscapes import palettes

MOUNTAINS, CLOUDS, TREES = 3, 2, 3
STARS = 96
WAVES = (0.6, 1.3, 2.3)
"""Waves across the picture that make a line of hills, each a cosine and a sine."""

FREEDOMS = (
    "day", "warmth", "storm", "haze", "mist", "water", "horizon",
    "sun_x", "sun_height", "sun_size",
    "relief", "snow",
    *(f"peak_{part}_{i}" for i in range(MOUNTAINS) for part in ("x", "height", "width")),
    *(f"cloud_{part}_{i}" for i in range(CLOUDS) for part in ("x", "y", "size")),
    *(f"{hills}_{i}" for hills in ("hills", "shore") for i in range(2 * len(WAVES))),
    "bank", "bank_tilt", "bank_bend",
    "trees",
    *(f"tree_{part}_{i}" for i in range(TREES) for part in ("x", "height")),
)  # fmt: skip
"""What each number of a scene is."""

OPERATIONS = 700
"""About as many to paint a pixel."""

ADDED = 4
"""Pixels along a cell of what an own picture adds (see `LandscapePainter.draw`)."""


class LandscapePainter(nn.Module):
    """Scenes (B, L) -> pictures (B, 3, S, S) in 0..1; called like a `model.Decoder`, but nothing in
    it is learnt."""

    dtype = torch.float32
    """What its numbers have to be: in half of that a slow pan would jerk."""

    def __init__(self, size_px: int, added_px: int = 0) -> None:
        """Pictures `size_px` wide; what is added is for those of `added_px` (0: as wide)."""
        super().__init__()
        self.size_px, self.added_px = size_px, added_px or size_px

    def forward(self, latents: Tensor, conditions: Tensor | None = None) -> Tensor:
        return self.draw(self.meet(latents, conditions))

    def meet(self, latents: Tensor, conditions: Tensor | None = None) -> Tensor:  # noqa: ARG002
        """The scenes as they are: there are no conditions."""
        return latents.float()

    def draw(self, met: Tensor, added: Sequence[Tensor] = ()) -> Tensor:
        """Pictures (B, 3, S, S) of what `meet` gave. `added` (1, 3 A², G, G), where there is one,
        is laid upon them: A x A pixels a cell."""
        painted = _Canvas(met, self.size_px).painted()
        for cells in added:
            more = F.pixel_shuffle(cells.to(painted), ADDED)
            if self.added_px != self.size_px:
                more = F.interpolate(more, size=self.size_px, mode="bilinear")
            painted = painted + more
        return painted


class _Canvas:
    """The pictures of some scenes (B, L)."""

    def __init__(self, scenes: Tensor, size_px: int) -> None:
        columns = scenes[:, :, None, None].unbind(1)
        self.u = dict(zip(FREEDOMS, columns, strict=True))
        day, warmth, storm = scenes[:, :3].unbind(1)
        palette = palettes.colours(0.25 + 1.2 * day, 0.95 * warmth, storm - 0.4)
        self.colour = {role: c[:, :, None, None] for role, c in palette.items()}
        self.px = 1 / size_px
        middle = (torch.arange(size_px, device=scenes.device, dtype=scenes.dtype) + 0.5) * self.px
        self.x, self.seen_y = middle[None, None, :], middle[None, :, None]
        self.horizon = between(self.u["horizon"], 0.5, 0.68)
        self.level = self.horizon + 0.02 + 0.55 * between(-self.u["water"], 0, 1).square()
        self.under = ((self.seen_y - self.level) / self.px + 0.5).clamp(0, 1)
        # A square root has no slope at nought, and refining needs one.
        self.depth = (self.seen_y - self.level).clamp(min=1e-6)
        self.ripple = 2 * math.pi * self.depth.sqrt()
        # What lies above the water is painted where it is seen in it as well, mirrored.
        self.y = self.seen_y - 2 * self.depth * (1 + 0.025 * torch.sin(7 * self.ripple))
        self.mist = between(self.u["mist"], 0.0, 0.95)
        self.haze = between(self.u["haze"], 0.05, 0.85)
        self.sun_x = between(self.u["sun_x"], 0.12, 0.88)
        self.sun_y = self.horizon - 0.06 - between(self.u["sun_height"], -0.08, 0.42)
        self.near_sun = torch.exp(-(self.x - self.sun_x).abs() / 0.3)

    def painted(self) -> Tensor:
        """All of it: (B, 3, S, S)."""
        self.picture = self.sky()
        self.stars()
        for i in range(CLOUDS):
            self.cloud(i)
        for i in (0, 2, 1):
            self.mountain(i)
        self.hills()
        self.water()
        self.bank()
        self.trees()
        return self.graded()

    def over(self, alpha: Tensor, colour: Tensor) -> None:
        """Lay a colour over the picture where `alpha` is."""
        self.picture = _mix(self.picture, colour, alpha)

    def edge(self, inside: Tensor, slope: Tensor | float = 0.0) -> Tensor:
        """How much of a pixel lies inside, 0..1, where `inside` is the height above an edge."""
        return (inside / (self.px * (1 + slope * slope) ** 0.5) + 0.5).clamp(0, 1)

    def sky(self) -> Tensor:
        c = self.colour
        up = (self.horizon - self.y) / self.horizon
        sky = _mix(c["sky"], c["zenith"], _smooth(up, 0.25, 1.1))
        sky = _mix(sky, c["horizon"], torch.exp(-up.clamp(min=0) / 0.22))
        far = (self.x - self.sun_x).square() + (self.y - self.sun_y).square()
        radius = (far + 1e-8).sqrt()
        sky = _mix(sky, c["glow"], 0.75 * torch.exp(-radius / 0.16))
        disc = self.edge(between(self.u["sun_size"], 0.03, 0.1) - radius)
        bright = 0.5 * torch.exp(-radius / 0.05)
        return _mix(sky, c["disc"], bright + disc * (1 - bright))

    def stars(self) -> None:
        """Always the same ones, seen as far as the sky is dark. They lie evenly, by Roberts's R2
        sequence (2018)."""
        dark = _smooth(0.2 - self.colour["zenith"].mean(1), 0.0, 0.15)
        count = torch.arange(1, STARS + 1, device=self.x.device, dtype=self.x.dtype)
        bright = 0.2 + 0.8 * torch.remainder(0.618 * count, 1) ** 3
        radius = max(0.002, 0.7 * self.px)
        rows, columns = (
            torch.exp(-((line.flatten()[:, None] - place) / radius).square())
            for line, place in (
                (self.seen_y, 0.5 * torch.remainder(0.5698402910 * count, 1)),
                (self.x, torch.remainder(0.7548776662 * count, 1)),
            )
        )
        seen = (rows * (bright * (0.002 / radius) ** 2)) @ columns.T
        fade = _smooth(0.52 - self.seen_y, 0.0, 0.3)
        self.over(dark * fade * seen, self.colour["disc"])

    def cloud(self, i: int) -> None:
        c = self.colour
        size = between(self.u[f"cloud_size_{i}"], -0.2, 1.0).clamp(min=0)
        across = (self.x - between(self.u[f"cloud_x_{i}"], -0.1, 1.1)) / (0.2 + 0.3 * size)
        bulge = 1 + 0.3 * torch.sin(6 * across + 2 * i) + 0.18 * torch.sin(13 * across + i)
        top = 0.085 * size * torch.exp(-1.6 * across * across) * bulge
        rise = between(self.u[f"cloud_y_{i}"], 0.05, 0.4) - self.y
        alpha = _smooth(top - rise, 0, 0.014) * _smooth(rise, -0.07, 0.02)
        alpha = alpha * (0.8 * _smooth(top, 0.0, 0.03))
        shade, light = 0.7 * c["sky"] + 0.3 * c["far"], 0.45 * c["disc"] + 0.55 * c["glow"]
        self.over(alpha, _mix(shade, light, (rise / 0.08).clamp(0, 1)))

    def mountain(self, i: int) -> None:
        c = self.colour
        where = (i + 0.5) / MOUNTAINS + 0.13 * self.u[f"peak_x_{i}"]
        height = between(self.u[f"peak_height_{i}"], 0.35, 1.1)
        height = height * between(self.u["relief"], 0.12, 0.45)
        width = height * between(self.u[f"peak_width_{i}"], 0.7, 1.5)
        across = (self.x - where) / width
        far = across.abs()
        jag = 0.05 * _zigzag(2.3 * across + 0.3 * i) * far.clamp(max=1)
        rise = self.horizon + 0.02 - self.y
        alpha = self.edge(height * (torch.exp(-1.05 * far) + jag) - rise, 1.05 * height / width)
        down = (1 - rise / height).clamp(min=0)
        side = torch.tanh((self.sun_x - where) / 0.12)
        crease = across + side * (0.1 * _zigzag(3.1 * down + 0.4) + 0.25 * down) * down
        lit = 0.5 + 0.5 * side * torch.tanh(crease * width / (1.2 * self.px))
        line = between(self.u["snow"], -0.35, 0.75)
        line = line + 0.05 * _zigzag(1.4 * across + 0.2) + 0.035 * _zigzag(3.1 * across)
        snow = self.edge((line - down) * height)
        dark, bright = 0.5 * (c["far"] + c["near"]), 0.35 * c["far"] + 0.65 * c["lit"]
        white = 0.7 * c["lit"] + 0.3
        shaded = c["far"] + 0.4 * (white - c["far"])
        face = _mix(_mix(dark, bright, lit), _mix(shaded, white, lit), snow)
        air = (0.1 if i == 1 else 0.2) + 0.4 * self.haze
        foot = air + (1 - air) * self.mist * _smooth(down, 0.35, 1.05)
        self.over(alpha, _mix(face, c["horizon"], foot * (1 - 0.5 * snow * (1 - down))))

    def hills(self) -> None:
        """Two lines of hills; the second is the shore, or a plain where no water is."""
        c = self.colour
        wooded = 0.45 * c["far"] + 0.55 * c["near"]
        line = self.horizon + 0.015 - 0.04 * (1 + self.waves("hills"))
        self.hill(line, wooded, 0.45 * self.haze, 0.85 * self.mist)
        line = self.horizon + 0.06 - 0.03 * (1 + self.waves("shore"))
        plain = _mix(c["near"], c["front"], _smooth(self.y - line, 0.0, 0.6))
        self.hill(line, plain, 0.15 * self.haze, 0.5 * self.mist)

    def hill(self, line: Tensor, land: Tensor, air: Tensor, mist: Tensor) -> None:
        inside = self.y - line
        shine = 0.2 * self.near_sun * torch.exp(-inside.clamp(min=0) / 0.06)
        low = mist * _smooth(inside, 0.0, 0.2) * torch.exp(-(inside - 0.2).clamp(min=0) / 0.4)
        land = _mix(land, self.colour["lit"], shine)
        land = _mix(land, self.colour["horizon"], air + (1 - air) * low)
        self.over(self.edge(inside, 0.3), land)

    def waves(self, name: str) -> Tensor:
        """The line of some hills, about -2..2: (B, 1, S)."""
        total = torch.zeros_like(self.x)
        for k, often in enumerate(WAVES):
            turn = 2 * math.pi * often * self.x
            cosine, sine = (self.u[f"{name}_{2 * k + part}"] for part in (0, 1))
            total = total + (cosine * torch.cos(turn) + sine * torch.sin(turn)) / often
        return total

    def water(self) -> None:
        c = self.colour
        deep = (self.depth / 0.45).clamp(0, 1)
        self.over(self.under * (0.22 + 0.5 * deep), c["water"])
        column = torch.exp(-((self.x - self.sun_x) / (0.035 + 0.25 * self.depth)).square())
        streak = 0.55 + 0.45 * torch.sin(10 * self.ripple)
        seen = _smooth(self.horizon - self.sun_y, -0.1, 0.12) * torch.exp(-self.depth / 0.25)
        self.over(column * (0.55 * self.under * seen * streak), c["glow"])
        line = torch.exp(-((self.seen_y - self.level) / 0.006).square())
        self.over(0.5 * line, c["horizon"])

    def bank_line(self, x: Tensor) -> Tensor:
        """Where the ground in front begins at `x`."""
        off = x - 0.5
        tilt, bend = 0.16 * self.u["bank_tilt"], 0.22 * self.u["bank_bend"]
        return between(self.u["bank"], 0.76, 1.12) + tilt * off + bend * (off * off - 0.08)

    def bank(self) -> None:
        c = self.colour
        inside = self.seen_y - self.bank_line(self.x)
        shine = 0.4 * self.near_sun * torch.exp(-inside.clamp(min=0) / 0.03)
        self.over(self.edge(inside, 0.2), _mix(c["front"], c["near"], shine))

    def trees(self) -> None:
        alpha = self.tree(0)
        for i in range(1, TREES):
            alpha = torch.maximum(alpha, self.tree(i))
        self.over(alpha, self.colour["front"])

    def tree(self, i: int) -> Tensor:
        where = (0.12, 0.86, 0.27)[i] + 0.09 * self.u[f"tree_x_{i}"]
        grown = between(self.u["trees"], -0.25, 0.45) + (0.0, -0.02, -0.1)[i]
        height = (grown + 0.12 * self.u[f"tree_height_{i}"]).clamp(min=0)
        foot = self.bank_line(where).clamp(max=1.05) + 0.01
        down = (self.seen_y - (foot - height)) / height.clamp(min=1e-3)
        half = 0.2 * height * down.clamp(0, 0.93) * (0.72 + 0.28 * torch.remainder(6 * down, 1))
        aside = (self.x - where).abs()
        grows = _smooth(height, 0.0, 0.04)
        crown = self.edge(half - aside, 0.2) * (grows * ((down > 0) & (down < 0.94)))
        trunk = self.edge(0.012 * height + 0.002 - aside) * (grows * ((down > 0.5) & (down < 1)))
        return torch.maximum(crown, trunk)

    def graded(self) -> Tensor:
        """The pictures in 0..1 with richer colours and more between light and dark."""
        grey = self.picture.mean(1, keepdim=True)
        rich = torch.lerp(grey, self.picture, 1.15).clamp(0, 1)
        return rich * (0.7 + rich * (0.9 - 0.6 * rich)) + self.dither()

    def dither(self) -> Tensor:
        """Up to half a step of eight bits either way, so that no dark sky has bands: interleaved
        gradient noise (Jimenez, "Next Generation Post Processing in Call of Duty", 2014)."""
        across, down = self.x / self.px, self.seen_y / self.px
        mixed = torch.remainder(0.06711056 * across + 0.00583715 * down, 1)
        return (torch.remainder(52.9829189 * mixed, 1) - 0.5)[:, None] / 255


def between(number: Tensor, low: float, high: float) -> Tensor:
    """From `low` to `high`, evenly distributed where `number` is normally (to a hundredth)."""
    return low + (high - low) * torch.sigmoid(1.702 * number)


def _mix(first: Tensor, second: Tensor, share: Tensor) -> Tensor:
    """From one colour to another by a share of each place."""
    return torch.lerp(first, second, share[:, None])


def _smooth(value: Tensor, low: float, high: float) -> Tensor:
    """From 0 at `low` to 1 at `high`, flat at both."""
    share = ((value - low) / (high - low)).clamp(0, 1)
    return share * share * (3 - 2 * share)


def _zigzag(value: Tensor) -> Tensor:
    """A wave of straight lines between -1 and 1, of period 1."""
    return 4 * (torch.remainder(value, 1) - 0.5).abs() - 1
