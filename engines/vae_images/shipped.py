"""A model and its latent space to and from a weights file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engines.common.weights import fill, read_weights, write_weights
from engines.vae_images.latent_space import Array, Kernels, LatentSpace
from engines.vae_images.model import Vae, VaeConfig
from studio.engine import WeightsError

KIND = "vae_images"
DIRECTION = "direction."
PLACES, LINES = "atlas.places", "letters.lines"
EIGHT_BITS = "vae."


def write(path: Path, vae: Vae, space: LatentSpace, about: Mapping[str, Any]) -> None:
    """Everything that the instrument needs of a trained model, as one safetensors file."""
    tensors = {f"vae.{n}": t for n, t in vae.state_dict().items() if t.is_floating_point()}
    arrays = {
        "space.centre": space.centre,
        "space.axes": space.axes,
        "density.points": space.density.points,
        "density.width": np.array([space.density.width], np.float32),
    } | {DIRECTION + name: vector for name, vector in space.directions.items()}
    if len(space.lines):
        arrays[LINES] = space.lines
    if space.places is not None:
        tensors |= map_tensors(space.places)
    tensors |= {name: torch.from_numpy(array) for name, array in arrays.items()}
    config = vae.config.to_json()
    write_weights(path, tensors, {"kind": KIND, "config": config, "about": dict(about)}, EIGHT_BITS)


def map_tensors(places: Array) -> dict[str, Tensor]:
    """What a weights file holds of a map."""
    return {PLACES: torch.from_numpy(places)}


def read(path: Path) -> tuple[Vae, LatentSpace]:
    """The model (fp32, on the CPU, in eval mode) and its space. Raises `WeightsError`."""
    tensors, about = read_weights(path)
    if about.get("kind") != KIND:
        raise WeightsError(f"The weights file {path.name} is not for this engine.")
    try:
        vae = Vae(VaeConfig.from_json(about["config"]))
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise WeightsError(f"The weights file {path.name} describes no model.") from error
    # Batch norm's counter of batches is an integer that only training reads.
    counters = {f"vae.{n}": t for n, t in vae.state_dict().items() if not t.is_floating_point()}
    fill(vae, tensors | counters, "vae.", path)
    return vae.eval(), _space(tensors, vae.config, path)


def _space(tensors: Mapping[str, Tensor], config: VaeConfig, path: Path) -> LatentSpace:
    size = config.latent_size

    def array(name: str, *shape: int) -> Any:
        tensor = tensors.get(name)
        if tensor is None or tensor.shape != shape:
            raise WeightsError(f"The weights file {path.name} lacks a usable {name}.")
        return tensor.numpy()

    found = tensors.get("density.points")
    kernels = 0 if found is None else len(found)
    width = float(array("density.width", 1)[0])
    density = Kernels(array("density.points", kernels, size), min(1.0, max(0.0, width)))
    named = [n for n in tensors if n.startswith(DIRECTION)]
    directions = {n.removeprefix(DIRECTION): array(n, size) for n in sorted(named)}
    centre, axes = array("space.centre", size), array("space.axes", size, size)
    places = array(PLACES, kernels, 2) if PLACES in tensors else None
    lines = (
        array(LINES, config.conditions, 2) if config.conditions else np.zeros((0, 2), np.float32)
    )
    return LatentSpace(centre, axes, density, directions, places, lines)
