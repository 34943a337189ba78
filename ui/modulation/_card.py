"""One modulator in the row: its grip, its name, its curve, on, solo, and what else can be done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.document.modulation import Modulator
from studio.modulation.kinds import kind_of, setting_of, title_of
from studio.session import Session
from studio.session.shown import Now
from ui import theme
from ui.modulation._scope import SCOPE_PX, Scope
from ui.modulation._signs import paint_sign
from ui.theme import HAIRLINE, PANEL, QUIET, RADIUS, RAISED, TEXT, TRACK
from ui.transport.bar_parts import button
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.slider import Slider

_WIDTH_PX = 156

SHEET = f"""
#modulators QToolButton {{ padding: 6px 3px; }}
#modulator {{ background: {PANEL}; border: 1px solid {HAIRLINE}; border-radius: {RADIUS}px; }}
#modulator[chosen="true"] {{ border-color: {TEXT}; background: {RAISED}; }}
#modulator QPushButton, #modulator QToolButton {{
    padding: 1px 5px; min-height: 18px; border-radius: 5px;
}}
#modulator QToolButton {{ padding: 1px 3px; }}
#modulator #name {{ background: transparent; border: 1px solid transparent; text-align: left; }}
#modulator #name:hover {{ background: {TRACK}; }}
#modulator #name:focus {{ border: 1px solid {QUIET}; }}
"""


class Grip(QWidget):
    """Dragged on to a control, it connects the modulator to it."""

    dragged = Signal(QPointF)
    """The hand is at this point of the screen."""
    let_go = Signal(QPointF)

    def __init__(self, id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._id, self._held = id, False
        self.setFixedSize(24, 24)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_sign(painter, QPointF(12, 12), 7, self._id)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.button() == Qt.MouseButton.LeftButton

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self.dragged.emit(event.globalPosition())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._held = False
            self.let_go.emit(event.globalPosition())


class MacroSlider(Slider):
    """What a macro's card has in place of a curve: its knob."""

    def __init__(self, session: Session, modulator: Modulator) -> None:
        value = setting_of("macro", "value")
        assert value is not None
        super().__init__(value)
        theme.set_size(self, height=SCOPE_PX)
        turn = session.modulation.set
        self.wanted.connect(lambda to: turn(modulator.id, "value", to))
        self.pressed.connect(session.history.hold)
        self.released.connect(session.history.release)

    def show_modulator(self, modulator: Modulator) -> None:
        """Show it as it is now."""
        self.setAccessibleName(f"{title_of(modulator)}: value")
        self.setToolTip(f"{title_of(modulator)}: drag, or arrow keys; a right click learns MIDI")
        self.show_value(modulator.settings["value"])

    def turn(self, _: Now) -> None:
        """Time alone does not move it."""


class Card(QFrame):
    """Shows what it is told and reports the hand."""

    chosen = Signal()

    def __init__(
        self, session: Session, modulator: Modulator, menu: Callable[[QMenu, Modulator], object]
    ) -> None:
        """`menu` fills the card's menu."""
        super().__init__()
        self._session, self._fill, self.modulator = session, menu, modulator
        self.setObjectName("modulator")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        theme.set_size(self, width=_WIDTH_PX)
        self.grip = Grip(modulator.id, self)
        self.name = QPushButton(self)
        self.name.setObjectName("name")
        self.name.clicked.connect(self.chosen)
        self._words = ElidedLabel(parent=self.name)
        self._words.setObjectName("sceneName")
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = QHBoxLayout(self.name)
        inside.setContentsMargins(4, 0, 4, 0)
        inside.addWidget(self._words)
        self._is_macro = modulator.kind == "macro"
        self.scope: Scope | MacroSlider = (
            MacroSlider(session, modulator) if self._is_macro else Scope(session, modulator)
        )
        self.on, self.solo = self._switch("On", "on"), self._switch("Solo", "solo")
        self.delete = button("trash", "Delete")
        self.delete.clicked.connect(lambda: session.modulation.remove(self.modulator.id))
        self.more = button("dots", "More")
        self.more.clicked.connect(self._open_menu)
        for small in (self.delete, self.more):
            small.setIconSize(QSize(14, 14))
        self._lay_out()
        self.show_modulator(modulator)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(5, 3, 5, 5)
        column.setSpacing(3)
        first, last = QHBoxLayout(), QHBoxLayout()
        for line in (first, last):
            line.setSpacing(3)
        first.addWidget(self.grip)
        first.addWidget(self.name, 1)
        for part in (self.on, self.solo):
            last.addWidget(part)
        last.addStretch(1)
        for small in (self.delete, self.more):
            last.addWidget(small)
        column.addLayout(first)
        column.addWidget(self.scope)
        column.addLayout(last)

    def _switch(self, words: str, field: str) -> QPushButton:
        made = QPushButton(words, self)
        made.setCheckable(True)
        change = self._session.modulation.change
        made.clicked.connect(lambda on: change(self.modulator.id, **{field: on}))
        return made

    # -- what it shows -------------------------------------------------------------------------

    def show_modulator(self, modulator: Modulator) -> None:
        """Show it as it is now."""
        self.modulator = modulator
        title, kind = title_of(modulator), kind_of(modulator.kind)
        self._words.say(title)
        self.name.setAccessibleName(f"Edit {title}")
        self.name.setToolTip(f"{title} ({kind.title}): {kind.help}\nA click edits it.")
        self.grip.setToolTip(f"Drag on to any control, and {title} moves it")
        self.on.setChecked(modulator.on)
        self.solo.setChecked(modulator.solo)
        for part, words, about in (
            (self.on, "on", "Off: it moves nothing"),
            (self.solo, "solo", "Only what is solo moves anything"),
            (self.delete, "delete", "Delete it, with its connections"),
            (self.more, "more", "Copy, paste, randomise, connect"),
        ):
            part.setAccessibleName(f"{title}: {words}")
            part.setToolTip(about)
        self.scope.show_modulator(modulator)

    def show_chosen(self, chosen: bool) -> None:
        """Whether it is the one that is being edited."""
        if self.property("chosen") != chosen:
            self.setProperty("chosen", chosen)
            self.style().unpolish(self)
            self.style().polish(self)

    # -- its menu ------------------------------------------------------------------------------

    def menu(self) -> QMenu:
        """What can be done with it."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill(menu, self.modulator)
        return menu

    def _open_menu(self) -> None:
        self.menu().popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu().popup(event.globalPos())

    @property
    def addresses(self) -> tuple[tuple[QWidget, str], ...]:
        """Its switches with what they are called from outside."""
        at = f"/modulator/{self.modulator.id}"
        switches = ((self.on, f"{at}/on"), (self.solo, f"{at}/solo"))
        return (*switches, *(((self.scope, f"{at}/value"),) if self._is_macro else ()))
