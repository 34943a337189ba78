"""The inker: draws a model's picture again, as flat colours under ink lines.

A decoder of pixels smears where it is unsure: half-way between two heads of hair it shows both as
ghosts. This one is a formula for drawings that are put together of known parts. A small network
reads off the point what a face wears, as shares: of each layer (the hair, the eyes, the mouth) how
much of every kind there is. What is mixed by these shares is no pixels but the parts' *distances*
(see `parts`): half-way between two shapes they are those of a shape, with an edge as clean as
theirs. The layers are laid over each other as distances too, and since these are smooth the picture
can be enlarged: it is as sharp at 1024 px as at 128.

Outlines follow from the fills: where two *lined* ones meet there is a line (see `InkerConfig`), so
they close in every blend; the parts' own ink adds what borders nothing, as pupils and strands.
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
from engines.vae_images.inking import parts
from engines.vae_images.inking.parts import FINER, Parts
from engines.vae_images.model import Vae
from engines.vae_images.sharpener_file import fingerprint
from studio.engine import WeightsError

_log = logging.getLogger(__name__)

KIND = "vae_images.inker"
PARTS = "parts"
"""The tensor that holds them in the weights file."""
MIXED = 0.3
"""What the largest share of a layer lacks to 1 where its own ink no longer counts as whole."""
FLAT = 0.05
"""Of a cell: where distances differ by less and nowhere more, there is no border."""


@dataclass(frozen=True, slots=True)
class InkerConfig:
    """Everything that fixes the shape of an inker; stored beside its weights."""

    latent_size: int
    colours: tuple[tuple[float, float, float] | None, ...]
    """Of each fill, RGB in 0..1; None for those whose colour depends on the point. The first fill
    is the paper, which is everywhere."""
    lined: tuple[bool, ...]
    """For each fill, whether a line runs where it meets another such."""
    line_px: float
    """How wide such a line is, in cells of the fills' grid."""
    decided: float = 24.0
    """How decidedly shares are taken at the most: to this power, so that the larger count more."""
    hidden: int = 320

    def __post_init__(self) -> None:
        if len(self.colours) != len(self.lined) or sum(self.lined) < 2 or not self.lined[0]:
            raise ValueError("Every fill needs its colour and whether it is lined.")

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> InkerConfig:
        """Raises TypeError, KeyError or ValueError for fields that make no inker."""
        told = dict(fields)
        told["colours"] = tuple(None if c is None else tuple(c) for c in fields["colours"])
        told["lined"] = tuple(fields["lined"])
        return cls(**told)


