"""What a hand does to a widget: mouse events with fractions of a pixel, and the wheel."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier


def mouse(
    widget: QWidget,
    kind: QEvent.Type,
    at: QPointF,
    button: Qt.MouseButton = Qt.MouseButton.NoButton,
    held: Qt.MouseButton = Qt.MouseButton.NoButton,
    modifiers: Qt.KeyboardModifier = PLAIN,
) -> None:
    """One mouse event at a point of `widget`, fractions of a pixel included."""
    event = QMouseEvent(kind, at, QPointF(widget.mapToGlobal(at)), button, held, modifiers)
    QApplication.sendEvent(widget, event)


def press(widget: QWidget, at: QPointF, button: Qt.MouseButton = LEFT, **given: Any) -> None:
    mouse(widget, QEvent.Type.MouseButtonPress, at, button, button, **given)


def move(widget: QWidget, at: QPointF, button: Qt.MouseButton = LEFT, **given: Any) -> None:
    mouse(widget, QEvent.Type.MouseMove, at, held=button, **given)


def release(widget: QWidget, at: QPointF, button: Qt.MouseButton = LEFT, **given: Any) -> None:
    mouse(widget, QEvent.Type.MouseButtonRelease, at, button, **given)


def drag(widget: QWidget, *way: QPointF, button: Qt.MouseButton = LEFT, **given: Any) -> None:
    """Press at the first point, move over the others, let go at the last."""
    press(widget, way[0], button, **given)
    for at in way[1:]:
        move(widget, at, button, **given)
    release(widget, way[-1], button, **given)


def double_click(widget: QWidget, at: QPointF | None = None) -> None:
    at = at or QPointF(widget.rect().center())
    press(widget, at)
    release(widget, at)
    mouse(widget, QEvent.Type.MouseButtonDblClick, at, LEFT, LEFT)
    release(widget, at)


def wheel(
    widget: QWidget, notches: float = 0, *, sideways: float = 0, modifiers: Any = PLAIN
) -> None:
    """Turn the wheel over the middle of `widget`; positive is away from the hand."""
    window = widget.window().windowHandle()
    at = QPointF(widget.mapTo(widget.window(), widget.rect().center()))
    turn = QPoint(round(120 * sideways), round(120 * notches))
    QTest.wheelEvent(window, at, turn, stateKey=modifiers)
    QApplication.processEvents()


def turn(
    widget: QWidget, notches: float = 0, *, sideways: float = 0, modifiers: Any = PLAIN
) -> None:
    """Give the control the focus, then turn the wheel over it."""
    widget.setFocus()
    wheel(widget, notches, sideways=sideways, modifiers=modifiers)
