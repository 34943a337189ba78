"""The first-run tour: five steps beside what they are about, to be left at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.actions.actions import Action
from ui.theme import ACCENT, RADIUS, RAISED, STEP

_WIDTH_PX = 320
_SHEET = f"""
#tour {{ background: {RAISED}; border: 2px solid {ACCENT}; border-radius: {RADIUS}px; }}
#tourTitle {{ font-size: 15px; font-weight: 600; }}
"""


_STEPS = (
    ("Slots", "Each holds a picture or a tune. Click one to go there; drop a picture of your own "
     "on one."),
    ("The pad", "Drag the puck between the slots: what you see is their blend. The nearer one is, "
     "the more of it is seen."),
    ("Controls", "What this deck can change. Rest the mouse on anything and it says what you will "
     "see or hear; right-click it to play it with a knob."),
    ("Time", "Play, tempo and sound. Decks that compose are heard from here."),
    ("Scenes", "Scenes opens everything that came with the instrument, ready to play. Save what "
     "you like beside it."),
)  # fmt: skip
"""What is said beside each part."""
_PAD = 1


class Tour(QObject):
    """Shows a card over the window; nothing behind it stops or is locked."""

    def __init__(self, parts: Sequence[QWidget], window: QWidget) -> None:
        """`parts`: the slots, the pad, the controls, what plays in time, the scenes."""
        super().__init__(window)
        self._parts, self._window = parts, window
        self.place = 0
        self.ended: Callable[[], object] = lambda: None
        """Called when it is through, or was left."""
        self.card: TourCard | None = None

    def window_actions(self) -> Iterator[Action]:
        """Take it again."""
        yield Action("view.tour", "View", "Take the tour of the window", self.start, ("Shift+F1",))

    def start(self) -> None:
        """Begin, or begin again."""
        self.leave()
        self.card = TourCard(self._window)
        self.card.next.clicked.connect(lambda: self._go(self.place + 1))
        self.card.back.clicked.connect(lambda: self._go(self.place - 1))
        self.card.skip.clicked.connect(self.leave)
        self._go(0)
        self.card.next.setFocus()

    def leave(self) -> None:
        """Put the card away."""
        if self.card is not None:
            card, self.card = self.card, None
            self._parts[_PAD].setFocus()  # else it goes to some button, and Space presses that
            card.hide()
            card.deleteLater()
            self.ended()

    def _go(self, place: int) -> None:
        if self.card is None:
            return
        if place >= len(_STEPS):
            self.leave()
            return
        self.place = max(0, place)
        self.card.show_step(self.place, self._parts[self.place])


class TourCard(QFrame):
    """One step, with the ways on, back and out."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("tour")
        theme.dress(self, _SHEET)
        theme.set_size(self, width=_WIDTH_PX)
        self.title, self.words = QLabel(), QLabel()
        self.title.setObjectName("tourTitle")
        self.words.setWordWrap(True)
        self.skip = _button("Leave", "Leave the tour (Esc); F1 and the tooltips say the same")
        self.back = _button("Back", "To the step before")
        self.next = _button("Next", "To the next step")
        line = QHBoxLayout()
        line.addWidget(self.skip)
        line.addStretch(1)
        line.addWidget(self.back)
        line.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        column.setSpacing(STEP)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addLayout(line)

    def show_step(self, place: int, part: QWidget) -> None:
        """Stand beside the part that the step is about."""
        count, (title, words) = len(_STEPS), _STEPS[place]
        self.title.setText(f"{place + 1} of {count}: {title}")
        self.words.setText(words)
        self.setAccessibleName(f"{self.title.text()}. {words}")
        self.back.setEnabled(place > 0)
        self.next.setText("Done" if place + 1 == count else "Next")
        self.setFixedHeight(self.heightForWidth(self.width()))
        self.move(self._beside(part))
        self.show()
        self.raise_()

    def _beside(self, widget: QWidget) -> QPoint:
        """Right of it, or left where there is no room, within the window."""
        window = self._window
        corner = widget.mapTo(window, QPoint(0, 0))
        x = corner.x() + widget.width() + STEP
        if x + self.width() > window.width():
            x = corner.x() - self.width() - STEP
        x = min(max(STEP, x), window.width() - self.width() - STEP)
        y = min(max(STEP, corner.y()), window.height() - self.height() - STEP)
        return QPoint(x, y)

    def event(self, event: QEvent) -> bool:
        """Escape is the window's key for full screen; here it is ours."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.setAccepted(event.key() == Qt.Key.Key_Escape)
            return event.isAccepted()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.skip.click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.next.hasFocus():
            self.next.click()
        else:
            super().keyPressEvent(event)


def _button(words: str, about: str) -> QPushButton:
    made = QPushButton(words)
    made.setToolTip(about)
    made.setAccessibleName(words)
    return made
