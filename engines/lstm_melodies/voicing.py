"""From the model's bars of events to notes that can be played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engines.lstm_melodies.grid import BAR_TICKS, BEAT_TICKS, HOLD, REST, Event, semitones
from engines.lstm_melodies.metres import WrittenMetre, written
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase

TRACK = "lead"
DOWNBEAT, BEAT, BETWEEN = 104, 94, 84
"""Velocities, by where in the bar a note begins."""
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Voice:
    """What a melody is played in."""

    metre: Metre
    tonic: int
    """The MIDI number from which the pitches are counted."""
    mode: str


def voiced(
    bars: Sequence[Sequence[Event]],
    voice: Voice,
    *,
    before: int | None = None,
    remarks: tuple[str, ...] = (),
) -> Phrase:
    """The phrase of `bars` as the model has written them, `written(metre).times` for a bar.

    `before` is the MIDI number of the note that sounds up to the beginning: if the first event
    holds on, the phrase begins with it, tied.
    """
    how = written(voice.metre)
    notes: list[Note] = []
    sounding = before
    count = len(bars) // how.times
    for number in range(count):
        inner = bars[number * how.times : (number + 1) * how.times]
        begin = number * voice.metre.bar_beats
        sounding = _bar(notes, inner, how, voice, begin, sounding)
    if how.remark:
        remarks = (*remarks, how.remark)
    key = Key(voice.tonic % 12, voice.mode)
    return Phrase(tuple(notes), count * voice.metre.bar_beats, voice.metre, key, remarks)


def _bar(
    notes: list[Note],
    bars: Sequence[Sequence[Event]],
    how: WrittenMetre,
    voice: Voice,
    begin: float,
    sounding: int | None,
) -> int | None:
    """Add a bar's notes to `notes`; returns the MIDI number that sounds up to its end, if any."""
    tick, end = 0, begin + voice.metre.bar_beats
    for event, ticks in (each for bar in bars for each in bar):
        start, length = begin + tick * how.beats_a_tick, ticks * how.beats_a_tick
        tick += ticks
        if start > end - _EDGE:
            break
        if event == REST:
            sounding = None
        elif event != HOLD:
            sounding = voice.tonic + semitones(event)
            notes.append(Note(TRACK, start, length, sounding, _velocity(how, tick - ticks)))
        elif sounding is not None and notes:
            notes[-1] = replace(notes[-1], length_beats=start + length - notes[-1].start_beats)
        elif sounding is not None:
            notes.append(Note(TRACK, start, length, sounding, DOWNBEAT, tied=True))
    _fit(notes, begin + how.beats, end, sounding=sounding is not None)
    return sounding


def _fit(notes: list[Note], filled: float, end: float, *, sounding: bool) -> None:
    """Cut the last note at the bar's end, or hold it up to there if the bar is not filled."""
    if not notes:
        return
    last = notes[-1]
    stops = last.start_beats + last.length_beats
    if stops > end + _EDGE or (sounding and filled < end - _EDGE):
        notes[-1] = replace(last, length_beats=end - last.start_beats)


def _velocity(how: WrittenMetre, tick: int) -> int:
    within = tick % BAR_TICKS[how.name]
    if within == 0:
        return DOWNBEAT
    return BEAT if within % BEAT_TICKS[how.name] == 0 else BETWEEN
