"""Melodies in and out of MIDI files, by mido.

What comes in is a stranger's: it is bounded before it is read, and all that can be wrong with it
ends in one sentence.
"""

from __future__ import annotations

import dataclasses
import io
import math
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import mido
from mido.midifiles.meta import KeySignatureError

from studio.document.errors import StudioError
from studio.music.files._midi_melody import NoMelodyError, melody_of
from studio.music.files._midi_repair import repaired
from studio.music.keys import accidentals
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase
from studio.storage.files import open_plain, replace

SUFFIXES = (".mid", ".midi", ".kar", ".smf")
MOST_BYTES = 1_000_000
"""Larger files are not opened: some 250,000 notes, a second and a half of reading."""
TICKS = 480
"""Ticks a quarter note of what is written."""
_ENDLESS_NUMBER = re.compile(rb"[\x80-\xff]{2000}")
"""What reads as one number of thousands of digits; to add it up would take minutes."""

_DAMAGED = (
    ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError, struct.error,
    KeySignatureError,
)  # fmt: skip
"""What mido raises, depending on where the bytes stop making sense."""

Tempi = Sequence[tuple[float, float]]
"""Beats with the tempo (quarter notes a minute) that holds from there; the first is at beat 0."""


_Event = tuple[float, mido.Message | mido.MetaMessage]


class MidiFileError(StudioError):
    """A file that holds no usable melody. Its text is one sentence for the artist."""


@dataclass(frozen=True, slots=True)
class MidiTrack:
    """One part of a file to be written."""

    name: str
    notes: Sequence[Note]
    """In beats from the file's beginning; none of them tied (see `phrases.joined`)."""
    channel: int = 1
    """1 to 16; 10 for drums."""
    program: int | None = None
    """General MIDI's number from 0, or None for whatever the instrument has."""


def read(path: Path) -> Phrase:
    """The melody in `path`: whole bars from its first note on, one note at a time, with its key.

    Its remarks say what was left out or changed. Raises `MidiFileError`.
    """
    data, skipped = repaired(_bytes(path))
    try:
        melody = melody_of(mido.MidiFile(file=io.BytesIO(data), clip=True))
        return dataclasses.replace(melody, remarks=(*skipped, *melody.remarks))
    except NoMelodyError as problem:
        raise MidiFileError(f"The file {path.name} {problem}.") from problem
    except EOFError as error:
        raise MidiFileError(f"The file {path.name} is cut short.") from error
    except _DAMAGED as error:
        raise MidiFileError(f"The file {path.name} is not a MIDI file that can be read.") from error


def _bytes(path: Path) -> bytes:
    try:
        with open_plain(path) as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise MidiFileError(f"The file {path.name} is not there any more.") from error
    except OSError as error:
        raise MidiFileError(f"The file {path.name} cannot be opened.") from error
    if not data:
        raise MidiFileError(f"The file {path.name} is empty.")
    if len(data) > MOST_BYTES:
        raise MidiFileError(f"The file {path.name} is larger than any melody; it was not opened.")
    if _ENDLESS_NUMBER.search(data):
        raise MidiFileError(f"The file {path.name} is damaged.")
    return data


def write(
    path: Path,
    tracks: Iterable[MidiTrack],
    *,
    tempo: float | Tempi = 120.0,
    metre: Metre | Sequence[tuple[float, Metre]] = Metre(),  # noqa: B008  # frozen
    key: Key | None = None,
    title: str = "",
) -> None:
    """Write `tracks` to `path`, all or nothing: a file of type 1 with tempo, metre, key and names.

    `tempo` and `metre` may change: pairs of a beat and what holds from there. A modal key is
    written as its signature's minor or major, the only ones that MIDI knows. Raises OSError.
    """
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS)
    file.tracks.append(_conductor(tempo, metre, key, title))
    file.tracks += [_track(track) for track in tracks]
    buffer = io.BytesIO()
    file.save(file=buffer)
    replace(path, buffer.getvalue())


def _conductor(
    tempo: float | Tempi, metre: Metre | Sequence[tuple[float, Metre]], key: Key | None, title: str
) -> mido.MidiTrack:
    tempi = [(0.0, tempo)] if isinstance(tempo, (int, float)) else tempo
    metres = [(0.0, metre)] if isinstance(metre, Metre) else metre
    events = [(at, _tempo(bpm)) for at, bpm in tempi] + [(at, _metre(m)) for at, m in metres]
    if key is not None:
        events.insert(0, (0.0, mido.MetaMessage("key_signature", key=_signature(key))))
    if title:
        events.insert(0, (0.0, mido.MetaMessage("track_name", name=_latin(title))))
    return _timed(events)


def _tempo(bpm: float) -> mido.MetaMessage:
    microseconds = min(0xFFFFFF, max(1, round(60e6 / bpm)))
    return mido.MetaMessage("set_tempo", tempo=microseconds)


def _metre(metre: Metre) -> mido.MetaMessage:
    return mido.MetaMessage("time_signature", numerator=metre.beats, denominator=metre.unit)


_MAJOR = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
_MINOR = ("Abm", "Ebm", "Bbm", "Fm", "Cm", "Gm", "Dm", "Am", "Em", "Bm", "F#m", "C#m", "G#m", "D#m",
          "A#m")  # fmt: skip


def _signature(key: Key) -> str:
    """The key signature by mido's name, from seven flats to seven sharps."""
    names = _MINOR if key.mode in ("minor", "dorian") else _MAJOR
    return names[7 + accidentals(key)]


def _track(track: MidiTrack) -> mido.MidiTrack:
    channel = track.channel - 1
    events = [(0.0, mido.MetaMessage("track_name", name=_latin(track.name)))]
    if track.program is not None:
        change = mido.Message("program_change", channel=channel, program=track.program)
        events.append((0.0, change))
    for note in track.notes:
        velocity = min(127, max(1, note.velocity))
        on = mido.Message("note_on", channel=channel, note=note.pitch, velocity=velocity)
        off = mido.Message("note_off", channel=channel, note=note.pitch, velocity=0)
        start = max(0.0, note.start_beats)
        events += [(start, on), (start + max(1 / TICKS, note.length_beats), off)]
    return _timed(events)


def _timed(events: Sequence[_Event]) -> mido.MidiTrack:
    """`events` in order, ends before beginnings, each with the ticks since the one before."""
    track, now = mido.MidiTrack(), 0
    ticked = [(_tick(beat), message.type != "note_off", message) for beat, message in events]
    for tick, _, message in sorted(ticked, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    track.append(mido.MetaMessage("end_of_track"))
    return track


def _tick(beat: float) -> int:
    """The nearest tick; halves go up always, so that no note loses its length to rounding."""
    return max(0, math.floor(beat * TICKS + 0.5))


def _latin(text: str) -> str:
    """`text` as MIDI files spell names: what they cannot say becomes a question mark."""
    return text.encode("latin-1", "replace").decode("latin-1")
