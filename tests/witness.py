"""Which heavy libraries come along with a module: told by a fresh interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

HEAVY = ("torch", "PySide6", "pyqtgraph")
"""The window is visible before any of them but the window's own is imported."""

_WITNESS = """
import importlib, json, sys
modules, heavy = json.loads(sys.argv[1])
found = {}
for module in modules:
    before = set(sys.modules)
    try:
        importlib.import_module(module)
    except BaseException as error:
        found[module] = [f"{type(error).__name__}: {error}"]
    else:
        found[module] = [name for name in heavy if name in sys.modules and name not in before]
print(json.dumps(found))
"""


def loaded_by(modules: Sequence[str], heavy: Sequence[str] = HEAVY) -> dict[str, list[str]]:
    """What each of `modules` loads of `heavy`, or the error that importing it raised.

    All are imported one after the other by one interpreter: the first to load something answers
    for it.
    """
    return _told(tuple(modules), tuple(heavy))


@cache
def _told(modules: tuple[str, ...], heavy: tuple[str, ...]) -> dict[str, list[str]]:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _WITNESS, json.dumps([modules, heavy])],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found
