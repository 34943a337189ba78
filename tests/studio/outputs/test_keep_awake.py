"""The computer stays awake while it is wanted, and not a moment longer."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue

from studio.outputs.keep_awake import KeepAwake
from tests.fakes import PATIENCE_S


def test_it_is_asked_once_and_given_back() -> None:
    told: Queue[str] = Queue()

    @contextmanager
    def hold() -> Iterator[None]:
        told.put("awake")
        yield
        told.put("given back")

    awake = KeepAwake(hold)
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


def test_where_it_cannot_be_a_log_line_says_so_and_playing_goes_on(caplog) -> None:
    asked: Queue[None] = Queue()

    def hold():
        asked.put(None)
        raise RuntimeError("no D-Bus here\nTried: this and that")

    awake = KeepAwake(hold)
    with caplog.at_level(logging.INFO):
        awake.want(True)
        asked.get(timeout=PATIENCE_S)
        awake.close()
    assert [record.getMessage() for record in caplog.records] == [
        "The computer may go to sleep while it plays: no D-Bus here"
    ]
