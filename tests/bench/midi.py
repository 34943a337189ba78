"""`latentloom bench midi`: when notes leave, with the machine idle, busy, and busier still.

2000 sixteenths of 180 bpm under each load, from a source through the real transport, conductor and
player into a JACK server, where a process of its own witnesses them. Under the same load and at the
same time three peers play as many: isobar, a `mido` loop on `time.sleep`, a QTimer. The loads: (a)
none, (b) the image engine on all cores while the window paints a drag, (c) a pure-Python thread
besides. Lateness is that of the hand-over to rtmidi against the due time, for all alike; JACK
itself then plays notes at the start of its period.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer

from studio.commands.report import Row, at_least, at_most
from studio.document.routes import Route
from studio.engine import thread_budget
from studio.engine.registry import find_engines
from studio.live.clock.transport import Transport
from studio.live.conductor import Conductor
from studio.live.player._trace import VARIABLE, Entry, read_trace
from studio.live.player.client import PlayerClient
from studio.live.player.protocol import PortState
from tests.bench import following
from tests.bench.instrument import Instrument
from tests.bench.jack_server import JackServer
from tests.bench.jack_witness import Arrival, Witness
from tests.bench.peers import peers
from tests.studio.live.band import Steps

NOTES, NOTES_QUICK = 2000, 144
BPM = 180.0
STEP_S = 15 / BPM
_HAND_HZ = 60
_PR_CAPBSET_DROP, _CAP_SYS_NICE = 24, 23
"""Of <linux/prctl.h> and <linux/capability.h>."""
LOADS = {
    "idle": "nothing else to do",
    "loaded": "the image engine on all cores, the window painting a drag",
    "hogged": "the same and a pure-Python thread",
}


@dataclass
class Phase:
    """What one load brought. Times in ms."""

    late_ms: list[float]
    """Of our note ons."""
    off_beat_ms: list[float]
    """How far the intervals of our clock's ticks are from what they should be."""
    tick_times: list[float]
    """When the witness heard them, in seconds."""
    uneven_ms: dict[str, list[float]]
    """How far the intervals of notes at the witness are from a sixteenth, ours and the peers'."""
    in_order: int
    """Notes that the witness heard, up to the first that was not the next."""
    peers_ms: dict[str, list[float]]
    pictures_per_s: float
    scheduling: str
    overruns: int
    lost: str
    """Where notes were left out, if any were."""


