"""From the encoder's guess to a point whose picture is nearer: gradient steps on the white point.

The encoder answers at once for any picture and exactly for none (the amortisation gap; Cremer et
al., "Inference Suboptimality in Variational Autoencoders", 2018). A few dozen steps of Adam (Kingma
& Ba, 2015) through the decoder that is loaded already close much of that gap.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from engines.vae_images.base_art import Art, Look
from studio.engine import Latent

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
        latent = (self._centre + point @ self._axes).to(self._art.placement.dtype)
        look = self._look
        drawn = self._art.vae.decoder(latent.expand(len(look.pictures), -1), look.conditions)
        return self._art.error(drawn.float(), look.pictures) + PULL * point.square().mean()
