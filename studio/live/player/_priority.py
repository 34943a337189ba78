"""The best scheduling that the system grants to a process that must wake on time."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import get_native_id
from time import sleep

FIFO = 20
"""Above the desktop, below the sound server's and the kernel's own threads."""
_NICE = -15
_SLICE_NS = 100_000
_SETATTR = {"x86_64": 314, "aarch64": 274}
"""The number of the system call sched_setattr."""
_RTKIT_US = 200_000
"""What RealtimeKit allows a thread to work without a pause."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What the system granted."""

    sentence: str
    real_time: bool = False
    """Nothing else runs while we want to; else whoever spins long soon has to give way."""


def raise_priority(system: str = sys.platform) -> Granted:
    """Take the best scheduling there is, for this thread and those to come."""
    ways: dict[str, tuple[Callable[[], str], ...]] = {
        "linux": (_fifo, _by_rtkit),
        "darwin": (_time_constraint,),
        "win32": (_time_critical,),
    }
    reasons: list[str] = []
    for way in ways.get(system, ()):
        try:
            return Granted(way(), real_time=True)
        except (OSError, AttributeError, ValueError) as error:
            reasons.append(getattr(error, "strerror", None) or str(error))
    return Granted(_next_best(system, reasons[0] if reasons else "no other means here"))


def _next_best(system: str, reason: str) -> str:
    """What needs no permission, or less of one."""
    if system != "linux":
        return f"normal priority: {reason}"
    short = ", short turns" if short_slice() else ""
    for way in (_nice, _own_core):
        with suppress(OSError, AttributeError):
            return way() + short
    return f"normal priority{short}: {reason}"


def lock_memory() -> bool:
    """Keep this process in memory (Linux, macOS).

    What comes later is locked as well only where nothing bounds that: it could fail otherwise.
    """
    if sys.platform == "win32":
        return False
    import resource

    boundless = resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY
    flags = 3 if boundless or os.geteuid() == 0 else 1  # MCL_CURRENT, MCL_FUTURE
    try:
        return int(ctypes.CDLL(None).mlockall(flags)) == 0
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


class _SchedAttributes(ctypes.Structure):
    """struct sched_attr of <linux/sched/types.h>, its first version."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("policy", ctypes.c_uint32),
        ("flags", ctypes.c_uint64),
        ("nice", ctypes.c_int32),
        ("priority", ctypes.c_uint32),
        ("runtime_ns", ctypes.c_uint64),
        ("deadline_ns", ctypes.c_uint64),
        ("period_ns", ctypes.c_uint64),
    )


def short_slice() -> bool:
    """Without privileges: ask for short turns, for which Linux from 6.12 on lets us go sooner.

    Who wants little at a time has the nearer deadline (EEVDF). On two cores under a load of eight,
    lateness p90 went from 3.6 ms to 0.2, p99 from 7.5 to 2. Older kernels ignore it.
    """
    number = _SETATTR.get(platform.machine())
    if sys.platform != "linux" or number is None:
        return False
    wanted = _SchedAttributes(size=48, nice=os.nice(0), runtime_ns=_SLICE_NS)
    system = ctypes.CDLL(None, use_errno=True)
    return int(system.syscall(number, 0, ctypes.byref(wanted), 0)) == 0


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
