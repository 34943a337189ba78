"""The devices of PortAudio, to play on or to listen to, and a stream that plays on one of them."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal

import numpy as np

from studio.audio import priority
from studio.audio._renderer import Block
from studio.audio.block_clock import BlockClock
from studio.audio.messages import SoundDevice

Render = Callable[[Block, float, float], None]
Side = Literal["output", "input"]

BUFFERS: Mapping[str, str | float] = {"small": "low", "medium": 0.025, "large": 0.06}
"""What to ask PortAudio for, in seconds. JACK has its own period and does not listen."""
_LONGEST_S = 2.0
_APIS = {
    "JACK Audio Connection Kit": "JACK",
    "Windows WASAPI": "WASAPI",
    "Core Audio": "Core Audio",
}
_PREFERRED = ("Windows WASAPI", "Core Audio")
"""Where a system offers several ways to one device, the quick one; otherwise PortAudio's choice."""


class SoundDeviceError(Exception):
    """A device that cannot be played on. Its text is one sentence for the artist."""


@dataclass(frozen=True)
class FoundDevice:
    """A device, and PortAudio's number of it until the next `look`."""

    device: SoundDevice
    index: int


def portaudio() -> Any:
    """sounddevice. Raises `SoundDeviceError` where it or PortAudio is missing."""
    try:
        return importlib.import_module("sounddevice")
    except (ImportError, OSError) as error:
        text = (
            "Sound needs PortAudio, which is missing here; `latentloom doctor` says how to get it."
        )
        raise SoundDeviceError(text) from error


def look(side: Side = "output") -> list[FoundDevice]:
    """All outputs or inputs that there are now, the default first. Ends every open stream."""
    sd = portaudio()
    sd._terminate()  # there is no public way to look again
    sd._initialize()
    return named(sd.query_hostapis(), sd.query_devices(), side)


def shut() -> None:
    """Leave the sound system in order."""
    portaudio()._terminate()


def refusal(device: SoundDevice, error: Exception) -> SoundDeviceError:
    """What to say of a device that PortAudio could not open."""
    said = str(error.args[0] if error.args else error).split("[")[0].strip(" .")
    return SoundDeviceError(f"{device.name} cannot be opened: {said}.")


def named(
    apis: Iterable[Mapping[str, Any]], devices: Iterable[Mapping[str, Any]], side: Side = "output"
) -> list[FoundDevice]:
    """The outputs or inputs among PortAudio's `devices`, with names that are unique and stay."""
    apis = list(apis)
    found: list[FoundDevice] = []
    taken: dict[str, int] = {}
    for index, told in enumerate(devices):
        channels = told[f"max_{side}_channels"]
        if channels < 1:
            continue
        api = str(apis[told["hostapi"]]["name"])
        name = f"{_APIS.get(api, api)}: {' '.join(str(told['name']).split())}"
        taken[name] = taken.get(name, 0) + 1
        if taken[name] > 1:
            name = f"{name} ({taken[name]})"
        rate = round(told["default_samplerate"])
        found.append(FoundDevice(SoundDevice(name, channels, rate), index))
    return _with_default(found, apis, side)


def _with_default(
    found: list[FoundDevice], apis: list[Mapping[str, Any]], side: Side
) -> list[FoundDevice]:
    """`found`, each interface's default first; the very first is marked as the default."""
    apis = sorted(apis, key=lambda api: api["name"] not in _PREFERRED)
    defaults = [api[f"default_{side}_device"] for api in apis]
    ranked = sorted(found, key=lambda f: _rank(f.index, defaults))
    if not ranked or ranked[0].index not in defaults:
        return found
    first = ranked[0]
    return [FoundDevice(_marked(first.device), first.index), *ranked[1:]]


def _rank(index: int, defaults: list[int]) -> int:
    return defaults.index(index) if index in defaults else len(defaults)


def _marked(device: SoundDevice) -> SoundDevice:
    return SoundDevice(device.name, device.channels, device.rate_hz, default=True)


