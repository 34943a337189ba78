"""Scores as MusicXML: staves of notes with the names of chords over the first.

After MusicXML 4.0 (W3C Music Notation Community Group, 2021). Written only, never read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from studio.music.chords import ChordNames
from studio.music.files._note_values import GRID, Head, Value, bar_ticks, beams, values_of
from studio.music.keys import accidentals, best_key, name_of, signature
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase

SUFFIXES = (".musicxml", ".xml")
_DOCTYPE = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE score-partwise PUBLIC '
    b'"-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">\n'
)
_KINDS = {
    "": "major",
    "m": "minor",
    "dim": "diminished",
    "7": "dominant",
    "m7": "minor-seventh",
    "maj7": "major-seventh",
    "m7b5": "half-diminished",
}
_SIGNS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
_MIDDLE_C = 60
_BEAMS = {"eighth": 1, "16th": 2, "32nd": 3}

"""The chords of one bar, each with the beat where it begins."""


@dataclass(frozen=True)
class Staff:
    """One part of a score."""

    part: str
    """One of `studio.document.score.PARTS`."""
    bars: tuple[tuple[Note, ...], ...]
    """The notes of each bar, in beats from its bar line."""

    @classmethod
    def of(cls, part: str, phrase: Phrase) -> Staff:
        """The staff of a whole part."""
        return cls(part, tuple(bar.notes for bar in phrase.bars()))


@dataclass(frozen=True, kw_only=True)
class Score:
    """All that is on paper; every staff has as many bars."""

    staves: tuple[Staff, ...]
    metre: Metre
    key: Key | None = None
    """None: the one that suits the first staff best."""
    chords: tuple[ChordNames, ...] = ()
    """For each bar."""
    title: str = ""
    tempo: float | None = None
    """Quarter notes a minute."""
    pickup: bool = False
    """Whether the first bar is one before the first: it is written without its silence."""
    part: int = 8
    """After so many bars a part ends, with a double bar line."""
    first: int = 1
    """The number of the first bar that is no pickup."""
    named: bool = True
    """Whether the staves bear the names of their parts."""
    closed: bool = True
    """Whether the last bar line is a double one."""


def score_xml(score: Score) -> bytes:
    """`score` as a MusicXML file. Every note has an id that tells `part-bar-tick-ticks-pitch`,
    with 24 ticks a beat and bars counted from 0; so have the rests of the first staff, as `rest`
    with pitch 0."""
    root = Element("score-partwise", version="4.0")
    if score.title:
        SubElement(SubElement(root, "work"), "work-title").text = score.title
    listed = SubElement(root, "part-list")
    for number, staff in enumerate(score.staves, 1):
        one = SubElement(listed, "score-part", id=f"P{number}")
        SubElement(one, "part-name").text = staff.part.title() if score.named else ""
    notes = chain.from_iterable(score.staves[0].bars) if score.staves else ()
    key = score.key or best_key(notes)
    for number in range(len(score.staves)):
        _Part(score, number, key).write(SubElement(root, "part", id=f"P{number + 1}"))
    indent(root)
    return _DOCTYPE + bytes(tostring(root, encoding="utf-8")) + b"\n"


class _Part:
    """Writes one staff."""

    def __init__(self, score: Score, number: int, key: Key) -> None:
        self._score, self._key = score, key
        self._is_first = number == 0
        self._staff = score.staves[number]
        self._signature = signature(key)
        bars = self._staff.bars
        tied = [frozenset(n.pitch for n in bar if n.tied) for bar in bars[1:]]
        self._lacks = _silence(score) if score.pickup else 0
        begins = [self._lacks, *(0 for _ in bars[1:])]
        coarse = self._staff.part != "lead"
        self._values = [
            values_of(bar, score.metre, over, coarse=coarse, begin=begin)
            for bar, over, begin in zip(bars, [*tied, frozenset[int]()], begins, strict=True)
        ]

    def write(self, part: Element) -> None:
        for index, values in enumerate(self._values):
            number = self._score.first + index - self._score.pickup
            measure = SubElement(part, "measure", number=str(number))
            if index == 0 and self._lacks:
                measure.set("implicit", "yes")
            if index == 0:
                self._write_attributes(measure)
                self._write_tempo(measure)
            self._write_bar(measure, index, values)
            self._write_bar_line(measure, index)

    def _write_bar_line(self, measure: Element, index: int) -> None:
        score = self._score
        ends = index == len(self._values) - 1
        number = score.first + index - score.pickup
        if (ends and score.closed) or (not ends and number > 0 and number % score.part == 0):
            line = SubElement(measure, "barline", location="right")
            SubElement(line, "bar-style").text = "light-heavy" if ends else "light-light"

    # -- what stands before notes --------------------------------------------------------------

    def _write_attributes(self, measure: Element) -> None:
        about = SubElement(measure, "attributes")
        SubElement(about, "divisions").text = str(GRID)
        SubElement(SubElement(about, "key"), "fifths").text = str(accidentals(self._key))
        time = SubElement(about, "time")
        SubElement(time, "beats").text = str(self._score.metre.beats)
        SubElement(time, "beat-type").text = str(self._score.metre.unit)
        clef = SubElement(about, "clef")
        sign, line = ("F", "4") if self._is_low() else ("G", "2")
        SubElement(clef, "sign").text = sign
        SubElement(clef, "line").text = line

    def _is_low(self) -> bool:
        pitches = [note.pitch for bar in self._staff.bars for note in bar]
        middle = sum(pitches) / len(pitches) if pitches else 72.0
        return self._staff.part == "bass" or middle < _MIDDLE_C

    def _write_tempo(self, measure: Element) -> None:
        if self._score.tempo is None or not self._is_first:
            return
        told = SubElement(measure, "direction", placement="above")
        words = SubElement(SubElement(told, "direction-type"), "words")
        words.text = f"♩ = {round(self._score.tempo)}"
        SubElement(told, "sound", tempo=f"{self._score.tempo:g}")

    def _write_chords(self, measure: Element, index: int) -> None:
        lacks = 0 if index else self._lacks
        names = self._score.chords[index] if index < len(self._score.chords) else ()
        for beat, chord in names:
            tick = max(0, round(beat * GRID) - lacks)
            harmony = SubElement(measure, "harmony", placement="above")
            root = SubElement(harmony, "root")
            step, alter = _letter(name_of(chord.root, self._key))
            SubElement(root, "root-step").text = step
            if alter:
                SubElement(root, "root-alter").text = str(alter)
            kind = SubElement(harmony, "kind", text=chord.quality)
            kind.text = _KINDS[chord.quality]
            if tick:
                SubElement(harmony, "offset").text = str(tick)

    # -- notes ---------------------------------------------------------------------------------

    def _write_bar(self, measure: Element, index: int, values: Sequence[Value]) -> None:
        if self._is_first:
            self._write_chords(measure, index)
        signs: dict[tuple[str, int], int] = {}
        beamed = _beam_words(values, self._score.metre)
        for number, value in enumerate(values):
            if not value.heads:
                self._write_rest(measure, index, value)
            for place, head in enumerate(value.heads):
                note = SubElement(measure, "note")
                part = self._staff.part
                note.set("id", f"{part}-{index}-{value.tick}-{value.ticks}-{head.pitch}")
                if place:
                    SubElement(note, "chord")
                self._write_head(note, value, head, signs)
                if not place:
                    for level, word in enumerate(beamed[number], 1):
                        SubElement(note, "beam", number=str(level)).text = word
                self._write_notations(note, value, head, is_first=not place)

    def _write_rest(self, measure: Element, index: int, value: Value) -> None:
        note = SubElement(measure, "note")
        if self._is_first:
            note.set("id", f"rest-{index}-{value.tick}-{value.ticks}-0")
        rest = SubElement(note, "rest")
        whole = not value.name and value.ticks == bar_ticks(self._score.metre)
        if whole:
            rest.set("measure", "yes")
        SubElement(note, "duration").text = str(value.ticks)
        SubElement(note, "voice").text = "1"
        if not whole:
            _write_length(note, value)
        if value.triplet in ("start", "stop"):
            SubElement(SubElement(note, "notations"), "tuplet", type=value.triplet)

    def _write_head(
        self, note: Element, value: Value, head: Head, signs: dict[tuple[str, int], int]
    ) -> None:
        step, alter = _letter(name_of(head.pitch, self._key))
        octave = (head.pitch - alter) // 12 - 1
        pitch = SubElement(note, "pitch")
        SubElement(pitch, "step").text = step
        if alter:
            SubElement(pitch, "alter").text = str(alter)
        SubElement(pitch, "octave").text = str(octave)
        SubElement(note, "duration").text = str(value.ticks)
        for tied, kind in ((head.from_before, "stop"), (head.goes_on, "start")):
            if tied:
                SubElement(note, "tie", type=kind)
        SubElement(note, "voice").text = "1"
        known = signs.get((step, octave), self._signature.get(step, 0))
        shown = "" if known == alter or head.from_before else _SIGNS[alter]
        if not head.from_before:
            signs[step, octave] = alter
        _write_length(note, value, shown)

    def _write_notations(self, note: Element, value: Value, head: Head, *, is_first: bool) -> None:
        bracket = is_first and value.triplet in ("start", "stop")
        if not (head.from_before or head.goes_on or bracket):
            return
        notations = SubElement(note, "notations")
        for tied, kind in ((head.from_before, "stop"), (head.goes_on, "start")):
            if tied:
                SubElement(notations, "tied", type=kind)
        if bracket:
            SubElement(notations, "tuplet", type=value.triplet)


def _silence(score: Score) -> int:
    """The ticks before the first note of a pickup, in the score's first staff."""
    values = values_of(score.staves[0].bars[0], score.metre)
    return next((value.tick for value in values if value.heads), 0)


