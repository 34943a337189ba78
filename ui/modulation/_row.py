"""The row of modulators below the stage, with what concerns all of them before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from studio.document.modulation import MASTER_DEPTH, Modulator
from studio.modulation.graph import MASTER
from studio.modulation.kinds import KINDS
from studio.session import Session
from ui import theme
from ui.icons import icon, pixmap
from ui.modulation import _add_menu
from ui.modulation._card import SHEET, Card
from ui.modulation._selection import Selection
from ui.theme import ALARM, STEP
from ui.transport.bar_parts import button
from ui.widgets.drag_field import DragField

_HEIGHT_PX = 112
_RECORD = "Record a gesture of the pad"

FillMenu = Callable[[QMenu, Modulator], object]


class ModulatorRow(QWidget):
    """Seen while the scene has modulators, unless it is put away."""

    said = Signal(str)
    """A sentence for the status bar."""
    made = Signal()
    """There are other cards than before."""

    def __init__(
        self,
        session: Session,
        selection: Selection,
        connecting: FillMenu,
        parent: QWidget | None = None,
    ) -> None:
        """`connecting` adds to a card's menu what it can be connected to."""
        super().__init__(parent)
        self._session, self._selection, self._connecting = session, selection, connecting
        self._wanted = True
        self._copied: Modulator | None = None
        self.cards: dict[int, Card] = {}
        self.setObjectName("modulators")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.dress(self, SHEET)
        self._make_all()
        self._line = QHBoxLayout()
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(STEP // 2)
        self._line.addStretch(1)
        self._lay_out()
        selection.changed.connect(self._mark)
        selection.changed.connect(self._show_chosen)
        # A new card has its place when there is room for it.
        self._scroll.horizontalScrollBar().rangeChanged.connect(self._show_chosen)
        session.gestures.changed.connect(self._show_recording)
        session.gestures.made.connect(selection.choose)
        self.refresh()

    def _make_all(self) -> None:
        """What concerns all of them."""
        self.add = QPushButton(icon("plus"), "Add")
        self.add.setToolTip("Add a modulator")
        menu = QMenu(self.add)
        _add_menu.fill(menu, self._selection.add)
        self.add.setMenu(menu)
        self.paste = button("clipboard", "Paste a copy of the modulator that was copied")
        self.paste.clicked.connect(self._paste)
        self.record = button("player-record", _RECORD)
        self.record.setCheckable(True)
        self.record.setIcon(QIcon(pixmap("player-record", 16, ALARM, 2)))
        self.record.clicked.connect(self.record_pad)
        self.dice = button("dice-5", "Randomise all depths")
        self.dice.clicked.connect(lambda: self._session.modulation.randomise_depths())
        self.master = DragField(MASTER_DEPTH, "Depth")
        self.master.wanted.connect(self._session.modulation.set_master)
        self.master.pressed.connect(self._session.history.hold)
        self.master.released.connect(self._session.history.release)
        self.master.refused.connect(self._session.noticed.emit)

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setLayout(self._line)
        self._scroll = _Sideways(inside)
        both = QHBoxLayout()
        both.setSpacing(STEP // 2)
        for part in (self.record, self.dice, self.paste):
            both.addWidget(part, 1)
        first = QVBoxLayout()
        first.setSpacing(STEP // 2)
        first.addWidget(self.add)
        first.addLayout(both)
        first.addWidget(self.master)
        first.addStretch(1)
        line = QHBoxLayout(self)
        line.setContentsMargins(STEP, STEP // 2, STEP // 2, STEP // 2)
        line.setSpacing(STEP)
        line.addLayout(first)
        line.addWidget(self._scroll, 1)
        theme.set_size(self, height=_HEIGHT_PX)

    # -- what it shows -------------------------------------------------------------------------

    def toggle(self) -> None:
        """Put the row away, or bring it back."""
        self._wanted = not self._wanted
        self.refresh()

    def refresh(self) -> None:
        """Show the modulators as they are now."""
        scene = self._session.scene
        found = {m.id: m for m in scene.modulators}
        of = {id: card.modulator.kind for id, card in self.cards.items()}
        if of != {id: m.kind for id, m in found.items()}:
            self._make(found)
        for id, modulator in found.items():
            if self.cards[id].modulator is not modulator:
                self.cards[id].show_modulator(modulator)
        self.master.show_value(scene.master_depth)
        self.paste.setEnabled(self._copied is not None)
        self.dice.setEnabled(bool(scene.connections))
        self.setVisible(self._wanted and bool(found))
        self._mark()

    def _make(self, found: dict[int, Modulator]) -> None:
        for id in self.cards.keys() - found.keys():
            self._drop(id)
        for place, (id, modulator) in enumerate(found.items()):
            held = self.cards.get(id)
            if held is not None and held.modulator.kind != modulator.kind:
                self._drop(id)
            if id not in self.cards:
                self.cards[id] = card = Card(self._session, modulator, self._fill)
                card.chosen.connect(lambda id=id: self._selection.open(id))
                self._line.insertWidget(place, card)
        self.cards = {id: self.cards[id] for id in found}
        for card in self.cards.values():
            card.raise_()  # the Tab key goes by the order of children
        self.made.emit()

    def _drop(self, id: int) -> None:
        card = self.cards.pop(id)
        card.hide()
        card.setParent(None)
        card.deleteLater()

    def _mark(self) -> None:
        chosen = self._selection.modulator
        for id, card in self.cards.items():
            card.show_chosen(chosen is not None and id == chosen.id)

    def _show_chosen(self, *_: int) -> None:
        chosen = self._selection.modulator
        if chosen is not None and chosen.id in self.cards:
            self._scroll.ensureWidgetVisible(self.cards[chosen.id], STEP, 0)

    @property
    def moves(self) -> bool:
        """Whether a curve that is seen goes on by itself, although nothing plays."""
        if not self.isVisible():
            return False
        return self._session.modulation.moving or any(map(_goes_on, self._session.scene.modulators))

    def turn(self) -> None:
        """Show the curves as they are now."""
        now = self._session.modulation.present()
        for card in self.cards.values():
            card.scope.turn(now)

    # -- what a hand does ----------------------------------------------------------------------

    def _fill(self, menu: QMenu, modulator: Modulator) -> None:
        modulation, id = self._session.modulation, modulator.id
        self._connecting(menu, modulator)
        menu.addSeparator()
        entries: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Copy\tCtrl+C", lambda: self.copy(id)),
            ("Paste\tCtrl+V", self._paste),
            ("Duplicate", lambda: self._selection.add(modulator)),
            ("Randomise its depths", lambda: modulation.randomise_depths(id)),
            ("Delete\tDel", lambda: modulation.remove(id)),
        )
        for words, do in entries:
            menu.addAction(words).triggered.connect(lambda _=False, do=do: do())
        menu.actions()[-4].setEnabled(self._copied is not None)

    def record_pad(self) -> None:
        """Record what the hand does to the pad in front, or stop."""
        gestures = self._session.gestures
        if gestures.recording:
            gestures.stop()
        elif gestures.record(("/front/pad/x", "/front/pad/y")):
            waits = gestures.waits_beats
            when = "from the next bar on" if waits else "now"
            self.said.emit(f"The pad is recorded {when}; the record button ends it.")
        self._show_recording()

    def _show_recording(self) -> None:
        on = self._session.gestures.recording
        self.record.setChecked(on)
        words = "Stop recording" if on else _RECORD
        self.record.setToolTip(words)
        self.record.setAccessibleName(words)

    def copy(self, id: int) -> None:
        """Remember a modulator as it is now."""
        self._copied = self._session.modulation.modulator(id)
        self.paste.setEnabled(True)

    def _paste(self) -> None:
        if self._copied is not None:
            self._selection.add(self._copied)

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._session.gestures.changed.disconnect(self._show_recording, missing_ok=True)
        self._session.gestures.made.disconnect(self._selection.choose, missing_ok=True)

    def _focused(self) -> int | None:
        return next((i for i, c in self.cards.items() if c.isAncestorOf(self.focusWidget())), None)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Paste)
            if any(map(event.matches, keys)):
                event.accept()  # elsewhere they are the window's, for pictures
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        id = self._focused() if self.focusWidget() is not None else None
        if event.matches(QKeySequence.StandardKey.Copy) and id is not None:
            self.copy(id)
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif event.key() == Qt.Key.Key_Delete and id is not None:
            self._session.modulation.remove(id)
        else:
            super().keyPressEvent(event)

    def addresses(self) -> Iterator[tuple[QWidget, str]]:
        """Its controls with what they are called from outside."""
        yield from ((self.master, MASTER), (self.record, "/modulation/record"))
        for card in self.cards.values():
            yield from card.addresses


def _goes_on(modulator: Modulator) -> bool:
    is_free = KINDS[modulator.kind].free(modulator.settings)
    return modulator.on and (is_free or modulator.kind == "sound")


class _Sideways(QScrollArea):
    """A line of cards that the wheel scrolls."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)

    def wheelEvent(self, event: QWheelEvent) -> None:
        bar, turn = self.horizontalScrollBar(), event.angleDelta()
        bar.setValue(bar.value() - (turn.y() or turn.x()))
        event.accept()
