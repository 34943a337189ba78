"""A graph at work: a point in, a picture out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.onnx_pictures.description import Description, Input
from studio.engine import Latent, Pixels

Array = NDArray[Any]


class Feeds:
    """What the inputs are given. Noise is drawn once for a seed."""

    def __init__(self, inputs: tuple[Input, ...], *, shrinks: bool = False) -> None:
        self._inputs = inputs
        self._shrinks = shrinks and not any(i.role == "truncation" for i in inputs)
        self._noise: tuple[int, dict[str, Array]] = (-1, {})

    def of(
        self, latent: Latent, seed: int = 0, truncation: float = 1.0, label: int = 0
    ) -> dict[str, Array]:
        """By input. The latent may be flat."""
        point = truncation * latent if self._shrinks else latent
        fed = {}
        for i in self._inputs:
            match i.role:
                case "latent":
                    value: Any = np.reshape(point, i.own_shape)
                case "noise":
                    fed[i.name] = self._noises(seed)[i.name]
                    continue
                case "classes":
                    value = np.arange(i.shape[-1]) == label
                case _:
                    value = {"truncation": truncation, "label": label, "seed": seed}.get(
                        i.role, i.value
                    )
            fed[i.name] = np.ascontiguousarray(np.broadcast_to(value, i.shape).astype(i.kind))
        return fed

    def _noises(self, seed: int) -> dict[str, Array]:
        if self._noise[0] != seed:
            noisy = (i for i in self._inputs if i.role == "noise")
            drawn = {
                i.name: np.random.default_rng((seed, n)).standard_normal(i.shape).astype(i.kind)
                for n, i in enumerate(noisy)
            }
            self._noise = (seed, drawn)
        return self._noise[1]


class Decoder:
    """`session` as a function from a point to pixels."""

    def __init__(self, session: Any, description: Description) -> None:
        self._session = session
        self._description = description
        self._feeds = Feeds(description.inputs, shrinks=description.shrinks)

    def pixels(
        self, latent: Latent, seed: int = 0, truncation: float = 1.0, label: int = 0
    ) -> Pixels:
        """(H, W, 3) uint8. Raises whatever the runtime raises."""
        fed = self._feeds.of(latent, seed, truncation, label)
        (found,) = self._session.run([self._description.output], fed)
        return pixels_of(np.asarray(found), self._description)


def pixels_of(found: Array, told: Description) -> Pixels:
    """An output, of a shape that `told` fits, as (H, W, 3) uint8. What is no number is black."""
    height, width, channels = told.height, told.width, told.channels
    planes = (channels, height, width) if told.order == "NCHW" else (height, width, channels)
    one = found.reshape(-1)[: height * width * channels].reshape(planes)
    if one.dtype != np.uint8 or told.range != (0.0, 255.0):
        low, high = told.range
        values = one.astype(np.float32)
        values -= low
        values *= 255 / (high - low)
        one = np.rint(np.nan_to_num(values, copy=False, nan=0.0).clip(0, 255)).astype(np.uint8)
    if told.order == "NCHW":
        one = one.transpose(1, 2, 0)
    return np.array(np.broadcast_to(one, (height, width, 3)), order="C")
