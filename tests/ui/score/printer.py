"""A printer of scores in which a beat is as wide as any other; it prints when it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from studio.engraving.engraver import Answer
from studio.engraving.pages import Measure, Page, Place
from studio.music.files.musicxml import Score
from studio.music.keys import staff_place
from studio.music.notes import Note
from studio.music.phrases import Key

D_MAJOR, BEAT, TOP = Key(2), 800.0, 1000.0
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9000 3000"><rect width="900"/></svg>'


def x_of(bar: int, beat: float) -> float:
    return 500 + bar * 5 * BEAT + beat * BEAT


def y_of(pitch: int) -> float:
    """Treble: the top line is an F."""
    return TOP - 90 * (staff_place(pitch, D_MAJOR) - staff_place(77, Key(0)))


def places_of(bar: int, notes: Sequence[Note]) -> Iterator[Place]:
    """Of notes, and of the rests between them."""
    reached = 0.0
    for note in (*notes, Note("lead", 4.0, 0.0, 0, 1)):
        start, ticks = note.start_beats, round(note.length_beats * 24)
        if start > reached:
            yield Place(f"rest-{bar}-{reached * 24:.0f}-6-0", x_of(bar, reached), TOP + 360)
        if ticks:
            name = f"lead-{bar}-{start * 24:.0f}-{ticks}-{note.pitch}"
            yield Place(name, x_of(bar, start), y_of(note.pitch))
        reached = start + note.length_beats


class Printer:
    """Engraves a beat like every other, when it is told to."""

    def __init__(self, hear: Callable[[int, Answer], None]) -> None:
        self.hear = hear
        self.asked: list[Score] = []

    def engrave(self, score: Score) -> int:
        self.asked.append(score)
        return len(self.asked)

    def answer(self) -> None:
        bars = self.asked[-1].staves[0].bars
        places = [place for n, notes in enumerate(bars) for place in places_of(n, notes)]
        measures = tuple(Measure(x_of(n, -0.5), x_of(n, 4.5), TOP) for n in range(len(bars)))
        self.hear(len(self.asked), (Page(SVG, 9000, 3000, tuple(places), measures),))

    def close(self) -> None: ...
