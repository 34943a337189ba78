"""A network's weights at several steps of its training, to be scrubbed through.

They are kept as bytes, each tensor between its least and its largest number: a quarter of the size
of half precision would be seen, a half is not.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

MOMENTS = (0.0, 0.002, 0.005, 0.012, 0.025, 0.05, 0.1, 0.2, 0.4, 0.7)
"""Shares of the training: most happens early."""


def shares(count: int) -> npt.NDArray[np.float64]:
    """How much of the training was done at `count` places from 0 to 1 of the control."""
    places = np.linspace(0, len(MOMENTS), count)
    return np.interp(places, np.arange(len(MOMENTS) + 1), [*MOMENTS, 1.0])


class Strip(nn.Module):
    """The weights of `network` at each of the `MOMENTS`; those of its end are its own."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.names = {_flat(n): n for n, t in network.state_dict().items() if _moves(t)}
        own = network.state_dict()
        for flat, name in self.names.items():
            shape = (len(MOMENTS), *own[name].shape)
            self.register_buffer(flat, torch.zeros(shape, dtype=torch.uint8))
            self.register_buffer(f"{flat}__range", torch.zeros(len(MOMENTS), 2))
        self.taken: Tensor
        self.register_buffer("taken", torch.zeros((), dtype=torch.int64))

    @torch.no_grad()
    def watch(self, network: nn.Module, progress: float) -> None:
        """Keep the weights if the next moment has come."""
        while (at := int(self.taken)) < len(MOMENTS) and progress >= MOMENTS[at]:
            own = network.state_dict()
            for flat, name in self.names.items():
                low, high = own[name].min(), own[name].max()
                getattr(self, f"{flat}__range")[at] = torch.stack([low, high])
                scaled = (own[name] - low) / (high - low).clamp_min(1e-12)
                getattr(self, flat)[at] = (255 * scaled).round().to(torch.uint8)
            self.taken += 1

    def at(self, position: float, network: nn.Module) -> Mapping[str, Tensor]:
        """The weights at a position, 0..1: between two moments, between their weights."""
        place = max(0.0, min(1.0, position)) * len(MOMENTS)
        before, share = int(place), place % 1
        first = self._moment(before, network)
        if share == 0:
            return first
        after = self._moment(before + 1, network)
        return {name: torch.lerp(tensor, after[name], share) for name, tensor in first.items()}

    def _moment(self, number: int, network: nn.Module) -> Mapping[str, Tensor]:
        if number >= len(MOMENTS):
            own = network.state_dict()
            return {name: own[name] for name in self.names.values()}
        return {name: self._read(flat, number) for flat, name in self.names.items()}

    def _read(self, flat: str, number: int) -> Tensor:
        low, high = getattr(self, f"{flat}__range")[number]
        return low + getattr(self, flat)[number].float() / 255 * (high - low)  # type: ignore[no-any-return]


def _flat(name: str) -> str:
    return name.replace(".", "__")


def _moves(tensor: Tensor) -> bool:
    return tensor.is_floating_point()
