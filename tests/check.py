"""The whole check: `python3 start.py test [words for pytest]`, here and in CI.

Format, lint, types, import contracts, tests; the first step that fails ends it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
# import-linter cannot be run with -m, and its script may name a .venv that has moved.
LINT_IMPORTS = "import sys, importlinter.cli as cli; sys.exit(cli.lint_imports(no_logo=True))"
STEPS = {
    "format": [PYTHON, "-m", "ruff", "format", "--check", "--output-format", "concise", "."],
    "lint": [PYTHON, "-m", "ruff", "check", "--quiet", "--output-format", "concise", "."],
    "types": [PYTHON, "-m", "mypy", "--no-error-summary"],
    "imports": [PYTHON, "-c", LINT_IMPORTS],
    "tests": [PYTHON, "-m", "pytest"],
}


def main(words: list[str]) -> int:
    """Run the steps in order; `words` go to the last one, pytest."""
    for name, command in STEPS.items():
        print(f"== {name}", flush=True)
        began = time.monotonic()
        # pytest is the last step and its own closing line stays the last one.
        tests = name == "tests"
        code = subprocess.call(
            [*command, *words] if tests else command, cwd=ROOT, env=environment()
        )
        if not tests:
            took = time.monotonic() - began
            print(f"   {'FAILED' if code else 'ok'} ({took:.1f} s)", flush=True)
        if code:
            return code
    return 0


def environment() -> dict[str, str]:
    """Ours; where no window can open, Qt is told to draw into memory."""
    display = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if display or not sys.platform.startswith("linux"):
        return dict(os.environ)
    return {"QT_QPA_PLATFORM": "offscreen", **os.environ}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
