"""Sheet music as MusicXML, by music21 where that is installed (the `train` extra brings it)."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from studio.document.errors import StudioError
from studio.music.harmony.changes import Changes
from studio.music.keys import accidentals, best_key, name_of
from studio.music.notes import Note
from studio.music.phrases import Phrase
from studio.processes.packaged import remedy
from studio.storage.files import replace

SUFFIXES = (".musicxml", ".xml")
_GRID = 24
_KINDS = {"": "major", "m": "minor", "dim": "diminished", "7": "dominant-seventh"}


def check() -> None:
    """Raises `StudioError` with what to do where music21 is not installed."""
    if importlib.util.find_spec("music21") is None:
        how = remedy("pip install 'latent-loom[train]'")
        raise StudioError(f"Sheet music wants music21: {how}.")


def write(
    path: Path,
    phrase: Phrase,
    *,
    tempo: float = 120.0,
    title: str = "",
    changes: Sequence[Changes] = (),
) -> None:
    """Write the melody of `phrase` with the chord names of `changes` (one a bar) to `path`.

    Raises `StudioError` without music21, and OSError.
    """
    check()
    exporter = importlib.import_module("music21.musicxml.m21ToXml").GeneralObjectExporter
    replace(path, exporter(_score(phrase, tempo, title, changes)).parse())


def _music() -> Any:
    return importlib.import_module("music21")  # takes seconds: not before it is wanted


def _score(phrase: Phrase, tempo: float, title: str, changes: Sequence[Changes]) -> Any:
    music, key = _music(), phrase.key or best_key(phrase.notes)
    part = music.stream.Part()
    part.insert(0, music.meter.TimeSignature(str(phrase.metre)))
    part.insert(0, music.key.KeySignature(accidentals(key)))
    part.insert(0, music.tempo.MetronomeMark(number=round(tempo)))
    for note in phrase.top_line().notes:
        part.insert(_on_grid(note.start_beats), _note(note, phrase))
    for number, bar in enumerate(changes):
        _name_chords(part, bar, number * phrase.metre.bar_beats, phrase)
    part.makeRests(fillGaps=True, inPlace=True)
    part.makeNotation(inPlace=True)
    score = music.stream.Score([part])
    score.insert(0, music.metadata.Metadata(title=title or "Tune", composer="Latent Loom"))
    return score


def _note(note: Note, phrase: Phrase) -> Any:
    music = _music()
    written = music.pitch.Pitch(name_of(note.pitch, phrase.key).replace("b", "-"))
    written.octave = (note.pitch - written.alter) // 12 - 1
    length = max(Fraction(1, _GRID), _on_grid(note.length_beats))
    return music.note.Note(written, quarterLength=length)


def _name_chords(part: Any, bar: Changes, start: float, phrase: Phrase) -> None:
    music = _music()
    for span in bar:
        root = name_of(span.chord.root, phrase.key).replace("b", "-")
        symbol = music.harmony.ChordSymbol(root=root, kind=_KINDS[span.chord.quality])
        symbol.writeAsChord = False
        part.insert(start + span.start_beats, symbol)


def _on_grid(beats: float) -> Fraction:
    return Fraction(round(beats * _GRID), _GRID)
