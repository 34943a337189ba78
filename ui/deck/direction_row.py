"""A slider along a named direction, with a lock that keeps the feature while the rest moves."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QToolButton, QWidget

from studio.document.parameters import Float
from ui import theme
from ui.icons import pixmap
from ui.theme import ACCENT, QUIET
from ui.widgets.slider_row import SliderRow
from ui.widgets.value_field import VALUE_PX

_LOCK_PX = 26


class DirectionRow(SliderRow):
    """Its slider and value stand in line with those of other rows: the lock takes of the value."""

    lock_wanted = Signal(bool)

    def __init__(self, parameter: Float, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.lock = QToolButton(self)
        self.lock.setObjectName("lock")
        self.lock.setCheckable(True)
        self.lock.setFixedSize(_LOCK_PX, 24)
        self.lock.setIconSize(QSize(16, 16))
        self.lock.setIcon(_lock_icon())
        self.lock.setAccessibleName(f"Lock {parameter.label}")
        self.lock.setToolTip("Keep this feature while the rest moves")
        self.lock.clicked.connect(self.lock_wanted)
        room = self.field.width() / theme.factor() - _LOCK_PX
        theme.set_size(self.field, width=max(VALUE_PX - _LOCK_PX, room))
        self._line.addSpacing(-self._line.spacing())
        self._line.addWidget(self.lock)

    def show_lock(self, locked: bool) -> None:
        """Show whether the feature is kept; never reports it back."""
        self.lock.setChecked(locked)
        self.lock.setAccessibleDescription("locked" if locked else "free")


def _lock_icon() -> QIcon:
    icon = QIcon()
    for scale in (1, 2, 3):
        icon.addPixmap(pixmap("lock-open", 16, QUIET, scale), QIcon.Mode.Normal, QIcon.State.Off)
        icon.addPixmap(pixmap("lock", 16, ACCENT, scale), QIcon.Mode.Normal, QIcon.State.On)
    return icon
