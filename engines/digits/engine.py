"""The gallery at work: points in, digits out; and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.func import functional_call
from torch.nn import functional as F

from engines.common.device import Placement
from engines.common.engine import TorchEngine
from engines.common.transfer import quantise
from engines.digits import shipped
from engines.digits.asked import Asked
from engines.digits.digits import CLASSES, binarised
from engines.digits.looking import looked_at
from engines.digits.picture import THUMBNAIL_PX, inked
from engines.digits.shipped import Shipped
from studio.document.parameters import Value
from studio.engine import (
    EngineError,
    Job,
    Latent,
    Loaded,
    ModelSpec,
    Pixels,
    Resources,
    WeightsError,
)


class DigitEngine(TorchEngine):
    """One page of the gallery."""

    def __init__(self) -> None:
        super().__init__()
        self._model: Shipped | None = None
        self._directions: Mapping[str, Latent] = {}

    @property
    def model(self) -> Shipped:
        """What was loaded. Raises `EngineError` before `load` and after `close`."""
        if self._model is None:
            raise EngineError("This engine has no model loaded.")
        return self._model

    def load(self, model: ModelSpec, resources: Resources) -> Loaded:
        loaded = super().load(model, resources)
        axes = np.eye(model.latent_size, dtype=np.float32)
        steps = {d.name: axes[number] for number, d in enumerate(model.directions)}
        where = replace(self.placement, dtype=torch.float32, openvino=False)
        return replace(loaded, device=str(where), directions=steps, atlas=self.model.atlas)

    def encode(self, pixels: Pixels, parameters: Mapping[str, Value]) -> Latent:
        page = self.model.page
        ink = looked_at(pixels)
        with self.working():
            given = ink.to(self.placement.device)
            asked = self._asked(parameters, 0)
            found = page.encode(
                binarised(given) if page.binary else given,
                replace(asked, shares=asked.shares[:1], codes=asked.codes[:1]),
            )
        point: Latent = found[0].float().cpu().numpy()
        return point

    def _build(self, model: ModelSpec, placement: Placement) -> None:
        read = shipped.read(model.weights)
        if read.page.latent_size != model.latent_size:
            raise WeightsError(f"The weights file {model.weights.name} was made for another model.")
        read.page.to(placement.device)
        read.strip.to(placement.device)
        self._model = read

    def _pixels(self, job: Job) -> Tensor:
        told = {} if job.thumbnail else job.parameters
        size_px = THUMBNAIL_PX if job.thumbnail else int(told.get("size", 256))
        asked = self._asked(told, job.seed)
        point = torch.tensor(job.latent, device=self.placement.device)
        points = point.expand(len(asked.shares), -1)
        ink = self._drawn(points, asked, float(told.get("training", 1.0)))
        return quantise(inked(ink.float(), told, size_px, self.model.losses))

    def _drawn(self, points: Tensor, asked: Asked, training: float) -> Tensor:
        page, strip = self.model.page, self.model.strip
        if training >= 1:
            return page.draw(points, asked)
        network = getattr(page, page.strip)
        weights = {f"{page.strip}.{n}": t for n, t in strip.at(training, network).items()}
        drawn: Tensor = functional_call(page, weights, (points, asked))
        return drawn

    def _asked(self, told: Mapping[str, Value], seed: int) -> Asked:
        device = self.placement.device
        shares = shares_of(str(told.get("digits", "5")), float(told.get("count", 0.0)))
        codes = torch.tensor([[float(told.get(f"code_{n}", 0.0)) for n in (1, 2)]])
        return Asked(
            shares=shares.to(device),
            codes=codes.expand(len(shares), -1).to(device),
            progress=float(told.get("progress", 1.0)),
            kept=float(told.get("kept", 1.0)),
            seed=seed,
            glimpses=bool(told.get("glimpses", False)),
        )

    def _forget(self) -> None:
        self._model = None


def shares_of(digits: str, count: float) -> Tensor:
    """(N, 10): each of the digits counted up; between two, a share of both. Empty: all alike."""
    if not digits:
        return torch.full((1, CLASSES), 1 / CLASSES)
    whole, share = int(count), count % 1
    first = torch.tensor([int(d) + whole for d in digits])
    low, high = (F.one_hot((first + n) % CLASSES, CLASSES).float() for n in (0, 1))
    return torch.lerp(low, high, share)
