"""How well the transport keeps the phase of a MIDI clock that it follows.

In simulated time, so that nothing but the follower is measured: a master ticks with Gaussian jitter
(2 ms is its standard deviation, so single ticks are off by 6), the conductor sends sixteenths, and
each note's due time is held against the moment of its beat by the master's true clock. Part of
`latentloom bench midi`; alone: `latentloom bench following`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import numpy as np

from studio.commands.report import Row, at_most
from studio.document.routes import Route
from studio.live.clock.following import ClockFollower
from tests.studio.live.band import Band, Steps
from tests.studio.live.master import BEGIN_S, START, Master, said

JITTER_S = 0.002
LOCKED_BEATS = 2
"""From here on the phase is held to account."""

TEMPI = (60.0, 90.0, 120.0, 174.0, 200.0)
SEEDS = 2
BEATS = 128


@dataclass
class Followed:
    """What was measured while a band followed a master."""

    off_ms: list[float] = field(default_factory=list)
    """Of each note after the second beat: early is negative."""
    locked_beats: list[float] = field(default_factory=list)
    """The beat at which each run said that it was locked."""
    notes: int = 0
    wanted: int = 0

    @property
    def p99_ms(self) -> float:
        return float(np.percentile(np.abs(self.off_ms), 99))


def follow(master: Master, beats: float, into: Followed) -> None:
    """Let a band follow `master` for so many beats."""
    steps = Steps()
    band = Band(steps, routes=[Route(track="steps", port="out")])
    follower = ClockFollower(band.clock)
    band.transport.follow(follower)
    follower.feed(said(START, BEGIN_S - 0.01))
    locked = None
    for message in master.ticks(beats):
        while band.clock() + 0.01 < message.at_s:
            band.run(0.01)
        band.clock.now = max(band.clock.now, message.at_s)
        band.player.play_until(band.clock())
        follower.feed(message)
        band.conductor.turn()
        if locked is None and follower.locked:
            locked = master.beat_at(message.at_s)
    into.locked_beats.append(beats if locked is None else locked)
    _compare(band, master, beats, into)


def _compare(band: Band, master: Master, beats: float, into: Followed) -> None:
    """Each note's moment against its beat's: notes come in order, four a beat."""
    heard = [h.at_s for h in band.ons()]
    into.notes += len(heard)
    into.wanted += int(4 * beats)
    for number, at_s in enumerate(heard):
        if number / 4 >= LOCKED_BEATS:
            true_s = master.time_of_tick(6 * number)
            into.off_ms.append(1000 * (at_s - true_s))


def measure(
    bpm: Callable[[float], Callable[[float], float] | float],
    lost: Callable[[int], Callable[[int], bool]],
) -> Followed:
    """All tempi and seeds; `bpm` and `lost` give the master's tempo and gaps."""
    followed = Followed()
    for tempo in TEMPI:
        for seed in range(SEEDS):
            master = Master(bpm(tempo), jitter_s=JITTER_S, lost=lost(seed), seed=seed)
            follow(master, BEATS, followed)
    return followed


def _nothing_lost(seed: int) -> Callable[[int], bool]:
    return lambda tick: False


def _dropouts(seed: int) -> Callable[[int], bool]:
    """One tick in fifty, and after sixteen beats up to four beats at a time."""
    draw = Random(seed)
    gone = {tick for tick in range(24, 24 * BEATS) if draw.random() < 0.02}
    for begin in range(16, BEATS, 16):
        length = draw.randrange(12, 96)
        gone.update(range(24 * begin, 24 * begin + length))
    return gone.__contains__


def _drifting(tempo: float) -> Callable[[float], float]:
    """A drummer: the tempo sways by one per cent in sixteen beats."""
    return lambda beat: tempo * (1 + 0.01 * float(np.sin(beat * 2 * np.pi / 16)))


def rows() -> list[Row]:
    """The figures, in a quarter of a minute."""
    even = measure(lambda tempo: tempo, _nothing_lost)
    gaps = measure(lambda tempo: tempo, _dropouts)
    drummer = measure(_drifting, _nothing_lost)
    where = f"{len(TEMPI) * SEEDS} clocks of {BEATS} beats, jitter 2 ms (sd), notes against beats"
    return [
        Row("follow_phase_p99_ms", even.p99_ms, "ms", at_most(3), where),
        Row("follow_phase_max_ms", float(np.max(np.abs(even.off_ms))), "ms", None, where),
        Row("follow_phase_dropouts_p99_ms", gaps.p99_ms, "ms", at_most(3), "and with drop-outs"),
        Row("follow_phase_drummer_p99_ms", drummer.p99_ms, "ms", None, "and a tempo that sways 1%"),
        Row("follow_lock_beats", max(even.locked_beats), "beats", at_most(2), "the worst clock"),
        Row(
            "follow_notes_lost_or_doubled",
            sum(abs(f.notes - f.wanted) for f in (even, gaps, drummer)),
            "",
            at_most(0),
            f"of {even.wanted + gaps.wanted + drummer.wanted}",
        ),
    ]


def run(seconds: float = 0.0) -> list[Row]:
    """As `latentloom bench` calls it."""
    return rows()
