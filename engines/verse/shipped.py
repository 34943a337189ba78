"""A trained model to and from a weights file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engines.common.weights import fill, read_weights, write_weights
from engines.verse.lexicon import lexicon
from engines.verse.model import HIDDEN, LATENT, VerseModel
from studio.engine import Atlas, WeightsError

KIND = "verse"
COPIES = "copies"
STEPS = "steps."
POINTS, PLACES = "atlas.points", "atlas.places"


@dataclass(frozen=True)
class Shipped:
    """What a weights file holds."""

    model: VerseModel
    copies: Tensor
    """See `copies.filter_of`."""
    steps: Mapping[str, Tensor] = field(default_factory=dict)
    """(LATENT,) for each direction: from without it to with it."""
    atlas: Atlas | None = None


def write(path: Path, shipped: Shipped, about: Mapping[str, Any]) -> None:
    """Everything that the instrument needs of a trained model, as one safetensors file."""
    tensors = {f"model.{n}": t for n, t in shipped.model.state_dict().items()}
    tensors |= {f"{STEPS}{name}": step for name, step in shipped.steps.items()}
    tensors[COPIES] = shipped.copies
    if shipped.atlas is not None:
        tensors |= {
            POINTS: torch.from_numpy(shipped.atlas.points),
            PLACES: torch.from_numpy(shipped.atlas.places),
        }
    write_weights(path, tensors, {"kind": KIND, "cell": shipped.model.cell, **about})


def read(path: Path) -> Shipped:
    """The model (fp32, on the CPU, in eval mode). Raises `WeightsError`."""
    tensors, about = read_weights(path)
    cell = about.get("cell")
    if about.get("kind") != KIND or cell not in HIDDEN or COPIES not in tensors:
        raise WeightsError(f"The weights file {path.name} is not for this engine.")
    model = VerseModel(cell, len(lexicon().tokens))
    fill(model, tensors, "model.", path)
    steps = {n.removeprefix(STEPS): t for n, t in tensors.items() if n.startswith(STEPS)}
    if any(step.shape != (LATENT,) for step in steps.values()):
        raise WeightsError(f"The weights file {path.name} holds directions of another model.")
    atlas = None
    if POINTS in tensors and PLACES in tensors:
        atlas = Atlas(tensors[POINTS].numpy(), tensors[PLACES].numpy().clip(-1, 1))
    return Shipped(model.eval().requires_grad_(False), tensors[COPIES], steps, atlas)
