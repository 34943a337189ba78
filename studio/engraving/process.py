"""The process that engraves: `python -m studio.engraving.process`. One score after the other."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress

from studio.document.errors import StudioError
from studio.engraving import pages
from studio.engraving.messages import (
    COMMANDS,
    EVENTS,
    SHEETS,
    Engrave,
    Engraved,
    NotEngraved,
    unpacked,
)
from studio.music.files.musicxml import score_xml
from studio.processes.framing import Frames, WireError
from studio.processes.messages import Alive, Leave


def main() -> None:
    """Do what the app sends until it says so or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the app's affair, and it tells us
    out = os.dup(1)
    os.dup2(2, 1)  # what libraries print goes to standard error
    with suppress(AttributeError, OSError):
        os.nice(10)
    with suppress(OSError, WireError):
        for command in _commands():
            if isinstance(command, Leave):
                break
            answer = _engraved(command) if isinstance(command, Engrave) else Alive()
            _write(out, EVENTS.pack(answer))


def _commands() -> Iterator[object]:
    frames = Frames()
    while data := os.read(0, 65536):
        for _, payload in frames.feed(data):
            yield COMMANDS.unpack(payload)


def _engraved(wanted: Engrave) -> Engraved | NotEngraved:
    try:
        xml = score_xml(unpacked(wanted.score)).decode()
        found = pages.sheets(xml) if wanted.form == SHEETS else [pages.strip(xml)]
    except StudioError as error:
        return NotEngraved(wanted.number, str(error))
    pages_ = ((p.svg, p.width, p.height, p.places, p.measures) for p in found)
    return Engraved(wanted.number, tuple(pages_))


def _write(out: int, frame: bytes) -> None:
    view = memoryview(frame)
    while view:
        view = view[os.write(out, view) :]


if __name__ == "__main__":
    main()