def _write_length(note: Element, value: Value, sign: str = "") -> None:
    SubElement(note, "type").text = value.name
    for _ in range(value.dots):
        SubElement(note, "dot")
    if sign:
        SubElement(note, "accidental").text = sign
    if value.triplet:
        three = SubElement(note, "time-modification")
        SubElement(three, "actual-notes").text = "3"
        SubElement(three, "normal-notes").text = "2"
        SubElement(three, "normal-type").text = value.thirds


def _beam_words(values: Sequence[Value], metre: Metre) -> list[list[str]]:
    """For each value, what its beams do, the outermost first."""
    words: list[list[str]] = [[] for _ in values]
    for first, last in beams(values, metre):
        for level in range(1, 4):
            for index in range(first, last + 1):
                if _BEAMS[values[index].name] >= level:
                    left = index > first and _BEAMS[values[index - 1].name] >= level
                    right = index < last and _BEAMS[values[index + 1].name] >= level
                    words[index].append(_beam_word(left, right, is_first=index == first))
    return words


def _beam_word(left: bool, right: bool, *, is_first: bool) -> str:
    if left and right:
        return "continue"
    if left or right:
        return "end" if left else "begin"
    return "forward hook" if is_first else "backward hook"


def _letter(name: str) -> tuple[str, int]:
    """A note's name without octave, as its letter and its sharps or (negative) flats."""
    return name[0], name.count("#") - name[1:].count("b")
