"""The process that writes a film, with a real file."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event as Flag

import av
import numpy as np
import pytest

from studio.document.routes import SOUND
from studio.outputs.sink import Frame
from studio.processes.messages import Due
from studio.recording._wire import Begin, Ended, Ready
from studio.recording.film_client import Event, FilmClient
from tests.studio.recording.films import seen


class Film:
    """A film of 320x180 that was begun, and what its process has said."""

    def __init__(self, file: Path) -> None:
        self.said: list[Event] = []
        self.ready, self.ended = Flag(), Flag()
        self.begun_s = time.perf_counter()
        begin = Begin(str(file), 320, 180, 30.0, self.begun_s)
        self.client = FilmClient(begin, self._hear)

    def _hear(self, event: Event) -> None:
        self.said.append(event)
        if isinstance(event, Ready):
            self.ready.set()
        if isinstance(event, Ended):
            self.ended.set()

    def show(self, level: int, at_s: float) -> None:
        pixels = np.full((180, 320, 3), level, np.uint8)
        self.client.send(Frame(pixels, at_s, 0.0))

    def play(self, seconds: float, step: Callable[[float], None] | None = None) -> None:
        """Dark pictures at 30 a second, in real time."""
        until_s = time.perf_counter() + seconds
        while (now_s := time.perf_counter()) < until_s:
            (step or (lambda at_s: self.show(0, at_s)))(now_s)
            self.ended.wait(1 / 30)


@pytest.mark.timeout(60)
def test_a_flash_and_a_note_are_together(tmp_path: Path) -> None:
    film = Film(tmp_path / "a.mp4")
    assert film.ready.wait(30), film.said
    at_s = time.perf_counter() + 0.6
    film.client.play([Due(at_s, SOUND, bytes((0x99, 37, 127)))])
    bright: list[float] = []

    def show(now_s: float) -> None:
        lit = now_s >= at_s and len(bright) < 6
        if lit:
            bright.append(now_s)
        film.show(255 if lit else 0, now_s)

    film.play(1.2, show)
    seconds = time.perf_counter() - film.begun_s
    assert film.client.finish(seconds)
    assert film.said[-1] == Ended("")
    found = seen(tmp_path / "a.mp4")
    assert found.size == (320, 180)
    for length in (found.times[-1], len(found.sound) / 48_000):
        # Longer where it hears of its end late: on a busy machine by two seconds.
        assert -0.2 < length - seconds < 10
    late_s = found.flash() - found.click() - (bright[0] - at_s)  # a busy machine shows it late
    assert -0.02 < late_s < 0.02 + 1 / 30, "a picture comes up to one picture late"
    assert film.client.dropped < 10


@pytest.mark.timeout(60)
def test_a_process_that_is_killed_leaves_a_film_that_plays(tmp_path: Path) -> None:
    film = Film(tmp_path / "a.mp4")
    assert film.ready.wait(30), film.said
    file, asked_s = tmp_path / "a.mp4", time.perf_counter()
    while _pictures(file) < 2 and time.perf_counter() < asked_s + 30:
        film.play(1.0)  # a busy machine encodes late
    os.kill(film.client.pid, signal.SIGKILL)
    assert film.ended.wait(5)
    assert isinstance(film.said[-1], Ended)
    assert film.said[-1].sentence
    film.show(0, time.perf_counter())  # which nobody takes, and nobody waits for
    film.client.finish(9.0)
    assert _pictures(file) > 1  # how much is lost at most: `latentloom bench stage`


def _pictures(file: Path) -> int:
    """As many as a player would show of a film that is being written."""
    with suppress(av.error.InvalidDataError):
        return len(seen(file).times)
    return 0


@pytest.mark.timeout(60)
def test_a_folder_that_is_not_there_gets_one_sentence(tmp_path: Path) -> None:
    film = Film(tmp_path / "none" / "a.mp4")
    assert film.ended.wait(30)
    (said,) = film.said
    assert isinstance(said, Ended)
    assert said.sentence == (
        "The recording has ended: No such file or directory. What was recorded is kept."
    )
    film.client.finish(1.0)
