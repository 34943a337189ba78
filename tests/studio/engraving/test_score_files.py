"""Scores in files, read back by other people's programs with equal notes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import mido
import pytest

from studio.engraving.score_files import score_of, write
from studio.music.band.accompaniment import arrange_tune
from studio.music.band.players import BandSetting
from studio.music.phrases import Phrase, joined
from tests.studio.music.scraps import HYMN, JIG, REEL, line

READERS = {
    ".abc": ("abc2midi", "{score}", "-o", "{midi}", "-NGUI"),
    ".musicxml": (shutil.which("mscore3") or "mscore", "-o", "{midi}", "{score}"),
}
"""The program that reads such a file and writes MIDI. Debian: abcmidi, musescore3."""
TUNES = {
    "reel": joined([line(". . . . . . D5 E5"), *REEL.bars()]),  # with a pickup
    "jig": JIG,
    "march": REEL,  # its strums are the busiest
    "chorale": HYMN,
    "hornpipe": line("D5 E5 F#5 " * 8, step=1 / 3),
}


def read_back(score: Path) -> list[list[tuple[float, int]]]:
    """(beginning, pitch) of the notes of each track, as another program understood them."""
    midi = score.with_suffix(".mid")
    command = [word.format(score=score, midi=midi) for word in READERS[score.suffix]]
    quiet = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(score.parent)}
    subprocess.run(command, env=quiet, capture_output=True, check=True, timeout=60)
    found, file = [], mido.MidiFile(midi)
    for track in file.tracks:
        now, notes = 0, []
        for message in track:
            now += message.time
            if message.type == "note_on" and message.velocity:
                notes.append((now / file.ticks_per_beat, message.note))
        found += [sorted(notes)] if notes else []
    return found


def from_first(notes: list[tuple[float, int]]) -> list[tuple[float, int]]:
    return [(round(beat - notes[0][0], 2), pitch) for beat, pitch in notes]


@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize("genre", TUNES)
def test_another_program_reads_equal_notes(suffix: str, genre: str, tmp_path: Path) -> None:
    program = READERS[suffix][0]
    if shutil.which(program) is None:
        pytest.skip(f"{program} reads {suffix} files back: it is not installed")
    tune: Phrase = TUNES[genre]
    band = arrange_tune(tune, BandSetting(genre=genre))
    write(tmp_path / f"tune{suffix}", score_of(tune, band, title="A & B", tempo=112))
    told = [(note.start_beats, note.pitch) for note in tune.notes]
    read = [from_first(notes) for notes in read_back(tmp_path / f"tune{suffix}")]
    assert from_first(told) in (read[:1] if suffix == ".musicxml" else read)
