"""Melodies as ABC, to be read by people: `X:`, `M:`, `K:`, four bars a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from engines.lstm_melodies.grid import BEAT_TICKS, HOLD, REST, STRETCH, Event, semitones

_SUFFIX = {"major": "", "minor": "m", "dorian": "dor", "mixolydian": "mix"}
_ABOVE_MAJOR = {"major": 0, "dorian": 2, "mixolydian": 7, "minor": 9}
_SHARP_KEYS = {0: "C", 1: "C#", 2: "D", 3: "Eb", 4: "E", 5: "F", 6: "F#", 7: "G", 8: "Ab", 9: "A",
               10: "Bb", 11: "B"}  # fmt: skip
_FLATS = {5, 10, 3, 8, 1}
"""Major keys, as pitch classes, that are written with flats."""
UNIT = 12
"""`L:1/8`, in ticks."""


def abc(
    bars: Sequence[Sequence[Event]],
    metre: str,
    mode: str,
    tonic: int,
    *,
    number: int = 1,
    title: str = "",
    ends: Iterable[bool] = (),
) -> str:
    """The tune as an ABC text. `tonic` is a MIDI number; 2/4 is written at its true lengths."""
    major = (tonic - _ABOVE_MAJOR[mode]) % 12
    spelling = _spelling(major)
    closing = dict(enumerate(ends))
    key = _SHARP_KEYS[tonic % 12] + _SUFFIX[mode]
    head = [f"X:{number}", *([f"T:{title}"] if title else []), f"M:{metre}", "L:1/8", f"K:{key}"]
    lines, line = [], ""
    for i, bar in enumerate(bars):
        held_on = i + 1 < len(bars) and bars[i + 1][0][0] == HOLD
        line += _bar(bar, metre, tonic, spelling, _last(bars[:i]), held_on=held_on)
        line += " || " if closing.get(i) else " | "
        if i % 4 == 3 or i == len(bars) - 1:
            lines.append(line.rstrip())
            line = ""
    return "\n".join([*head, *lines]) + "\n"


def _last(bars: Sequence[Sequence[Event]]) -> int:
    """The pitch word that sounded last, `REST` if none."""
    words = [pitch for bar in bars[-4:] for pitch, _ in bar if pitch != HOLD]
    return words[-1] if words else REST


def _bar(
    bar: Sequence[Event], metre: str, tonic: int, spelling: dict[int, tuple[str, str]],
    before: int, *, held_on: bool,
) -> str:  # fmt: skip
    text, tick, altered = "", 0, dict[str, str]()
    triplet = 0
    for i, (pitch, ticks) in enumerate(bar):
        if tick and tick % BEAT_TICKS[metre] == 0:
            text += " "
        word = before if pitch == HOLD else pitch
        if ticks in (4, 8, 16) and triplet == 0:
            triplet = _run_of_thirds(bar[i:])
            text += f"(3:2:{triplet}" if triplet != 3 else "(3"
        written = ticks * 3 // 2 if triplet else ticks
        triplet -= triplet > 0
        note = "z" if word == REST else _note(tonic + semitones(word), spelling, altered)
        text += note + _length(written, metre) + ("-" if held_on and i == len(bar) - 1 else "")
        before = word
        tick += ticks
    return text


def _run_of_thirds(events: Sequence[Event]) -> int:
    """How many events from the first on belong to one triplet."""
    total = 0
    for count, (_, ticks) in enumerate(events, 1):
        total += ticks
        if total % 3 == 0 or ticks not in (4, 8, 16):
            return count
    return len(events)


def _length(ticks: int, metre: str) -> str:
    units = Fraction(ticks, UNIT * STRETCH.get(metre, 1))
    top = "" if units.numerator == 1 else str(units.numerator)
    return top if units.denominator == 1 else f"{top}/{units.denominator}"


def _spelling(major: int) -> dict[int, tuple[str, str]]:
    """For every pitch class, the letter and the sign that it has in this signature."""
    flats = major in _FLATS
    naturals = {0: "C", 2: "D", 4: "E", 5: "F", 7: "G", 9: "A", 11: "B"}
    found = {}
    for pitch in range(12):
        if pitch in naturals:
            found[pitch] = (naturals[pitch], "=")
        else:
            found[pitch] = (naturals[(pitch + (1 if flats else -1)) % 12], "_" if flats else "^")
    return found | {-1: ("", "^" if not flats else "_")} | _signature(major, found)


def _signature(major: int, found: dict[int, tuple[str, str]]) -> dict[int, tuple[str, str]]:
    """Pitches of the scale need no sign."""
    scale = [(major + step) % 12 for step in (0, 2, 4, 5, 7, 9, 11)]
    return {pitch: (found[pitch][0], "") for pitch in scale}


def _note(midi: int, spelling: dict[int, tuple[str, str]], altered: dict[str, str]) -> str:
    letter, sign = spelling[midi % 12]
    octave = midi // 12 - 5
    if letter == "B" and midi % 12 in (0,):
        octave -= 1
    if letter == "C" and midi % 12 == 11:
        octave += 1
    name = letter if octave <= 0 else letter.lower()
    name += "'" * (octave - 1) if octave > 1 else "," * -octave if octave < 0 else ""
    shown = sign  # written out every time: not all readers carry a natural through the bar
    if not sign and altered.get(name):
        # Back to what the signature says.
        natural = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[letter]
        step = (midi % 12 - natural + 6) % 12 - 6
        shown = {0: "=", 1: "^", -1: "_"}.get(step, "")
    altered[name] = sign
    return shown + name
