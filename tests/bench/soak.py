"""`latentloom bench soak`: ten minutes at 200 bpm with real parts, under a restless hand.

Two tracks through the transport, the conductor and the player into a JACK server, and a third port
with a steady grid past the transport, by which drift shows. The witness is a process of its own.
"""

from __future__ import annotations

import os
import random
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import perf_counter

import numpy as np

from studio.commands.report import Row, at_most
from studio.document.routes import Route
from studio.live.clock.transport import Transport
from studio.live.conductor import Conductor
from studio.live.player.client import PlayerClient
from studio.live.player.protocol import PortState
from studio.processes.messages import Due
from tests.bench.jack_server import RATE, JackServer
from tests.bench.jack_witness import Arrival, Witness
from tests.studio.live.band import Steps

BPM = 200.0
_GRID_S = 0.05
_AHEAD_S = 0.1
_WARM = 0.2
"""The share of the evening after which memory is to stay as it is."""


@dataclass
class Soaked:
    """What an evening left behind."""

    notes: dict[str, int]
    """Note ons by port."""
    unended: int
    """Notes struck and not ended, over all ports."""
    astray: int
    """Note offs without a note."""
    player_growth: float
    """Of the player's memory after warming up, as a share."""
    app_growth: float
    drift_ppm: float
    """Of the grid at the witness against the due times, by `perf_counter`."""
    frames_ppm: float
    """The same by the server's frames, which fall behind with each period missed."""
    overruns: int
    gestures: int
    dropped: int


def soak(seconds: float, seed: int = 1) -> Soaked:
    """Play for `seconds` on the JACK server that the environment names."""
    witness = Witness("soakear", "steps", "pads", "grid")
    player = _opened("soakear", "steps", "pads", "grid")
    transport = Transport()
    transport.set_tempo(BPM)
    conductor = Conductor(transport, player)
    conductor.add(_source("steps", 0.25, 0.2))
    conductor.add(_source("pads", 1.0, 3.3))
    hand = Hand(transport, conductor, player, random.Random(seed))
    conductor.clock_to(["steps"])
    conductor.start()
    hand.routes()
    transport.play()
    memory = _evening(seconds, hand, player)
    transport.stop()
    conductor.close()
    player.close()
    _pause(0.1)
    arrivals = witness.take()
    overruns = witness.overruns()
    witness.close()
    drift, frames = _drift(arrivals, hand.grid)
    notes, unended, astray = _ends(arrivals)
    lateness = player.statistics.lateness
    warm = memory[int(_WARM * len(memory)) :]
    return Soaked(
        notes,
        unended,
        astray,
        _growth([m[0] for m in warm]),
        _growth([m[1] for m in warm]),
        drift,
        frames,
        overruns,
        hand.gestures,
        lateness.dropped if lateness else 0,
    )


class Hand:
    """It cannot leave anything alone."""

    def __init__(
        self,
        transport: Transport,
        conductor: Conductor,
        player: PlayerClient,
        chance: random.Random,
    ) -> None:
        self.transport, self.conductor, self.player = transport, conductor, player
        self.chance = chance
        self.gestures = 0
        self._begin_s, self._sent = perf_counter() + 0.5, 0

    @property
    def grid(self) -> list[float]:
        """When its notes were due; reckoned, for an hour of it kept would be a leak of ours."""
        return [self._begin_s + _GRID_S * number for number in range(self._sent)]

    def routes(self) -> None:
        """Tracks go to ports with another program, channel and transposition each time."""
        chance = self.chance
        self.conductor.route(
            Route(
                track=track,
                port=track,
                channel=chance.choice((1, 1, 2)),
                program=chance.choice((None, 5, 19)),
                transpose=chance.choice((0, 0, -12)),
                mute=chance.random() < 0.1,
            )
            for track in ("steps", "pads")
        )

    def move(self) -> None:
        """One gesture."""
        transport, chance = self.transport, self.chance
        gestures: list[Callable[[], object]] = [
            lambda: transport.set_tempo(chance.uniform(150, 300)),
            lambda: transport.set_tempo(BPM),
            lambda: transport.nudge(chance.uniform(-0.05, 0.05)),
            transport.tap,
            transport.stop,
            transport.resume,
            transport.play,
            lambda: transport.locate(float(chance.randrange(64))),
            self.routes,
            self.panic,
        ]
        chance.choices(gestures, (4, 4, 4, 2, 1, 4, 4, 2, 4, 1))[0]()
        self.gestures += 1

    def panic(self) -> None:
        """As the window's button does it."""
        self.transport.stop()
        self.player.panic()

    def keep_the_grid(self) -> None:
        """Send the steady notes of the next tenth of a second; their number is in the message."""
        ahead = perf_counter() + _AHEAD_S
        messages: list[Due] = []
        while (due_s := self._begin_s + _GRID_S * self._sent) < ahead:
            high, low = divmod(self._sent, 128)
            messages.append(Due(due_s, "grid", bytes((0xE0, low, high % 128))))
            self._sent += 1
        if messages:
            self.player.send(messages)


