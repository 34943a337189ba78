"""The notes of a take, as a MIDI file with a track for each part.

`python -m studio.recording.notes TAKE FILE` writes them, and beside them what decks said (see
`words`), with less of the processor than what plays.
"""

from __future__ import annotations

import math
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from studio.document.routes import SOUND
from studio.document.scene import Scene
from studio.music.files.midi import MidiTrack, write
from studio.music.notes import Note
from studio.recording.errors import RecordingError
from studio.recording.take import Take, read
from studio.recording.words import write_words

_LEAST_BEATS = 1 / 96
_Voice = tuple[str, int]
"""A port and a channel from 0."""


@dataclass
class _Part:
    """What one voice has played so far."""

    notes: list[Note] = field(default_factory=list)
    open: dict[int, tuple[float, int]] = field(default_factory=dict)
    """By pitch: where it began, and how loud."""
    program: int | None = None

    def hear(self, name: str, beat: float, data: bytes) -> None:
        status, pitch = data[0] & 0xF0, data[1]
        if status == 0xC0 and self.program is None:
            self.program = pitch
        elif status in (0x80, 0x90):
            self.end(name, pitch, beat)
            if status == 0x90 and data[2]:
                self.open[pitch] = (beat, data[2])

    def end(self, name: str, pitch: int, beat: float) -> None:
        begun = self.open.pop(pitch, None)
        if begun is not None:
            length = max(_LEAST_BEATS, beat - begun[0])
            self.notes.append(Note(name, begun[0], length, pitch, begun[1]))


def write_notes(file: Path, take: Take) -> int:
    """Write what was played; how many notes. Keys that were played while the transport stood have
    the beats that it would have counted. Raises OSError, `RecordingError`."""
    parts: dict[_Voice, _Part] = {}
    end, tempi = 0.0, [(0.0, 120.0)]
    scene = take.at(0.0).scene
    for seconds, beat, port, data, bpm in _played(take):
        if tempi[-1][1] != bpm:
            tempi.append((max(0.0, beat), bpm))
        voice, scene = (port, data[0] & 0x0F), take.at(seconds).scene
        parts.setdefault(voice, _Part()).hear(_name(voice, scene), max(0.0, beat), data)
        end = max(end, beat)
    tracks = []
    for voice, part in parts.items():
        name = _name(voice, scene)
        for pitch in list(part.open):
            part.end(name, pitch, end)
        if part.notes:
            tracks.append(MidiTrack(name, part.notes, voice[1] + 1, part.program))
    if tempi[1:] and tempi[1][0] == 0:
        del tempi[0]
    write(file, tracks, tempo=tempi)
    return sum(len(track.notes) for track in tracks)


def _played(take: Take) -> Iterator[tuple[float, float, str, bytes, float]]:
    """Seconds, beat of the file, port, message, tempo; in the order of time. Each run of the
    transport begins at the next whole beat after the last, and so does what is played while it
    stands, with its first key."""
    found: list[tuple[float, float, str, bytes, float]] = []
    base, top, cut = 0.0, 0.0, None
    standing, ran = False, (0.0, 0.0)
    for line in take.events:
        for item in line.get("played", []):
            due_s, beat, port, data, bpm, this = _item(take, item)
            if beat is not None:
                if this != cut:
                    cut, base = this, math.ceil(top) - beat
                standing, ran = False, (due_s, base + beat)
            elif _strikes(data) and not standing:
                standing, cut, ran = True, None, (due_s, float(math.ceil(top)))
            at = ran[1] + max(0.0, due_s - ran[0]) * bpm / 60
            if data[0] & 0xF0 == 0xC0:
                at = base + beat if beat is not None else top
            top = max(top, at)
            found.append((due_s, at, port, data, bpm))
    return iter(sorted(found, key=lambda item: item[:2]))


def _strikes(data: bytes) -> bool:
    return data[0] & 0xF0 == 0x90 and data[2] > 0


def _item(take: Take, item: Any) -> tuple[float, float | None, str, bytes, float, int]:
    try:
        due_s, beat, port, text, bpm, cut = item
        data = bytes.fromhex(text)
        if len(data) < 2 or data[0] < 0x80 or (data[0] & 0xE0 == 0x80 and len(data) < 3):
            raise ValueError("no message")
        return (
            float(due_s), None if beat is None else float(beat), str(port), data, float(bpm),
            int(cut),
        )  # fmt: skip
    except (TypeError, ValueError) as error:
        raise RecordingError(f"The take {take.name} is damaged.") from error


def sound_messages(take: Take) -> Iterator[tuple[float, Any]]:
    """What the sound was told: a list of (due seconds, message) or what `take.KINDS` calls
    "sound", each with the seconds at which it was. Raises `RecordingError`."""

    for line in take.events:
        items = [_item(take, item) for item in line.get("played", [])]
        ours = [(due_s, data) for due_s, _, port, data, _, _ in items if port == SOUND]
        if ours:
            yield line["t"], ours
        if "sound" in line:
            yield line["t"], line["sound"]


def _name(voice: _Voice, scene: Scene) -> str:
    """The track that is routed there: "deck1/lead"."""
    found = (r.track for r in scene.routes if (r.port, r.channel - 1) == voice)
    return next(found, f"Channel {voice[1] + 1}")


def main(take: str, out: str) -> None:
    """Write the notes of `take` to `out`; leaves with a sentence where that cannot be."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the app's affair: these notes are still wanted
    with suppress(OSError, AttributeError):
        os.nice(10)
    try:
        read_take = read(Path(take))
        write_notes(Path(out), read_take)
        write_words(Path(out).parent, read_take)
    except RecordingError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(str(error.strerror or error))


if __name__ == "__main__":
    main(*sys.argv[1:])
