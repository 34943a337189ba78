"""The tunes as the training wants them, and the small file that holds them.

    python -m engines.lstm_melodies.corpus.archive

reads music21's corpus (`corpora`) and writes `data/tunes.xz`. Everything else needs the file only.
"""

from __future__ import annotations

import functools
import io
import lzma
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.lstm_melodies.grid import BAR_TICKS, GENRES, METRES, MODES, Event

FILE = Path(__file__).resolve().parents[1] / "data" / "tunes.xz"
SPLITS = ("training", "validation", "held_out")


@dataclass(frozen=True, slots=True)
class Melody:
    """An unbroken stretch of a tune: whole bars, the first of them led in by a rest if need be."""

    bars: tuple[tuple[Event, ...], ...]
    ends: tuple[bool, ...]
    """For every bar, whether a part of the tune ends with it."""
    opens: bool
    """Whether the tune begins here, and not in its middle."""
    genre: str
    metre: str
    mode: str
    tonic: int
    """The MIDI number from which the pitches are counted."""
    book: str
    number: str
    family: int
    """The same for all versions of a tune, in whatever book."""
    split: str
    credit: str

    @property
    def notes(self) -> int:
        return sum(len(bar) for bar in self.bars)


def write(melodies: list[Melody], path: Path = FILE) -> None:
    """Pack `melodies` as arrays, xz-compressed."""
    books = sorted({m.book for m in melodies})
    credits = sorted({m.credit for m in melodies})
    events = [event for m in melodies for bar in m.bars for event in bar]
    arrays: dict[str, NDArray[Any]] = {
        "pitch": np.array([e[0] for e in events], np.uint8),
        "ticks": np.array([e[1] for e in events], np.uint8),
        "bars": np.array([len(m.bars) for m in melodies], np.uint16),
        "ends": np.packbits(np.array([end for m in melodies for end in m.ends], bool)),
        "opens": np.array([m.opens for m in melodies], np.uint8),
        "genre": np.array([GENRES.index(m.genre) for m in melodies], np.uint8),
        "metre": np.array([METRES.index(m.metre) for m in melodies], np.uint8),
        "mode": np.array([MODES.index(m.mode) for m in melodies], np.uint8),
        "tonic": np.array([m.tonic for m in melodies], np.uint8),
        "book": np.array([books.index(m.book) for m in melodies], np.uint8),
        "family": np.array([m.family for m in melodies], np.uint16),
        "split": np.array([SPLITS.index(m.split) for m in melodies], np.uint8),
        "credit": np.array([credits.index(m.credit) for m in melodies], np.uint16),
        "number": np.array([m.number for m in melodies]),
        "books": np.array(books),
        "credits": np.array(credits),
    }
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]  # its stub takes **kwds for a flag
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lzma.compress(buffer.getvalue(), preset=9 | lzma.PRESET_EXTREME))


@functools.cache
def load(path: Path = FILE) -> tuple[Melody, ...]:
    """All melodies of the archive."""
    arrays = np.load(io.BytesIO(lzma.decompress(path.read_bytes())), allow_pickle=False)
    a = {name: arrays[name] for name in arrays.files}
    ends = np.unpackbits(a["ends"]).astype(bool)
    melodies, note, bar = [], 0, 0
    for i in range(len(a["bars"])):
        metre, count = METRES[a["metre"][i]], int(a["bars"][i])
        bars = []
        for _ in range(count):
            filled, events = 0, []
            while filled < BAR_TICKS[metre]:
                events.append((int(a["pitch"][note]), int(a["ticks"][note])))
                filled += events[-1][1]
                note += 1
            bars.append(tuple(events))
        melodies.append(
            Melody(
                bars=tuple(bars),
                ends=tuple(bool(end) for end in ends[bar : bar + count]),
                opens=bool(a["opens"][i]),
                genre=GENRES[a["genre"][i]],
                metre=metre,
                mode=MODES[a["mode"][i]],
                tonic=int(a["tonic"][i]),
                book=str(a["books"][a["book"][i]]),
                number=str(a["number"][i]),
                family=int(a["family"][i]),
                split=SPLITS[a["split"][i]],
                credit=str(a["credits"][a["credit"][i]]),
            )
        )
        bar += count
    return tuple(melodies)


def split(name: str, path: Path = FILE) -> list[Melody]:
    """The melodies of "training", "validation" or "held_out"."""
    return [melody for melody in load(path) if melody.split == name]
