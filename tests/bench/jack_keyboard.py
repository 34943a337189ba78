"""A controller that can be plugged in and out: a JACK client that sends what it is told to.

`Keyboard("nano")` has the output `nano:out`. It is a process of its own and ends as a cable does.
"""

from __future__ import annotations

import subprocess
import sys
from collections import deque
from pathlib import Path

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

    def replug(self) -> None:
        """Out and in again, faster than anybody looks."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("replug\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "replugged\n"

    def unplug(self) -> None:
        """End it as a pulled cable does."""
        self._process.kill()
        self._process.communicate()


def main(name: str) -> None:
    """Send each line of stdin until it ends."""
    import jack

    client = jack.Client(name, no_start_server=True, use_exact_name=True)
    outs = [client.midi_outports.register("out")]
    waiting: deque[bytes] = deque()

    @client.set_process_callback
    def process(_frames: int) -> None:
        for out in outs:
            out.clear_buffer()
            if waiting:
                out.write_midi_event(0, waiting.popleft())

    with client:
        print("ready", flush=True)
        for line in sys.stdin:
            if line == "replug\n":
                outs.pop().unregister()
                outs.append(client.midi_outports.register("out"))
                print("replugged", flush=True)
            else:
                waiting.append(bytes.fromhex(line))


if __name__ == "__main__":
    main(sys.argv[1])
