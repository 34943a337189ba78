"""FluidSynth under JACK plays what the player sends, and the recording's pitches are the notes'."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.live.player.client import PlayerClient
from studio.live.player.protocol import PortState
from studio.processes.messages import Due
from tests.bench.jack_server import RATE, JackServer
from tests.studio.live.player_fakes import Heard

pytestmark = [pytest.mark.real, pytest.mark.timed]

FONTS = ("/usr/share/sounds/sf2", "/usr/share/soundfonts", "studio/audio/font")
NOTES = (60, 64, 67, 72, 55)
STEP_S = 0.4
LEAD_S = 0.5
_SECONDS = LEAD_S + STEP_S * len(NOTES) + 0.5

RECORDER = """
import sys, threading, jack, numpy as np
client = jack.Client("recorder", no_start_server=True)
ear = client.inports.register("in")
blocks, wanted = [], int(float(sys.argv[2]) * client.samplerate)
full = threading.Event()
@client.set_process_callback
def process(frames):
    if len(blocks) * frames < wanted:
        blocks.append(bytes(ear.get_buffer()))
    else:
        full.set()
with client:
    client.connect(sys.argv[1], ear)
    print("recording", flush=True)
    full.wait(30)
sys.stdout.buffer.write(b"".join(blocks))
"""


@pytest.fixture
def synth(server: JackServer) -> Iterator[str]:
    """A FluidSynth with a General MIDI font; gives the name of its MIDI input."""
    program = shutil.which("fluidsynth")
    if program is None:
        pytest.skip("there is no fluidsynth here (Debian: apt-get install fluidsynth)")
    fonts = [font for folder in FONTS for font in sorted(Path(folder).glob("*.sf[23]"))]
    if not fonts:
        pytest.skip("there is no SoundFont here (Debian: fluid-soundfont-gm)")
    words = ["-a", "jack", "-m", "jack", "-r", str(RATE), "-R", "0", "-C", "0"]
    process = subprocess.Popen(
        [program, *words, str(fonts[0])],
        stdin=subprocess.PIPE,  # it ends with its shell
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        server.wait_for_port(":left")
        yield server.wait_for_port(":midi_00")
    finally:
        process.kill()
        process.communicate()


def test_the_pitches_of_the_recording_are_those_of_the_notes(
    synth: str, server: JackServer
) -> None:
    heard = Heard()
    client = PlayerClient(heard)
    client.start()
    client.open_output("a", synth)
    heard.wait(lambda event: isinstance(event, PortState) and event.is_open)
    recorder = subprocess.Popen(
        [sys.executable, "-c", RECORDER, server.wait_for_port(":left"), str(_SECONDS)],
        stdout=subprocess.PIPE,
        env=dict(os.environ),
    )
    assert recorder.stdout is not None
    assert recorder.stdout.readline() == b"recording\n"
    began = perf_counter() + LEAD_S
    client.send(
        [
            Due(began + step * STEP_S + part * 0.3, "a", bytes((status, pitch, 110)))
            for step, pitch in enumerate(NOTES)
            for part, status in enumerate((0x90, 0x80))
        ]
    )
    sound = np.frombuffer(recorder.stdout.read(), np.float32)
    recorder.stdout.close()
    recorder.wait()
    client.close()
    assert _pitches(sound) == list(NOTES)


def _pitches(sound: NDArray[np.float32]) -> list[int]:
    """The MIDI pitch of each step, from the middle of its note; steps are found by their onset."""
    onset = int(np.argmax(np.abs(sound) > 0.02))
    starts = [onset + int(RATE * (step * STEP_S + 0.05)) for step in range(len(NOTES))]
    return [_pitch(sound[start : start + int(0.2 * RATE)]) for start in starts]


def _pitch(part: NDArray[np.float32]) -> int:
    """By the strongest of the harmonic sums: a piano's first partial need not be the loudest."""
    size = 1 << 17
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), size))
    hz = [440 * 2 ** ((pitch - 69) / 12) for pitch in range(36, 97)]
    sums = [sum(spectrum[round(n * f * size / RATE)] / n for n in (1, 2, 3)) for f in hz]
    return 36 + int(np.argmax(sums))
