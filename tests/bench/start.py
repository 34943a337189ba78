"""How soon the window is on screen: from the start of the process to its first paint.

Where there is no display, Qt draws into memory. Each start is a process of its own, warm: one
start goes before, so that bytecode and the system's file cache are there.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from studio.commands.report import Row, at_most
from tests.check import environment

ROOT = Path(__file__).resolve().parents[2]
_LEAST = 7
_PROGRAM = """
import json, os, sys, time
from studio.commands import cli
from ui.main_window import window

class Window(window.Window):
    def __init__(self, *given):
        super().__init__(*given)
        self.appeared.connect(tell)

def tell():
    seen = {"at": time.time(), "cpu": time.process_time(), "modules": len(sys.modules)}
    print(json.dumps({**seen, "torch": "torch" in sys.modules}), flush=True)
    os._exit(0)

window.Window = Window
cli.play()
"""


def run(seconds: float = 12.0) -> list[Row]:
    """Open the window again and again for about `seconds`, seven times at least."""
    _started()
    starts: list[dict[str, float]] = []
    began = time.monotonic()
    while len(starts) < _LEAST or time.monotonic() - began < seconds:
        starts.append(_started())
    note = f"{len(starts)} warm starts, to the first paint"
    visible = [start["visible_s"] for start in starts]
    return [
        Row("window_visible_s", median(visible), "s", at_most(1.0), f"{note}; the median"),
        Row("window_visible_least_s", min(visible), "s", None, "the quickest of them"),
        Row("window_visible_cpu_s", min(s["cpu"] for s in starts), "s", None, "the least of them"),
        Row("modules_before_window", max(s["modules"] for s in starts), "", None, "in Python"),
        Row("torch_before_window", max(s["torch"] for s in starts), "", at_most(0), "1: imported"),
    ]


def _started() -> dict[str, float]:
    """One start in an empty home: what it says, and `visible_s`. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory() as home:
        own = {
            "HOME": home,
            **{f"XDG_{n}_HOME": home for n in ("CONFIG", "DATA", "CACHE", "STATE")},
        }
        began = time.time()
        said = subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            cwd=ROOT,
            env={**environment(), **own},
            stdout=subprocess.PIPE,
            check=True,
        )
    seen: dict[str, float] = json.loads(said.stdout.splitlines()[-1])
    return {**seen, "visible_s": seen["at"] - began}
