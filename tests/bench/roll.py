"""`latentloom bench roll`: what the piano roll costs the window's thread, frame by frame.

A band of four parts goes by at 120 bpm, sixty frames a second, in a roll as large as the stage of a
1440x900 window, and in one of the whole of a full HD screen. A frame is what the window does for
it: the turn, new bars where there are any, and all painting. It is counted in the thread's own
seconds, since whatever else the machine does is not the roll's cost. Most frames move the playhead
and light notes; those around a bar line glide and paint everything.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from random import Random
from time import perf_counter, sleep, thread_time

import numpy as np
from PySide6.QtWidgets import QApplication

from studio.commands.report import Row, at_most
from studio.live.ensemble.played import RollBar
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key
from ui import theme
from ui.roll._view import RollView

SIZES = {"stage": (910, 700), "full_hd": (1920, 1036)}
FRAME_S = 1 / 60
_BEATS_PER_S = 2.0
_SCALE = (62, 64, 66, 67, 69, 71, 73, 74, 76, 78)


def run(seconds: float = 12.0) -> list[Row]:
    """Measure both sizes, for `seconds` each."""
    if sys.platform == "linux" and not (os.getenv("DISPLAY") or os.getenv("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    theme.apply(app)
    return [row for name in SIZES for row in _rows(app, name, seconds)]


def _rows(app: QApplication, name: str, seconds: float) -> Iterator[Row]:
    frames = _frames(app, SIZES[name], seconds)
    still = [ms for ms, moving in frames if not moving]
    moving = [ms for ms, moving in frames if moving]
    goal, size = at_most(3), "x".join(map(str, SIZES[name]))
    for words, costs, held in (("", still, goal), ("glide_", moving, None)):
        note = f"{len(costs)} frames of {size} px{', around bar lines' if words else ''}"
        yield Row(f"roll_{name}_{words}median_ms", float(np.median(costs)), "ms", goal, note)
        p99 = float(np.percentile(costs, 99))
        yield Row(f"roll_{name}_{words}p99_ms", p99, "ms", held, note)


def _frames(app: QApplication, size: tuple[int, int], seconds: float) -> list[tuple[float, bool]]:
    """Milliseconds of each frame, and whether everything moved in it."""
    view, metre = RollView(), Metre()
    view.resize(*size)
    view.show()
    bars = [_bar(n) for n in range(2 + int(seconds * _BEATS_PER_S / metre.bar_beats))]
    found: list[tuple[float, bool]] = []
    began, known = perf_counter(), -1
    while (now_s := perf_counter() - began) < seconds:
        place = now_s * _BEATS_PER_S
        number = int(place // metre.bar_beats)
        spent = thread_time()
        if number != known:
            view.show_bars(_music(bars, number), metre, Key(2))
        view.turn(place, True)
        app.processEvents()
        cost_ms = 1000 * (thread_time() - spent)
        if known >= 0:  # the first frame draws everything there is
            found.append((cost_ms, view.gliding or number != known))
        known = number
        sleep(max(0.0, began + now_s + FRAME_S - perf_counter()))
    view.close()
    view.deleteLater()
    return found


def _music(bars: list[RollBar], number: int) -> list[RollBar]:
    """Bar `number` has begun, the one after it is in outline."""
    coming = bars[number + 1]
    outline = RollBar(coming.number, coming.start_beats, 4.0, coming.notes, settled=False)
    return [*bars[: number + 1], outline]


def _bar(number: int) -> RollBar:
    """Sixteenths over a band: forty notes."""
    draw = Random(number)
    notes = [Note("lead", n / 4, 0.25, draw.choice(_SCALE), 100) for n in range(16)]
    notes += [Note("bass", n, 1.0, 38 + 7 * (n % 2), 90) for n in range(4)]
    notes += [Note("chords", n + 0.5, 0.4, p, 80) for n in range(4) for p in (50, 54, 57)]
    notes += [Note("drums", n / 2, 0.1, 42, 80) for n in range(8)]
    return RollBar(number, 4.0 * number, 4.0, tuple(notes), chords=((0.0, "D"), (2.0, "G")))
