"""A window with nothing in it but what a deck that composes has, playing in fake time."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.document.scene import Deck, Scene
from studio.engine import Resources
from studio.engine.registry import Registry
from studio.live.ensemble.played import RollBar
from studio.music.notes import Note
from studio.session import Session
from tests.fakes import Guest, composing, filled_deck, scene_of
from tests.live_fakes import FakeDesk
from tests.studio.live.band import InlineSource
from tests.ui.hands import PLAIN
from tests.ui.stage import PATIENCE_MS, forget_the_dead
from ui.bridge import Bridge

_D_MAJOR = (62, 64, 66, 67, 69, 71, 73, 74, 76, 78)


def note(
    start: float, length: float = 1.0, pitch: int = 62, part: str = "lead", **given: Any
) -> Note:
    return Note(part, start, length, pitch, given.pop("velocity", 100), **given)


def bar(
    number: int, *notes: Note, settled: bool = True, beats: float = 4.0, **given: Any
) -> RollBar:
    """A bar of quarters in D, unless it is given notes."""
    quarters = tuple(note(n, pitch=_D_MAJOR[(number + n) % len(_D_MAJOR)]) for n in range(4))
    return RollBar(number, number * beats, beats, notes or quarters, settled, **given)


def busy_bar(number: int, *, settled: bool = True) -> RollBar:
    """A bar of a whole band: forty notes."""
    draw = random.Random(number)
    lead = [note(n / 4, 0.25, draw.choice(_D_MAJOR)) for n in range(16)]
    band = [note(n, 1, 38 + 7 * (n % 2), "bass") for n in range(4)]
    band += [note(n + 0.5, 0.4, p, "chords") for n in range(4) for p in (50, 54, 57)]
    band += [note(n / 2, 0.1, 42, "drums") for n in range(8)]
    return bar(number, *lead, *band, settled=settled, chords=((0.0, "D"), (2.0, "G")))


class Hall:
    """A session with an engine that composes, a rig in fake time, and a window to put widgets in.

    The conductor has no thread: `pass_beats` turns it.
    """

    def __init__(self, bot: QtBot, folder: Path, *guests: Guest, scene: Scene | None = None):
        self.bot = bot
        self.guests = guests or (composing(encodes=True),)
        self.notices: list[str] = []
        decks = [filled_deck(guest, f"deck{n}") for n, guest in enumerate(self.guests, start=1)]
        self._bridge = Bridge()
        self.session = Session(
            Registry.of(*(guest.spec for guest in self.guests)),
            scene or scene_of(*decks),
            wake=self._bridge.wake,
            resources=Resources(threads=1),
        )
        self.desk = FakeDesk(self.session, folder / "settings.json", self._bridge.wake)
        self.rig, self.clock = self.desk.rig, self.desk.clock
        self.rig.conductor._make_thread = InlineSource
        self.rig.conductor.start = lambda: None
        self.ensemble, self.transport = self.rig.ensemble, self.rig.transport
        self.session.noticed.connect(self.notices.append)
        self.rig.noticed.connect(self.notices.append)
        self._bridge.woken.connect(self.session.collect)
        self._bridge.woken.connect(self.rig.collect)
        self.window = QWidget()
        self.window.resize(900, 640)
        self._column = QVBoxLayout(self.window)
        self._column.setContentsMargins(0, 0, 0, 0)
        bot.addWidget(self.window)
        self._closing: list[Callable[[], object]] = []

    def add(self, widget: Any) -> Any:
        """Put `widget` into the window, and close it down with the rest."""
        self._column.addWidget(widget)
        self._closing.append(getattr(widget, "close_down", lambda: None))
        return widget

    def start(self) -> Hall:
        """Let it play: the first bar is there."""
        self.window.show()
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        self.rig.start()
        self.session.start()
        self.until(lambda: bool(self.ensemble.roll(self.session.scene.front).bars))
        return self

    @property
    def front(self) -> Deck:
        return self.session.scene.deck(self.session.scene.front)

    def bars(self) -> Sequence[RollBar]:
        return self.ensemble.roll(self.front.key).bars

    def until(self, condition: Callable[[], bool]) -> None:
        """Let the window live until `condition` holds; while nothing plays, time passes."""

        def holds() -> bool:
            if not self.transport.movement.playing:
                self.desk.turn(0.02)
            return condition()

        self.bot.waitUntil(holds, timeout=PATIENCE_MS)

    def settle(self) -> None:
        """Let every picture and every bar that is wanted come."""
        self.until(lambda: self.session.state(self.front.key).settled)

    def play(self, bars: float) -> None:
        """Play from the beginning, for so many bars of 4/4 at 120."""
        self.transport.play()
        self.pass_beats(4 * bars)

    def pass_beats(self, beats: float) -> None:
        """Let music pass; the engine is always in time."""
        end_s = self.clock() + beats / 2
        while self.clock() < end_s - 1e-9:
            self.clock.advance(min(0.02, end_s - self.clock()))
            self.rig.conductor.turn()
            self.rig.collect()
            self.rig.tick(self.clock())
            self.until(self._is_ahead)

    def _is_ahead(self) -> bool:
        """Whether the next bar is there."""
        self.rig.tick(self.clock())
        return self.ensemble.held(self.front.key) or not self.bars()[-1].settled

    def key(self, key: Qt.Key | str, modifiers: Any = PLAIN) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def close(self) -> None:
        for guest in self.guests:
            guest.gate.open()
        for close in self._closing:
            close()
        self.window.close()
        self.rig.close()
        assert self.session.close(), "the engine thread did not end"
        self.window.deleteLater()
        forget_the_dead()
