"""The inker: draws a decoder's picture again as flat colours under ink lines.

A decoder that gives pixels smears where it is unsure: half-way between two heads of hair it shows
both as ghosts. One that says for each place *how far it is from an edge* has an edge wherever it
is unsure, only not at either head's place: distances half-way between two shapes are those of a
shape. (Letterforms are drawn so here; for 3-D shapes see Park et al., "DeepSDF", 2019.) And since
distances are smooth they can be enlarged: the picture is as sharp at 1024 px as at 128.

So for drawings in flat colours under lines of one width. The decoder's coarsest features, which are
all but linear in the point, go through levels of its own kind, and become for each *fill* the
distance to its edge, and for the ink another. Which fill is the furthest inside is seen. Lines
between fills follow from the fills (see `InkerConfig.lined`), so outlines close in every blend;
learnt ink adds what borders nothing: pupils, brows, strands of hair.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common.weights import fill, read_weights, write_weights
from engines.vae_images.model import Decoder, Vae, VaeConfig, fold_norms
from engines.vae_images.sharpener_file import fingerprint
from studio.engine import WeightsError

FLAT = 0.05
"""Of a cell: where distances differ by less and nowhere more, there is no border."""
_log = logging.getLogger(__name__)

KIND = "vae_images.inker"
FINER = 2
"""Cells of the ink's grid along one of the fills'."""


@dataclass(frozen=True, slots=True)
class InkerConfig:
    """Everything that fixes the shape of an inker; stored beside its weights."""

    colours: tuple[tuple[float, float, float] | None, ...]
    """Of each fill, RGB in 0..1; None for those whose colour depends on the point."""
    lined: tuple[bool, ...]
    """For each fill, whether a line runs where it meets another such."""
    line_px: float
    """How wide such a line is, in cells of the fills' grid."""
    reaches: tuple[float, ...]
    """For each fill the distance that 1 stands for, in such cells: none is told from further."""
    ink_reach: float
    hidden: int = 96
    """Of the layer that reads colours off a point."""

    def __post_init__(self) -> None:
        if not len(self.colours) == len(self.lined) == len(self.reaches) or sum(self.lined) < 2:
            raise ValueError("Every fill needs its colour, its reach and whether it is lined.")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> InkerConfig:
        """Raises TypeError or ValueError for fields that make no inker."""
        told = dict(fields)
        told["colours"] = tuple(None if c is None else tuple(c) for c in fields["colours"])
        told |= {name: tuple(fields[name]) for name in ("lined", "reaches")}
        return cls(**told)


