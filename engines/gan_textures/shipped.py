"""A trained texture model to and from a weights file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engines.common.weights import fill, read_weights, write_weights
from engines.gan_textures import gain, styles
from engines.gan_textures.encoder import Encoder
from engines.gan_textures.gain import BlendGain
from engines.gan_textures.model import Generator, TextureConfig
from engines.gan_textures.styles import Array
from studio.engine import WeightsError

KIND = "gan_textures"
POINTS, PLACES = "space.materials", "atlas.places"


@dataclass(frozen=True)
class Shipped:
    """What a weights file holds."""

    generator: Generator
    encoder: Encoder
    names: tuple[str, ...]
    points: Array
    """(N, latent size), the materials."""
    places: Array
    """(N, 2), where they stand on the map."""
    gain: BlendGain | None = None
    """What blends lack in contrast; None for a model that was never taught it."""

    @property
    def latent_size(self) -> int:
        return int(self.points.shape[1])


def write(path: Path, model: Shipped, about: Mapping[str, Any]) -> None:
    """Everything that the instrument needs of a trained model, as one safetensors file."""
    tensors = {f"generator.{n}": t for n, t in _at_length(model.generator).items()}
    tensors |= {f"encoder.{n}": t for n, t in model.encoder.state_dict().items()}
    tensors |= {POINTS: torch.from_numpy(model.points), PLACES: torch.from_numpy(model.places)}
    tensors |= gain.kept(model.gain)
    config, names = model.generator.config.to_json(), list(model.names)
    write_weights(path, tensors, {"kind": KIND, "config": config, "names": names, **about})


def _at_length(generator: Generator) -> dict[str, Tensor]:
    """The weights with kernels at the length at which they are used, which half precision keeps
    best."""
    state = dict(generator.state_dict())
    for number, layer in enumerate(generator.layers):
        state[f"layers.{number}.weight"] = layer.kernel().detach()  # type: ignore[operator]
    return state


def read(path: Path) -> Shipped:
    """The model (fp32, on the CPU, in eval mode). Raises `WeightsError`."""
    tensors, about = read_weights(path)
    if about.get("kind") != KIND:
        raise WeightsError(f"The weights file {path.name} is not for this engine.")
    try:
        generator = Generator(TextureConfig.from_json(about["config"]))
        names = tuple(str(name) for name in about["names"])
        encoder = Encoder(len(names))
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise WeightsError(f"The weights file {path.name} describes no model.") from error
    fill(generator, tensors, "generator.", path)
    fill(encoder, tensors, "encoder.", path)
    points = _array(tensors, POINTS, (len(names), generator.config.style + styles.COLOURS), path)
    places = _array(tensors, PLACES, (len(names), 2), path)
    made = gain.taken(tensors, generator.config.style, path)
    return Shipped(generator.eval(), encoder.eval(), names, points, places, made)


def _array(tensors: Mapping[str, Tensor], name: str, shape: tuple[int, ...], path: Path) -> Array:
    tensor = tensors.get(name)
    if tensor is None or tensor.shape != shape or not bool(torch.isfinite(tensor).all()):
        raise WeightsError(f"The weights file {path.name} lacks a usable {name}.")
    return np.asarray(tensor.numpy(), np.float32)
