"""A printer of scores in which a beat is as wide as any other; it prints when it is told to."""

from __future__ import annotations

from collections.abc import Callable

from studio.engraving.engraver import Answer
from studio.engraving.pages import Measure, Page, Place
from studio.music.files.musicxml import Score
from studio.music.keys import staff_place
from studio.music.phrases import Key

D_MAJOR, BEAT, TOP = Key(2), 800.0, 1000.0
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9000 3000"><rect width="900"/></svg>'


def x_of(bar: int, beat: float) -> float:
    return 500 + bar * 5 * BEAT + beat * BEAT


def y_of(pitch: int) -> float:
    """Treble: the top line is an F."""
    return TOP - 90 * (staff_place(pitch, D_MAJOR) - staff_place(77, Key(0)))


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
        places = [
            Place(f"lead-{n}-{n_.start_beats * 24:.0f}-{n_.length_beats * 24:.0f}-{n_.pitch}",
                  x_of(n, n_.start_beats), y_of(n_.pitch))
            for n, notes in enumerate(bars)
            for n_ in notes
        ]  # fmt: skip
        measures = tuple(Measure(x_of(n, -0.5), x_of(n, 4.5), TOP) for n in range(len(bars)))
        self.hear(len(self.asked), (Page(SVG, 9000, 3000, tuple(places), measures),))

    def close(self) -> None: ...
