"""Runs in the packaged program before anything else."""

import ctypes
import ctypes.util
import multiprocessing
import os
import sys
from pathlib import Path

_FALLBACK = Path(sys._MEIPASS) / "fallback"  # type: ignore[attr-defined]


def _end_our_search_path() -> None:
    """The linker has read it; programs of the system that we start must not load our libraries."""
    if (before := os.environ.pop("LD_LIBRARY_PATH_ORIG", None)) is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        os.environ.pop("LD_LIBRARY_PATH", None)


def _load_what_the_system_lacks() -> None:
    """ALSA, JACK and PortAudio: the system's speak to its servers, else ours."""
    for name in ("libasound.so.2", "libjack.so.0", "libportaudio.so.2"):
        try:
            ctypes.CDLL(name)
        except OSError:
            if (ours := _FALLBACK / name).is_file():
                ctypes.CDLL(str(ours), mode=ctypes.RTLD_GLOBAL)
    if not Path("/usr/share/alsa/alsa.conf").exists():  # without it PortAudio ends the process
        os.environ.setdefault("ALSA_CONFIG_PATH", str(_FALLBACK / "alsa" / "alsa.conf"))


def _find_library(name: str, find=ctypes.util.find_library) -> str | None:  # type: ignore[no-untyped-def]
    """The system's, else ours, which is loaded by then and answers to its name."""
    return find(name) or next((f.name for f in _FALLBACK.glob(f"lib{name}.so*")), None)


if sys.platform.startswith("linux"):
    _end_our_search_path()
    _load_what_the_system_lacks()
    ctypes.util.find_library = _find_library
multiprocessing.freeze_support()  # an engine of somebody else's may start processes
