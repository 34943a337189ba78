"""The list of what the keys do."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QPushButton, QWidget

from ui.theme import STEP, font


class KeyList(QDialog):
    """Two columns: keys and what they do. It stops nothing and closes by Escape."""

    def __init__(self, lines: Iterable[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        grid = QGridLayout(self)
        grid.setContentsMargins(3 * STEP, 3 * STEP, 3 * STEP, 2 * STEP)
        grid.setHorizontalSpacing(3 * STEP)
        grid.setVerticalSpacing(STEP)
        for row, (keys, words) in enumerate(lines):
            held = QLabel(keys, self)
            held.setFont(font(weight=QFont.Weight.DemiBold))
            grid.addWidget(held, row, 0)
            grid.addWidget(QLabel(words, self), row, 1)
        close = QPushButton("Close", self)
        close.setToolTip("Close this list (Esc)")
        close.setAccessibleName("Close")
        close.clicked.connect(self.close)
        grid.setRowMinimumHeight(grid.rowCount(), STEP)
        grid.addWidget(close, grid.rowCount(), 1, Qt.AlignmentFlag.AlignRight)
