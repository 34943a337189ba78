"""The list of what the keys do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.presets.folder.finding import folded
from ui import theme
from ui.theme import STEP, font
from ui.widgets.form import quiet
from ui.widgets.parameter_rows import section
from ui.widgets.scroll_column import ScrollColumn

_SIZE = QSize(1020, 940)
_KEYS_PX = 200

Lines = Sequence[tuple[str, str]]
"""Keys and what they do."""


class KeyList(QDialog):
    """Two columns of groups, with a search; it scrolls where the screen is low, stops nothing and
    closes by Escape."""

    def __init__(self, groups: Mapping[str, Lines], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search: undo, slot, Ctrl+…")
        self.search.setAccessibleName("Search the keys")
        self.search.setToolTip("Shows the lines that have these words")
        self.search.textChanged.connect(self._show_found)
        self.nothing = quiet("No key and nothing that keys do has these words.")
        self.nothing.hide()
        self._groups = [_Group(title, lines) for title, lines in groups.items()]
        close = QPushButton("Close", self)
        close.setToolTip("Close this list (Esc)")
        close.setAccessibleName("Close")
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        column.setSpacing(STEP)
        column.addWidget(self.search)
        column.addWidget(self.nothing)
        column.addWidget(ScrollColumn(self._in_two_columns()), 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        around = _SIZE if parent is None else parent.size() - QSize(8 * STEP, 8 * STEP)
        self.resize(_SIZE.boundedTo(around))

    def _in_two_columns(self) -> QWidget:
        """Each as high as the other, as far as groups stay whole."""
        inside = QWidget()
        line = QHBoxLayout(inside)
        line.setSpacing(3 * STEP)
        columns = QVBoxLayout(), QVBoxLayout()
        heights = [0, 0]
        for group in self._groups:
            shorter = heights.index(min(heights))
            columns[shorter].addWidget(group)
            heights[shorter] += len(group.rows) + 2
        for column in columns:
            column.addStretch(1)
            line.addLayout(column, 1)
        return inside

    def _show_found(self, typed: str) -> None:
        found = [group.show_found(folded(typed).split()) for group in self._groups]
        self.nothing.setVisible(not any(found))


class _Group(QWidget):
    """A heading with its lines."""

    def __init__(self, title: str, lines: Lines) -> None:
        super().__init__()
        self._title = title
        self.rows: list[tuple[str, QLabel, QLabel]] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, STEP)
        grid.setVerticalSpacing(STEP // 2)
        grid.setColumnStretch(1, 1)
        grid.addWidget(section(title), 0, 0, 1, 2)
        for row, (keys, words) in enumerate(lines, start=1):
            held, told = QLabel(keys), QLabel(words)
            held.setFont(font(weight=QFont.Weight.DemiBold))
            theme.set_size(held, width=_KEYS_PX)
            for column, label in enumerate((held, told)):
                label.setWordWrap(True)
                grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
            self.rows.append((folded(f"{title} {keys} {words}"), held, told))

    def show_found(self, wanted: Sequence[str]) -> bool:
        """Hide the lines that lack one of the words; whether any is left."""
        found = [all(word in text for word in wanted) for text, _, _ in self.rows]
        for is_found, (_, held, told) in zip(found, self.rows, strict=True):
            held.setVisible(is_found)
            told.setVisible(is_found)
        self.setVisible(any(found))
        return any(found)
