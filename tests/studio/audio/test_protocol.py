"""All that crosses the pipe comes out as it went in."""

from __future__ import annotations

import pytest

from studio.audio import protocol as words
from studio.audio.messages import Device, DevicesSeen, FontSeen, SoundState
from studio.processes.framing import Frames, Words

TOLD = [
    words.Alive(),
    words.Trouble("Traceback\nöäü"),
    SoundState(True, "ALSA: USB", "Playing.", 12.5, 3, 1, 0.25, "real-time, FIFO 15"),
    SoundState(False, None, "There is no sound card here."),
    DevicesSeen((Device("ALSA: USB", 2, 48_000, True), Device("HDMI", 8, 44_100))),
    DevicesSeen(()),
    FontSeen("Folk", "MIT", ((0, "Piano"), (110, "Fiddle")), "It is damaged."),
]
ASKED = [
    words.Alive(),
    words.Stop(),
    words.Panic(),
    words.UseDevice(None),
    words.UseDevice("ALSA: USB"),
    words.UseBuffer("small"),
    words.UseFont("/fonts/a.sf2"),
    words.SetVolume(0.5),
    words.SetRoom(0.0),
    words.SetOffset(-12.0),
]


def crossed(vocabulary: Words, word: object) -> object:
    ((_, payload),) = Frames().feed(vocabulary.pack(word))
    return vocabulary.unpack(payload)


@pytest.mark.parametrize("word", TOLD, ids=repr)
def test_what_the_process_tells(word: object) -> None:
    assert crossed(words.TOLD, word) == word


@pytest.mark.parametrize("word", ASKED, ids=repr)
def test_what_the_app_asks(word: object) -> None:
    assert crossed(words.ASKED, word) == word
