"""Scores in files: MusicXML for other programs, SVG and PDF for paper."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from studio.engraving import pages
from studio.engraving.pages import Page
from studio.music.band.accompaniment import Arranged, is_pickup
from studio.music.files import musicxml
from studio.music.files.musicxml import Score, Staff, score_xml
from studio.music.phrases import Phrase
from studio.storage import files

ENGRAVED = (".svg", ".pdf")
SUFFIXES = (*musicxml.SUFFIXES, *ENGRAVED)
STAVES = ("lead", "chords", "bass")
"""The parts that stand on paper."""


def check(suffix: str) -> None:
    """Raises `StudioError` with what to do where such a file cannot be written here."""
    if suffix in ENGRAVED:
        pages.check()


def score_of(
    lead: Phrase, band: Sequence[Arranged] = (), *, title: str = "", tempo: float | None = None
) -> Score:
    """A tune on paper, with its `band`, one for each bar of it, if there is any."""
    staves = [Staff.of("lead", lead)]
    for part in STAVES[1:] if band else ():
        written = tuple(bar.written[part] for bar in band)
        staves += [Staff(part, written)] if any(written) else []
    bars = lead.bars()
    return Score(
        staves=tuple(staves),
        metre=lead.metre,
        key=lead.key,
        chords=tuple(tuple((s.start_beats, s.chord) for s in bar.changes) for bar in band),
        title=title,
        tempo=tempo,
        pickup=len(bars) > 1 and is_pickup(bars[0]),
    )


def write(file: Path, score: Score) -> list[Path]:
    """Write `score` as the suffix of `file` says; the files that were written. Raises OSError, and
    `StudioError` where Verovio is missing."""
    if file.suffix.lower() in musicxml.SUFFIXES:
        musicxml.write(file, score)
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
