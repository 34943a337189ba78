"""What a blend of unlike materials lacks in contrast, and gets back.

Half-way between two patterns much of both averages out: over 60 random pairs such a picture had
0.75 of the contrast that its ends have on the mean (the least 0.40). A small network that has seen
many blends says how much is missing from the pattern alone, so a picture changes no more than its
pattern does, and every tile and every place gets what its own pattern needs.

It comes in a model's weights file, or beside it in a file of its own, so that a model whose presets
are in the world stays the same to the last bit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from engines.common.weights import fill, read_weights, write_weights
from engines.gan_textures.styles import Array
from studio.engine import WeightsError

KIND = "gan_textures.gain"
PREFIX = "gain."
"""Of its tensors in a weights file."""
LEAST, MOST = 0.8, 3.0
"""No picture's contrast is changed by more, however far out its pattern lies."""
WIDTH = 64


class BlendGain(nn.Module):
    """Patterns (N, style) -> logarithms of gains (N, 1)."""

    def __init__(self, style: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(style, WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH), nn.SiLU()
        )
        self.out = nn.Linear(WIDTH, 1)
        nn.init.zeros_(self.out.weight)  # before it has learnt anything it changes nothing
        nn.init.zeros_(self.out.bias)

    def forward(self, patterns: Tensor) -> Tensor:
        logs: Tensor = self.out(self.layers(patterns))
        return logs

    @torch.inference_mode()
    def gains(self, patterns: Array) -> Array:
        """(N, style) -> (N, 1) float32, `LEAST` to `MOST`: by what the contrast is multiplied."""
        logs = self(torch.from_numpy(np.asarray(patterns, np.float32)))
        found: Array = logs.clamp(math.log(LEAST), math.log(MOST)).exp().numpy()
        return found


def taken(tensors: Mapping[str, Tensor], style: int, path: Path) -> BlendGain | None:
    """The one among the tensors of the file `path`, for patterns of `style` numbers; None where
    there is none. Raises `WeightsError`."""
    if not any(name.startswith(PREFIX) for name in tensors):
        return None
    gain = BlendGain(style)
    fill(gain, tensors, PREFIX, path)
    return gain.requires_grad_(False).eval()


def kept(gain: BlendGain | None) -> dict[str, Tensor]:
    """What a weights file holds of it."""
    state = {} if gain is None else gain.state_dict()
    return {f"{PREFIX}{name}": tensor for name, tensor in state.items()}


def path_beside(weights: Path) -> Path:
    """Where the gain of the model in `weights` lies, if it has one of its own."""
    return weights.with_name(f"{weights.stem}-gain{weights.suffix}")


def write_beside(weights: Path, gain: BlendGain) -> None:
    """Write the file beside `weights`."""
    write_weights(path_beside(weights), kept(gain), {"kind": KIND})


def beside(weights: Path, style: int) -> BlendGain | None:
    """The one in the file beside `weights`. Raises `WeightsError` for a damaged file."""
    path = path_beside(weights)
    if not path.exists():
        return None
    tensors, about = read_weights(path)
    if about.get("kind") != KIND:
        raise WeightsError(f"The weights file {path.name} is no gain.")
    return taken(tensors, style, path)
