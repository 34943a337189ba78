"""An ensemble in fake time: a session with a guest that composes, a conductor, and a player that
keeps a ledger."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from studio.document.scene import Scene
from studio.engine import Passage
from studio.live.clock.transport import Transport
from studio.live.conductor import Conductor
from studio.live.ensemble.band import Arrange, BandBar, Task
from studio.live.ensemble.ensemble import Ensemble
from studio.music.phrases import on_track
from studio.processes.messages import Received
from tests.fakes import FakeClock, Guest, Pump, composing, filled_deck, scene_of
from tests.studio.live.band import NOW, TURN_S, FakePlayer, Heard, InlineSource

BAR_S = 2.0
"""Four quarter notes at 120."""


def solo(task: Task) -> BandBar:
    """The melody alone, as it was composed."""
    return BandBar(notes=on_track("lead", task.lead.notes))


class Stage:
    """One deck, "deck1", that composes; its lead goes to the port "sound", channel 1."""

    def __init__(
        self,
        play: Callable[..., Pump],
        guest: Guest | None = None,
        *,
        scene: Scene | None = None,
        arrange: Arrange = solo,
    ) -> None:
        self.guest = guest or composing()
        self.pump = play(self.guest, scene=scene or scene_of(filled_deck(self.guest)))
        self.session = self.pump.session
        self.clock = FakeClock(NOW)
        self.transport = Transport(self.clock)
        self.transport.lead_s = 0.0
        self.player = FakePlayer()
        self.conductor = Conductor(
            self.transport,
            FakePlayer(),
            sound=self.player,
            clock=self.clock,
            make_thread=InlineSource,
        )
        self.ensemble = Ensemble(
            self.session, self.transport, self.conductor, wake=lambda: None, arrange=arrange
        )
        self.notices: list[str] = []
        self.ensemble.noticed.connect(self.notices.append)
        self.session.changed.connect(self._follow)

    def _follow(self, scene: Scene, _: Scene) -> None:
        self.conductor.route(scene.routes)

    def start(self) -> Stage:
        """Let everybody take their seats, and wait until nothing is left to do."""
        self.ensemble.start()
        self.conductor.route(self.session.scene.routes)
        self.run(0.5)
        return self

    def run(self, seconds: float, *, waits: bool = True) -> None:
        """Let so much time pass; the engine answers at once, or where nobody `waits`, when it
        does."""
        end_s = self.clock() + seconds - 1e-9
        while self.clock() < end_s:
            self.conductor.turn()
            self.ensemble.collect()
            self.ensemble.tick()
            if waits:
                self.pump.settle()
            else:
                self.session.collect()
            self.clock.advance(TURN_S)
            self.player.play_until(self.clock())

    def play(self, bars: float) -> list[int]:
        """Play from home for so many bars, stop, and say which pitches began."""
        before = len(self.ons())
        self.transport.play()
        self.run(bars * BAR_S)
        self.transport.stop()
        self.run(0.05)
        return [h.data[1] for h in self.ons()[before:]]

    def go(self, pitch: int) -> None:
        """Show a point at which the engine plays `pitch`, 49 to 71, and the three above it."""
        reach = float(np.arctanh((pitch - 60) / 12))
        self.session.pads.go_to("deck1", np.full(4, reach, np.float32), "hand")

    def ons(self, channel: int = 1) -> list[Heard]:
        return [h for h in self.player.heard if h.data[0] == 0x90 + channel - 1]

    def pitches(self, channel: int = 1) -> list[int]:
        return [h.data[1] for h in self.ons(channel)]

    @property
    def passages(self) -> list[Passage]:
        """All that the engine was asked to compose."""
        return [c.argument for c in self.guest.engine.calls if c.method == "compose"]

    def keys(self, *pitches: int, beat_s: float = 0.5) -> None:
        """Somebody plays these, one after the other, while time passes."""
        for pitch in pitches:
            self._key(0x90, pitch)
            self.run(beat_s * 0.8)
            self._key(0x80, pitch)
            self.run(beat_s * 0.2)

    def _key(self, status: int, pitch: int) -> None:
        self.ensemble.hear(Received(self.clock(), "Keys", bytes((status, pitch, 100))))
