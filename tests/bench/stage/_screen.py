"""A virtual screen for what is measured."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

_SCREENS = ("-screen", "0", "1920x1080x24", "-screen", "1", "1280x720x24")


@contextmanager
def virtual_screen() -> Iterator[None]:
    """Let Qt find two screens on an X server of our own, the second one of 1280x720; without Xvfb,
    what there is, or memory. Qt must not have begun."""
    if shutil.which("Xvfb") is None:
        if not (os.getenv("DISPLAY") or os.getenv("WAYLAND_DISPLAY")):
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        yield
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-nolisten", "tcp", *_SCREENS],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            os.environ |= {"DISPLAY": f":{told.readline().strip()}", "QT_QPA_PLATFORM": "xcb"}
        os.environ.pop("WAYLAND_DISPLAY", None)
        yield
    finally:
        server.terminate()
        server.wait()
