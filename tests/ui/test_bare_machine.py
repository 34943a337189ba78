"""The app as its own process where something that every computer has is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes import is_one_sentence
from tests.ui.outside import environment, play

pytestmark = pytest.mark.real

NOBODY = """
import os
import pwd
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from ui.main_window.window import Window

def unknown(_):
    raise KeyError("getpwuid(): uid not found")

pwd.getpwuid = unknown
found = ui.app.find_engines()
ui.app.find_engines = lambda: found
for name in [n for n in os.environ if n == "HOME" or n.startswith("XDG_")]:
    del os.environ[name]

def appear(self):
    self.rig.noticed.connect(lambda said: print(said, flush=True))
    show(self)
    QTimer.singleShot(1500, QApplication.quit)

show, Window.appear = Window.appear, appear
"""


def test_a_user_without_a_home_plays_with_defaults_and_is_told(home: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    told = subprocess.run(
        play(NOBODY),
        env=environment(home, TMPDIR=str(temporary)),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.returncode == 0, told.stderr
    assert "Traceback" not in told.stderr
    sentence = told.stdout.splitlines()[0]
    assert "no home folder" in sentence
    assert str(temporary) in sentence


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="Xvfb cannot be found")
def test_a_screen_of_256_colours_is_one_sentence(home: Path) -> None:
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x720x8", "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            display = f":{told.readline().strip()}"
        ran = subprocess.run(
            [sys.executable, "-c", "from studio.commands.cli import main; main(['play'])"],
            env=environment(home, DISPLAY=display, QT_QPA_PLATFORM="xcb"),
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        server.terminate()
        server.wait()
    assert ran.returncode == 1
    assert is_one_sentence(ran.stderr.strip())
    assert "256 colours" in ran.stderr
