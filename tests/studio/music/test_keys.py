"""Keys are named as people name them, and found in notes."""

from __future__ import annotations

import pytest

from studio.music import keys
from studio.music.modes import MODES
from studio.music.phrases import Key
from tests.studio.music.scraps import HYMN, JIG, REEL, line


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("D dorian", Key(2, "dorian")),
        ("Am", Key(9, "minor")),
        ("a minor", Key(9, "minor")),
        ("Bb", Key(10, "major")),
        ("F# min", Key(6, "minor")),
        ("e flat", Key(3, "major")),
        ("G mix", Key(7, "mixolydian")),
        ("Edor", Key(4, "dorian")),
        ("H minor", None),
        ("D locrian", None),
        ("", None),
    ],
)
def test_names(text: str, key: Key | None) -> None:
    assert keys.parse(text) == key


def test_every_key_reads_its_own_name() -> None:
    for tonic in range(12):
        for mode in MODES:
            assert keys.parse(str(Key(tonic, mode))) == Key(tonic, mode)


def test_a_mode_has_the_signature_of_its_relative_major() -> None:
    assert keys.accidentals(Key(2, "major")) == 2
    assert keys.accidentals(Key(4, "dorian")) == 2
    assert keys.accidentals(Key(9, "mixolydian")) == 2
    assert keys.accidentals(Key(11, "minor")) == 2
    assert keys.accidentals(Key(5, "major")) == -1
    assert set(keys.scale(Key(4, "dorian"))) == set(keys.scale(Key(2, "major")))


def test_flats_are_written_where_the_key_has_them() -> None:
    assert keys.name_of(70, Key(5, "major")) == "Bb"
    assert keys.name_of(70, Key(2, "major")) == "A#"


def test_a_key_s_own_notes_have_seven_letters() -> None:
    for tonic in range(12):
        for mode in MODES:
            key = Key(tonic, mode)
            names = [keys.name_of(pitch, key) for pitch in keys.scale(key)]
            assert len({name[0] for name in names}) == 7
            assert [keys.tonic_of(name) for name in names] == list(keys.scale(key))
    assert keys.name_of(5, Key(6, "major")) == "E#"


def test_the_key_of_tunes() -> None:
    assert keys.best_key(REEL.notes) == Key(2, "major")
    assert keys.best_key(JIG.notes) == Key(7, "major")
    assert keys.best_key(HYMN.notes) == Key(7, "major")
    dorian = line("E4 G4 B4 D5 C#5 B4 A4 F#4 G4 F#4 E4 D4 E4 B4 E4 -")
    assert keys.best_key(dorian.notes) == Key(4, "dorian")


def test_a_signature_narrows_the_choice() -> None:
    assert keys.accidentals(keys.best_key(REEL.notes, sharps=-1)) == -1
    assert keys.best_key(REEL.notes, sharps=2) == Key(2, "major")


def test_nothing_played_is_in_c() -> None:
    assert keys.best_key(()) == Key(0, "major")
