"""Where a source of notes sits: called on a thread of its own, so that it holds up nobody else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Condition, Thread

from studio.live._sources import NoteSource
from studio.music.notes import Note

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BeatSpan:
    """A stretch of beats that is asked for, [start, end). `cut` tells spans before and after a
    jump apart."""

    cut: int
    start_beats: float
    end_beats: float


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """What a source plays in `span`."""

    span: BeatSpan
    notes: tuple[Note, ...]


class SourceThread:
    """Asks one source without waiting for it. `ask` and `collect` are the conductor's.

    Spans that the source has not come to yet are joined, so a slow one is never asked for more than
    one at a time. `wake` is called when notes are ready; `trouble(sentence)` when the source fails,
    once until it has played again. Both are called on that thread.
    """

    def __init__(
        self,
        source: NoteSource,
        wake: Callable[[], None],
        trouble: Callable[[str], None],
    ) -> None:
        self.source = source
        self.failures = 0
        """How often the source raised."""
        self._wake = wake
        self._trouble = trouble
        self._in_trouble = False
        self._ready = Condition()
        self._span: BeatSpan | None = None
        self._answers: list[SourceAnswer] = []
        self._closed = False

    # -- the conductor's side ------------------------------------------------------------------

    def open(self) -> None:
        """Let the source play from now on."""
        Thread(target=self._run, name=f"track {self.source.track}", daemon=True).start()

    def close(self) -> None:
        """No more asking. A source that hangs is left behind: its thread cannot hold the exit."""
        with self._ready:
            self._closed = True
            self._ready.notify_all()

    def ask(self, span: BeatSpan) -> None:
        """Ask for `span`, which follows the last one or begins anew after a jump."""
        with self._ready:
            waiting = self._span
            if waiting is not None and waiting.cut == span.cut:
                span = replace(span, start_beats=waiting.start_beats)
            self._span = span
            self._ready.notify_all()

    def collect(self) -> list[SourceAnswer]:
        """The answers since the last call."""
        with self._ready:
            answers, self._answers = self._answers, []
            return answers

    # -- the source's side ---------------------------------------------------------------------

    def _run(self) -> None:
        while self._await_work():
            self.work()

    def _await_work(self) -> bool:
        with self._ready:
            while not (self._closed or self._span):
                self._ready.wait()
            return not self._closed

    def work(self) -> None:
        """Have the source do what is asked for; for its own thread."""
        with self._ready:
            span, self._span = self._span, None
        if span is not None:
            self._play(span)

    def _play(self, span: BeatSpan) -> None:
        notes: list[Note] = []
        self._guarded(lambda: notes.extend(self._asked(span)))
        if notes:
            with self._ready:
                self._answers.append(SourceAnswer(span, tuple(notes)))
            self._wake()

    def _asked(self, span: BeatSpan) -> list[Note]:
        """The source's notes, checked: one outside the span would sound twice or too late."""
        notes = self.source.notes(span.start_beats, span.end_beats)
        return [n for n in notes if span.start_beats <= n.start_beats < span.end_beats]

    def _guarded(self, call: Callable[[], None]) -> None:
        try:
            call()
            self._in_trouble = False
        except Exception as error:  # noqa: BLE001 - a source may raise anything
            _log.exception("track %s", self.source.track)
            self.failures += 1
            self._tell(error)

    def _tell(self, error: Exception) -> None:
        if not self._in_trouble:
            self._in_trouble = True
            name = type(error).__name__
            self._trouble(f"The track {self.source.track} stumbled ({name}); the others play on.")
