"""Keeps sound on the device that is wanted: waits for it, opens it, and notices when it goes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter, sleep

from studio.audio import output, priority
from studio.audio._renderer import Renderer
from studio.audio.device_process import DeviceGone
from studio.audio.messages import DevicesSeen, SoundDevice, SoundEvent, SoundState
from studio.audio.output import FoundDevice, Output, SoundDeviceError

_STALLED_S = 1.5
"""A device that asks for no block for so long is gone, though nobody said so."""
_RETRY_S, _LONGEST_RETRY_S = 1.0, 8.0
_NOTABLE_MS = 0.5
"""A latency that changes by less is not told again."""
_log = logging.getLogger(__name__)


class DeviceKeeper:
    """Lives on the sound process's main thread alone, which calls `watch` some times a second."""

    def __init__(
        self,
        renderer: Renderer,
        tell: Callable[[SoundEvent], object],
        *,
        clock: Callable[[], float] = perf_counter,
        look: Callable[[], list[FoundDevice]] = output.look,
        opener: Callable[..., Output] = Output,
    ) -> None:
        self._renderer, self._tell = renderer, tell
        self._clock, self._look, self._opener = clock, look, opener
        self._output: Output | None = None
        self._wanted: str | None = None
        self._buffer = "medium"
        self._devices: tuple[SoundDevice, ...] | None = None
        self._underruns = 0
        self._state: SoundState | None = None
        self._retry_s, self._next_try_s = _RETRY_S, 0.0

    # --- what the app asks for --------------------------------------------------------------------

    def use_device(self, name: str | None) -> None:
        """Play there; None is the system's choice."""
        if name != self._wanted:
            self._wanted = name
            self.reopen()

    def use_buffer(self, size: str) -> None:
        """One of `output.BUFFERS`."""
        changed, self._buffer = size != self._buffer, size
        if changed and self._output:
            self.reopen()

    # --- the device -------------------------------------------------------------------------------

    def watch(self) -> None:
        """Tell what changed, and open what came. Raises `DeviceGone`."""
        now_s = self._clock()
        if self._output is None:
            self._renderer.idle(now_s)
            if now_s >= self._next_try_s:
                self.open()
        elif self._output.ended or now_s - self._output.last_block_s > _STALLED_S:
            self._lose(self._output)
        else:
            self._report(self._output)

    def reopen(self) -> None:
        """Begin again, with what is wanted now."""
        self.close()
        self._retry_s = _RETRY_S
        self.open()

    def open(self) -> None:
        """Look around, and open what is wanted or what opens first."""
        now_s = self._clock()
        self._next_try_s = now_s + self._retry_s
        self._retry_s = min(2 * self._retry_s, _LONGEST_RETRY_S)
        try:
            found = self._look()
        except SoundDeviceError as error:
            self._say(str(error))
            return
        self._see(tuple(f.device for f in found))
        self._say(self._try(found))

    def close(self) -> None:
        """Let the device go."""
        if self._output:
            self._underruns += self._output.underruns
            self._output.close()
            self._output = None
            priority.lower_thread()

    def _try(self, found: list[FoundDevice]) -> str:
        """Why none of them plays; empty if one does."""
        if not found:
            return "There is no sound card here; MIDI plays on."
        wanted = [f for f in found if self._wanted in (None, f.device.name)]
        problem = f"{self._wanted} is not there; sound comes back with it."
        for candidate in wanted:
            try:
                self._use(candidate)
                return ""
            except SoundDeviceError as error:
                problem = str(error)
        return problem

    def _use(self, found: FoundDevice) -> None:
        self._renderer.use_rate(found.device.rate_hz)
        self._output = self._opener(found, self._buffer, self._renderer.render)
        self._retry_s = _RETRY_S
        priority.raise_thread(priority.HELPER)
        sleep(0.02)  # some blocks, so that the latency that is told is a measured one
        self._report(self._output)

    def _lose(self, lost: Output) -> None:
        name = lost.device.name
        self._say(f"{name} is gone; sound comes back with it.", name)
        raise DeviceGone

    # --- what the app is told ---------------------------------------------------------------------

    def _see(self, devices: tuple[SoundDevice, ...]) -> None:
        if devices != self._devices:
            self._devices = devices
            self._tell(DevicesSeen(devices))

    def _say(self, problem: str, device: str | None = None) -> None:
        if not problem:
            return
        state = SoundState(False, device or self._wanted, problem)
        self._tell_state(replace(state, underruns=self._underruns, late=self._renderer.late))

    def _report(self, output: Output) -> None:
        if output.error:
            _log.error("a block of sound failed", exc_info=output.error)
            output.error = None
        latency_ms, before = 1000 * output.latency_s, self._state
        if before and before.open and abs(latency_ms - before.latency_ms) < _NOTABLE_MS:
            latency_ms = before.latency_ms
        name = output.device.name
        state = SoundState(
            open=True,
            device=name,
            sentence=f"Playing on {name}, {latency_ms:.0f} ms from key to ear.",
            latency_ms=round(latency_ms, 1),
            underruns=self._underruns + output.underruns,
            late=self._renderer.late,
            load=round(output.load, 2),
            scheduling=output.scheduling,
        )
        output.load = 0.0
        self._tell_state(state)

    def _tell_state(self, state: SoundState) -> None:
        """Unless only the load is another: it always is."""
        if self._state is None or replace(state, load=self._state.load) != self._state:
            self._state = state
            self._tell(state)
