"""OpenCV, imported when the first frame is mixed: its 45 ms are not taken from the start.

On one thread, that of whoever calls it: the other cores are the engines'.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    return getattr(_loaded(), name)


@cache
def _loaded() -> Any:
    cv2 = import_module("cv2")
    cv2.setNumThreads(1)
    return cv2