class Inker(nn.Module):
    """White points (B, L) float32 -> pictures (`drawn`), by what is read off them (`read`)."""

    def __init__(self, config: InkerConfig, known: Parts) -> None:
        super().__init__()
        self.config, self.size_px = config, known.size_px
        self.reaches, self.ink_reach = known.reaches, known.ink_reach
        if len(known.reaches) != len(config.colours):
            raise ValueError("The parts have other fills than the inker.")
        self.layers = nn.ModuleList(parts.Layer(layer, known) for layer in known.layers)
        self.kinds = [layer.kinds for layer in known.layers]
        self.near = [layer.ink_near for layer in known.layers]
        own = [n for n, colour in enumerate(config.colours) if colour is None]
        wide = config.latent_size, config.hidden
        self.reader = nn.ModuleDict(
            {"kinds": _network(*wide, sum(self.kinds)), "colours": _network(*wide, 3 * len(own))}
        )
        """Two, since kinds are learnt from blends as well, and colours from faces alone."""
        self._fixed = [list(c or (0.5, 0.5, 0.5)) for c in config.colours]
        self._own = torch.eye(len(config.colours))[:, own].tolist()

    def read(self, white: Tensor) -> tuple[list[Tensor], Tensor]:
        """What is read off white points (B, L): for each layer its kinds' shares as logarithms, but
        for a constant (B, K), and the fills' colours (B, F, 3), about 0..1."""
        kinds, own = self.reader["kinds"](white), self.reader["colours"](white)
        fixed, places = own.new_tensor(self._fixed), own.new_tensor(self._own)
        return list(kinds.split(self.kinds, 1)), fixed + places @ own.unflatten(1, (-1, 3))

    def drawn(self, white: Tensor, decided: Tensor, size_px: int) -> Tensor:
        """The pictures (B, 3, size, size), 0..1, at white points (B, L). `decided` (1, 1) is from
        0, where shapes change steadily from one to the next, to 1, where each is one or the other
        but for a moment."""
        shares, colours = self.decided(white, decided)
        return self.picture(*self.laid(shares), colours, size_px)

    def decided(self, white: Tensor, decided: Tensor) -> tuple[list[Tensor], Tensor]:
        """The shares (B, K) of each layer's kinds, and the fills' colours (B, F, 3)."""
        kinds, colours = self.read(white)
        power = self.config.decided**decided
        return [torch.softmax(power * k, 1) for k in kinds], colours

    def laid(self, shares: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """All layers over each other, of which there are such shares (B, K): the fills' distances
        (B, F, S, S) and the ink's (B, 1, 2 S, 2 S), in cells of the fills' grid, positive inside;
        and how far some layer is from being of one kind, (B, 1, 1, 1) in 0..1."""
        side = self.size_px
        blank = (0 * shares[0][:, :1, None] + 1).expand(-1, side, side)
        fills = [blank * reach * (1 if n == 0 else -1) for n, reach in enumerate(self.reaches)]
        ink = blank.new_full((1, FINER * side, FINER * side), -self.ink_reach)
        for layer, share, near in zip(self.layers, shares, self.near, strict=True):
            shapes, lines = layer(share)
            if shapes:
                cover = torch.stack(list(shapes.values())).amax(0)
                fills = [torch.minimum(distance, -cover) for distance in fills]
                for number, shape in shapes.items():
                    fills[number] = torch.maximum(fills[number], shape)
                cover = _enlarged(cover[:, None], FINER * side, "bilinear")[:, 0]
                ink = torch.minimum(ink, -cover)
                if near:
                    lines = torch.minimum(lines, cover + near)
            ink = torch.maximum(ink, lines)
        one_kind = torch.stack([share.amax(1) for share in shares]).amin(0)
        mixed = ((1 - one_kind) / MIXED).clamp(0, 1)[:, None, None, None]
        return torch.stack(fills, 1), ink[:, None], mixed

    def picture(
        self, fills: Tensor, ink: Tensor, mixed: Tensor, colours: Tensor, size_px: int
    ) -> Tensor:
        """The picture (B, 3, size, size), 0..1, of what `laid` gives and colours (B, F, 3).

        Small ones are composed on the fills' grid, larger ones on the ink's, twice as fine, and
        enlarged from there: no more than four channels, and 35 dB from a true drawing of 512 px.
        """
        grid = FINER * self.size_px
        if size_px > self.size_px:
            fills, ink = self.whole(fills, ink, mixed)
        else:
            lines = _enlarged(self._lines(fills, mixed, 1.0), grid, "bilinear")
            ink = FINER * torch.maximum(ink, lines)
        # As steep as the edge of one cell that pixels cut.
        cells = grid / self.size_px if size_px > self.size_px else 1.0
        seen = torch.softmax(2 * cells * fills, 1)
        flat = torch.einsum("bfhw,bfc->bchw", seen, colours)
        if size_px > grid:
            flat, ink = _enlarged(flat, size_px, "bilinear"), _enlarged(ink, size_px, "bicubic")
        bare = (0.5 - max(1.0, size_px / grid) * ink).clamp(0, 1)
        return flat * (F.avg_pool2d(bare, grid // size_px) if size_px < grid else bare)

    def whole(self, fills: Tensor, ink: Tensor, mixed: Tensor) -> tuple[Tensor, Tensor]:
        """What `laid` gives on the finer grid: the fills' distances (B, F, 2 S, 2 S), in cells of
        their own, and those of all ink, with the lines between fills, (B, 1, 2 S, 2 S) in finer
        ones."""
        fills = _enlarged(fills, FINER * self.size_px, "bicubic")
        return fills, FINER * torch.maximum(ink, self._lines(fills, mixed, 1 / FINER))

    def _lines(self, fills: Tensor, mixed: Tensor, cell: float) -> Tensor:
        """The distance (B, 1, G, G), in cells, to the lines between lined fills: what the second
        furthest inside is behind the first, by how steep that is; and none within another fill.
        `cell` is that of their grid. What is of one kind has lines enough, and better ones."""
        apart = list(zip(fills.unbind(1), self.config.lined, strict=True))
        lined = [distance for distance, has_line in apart if has_line]
        others = [distance for distance, has_line in apart if not has_line]
        first, second = torch.maximum(*lined[:2]), torch.minimum(*lined[:2])
        for distance in lined[2:]:
            second = torch.maximum(second, torch.minimum(first, distance))
            first = torch.maximum(first, distance)
        behind = first - second
        slope = _slope(behind) / cell
        line = 0.5 * self.config.line_px - (behind + FLAT) / slope.clamp(min=FLAT)
        for other in others:
            line = torch.minimum(line, 0.5 * self.config.line_px + first - other)
        return line[:, None] - (1 - mixed)


def _network(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    first, second = nn.Linear(inputs, hidden), nn.Linear(hidden, hidden)
    return nn.Sequential(first, nn.SiLU(), second, nn.SiLU(), nn.Linear(hidden, outputs))


def _slope(distances: Tensor) -> Tensor:
    """How steep (B, G, G) is in a cell, to the steeper side: (B, G, G). Of true distances, 1 or, of
    one less another, 2; of mixed ones less, and a line would be as much too wide."""
    across, down = distances.diff(dim=2).abs(), distances.diff(dim=1).abs()
    across = torch.maximum(F.pad(across, (1, 0)), F.pad(across, (0, 1)))
    down = torch.maximum(F.pad(down, (0, 0, 1, 0)), F.pad(down, (0, 0, 0, 1)))
    return torch.hypot(across, down)


def _enlarged(tensor: Tensor, side: int, how: str) -> Tensor:
    return F.interpolate(tensor, (side, side), mode=how, align_corners=False)


def path_beside(weights: Path) -> Path:
    """Where the inker of the model in `weights` lies, if it has one."""
    return weights.with_name(f"{weights.stem}-inker{weights.suffix}")


def write(path: Path, inker: Inker, known: Parts, made_for: str, about: Mapping[str, Any]) -> None:
    """Write it and the parts that it draws with, for the decoder with the print `made_for`."""
    described = {
        "kind": KIND,
        "config": inker.config.to_json(),
        "parts": known.to_json(),
        "made_for": made_for,
        "about": dict(about),
    }
    tensors = {PARTS: known.packed(), **inker.reader.state_dict()}
    write_weights(path, tensors, described)


def of(weights: Path, vae: Vae) -> Inker | None:
    """The inker (fp32, on the CPU) of the model `vae` (fp32, not yet folded) that was read from
    `weights`.

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
        known = Parts.unpacked(about["parts"], tensors.pop(PARTS))
        inker = Inker(InkerConfig.from_json(about["config"]), known)
    except (KeyError, IndexError, TypeError, ValueError, RuntimeError) as error:
        raise WeightsError(f"The weights file {path.name} describes no inker.") from error
    fill(inker.reader, tensors, "", path)
    return inker.requires_grad_(False).eval()
