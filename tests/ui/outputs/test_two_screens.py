"""Real parts: an X server with two screens, the output on the second one, seen as pixels."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from PIL import ImageGrab

from tests.check import ROOT
from tests.fakes import PATIENCE_S

pytestmark = [
    pytest.mark.real,
    pytest.mark.timed,
    pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb here"),
]

PROGRAM = """
import json
import sys
import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from studio.document.mix import Layer, Mix
from studio.engine.registry import Registry
from tests.fakes import fake, filled_deck, scene_of
from tests.live_fakes import FakeDesk
from studio.session import Session
from ui.bridge import Bridge
from ui.outputs.screens import Screens
from ui.outputs.windows import OutputWindows
from pathlib import Path

app = QApplication([])
guest = fake()
session = Session(Registry.of(guest.spec), scene_of(filled_deck(guest)), wake=lambda: None)
rig = FakeDesk(session, Path(sys.argv[1]) / "settings.json", Bridge(app).wake).rig
home = QWidget()
home.show()
windows = OutputWindows(rig, Screens(app), home)
room = rig.picture.room
own = {"format": "own size", "width": 320, "height": 200}
rig.use(rig.settings.but(output=rig.settings.output.but(**own)))
room.follow([("a", Layer(fit="stretch"))], Mix())
pixels = np.zeros((200, 320, 3), np.uint8)
pixels[:, :160] = (255, 0, 0)
pixels[:, 160:] = (0, 0, 255)
room.show("a", pixels)
windows.toggle_first()
room.turn()
(name, window), *_ = windows.open.items()

def painted(frame):
    words = {"screen": name, "size": window.device_size(), "active": window.isActiveWindow()}
    print(json.dumps(words), flush=True)

window.painted.connect(painted)
QTimer.singleShot(60_000, app.quit)
app.exec()
"""


@pytest.fixture
def display() -> Iterator[str]:
    reading, writing = os.pipe()
    screens = ["-screen", "0", "640x480x24", "-screen", "1", "320x200x24"]
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), *screens, "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        yield f":{told.readline().strip()}"
    server.terminate()
    server.wait()


def edges_of(screen: str) -> list[object]:
    """The first and the last pixel of its left half and of its right one."""
    seen = ImageGrab.grab((0, 0, 320, 200), xdisplay=screen).convert("RGB")
    return [seen.getpixel(at) for at in ((0, 0), (159, 199), (160, 0), (319, 199))]


def test_the_output_fills_the_second_screen_pixel_by_pixel(display: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    environment["PYTHONPATH"] = str(ROOT)
    app = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert app.stdout is not None
        line = app.stdout.readline()
        assert line, app.communicate()[1]
        told = json.loads(line)
        assert told == {"screen": "screen 2", "size": [320, 200], "active": False}
        red, blue, pause = (255, 0, 0), (0, 0, 255), Event()
        deadline = monotonic() + PATIENCE_S
        while (edges := edges_of(f"{display}.1")) != [red, red, blue, blue]:
            assert monotonic() < deadline, edges  # no event tells of another's pixels
            pause.wait(0.02)
        assert edges_of(f"{display}.0")[0] != red
    finally:
        app.kill()
        app.communicate()
