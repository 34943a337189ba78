"""A stand-in for the sound process: `python -m tests.studio.audio.stand_in MANNER FILE`.

It writes each command or message that it is told into FILE, a line each, and

- "listens" until its pipe ends,
- "dies" at once,
- "is-hopeless" and says so,
- "loses-its-device",
- "hangs" without an event,
- "raves": sends what is no frame.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import sleep

from studio.audio import protocol
from studio.audio.messages import SoundState
from studio.processes.framing import Frames, Kind, unpack_play
from studio.processes.messages import Leave


def main(manner: str, file: Path) -> int:
    with file.open("a") as out:
        print("begun", file=out)
    if manner == "dies":
        return 1
    if manner == "loses-its-device":
        return protocol.DEVICE_GONE
    if manner == "hangs":
        sleep(60)
    if manner == "raves":
        os.write(1, b"\xff" * 64)
        sleep(60)
    if manner == "is-hopeless":
        os.write(1, protocol.EVENTS.pack(SoundState(False, None, "Nothing can be done.")))
        return protocol.HOPELESS
    os.write(1, protocol.EVENTS.pack(SoundState(True, "Stand-in", "Playing on a stand-in.")))
    frames = Frames()
    while data := os.read(0, 65536):
        for kind, payload in frames.feed(data):
            heard: list[object] = [protocol.COMMANDS.unpack(payload)] if kind is Kind.JSON else []
            if heard == [Leave()]:
                return 0
            if kind is Kind.PLAY:
                heard += [due.data.hex() for due in unpack_play(payload)[1]]
            with file.open("a") as out:
                print(*heard, sep="\n", file=out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
