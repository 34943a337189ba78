"""What holds for every test: no screen, nobody's home, no thread left behind."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.check import environment
from tests.fakes import Guest, Pump

# Before Qt is imported: without a display it draws into memory.
os.environ.update(environment())

# The same examples in every run, however slow the machine: a red run is red again.
settings.register_profile("house", deadline=None, derandomize=True, print_blob=False)
settings.load_profile("house")

_numbers = count()


def pytest_collection_finish() -> None:
    """All modules and tests are there and stay: full collections need not walk them each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the tests' homes stand."""
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def home(homes: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home for each test, so that none reads or writes the user's files."""
    home = homes / str(next(_numbers))
    home.mkdir()
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.delenv("XDG_DOCUMENTS_DIR", raising=False)
    for name in ("APPDATA", "LOCAL_APPDATA", "PERSONAL"):  # platformdirs' own, for Windows
        monkeypatch.setenv(f"WIN_PD_OVERRIDE_{name}", str(home / name.lower()))
    return home


@pytest.fixture(autouse=True)
def the_computer_may_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever plays in a test asks nothing of the system that runs it."""
    monkeypatch.setattr("studio.outputs.keep_awake.presenting", nullcontext)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Files without a timed test are not read for the timed ones: 12 s of 15."""
    timed = config.getoption("markexpr") == "timed" and collection_path.match("test_*.py")
    return True if timed and b"mark.timed" not in collection_path.read_bytes() else None


@pytest.fixture(autouse=True)
def no_thread_left_behind() -> Iterator[None]:
    """Fails a test that leaves a thread which would hold the exit, or an engine thread at work."""
    before = set(threading.enumerate())
    yield
    left = [t for t in threading.enumerate() if t not in before and t.is_alive()]
    left = [t for t in left if not t.daemon or t.name == "engines"]
    assert not left, f"threads left behind: {[t.name for t in left]}"


@pytest.fixture
def play() -> Iterator[Callable[..., Pump]]:
    """`play(guest, ...)` gives a `Pump` that is at rest, or not started with `start=False`.

    All of them are closed at the end of the test, before the threads are counted.
    """
    pumps: list[Pump] = []

    def play(*guests: Guest, start: bool = True, **given: Any) -> Pump:
        pumps.append(Pump(*guests, **given))
        return pumps[-1].start() if start else pumps[-1]

    yield play
    for pump in pumps:
        pump.close()
