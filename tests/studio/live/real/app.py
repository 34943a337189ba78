"""A small app that a test can kill or freeze: it plays eighths and a chord, 100 ms ahead.

`python -m tests.studio.live.real.app PORT` says the player's process id, then plays until it ends.
"""

from __future__ import annotations

import sys
from threading import Event
from time import perf_counter

from studio.live.player.client import PlayerClient
from studio.live.player.protocol import PortState
from studio.processes.messages import Due

STEP_S = 0.125
"""An eighth at 240 bpm."""
CHORD = (48, 52, 55)
AHEAD_S = 0.1


def note(at_s: float, length_s: float, pitch: int) -> list[Due]:
    return [
        Due(at_s, "a", bytes((0x90, pitch, 100))),
        Due(at_s + length_s, "a", bytes((0x80, pitch, 64))),
    ]


def main(port: str) -> None:
    opened = Event()

    def hear(event: object) -> None:
        if isinstance(event, PortState) and event.is_open:
            opened.set()

    client = PlayerClient(hear)
    client.start()
    client.open_output("a", port)
    opened.wait(20)
    assert client.pid is not None
    began = perf_counter() + 0.2
    for pitch in CHORD:
        client.send(note(began, 3600.0, pitch)[:1])
    print(client.pid, began, flush=True)
    step, pause = 0, Event()
    while True:
        ahead = perf_counter() + AHEAD_S
        while began + step * STEP_S < ahead:
            if began + step * STEP_S > perf_counter():  # after a freeze: not what is past
                client.send(note(began + step * STEP_S, 0.06, 72 + step % 12))
            step += 1
        pause.wait(0.01)


if __name__ == "__main__":
    main(sys.argv[1])
