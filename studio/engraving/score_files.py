"""Scores in files: MusicXML for other programs, SVG and PDF for paper."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from studio.engraving import pages
from studio.engraving.pages import Page
from studio.music.band.accompaniment import Arranged, is_pickup
from studio.music.files import musicxml
from studio.music.files.abc import abc
from studio.music.files.musicxml import Score, Staff, score_xml
from studio.music.harmony.changes import spans
from studio.music.phrases import Phrase, joined
from studio.storage import files

ABC, ENGRAVED = ".abc", (".pdf", ".svg")
SUFFIXES = (ABC, *musicxml.SUFFIXES, *ENGRAVED)
STAVES = ("lead", "chords", "bass")
"""The parts that stand on paper."""


def check(suffix: str) -> None:
    """Raises `StudioError` with what to do where such a file cannot be written here."""
    if suffix in ENGRAVED:
        pages.check()


def score_of(
    lead: Phrase,
    band: Sequence[Arranged] = (),
    *,
    title: str = "",
    tempo: float | None = None,
    part: int = 8,
) -> Score:
    """A tune on paper, with its `band`, one for each bar of it, if there is any."""
    staves = [Staff.of("lead", lead)]
    for player in STAVES[1:] if band else ():
        written = tuple(bar.written[player] for bar in band)
        staves += [Staff(player, written)] if any(written) else []
    bars = lead.bars()
    return Score(
        staves=tuple(staves),
        metre=lead.metre,
        key=lead.key,
        chords=tuple(tuple((s.start_beats, s.chord) for s in bar.changes) for bar in band),
        title=title,
        tempo=tempo,
        part=part,
        pickup=len(bars) > 1 and is_pickup(bars[0]),
    )


def abc_of(score: Score) -> str:
    """Its first staff as ABC, with the names of chords."""
    step, key = score.metre.bar_beats, score.key
    bars = [Phrase(notes, step, score.metre, key) for notes in score.staves[0].bars]
    changes = [spans(names, step) for names in score.chords]
    return abc(
        joined(bars), title=score.title, changes=changes, part=score.part, pickup=score.pickup
    )


def write(file: Path, score: Score) -> list[Path]:
    """Write `score` as the suffix of `file` says; the files that were written. Raises OSError, and
    `StudioError` where Verovio is missing."""
    suffix = file.suffix.lower()
    if suffix not in ENGRAVED:
        text = abc_of(score).encode() if suffix == ABC else score_xml(score)
        files.replace(file, text)
        return [file]
    return write_pages(file, pages.sheets(score_xml(score).decode()))


def write_pages(file: Path, sheets: Iterable[Page]) -> list[Path]:
    """Write engraved pages: as one PDF, or as SVG, the second page beside the first as "-2". Raises
    OSError."""
    if file.suffix.lower() == ".pdf":
        with files.Draft(file) as draft:  # Qt is the window's: it is asked for by name
            importlib.import_module("ui.score.pdf").write(draft, [page.svg for page in sheets])
        return [file]
    written = []
    for number, page in enumerate(sheets, 1):
        name = file if number == 1 else file.with_stem(f"{file.stem}-{number}")
        files.replace(name, page.svg.encode())
        written.append(name)
    return written
