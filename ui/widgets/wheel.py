"""The wheel scrolls; it turns a control only where that control has the focus."""

from __future__ import annotations

from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget


def turns(control: QWidget, event: QWheelEvent) -> bool:
    """Whether this turn of the wheel is meant for `control`; if not, it goes on to what scrolls.

    A pointer that rests on a control while its panel is scrolled must not change it.
    """
    focused = QApplication.focusWidget()
    meant = focused is not None and (control is focused or control.isAncestorOf(focused))
    event.setAccepted(meant)
    return meant
