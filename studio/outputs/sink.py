"""What takes the output's frames: the door for screens, streams, recordings and other programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
"""(height, width, 3), RGB, C-contiguous; whoever gets them does not write to them."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One mixed picture."""

    pixels: Pixels
    seconds: float
    """When it was mixed, by `time.perf_counter`."""
    beat: float
    """Where the transport stood then, in quarter notes."""
    asked_at: float = 0.0
    """When a hand asked for the newest picture in it, by the same clock; 0: no hand."""


class Sink(Protocol):
    """Takes frames. Its methods are called on a thread of its own, so it may wait."""

    name: str
    """As the artist reads it: "Network stream"."""

    def missing(self) -> str:
        """What this computer lacks for it, as one sentence; empty where it can be opened."""

    def open(self, width: int, height: int, rate: float) -> None:
        """Get ready for frames of one size, `rate` of them a second at most.

        Raises:
            OSError: it cannot be opened; its text is one sentence for the artist.
        """

    def send(self, frame: Frame) -> None:
        """Pass on the newest frame; those that came while it was busy are left out.

        Raises:
            OSError: the receiver is gone; the sink is closed then, and the sentence shown.
        """

    def close(self) -> None:
        """Give everything back; may be called at any time, more than once."""
