"""What a second `python3 start.py` adds to starting the app itself.

Both are started in turn, so that a noisy machine is equally noisy to both.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from studio.commands.report import Row, at_most
from studio.setup.install import Install

ROOT = Path(__file__).resolve().parents[2]


def run(seconds: float = 10.0) -> list[Row]:
    """Start `--version` with and without start.py for about `seconds`, five times at least."""
    python = str(Install(ROOT).python)
    through = [sys.executable, str(ROOT / "start.py"), "--version"]
    straight = [python, "-P", "-m", "studio", "--version"]
    _took(through)  # the first one may install
    pairs: list[tuple[float, float]] = []
    began = time.monotonic()
    while len(pairs) < 5 or time.monotonic() - began < seconds:
        pairs.append((_took(through), _took(straight)))
    added = [with_start - without for with_start, without in pairs]
    note = f"{len(pairs)} pairs of starts"
    return [
        Row("app_start_s", median(without for _, without in pairs), "s", note=note),
        Row("second_start_adds_s", median(added), "s", at_most(0.5), note),
        Row("second_start_adds_max_s", max(added), "s", at_most(0.5), note),
    ]


def _took(command: list[str]) -> float:
    """Seconds that `command` takes; raises CalledProcessError when it fails."""
    began = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began
