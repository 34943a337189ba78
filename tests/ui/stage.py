"""A window on fake engines, ready for the hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.document.history import History
from studio.document.scene import Deck, Place, Scene
from studio.engine import Resources
from studio.engine.deck_state import DeckState
from studio.engine.registry import Registry
from studio.scenes.repertoire import Repertoire
from studio.session import Session
from studio.storage import folders
from tests.fakes import PATIENCE_S, FakeClock, Guest, filled_deck, scene_of
from tests.live_fakes import FakeDesk
from tests.ui.hands import PLAIN, drag
from ui.bridge import Bridge
from ui.main_window.window import Window

PATIENCE_MS = round(1000 * PATIENCE_S)


class Stage:
    """A window with its session at work. `clock` is the history's and stands still by itself."""

    def __init__(
        self,
        bot: QtBot,
        guests: tuple[Guest, ...],
        scene: Scene | None = None,
        registry: Registry | None = None,
    ) -> None:
        self.bot = bot
        self.guests = guests
        self.clock = FakeClock()
        self.notices: list[str] = []
        self.changes: list[tuple[Scene, Scene]] = []
        decks = [filled_deck(guest, f"deck{n}") for n, guest in enumerate(guests, start=1)]
        self._bridge = Bridge()
        self.session = Session(
            registry or Registry.of(*(guest.spec for guest in guests)),
            scene or scene_of(*decks),
            wake=self._bridge.wake,
            resources=Resources(threads=1),
            history=History(clock=self.clock),
        )
        self._bridge.woken.connect(self.session.collect)
        self.session.noticed.connect(self._on_notice)
        self.session.changed.connect(self._on_changed)
        self.desk = FakeDesk(self.session, folders.settings_file(), self._bridge.wake)
        self._bridge.woken.connect(self.desk.rig.collect)
        self.repertoire = Repertoire.at_home(self.session, self.desk.rig, self._bridge.wake)
        self._bridge.woken.connect(self.repertoire.collect)
        self.window = Window(self.session, self.desk.rig, self.repertoire)

    def _on_notice(self, sentence: str) -> None:
        self.notices.append(sentence)

    def _on_changed(self, new: Scene, old: Scene) -> None:
        self.changes.append((new, old))

    def start(self) -> Stage:
        self.window.resize(1120, 800)  # a screen that is drawn into memory is smaller
        self.window.show()
        self.desk.rig.start()
        self.session.start()
        self.repertoire.start()
        self.settle()
        self.changes.clear()
        return self

    # -- what there is ---------------------------------------------------------------------------

    @property
    def scene(self) -> Scene:
        return self.session.scene

    @property
    def front(self) -> Deck:
        return self.scene.deck(self.scene.front)

    @property
    def state(self) -> DeckState:
        return self.session.state(self.scene.front)

    def parameter(self, name: str) -> Any:
        return self.front.parameters[name]

    def picture(self) -> QImage:
        """What the stage shows."""
        canvas = self.window.canvas
        return canvas.grab(canvas.frame().toAlignedRect()).toImage()

    # -- waiting ---------------------------------------------------------------------------------

    def until(self, condition: Callable[[], bool]) -> None:
        """Let the window live until `condition` holds."""
        self.bot.waitUntil(condition, timeout=PATIENCE_MS)

    def settle(self) -> None:
        """Let every deck come to rest: its last picture shown, or its trouble told."""
        self.until(lambda: all(self._at_rest(deck) for deck in self.scene.decks))

    def _at_rest(self, deck: Deck) -> bool:
        state = self.session.state(deck.key)
        if state.problem:
            return True
        if not state.device or state.opening:
            return False
        missing = list(self.session.engines.thumbnails.missing(deck))
        return not any(deck.slots) or (state.settled and not missing)

    def change(self, do: Callable[[], object]) -> None:
        """Do `do`, wait until the scene is another one, and let it settle."""
        before = self.scene
        do()
        self.until(lambda: self.scene != before)
        self.settle()

    # -- the hand --------------------------------------------------------------------------------

    def key(self, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        """Press a key wherever the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def focus(self, widget: QWidget) -> QWidget:
        """Give `widget` the keyboard."""
        self.window.activateWindow()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        self.until(widget.hasFocus)
        return widget

    def drag_puck(self, *places: Place) -> None:
        """Press at the first place on the pad, move over the others, let go at the last."""
        pad = self.window.pad
        drag(pad, *(pad.point_at(place) for place in places))

    def close(self) -> None:
        for guest in self.guests:
            guest.gate.open()
        self.window.close()
        assert self.session.close(), "the engine thread did not end"
        self.window.deleteLater()
        forget_the_dead()


def forget_the_dead() -> None:
    """Delete what asked to be deleted later."""
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()
