"""A trained page to and from a weights file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engines.common.weights import fill, read_weights, write_weights
from engines.digits.gallery.page import Page
from engines.digits.gallery.pages import PAGES
from engines.digits.strip import Strip
from studio.engine import Atlas, WeightsError

KIND = "digits"
LOSSES = "losses."
POINTS, PLACES = "atlas.points", "atlas.places"


@dataclass(frozen=True)
class Shipped:
    """What a weights file holds."""

    page: Page
    strip: Strip
    losses: Mapping[str, Tensor]
    """(curves.POINTS,) each, along the strip."""
    atlas: Atlas | None = None


def write(path: Path, model: str, shipped: Shipped, about: Mapping[str, Any]) -> None:
    """Everything that the instrument needs of a trained model, as one safetensors file."""
    without_teachers(shipped.page)
    tensors = {f"page.{n}": t for n, t in shipped.page.state_dict().items()}
    tensors |= {f"strip.{n}": t for n, t in shipped.strip.state_dict().items()}
    tensors |= {f"{LOSSES}{name}": loss for name, loss in shipped.losses.items()}
    if shipped.atlas is not None:
        tensors |= {
            POINTS: torch.from_numpy(shipped.atlas.points),
            PLACES: torch.from_numpy(shipped.atlas.places),
        }
    write_weights(path, tensors, {"kind": KIND, "page": model, **about})


def read(path: Path) -> Shipped:
    """The model (fp32, on the CPU, in eval mode). Raises `WeightsError`."""
    tensors, about = read_weights(path)
    make = PAGES.get(str(about.get("page")))
    if about.get("kind") != KIND or make is None:
        raise WeightsError(f"The weights file {path.name} is not for this engine.")
    page = without_teachers(make())
    fill(page, tensors, "page.", path)
    strip = Strip(getattr(page, page.strip))
    fill(strip, tensors, "strip.", path)
    losses = {n.removeprefix(LOSSES): t for n, t in tensors.items() if n.startswith(LOSSES)}
    return Shipped(page.eval().requires_grad_(False), strip, losses, _atlas(tensors, page, path))


def without_teachers(page: Page) -> Page:
    """The page without what only its training needs."""
    for name in page.teachers:
        if hasattr(page, name):
            delattr(page, name)
    return page


def _atlas(tensors: Mapping[str, Tensor], page: Page, path: Path) -> Atlas | None:
    if POINTS not in tensors or PLACES not in tensors:
        return None
    points, places = (_array(tensors[name]) for name in (POINTS, PLACES))
    if points.shape != (len(points), page.latent_size) or places.shape != (len(points), 2):
        raise WeightsError(f"The weights file {path.name} holds a map of another model.")
    return Atlas(points, places.clip(-1, 1))


def _array(tensor: torch.Tensor) -> npt.NDArray[np.float32]:
    return np.asarray(tensor.numpy(), np.float32)
