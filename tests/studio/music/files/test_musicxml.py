"""Scores as MusicXML, read back by music21."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree

import pytest

from studio.music.band.accompaniment import arrange_tune
from studio.music.band.players import BandSetting
from studio.music.files.musicxml import Score, Staff, score_xml
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase
from tests.studio.music.scraps import D_MAJOR, HYMN, JIG, REEL, line

MARKUP = 'A <b>jig</b> & "more"'


def whole(lead: Phrase, genre: str, **more: Any) -> Score:
    """The score of a tune with its band."""
    band = arrange_tune(lead, BandSetting(genre=genre))
    backing = (Staff(part, tuple(b.written[part] for b in band)) for part in ("chords", "bass"))
    chords = tuple(tuple((s.start_beats, s.chord) for s in bar.changes) for bar in band)
    staves = (Staff.of("lead", lead), *backing)
    return Score(staves=staves, metre=lead.metre, key=lead.key, chords=chords, **more)


def alone(lead: Phrase, **more: Any) -> Score:
    return Score(staves=(Staff.of("lead", lead),), metre=lead.metre, key=lead.key, **more)


def heard(part: Any) -> list[tuple[Fraction, Fraction, int]]:
    """(beginning, length, pitch) of each note of a part of music21's, tied ones as one. (Its own
    `stripTies` takes a G natural and a G in one bar for two pitches.)"""
    found: dict[tuple[Fraction, int], Fraction] = {}
    tied: dict[int, Fraction] = {}
    for each in part.flatten().notes:
        if "ChordSymbol" in each.classes:
            continue
        for note in getattr(each, "notes", (each,)):
            goes_on = note.tie is not None and note.tie.type in ("continue", "stop")
            pitch, at = note.pitch.midi, Fraction(each.offset)
            start = tied.get(pitch, at) if goes_on else at
            tied[pitch] = start
            found[start, pitch] = at + Fraction(each.quarterLength) - start
    return sorted((start, length, pitch) for (start, pitch), length in found.items())


def told(lead: Phrase) -> list[tuple[Fraction, Fraction, int]]:
    def exact(beats: float) -> Fraction:
        return Fraction(round(beats * 24), 24)

    return sorted((exact(n.start_beats), exact(n.length_beats), n.pitch) for n in lead.notes)


@pytest.mark.parametrize(("lead", "genre"), [(REEL, "reel"), (JIG, "jig"), (HYMN, "chorale")])
def test_another_program_reads_the_notes_and_chords(lead: Phrase, genre: str) -> None:
    music21 = pytest.importorskip("music21", reason="music21 reads scores back")
    score = whole(lead, genre, title=MARKUP, tempo=112)
    read = music21.converter.parse(score_xml(score).decode(), format="musicxml")
    assert read.metadata.title == MARKUP
    assert [part.partName for part in read.parts] == ["Lead", "Chords", "Bass"]
    first = read.parts[0].flatten()
    assert heard(read.parts[0]) == told(lead)
    assert first.keySignature.sharps == {2: 2, 7: 1}[lead.key.tonic if lead.key else 0]
    assert first.timeSignature.ratioString == str(lead.metre)
    symbols = [(s.getOffsetInHierarchy(read), s.figure)
               for s in read.parts[0].recurse().getElementsByClass("ChordSymbol")]  # fmt: skip
    step = lead.metre.bar_beats
    assert symbols == [
        (number * step + beat, chord.named(lead.key))
        for number, bar in enumerate(score.chords)
        for beat, chord in bar
    ]


def test_any_melody_on_the_grid_comes_back() -> None:
    """Sixteenths, triplets and ties over bar lines, at random."""
    music21 = pytest.importorskip("music21", reason="music21 reads scores back")
    chance = random.Random(3)
    for metre in (Metre(4, 4), Metre(6, 8), Metre(3, 4), Metre(9, 8), Metre(7, 8)):
        notes, at, end = [], 0.0, 4 * metre.bar_beats
        while at < end - 1e-6:
            at = min(end, at + chance.choice((0, 0, 0.25, 0.5)))
            length = min(end - at, chance.choice((0.25, 0.5, 0.5, 0.75, 1, 1.5, 3)))
            if metre.unit == 4 and abs(at - round(at)) < 1e-6 and chance.random() < 0.3:
                thirds = [Note("lead", at + n / 3, 1 / 3, 60 + n, 90) for n in range(3)]
                notes += thirds if at + 1 <= end else []
                length = 1.0
            elif length > 0:
                notes.append(Note("lead", at, length, chance.randrange(55, 84), 90))
            at += length
        lead = Phrase(tuple(notes), end, metre, Key(3, "minor"))
        read = music21.converter.parse(score_xml(alone(lead)).decode(), format="musicxml")
        assert heard(read.parts[0]) == told(lead), metre


def length_of(measure: ElementTree.Element) -> int:
    """What its notes and rests fill, in ticks."""
    alone = (note for note in measure.iter("note") if note.find("chord") is None)
    return sum(int(note.findtext("duration", "0")) for note in alone)


def test_every_bar_is_full_and_every_note_has_a_place_of_its_own() -> None:
    for lead, genre, full in ((REEL, "march", 96), (REEL, "strathspey", 96), (JIG, "jig", 72)):
        root = ElementTree.fromstring(score_xml(whole(lead, genre)))
        assert {length_of(measure) for measure in root.iter("measure")} == {full}, genre
    ids = [note.get("id") for note in root.iter("note") if note.find("rest") is None]
    assert len(set(ids)) == len(ids)
    assert "lead-0-0-12-67" in ids


def test_a_pickup_is_written_short() -> None:
    lead = line(". . . . . . D5 E5  F#5 - - - D5 - - -")
    first, second = ElementTree.fromstring(score_xml(alone(lead, pickup=True))).iter("measure")
    assert (first.get("number"), first.get("implicit"), second.get("number")) == ("0", "yes", "1")
    assert length_of(first) == 24


def test_hands_that_are_no_machines_do_not_break_it() -> None:
    notes = (Note("lead", 0.013, 0.32, 70, 90), Note("lead", 0.34, 0.31, 72, 90))
    root = ElementTree.fromstring(score_xml(alone(Phrase(notes, 3, Metre(3, 4), Key(5)))))
    first = [note for note in root.iter("note") if note.find("rest") is None]
    assert [note.findtext("time-modification/actual-notes") for note in first] == ["3", "3"]
    assert first[0].findtext("pitch/alter") == "-1"
    assert first[0].find("accidental") is None, "it is in the signature"


def test_an_empty_tune_is_a_rest() -> None:
    root = ElementTree.fromstring(score_xml(alone(Phrase((), 4, Metre(), D_MAJOR))))
    assert root.find(".//rest[@measure='yes']") is not None
