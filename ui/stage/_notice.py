"""A sentence over the picture, for when the status bar is out of sight."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from ui.theme import STEP

_NOTICE_MS = 9000
_ROOM = 24


class StageNotice(QLabel):
    """Lies at the lower left of what it lies on, and goes by itself unless it is trouble."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("stageNotice")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._trouble = ""
        self._quiet = QTimer(self, singleShot=True, interval=_NOTICE_MS)
        self._quiet.timeout.connect(self._hush)
        self.hide()

    def say(self, sentence: str) -> None:
        """Show `sentence` for a while."""
        self._show(sentence)
        self._quiet.start()

    def show_trouble(self, problem: str) -> None:
        """Show what is wrong for as long as it is; empty when all is well."""
        self._trouble = problem
        if problem or not self._quiet.isActive():
            self._show(problem)

    def forget(self) -> None:
        """The status bar is in sight again."""
        self._quiet.stop()
        self.show_trouble("")

    def place(self) -> None:
        """Where there is room beside the pad."""
        over = self._over
        width = max(200, over.width() - 260 - 4 * _ROOM)
        words = self.fontMetrics().horizontalAdvance(self.text()) + 5 * STEP
        self.setFixedWidth(min(width, words))
        self.adjustSize()
        self.move(_ROOM, over.height() - self.height() - _ROOM)

    def _hush(self) -> None:
        self._show(self._trouble)

    def _show(self, sentence: str) -> None:
        self.setText(sentence)
        self.setAccessibleName(sentence)
        self.setProperty("alarm", bool(self._trouble) and sentence == self._trouble)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setVisible(bool(sentence))
        self.place()
        self.raise_()
