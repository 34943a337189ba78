"""The books as music21 reads them: bars of notes, with what the header says. Training only.

Ryan's Mammoth Collection (1883), O'Neill's Music of Ireland (1903) and Aird's Airs (1778 on), typed
in by the transcribers of `credit`, and the sopranos of Bach's chorales: all in music21's corpus.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import music21
from music21 import converter, key, meter

from engines.lstm_melodies.corpus._transcribers import names_in
from engines.lstm_melodies.grid import TICKS

REST = -1

RYAN, ONEILL, AIRD, BACH = "ryansMammoth", "oneills1850", "airdsAirs", "bach"
BOOKS = (RYAN, ONEILL, AIRD, BACH)


@dataclass(frozen=True, slots=True)
class BookNote:
    """A note or a rest within a bar."""

    start: int
    """Ticks from the bar's beginning."""
    ticks: int
    pitch: int
    """MIDI number, or `REST`."""
    held: bool = False
    """Whether it goes on from the note before (tied over the bar line)."""


@dataclass(frozen=True, slots=True)
class BookBar:
    """One measure as it is written, pickups and split bars included."""

    ticks: int
    """How much of it is filled."""
    full: int
    """How much its metre asks for."""
    sounds: tuple[BookNote, ...]
    ending: int = 0
    """The number of the repeat's ending that it belongs to, 0 for none."""
    part_ends: bool = False
    """Whether a double bar or a repeat sign closes it."""


@dataclass(frozen=True, slots=True)
class BookTune:
    """A melody out of a book. Titles are read for the genre and not kept."""

    book: str
    number: str
    genre: str
    """As the book has it: the `R:` field, the title's last words, the place in the book."""
    metre: str
    sharps: int
    mode: str
    bars: tuple[BookBar, ...] = field(default=())
    credit: str = ""


_KEY = re.compile(
    r"(?i)$|none|HP|([A-G][#b]?\s*($|[%\s]|m$|m\s|maj|min|ion|dor|phr|lyd|mix|aeo|loc|exp))"
)
"""A key of ABC's standard (2.1, section 3.1.14)."""


def read(book: str, only: slice = slice(None)) -> Iterator[BookTune]:
    """Every tune of `book` that music21 can read, in the order of the files."""
    folder = Path(music21.__file__).parent / "corpus" / book
    files = sorted(folder.glob("*.mxl" if book == BACH else "*.abc"))
    for place, path in list(enumerate(files, 1))[only]:
        if book == BACH:
            yield from _chorale(path)
        else:
            yield from _abc(path, book, place)


def read_file(path: Path) -> Iterator[BookTune]:
    """The tunes of any score that music21 reads: an ABC file's, or another file's top part."""
    if path.suffix.lower() == ".abc":
        yield from _abc(path, "own", 1)
        return
    score = _parse(path)
    if score is not None:
        yield from _tune(_top_part(score), book="own", number=path.name, genre="", credit="")


def remarks_on(path: Path) -> list[str]:
    """What `read_file` takes otherwise than it is written, without saying so."""
    if path.suffix.lower() != ".abc":
        return []
    written = re.findall(r"(?m)^K:(.*)$", _text(path))
    strange = sorted({key.strip() for key in written if not _KEY.match(key.strip())})
    return [f"there is no key {key[:20]!r}; it was taken for C." for key in strange]


def _text(path: Path) -> str:
    """What is written there; a mark of byte order says how."""
    data = path.read_bytes()
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = data.decode("utf-16" if marked else "utf-8-sig", errors="replace")
    return io.StringIO(text, newline=None).read()


def _abc(path: Path, book: str, place: int) -> Iterator[BookTune]:
    pieces = re.split(r"(?m)^(?=X:)", _text(path))
    heading, tunes = pieces[0], pieces[1:]
    for piece in tunes:
        head = _fields(heading) | _fields(piece)
        score = _parse(_mended(piece))
        if score is None:
            continue
        yield from _tune(
            _top_part(score),
            book=book,
            # Ryan's tunes are a file each, all numbered 1.
            number=str(place) if book == RYAN else head.get("X", "").strip(),
            genre=_genre(book, path, head),
            credit=names_in(head.get("Z", "")),
        )


