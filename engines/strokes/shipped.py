"""A trained pen to and from a weights file."""

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
from engines.strokes.looking import SIDE_PX
from engines.strokes.models import PLANS, Plan
from engines.strokes.network import Encoder, Pen
from studio.engine import Atlas, WeightsError

KIND = "strokes"
PRIOR, ATLAS = "prior.", "atlas."

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Prior:
    """Where codes are: a Gaussian for each kind, so that points from N(0, I) are drawings of the
    kind (K. Sohn, H. Lee, X. Yan: Learning structured output representation using deep conditional
    generative models. NIPS 2015; fitted once all has been learnt, as in P. Ghosh et al.: From
    variational to deterministic autoencoders. ICLR 2020, section 4)."""

    means: Array
    """(K, L), K is 1 for a model without kinds."""
    roots: Array
    """(K, L, L): the symmetric roots of the covariances."""

    def code(self, point: Array, shares: Array) -> Array:
        """Points (..., L) -> codes; `shares` (K,) sum to 1."""
        return (shares @ self.means + point @ self._root(shares)).astype(np.float32)

    def point(self, code: Array, shares: Array) -> Array:
        """Back again."""
        away = code - shares @ self.means
        return np.linalg.solve(self._root(shares), away.T).T.astype(np.float32)

    def _root(self, shares: Array) -> Array:
        return np.asarray(np.tensordot(shares, self.roots, 1), np.float32)


@dataclass(frozen=True)
class Shipped:
    """What a weights file holds."""

    plan: Plan
    encoder: Encoder
    pen: Pen
    prior: Prior
    atlas: Atlas
    kinds: npt.NDArray[np.int64]
    """(N,): of what kind each drawing on the map is; 0 for hands."""

    def likely(self, chance: np.random.Generator, kind: int = 0) -> Array:
        """A point (L,) of a drawing that might be. In the middle of nine hands, or of five carts,
        lies little that one can read: those are near to one that was learnt."""
        normal = chance.standard_normal(self.plan.shape.latent).astype(np.float32)
        known = self.atlas.points[self.kinds == kind]
        if self.plan.near is None or not len(known):
            return normal
        return np.asarray(
            known[int(chance.integers(len(known)))] + self.plan.near * normal, np.float32
        )


def write(path: Path, model: str, shipped: Shipped, about: Mapping[str, Any]) -> None:
    """Everything that the instrument needs of a trained model, as one safetensors file."""
    tensors = {f"encoder.{n}": t for n, t in shipped.encoder.state_dict().items()}
    tensors |= {f"pen.{n}": t for n, t in shipped.pen.state_dict().items()}
    tensors |= {f"{PRIOR}{n}": torch.from_numpy(t) for n, t in vars(shipped.prior).items()}
    for name, array in vars(shipped.atlas).items():
        tensors[f"{ATLAS}{name}"] = torch.from_numpy(np.asarray(array, np.float32))
    tensors[f"{ATLAS}kinds"] = torch.from_numpy(shipped.kinds.astype(np.float32))
    write_weights(path, tensors, {"kind": KIND, "model": model, **about}, "encoder.")


def read(path: Path) -> Shipped:
    """The model (fp32, on the CPU, in eval mode). Raises `WeightsError`."""
    tensors, about = read_weights(path)
    plan = PLANS.get(str(about.get("model")))
    if about.get("kind") != KIND or plan is None:
        raise WeightsError(f"The weights file {path.name} is not for this engine.")
    encoder, pen = Encoder(plan.shape, SIDE_PX), Pen(plan.shape)
    fill(encoder, tensors, "encoder.", path)
    fill(pen, tensors, "pen.", path)
    latent = plan.shape.latent
    atlas = _atlas(tensors, latent, path)
    kinds = max(1, len(plan.kinds))
    prior = Prior(
        _array(tensors, f"{PRIOR}means", (kinds, latent), path),
        _array(tensors, f"{PRIOR}roots", (kinds, latent, latent), path),
    )
    return Shipped(
        plan,
        encoder.eval().requires_grad_(False),
        pen.eval().requires_grad_(False),
        prior,
        atlas,
        _array(tensors, f"{ATLAS}kinds", (len(atlas.points),), path).astype(np.int64),
    )


def _atlas(tensors: Mapping[str, Tensor], latent: int, path: Path) -> Atlas:
    count = len(tensors.get(f"{ATLAS}points", ()))
    points = _array(tensors, f"{ATLAS}points", (count, latent), path)
    return Atlas(points, _array(tensors, f"{ATLAS}places", (count, 2), path).clip(-1, 1))


def _array(tensors: Mapping[str, Tensor], name: str, shape: tuple[int, ...], path: Path) -> Array:
    tensor = tensors.get(name)
    if tensor is None or tuple(tensor.shape) != shape or not bool(torch.isfinite(tensor).all()):
        raise WeightsError(f"The weights file {path.name} was made for another model.")
    return tensor.numpy().astype(np.float32)
