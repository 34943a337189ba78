"""`latentloom bench requests`: a window that plays, and five hundred phones that ask for songs.

The phones are a process of their own on loopback, each with its own address. Without them and with
them, in turn: pictures painted a second under a moving hand, and how late notes leave into a JACK
server. Then ten thousand requests that hypothesis has spoilt. Linux, whose loopback has an address
for each phone.
"""

from __future__ import annotations

import json
import logging
import math
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import enumerate as enumerate_threads
from time import clock_gettime, perf_counter, pthread_getcpuclockid

import numpy as np
from hypothesis import HealthCheck, given, settings

from studio.commands.report import Row, at_least, at_most
from studio.document.errors import StudioError
from studio.engine.registry import find_engines
from studio.live.player._trace import VARIABLE, read_trace
from studio.requests.archive import MADE
from tests.bench.instrument import Instrument
from tests.bench.jack_witness import Witness
from tests.bench.midi import _band, served
from tests.bench.soak import _memory_mb
from tests.ports import free_tcp
from tests.studio.requests.phone import Phone, place
from tests.studio.requests.test_page import mutated

PHONES = 500
SPOILT = 10_000
_HAND_HZ = 200
_LEAST_S = 60.0
_ROUNDS = 3
_KEEPSAKES_S = 120.0
"""So long a round waits for the keepsakes of the one before."""
_ROOT = Path(__file__).resolve().parents[2]


