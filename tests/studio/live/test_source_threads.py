"""A source is asked on a thread of its own, for one stretch at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import pytest

from studio.live._source_threads import BeatSpan, SourceThread
from studio.music.notes import Note
from tests.fakes import is_one_sentence
from tests.studio.live.band import note

PATIENCE_S = 10.0


class Gated:
    """A source that waits for its gate in `notes`, then plays one note at the span's start."""

    track = "gated"

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.inside = threading.Event()
        self.asked: list[tuple[float, float]] = []

    def notes(self, start_beats: float, end_beats: float) -> Sequence[Note]:
        self.inside.set()
        self.gate.wait(PATIENCE_S)
        self.asked.append((start_beats, end_beats))
        return [note(start_beats)]


class Table:
    """A source with its thread, and what it told."""

    def __init__(self) -> None:
        self.source = Gated()
        self.woken = threading.Semaphore(0)
        self.sentences: list[str] = []
        self.thread = SourceThread(self.source, self.woken.release, self.sentences.append)
        self.thread.open()

    def wait(self) -> None:
        assert self.woken.acquire(timeout=PATIENCE_S)


@pytest.fixture
def table() -> Iterator[Table]:
    table = Table()
    yield table
    table.source.gate.set()
    table.thread.close()


def test_it_wakes_the_conductor_when_notes_are_ready(table: Table) -> None:
    table.source.gate.set()
    table.thread.ask(BeatSpan(1, 0, 1))
    table.wait()
    (answer,) = table.thread.collect()
    assert (answer.span, answer.notes) == (BeatSpan(1, 0, 1), (note(0),))
    assert table.thread.collect() == []


def test_asking_never_waits_and_what_waits_is_joined(table: Table) -> None:
    table.thread.ask(BeatSpan(1, 0, 1))
    assert table.source.inside.wait(PATIENCE_S)
    for beat in range(1, 5):
        table.thread.ask(BeatSpan(1, beat, beat + 1))
    table.source.gate.set()
    table.wait()
    table.wait()
    assert table.source.asked == [(0, 1), (1, 5)]


def test_after_a_jump_nobody_wants_the_stretch_before_it(table: Table) -> None:
    table.thread.ask(BeatSpan(1, 0, 1))
    assert table.source.inside.wait(PATIENCE_S)
    table.thread.ask(BeatSpan(1, 1, 2))
    table.thread.ask(BeatSpan(2, 16, 17))
    table.source.gate.set()
    table.wait()
    table.wait()
    assert table.source.asked == [(0, 1), (16, 17)]


def test_what_is_no_note_costs_the_stretch_and_is_one_sentence_until_it_plays_again() -> None:
    source, sentences = Gated(), []
    source.gate.set()
    thread = SourceThread(
        source, lambda: None, sentences.append
    )  # not opened: the test is its thread
    for answer in (["la", "la"], ["la"], [note(0)], ["la"]):
        source.notes = lambda start, end, answer=answer: answer  # type: ignore[method-assign]
        thread.ask(BeatSpan(1, 0, 1))
        thread.work()
    assert [a.notes for a in thread.collect()] == [(note(0),)]
    assert thread.failures == 3
    assert [is_one_sentence(s) for s in sentences] == [True, True]
