"""The computer stays awake while it is wanted, and not a moment longer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue

from studio.outputs.keep_awake import KeepAwake
from tests.fakes import PATIENCE_S, is_one_sentence


def test_it_is_asked_once_and_given_back() -> None:
    told: Queue[str] = Queue()

    @contextmanager
    def hold() -> Iterator[None]:
        told.put("awake")
        yield
        told.put("given back")

    awake = KeepAwake(told.put, hold)
    awake.want(False)
    assert awake._thread is None
    for _ in range(2):
        awake.want(True)
        awake.want(True)
        assert told.get(timeout=PATIENCE_S) == "awake"
        awake.want(False)
        assert told.get(timeout=PATIENCE_S) == "given back"
    awake.want(True)
    assert told.get(timeout=PATIENCE_S) == "awake"
    awake.close()
    assert told.get_nowait() == "given back"
    assert told.empty()


def test_a_system_that_fails_costs_one_sentence_and_is_asked_again_the_next_time() -> None:
    told: Queue[str] = Queue()
    said: Queue[str] = Queue()
    fails = iter((False, True))

    @contextmanager
    def hold() -> Iterator[None]:
        told.put("asked")
        if next(fails):
            raise RuntimeError("no D-Bus here")
        yield
        told.put("given back")
        raise RuntimeError("no D-Bus any more")

    awake = KeepAwake(said.put, hold)
    awake.want(True)
    assert told.get(timeout=PATIENCE_S) == "asked"
    awake.want(False)
    assert told.get(timeout=PATIENCE_S) == "given back"
    awake.want(True)
    assert is_one_sentence(said.get(timeout=PATIENCE_S))
    awake.close()
    assert told.get_nowait() == "asked"
    assert told.empty()
    assert said.empty()
