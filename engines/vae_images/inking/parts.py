"""The parts that an inker draws with: of each kind of hair, eyes ... what is where, as distances.

A part is drawn in layers; of each kind of a layer its *shapes* are known, one for each fill that is
seen in it, and its ink: how far every cell is from the edge, positive inside, up to a reach beyond
which it does not matter. They are kept as bytes, in the box where there is anything to tell, and
all of them are one xz stream in the weights file: 2.2 MB become 0.4.
"""

from __future__ import annotations

import lzma
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

FINER = 2
"""Cells of the ink's grid along one of the fills': a line is finer than a fill."""
INK = -1
"""The number of the ink, beside those of the fills."""

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class KnownLayer:
    """One layer; what no kind has a shape for, it does not show."""

    name: str
    kinds: int
    """How many there are, "none" included where a face may go without."""
    ink_near: float
    """How far from its fills its ink may lie, in cells: where two kinds are mixed, what one alone
    has ends sooner than the line round it. 0 for ink that needs no fill beside it."""
    shapes: Mapping[tuple[int, int], Bytes]
    """By kind and fill (or `INK`): (S, S) or, the ink's, (2 S, 2 S) bytes (see `packed_distances`).
    """


@dataclass(frozen=True, slots=True)
class Parts:
    """All of a style's."""

    size_px: int
    """Of the fills' grid."""
    reaches: tuple[float, ...]
    """For each fill, how far its distances are told, in cells."""
    ink_reach: float
    layers: tuple[KnownLayer, ...]
    """The lowest first."""

    def reach(self, number: int) -> float:
        """Of a fill or the ink."""
        return self.ink_reach if number == INK else self.reaches[number]

    def to_json(self) -> dict[str, Any]:
        """All but the bytes: where each box lies, in the order of `packed`."""
        layers = [
            {
                "name": layer.name,
                "kinds": layer.kinds,
                "ink_near": layer.ink_near,
                "shapes": [[*key, *_box(shape)] for key, shape in layer.shapes.items()],
            }
            for layer in self.layers
        ]
        return {
            "size_px": self.size_px,
            "reaches": list(self.reaches),
            "ink_reach": self.ink_reach,
            "layers": layers,
        }

    def packed(self) -> Tensor:
        """All boxes, one after the other, as an xz stream: (N,) uint8."""
        shapes = (shape for layer in self.layers for shape in layer.shapes.values())
        boxes = b"".join(shape[_slices(_box(shape))].tobytes() for shape in shapes)
        return torch.frombuffer(bytearray(lzma.compress(boxes, preset=9)), dtype=torch.uint8)

    @classmethod
    def unpacked(cls, fields: Mapping[str, Any], stream: Tensor) -> Parts:
        """Raises KeyError, TypeError or ValueError for what is no such thing."""
        size_px, reaches = int(fields["size_px"]), tuple(float(r) for r in fields["reaches"])
        try:
            bytes_ = np.frombuffer(
                lzma.decompress(stream.to(torch.uint8).numpy().tobytes()), np.uint8
            )
        except lzma.LZMAError as error:
            raise ValueError("The parts are damaged.") from error
        layers, begins = [], 0
        for layer in fields["layers"]:
            shapes = {}
            for kind, number, *box in layer["shapes"]:
                side = size_px * (FINER if number == INK else 1)
                whole = np.zeros((side, side), np.uint8)
                into = whole[_slices(box)]
                ends = begins + into.size
                into[...] = bytes_[begins:ends].reshape(into.shape)
                begins, shapes[int(kind), int(number)] = ends, whole
            kinds, near = int(layer["kinds"]), float(layer["ink_near"])
            layers.append(KnownLayer(str(layer["name"]), kinds, near, shapes))
        return cls(size_px, reaches, float(fields["ink_reach"]), tuple(layers))


class Layer(nn.Module):
    """Shares (B, K) of the kinds of a layer -> its shapes, by the fills' numbers (B, S, S), and its
    ink (B, 2 S, 2 S), all float32 in cells of the fills' grid."""

    def __init__(self, layer: KnownLayer, known: Parts) -> None:
        super().__init__()
        numbers = sorted({number for _, number in layer.shapes})
        self._kinds: dict[int, list[int]] = {}
        self._reach = {number: known.reach(number) for number in [INK, *numbers]}
        self._side = known.size_px
        for number in numbers:
            shapes = {kind: s for (kind, n), s in layer.shapes.items() if n == number}
            self._kinds[number] = list(shapes)
            distances = torch.from_numpy(np.stack(list(shapes.values())))
            # Half precision is relative, so at an edge it is as good as any.
            stored = unpacked_distances(distances).flatten(1).bfloat16()
            self.register_buffer(f"shape{number}", stored, persistent=False)

    def forward(self, shares: Tensor) -> tuple[dict[int, Tensor], Tensor]:
        mixed = {number: self._mixed(number, shares) for number in self._kinds}
        ink = mixed.pop(INK, None)
        if ink is None:
            side = FINER * self._side
            ink = shares.new_full((1, side, side), -self._reach[INK])
        return mixed, ink

    def _mixed(self, number: int, shares: Tensor) -> Tensor:
        """Kinds without the shape are as far outside of it as is told."""
        stored: Tensor = getattr(self, f"shape{number}")
        there = shares[:, self._kinds[number]]
        side = self._side * (FINER if number == INK else 1)
        mixed = (there.to(stored.dtype) @ stored).float() - (1 - there.sum(1, keepdim=True))
        cells: Tensor = self._reach[number] * mixed.unflatten(1, (side, side))
        return cells


def packed_distances(shares: NDArray[np.floating[Any]]) -> Bytes:
    """Distances as shares of their reach -> bytes, 127.5 at an edge. Roots are kept: near an edge a
    step is a thousandth of a pixel, far from all a seventh."""
    roots = np.sign(shares) * np.sqrt(np.abs(np.clip(shares, -1, 1)))
    return np.asarray(np.rint(127.5 + 127.5 * roots), np.uint8)


def unpacked_distances(bytes_: Tensor) -> Tensor:
    """The same back: float32 in -1..1."""
    roots = bytes_.float().div(127.5).sub(1)
    return roots * roots.abs()


def _box(shape: Bytes) -> list[int]:
    """Top, bottom, left and right of what a shape (S, S) tells."""
    rows, columns = (np.flatnonzero(shape.any(axis)) for axis in (1, 0))
    if not len(rows):
        return [0, 0, 0, 0]
    return [int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1]


def _slices(box: list[int]) -> tuple[slice, slice]:
    top, bottom, left, right = box
    return slice(top, bottom), slice(left, right)
