"""Where notes come from: the protocol, and a source whose bars are made one ahead.

The conductor asks each source for the notes of short spans that follow each other without gap or
overlap. A source on which somebody else composes (an engine, at its own pace) is a `Bars`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import Lock
from typing import Protocol, runtime_checkable

from studio.live.notes import Note
from studio.live.tempo import Bar, Metre


class NoteSource(Protocol):
    """What plays a track. All is called on a thread of the source's own (see `studio.live.chairs`):
    one that raises or is slow costs its own notes and nobody else's.
    """

    track: str
    """Names the track for routes; no two sources at once share one."""

    def notes(self, start_beats: float, end_beats: float) -> Sequence[Note]:
        """The notes that begin in [start_beats, end_beats), in quarter notes; any order.

        Spans follow each other while the transport plays and jump when it is located. Quick: it is
        called every 10 ms for about 10 ms of music, a tenth of a second before they sound.
        """


@runtime_checkable
class Prepares(Protocol):
    """A source that wants to know the bars to come."""

    def prepare(self, bar: Bar) -> None:
        """`bar` will be played next: one bar's time ahead, or as soon as it is known.

        Called in order, once for each bar that comes near, and again after a jump. Starts the work
        and returns.
        """


@runtime_checkable
class CountsIn(Protocol):
    """A source that plays in the count-in as well, where the others are silent until it is over."""

    counts_in: bool


class Bars:
    """A track of bars that somebody composes one ahead.

    `compose(bar)` is called one bar ahead and is to see that `deliver` follows. A bar that has not
    come when it begins is replaced by the bar at hand, the one played last, and counted in
    `replaced`; before the first delivery there is silence, which is counted too.
    """

    def __init__(self, track: str, metre: Callable[[], Metre], compose: Callable[[Bar], None]):
        self.track = track
        self.replaced = 0
        """How many bars began without having been delivered."""
        self._metre = metre
        self._compose = compose
        self._lock = Lock()
        self._coming: dict[int, tuple[Note, ...]] = {}
        self._playing: int | None = None
        self._at_hand: tuple[Note, ...] = ()

    def prepare(self, bar: Bar) -> None:
        """Ask for `bar`; what was delivered for bars long gone is forgotten."""
        with self._lock:
            self._coming = {n: b for n, b in self._coming.items() if abs(n - bar.number) <= 2}
        self._compose(bar)

    def deliver(self, number: int, notes: Sequence[Note]) -> None:
        """The notes of bar `number`, in beats from its start. From any thread; the last one wins.

        For a bar that has begun it is too late, but not for the next, should that be late as well.
        """
        with self._lock:
            self._coming[number] = tuple(notes)

    def notes(self, start_beats: float, end_beats: float) -> Sequence[Note]:
        """What begins in [start_beats, end_beats), bar by bar."""
        metre = self._metre()
        found: list[Note] = []
        bar = metre.bar_at(start_beats)
        while bar.start_beats < end_beats:
            for note in self._begun(bar.number):
                start = bar.start_beats + note.start_beats
                inside = note.start_beats < bar.length_beats  # a longer bar of another metre
                if inside and start_beats <= start < end_beats:
                    found.append(replace(note, track=self.track, start_beats=start))
            bar = metre.bar(bar.number + 1)
        return found

    def _begun(self, number: int) -> tuple[Note, ...]:
        """What bar `number` plays, settled when it begins."""
        with self._lock:
            if number != self._playing:
                self._playing = number
                self._settle(number)
            return self._at_hand

    def _settle(self, number: int) -> None:
        too_late = self._coming.pop(number - 1, None)
        delivered = self._coming.pop(number, None)
        self.replaced += delivered is None
        for bar in (too_late, delivered):
            self._at_hand = self._at_hand if bar is None else bar
