"""A tune with its band beside an image engine that runs flat out: is the next bar there in time?

`latentloom bench melodies [--seconds N]`. Real engines, a real player, a real clock; no window:
what it would do with every frame is done here at its pace. A hand blends both decks all the time,
and jumps, stops, goes on and holds a bar every few seconds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event
from time import perf_counter

import numpy as np

from studio.commands.report import Row, at_most
from studio.document.scene import Scene
from studio.engine import EngineError, Passage
from studio.engine.decks import fresh_deck
from studio.engine.messages import Reply
from studio.engine.registry import find_engines
from studio.live.rig import Rig
from studio.music.phrases import Phrase
from studio.session import Session
from studio.settings.store import Store

_FRAME_S = 1 / 60
_TEMPO = 200.0
_GESTURE_S = 5.0


@dataclass
class Seen:
    """What was measured, in milliseconds."""

    bar_ms: list[float] = field(default_factory=list)
    """From asking for a bar to its answer."""
    frame_ms: list[float] = field(default_factory=list)
    """What the ensemble takes of a frame of the window's."""
    pictures: int = 0


class Evening:
    """Two decks, one that composes and one that paints, on a rig."""

    def __init__(self, folder: Path) -> None:
        registry = find_engines()
        tune = next(spec for spec in registry.specs if spec.composes)
        paint = next(spec for spec in registry.specs if not spec.composes)
        decks = (fresh_deck(tune, key="tune"), fresh_deck(paint, key="paint"))
        self._woken = Event()
        self.seen = Seen()
        scene = Scene(decks=decks, front="tune")
        self.session = Session(registry, scene, wake=self._woken.set)
        self.rig = Rig(self.session, wake=self._woken.set, store=Store(folder / "settings.json"))
        self._watch()

    def start(self) -> None:
        """Until both engines are there and the first bar is."""
        self.session.start()
        self.rig.start()
        self.session.set_score("tempo", _TEMPO)
        while not self._ready():
            self.frame()

    def close(self) -> None:
        self.rig.close()
        self.session.close()

    def play(self, seconds: float, random: Random) -> None:
        """Play under a restless hand."""
        end_s, next_s = perf_counter() + seconds, perf_counter() + _GESTURE_S
        self.seen.__init__()  # type: ignore[misc]
        self.rig.transport.play()
        while (now_s := perf_counter()) < end_s:
            for deck, pace in (("tune", 0.7), ("paint", 2.1)):
                place = (0.8 * math.sin(pace * now_s), 0.8 * math.cos(1.3 * pace * now_s))
                self.session.pads.move(deck, place)
            if now_s > next_s:
                next_s += _GESTURE_S
                self._gesture(random)
            self.frame()

    def frame(self) -> None:
        """One turn of the window's loop."""
        self._woken.wait(_FRAME_S)
        self._woken.clear()
        self.session.collect()
        began_s = perf_counter()
        self.rig.ensemble.collect()
        self.seen.frame_ms.append(1000 * (perf_counter() - began_s))
        self.rig.collect()
        self.rig.tick(perf_counter())

    def _gesture(self, random: Random) -> None:
        transport, ensemble = self.rig.transport, self.rig.ensemble
        deeds: tuple[Callable[[], object], ...] = (
            transport.play,
            self._pause,
            lambda: transport.locate(random.choice((0.0, 16.0, 33.5))),
            lambda: ensemble.hold("tune", not ensemble.held("tune")),
            lambda: self.session.set_score("metre_beats", random.choice((3, 4))),
        )
        random.choice(deeds)()

    def _pause(self) -> None:
        self.rig.transport.stop()
        self.rig.transport.resume()

    def _ready(self) -> bool:
        states = [self.session.state(deck) for deck in ("tune", "paint")]
        for state in states:
            assert not state.problem, state.problem
        loaded = all(state.loaded and not state.opening for state in states)
        return loaded and bool(self.rig.ensemble.roll("tune").bars)

    def _watch(self) -> None:
        compose = self.session.engines.compose

        def composing(deck: str, passage: Passage, key: Hashable, reply: Reply) -> None:
            asked_s = perf_counter()

            def composed(phrase: Phrase | EngineError) -> None:
                self.seen.bar_ms.append(1000 * (perf_counter() - asked_s))
                reply(phrase)

            compose(deck, passage, key, composed)

        def pictured(deck: str) -> None:
            self.seen.pictures += deck == "paint"

        self.session.engines.compose = composing  # type: ignore[method-assign]
        self.session.pictured.connect(pictured)
        self._listener = pictured  # signals hold them weakly


def run(seconds: float = 60.0) -> list[Row]:
    """The rows of the bench."""
    with TemporaryDirectory() as folder:
        evening = Evening(Path(folder))
        try:
            evening.start()
            evening.play(seconds, Random(1))
            return list(_rows(evening, seconds))
        finally:
            evening.close()


def _rows(evening: Evening, seconds: float) -> list[Row]:
    seen, rig = evening.seen, evening.rig
    bars = f"{len(seen.bar_ms)} bars asked for in {seconds:.0f} s at {_TEMPO:.0f} bpm"
    return [
        Row("late_bars", rig.ensemble.late_bars, "", at_most(0), "played from an earlier page"),
        Row("missed_notes", rig.conductor.missed, "", at_most(0)),
        Row("bar_wait_p99_ms", float(np.percentile(seen.bar_ms, 99)), "ms", note=bars),
        Row("ensemble_frame_p99_ms", float(np.percentile(seen.frame_ms, 99)), "ms", at_most(8)),
        Row("pictures_per_s", seen.pictures / seconds, "1/s", note="the image engine beside it"),
    ]
