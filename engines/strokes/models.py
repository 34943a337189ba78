"""The three models: what each network is made of and what it learns from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engines.strokes.kinds import ALPHABET, CATEGORIES, OTHER, RADICALS
from engines.strokes.network import Shape

WRITTEN = ALPHABET.replace(" ", "")
"""The characters that a window can look at; after the last one it sees the end."""
END = len(WRITTEN)


@dataclass(frozen=True)
class Plan:
    """One model."""

    shape: Shape
    unit: float
    """Movements are learnt in these: about their deviation."""
    kinds: tuple[str, ...] = ()
    """In the order of the shares that the network is told; the last is `OTHER`."""
    mirrors: bool = False
    """Whether a drawing the other way round is one, too."""
    in_order: bool = False
    """Whether the order of strokes is ours, since that of icons' authors says nothing."""
    free: float = 40.0
    """Nats that a code may tell of its drawing at no price."""
    near: float | None = None
    """How far from what was learnt the points are that are offered; None: anywhere in N(0, I)."""
    steps: int = 9000
    rate: float = 2e-3
    batch: int = 64


PLANS: Mapping[str, Plan] = {
    "handwriting": Plan(
        Shape(latent=8, hidden=192, characters=len(WRITTEN) + 1, width=3, components=8),
        unit=0.15,
        free=12.0,
        near=0.25,
    ),
    "doodles": Plan(
        Shape(latent=24, hidden=192, kinds=len(CATEGORIES) + 1),
        unit=0.3,
        kinds=(*CATEGORIES, OTHER),
        mirrors=True,
        in_order=True,
        free=52.0,
        near=0.3,
        steps=12000,
    ),
    "signs": Plan(
        Shape(latent=24, hidden=152, kinds=len(RADICALS) + 1), unit=0.3, kinds=(*RADICALS, OTHER)
    ),
}
