"""An independent ear: a JACK client in a process of its own that notes what arrives at which frame.

It knows nothing of the instrument. `Witness` is its end in the test or bench that asks.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Arrival:
    """One message at one port of the witness."""

    port: str
    frame: int
    """The server's frame time, modulo 2**32."""
    at_s: float
    """When the witness was handed it, by `perf_counter`: up to a period after the sender's.

    On a busy machine the server misses periods and its frames fall behind; this does not.
    """
    data: bytes


class Witness:
    """Start it, let others play to `NAME:PORT`, and `take` what arrived."""

    def __init__(self, name: str, *ports: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.jack_witness", name, *ports],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )
        self.rate: int = self._line()["rate"]

    def take(self) -> list[Arrival]:
        """What arrived since the last time, in order of arrival."""
        return [
            Arrival(port, frame, at_s, bytes.fromhex(data))
            for port, frame, at_s, data in self._ask("take")
        ]

    def overruns(self) -> int:
        """How often the server told of a period that was missed."""
        return int(self._ask("xruns"))

    def replug(self) -> None:
        """Its first input out and in again, faster than anybody looks."""
        self._ask("replug")

    def close(self) -> None:
        """End it as a program ends."""
        with suppress(OSError):
            assert self._process.stdin is not None
            self._process.stdin.close()
        self._gone()

    def kill(self) -> None:
        """End it as a pulled cable does."""
        self._process.kill()
        self._gone()

    def _gone(self) -> None:
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _ask(self, what: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self.close()
            raise RuntimeError("The witness has ended.")
        return json.loads(line)


def main(name: str, ports: list[str]) -> None:
    """Listen until stdin ends; answers `take`, `replug` and `xruns` with a line of JSON each."""
    import jack

    client = jack.Client(name, no_start_server=True)
    ears = [client.midi_inports.register(port) for port in ports]
    arrivals: list[tuple[str, int, float, bytes]] = []
    xruns = [0]

    @client.set_process_callback
    def process(_frames: int) -> None:
        start = client.last_frame_time
        if len(ears) < len(ports):
            return  # one of them is just being put in again
        for ear, port in zip(ears, ports, strict=True):
            for offset, data in ear.incoming_midi_events():
                frame = start + offset
                arrivals.append((port, frame, perf_counter(), bytes(data)))

    @client.set_xrun_callback
    def xrun(_delay_us: float) -> None:
        xruns[0] += 1

    sys.setswitchinterval(1e-4)
    with suppress(OSError, AttributeError):  # or JACK's thread would wait for ours, and we for all
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(4))
    client.activate()
    print(json.dumps({"rate": client.samplerate}), flush=True)
    for line in sys.stdin:
        match line.strip():
            case "take":
                taken, arrivals[:] = arrivals[:], []
                answer: Any = [(*rest, data.hex()) for *rest, data in taken]
            case "replug":
                ears.pop(0).unregister()
                ears.insert(0, client.midi_inports.register(ports[0]))
                answer = ports[0]
            case _:
                answer = xruns[0]
        print(json.dumps(answer), flush=True)
    client.deactivate()
    client.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