class Stream:
    """PortAudio's side of an open device. Raises `SoundDeviceError` where it cannot be opened."""

    def __init__(
        self,
        side: Side,
        found: FoundDevice,
        latency: str | float,
        callback: Callable[..., None],
        finished: Callable[[], None],
    ) -> None:
        sd = portaudio()
        self._device = found.device
        make = sd.RawOutputStream if side == "output" else sd.RawInputStream
        with self._refusing():
            self._stream = make(
                samplerate=found.device.rate_hz,
                blocksize=0,  # the device's own: anything else is cut and pasted by PortAudio
                device=found.index,
                channels=min(2, found.device.channels),
                dtype="float32",
                latency=latency,
                callback=callback,
                finished_callback=finished,
            )
        self.promised_s: float = self._stream.latency
        """The latency that PortAudio promises; the callback knows better."""

    def start(self) -> None:
        """Let the callback be called."""
        try:
            with self._refusing():
                self._stream.start()
        except SoundDeviceError:
            self._stream.close(ignore_errors=True)
            raise

    def close(self) -> None:
        """End at once; a device that is gone is no reason to complain."""
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except (portaudio().PortAudioError, ValueError) as error:
            raise refusal(self._device, error) from error


class Output:
    """A stream that asks `render` for every block. Open from the start; `close` it."""

    def __init__(self, found: FoundDevice, buffer: str, render: Render) -> None:
        self.device = found.device
        self.underruns = 0
        self.load = 0.0
        """The largest share of a block's time that making it took; the reader sets it to 0."""
        self.error: BaseException | None = None
        self.scheduling = ""
        self.last_block_s = perf_counter()
        self.ended = False
        self._ahead_s = 0.0
        self._block_s = 0.0
        self._render = render
        self._clock = BlockClock(found.device.rate_hz)
        self._channels = min(2, found.device.channels)
        self._stereo = np.zeros((0, 2), np.float32)
        self._stream = Stream("output", found, BUFFERS[buffer], self._callback, self._finished)
        self._ahead_s = self._stream.promised_s
        self._stream.start()

    @property
    def latency_s(self) -> float:
        """From a note that is sent to the ear: the block that it waits for, and the device."""
        return self._ahead_s + self._block_s

    def close(self) -> None:
        """End it at once."""
        self._stream.close()

    def _finished(self) -> None:
        self.ended = True

    def _callback(self, out: Any, frames: int, times: Any, status: Any) -> None:
        began_s = perf_counter()
        if not self.scheduling:
            self.scheduling = priority.raise_thread(priority.CALLBACK)
        self.underruns += bool(status.output_underflow)
        try:
            self._fill(out, frames, began_s + self._ahead(times))
        except Exception as error:  # noqa: BLE001 - a block that fails costs its sound, no more
            out[:] = bytes(len(out))
            self.error = error
        self.last_block_s = perf_counter()
        self._block_s = frames * self._clock.frame_s
        self.load = max(self.load, (self.last_block_s - began_s) / self._block_s)

    def _ahead(self, times: Any) -> float:
        """How far the first frame of this block is from being heard, in seconds."""
        ahead_s = times.outputBufferDacTime - times.currentTime
        if 0 < ahead_s < _LONGEST_S:  # some systems tell 0
            share = 0.05 if self._block_s else 1.0  # the first one replaces PortAudio's promise
            self._ahead_s += share * (ahead_s - self._ahead_s)
            return float(ahead_s)
        return self._ahead_s

    def _fill(self, out: Any, frames: int, heard_s: float) -> None:
        heard_s = self._clock.block(heard_s, frames)
        block = np.frombuffer(out, np.float32).reshape(frames, self._channels)
        if self._channels == 2:
            self._render(block, heard_s, self._clock.frame_s)
            return
        if len(self._stereo) != frames:
            self._stereo = np.zeros((frames, 2), np.float32)
        self._render(self._stereo, heard_s, self._clock.frame_s)
        np.mean(self._stereo, axis=1, out=block[:, 0])