def run(seconds: float = 60.0) -> list[Row]:
    """Measure `seconds`, a minute at least, without phones and as long with them."""
    if sys.platform != "linux":
        raise StudioError("The phones need the many loopback addresses that only Linux has.")
    if not (os.getenv("DISPLAY") or os.getenv("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    seconds = max(_LEAST_S, seconds)
    with TemporaryDirectory(prefix="bench-") as home:
        os.environ["XDG_DOCUMENTS_DIR"] = home
        return [*_instrument_rows(seconds, Path(home)), *_spoilt_rows(Path(home))]


@dataclass
class _Seen:
    """What half of the rounds brought, those with phones or those without."""

    painted: list[float] = field(default_factory=list)
    """Pictures a second, a round each."""
    late_ms: list[float] = field(default_factory=list)
    page_ms: list[float] = field(default_factory=list)
    asked_ms: list[float] = field(default_factory=list)
    failed: int = 0
    refused: int = 0
    open_at_once: int = 0
    page_cpu_s: float = 0.0
    waiting: int = 0


def _instrument_rows(seconds: float, home: Path) -> list[Row]:
    """Rounds with phones and without in turn: what else a computer does meanwhile hits both."""
    registry = find_engines()
    draws, composes = (
        next(s for s in registry.specs if s.composes is wanted) for wanted in (False, True)
    )
    seen = {on: _Seen() for on in (False, True)}
    with served():
        instrument = Instrument(draws, draws.models[0], registry)
        window, rig = instrument.window, instrument.rig
        try:
            instrument.hear(rig)
            rig.start()
            front = instrument.session.scene.front
            instrument.session.decks.add(composes.name)
            instrument.session.decks.bring_to_front(front)
            instrument.settle()
            rig.transport.play()
            instrument.drag(3.0, _HAND_HZ)
            memory = _memory_mb(os.getpid())
            for _ in range(_ROUNDS):
                for on in (False, True):
                    told = _round(instrument, seconds / _ROUNDS, home / "trace", seen[on], on)
            grown = _memory_mb(os.getpid()) - memory
            songs = len(window.band.requests.service.archive.songs)
            rig.transport.stop()
        finally:
            instrument.close()
    return _rows(seen, told, grown, songs)


def _round(instrument: Instrument, seconds: float, trace: Path, seen: _Seen, on: bool) -> str:
    """One of them, into `seen`; returns what priority the player of the notes has."""
    requests, port = instrument.window.band.requests, free_tcp()
    os.environ[VARIABLE] = str(trace)
    witness = Witness("witness", "loom")
    player, transport, conductor, scheduling = _band()
    transport.play()
    phones = None
    if on:
        requests.use(on=True, port=port, lets_through=True)
        instrument.drag(0.5, _HAND_HZ)
        phones = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.phones", str(port), str(seconds), str(PHONES)],
            cwd=_ROOT, stdout=subprocess.PIPE,
        )  # fmt: skip
    seen.painted.append(instrument.drag(seconds, _HAND_HZ).painted_per_s())
    transport.stop()
    conductor.close()
    player.close()
    witness.close()
    del os.environ[VARIABLE]
    seen.late_ms += [1000 * (left - due) for due, left, note in read_trace(trace) if note == 0x90]
    trace.unlink()
    if phones is not None:
        _hear_out(phones, seen)
        seen.waiting = len(requests.service.queue.line)
        _empty(instrument)
    return scheduling


def _hear_out(phones: subprocess.Popen[bytes], seen: _Seen) -> None:
    said = json.loads(phones.communicate(timeout=60)[0])
    for name in ("page_ms", "asked_ms", "failed", "refused"):
        setattr(seen, name, getattr(seen, name) + said[name])
    seen.open_at_once = max(seen.open_at_once, said["open_at_once"])
    server = next(thread for thread in enumerate_threads() if thread.name == "requests")
    seen.page_cpu_s += clock_gettime(pthread_getcpuclockid(server.ident or 0))


def _empty(instrument: Instrument) -> None:
    """Close the page, forget who waits, and let the keepsakes be made to their end."""
    requests = instrument.window.band.requests
    queue, archive = requests.service.queue, requests.service.archive
    instrument.rig.transport.stop()
    for request in queue.line:
        queue.refuse(request.token)
    instrument.drag(0.5, _HAND_HZ)
    requests.use(on=False)
    until_s = perf_counter() + _KEEPSAKES_S
    while perf_counter() < until_s and not all(
        archive.there(song) >= set(MADE) for song in archive.songs
    ):
        instrument.watch(0.5, 1, lambda _: None)
    instrument.rig.transport.play()
    instrument.drag(1.0, _HAND_HZ)


def _rows(seen: dict[bool, _Seen], scheduling: str, grown: float, songs: int) -> list[Row]:
    without, with_them = seen[False], seen[True]
    rates = [float(np.median(half.painted)) for half in (without, with_them)]
    kept = [b / a for a, b in zip(without.painted, with_them.painted, strict=True)]
    count = len(with_them.page_ms)
    pages = f"{count} pages, at most {with_them.open_at_once} at once"
    wishes = f"{len(with_them.asked_ms)} wishes, {with_them.refused} refused"
    rounds = f"{_ROUNDS} rounds without and with phones, in turn: " + ", ".join(
        f"{share:.2f}" for share in kept
    )
    real_time = scheduling.startswith(("real-time", "time-critical"))
    cpu_ms = 1000 * with_them.page_cpu_s / max(1, count)
    rows = [
        Row("phones", PHONES, note="each with an address of its own"),
        Row("page_p50_ms", float(np.median(with_them.page_ms)), "ms", note=pages),
        Row("page_p99_ms", _p99(with_them.page_ms), "ms", at_most(200), pages),
        Row("page_cpu_ms", cpu_ms, "ms", note="processor time of the page's thread, a page"),
        Row("wish_p99_ms", _p99(with_them.asked_ms), "ms", at_most(200), wishes),
        Row("failed", with_them.failed, goal=at_most(0)),
        Row("songs_played", songs, goal=at_least(1), note=f"{with_them.waiting} wait at the end"),
        Row("pictures_before", rates[0], "1/s"),
        Row("pictures_during", rates[1], "1/s"),
        Row("pictures_kept", float(np.median(kept)), goal=at_least(0.9), note=rounds),
    ]
    for name, half in (("without", without), ("with", with_them)):
        bar = at_most(0.1 if real_time else 1.0)
        told = f"{len(half.late_ms)} notes, {scheduling}"
        rows.append(Row(f"lateness_{name}_phones_p99_ms", _p99(half.late_ms), "ms", bar, told))
    return [*rows, Row("memory_grown_mb", grown, "MB", at_most(60))]


def _p99(values: list[float]) -> float:
    return float(np.percentile(values, 99)) if values else math.nan


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
