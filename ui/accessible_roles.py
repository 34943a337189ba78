"""What screen readers call the widgets that are painted by hand.

Qt knows its own buttons and lists; a class of ours says what it is in `accessible_role`. Buttons of
which one is down are `autoExclusive`, by which Qt knows them from switches.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget


def install() -> None:
    """Let them be known from now on. Costs nothing where no reader asks."""
    QAccessible.installFactory(_interface)


def _interface(_: str, asked: QObject) -> QAccessibleInterface | None:
    role = getattr(asked, "accessible_role", None)
    if not isinstance(role, QAccessible.Role) or not isinstance(asked, QWidget):
        return None
    return QAccessibleWidget(asked, role)
