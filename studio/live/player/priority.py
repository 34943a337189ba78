"""The best scheduling that the system grants to a process that must wake on time."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sys
from collections.abc import Callable
from threading import get_native_id
from time import sleep

FIFO = 20
"""Above the desktop, below the sound server's and the kernel's own threads."""
_NICE = -15
_RTKIT_US = 200_000
"""What RealtimeKit allows a thread to work without a pause."""


def raise_priority(platform: str = sys.platform) -> str:
    """Take the best scheduling there is, for this thread and those to come; says which in words."""
    ways: dict[str, tuple[Callable[[], str], ...]] = {
        "linux": (_fifo, _by_rtkit, _nice, _own_core),
        "darwin": (_time_constraint,),
        "win32": (_time_critical,),
    }
    reasons: list[str] = []
    for way in ways.get(platform, ()):
        try:
            return way()
        except (OSError, AttributeError, ValueError) as error:
            reasons.append(getattr(error, "strerror", None) or str(error))
    return f"normal priority: {reasons[0] if reasons else 'no other means here'}"


def lock_memory() -> bool:
    """Keep what is loaded now in memory (Linux, macOS); not what comes, which could then fail."""
    if sys.platform == "win32":
        return False
    try:
        return int(ctypes.CDLL(None).mlockall(1)) == 0  # MCL_CURRENT
    except (OSError, AttributeError):
        return False


def _fifo() -> str:
    if sys.platform != "linux":
        raise OSError("no such scheduling here")
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(FIFO))
    return f"real-time, FIFO {FIFO}"


def _by_rtkit() -> str:
    """Ask the desktop's RealtimeKit, which grants it to programs that are not privileged.

    It wants a bound on work without a pause: when that is reached, a pause is made.
    """
    if sys.platform != "linux" or not (busctl := shutil.which("busctl")):
        raise OSError("no RealtimeKit here")
    import resource
    import subprocess

    resource.setrlimit(resource.RLIMIT_RTTIME, (_RTKIT_US * 3 // 4, _RTKIT_US))
    signal.signal(signal.SIGXCPU, lambda *_: sleep(1e-4))
    name = "org.freedesktop.RealtimeKit1"
    call = [busctl, "--system", "call", name, "/org/freedesktop/RealtimeKit1", name]
    call += ["MakeThreadRealtimeWithPID", "ttu", str(os.getpid()), str(get_native_id()), str(FIFO)]
    try:
        done = subprocess.run(call, capture_output=True, timeout=2, check=False)
    except subprocess.TimeoutExpired as error:
        raise OSError("RealtimeKit does not answer") from error
    if done.returncode or os.sched_getscheduler(0) == os.SCHED_OTHER:
        raise OSError("RealtimeKit refused")
    return f"real-time, RR {FIFO} by RealtimeKit"


def _nice() -> str:
    if sys.platform == "win32":
        raise OSError("no such priority here")
    os.setpriority(os.PRIO_PROCESS, 0, _NICE)
    return f"raised priority, nice {_NICE}"


def _own_core() -> str:
    """Keep to the last core and the app off it; with few cores that would cost more than it gives.

    Threads inherit this from the one that starts them, and the player is started before torch.
    """
    if sys.platform != "linux":
        raise OSError("no such affinity here")
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 4:
        raise OSError("real-time priority is not permitted")
    os.sched_setaffinity(os.getppid(), cores[:-1])
    os.sched_setaffinity(0, cores[-1:])
    return f"normal priority on a core of its own ({cores[-1]})"


class _TimeConstraint(ctypes.Structure):
    """thread_time_constraint_policy of <mach/thread_policy.h>, in Mach time units."""

    _fields_ = (
        ("period", ctypes.c_uint32),
        ("computation", ctypes.c_uint32),
        ("constraint", ctypes.c_uint32),
        ("preemptible", ctypes.c_int),
    )


def _time_constraint() -> str:
    """macOS: up to 1 ms of work within 2 ms, as sound threads ask for. Untested on a real Mac."""
    system = ctypes.CDLL("/usr/lib/libSystem.dylib")
    base = (ctypes.c_uint32 * 2)()
    system.mach_timebase_info(base)
    ms = int(1e6 * base[1] / base[0])
    policy = _TimeConstraint(period=0, computation=ms, constraint=2 * ms, preemptible=1)
    system.mach_thread_self.restype = ctypes.c_uint32
    thread = system.mach_thread_self()
    if code := system.thread_policy_set(thread, 2, ctypes.byref(policy), 4):
        raise OSError(code, f"the kernel refused a time constraint ({code})")
    return "real-time, time constraint 1 of 2 ms"


def _time_critical() -> str:
    """Windows: timers of 1 ms and a time-critical thread. Untested on a real Windows."""
    kernel, multimedia = ctypes.WinDLL("kernel32"), ctypes.WinDLL("winmm")  # type: ignore[attr-defined]
    multimedia.timeBeginPeriod(1)
    kernel.SetPriorityClass(kernel.GetCurrentProcess(), 0x80)  # HIGH_PRIORITY_CLASS
    if not kernel.SetThreadPriority(kernel.GetCurrentThread(), 15):  # TIME_CRITICAL
        raise OSError("Windows refused a time-critical thread")
    return "time-critical thread, timers of 1 ms"
