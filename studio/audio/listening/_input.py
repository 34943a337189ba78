"""A stream from a sound input."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np

from studio.audio import priority
from studio.audio.block_clock import BlockClock
from studio.audio.listening.listener import Listener
from studio.audio.output import FoundDevice, Stream

_LONGEST_S = 2.0


class Input:
    """Gives every block to a listener. Open from the start; `close` it."""

    def __init__(self, found: FoundDevice, listener: Listener) -> None:
        self.device = found.device
        self.overruns = 0
        self.last_block_s = perf_counter()
        self.ended = False
        self.latency_s = 0.0
        """From the air to here."""
        self._listener = listener
        self._raised = False
        self._clock = BlockClock(found.device.rate_hz)
        self._channels = min(2, found.device.channels)
        self._stream = Stream("input", found, "low", self._callback, self._finished)
        self.latency_s = self._stream.promised_s
        self._stream.start()

    def close(self) -> None:
        """End it at once."""
        self._stream.close()

    def _finished(self) -> None:
        self.ended = True

    def _callback(self, data: Any, frames: int, times: Any, status: Any) -> None:
        self.last_block_s = perf_counter()
        if not self._raised:
            self._raised = True
            priority.raise_thread(priority.CALLBACK)
        self.overruns += bool(status.input_overflow)
        age_s = times.currentTime - times.inputBufferAdcTime
        if 0 < age_s < _LONGEST_S:  # some systems tell 0
            self.latency_s = age_s
        first_s = self._clock.block(self.last_block_s - self.latency_s, frames)
        block = np.frombuffer(data, np.float32).reshape(frames, self._channels)
        self.overruns += not self._listener.hear(block, first_s, self._clock.frame_s)
