"""The network stream, received by a process of its own: pictures, size, rate, delay."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

import numpy as np

from studio.commands.report import Row, at_least, at_most
from studio.outputs.sink import Frame
from studio.outputs.sinks.stream import RATE, NetworkStream

_SIZE = (1280, 720)
_BITS, _CELL = 32, 40
RECEIVER = """
import json, sys, time, av
seen, until = [], None
options = {"fflags": "nobuffer", "flags": "low_delay", "probesize": "200000",
           "analyzeduration": "500000"}
with av.open(sys.argv[1], format="mpegts", options=options, timeout=(20, 5)) as stream:
    video = stream.streams.video[0]
    video.thread_type = "NONE"
    def frames():
        for packet in stream.demux(video):
            try:
                yield from packet.decode()
            except av.error.InvalidDataError:  # a part of it was lost on the way: UDP
                pass
    for frame in frames():
        now = time.perf_counter()
        until = until or now + float(sys.argv[2])
        row = frame.to_ndarray(format="gray")[20, 20::40][:32]
        stamp = sum(1 << n for n, level in enumerate(row) if level > 128)
        seen.append((now, stamp, frame.width, frame.height))
        if now > until:
            break
print(json.dumps(seen))
"""


def rows(seconds: float) -> Iterator[Row]:
    """Send for `seconds`; each picture has the time at which it was made written into it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        address = f"udp://127.0.0.1:{held.getsockname()[1]}"
    receiver = subprocess.Popen(
        [
            sys.executable,
            "-c",
            RECEIVER,
            f"{address}?fifo_size=100000&overrun_nonfatal=1",
            str(seconds),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    stream = NetworkStream(address)
    stream.open(*_SIZE, RATE)
    begun_s = time.perf_counter()
    while receiver.poll() is None:
        now_s = time.perf_counter()
        stream.send(Frame(_stamped(round(1000 * (now_s - begun_s))), now_s, 0.0))
        time.sleep(1 / 60)
    stream.close()
    out, _ = receiver.communicate()
    seen = json.loads(out)
    rate = (len(seen) - 1) / (seen[-1][0] - seen[0][0])
    sizes = {(width, height) for _, _, width, height in seen}
    delays = [1000 * (at - begun_s) - stamp for at, stamp, _, _ in seen]
    note = f"{len(seen)} pictures of {sizes}, {stream.sent} sent, MPEG-TS over UDP, PyAV receives"
    yield Row("stream_per_s", rate, "1/s", at_least(25.0), note)
    late = f"from the mixed picture to the decoded one; p99 {np.percentile(delays, 99):.0f} ms"
    yield Row("stream_delay_ms", median(delays), "ms", at_most(250.0), late)


def _stamped(ms: int) -> np.ndarray:
    """A picture whose upper row of cells has the milliseconds in binary digits."""
    picture = np.full((_SIZE[1], _SIZE[0], 3), 60, np.uint8)
    for bit in range(_BITS):
        level = 255 if ms >> bit & 1 else 0
        picture[:_CELL, bit * _CELL : (bit + 1) * _CELL] = level
    return picture
