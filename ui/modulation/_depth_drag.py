"""Up and down changes the depth of a connection, on its ring or with Ctrl on the control."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from studio.document.modulation import DEPTH, Connection
from studio.session import Session

_PER_PX = 0.01
_SLOW = 0.2


def change_depth(session: Session, connection: Connection, depth: float) -> float:
    """Set a depth, held inside its range; what it is now."""
    held = round(min(DEPTH.high, max(DEPTH.low, depth)), 3)
    session.modulation.change_connection(connection.id, depth=held)
    return held


class DepthDrag(QObject):
    """Follows the mouse on `widget`. With `modifier`, only what begins with that key held; what
    does not goes to the widget as ever."""

    def __init__(
        self,
        session: Session,
        widget: QWidget,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        super().__init__(widget)
        self._session, self._modifier = session, modifier
        self.connection: Connection | None = None
        self._grip: tuple[float, float] | None = None
        self.moved = False
        """Whether the last press was a drag."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide:
            self._let_go()  # a hidden widget never hears of the release
        return isinstance(event, QMouseEvent) and self._take(event)

    def _take(self, event: QMouseEvent) -> bool:
        kind, left = event.type(), event.button() == Qt.MouseButton.LeftButton
        if kind == QEvent.Type.MouseButtonPress and left and self._begins(event):
            assert self.connection is not None
            self._grip = (event.globalPosition().y(), self.connection.depth)
            self.moved = False
            self._session.history.hold()
            return True
        if self._grip is None:
            return False
        if kind == QEvent.Type.MouseMove:
            self._move(event)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._let_go()
        return kind != QEvent.Type.MouseButtonRelease or self.moved or bool(self._modifier.value)

    def _begins(self, event: QMouseEvent) -> bool:
        needed = self._modifier
        return self.connection is not None and event.modifiers() & needed == needed

    def _move(self, event: QMouseEvent) -> None:
        assert self._grip is not None
        assert self.connection is not None
        # Depths add up here rather than being read back: a step may be smaller than is kept.
        y, depth = self._grip
        slow = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        depth += (y - event.globalPosition().y()) * _PER_PX * (_SLOW if slow else 1.0)
        depth = min(DEPTH.high, max(DEPTH.low, depth))
        self._grip, self.moved = (event.globalPosition().y(), depth), True
        change_depth(self._session, self.connection, depth)

    def _let_go(self) -> None:
        if self._grip is not None:
            self._grip = None
            self._session.history.release()
