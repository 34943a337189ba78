"""Runs in the packaged program before anything else: libraries that the system may lack."""

import ctypes
import ctypes.util
import multiprocessing
import sys
from pathlib import Path

multiprocessing.freeze_support()  # an engine of somebody else's may start processes

_FALLBACK = Path(sys._MEIPASS) / "fallback"
_find = ctypes.util.find_library


def _find_library(name: str) -> str | None:
    """The system's, else ours; PortAudio needs ALSA and JACK, which then have to be there first."""
    if found := _find(name):
        return found
    ours = next(_FALLBACK.glob(f"lib{name}.so*"), None)
    if ours is None:
        return None
    for needed in ("libasound.so.2", "libjack.so.0"):
        try:
            ctypes.CDLL(needed)
        except OSError:
            ctypes.CDLL(str(_FALLBACK / needed))
    return str(ours)


if sys.platform.startswith("linux"):
    ctypes.util.find_library = _find_library
