"""Sheet music as MusicXML."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.document.errors import StudioError
from studio.music.files import musicxml
from studio.music.harmony.changes import harmonise
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase
from tests.studio.music.scraps import D_MAJOR, REEL

music21 = pytest.importorskip("music21")


def test_a_tune_with_its_chords_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "tune.musicxml"
    changes = harmonise(REEL.bars(), D_MAJOR, "reel")
    musicxml.write(path, REEL, tempo=208, title="The Scrap", changes=changes)
    part = music21.converter.parse(path).parts[0].flatten()
    chords = [c.figure for c in part.getElementsByClass("ChordSymbol")]
    notes = [n for n in part.notes if n.isNote]
    assert [n.pitch.midi for n in notes] == [n.pitch for n in REEL.notes]
    assert chords == [span.chord.named(D_MAJOR) for bar in changes for span in bar]
    assert part.keySignature.sharps == 2


def test_flats_and_odd_lengths(tmp_path: Path) -> None:
    notes = (Note("lead", 0.01, 0.32, 70, 90), Note("lead", 1 / 3, 1 / 3, 72, 90))
    path = tmp_path / "tune.xml"
    musicxml.write(path, Phrase(notes, 3, Metre(3, 4), Key(5, "major")))
    part = music21.converter.parse(path).parts[0].flatten()
    assert [n.name for n in part.notes] == ["B-", "C"]


def test_without_music21_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(musicxml.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(StudioError, match="pip install"):
        musicxml.check()
