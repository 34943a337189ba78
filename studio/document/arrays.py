"""Arrays with a meaning: points, pictures, maps of a latent space and of a painted picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Latent = NDArray[np.float32]
"""A point in a latent space: float32, shape (latent_size,)."""


Pixels = NDArray[np.uint8]
"""A picture: uint8 sRGB, shape (H, W, 3), C-contiguous."""


@dataclass(frozen=True, eq=False)
class Atlas:
    """A map of a latent space: some of its points, and where each stands on a plane."""

    points: NDArray[np.float32]
    """(N, latent_size), points that the model draws well, such as its training set's."""
    places: NDArray[np.float32]
    """(N, 2), in [-1, 1]; what looks alike stands close together."""


@dataclass(frozen=True, eq=False)
class BlendMap:
    """Points that share a picture: which of them holds how much of which place."""

    points: NDArray[np.float32]
    """(N, latent_size)."""
    shares: NDArray[np.float32]
    """(rows, columns, N), row 0 at the top. They sum to 1 in every place and vary smoothly, also
    from each edge to the opposite one."""
