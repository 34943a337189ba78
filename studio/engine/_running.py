"""What an engine does in small steps between other work: refining a slot's point, and making an
own picture for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from studio.document.arrays import Latent
from studio.engine.contract import EngineError
from studio.engine.messages import (
    Encode,
    Event,
    Failed,
    MakeOwn,
    OwnMade,
    Refined,
    sentence_of,
)
from studio.engine.own_pictures import OwnPictureFiles


class Running(ABC):
    """Work for the slot that `command` names, of so many `steps` at most."""

    def __init__(self, command: Encode | MakeOwn, steps: int) -> None:
        self.deck, self.slot = command.deck, command.slot
        self.is_over = False
        self._address = command.deck, command.epoch, command.slot
        self._step, self._steps = 0, steps

    def next(self) -> list[Event]:
        """What to tell after one more step. Raises whatever the engine raises."""
        self._step += 1
        event = self._next()
        self.is_over = event.step >= event.steps
        return [event]

    @abstractmethod
    def _next(self) -> Refined | OwnMade: ...

    @abstractmethod
    def ended(self) -> Refined | OwnMade:
        """What to tell where it is given up."""

    def broken(self, error: BaseException) -> list[Event]:  # noqa: ARG002 - what is there is good
        """What to tell where a step has failed."""
        return [self.ended()]


class RunningRefinement(Running):
    """Points of `size` on their way to a slot's picture."""

    def __init__(self, command: Encode, points: Iterator[Latent], steps: int, size: int) -> None:
        super().__init__(command, steps)
        self._points, self._size = points, size

    def _next(self) -> Refined:
        latent = next(self._points, None)
        if latent is None:
            return self.ended()
        (point,) = checked_points(np.asarray(latent)[None], 1, self._size)
        return Refined(*self._address, point, self._step, self._steps)

    def ended(self) -> Refined:
        """The point so far is the last."""
        return Refined(*self._address, None, self._steps, self._steps)


class RunningOwnPicture(Running):
    """An own picture on its way; the last is kept."""

    def __init__(
        self, command: MakeOwn, found: Iterator[bytes], steps: int, kept: OwnPictureFiles
    ) -> None:
        super().__init__(command, steps)
        self._latent, self._found, self._kept = command.latent, found, kept
        self._best: bytes | None = None

    def begun(self) -> OwnMade:
        """It has been taken up."""
        return self._told(0)

    def _next(self) -> OwnMade:
        found = next(self._found, None)
        self._best = found or self._best
        if found is not None and self._step < self._steps:
            return self._told(self._step)
        if self._best is None:
            raise EngineError("This model can make nothing of your picture.")
        return self._told(self._steps, self._kept.keep(self._best))

    def ended(self) -> OwnMade:
        return self._told(self._steps)

    def broken(self, error: BaseException) -> list[Event]:
        deck, epoch, _ = self._address
        return [
            Failed(deck, epoch, sentence_of(error), fatal=False, aside=True),
            *super().broken(error),
        ]

    def _told(self, step: int, file: str | None = None) -> OwnMade:
        return OwnMade(*self._address, self._latent, step, self._steps, file)


def checked_points(points: NDArray[np.float32], count: int, size: int) -> NDArray[np.float32]:
    """`points` as (count, size) float32. Raises `EngineError`."""
    points = np.asarray(points, np.float32)
    if points.shape != (count, size) or not np.isfinite(points).all():
        raise EngineError("The engine found points that do not fit its model.")
    return points
