"""Real parts: what a screen reader on Linux reads of the app, over the accessibility bus."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fakes import PATIENCE_S
from tests.ui.outside import environment, play

pytestmark = pytest.mark.real

PYTHON = "/usr/bin/python3"
"""The system's, for which distributions build AT-SPI's bindings."""
BINDINGS = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
LAST = "Keyboard shortcuts"
OPEN_ALL = """
from PySide6.QtCore import QTimer
from ui.main_window.window import Window

def open_all(window):
    window.toggle_library()
    settings = window.open_settings()
    for page in settings._makers:
        settings.open_page(page)
    window.export()
    window.all_actions["view.palette"].do()
    window.all_actions["view.keys"].do()

show = Window.appear
Window.appear = lambda self: (show(self), QTimer.singleShot(0, lambda: open_all(self)))
"""
READ = (
    BINDINGS
    + """
import json, time
until = time.monotonic() + {patience}

def children(of):
    found = (of.get_child_at_index(n) for n in range(of.get_child_count()))
    return [child for child in found if child is not None]

def walk(part, focusable):
    if part.get_state_set().contains(Atspi.StateType.FOCUSABLE):
        focusable.append((part.get_role_name(), part.get_name()))
    for child in children(part):
        walk(child, focusable)

windows = []
while {last!r} not in [each.get_name() for each in windows] and time.monotonic() < until:
    time.sleep(0.2)
    windows = [window for app in children(Atspi.get_desktop(0)) for window in children(app)]
focusable = []
for window in windows:
    walk(window, focusable)
print(json.dumps([[window.get_name() for window in windows], focusable]))
"""
)
SESSION = """
"$@" & app=$!
"$PYTHON" -c "$READ"
kill $app
"""
ROLES = {
    "canvas", "check box", "combo box", "list", "list item", "push button", "push button menu",
    "radio button", "slider", "spin button", "table cell", "text", "tree", "tree item",
}  # fmt: skip


def missing() -> str:
    """What is not here of the parts, or ""."""
    tools = ("xvfb-run", "dbus-run-session")
    lacking = [tool for tool in tools if shutil.which(tool) is None]
    if (
        not Path(PYTHON).exists()
        or subprocess.run([PYTHON, "-c", BINDINGS], stderr=subprocess.DEVNULL).returncode
    ):
        lacking.append("AT-SPI for the system's Python (gir1.2-atspi-2.0)")
    return " and ".join(lacking)


def test_a_reader_finds_every_control_of_all_windows_by_name_and_role(home: Path) -> None:
    if missing():
        pytest.skip(f"{missing()} cannot be found")
    env = environment(
        home,
        QT_QPA_PLATFORM="xcb",
        QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1",
        PYTHON=PYTHON,
        READ=READ.format(patience=PATIENCE_S, last=LAST),
    )
    done = subprocess.run(
        ["xvfb-run", "-a", "dbus-run-session", "--", "sh", "-c", SESSION, "sh", *play(OPEN_ALL)],
        env=env,
        capture_output=True,
        text=True,
        timeout=4 * PATIENCE_S,
    )
    windows, controls = json.loads(done.stdout.splitlines()[-1])
    assert {"Latent Loom", "Settings", "Export", "Find anything", LAST} <= set(windows)
    assert len(controls) > 250
    assert not [role for role, name in controls if not name.strip()]
    assert {role for role, _ in controls} <= ROLES
