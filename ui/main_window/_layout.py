"""Where everything stands in the window, and what is hidden in full screen."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.actions.actions import Actions
from ui.main_window import _tab_order
from ui.theme import STEP

_NARROWEST, _WIDEST = 376, 440
"""Of the right column, in px."""
_ROOM = QSize(1120, 660)
"""What the parts need; in a smaller window, as on a screen of 1024 x 600, they scroll."""
_SLOTS_WIDTH = 144
_TOP_HEIGHT = 60


@dataclass(frozen=True)
class Parts:
    """What the window is made of, from the top down and from the left to the right."""

    decks: QWidget
    transport: QWidget
    scenes: QWidget
    recovery: QWidget
    slots: QWidget
    stage: QWidget
    modulators: QWidget
    pad: QWidget
    tabs: QWidget
    status: QWidget


class Layout(QScrollArea):
    """All of the parts in their places."""

    def __init__(self, parts: Parts, actions: Actions) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body = QWidget()
        self._body.setObjectName("stage")
        self._least, self._pad_share = _ROOM, 0.36
        self.setWidget(self._body)
        self._parts, self._actions = parts, actions
        self._library: QWidget | None = None
        self._top, self._left, self._right = self._top_bar(), self._slots(), self._pad_and_tabs()
        self._middle = QHBoxLayout()
        self._middle.setSpacing(0)
        self._middle.addWidget(self._left)
        self._middle.addLayout(self._stage_column(), 1)
        self._middle.addWidget(self._right)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in (self._top, parts.transport, parts.scenes, parts.recovery):
            column.addWidget(row)
        column.addLayout(self._middle, 1)
        column.addWidget(parts.status)

    def _top_bar(self) -> QWidget:
        bar, line = _strip("topBar", QHBoxLayout, (2 * STEP, STEP, STEP, STEP))
        theme.set_size(bar, height=_TOP_HEIGHT)
        wordmark = QLabel('LATENT <span style="color:#F5B14C">LOOM</span>')
        wordmark.setObjectName("wordmark")
        line.addWidget(wordmark)
        line.addSpacing(STEP)
        line.addWidget(self._parts.decks)
        line.addWidget(self._actions.button("deck.link", "Link pads"))
        line.addStretch(1)
        for id in ("undo", "redo", "export", "view.keys", "view.full_screen"):
            line.addWidget(self._actions.button(id))
        return bar

    def _slots(self) -> QWidget:
        side, column = _strip("shelf", QVBoxLayout, (STEP, STEP, STEP, STEP))
        theme.set_size(side, width=_SLOTS_WIDTH)
        column.addWidget(self._parts.slots, 1)
        column.addWidget(self._actions.wide_button("deck.randomise", "Randomise"))
        column.addWidget(self._actions.wide_button("deck.capture", "Capture"))
        return side

    def _stage_column(self) -> QVBoxLayout:
        """The stage with the row of modulators below it, which comes and goes by itself."""
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._parts.stage, 1)
        self._below_stage = QWidget()
        below = QVBoxLayout(self._below_stage)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self._parts.modulators)
        column.addWidget(self._below_stage)
        return column

    def _pad_and_tabs(self) -> QWidget:
        side, column = _strip("panel", QVBoxLayout, (2 * STEP, 2 * STEP, STEP // 2, STEP))
        beside = QHBoxLayout()  # as wide as the tabs without their scroll bar
        beside.setContentsMargins(0, 0, STEP + STEP // 2, 0)
        beside.addWidget(self._parts.pad)
        column.addLayout(beside)
        column.addWidget(self._parts.tabs, 1)
        return side

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share(self._pad_share)
        self._fit()

    def _fit(self) -> None:
        """Fill the window, or scroll. By hand: a resizable scroll area would ask for the height
        that wrapped words want, and scroll where there is room."""
        room, least = self.size(), self._least
        bar = self.verticalScrollBar().sizeHint().width()
        width = room.width() - (bar if room.height() < least.height() else 0)
        height = room.height() - (bar if room.width() < least.width() else 0)
        self._body.resize(QSize(width, height).expandedTo(least))

    def add_library(self, library: QWidget) -> None:
        """Put the column of saved scenes beside the slots."""
        self._library = library
        self._middle.insertWidget(1, library)

    def order_tab_key(self) -> None:
        """The Tab key begins where the hand plays."""
        parts = self._parts
        first = (self._right, self._top, parts.transport, parts.scenes, parts.recovery, self._left)
        library = () if self._library is None else (self._library,)
        _tab_order.set_order(*first, *library, parts.stage, parts.modulators, parts.status)

    def share(self, pad_share: float) -> None:
        """Divide the window; the pad has at most `pad_share` of its height."""
        self._pad_share = pad_share
        room = self.size().expandedTo(_ROOM)
        width, height = room.width(), room.height()
        self._parts.pad.setMaximumHeight(round(pad_share * height))
        share = 0.26 * width / theme.factor()
        theme.set_size(self._right, width=min(_WIDEST, max(_NARROWEST, share)))

    def show_stage_alone(self, alone: bool) -> None:
        """Hide what stands beside the stage, or show it again; the library and what offers a
        recovery come back by themselves."""
        parts = self._parts
        self._least = QSize(0, 0) if alone else _ROOM
        self._fit()
        rows = (self._top, parts.transport, parts.scenes, self._below_stage, parts.status)
        for part in (*rows, self._left, self._right):
            part.setVisible(not alone)
        if alone:
            parts.recovery.hide()
            if self._library is not None:
                self._library.hide()


def _strip(
    name: str, kind: type[QHBoxLayout] | type[QVBoxLayout], margins: tuple[int, int, int, int]
) -> tuple[QWidget, QHBoxLayout | QVBoxLayout]:
    strip = QWidget()
    strip.setObjectName(name)
    strip.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    layout = kind(strip)
    layout.setContentsMargins(*margins)
    layout.setSpacing(STEP)
    return strip, layout
