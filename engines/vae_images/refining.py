"""Nearer to an artist's picture than the encoder's guess: by the point, and beyond all points.

*Refining* takes gradient steps on the white point. The encoder answers at once for any picture and
exactly for none (the amortisation gap; Cremer et al., "Inference Suboptimality in Variational
Autoencoders", 2018). A few dozen steps of Adam (Kingma & Ba, 2015) through the decoder that is
loaded already close much of that gap.

What no point of the model shows, an *own picture* does: something is added to the features with
which the decoder's coarser levels begin, at the picture's own point all of it and less the further
one goes. The weights stay, so every other picture is what it was. (To tune the decoder's weights
instead, as Roich et al. do in "Pivotal Tuning", 2021, would take a decoder for each picture.) Added
to features rather than pixels, it is drawn by the layers that follow, and fades like a shape.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from engines.common.optimisers import Adam
from engines.vae_images.base_art import Art, Look
from engines.vae_images.model import VaeConfig
from studio.engine import EngineError, Latent

RATE = 0.12
PULL = 2e-5
"""What a squared unit of the point costs: enough to keep it among points that are drawn well."""
BETAS = (0.8, 0.95)


class Refining:
    """One search. `step` moves on; `best` is the best point so far."""

    def __init__(self, art: Art, look: Look, start: Latent, steps: int) -> None:
        self._art, self._look, self._steps = art, look, steps
        device = art.placement.device
        self._point = torch.from_numpy(np.array(start, np.float32)).to(device)
        self._centre = torch.from_numpy(art.space.centre).to(device)
        self._axes = torch.from_numpy(art.space.axes).to(device)
        self._mean = torch.zeros_like(self._point)
        self._square = torch.zeros_like(self._point)
        self._done = 0
        self._best, self._least = self._point, math.inf

    @property
    def best(self) -> Latent:
        """The point with the smallest loss of those that were tried: (L,) float32."""
        return np.array(self._best.cpu().numpy(), np.float32)

    def step(self) -> None:
        """One picture there and back. Not under `inference_mode`: it needs gradients."""
        with torch.enable_grad():
            point = self._point.requires_grad_()
            loss = self._loss(point)
            (slope,) = torch.autograd.grad(loss, point)
        point = point.detach()
        if (now := float(loss.detach())) < self._least:
            self._best, self._least = point, now
        self._done += 1
        self._mean = torch.lerp(self._mean, slope, 1 - BETAS[0])
        self._square = torch.lerp(self._square, slope.square(), 1 - BETAS[1])
        mean = self._mean / (1 - BETAS[0] ** self._done)
        square = self._square / (1 - BETAS[1] ** self._done)
        rate = RATE * 0.5 * (1 + math.cos(math.pi * min(1.0, self._done / self._steps)))
        self._point = point - rate * mean / (square.sqrt() + 1e-10)

    def _loss(self, point: Tensor) -> Tensor:
        latent = (self._centre + point @ self._axes).to(self._art.vae.decoder.dtype)
        look = self._look
        drawn = self._art.vae.decoder(latent.expand(len(look.pictures), -1), look.conditions)
        return self._art.error(drawn.float(), look.pictures) + PULL * point.square().mean()


OWN_RATE = 0.1
OWN_ENOUGH_DB = 34.0
"""A picture that has come as near as this is left at that."""
OWN_SIDE = 32
"""Cells of the finest grid that is added to. In 100 steps, the mean of a few: with 16 cells emoji
on the portraits' model come to 32 dB and photographs to 25, with 32 to 36 and 29; 64 would double
the file."""

OWN_BARES = 3.0
"""No ink is left where a third of an own picture is seen."""
FADES = (0.5, 3.0)
"""The powers of the share at which the coarsest and the finest grid are added."""


@dataclass(frozen=True)
class OwnPicture:
    """What turns a decoder's picture at `point` into the artist's own."""

    point: Latent
    added: tuple[Tensor, ...]
    """For each of the coarser grids (1, C, G, G) float32 on the device (see `Decoder.draw`)."""

    def to_bytes(self, made_for: str) -> bytes:
        """For the decoder with the fingerprint `made_for`: a safetensors file in half precision."""
        tensors = {f"added.{n}": t.half().cpu().contiguous() for n, t in enumerate(self.added)}
        tensors["point"] = torch.from_numpy(np.asarray(self.point, np.float32))
        return safetensors.torch.save({made_for: torch.zeros(1), **tensors})

    @classmethod
    def from_bytes(
        cls, data: bytes, made_for: str, config: VaeConfig, device: torch.device
    ) -> OwnPicture:
        """Raises `EngineError` for what is damaged or was made for another decoder."""
        try:
            tensors = safetensors.torch.load(data)
        except (SafetensorError, ValueError) as error:
            raise EngineError("The file of an own picture is damaged.") from error
        shapes = {f"added.{n}": s for n, s in enumerate(_shapes(config))}
        shapes |= {made_for: (1,), "point": (config.latent_size,)}
        if {name: tuple(t.shape) for name, t in tensors.items()} != shapes:
            raise EngineError("An own picture was made for another model.")
        added = (tensors[f"added.{n}"].float().to(device) for n in range(len(_shapes(config))))
        return cls(tensors["point"].float().numpy(), tuple(added))


def _shapes(config: VaeConfig) -> list[tuple[int, ...]]:
    return [(1, c, side, side) for c, side in config.decoder_grids if side <= OWN_SIDE]


def shares(owns: Sequence[OwnPicture], point: Latent) -> list[float]:
    """How much of each is seen at a white point (L,), in [0, 1]: all at its own, none from where
    the average picture is as near or another own picture stands."""
    if not owns:
        return []
    points = np.stack([own.point for own in owns])
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(apart, np.linalg.norm(points, axis=1))
    reach = np.maximum(apart.min(1), 1e-6)
    away = np.linalg.norm(points - point, axis=1) / reach
    return [float(max(0.0, 1 - far**2) ** 2) for far in away]


def bare(seen: Sequence[float]) -> float:
    """How much of an inked picture is left where so much of each is seen: an own picture is the
    decoder's to draw, so ink gives way to it."""
    return max(0.0, 1 - OWN_BARES * max(seen, default=0.0))


