"""A long evening in fake time: ten minutes at 200 bpm with random gestures and uneven turns. Every
note sounds once, in its place, and ends. (With real parts: `tests/bench/soak.py`.)"""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from studio.document.routes import Route
from tests.studio.live.band import Band, Steps

MINUTES = 10


class Evening:
    """A band and a restless hand."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        routes = [
            Route(track="steps", port="out"),
            Route(track="pads", port="pads", channel=2),
        ]
        # Sixteenths, and pads so long that they overlap each other and every change of tempo.
        self.steps, self.pads = Steps(), Steps(track="pads", step_beats=1, length_beats=3.3)
        self.band = Band(self.steps, self.pads, routes=routes)
        self.band.transport.set_tempo(200)
        self.cuts: list[tuple[int, int]] = [(0, 0)]

    def gesture(self) -> None:
        transport, draw = self.band.transport, self.random
        move = draw.choice(
            [
                lambda: transport.set_tempo(draw.uniform(150, 300)),
                lambda: transport.nudge(draw.uniform(-0.05, 0.05)),
                lambda: transport.tap(),
                lambda: transport.set_metre(draw.choice([3, 4, 7]), draw.choice([4, 8])),
                lambda: transport.set_count_in(draw.choice([0, 0, 1])),
                lambda: transport.locate(draw.randrange(200) / 2),
                transport.play,
                transport.stop,
                transport.resume,
            ]
        )
        move()
        if transport.movement.cut != self.cuts[-1][1]:
            self.cuts.append((len(self.band.ons()), transport.movement.cut))

    def spend(self, seconds: float) -> None:
        end_s = self.band.clock() + seconds
        while self.band.clock() < end_s:
            if self.random.random() < 0.01:
                self.gesture()
            self.band.run(0.001, turn_s=self.random.choice([0.002, 0.01, 0.01, 0.03]))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_every_note_sounds_once_and_ends(seed: int) -> None:
    evening = Evening(seed)
    evening.band.transport.play()
    evening.spend(60 * MINUTES)
    evening.band.transport.stop()
    evening.band.run(0.1)

    assert not evening.band.hanging()
    pitches = evening.band.pitches()
    assert len(pitches) > 2000
    edges = [at for at, _ in evening.cuts] + [len(pitches)]
    for begin, end in pairwise(edges):
        stretch = pitches[begin:end]
        steps = {(b - a) % 128 for a, b in pairwise(stretch)}
        assert steps <= {1}, f"notes {begin} to {end}: {stretch}"
    for port in ("out", "pads"):
        ons, offs = (
            sum(h.kind == kind and h.port == port for h in evening.band.player.heard)
            for kind in (0x90, 0x80)
        )
        assert ons > 200
        assert ons == offs
    assert evening.band.conductor.missed == 0
    assert not evening.band.notices
