"""A stream from a sound input."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np

from studio.audio import priority
from studio.audio.block_clock import BlockClock
from studio.audio.listening.listener import Listener
from studio.audio.output import FoundDevice, portaudio, refusal

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
        self._stream = self._open(found)

    def _open(self, found: FoundDevice) -> Any:
        sd = portaudio()
        stream = None
        try:
            stream = sd.RawInputStream(
                samplerate=found.device.rate_hz,
                blocksize=0,  # the device's own: anything else is cut and pasted by PortAudio
                device=found.index,
                channels=self._channels,
                dtype="float32",
                latency="low",
                callback=self._callback,
                finished_callback=self._finished,
            )
            self.latency_s = stream.latency
            stream.start()
        except (sd.PortAudioError, ValueError) as error:
            if stream is not None:
                stream.close(ignore_errors=True)
            raise refusal(found.device, error) from error
        return stream

    def close(self) -> None:
        """End the stream at once; a device that is gone is no reason to complain."""
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)

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