def _chorale(path: Path) -> Iterator[BookTune]:
    score = _parse(path)
    if score is None or len(score.parts) < 4:
        return
    soprano = next((p for p in score.parts if "sop" in str(p.partName).lower()), score.parts[0])
    yield from _tune(soprano, book=BACH, number=path.stem, genre="chorale", credit="")


def _parse(source: Any) -> Any | None:
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")  # it says what it thinks of every bar
            if isinstance(source, Path):
                return converter.parse(source, forceSource=True)
            return converter.parse(source, format="abc")
    except Exception:  # noqa: BLE001 - music21 raises whatever a stranger's typing leads it to
        return None


def _fields(piece: str) -> dict[str, str]:
    """Header fields of an ABC tune; the first of a kind counts, credits are joined."""
    found: dict[str, str] = {}
    for name, value in re.findall(r"(?m)^([A-Z]):(.*)$", piece):
        if name == "Z" and "abc" in value.lower():
            continue  # the program that was used
        if name == "Z" and "Z" in found:
            found["Z"] += ";" + value
        found.setdefault(name, value)
    return found


def _mended(piece: str) -> str:
    """Without the letters for fermata, trill and the like, at which music21 drops the note."""
    lines = []
    for line in piece.splitlines():
        if not re.match(r"[A-Za-z]:", line):
            line = re.sub(r'"[^"]*"', "", line)
            line = re.sub(r"[H-TW~.](?=[\[(]*[_^=]*[A-Ga-gz])", "", line).replace("`", "")
        lines.append(line)
    return "\n".join(lines)


def _top_part(score: Any) -> Any:
    return score.parts[0] if len(score.parts) else score


def _genre(book: str, path: Path, head: dict[str, str]) -> str:
    if book == RYAN:
        return (
            re.sub(r"(?<!^)(?=[A-Z])", " ", path.stem).lower() + " | " + head.get("R", "").lower()
        )
    if book == AIRD:
        return head.get("T", "").lower()
    return head.get("R", "").strip().lower()


def _tune(part: Any, **facts: str) -> Iterator[BookTune]:
    keys = list(part.recurse().getElementsByClass(key.KeySignature))
    metres = list(part.recurse().getElementsByClass(meter.TimeSignature))
    bars = _bars(part)
    if not keys or not metres or not bars:
        return
    yield BookTune(
        metre=metres[0].ratioString,
        sharps=int(keys[0].sharps),
        mode=str(getattr(keys[0], "mode", None) or ""),
        bars=tuple(bars),
        **facts,
    )


def _bars(part: Any) -> list[BookBar]:
    endings: dict[int, int] = {}
    for bracket in part.recurse().getElementsByClass("RepeatBracket"):
        for measure in bracket.getSpannedElements():
            endings[id(measure)] = int(str(bracket.number).split("-")[0].split(",")[0] or 0)
    bars, full = [], TICKS * 4
    for measure in part.getElementsByClass("Measure"):
        for signature in measure.getElementsByClass(meter.TimeSignature):
            full = int(signature.barDuration.quarterLength * TICKS)
        sounds = _sounds(measure)
        line = measure.rightBarline
        closed = line is not None and line.type in {"double", "final", "light-heavy", "heavy-light"}
        ticks = max((s.start + s.ticks for s in sounds), default=0)
        bars.append(BookBar(ticks, full, tuple(sounds), endings.get(id(measure), 0), closed))
    return [bar for bar in bars if bar.sounds]


def _sounds(measure: Any) -> list[BookNote]:
    """The measure's top line. Durations that are no whole ticks become -1, to be thrown out."""
    found = []
    for element in measure.recurse().notesAndRests:
        if element.duration.isGrace or not element.quarterLength:
            continue
        start = Fraction(element.getOffsetInHierarchy(measure)) * TICKS
        ticks = Fraction(element.quarterLength) * TICKS
        whole = start.denominator == ticks.denominator == 1
        pitch = REST if element.isRest else max(p.midi for p in element.pitches)
        held = element.tie is not None and element.tie.type in {"stop", "continue"}
        found.append(BookNote(int(start), int(ticks) if whole else -1, pitch, held))
    found.sort(key=lambda sound: sound.start)
    return found
