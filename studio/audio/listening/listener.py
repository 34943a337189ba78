"""Runs the analysis on a thread of its own, beside the callback of a device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from queue import SimpleQueue
from threading import Thread

import numpy as np
from numpy.typing import NDArray

from studio.audio import priority
from studio.audio.listening._input_file import InputFile
from studio.audio.listening.analysis import Analysis, Samples
from studio.audio.listening.messages import Heard, Listen

_MOST_WAITING = 500
"""Blocks: a machine that cannot follow loses sound, and not its memory."""
_ONSETS = 16
_NOTABLE = 1e-3
"""A level that changes by less is not told."""


class Listener:
    """Give it every block by `hear`. What differs is told, on the listener's own thread, which
    there is only while something is listened to.

    `tell` says whether it has taken what it was told: a pipe that is full gets the next one, which
    is the newest and has the onsets of those that were left out.
    """

    def __init__(self, tell: Callable[[Heard], bool]) -> None:
        self._tell = tell
        self._blocks: SimpleQueue[tuple[Samples, float, int] | None] = SimpleQueue()
        self._listen = Listen()
        self._analysis: Analysis | None = None
        self._thread: Thread | None = None
        self._told: Heard | None = None
        self._onsets: tuple[tuple[float, float], ...] = ()
        self._file: InputFile | None = None

    def record(self, file: InputFile | None) -> None:
        """Write every block there, too. The one before is left to whoever made it."""
        self._file = file

    def listen(self, listen: Listen) -> None:
        """What to listen to from now on. For one thread."""
        self._listen = listen
        if listen.wants_something and self._thread is None:
            self._thread = Thread(target=self._run, name="listener", daemon=True)
            self._thread.start()
        elif not listen.wants_something:
            self.close()

    def close(self) -> None:
        """Listen no more. For the thread of `listen`."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._blocks.put(None)
            thread.join()

    def hear(self, block: NDArray[np.float32], first_s: float, frame_s: float) -> bool:
        """A block (frames, channels), whose first frame sounds at `first_s` and each later one
        `frame_s` on, in a device's callback; False where there was no room."""
        if (file := self._file) is not None:
            file.hear(block, first_s, frame_s)
        if self._thread is None:
            return True
        if self._blocks.qsize() > _MOST_WAITING:
            return False
        self._blocks.put((block.mean(axis=1), first_s, round(1 / frame_s)))
        return True

    # --- the listener's own thread ----------------------------------------------------------------

    def _run(self) -> None:
        priority.raise_thread(priority.HELPER)  # it holds Python's lock, as the callback does
        while (taken := self._blocks.get()) is not None:
            self.take(*taken)

    def take(self, samples: Samples, first_s: float, rate_hz: int) -> None:
        """Analyse a block of one channel and tell what is new."""
        analysis = self._analysis
        if analysis is None or analysis.rate_hz != rate_hz:
            analysis = self._analysis = Analysis(rate_hz)
        analysis.listen(self._listen)
        heard = analysis.hear(samples, first_s)
        if not heard:
            return
        onsets = tuple(onset for each in heard for onset in each.onsets)
        self._onsets = (*self._onsets, *onsets)[-_ONSETS:]
        newest = replace(heard[-1], onsets=self._onsets)
        if self._is_news(newest) and self._tell(newest):
            self._told, self._onsets = newest, ()

    def _is_news(self, heard: Heard) -> bool:
        told = self._told
        if told is None or heard.onsets or heard.spectrum:
            return True
        if len(told.levels) != len(heard.levels):
            return True
        return any(
            number != before or abs(level - was) > _NOTABLE or (level == 0) != (was == 0)
            for (number, level), (before, was) in zip(heard.levels, told.levels, strict=True)
        )
