"""A stand-in for the process with a sound input: `python -m tests.studio.audio.listening.stand_in
MANNER FILE`.

It writes each command that it is told into FILE, a line each, and "listens" until its pipe ends,
"dies" at once, "is-hopeless" and says so, or "loses-its-input" the first time.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from studio.audio import protocol
from studio.audio.listening import messages
from studio.processes.framing import Frames
from studio.processes.messages import Leave


def main(manner: str, file: Path) -> int:
    is_first = not file.exists()
    with file.open("a") as out:
        print("begun", file=out)
    if manner == "dies":
        return 1
    if manner == "loses-its-input" and is_first:
        return protocol.DEVICE_GONE
    if manner == "is-hopeless":
        state = messages.InputState(False, None, "Nothing can be done.")
        os.write(1, messages.EVENTS.pack(state))
        return protocol.HOPELESS
    os.write(1, messages.EVENTS.pack(messages.Heard(0.5, ((1, 0.25),), ((0.4, 1.0),))))
    frames = Frames()
    while data := os.read(0, 65536):
        for _, payload in frames.feed(data):
            heard = messages.COMMANDS.unpack(payload)
            if heard == Leave():
                return 0
            with file.open("a") as out:
                print(heard, file=out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
