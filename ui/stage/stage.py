"""The middle of the window: the front deck's picture or notes, and in full screen a pad over it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from ui.deck.pad import Pad
from ui.stage._hands_rest import HandsRest
from ui.stage.canvas import Canvas

_MARGIN = 28
_PAD_SIDE, _PAD_GAP = 260, 24


class Stage(QWidget):
    """One of several views is in front; in full screen a pad lies over it while a hand moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas()
        self._views = QStackedLayout(self)
        self._views.addWidget(self.canvas)
        self.view: QWidget = self.canvas
        """What is in front."""
        self.is_alone = False
        """Whether it has the whole screen."""
        self.pad = Pad(self)
        self.pad.translucent = True
        self.pad.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
        self.pad.hide()
        self.hands = HandsRest(self)
        self.hands.changed.connect(self.pad.be_unseen)

    def add(self, view: QWidget) -> None:
        """Another view for some decks, in place of the picture."""
        self._views.addWidget(view)

    def show_view(self, view: QWidget) -> None:
        """Bring the canvas or one that was added to the front."""
        self.view = view
        self._views.setCurrentWidget(view)
        self.pad.raise_()

    def stand_alone(self, alone: bool, picture: str = "fit") -> None:
        """Whether nothing is beside the stage: then it has a pad of its own, and the `picture`
        is shown whole ("fit"), without a border ("fill") or side by side ("tile")."""
        self.is_alone = alone
        self.canvas.show_as(picture if alone else "fit")
        self.canvas.margin = 0 if alone else _MARGIN
        self.pad.setVisible(alone)
        self.pad.raise_()
        self.hands.watch(alone)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        right, bottom = self.width() - _PAD_SIDE - _PAD_GAP, self.height() - _PAD_SIDE - _PAD_GAP
        self.pad.setGeometry(right, bottom, _PAD_SIDE, _PAD_SIDE)
