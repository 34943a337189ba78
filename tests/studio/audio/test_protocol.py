"""All that crosses the pipe comes out as it went in."""

from __future__ import annotations

import pytest

from studio.audio import protocol
from studio.audio.messages import DevicesSeen, FontSeen, SoundDevice, SoundState, Trouble
from studio.processes.framing import Codec, Frames
from studio.processes.messages import Alive, Leave, Panic, Stop

EVENTS = [
    Alive(),
    Trouble("Traceback\nöäü"),
    SoundState(True, "ALSA: USB", "Playing.", 12.5, 3, 1, 0.25, "real-time, FIFO 15"),
    SoundState(False, None, "There is no sound card here."),
    DevicesSeen((SoundDevice("ALSA: USB", 2, 48_000, True), SoundDevice("HDMI", 8, 44_100))),
    DevicesSeen(()),
    FontSeen("Folk", "MIT", ((0, "Piano"), (110, "Fiddle")), "It is damaged."),
]
COMMANDS = [
    Alive(),
    Leave(),
    Stop(),
    Panic(),
    protocol.UseDevice(None),
    protocol.UseDevice("ALSA: USB"),
    protocol.UseBuffer("small"),
    protocol.UseFont("/fonts/a.sf2"),
    protocol.SetVolume(0.5),
    protocol.SetRoom(0.0),
    protocol.SetOffset(-12.0),
]


def crossed(codec: Codec, message: object) -> object:
    ((_, payload),) = Frames().feed(codec.pack(message))
    return codec.unpack(payload)


@pytest.mark.parametrize("event", EVENTS, ids=repr)
def test_what_the_process_tells(event: object) -> None:
    assert crossed(protocol.EVENTS, event) == event


@pytest.mark.parametrize("command", COMMANDS, ids=repr)
def test_what_the_app_asks(command: object) -> None:
    assert crossed(protocol.COMMANDS, command) == command
