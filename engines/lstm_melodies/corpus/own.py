"""An artist's own tunes as training data: a folder of .mid, .abc, .musicxml, .xml or .mxl files.

Scores are read by music21, MIDI files as the instrument reads them. Every file is a family of its
own; with fewer than twenty tunes nothing is held back, otherwise every tenth serves for validation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.hearing import hear
from studio.document.errors import StudioError
from studio.engine import EngineError
from studio.music.files import midi as midi_files

SCORES = {".abc", ".musicxml", ".xml", ".mxl"}
MIDI = set(midi_files.SUFFIXES)
FEWEST_HELD_BACK = 20


def read(folder: Path) -> tuple[list[Melody], list[str]]:
    """The melodies of every file, and a sentence for each that is not as it was written.

    Raises `EngineError` if nothing in `folder` can be used.
    """
    melodies: list[Melody] = []
    notices: list[str] = []
    named = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SCORES | MIDI]
    files = [path for path in named if path.is_file()]  # a pipe would be waited for
    for family, path in enumerate(files):
        try:
            is_midi = path.suffix.lower() in MIDI
            found = list(_midi(path, notices) if is_midi else _score(path, notices))
        except (StudioError, OSError, EOFError, ValueError, LookupError, TypeError) as error:
            notices.append(f"{path.name} was left out: {error}")
            continue
        if not found:
            notices.append(f"{path.name} was left out: no four bars in a row add up.")
        melodies += [replace(melody, family=family, number=path.name) for melody in found]
    if not melodies:
        raise EngineError(f"There is no melody in {folder} that can be learnt from.{_why(notices)}")
    return _parted(melodies), notices


def _why(notices: list[str]) -> str:
    return f" {notices[0]}" if notices else ""


def _parted(melodies: list[Melody]) -> list[Melody]:
    families = sorted({melody.family for melody in melodies})
    held = set(families[::10]) if len(families) >= FEWEST_HELD_BACK else set()
    return [replace(m, split="validation" if m.family in held else "training") for m in melodies]


def _score(path: Path, notices: list[str]) -> Iterator[Melody]:
    from engines.lstm_melodies.corpus import corpora, prepare  # music21 takes seconds to import

    notices += [f"{path.name}: {remark}" for remark in corpora.remarks_on(path)]
    for tune in corpora.read_file(path):
        yield from prepare.melodies_of(tune)


def _midi(path: Path, notices: list[str]) -> Iterator[Melody]:
    phrase = midi_files.read(path)
    heard = hear(phrase)
    notices += [f"{path.name}: {notice}" for notice in (*phrase.remarks, *heard.notices)]
    yield Melody(
        bars=heard.bars,
        ends=(False,) * len(heard.bars),
        opens=True,
        genre="any",
        metre=heard.metre,
        mode=heard.mode,
        tonic=heard.tonic,
        book="own",
        number=path.name,
        family=0,
        split="training",
        credit="",
    )
