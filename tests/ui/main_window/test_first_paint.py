"""Opening: the window is on screen before any engine's code, and so torch, is imported."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.ui.outside import environment, play

WATCH = """
import json
from PySide6.QtCore import QPointF, QTimer
from PySide6.QtWidgets import QApplication
from ui.stage.canvas import Canvas
from ui.main_window.window import Window

def heavy():
    return [name for name in ("torch", "paints.engine") if name in sys.modules]

seen = {"before": heavy()}
paint = Canvas.paintEvent

def watch(canvas, event):
    seen.setdefault("at_first_paint", heavy())
    paint(canvas, event)
    if canvas._picture is not None and "with_picture" not in seen:
        seen["with_picture"] = heavy()
        QTimer.singleShot(0, leave)

def leave():
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, Window))
    seen["scale"] = window.devicePixelRatioF()
    seen["pixels"] = window.canvas.grab().width() / window.canvas.width()
    seen["place"] = window.pad.place_at(window.pad.point_at((0.5, -0.25)))
    window.close()
    print(json.dumps(seen))

Canvas.paintEvent = watch
"""


@pytest.mark.parametrize("scale", ["1", "2"])
def test_the_window_is_painted_before_engines_are_imported(scale: str, home: Path) -> None:
    done = subprocess.run(
        play(WATCH),
        env=environment(home, QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR=scale),
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["before"] == []
    assert seen["at_first_paint"] == []
    assert seen["with_picture"] == ["paints.engine"]
    assert seen["scale"] == seen["pixels"] == float(scale)
    assert seen["place"] == pytest.approx([0.5, -0.25])
