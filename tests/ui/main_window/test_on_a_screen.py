"""Real parts: the app's process on a real X server, moved by a real pointer, seen as pixels."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from PIL import Image, ImageGrab

from tests.fakes import PATIENCE_S
from tests.ui.outside import environment, play

pytestmark = [pytest.mark.real, pytest.mark.timed]

REPORT = """
import json
from PySide6.QtCore import QPointF, QTimer
from PySide6.QtWidgets import QApplication
from ui.main_window.window import Window

def where(widget):
    at = widget.mapToGlobal(widget.rect().center()) * widget.devicePixelRatioF()
    return [at.x(), at.y()]

def report():
    for window in QApplication.topLevelWidgets():
        if not isinstance(window, Window):
            continue
        thumbnails = [slot.thumbnail for slot in window.slots.views]
        if all(thumbnails) and window.canvas._picture:
            pad = window.pad
            corner = pad.mapToGlobal(pad.point_at((0.5, -0.5)).toPoint()) * pad.devicePixelRatioF()
            places = {"stage": where(window.canvas), "pad": where(pad)}
            places |= {"a": where(window.slots.views[0]), "corner": [corner.x(), corner.y()]}
            print(json.dumps(places), flush=True)
            ticks.stop()

def begin():
    global ticks
    ticks = QTimer(QApplication.instance(), interval=50)
    ticks.timeout.connect(report)
    ticks.start()

show = Window.appear
Window.appear = lambda self: (show(self), begin())
"""


class Screen:
    """An X server of our own, with the app on it."""

    def __init__(self, home: Path, scale: str) -> None:
        size = {"1": "1440x900", "2": "2880x1800"}[scale]
        reading, writing = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
            pass_fds=[writing],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as told:
            self.display = f":{told.readline().strip()}"
        try:
            self._open(home, scale)
        except BaseException:
            self.server.terminate()
            self.server.wait()
            raise

    def _open(self, home: Path, scale: str) -> None:
        self.log = home / "stderr.txt"
        with self.log.open("w") as log:
            self.app = subprocess.Popen(
                play(REPORT),
                env=environment(
                    home, DISPLAY=self.display, QT_QPA_PLATFORM="xcb", QT_SCALE_FACTOR=scale
                ),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.app.stdout is not None
        told_line = self.app.stdout.readline()
        assert told_line, self.log.read_text()
        self.places: dict[str, tuple[float, float]] = json.loads(told_line)

    def hand(self, *words: object) -> None:
        """Move the pointer or the keys by xdotool."""
        told = [str(word) for word in words]
        subprocess.run(["xdotool", *told], env={**os.environ, "DISPLAY": self.display}, check=True)

    def go(self, place: str) -> None:
        x, y = self.places[place]
        self.hand("mousemove", round(x), round(y))

    def colour(self, place: str) -> tuple[int, int, int]:
        """What the screen shows there."""
        x, y = (round(v) for v in self.places[place])
        grabbed: Image.Image = ImageGrab.grab((x, y, x + 1, y + 1), xdisplay=self.display)
        red, green, blue = grabbed.convert("RGB").tobytes()
        return red, green, blue

    def until(self, condition: Callable[[], bool], awaited: str) -> None:
        """Look at the screen until `condition` holds: no event tells us of another's pixels."""
        deadline, pause = monotonic() + PATIENCE_S, Event()
        while not condition():
            assert self.app.poll() is None, self.log.read_text()
            assert monotonic() < deadline, f"waited for {awaited} in vain"
            pause.wait(0.02)

    def close(self) -> None:
        self.app.kill()
        self.app.wait()
        assert self.app.stdout is not None
        self.app.stdout.close()
        self.server.terminate()
        self.server.wait()


def missing() -> str:
    """Which of the parts is not here."""
    lacking = [part for part in ("Xvfb", "xdotool") if shutil.which(part) is None]
    return " and ".join(lacking)


@pytest.fixture(params=["1", "2"])
def screen(request: pytest.FixtureRequest, home: Path) -> Iterator[Screen]:
    if missing():
        pytest.skip(f"{missing()} cannot be found")
    screen = Screen(home, request.param)
    yield screen
    screen.close()


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 2 for a, b in zip(one, other, strict=True))


def test_a_drag_on_the_pad_changes_the_pixels_and_ctrl_c_ends_it(screen: Screen) -> None:
    before = screen.colour("stage")
    screen.go("pad")
    screen.hand("mousedown", 1)
    screen.until(lambda: screen.colour("stage") != before, "the press to change the picture")
    during = screen.colour("stage")
    screen.go("corner")
    screen.until(lambda: screen.colour("stage") != during, "the drag to change the picture")
    screen.hand("mouseup", 1)

    screen.hand("key", "1")  # to slot A: the stage then shows what its thumbnail shows
    screen.until(lambda: near(screen.colour("stage"), screen.colour("a")), "slot A on the stage")
    screen.hand("key", "ctrl+z")
    screen.until(lambda: not near(screen.colour("stage"), screen.colour("a")), "undo to be seen")

    screen.app.send_signal(signal.SIGINT)
    assert screen.app.wait(timeout=PATIENCE_S) == 0
    assert not re.search("Traceback|Error|QThread", screen.log.read_text())
