"""A right-click on a widget where dragging with the right button means something else."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


class RightClick(QObject):
    """Does `do` at a point of `widget` where the right button was pressed and let go again.

    Elsewhere a menu opens with the press, and there would be no drag any more.
    """

    def __init__(self, widget: QWidget, do: Callable[[QPointF], object]) -> None:
        super().__init__(widget)
        self._widget, self._do = widget, do
        self._pressed_at: QPointF | None = None
        widget.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress:
            if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Menu:
                self._do(QPointF(self._widget.rect().center()))
                return True
        elif isinstance(event, QMouseEvent):
            self._follow(kind, event)
        return False

    def _follow(self, kind: QEvent.Type, event: QMouseEvent) -> None:
        if kind == QEvent.Type.MouseButtonPress:
            is_right = event.button() == Qt.MouseButton.RightButton
            self._pressed_at = event.position() if is_right else None
        elif self._pressed_at is None:
            return
        elif kind == QEvent.Type.MouseMove:
            way = (event.position() - self._pressed_at).manhattanLength()
            if way >= QApplication.startDragDistance():
                self._pressed_at = None
        elif kind == QEvent.Type.MouseButtonRelease:
            at, self._pressed_at = self._pressed_at, None
            # Later: the widget has not heard of the release yet, and a menu would keep it.
            QTimer.singleShot(0, self, lambda: self._do(at))