class Inker(nn.Module):
    """For one decoder; it begins with that one's own levels."""

    def __init__(self, config: InkerConfig, decoder: VaeConfig) -> None:
        super().__init__()
        self.config, self.spread, self.size_px = config, decoder.out_shuffle, decoder.size_px
        self.fills = len(config.colours)
        self.levels = Decoder(decoder).finer_levels
        last = decoder.decoder_channels[-1]
        self.shapes = nn.Conv2d(last, (self.fills + FINER**2) * self.spread**2, 3, padding=1)
        own = [n for n, colour in enumerate(config.colours) if colour is None]
        self.palette = nn.Sequential(
            nn.Linear(decoder.latent_size, config.hidden),
            nn.SiLU(),
            nn.Linear(config.hidden, 3 * len(own)),
        )
        # No buffers: half precision would be seen in colours.
        self.fixed = [list(c or (0.5, 0.5, 0.5)) for c in config.colours]
        self.own = torch.eye(self.fills)[:, own].tolist()

    def forward(self, features: Tensor) -> Tensor:
        """A decoder's first features (see `Decoder.first_features`) -> all distances
        (B, F + 4, S, S) float32 in reaches: each fill's, and the ink's, of whose cells 2 x 2 lie in
        one of theirs. Positive inside."""
        shapes = self.shapes(self.levels(features)).float()
        return F.pixel_shuffle(shapes, self.spread)

    def colours(self, met: Tensor) -> Tensor:
        """The fills' colours (B, F, 3), about 0..1, at what a decoder meets (B, L)."""
        own = self.palette(met).float().unflatten(1, (-1, 3))
        return own.new_tensor(self.fixed) + own.new_tensor(self.own) @ own

    def begin_like(self, decoder: Decoder) -> None:
        """Take over a decoder's levels."""
        self.levels.load_state_dict(decoder.finer_levels.state_dict())

    def picture(self, distances: Tensor, colours: Tensor, size_px: int) -> Tensor:
        """The picture (B, 3, size, size), 0..1, of what `forward` and `colours` give.

        Small ones are composed on the fills' grid, larger ones on the ink's, twice as fine, and
        enlarged from there: no more than four channels, and 35 dB from a true drawing of 512 px.
        """
        fills, ink = distances.split([self.fills, FINER**2], 1)
        fills = fills * fills.new_tensor(self.config.reaches)[:, None, None]
        ink = FINER * self.config.ink_reach * F.pixel_shuffle(ink, FINER)
        side = self.size_px if size_px <= self.size_px else FINER * self.size_px
        grid = FINER * self.size_px
        if side == grid:
            fills = _enlarged(fills, grid, "bicubic")
        # The steeper the closer to the edge of one cell that pixels cut.
        seen = torch.softmax(2 * side / self.size_px * fills, 1)
        flat = torch.einsum("bfhw,bfc->bchw", seen, colours)
        lines = FINER * self._lines(fills, self.size_px / side)
        ink = torch.maximum(ink, lines if side == grid else _enlarged(lines, grid, "bilinear"))
        if size_px > grid:
            flat, ink = _enlarged(flat, size_px, "bilinear"), _enlarged(ink, size_px, "bicubic")
        bare = (0.5 - max(1.0, size_px / grid) * ink).clamp(0, 1)
        return flat * (F.avg_pool2d(bare, grid // size_px) if size_px < grid else bare)

    def _lines(self, fills: Tensor, cell: float) -> Tensor:
        """The distance (B, 1, G, G), in cells, to the lines between lined fills: what the second
        furthest inside is behind the first, by how steep that is; and none within another fill.
        `cell` is that of
        their grid."""
        apart = zip(fills.unbind(1), self.config.lined, strict=True)
        lined, others = [], []
        for distance, has_line in apart:
            (lined if has_line else others).append(distance)
        first, second = torch.maximum(*lined[:2]), torch.minimum(*lined[:2])
        for distance in lined[2:]:
            second = torch.maximum(second, torch.minimum(first, distance))
            first = torch.maximum(first, distance)
        behind = first - second
        slope = _slope(behind.detach()) / cell
        line = 0.5 * self.config.line_px - (behind + FLAT) / slope.clamp(min=FLAT)
        for other in others:
            line = torch.minimum(line, 0.5 * self.config.line_px + first - other)
        return line[:, None]


def _slope(distances: Tensor) -> Tensor:
    """How steep (B, G, G) is in a cell, to the steeper side: (B, G, G). Of true distances, 1 or,
    of one less another, 2; where a blend is unsure, less, and a line would be as much too wide."""
    across = distances.diff(dim=2).abs()
    down = distances.diff(dim=1).abs()
    across = torch.maximum(F.pad(across, (1, 0)), F.pad(across, (0, 1)))
    down = torch.maximum(F.pad(down, (0, 0, 1, 0)), F.pad(down, (0, 0, 0, 1)))
    return torch.hypot(across, down)


def _enlarged(tensor: Tensor, side: int, how: str) -> Tensor:
    return F.interpolate(tensor, (side, side), mode=how, align_corners=False)


def path_beside(weights: Path) -> Path:
    """Where the inker of the model in `weights` lies, if it has one."""
    return weights.with_name(f"{weights.stem}-inker{weights.suffix}")


def write(path: Path, inker: Inker, made_for: str, about: Mapping[str, Any]) -> None:
    """Write it, its norms folded, for the decoder with the fingerprint `made_for`."""
    fold_norms(inker)
    config = inker.config.to_json()
    described = {"kind": KIND, "config": config, "made_for": made_for, "about": dict(about)}
    write_weights(path, inker.state_dict(), described, eight_bits="levels.")


def of(weights: Path, vae: Vae) -> Inker | None:
    """The inker (fp32, on the CPU, its norms folded) of the model `vae` (fp32, not yet folded) that
    was read from `weights`.

    None where there is none or it was made for another decoder: pictures are then the decoder's
    own. Raises `WeightsError` for a damaged file.
    """
    path = path_beside(weights)
    if not path.exists():
        return None
    tensors, about = read_weights(path)
    if about.get("kind") != KIND:
        raise WeightsError(f"The weights file {path.name} is no inker.")
    if about.get("made_for") != fingerprint(vae):
        _log.warning("%s was made for another model than %s.", path.name, weights.name)
        return None
    try:
        inker = Inker(InkerConfig.from_json(about["config"]), vae.config)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise WeightsError(f"The weights file {path.name} describes no inker.") from error
    fold_norms(inker)
    fill(inker, tensors, "", path)
    return inker.requires_grad_(False)
