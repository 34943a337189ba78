"""The model to and from a weights file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from engines.common.weights import fill, read_weights, write_weights
from engines.lstm_melodies.model import Melodist, MelodyConfig
from engines.lstm_melodies.stepping import Floats
from studio.engine import WeightsError

KIND = "lstm_melodies"
PREFIX, DIRECTION = "melodist.", "direction."


def write(
    path: Path,
    melodist: Melodist,
    about: Mapping[str, Any],
    directions: Mapping[str, Floats] | None = None,
) -> None:
    """Everything that the instrument needs of a trained model, as one safetensors file.

    `directions` are steps (latent,) by name.
    """
    tensors = {PREFIX + name: tensor for name, tensor in melodist.state_dict().items()}
    for name, step in (directions or {}).items():
        tensors[DIRECTION + name] = torch.from_numpy(step)
    config = melodist.config.to_json()
    write_weights(path, tensors, {"kind": KIND, "config": config, "about": dict(about)})


def read(path: Path) -> Melodist:
    """The model (fp32, on the CPU, in eval mode). Raises `WeightsError`."""
    tensors, about = read_weights(path)
    if about.get("kind") != KIND:
        raise WeightsError(f"The weights file {path.name} is not for this engine.")
    try:
        melodist = Melodist(MelodyConfig.from_json(about["config"]))
    except (KeyError, TypeError, ValueError, RuntimeError, AttributeError) as error:
        raise WeightsError(f"The weights file {path.name} describes no model.") from error
    fill(melodist, tensors, PREFIX, path)
    return melodist.eval()


def directions(path: Path, latent_size: int) -> dict[str, Floats]:
    """The steps (latent_size,) by name. Raises `WeightsError`."""
    tensors, _ = read_weights(path)
    steps = {
        name.removeprefix(DIRECTION): tensor.numpy()
        for name, tensor in tensors.items()
        if name.startswith(DIRECTION)
    }
    if any(step.shape != (latent_size,) for step in steps.values()):
        raise WeightsError(f"The weights file {path.name} has directions of another size.")
    return steps
