"""`latentloom bench requests`: a window that plays, and five hundred phones that ask for songs.

The phones are a process of their own on loopback, each with its own address. Before they come and
while they are there: pictures painted a second under a moving hand, and how long before its time
each note reaches the sound. Then ten thousand requests that hypothesis has spoilt. Linux, whose
loopback has an address for each phone.
"""

from __future__ import annotations

import json
import logging
import math
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from hypothesis import HealthCheck, given, settings

from studio.commands.report import Row, at_least, at_most
from studio.document.errors import StudioError
from studio.engine.registry import find_engines
from studio.processes.messages import Due
from tests.bench.instrument import Drag, Instrument
from tests.bench.soak import _memory_mb
from tests.studio.requests.phone import Phone, free_port, place
from tests.studio.requests.test_page import mutated

PHONES = 500
SPOILT = 10_000
_HAND_HZ = 200
_LEAST_S = 30.0
_ROOT = Path(__file__).resolve().parents[2]


def run(seconds: float = 60.0) -> list[Row]:
    """Measure `seconds`, half a minute at least, without phones and as long with them."""
    if sys.platform != "linux":
        raise StudioError("The phones need the many loopback addresses that only Linux has.")
    if not (os.getenv("DISPLAY") or os.getenv("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    seconds = max(_LEAST_S, seconds)
    with TemporaryDirectory(prefix="bench-") as home:
        os.environ["XDG_DOCUMENTS_DIR"] = home
        return [*_instrument_rows(seconds), *_spoilt_rows(Path(home))]


def _instrument_rows(seconds: float) -> list[Row]:
    registry = find_engines()
    draws, composes = (
        next(s for s in registry.specs if s.composes is wanted) for wanted in (False, True)
    )
    instrument = Instrument(draws, draws.models[0], registry)
    window, rig = instrument.window, instrument.rig
    early: list[float] = []
    send = rig.sound.send

    def heard(messages: Sequence[Due]) -> None:
        now_s = perf_counter()
        early.extend(1000 * (m.due_s - now_s) for m in messages if m.data[0] & 0xF0 == 0x90)
        send(messages)

    rig.sound.send = heard  # type: ignore[method-assign]
    try:
        instrument.hear(rig)
        rig.start()
        front = instrument.session.scene.front
        instrument.session.decks.add(composes.name)
        instrument.session.decks.bring_to_front(front)
        instrument.settle()
        rig.transport.play()
        instrument.drag(3.0, _HAND_HZ)
        early.clear()
        before = instrument.drag(seconds, _HAND_HZ), list(early)
        requests, port = window.band.requests, free_port()
        requests.use(on=True, port=port, lets_through=True)
        instrument.drag(1.0, _HAND_HZ)
        early.clear()
        memory = _memory_mb(os.getpid())
        phones = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.phones", str(port), str(seconds), str(PHONES)],
            cwd=_ROOT, stdout=subprocess.PIPE,
        )  # fmt: skip
        during = instrument.drag(seconds, _HAND_HZ), list(early)
        grown = _memory_mb(os.getpid()) - memory
        said, _ = phones.communicate(timeout=60)
        played = len(requests.service.archive.songs)
        waiting = len(requests.service.queue.line)
        rig.transport.stop()
    finally:
        instrument.close()
    return _rows(json.loads(said), before, during, grown, (played, waiting))


def _rows(
    seen: dict[str, list[float]],
    before: tuple[Drag, list[float]],
    during: tuple[Drag, list[float]],
    grown: float,
    songs: tuple[int, int],
) -> list[Row]:
    rates = [drag.painted_per_s() for drag, _ in (before, during)]
    late = [float(np.percentile(early, 1)) if early else math.nan for _, early in (before, during)]
    pages = f"{len(seen['page_ms'])} pages, at most {seen['open_at_once']} at once"
    notes = f"of {len(before[1])} and {len(during[1])} notes; 0 is late"
    return [
        Row("phones", PHONES, note="each with an address of its own"),
        Row("page_p50_ms", float(np.median(seen["page_ms"])), "ms", note=pages),
        Row("page_p99_ms", float(np.percentile(seen["page_ms"], 99)), "ms", at_most(200), pages),
        Row("wish_p99_ms", float(np.percentile(seen["asked_ms"], 99)), "ms", at_most(200),
            f"{len(seen['asked_ms'])} wishes, {seen['refused']} refused"),
        Row("failed", float(seen["failed"]), goal=at_most(0)),  # type: ignore[arg-type]
        Row("songs_played", songs[0], goal=at_least(1), note=f"{songs[1]} wait at the end"),
        Row("pictures_before", rates[0], "1/s"),
        Row("pictures_during", rates[1], "1/s"),
        Row("pictures_kept", rates[1] / rates[0], goal=at_least(0.9)),
        Row("notes_early_before_p1_ms", late[0], "ms", note=notes),
        Row("notes_early_during_p1_ms", late[1], "ms", at_least(min(20.0, 0.9 * late[0])), notes),
        Row("memory_grown_mb", grown, "MB", at_most(60)),
    ]  # fmt: skip


def _spoilt_rows(home: Path) -> list[Row]:
    """Requests that no phone sends."""
    traces: list[logging.LogRecord] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info:
                traces.append(record)

    listener = Listener()
    logging.getLogger().addHandler(listener)
    broken = sent = 0
    with place(home / "spoilt") as at:
        phone = Phone(at)
        phone.open()
        files = set(home.rglob("*"))

        @settings(
            max_examples=SPOILT, database=None, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(mutated(phone.cookie, phone.seal))
        def send(data: bytes) -> None:
            nonlocal broken, sent
            sent += 1
            answer = at.raw(data, ends=True)
            broken += b"HTTP/1.1 5" in answer or b"Traceback" in answer
            for request in at.queue.line:
                at.queue.refuse(request.token)

        send()
        answers = phone.open().status == 200
        written = len(set(home.rglob("*")) - files)
    logging.getLogger().removeHandler(listener)
    return [
        Row(
            "spoilt_requests",
            sent,
            goal=at_least(SPOILT),
            note="and it answers" if answers else "it is down",
        ),
        Row("spoilt_broken", broken + len(traces) + (not answers), goal=at_most(0)),
        Row("spoilt_files", written, goal=at_most(0)),
    ]
