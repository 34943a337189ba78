"""From the messages of a MIDI file's tracks to notes in beats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from studio.music.notes import Note

_DRUMS = 9
_SILENCING = (120, 123, 124, 125, 126, 127)
"""All sound off, all notes off, and the modes that imply it (MIDI 1.0, table 3a)."""
_SMPTE_TEMPO = 120.0
"""Beats a minute where a file counts in seconds and not in beats."""


@dataclass
class Track:
    """What one track of a file holds."""

    name: str = ""
    notes: list[Note] = field(default_factory=list)
    drums: int = 0
    without_length: int = 0
    unended: int = 0


@dataclass
class Signs:
    """The metres and keys that a file names, with their beats."""

    metres: list[tuple[float, int, int]] = field(default_factory=list)
    keys: list[tuple[float, str]] = field(default_factory=list)


def ticks_of(division: int, remarks: list[str]) -> float:
    """Ticks a beat for the division in a file's head: usually just that number."""
    if division > 0:
        return float(division)
    if division == 0:
        remarks.append("It does not say how long a beat is; 480 ticks were taken for one.")
        return 480.0
    frames, ticks = -(division >> 8), division & 0xFF  # SMPTE: frames a second, ticks a frame
    remarks.append("It counts in seconds, not in beats; it was taken as 120 beats a minute.")
    return max(1, frames) * max(1, ticks) * 60 / _SMPTE_TEMPO


def read(messages: Iterable[Any], beat_ticks: float, signs: Signs) -> Track:
    """The notes of one track, without drums; what it says of metre and key goes to `signs`."""
    track, tick, begun = Track(), 0, dict[tuple[int, int], tuple[int, int]]()
    for message in messages:
        tick += message.time
        match message.type:
            case "track_name":
                track.name = track.name or name_in(str(message.name).encode("latin-1"))
            case "time_signature":
                signs.metres.append((tick / beat_ticks, message.numerator, message.denominator))
            case "key_signature":
                signs.keys.append((tick / beat_ticks, message.key))
            case "note_on" | "note_off":
                _strike(track, begun, message, tick, beat_ticks)
            case "control_change" if message.control in _SILENCING:
                for key in [key for key in begun if key[0] == message.channel]:
                    start, velocity = begun.pop(key)
                    _end(track, key[1], velocity, start, tick, beat_ticks)
    track.unended = len(begun)
    for (_, pitch), (start, velocity) in begun.items():
        end = max(tick, start + round(beat_ticks))
        _end(track, pitch, velocity, start, end, beat_ticks)
    return track


def name_in(data: bytes) -> str:
    """A name as its writer meant it: UTF-8, else Japanese where it has kana, else Western.

    The specification says ASCII; programs write what their system does. No control characters.
    """
    for charset in ("utf-8", "shift_jis", "cp1252", "latin-1"):
        try:
            name = data.decode(charset)
        except UnicodeDecodeError:
            continue
        if charset != "shift_jis" or any("\u3040" <= sign <= "\u30ff" for sign in name):
            break
    return "".join(sign for sign in name if sign.isprintable()).strip()


def _strike(
    track: Track,
    begun: dict[tuple[int, int], tuple[int, int]],
    message: Any,
    tick: int,
    beat_ticks: float,
) -> None:
    """One beginning or end of a note; one that is struck again ends first."""
    if message.channel == _DRUMS:
        track.drums += 1
        return
    key = (message.channel, message.note)
    if key in begun:
        start, velocity = begun.pop(key)
        _end(track, message.note, velocity, start, tick, beat_ticks)
    if message.type == "note_on" and message.velocity:
        begun[key] = (tick, message.velocity)


def _end(track: Track, pitch: int, velocity: int, start: int, tick: int, beat_ticks: float) -> None:
    if tick <= start:
        track.without_length += 1
        return
    length = (tick - start) / beat_ticks
    track.notes.append(Note("lead", start / beat_ticks, length, pitch, velocity))
