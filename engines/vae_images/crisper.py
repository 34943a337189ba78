"""The crisper: a small map that moves a blend's point to where the decoder draws clear pictures.

Half-way between two unlike pictures lie points that no picture was ever encoded to, and a decoder
smears there. The map moves such points a little and leaves the points of real pictures alone. It
knows nothing of the ends, only the point, so it serves pads, morphs and walks alike; and it costs
three matrix products beside a decoder's hundreds of convolutions.

Its weights lie beside the model's in a file of their own, as a sharpener's do.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common.weights import fill, read_weights, write_weights
from engines.vae_images.latent_space import Array
from engines.vae_images.model import Vae
from engines.vae_images.sharpener_file import fingerprint
from studio.engine import WeightsError

_log = logging.getLogger(__name__)

KIND = "vae_images.crisper"
WIDTH = 384


class Crisper(nn.Module):
    """White points (B, L) -> white points (B, L) whose pictures are clear. Begins as identity."""

    def __init__(self, latent_size: int, width: int = WIDTH) -> None:
        super().__init__()
        self.first = nn.Linear(latent_size, width)
        self.second = nn.Linear(width, width)
        self.last = nn.Linear(width, latent_size)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, white: Tensor) -> Tensor:
        met = F.silu(self.first(white))
        moved: Tensor = white + self.last(met + F.silu(self.second(met)))
        return moved

    @torch.inference_mode()
    def at(self, white: Array, amount: float = 1.0) -> Array:
        """Points (..., L) moved by `amount`, from 0 (not at all) to 1 (fully)."""
        moved: Array = self(torch.from_numpy(white)).numpy()
        return white + amount * (moved - white) if amount < 1 else moved


def path_beside(weights: Path) -> Path:
    """Where the crisper of the model in `weights` lies, if it has one."""
    return weights.with_name(f"{weights.stem}-crisper{weights.suffix}")


def write(path: Path, crisper: Crisper, made_for: str, about: Mapping[str, Any]) -> None:
    """Write it for the decoder with the fingerprint `made_for`."""
    shape = [crisper.first.in_features, crisper.first.out_features]
    described = {"kind": KIND, "shape": shape, "made_for": made_for, "about": dict(about)}
    write_weights(path, crisper.state_dict(), described)


def of(weights: Path, vae: Vae) -> Crisper | None:
    """The crisper (fp32, on the CPU) of the model `vae` (fp32, not yet folded) from `weights`.

    None where there is none or it was made for another decoder: blends are then plain. Raises
    `WeightsError` for a damaged file.
    """
    path = path_beside(weights)
    if not path.exists():
        return None
    tensors, about = read_weights(path)
    if about.get("kind") != KIND:
        raise WeightsError(f"The weights file {path.name} is no crisper.")
    if about.get("made_for") != fingerprint(vae):
        _log.warning("%s was made for another model than %s.", path.name, weights.name)
        return None
    try:
        crisper = Crisper(*about["shape"])
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise WeightsError(f"The weights file {path.name} describes no crisper.") from error
    fill(crisper, tensors, "", path)
    return crisper.eval().requires_grad_(False)
