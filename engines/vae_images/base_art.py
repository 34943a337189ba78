"""What every kind of art can do: pictures (`art`) and letterforms (`letterpress`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from engines.common.device import Placement
from engines.vae_images.latent_space import LatentSpace
from engines.vae_images.model import Vae
from studio.document.parameters import Value
from studio.engine import EngineError, Job, Latent, Pixels


@dataclass(frozen=True)
class Look:
    """What the encoder sees of an artist's picture."""

    pictures: Tensor
    """(N, C, S, S) float32 in 0..1 on the device."""
    conditions: Tensor | None = None
    """(N,) int64: what they show."""


class Art(ABC):
    """One loaded model at work. `vae` has its norms folded and is in the placement's precision."""

    def __init__(self, vae: Vae, space: LatentSpace, placement: Placement) -> None:
        self.vae, self.space, self.placement = vae, space, placement

    @abstractmethod
    def pixels(
        self, point: Latent, job: Job, added: Sequence[Tensor] = (), crisp: float = 0.0
    ) -> Tensor:
        """The picture at a white point: (H, W, 3) uint8 on the device; pictures take what is
        `added` to the decoder's features (see `refining.OwnPicture`), and are so `crisp`, 0..1,
        where there is an inker."""

    @abstractmethod
    def look(self, pixels: Pixels, parameters: Mapping[str, Value]) -> Look:
        """An artist's picture as the encoder takes it."""

    @abstractmethod
    def error(self, drawn: Tensor, wanted: Tensor) -> Tensor:
        """What refining makes small: a scalar."""

    def outline(self, point: Latent, job: Job) -> str:  # noqa: ARG002
        """The picture as SVG. Raises `EngineError` where there are no outlines."""
        raise EngineError("This model draws pictures that have no outlines.")
