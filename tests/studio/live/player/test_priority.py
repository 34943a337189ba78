from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading

import pytest

from studio.live.player import _priority as priority


def forbidden(*_: object) -> None:
    raise PermissionError(errno.EPERM, "Operation not permitted")


@pytest.fixture
def set_of(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, set[int]]]:
    """What affinities were set; there are eight cores, and no means that needs a permission."""
    affinities: list[tuple[int, set[int]]] = []
    monkeypatch.setattr(os, "sched_setscheduler", forbidden, raising=False)
    monkeypatch.setattr(os, "setpriority", forbidden, raising=False)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(priority, "short_slice", lambda: False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)
    monkeypatch.setattr(
        os,
        "sched_setaffinity",
        lambda pid, cores: affinities.append((pid, set(cores))),
        raising=False,
    )
    return affinities


linux = pytest.mark.skipif(not hasattr(os, "sched_setscheduler"), reason="Linux's own means")


@linux
def test_real_time_is_taken_where_it_is_permitted(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[tuple[int, int]] = []
    monkeypatch.setattr(
        os, "sched_setscheduler", lambda pid, how, what: taken.append((how, what.sched_priority))
    )
    assert priority.raise_priority("linux").sentence == "real-time, FIFO 20"
    assert taken == [(os.SCHED_FIFO, 20)]


@linux
@pytest.mark.parametrize("granted", [True, False])
def test_else_the_desktops_realtimekit_is_asked(
    set_of: list[tuple[int, set[int]]], monkeypatch: pytest.MonkeyPatch, granted: bool
) -> None:
    calls: list[list[str]] = []

    def run(call: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        calls.append(call)
        return subprocess.CompletedProcess(call, 0 if granted else 1)

    handler = signal.getsignal(signal.SIGXCPU)
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/busctl")
    monkeypatch.setattr("resource.setrlimit", lambda *_: None)
    monkeypatch.setattr("subprocess.run", run)
    monkeypatch.setattr(os, "sched_getscheduler", lambda pid: os.SCHED_RR)
    try:
        told = priority.raise_priority("linux").sentence
    finally:
        signal.signal(signal.SIGXCPU, handler)
    assert told.startswith("real-time, RR 20 by" if granted else "normal priority on a core")
    assert calls[0][-4:] == ["ttu", str(os.getpid()), str(threading.get_native_id()), "20"]


@linux
def test_else_a_raised_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(os, "sched_setscheduler", forbidden)
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setattr(os, "setpriority", lambda which, who, nice: asked.append(nice))
    monkeypatch.setattr(priority, "short_slice", lambda: True)
    assert priority.raise_priority("linux").sentence == "raised priority, nice -15, short turns"
    assert asked == [-15]


@linux
def test_else_a_core_of_its_own_that_the_app_keeps_off(
    set_of: list[tuple[int, set[int]]],
) -> None:
    assert priority.raise_priority("linux").sentence == "normal priority on a core of its own (7)"
    assert set_of == [(os.getppid(), set(range(7))), (0, {7})]


@linux
def test_with_few_cores_a_sentence_is_all(
    set_of: list[tuple[int, set[int]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    assert priority.raise_priority("linux").sentence == "normal priority: Operation not permitted"
    assert set_of == []


def test_an_unknown_system_is_told_as_it_is() -> None:
    assert priority.raise_priority("plan9").sentence == "normal priority: no other means here"


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_means_of_another_system_fail_with_a_sentence(platform: str) -> None:
    if platform == sys.platform:
        pytest.skip("this is that system")
    assert priority.raise_priority(platform).sentence.startswith("normal priority: ")
