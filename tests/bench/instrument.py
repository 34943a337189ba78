"""The whole instrument under a measuring hand: session, engine thread, real window."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from studio.document.scene import Deck, Scene
from studio.engine import EngineSpec, ModelSpec
from studio.engine.deck_state import DeckState
from studio.engine.decks import fresh_deck
from studio.engine.registry import Registry
from studio.live.rig import Rig
from studio.scenes.repertoire import Repertoire
from studio.session import Session
from studio.settings.store import Store
from ui import theme
from ui.bridge import Bridge
from ui.main_window.window import Window

_BEAT_MS = 2
"""How often the event loop is felt for its pulse: often enough, and cheap."""


@dataclass
class Drag:
    """What was seen during one drag. Times are `perf_counter` seconds."""

    began: float = field(default_factory=perf_counter)
    painted_at: list[float] = field(default_factory=list)
    render_ms: list[float] = field(default_factory=list)
    """Of each painted picture, within the engine."""
    hand_to_picture_ms: list[float] = field(default_factory=list)
    beats: list[float] = field(default_factory=list)

    def painted_per_s(self) -> float:
        """Pictures a second between the first and the last one painted."""
        if len(self.painted_at) < 2:
            return 0.0
        return (len(self.painted_at) - 1) / (self.painted_at[-1] - self.painted_at[0])

    def engine_share(self) -> float:
        """The share of the time that the engine was at work on pictures that were painted."""
        if len(self.painted_at) < 2:
            return 0.0
        return sum(self.render_ms[1:]) / 1000 / (self.painted_at[-1] - self.painted_at[0])

    def gaps_ms(self) -> list[float]:
        """Between one beat of the event loop and the next, less the beat's own interval."""
        return [
            max(0.0, 1000 * (b - a) - _BEAT_MS)
            for a, b in zip(self.beats, self.beats[1:], strict=False)
        ]

    def longest_gaps_ms(self, window_s: float) -> list[float]:
        """The longest gap within each `window_s`."""
        longest: dict[int, float] = {}
        for beat, gap in zip(self.beats[1:], self.gaps_ms(), strict=True):
            index = int((beat - self.beats[0]) / window_s)
            longest[index] = max(longest.get(index, 0.0), gap)
        return list(longest.values())


class Instrument:
    """A window on one deck, or on several whose pads are linked. It hears the window's own paint
    events; nothing is faked."""

    def __init__(
        self,
        spec: EngineSpec,
        model: ModelSpec,
        registry: Registry | None = None,
        decks: int = 1,
        factory: Path | None = None,
    ) -> None:
        app = QApplication.instance() or QApplication(["bench"])
        assert isinstance(app, QApplication)
        theme.apply(app)
        self._bridge = Bridge(app)
        cast = tuple(
            fresh_deck(spec, model.name, key=f"deck{n}").but(seed=6 + n)
            for n in range(1, decks + 1)
        )
        scene = Scene(decks=cast, front=cast[0].key, tied=decks > 1)
        self.session = Session(registry or Registry.of(spec), scene, wake=self._bridge.wake)
        self._bridge.woken.connect(self.session.collect)
        self._folder = TemporaryDirectory(prefix="bench-")
        home = Path(self._folder.name)
        # Not started: pictures are measured here, without a player, a sound or a clock thread.
        self.rig = rig = Rig(
            self.session, wake=self._bridge.wake, store=Store(home / "settings.json")
        )
        # At work, unlike the rig: it keeps the working state while a hand drags.
        repertoire = self.repertoire = Repertoire(
            self.session,
            rig,
            folder=home / "presets",
            sessions=home / "sessions",
            factory=factory,
            wake=self._bridge.wake,
        )
        self._bridge.woken.connect(repertoire.collect)
        self.window = Window(self.session, rig, repertoire)
        self.window.show()
        self.session.start()
        repertoire.start()
        self._drag: Drag | None = None
        self.window.canvas.painted.connect(self._on_painted)
        self._counted = 0

    @property
    def front(self) -> Deck:
        return self.session.scene.deck(self.session.scene.front)

    @property
    def state(self) -> DeckState:
        return self.session.state(self.session.scene.front)

    def hear(self, rig: Rig) -> None:
        """Take what a rig says that is to be started."""
        self._bridge.woken.connect(rig.collect)

    def close(self) -> None:
        self.window.close()
        self._folder.cleanup()

    def settle(self, timeout_s: float = 120.0) -> bool:
        """Wait until the last picture is on the screen; False when it never came."""
        return self._wait(lambda: self.state.settled and self._is_painted(), timeout_s)

    def drag(self, seconds: float, moves_per_s: int) -> Drag:
        """Move the puck along a Lissajous figure for `seconds` and watch."""

        def move(t: float) -> None:
            place = (0.8 * math.sin(3.1 * t), 0.8 * math.sin(2.3 * t + 1))
            self.session.pads.move(self.session.scene.front, place)

        self.session.history.hold()
        seen = self.watch(seconds, moves_per_s, move)
        self.session.history.release()
        return seen

    def watch(
        self,
        seconds: float,
        moves_per_s: int,
        move: Callable[[float], object],
        *,
        beats: bool = True,
    ) -> Drag:
        """Call `move` with the seconds since the beginning, for `seconds`, and watch. Without
        `beats` the event loop's pulse is not felt: in half an hour that is 30 MB of figures."""
        drag = self._drag = Drag()
        self._counted = self.state.painted
        hand = _timer(1000 // moves_per_s, lambda: move(perf_counter() - drag.began))
        beat = _timer(_BEAT_MS, lambda: drag.beats.append(perf_counter()) if beats else None)
        loop = QEventLoop()
        QTimer.singleShot(int(1000 * seconds), loop.quit)
        loop.exec()
        hand.stop()
        beat.stop()
        self._drag = None
        return drag

    def tap_ms(self, place: tuple[float, float]) -> float:
        """From one move at rest to its picture on the screen, in ms."""
        self.settle()
        asked = perf_counter()
        self.session.pads.move(self.session.scene.front, place)
        self.settle()
        return 1000 * (self._last_paint - asked)

    _last_paint = 0.0

    def _on_painted(self) -> None:
        state = self.state
        if state.shown is None or state.painted == self._counted:
            return
        self._counted = state.painted
        self._last_paint = perf_counter()
        if self._drag is not None:
            self._drag.painted_at.append(self._last_paint)
            self._drag.render_ms.append(state.shown.render_ms)
            asked = state.shown.request.asked_at
            if asked >= self._drag.began:  # not a late one of the drag before
                self._drag.hand_to_picture_ms.append(1000 * (self._last_paint - asked))

    def _is_painted(self) -> bool:
        shown = self.state.shown
        return shown is not None and self.state.painted == shown.request.revision

    def _wait(self, done: Callable[[], bool], timeout_s: float) -> bool:
        """Run the event loop as the app does, looking once a millisecond."""
        if done():
            return True
        loop = QEventLoop()
        look = _timer(1, lambda: loop.quit() if done() else None)
        QTimer.singleShot(int(1000 * timeout_s), loop.quit)
        loop.exec()
        look.stop()
        return done()


def _timer(interval_ms: int, tick: Callable[[], object]) -> QTimer:
    timer = QTimer(interval=interval_ms, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start()
    return timer