def mixed(owns: Sequence[OwnPicture], seen: Sequence[float]) -> tuple[Tensor, ...]:
    """What is added where so much of each is seen; nothing where none is."""
    parts = [(own.added, share) for own, share in zip(owns, seen, strict=True) if share > 0]
    levels = zip(*(added for added, _ in parts), strict=True)
    return tuple(_level(tensors, [share for _, share in parts]) for tensors in levels)


def _level(tensors: Sequence[Tensor], seen: Sequence[float]) -> Tensor:
    """One grid of several own pictures, together at most as much as one.

    The finer it is, the sooner it fades: half of a line is a ghost, and of half a shape the layers
    above draw a shape. Of 8 middles between an own picture and a sample, 2 are clean where all
    grids fade alike, and all of them so (strong edges over those of the ends: 0.79, and 1.06).
    """
    fade = max(FADES[0], FADES[1] - 1.25 * math.log2(OWN_SIDE / tensors[0].shape[-1]))
    weights = [share**fade for share in seen]
    whole = max(1.0, sum(weights))
    return torch.stack([w / whole * t for w, t in zip(weights, tensors, strict=True)]).sum(0)


class MakingOwn:
    """The search for an own picture that looks like `look` at `point`. `step` moves on, until it is
    `near` enough or has taken all its steps."""

    def __init__(self, art: Art, look: Look, point: Latent, steps: int) -> None:
        self._art, self._look, self._steps, self._done = art, look, steps, 0
        self.near = False
        self._point = np.array(point, np.float32)
        device = art.placement.device
        self._added = [torch.zeros(s, device=device) for s in _shapes(art.vae.config)]
        for tensor in self._added:
            tensor.requires_grad_()
        self._optimiser = Adam(self._added, OWN_RATE, betas=(0.9, 0.95))

    @property
    def picture(self) -> OwnPicture:
        """As it is by now."""
        return OwnPicture(self._point, tuple(t.detach().clone() for t in self._added))

    def step(self) -> None:
        """One picture there and back. Not under `inference_mode`: it needs gradients."""
        art, decoder = self._art, self._art.vae.decoder
        latent = torch.from_numpy(art.space.to_decoder(self._point))[None]
        with torch.enable_grad():
            met = decoder.meet(latent.to(art.placement.device, decoder.dtype))
            drawn = decoder.draw(met, self._added)
            loss = art.error(drawn, self._look.pictures)
            gradients = torch.autograd.grad(loss, self._added)
        error = float((drawn.detach().clamp(0, 1) - self._look.pictures).square().mean())
        self.near = error <= 10 ** (-OWN_ENOUGH_DB / 10)
        for tensor, gradient in zip(self._added, gradients, strict=True):
            tensor.grad = gradient
        rate = OWN_RATE * 0.5 * (1 + math.cos(math.pi * self._done / self._steps))
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._optimiser.step()
        self._done += 1
