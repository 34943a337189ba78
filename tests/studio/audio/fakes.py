"""An instrument, a device and a PortAudio that exist for tests only."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from studio.audio.messages import SoundDevice
from studio.audio.output import FoundDevice, SoundDeviceError


class FakeInstrument:
    """Sounds at a level of 1 while a note is held; remembers what came at which frame."""

    def __init__(self) -> None:
        self.frame = 0
        self.played: list[tuple[int, bytes]] = []
        self.held: set[tuple[int, int]] = set()
        self.rate_hz = 0

    def play(self, data: bytes) -> None:
        self.played.append((self.frame, data))
        key = data[0] & 0x0F, data[1]
        if data[0] & 0xF0 == 0x90 and data[2]:
            self.held.add(key)
        elif data[0] & 0xE0 == 0x80:
            self.held.discard(key)

    def render(self, frames: int, into: memoryview) -> None:
        np.frombuffer(into, np.float32)[:] = float(bool(self.held))
        self.frame += frames

    def silence(self) -> None:
        self.played.append((self.frame, b"silence"))
        self.held.clear()

    def use_rate(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz

    @property
    def notes(self) -> list[tuple[int, str, int]]:
        """(frame, "on" or "off", pitch) of every note message."""
        return [
            (frame, "on" if data[0] & 0xF0 == 0x90 else "off", data[1])
            for frame, data in self.played
            if data[0] & 0xE0 == 0x80
        ]


def found(name: str, index: int = 0, rate_hz: int = 48_000) -> FoundDevice:
    """A device that `look` might find."""
    return FoundDevice(SoundDevice(name, 2, rate_hz), index)


class FakeOutput:
    """A stream that plays nothing; the test ends it, or lets it refuse."""

    made: list[FakeOutput]
    refused: set[str]

    def __init__(self, device: FoundDevice, buffer: str, render: Any) -> None:
        if device.device.name in self.refused:
            raise SoundDeviceError(f"{device.device.name} cannot be opened: it is busy.")
        self.device, self.buffer, self.render = device.device, buffer, render
        self.ended = self.closed = False
        self.last_block_s = 0.0
        self.latency_s = 0.012
        self.underruns, self.load, self.error, self.scheduling = 0, 0.5, None, "real-time"
        self.made.append(self)

    def close(self) -> None:
        self.closed = True


def fake_outputs() -> type[FakeOutput]:
    """A class of its own for each test."""
    return type("FakeOutput", (FakeOutput,), {"made": [], "refused": set()})


class FakePortAudio:
    """What `output` uses of sounddevice. The test calls `stream.callback` itself."""

    class PortAudioError(Exception):
        pass

    def __init__(self, apis: list[dict[str, Any]], devices: list[dict[str, Any]]) -> None:
        self.apis, self.devices = apis, devices
        self.stream: Any = None
        self.refuses = ""
        self.calls: list[str] = []

    def _initialize(self) -> None:
        self.calls.append("initialize")

    def _terminate(self) -> None:
        self.calls.append("terminate")

    def query_hostapis(self) -> list[dict[str, Any]]:
        return self.apis

    def query_devices(self) -> list[dict[str, Any]]:
        return self.devices

    def RawInputStream(self, **given: Any) -> Any:
        return self.RawOutputStream(**given)

    def RawOutputStream(self, **given: Any) -> Any:
        if self.refuses:
            raise self.PortAudioError(self.refuses)
        ended = {name: lambda **_: None for name in ("start", "abort", "close")}
        self.stream = SimpleNamespace(latency=0.01, given=given, **ended)
        return self.stream


def api(name: str, default: int = -1) -> dict[str, Any]:
    return {"name": name, "default_output_device": default, "default_input_device": -1}


def device(
    name: str, api: int = 0, channels: int = 2, rate: float = 48_000.0, inputs: int = 0
) -> dict[str, Any]:
    return {
        "name": name,
        "hostapi": api,
        "max_output_channels": channels,
        "max_input_channels": inputs,
        "default_samplerate": rate,
    }
