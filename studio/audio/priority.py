"""Let the threads that make sound go first where the system permits it.

The device's callback needs Python's lock, so every thread of the sound process that may hold it
has to be as quick as the callback itself. macOS and Windows give their audio threads real-time
priority themselves; here only Linux needs help.
"""

from __future__ import annotations

import os
import sys

CALLBACK = 15
"""Below the MIDI player's 20: a beat is worth more than a sample."""
HELPER = 2
"""Above every ordinary thread, and below all that a sound server uses."""
_NICE = -11


def raise_thread(priority: int) -> str:
    """Raise the calling thread to FIFO `priority`; a short sentence says what it got."""
    if sys.platform != "linux":
        return "the system's own audio priority"
    try:
        if os.sched_getscheduler(0) in (os.SCHED_FIFO, os.SCHED_RR):
            return "real-time, as the sound system gave it"
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))
    except OSError:
        return _nicer()
    return f"real-time, FIFO {priority}"


def lower_thread() -> None:
    """Put the calling thread back among the others, for work that may take long."""
    if sys.platform == "linux" and os.sched_getscheduler(0) == os.SCHED_FIFO:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def _nicer() -> str:
    if sys.platform == "win32":
        return "normal priority"
    try:
        os.setpriority(os.PRIO_PROCESS, 0, _NICE)  # on Linux this means the calling thread
    except OSError:
        return "normal priority: the system permits no more"
    return f"raised priority, nice {_NICE}"