def _source(track: str, step_beats: float, length_beats: float) -> Steps:
    """One that keeps no account of what it was asked, which would grow."""
    source = Steps(track, step_beats, length_beats)
    source.spans = deque(maxlen=1)  # type: ignore[assignment]
    return source


def _opened(ear: str, *ports: str) -> PlayerClient:
    opened: set[str] = set()
    all_open = Event()

    def hear(event: object) -> None:
        if isinstance(event, PortState) and event.is_open:
            opened.add(event.key)
            if len(opened) == len(ports):
                all_open.set()

    player = PlayerClient(hear)
    player.start()
    for port in ports:
        player.open_output(port, f"{ear}:{port}")
    if not all_open.wait(30):
        raise RuntimeError("The player did not find the witness.")
    return player


def _evening(seconds: float, hand: Hand, player: PlayerClient) -> list[tuple[float, float]]:
    """Memory of player and app in MB, once a second."""
    memory: list[tuple[float, float]] = []
    began = perf_counter()
    next_move, next_look = began + 1.0, began
    while (now := perf_counter()) < began + seconds:
        hand.keep_the_grid()
        if now > next_move:
            next_move = now + hand.chance.expovariate(1 / 0.7)
            hand.move()
        if now > next_look:
            next_look += 1.0
            assert player.pid is not None
            memory.append((_memory_mb(player.pid), _memory_mb(os.getpid())))
        _pause(0.01)
    return memory


def _pause(seconds: float) -> None:
    Event().wait(seconds)


def _memory_mb(pid: int) -> float:
    """Resident, without what is shared with others through files."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _growth(memory: list[float]) -> float:
    """From the first quarter's median to the last quarter's."""
    quarter = max(1, len(memory) // 4)
    return float(np.median(memory[-quarter:]) / np.median(memory[:quarter]) - 1)


def _ends(arrivals: list[Arrival]) -> tuple[dict[str, int], int, int]:
    """Note ons by port, notes left sounding, offs without a note."""
    notes: Counter[str] = Counter()
    sounding: Counter[tuple[str, int, int]] = Counter()
    astray = 0
    for arrival in arrivals:
        kind = arrival.data[0] & 0xF0
        if kind not in (0x80, 0x90):
            continue
        pitch = (arrival.port, arrival.data[0] & 15, arrival.data[1])
        if kind == 0x90:
            notes[arrival.port] += 1
            sounding[pitch] += 1
        elif sounding[pitch]:
            sounding[pitch] -= 1
        else:
            astray += 1
    return dict(notes), sum(sounding.values()), astray


def _drift(arrivals: list[Arrival], due: list[float]) -> tuple[float, float]:
    """Slopes of arrival against due, less one, in millionths: by seconds and by frames."""
    found: list[tuple[float, float, float]] = []
    number = 0
    for arrival in arrivals:
        if arrival.port != "grid" or arrival.data[0] != 0xE0:
            continue
        told = arrival.data[1] | arrival.data[2] << 7
        number += (told - number) % (1 << 14)
        found.append((due[number], arrival.at_s, arrival.frame / RATE))
    due_s, at_s, frames = np.asarray(found).T
    slopes = [np.polyfit(due_s - due_s[0], t - t[0], 1)[0] for t in (at_s, np.unwrap(frames))]
    return tuple(float(1e6 * (slope - 1)) for slope in slopes)  # type: ignore[return-value]


def rows(soaked: Soaked, seconds: float) -> list[Row]:
    """The figures of one evening."""
    notes = ", ".join(f"{count} on {port}" for port, count in soaked.notes.items())
    where = f"{seconds:.0f} s, {soaked.gestures} gestures; notes: {notes}"
    return [
        Row("notes_unended", soaked.unended, "", at_most(0), where),
        Row("offs_astray", soaked.astray, "", at_most(0), where),
        Row("player_memory_growth", soaked.player_growth, "", at_most(0.02), "after warming up"),
        Row("app_memory_growth", soaked.app_growth, "", at_most(0.02), "after warming up"),
        Row("drift_ppm", abs(soaked.drift_ppm), "ppm", at_most(50), "of a steady grid"),
        Row(
            "drift_frames_ppm",
            abs(soaked.frames_ppm),
            "ppm",
            note=f"by the server's frames; it missed {soaked.overruns} periods",
        ),
        Row("dropped", soaked.dropped, "", None, "note ons that came too late or found no port"),
    ]


def run(seconds: float = 600.0) -> list[Row]:
    """An evening on a server of our own."""
    server = JackServer()
    os.environ.update(server.environment)
    try:
        return rows(soak(seconds), seconds)
    finally:
        server.stop()
