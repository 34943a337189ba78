"""A controller that can be plugged in and out: a JACK client that sends what it is told to.

`Keyboard("nano")` has the output `nano:out`. It is a process of its own and ends as a cable does.
"""

from __future__ import annotations

import subprocess
import sys
from collections import deque
from pathlib import Path
from threading import Thread

_ROOT = Path(__file__).resolve().parents[2]


class Keyboard:
    """Plugged in from the start until `unplug`."""

    def __init__(self, name: str) -> None:
        self.port = f"{name}:out"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.jack_keyboard", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def send(self, *messages: bytes) -> None:
        """Each at the next period, in order."""
        assert self._process.stdin is not None
        self._process.stdin.write("".join(f"{message.hex()}\n" for message in messages))
        self._process.stdin.flush()

    def unplug(self) -> None:
        """End it as a pulled cable does."""
        self._process.kill()
        self._process.communicate()


def main(name: str) -> None:
    """Send each line of stdin until it ends."""
    import jack

    client = jack.Client(name, no_start_server=True, use_exact_name=True)
    out = client.midi_outports.register("out")
    waiting: deque[bytes] = deque()

    @client.set_process_callback
    def process(_frames: int) -> None:
        out.clear_buffer()
        if waiting:
            out.write_midi_event(0, waiting.popleft())

    with client:
        print("ready", flush=True)
        reader = Thread(
            target=lambda: [waiting.append(bytes.fromhex(line)) for line in sys.stdin], daemon=True
        )
        reader.start()
        reader.join()


if __name__ == "__main__":
    main(sys.argv[1])
