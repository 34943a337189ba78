"""PipeWire's JACK, where `pw-jack` is here: found, named, played and heard through."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

pytestmark = [pytest.mark.real, pytest.mark.timed]

PLAY = """
import json, os, sys
from time import sleep
from studio.live.player import timing
from studio.live.player._system import RtMidi

system, heard = RtMidi(), []
system.look()
ear = system.handle("ear", "in", "ear", True, heard.append)
mouth = system.handle("mouth", "out", "mouth", True, print)
opened = [ear.connect(), mouth.connect()]
system.graph.connect(mouth._jack_port, ear._jack_port, "out")
told = timing.sentence()  # a client of its own comes and goes
for _ in range(200):
    if mouth.peers() and len(heard) == 2:
        break
    if mouth.peers() and not heard:
        mouth.send(bytes((0x90, 60, 100)))
        mouth.send(bytes((0xF0, 1, 2, 0xF7)))
    sleep(0.05)
peers = mouth.peers()
ear.close()
mouth.close()
watched = len(system.watched())
print(json.dumps([system.title, opened, peers, heard[:2], watched, told[:10]], default=list))
sys.stdout.flush()
os._exit(0)
"""


@pytest.fixture
def pipewire(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a PipeWire without devices."""
    if not (shutil.which("pipewire") and shutil.which("pw-jack")):
        pytest.skip("PipeWire's JACK is not installed")
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(["pipewire"], env=environment, stdout=quiet, stderr=quiet)
    until_s = monotonic() + 10
    while not (tmp_path / "pipewire-0").exists() and monotonic() < until_s:
        sleep(0.02)
    yield environment
    server.terminate()
    server.wait(10)


def test_ports_of_pipewires_jack_are_made_and_played(pipewire: dict[str, str]) -> None:
    done = subprocess.run(
        ["pw-jack", sys.executable, "-c", PLAY],
        env=pipewire,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    title, opened, peers, heard, watched, told = json.loads(done.stdout.splitlines()[-1])
    assert (title, opened, watched) == ("PipeWire's JACK", [True, True], 1)
    assert peers == ["Latent Loom ear in:ear"]
    assert heard == [[0x90, 60, 100], [0xF0, 1, 2, 0xF7]]
    assert told == "Under JACK"