def run(seconds: float = 12.0, notes: int = NOTES, real_time: bool = True) -> list[Row]:
    """All loads and the follower: about nine minutes."""
    if sys.platform == "linux" and not (os.getenv("DISPLAY") or os.getenv("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    spec = next(spec for spec in find_engines().specs if spec.bench is not None)
    with served():
        if not real_time:
            _forgo_real_time()
        instrument = Instrument(spec, spec.models[0])
        instrument.session.engines.use_threads(thread_budget(live=False))
        try:
            instrument.settle()
            phases = {load: measure(instrument, load, notes) for load in LOADS}
        finally:
            instrument.close()
    return [*_rows(phases, notes), *following.run()]


def quick(seconds: float = 12.0) -> list[Row]:
    """The same with 144 notes under each load: about a minute."""
    return run(seconds, NOTES_QUICK)


def without_real_time(seconds: float = 12.0) -> list[Row]:
    """The same where the system grants the player no priority, with 500 notes: three minutes."""
    return run(seconds, NOTES // 4, real_time=False)


def _forgo_real_time() -> None:
    """From here on no child of this process gets priority, as where none is permitted: root is
    none the better for being root. There is no way back."""
    import resource

    resource.setrlimit(resource.RLIMIT_RTPRIO, (0, 0))
    dropped: int = ctypes.CDLL(None).prctl(_PR_CAPBSET_DROP, _CAP_SYS_NICE, 0, 0, 0)
    if dropped != 0 and os.geteuid() == 0:
        raise OSError("The right to priority cannot be given up here.")


@contextmanager
def served() -> Iterator[None]:
    """A JACK server of our own, which all clients in this process and its children find."""
    server = JackServer()
    os.environ.update(server.environment)
    try:
        yield
    finally:
        server.stop()


def measure(instrument: Instrument, load: str, notes: int) -> Phase:
    """One load: we and the peers play `notes` notes each."""
    names = ("loom", "mido", "qtimer", "isobar")
    witness = Witness("witness", *names)
    others = peers({name: f"witness:{name}" for name in names})
    with TemporaryDirectory() as folder:
        trace = Path(folder) / "trace"
        os.environ[VARIABLE] = str(trace)
        player, transport, conductor, told = _band()
        seconds = notes * STEP_S + 1.0
        with _hog(load == "hogged"):
            for peer in others:
                peer.play(notes, STEP_S)
            transport.play()
            pictures = _live(instrument, seconds, busy=load != "idle")
        transport.stop()
        for peer in others:
            peer.close()
        conductor.close()
        player.close()
        del os.environ[VARIABLE]
        entries = read_trace(trace)
    heard, overruns = witness.take(), witness.overruns()
    witness.close()
    arrivals = [a for a in heard if a.port == "loom"]
    # Those that the app handed over too late are among them.
    late = [1000 * (left_s - due_s) for due_s, left_s, status in entries if status == 0x90]
    return Phase(
        late[:notes],
        _off_beat_ms(entries),
        [a.at_s for a in arrivals if a.data == b"\xf8"],
        {name: _uneven_ms([a for a in heard if a.port == name]) for name in names},
        _in_order(arrivals, notes),
        {peer.name: peer.late_ms() for peer in others},
        pictures,
        told,
        overruns,
        _lost(conductor, player),
    )


def _lost(conductor: Conductor, player: PlayerClient) -> str:
    told = player.statistics.lateness
    counts = {
        "left out by the conductor": conductor.missed,
        "dropped on the way": player.statistics.dropped,
        "dropped by the player": told.dropped if told else 0,
        "handed to the player too late": told.arrived_late if told else 0,
    }
    return "".join(f", {count} {what}" for what, count in counts.items() if count)


def _band() -> tuple[PlayerClient, Transport, Conductor, str]:
    """Player, transport and conductor with a track of sixteenths and clock on one port."""
    opened = Event()
    player = PlayerClient(
        lambda event: opened.set() if isinstance(event, PortState) and event.is_open else None
    )
    player.start()
    player.open_output("out", "witness:loom")
    if not opened.wait(30):
        raise RuntimeError("The player did not find the witness.")
    transport = Transport()
    transport.set_tempo(BPM)
    conductor = Conductor(transport, player)
    conductor.add(Steps())
    conductor.route([Route(track="steps", port="out")])
    conductor.clock_to(["out"])
    conductor.start()
    return player, transport, conductor, player.scheduling


@contextmanager
def _hog(wanted: bool) -> Iterator[None]:
    """A thread that runs Python without a pause."""
    enough = Event()

    def run() -> None:
        while not enough.is_set():
            sum(i * i for i in range(1000))

    thread = Thread(target=run, daemon=True)
    if wanted:
        thread.start()
    yield
    enough.set()
    if wanted:
        thread.join()


def _live(instrument: Instrument, seconds: float, *, busy: bool) -> float:
    """The window's event loop for `seconds`; the pictures that it painted in one."""
    if busy:
        return instrument.drag(seconds, _HAND_HZ).painted_per_s()
    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()
    return 0.0


def _off_beat_ms(entries: list[Entry]) -> list[float]:
    ticks = [left_s for _, left_s, status in entries if status == 0xF8]
    return [1000 * abs(b - a - 60 / BPM / 24) for a, b in pairwise(ticks)]


def _uneven_ms(arrivals: list[Arrival]) -> list[float]:
    """By the witness's own clock: JACK's period of 2.7 ms is in it, for all alike."""
    times = [a.at_s for a in arrivals if a.data[0] == 0x90 and a.data[2]]
    return [1000 * abs(b - a - STEP_S) for a, b in pairwise(times)]


def _in_order(arrivals: list[Arrival], notes: int) -> int:
    """Every note says by its pitch which one it is."""
    heard = [a.data[1] for a in arrivals if a.data[0] == 0x90][:notes]
    return next((n for n, pitch in enumerate(heard) if pitch != n % 128), len(heard))


def _tempo_error(times: list[float]) -> float:
    """Of the tempo that a listener would find, by the straight line through all ticks."""
    slope = float(np.polyfit(np.arange(len(times)), np.asarray(times) - times[0], 1)[0])
    return abs(slope / (60 / BPM / 24) - 1)


def _p99(values: list[float]) -> float:
    return float(np.quantile(values, 0.99)) if values else float("nan")


def _rows(phases: dict[str, Phase], notes: int) -> list[Row]:
    loaded = phases["loaded"]
    real_time = loaded.scheduling.startswith(("real-time", "time-critical"))
    bar = at_most(0.1 if real_time else 1.0)
    best = min(loaded.peers_ms, key=lambda name: _p99(loaded.peers_ms[name]))
    rows = [
        Row(f"lateness_{load}_p99_ms", _p99(phase.late_ms), "ms", bar, _note(load, phase))
        for load, phase in phases.items()
    ]
    rows += [
        Row(f"lateness_{load}_max_ms", max(phase.late_ms), "ms", note=f"of {notes} notes")
        for load, phase in phases.items()
    ]
    rows += [
        Row(f"{name}_{load}_p99_ms", _p99(late), "ms", note=f"{len(late)} notes, {LOADS[load]}")
        for load, phase in phases.items()
        for name, late in phase.peers_ms.items()
    ]
    rows += [
        Row(f"uneven_{name}_p99_ms", _p99(uneven), "ms", note="intervals at the witness, loaded")
        for name, uneven in loaded.uneven_ms.items()
        if uneven
    ]
    ratio = _p99(loaded.late_ms) / _p99(loaded.peers_ms[best])
    rows += [
        Row("over_best_peer_p99", ratio, "", at_most(0.1), f"loaded; the best peer: {best}"),
        Row(
            "notes_arrived",
            min(phase.in_order for phase in phases.values()),
            "",
            at_least(notes),
            f"at the witness in order, of {notes}: "
            + ", ".join(f"{phase.in_order} {load}" for load, phase in phases.items()),
        ),
        Row(
            "clock_tempo_error",
            max(_tempo_error(phase.tick_times) for phase in phases.values()),
            "",
            at_most(1e-4),
            "by the witness, the worst load",
        ),
        Row(
            "clock_jitter_p99_ms",
            max(_p99(phase.off_beat_ms) for phase in phases.values()),
            "ms",
            at_most(0.2),
            "intervals of ticks at the player, the worst load",
        ),
    ]
    return rows


def _note(load: str, phase: Phase) -> str:
    painted = f", {phase.pictures_per_s:.0f} pictures/s" if phase.pictures_per_s else ""
    missed = f", {phase.overruns} periods missed by JACK" if phase.overruns else ""
    return f"{LOADS[load]}{painted}; {phase.scheduling}{missed}{phase.lost}"
