"""An artist's own drawing: its lines, kept beside the point that it was encoded to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import safetensors.numpy
from safetensors import SafetensorError

from engines.strokes.drawings import Strokes
from engines.strokes.playing import Begun
from engines.strokes.tracing import MOST_KNOTS
from studio.engine import EngineError, Latent

REACH = 2.0
"""Knots lie in -1..1; what lies further out than this is damaged."""


@dataclass(frozen=True)
class OwnDrawing:
    """Strokes, and where they are shown."""

    point: Latent
    strokes: Strokes

    def to_bytes(self, model: str) -> bytes:
        """A safetensors file."""
        lengths = np.asarray([len(s) for s in self.strokes], np.int64)
        knots = np.concatenate(self.strokes).astype(np.float32)
        point = np.asarray(self.point, np.float32)
        return safetensors.numpy.save({f"{model}.point": point, "knots": knots, "lengths": lengths})

    @classmethod
    def from_bytes(cls, data: bytes, model: str, latent_size: int) -> OwnDrawing:
        """Raises `EngineError` for what is damaged or was made for another model."""
        try:
            found = safetensors.numpy.load(data)
        except (SafetensorError, ValueError) as error:
            raise EngineError("The file of an own drawing is damaged.") from error
        point, knots, lengths = (
            found.get(name, np.zeros(0)) for name in (f"{model}.point", "knots", "lengths")
        )
        if point.shape != (latent_size,) or len(found) != 3:
            raise EngineError("An own drawing was made for another model.")
        if not (np.isfinite(point).all() and _are_strokes(knots, lengths)):
            raise EngineError("The file of an own drawing is damaged.")
        strokes = np.split(knots.astype(np.float32), np.cumsum(lengths)[:-1])
        return cls(point.astype(np.float32), tuple(strokes))


def _are_strokes(knots: npt.NDArray[np.generic], lengths: npt.NDArray[np.generic]) -> bool:
    if knots.dtype != np.float32 or lengths.dtype != np.int64 or lengths.ndim != 1:
        return False
    counts = lengths.astype(np.int64)
    if not (len(counts) and (counts > 0).all() and knots.shape == (counts.sum(), 2)):
        return False
    return len(knots) <= MOST_KNOTS and bool((np.abs(knots) <= REACH).all())


def begun(owns: Sequence[OwnDrawing], point: Latent, kept: float) -> Begun | None:
    """What is there of the own drawing that is nearest to a point: what is kept of it at its own
    point, nothing from where the average drawing is as near or another own one stands."""
    nearest = None
    for own in owns:
        others = [float(np.linalg.norm(o.point - own.point)) for o in owns if o is not own]
        reach = max(1e-6, min([float(np.linalg.norm(own.point)), *others]))
        far = float(np.linalg.norm(own.point - point)) / reach
        share = max(0.0, 1 - far**2) ** 2
        if share > 0 and (nearest is None or share > nearest.share):
            nearest = Begun(own.strokes, share)
    return nearest and replace(nearest, share=kept * nearest.share)
