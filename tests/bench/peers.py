"""What else a Python program could play with, each as its own documentation would have it.

They run in the app's process, as a program of an artist's would, beside the engine and the window.
Each stamps a note just before it hands it to rtmidi, as the player does.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Event, Thread
from time import perf_counter, sleep
from typing import Any, Protocol

import mido
import numpy as np
from PySide6.QtCore import Qt, QTimer

BACKEND = "tests.bench.mido_jack"
PITCH = 60


class Peer(Protocol):
    """`play` returns at once; `late_ms` is complete after `close`."""

    name: str

    def play(self, notes: int, step_s: float) -> None: ...
    def close(self) -> None: ...
    def late_ms(self) -> list[float]: ...


class SleepingLoop:
    """A `mido` loop on `time.sleep` to absolute deadlines, in a thread."""

    name = "mido"

    def __init__(self, port: str) -> None:
        self._port = mido.Backend(BACKEND).open_output(port)
        self._late: list[float] = []
        self._enough = Event()
        self._thread: Thread | None = None

    def play(self, notes: int, step_s: float) -> None:
        self._thread = Thread(target=self._run, args=(notes, step_s), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._enough.set()
        if self._thread is not None:
            self._thread.join(5)
        self._port.close()

    def late_ms(self) -> list[float]:
        return self._late

    def _run(self, notes: int, step_s: float) -> None:
        began = perf_counter() + step_s
        for number in range(notes):
            due_s = began + number * step_s
            sleep(max(0.0, due_s - perf_counter()))
            if self._enough.is_set():
                return
            self._late.append(1000 * (perf_counter() - due_s))
            self._port.send(mido.Message("note_on", note=PITCH))


class WindowTimer:
    """A precise QTimer in the window's thread, set anew for each absolute deadline."""

    name = "qtimer"

    def __init__(self, port: str) -> None:
        self._port = mido.Backend(BACKEND).open_output(port)
        self._late: list[float] = []
        self._timer = QTimer(singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._due)

    def play(self, notes: int, step_s: float) -> None:
        self._notes, self._step_s = notes, step_s
        self._due_s = perf_counter() + step_s
        self._wait()

    def close(self) -> None:
        self._timer.stop()
        self._port.close()

    def late_ms(self) -> list[float]:
        return self._late

    def _wait(self) -> None:
        self._timer.start(max(0, round(1000 * (self._due_s - perf_counter()))))

    def _due(self) -> None:
        self._late.append(1000 * max(0.0, perf_counter() - self._due_s))
        self._port.send(mido.Message("note_on", note=PITCH))
        self._due_s += self._step_s
        if len(self._late) < self._notes:
            self._wait()


class Isobar:
    """isobar's Timeline on its own clock thread, through its own MIDI output."""

    name = "isobar"

    def __init__(self, port: str) -> None:
        import isobar

        mido.set_backend(BACKEND)
        self._isobar = isobar
        self._stamps: list[float] = []
        stamps = self._stamps

        class Stamped(isobar.MidiOutputDevice):  # type: ignore[misc]
            def note_on(self, *words: Any, **named: Any) -> None:
                stamps.append(perf_counter())
                super().note_on(*words, **named)

        self._output = Stamped(port)

    def play(self, notes: int, step_s: float) -> None:
        self._step_s = step_s
        self._timeline = self._isobar.Timeline(15 / step_s, output_device=self._output)
        pattern = self._isobar.PSequence([PITCH], notes)
        self._timeline.schedule({"note": pattern, "duration": 0.25})
        self._timeline.background()

    def close(self) -> None:
        self._timeline.stop()
        self._output.midi.close()

    def late_ms(self) -> list[float]:
        """Against the grid on which its first notes lie best: it tells nobody when it began."""
        grid = np.arange(len(self._stamps)) * self._step_s
        late = np.asarray(self._stamps) - grid
        return [float(ms) for ms in 1000 * np.maximum(0.0, late - np.quantile(late, 0.01))]


def peers(ports: dict[str, str]) -> list[Peer]:
    """Those that are installed, each playing to its own port of the witness."""
    made: list[Peer] = [SleepingLoop(ports["mido"]), WindowTimer(ports["qtimer"])]
    with suppress(ImportError):
        made.append(Isobar(ports["isobar"]))
    return made
