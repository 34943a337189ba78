"""The small parts that dialogs are made of: boxes to tick, lines to type in, quiet sentences."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from ui.theme import ACCENT, BACKGROUND, HAIRLINE, PANEL, QUIET, RADIUS, RAISED, STEP, TEXT, TRACK
from ui.widgets.parameter_rows import section

_CHECK = (Path(__file__).parents[1] / "icons" / "check.svg").as_posix()

SHEET = f"""
QDialog {{ background: {BACKGROUND}; }}
#card {{ background: {PANEL}; border: 1px solid {HAIRLINE}; border-radius: {RADIUS}px; }}
QCheckBox {{ spacing: 8px; padding: 2px 4px; border: 1px solid transparent; border-radius: 4px; }}
QCheckBox:focus {{ border-color: {QUIET}; }}
QCheckBox:disabled {{ color: {QUIET}; }}
QCheckBox::indicator {{
    width: 16px; height: 16px; border: 1px solid {QUIET}; border-radius: 4px;
    background: {RAISED};
}}
QCheckBox::indicator:checked {{
    background: {ACCENT}; border-color: {ACCENT}; image: url("{_CHECK}");
}}
QCheckBox::indicator:disabled {{ border-color: {TRACK}; background: {PANEL}; }}
QLineEdit {{
    border: 1px solid {TRACK}; border-radius: {RADIUS}px; padding: 5px 8px; color: {TEXT};
}}
QLineEdit:focus {{ border-color: {ACCENT}; }}
#nav {{ text-align: left; padding: 8px 12px; }}
#nav:checked {{ background: {TRACK}; color: {TEXT}; border-color: {TRACK}; }}
#warning {{ color: {ACCENT}; }}
#found {{ background: {PANEL}; border: 1px solid {HAIRLINE}; border-radius: {RADIUS}px; }}
#found::item {{ padding: 4px 12px; }}
#found::item:selected {{ background: {TRACK}; color: {TEXT}; }}
"""
"""What the house's sheet does not have yet; for dialogs."""


class FormPage(QWidget):
    """A page of a dialog: a heading, a sentence about how it stands, and whatever it holds."""

    said = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.controls: dict[str, QWidget] = {}
        """What can be found on it, by a name that is the same in every session."""
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(3 * STEP, 2 * STEP, 3 * STEP, 2 * STEP)
        self.column.setSpacing(STEP)
        self.column.addWidget(section(title))
        self.about = quiet()
        self.column.addWidget(self.about)

    def refresh(self) -> None:
        """Show everything as it is now."""


class CheckBox(QCheckBox):
    """A box to tick. `wanted` is what the hand wants; showing it never reports it."""

    wanted = Signal(bool)

    def __init__(self, words: str, about: str = "", parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setToolTip(about or words)
        self.setAccessibleName(words)
        self.clicked.connect(self.wanted)

    def show_value(self, on: bool) -> None:
        """Show whether it is ticked."""
        if on != self.isChecked():
            self.setChecked(on)


class LineEdit(QLineEdit):
    """A line to type in; `wanted` comes with Enter and when the keyboard goes elsewhere."""

    wanted = Signal(str)

    def __init__(self, name: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.setAccessibleName(name)
        self.setToolTip(about)
        self.editingFinished.connect(self._finish)

    def show_value(self, words: str) -> None:
        """Show `words`, but leave alone what is being typed."""
        if words != self._shown and not self.hasFocus():
            self._shown = words
            self.setText(words)

    def put(self, words: str) -> None:
        """Show `words`, whatever has been typed."""
        self._shown = words
        self.setText(words)

    def _finish(self) -> None:
        typed = self.text().strip()
        if typed != self._shown:
            self._shown = typed
            self.wanted.emit(typed)


def quiet(words: str = "") -> QLabel:
    """A sentence that does not ask for attention."""
    label = QLabel(words)
    label.setObjectName("quiet")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def card() -> tuple[QFrame, QVBoxLayout]:
    """A frame around what belongs together."""
    frame = QFrame()
    frame.setObjectName("card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(2 * STEP, STEP, 2 * STEP, STEP)
    column.setSpacing(2)
    return frame, column
