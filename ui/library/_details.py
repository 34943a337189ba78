"""What is said about the preset that is selected: its tags and notes, to be changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFormLayout, QLineEdit, QPlainTextEdit, QWidget

from studio.presets.folder.entries import PresetEntry
from studio.scenes.repertoire import Repertoire
from ui.theme import STEP
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.value_field import ESCAPE, LeaveKeys

_NOTES_PX = 58


class PresetDetails(QWidget):
    """Writes when the hand leaves a field."""

    def __init__(self, repertoire: Repertoire, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._repertoire = repertoire
        self._entry: PresetEntry | None = None
        self.about = ElidedLabel()
        self.about.setObjectName("quiet")
        self.tags = QLineEdit()
        self.tags.setObjectName("words")
        self.tags.setPlaceholderText("tags, with commas between")
        self.tags.setAccessibleName("Tags")
        self.tags.setToolTip("The tags of the preset, with commas between")
        self.notes = _Notes()
        self.notes.setAccessibleName("Notes")
        self.notes.setPlaceholderText("notes")
        self.notes.setFixedHeight(_NOTES_PX)
        self.notes.setTabChangesFocus(True)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(STEP // 2)
        form.addRow(self.about)
        form.addRow(self.tags)
        form.addRow(self.notes)
        LeaveKeys(self.tags)
        LeaveKeys(self.notes, (ESCAPE,))
        self.tags.editingFinished.connect(self._write_tags)
        self.notes.left = self._write_notes
        self.hide()

    def show_entry(self, entry: PresetEntry | None) -> None:
        """Show what is said about a preset; None for nothing."""
        if entry == self._entry:
            return
        other = self._entry is None or entry is None or entry.id != self._entry.id
        self._entry = entry
        self.setVisible(entry is not None)
        if entry is None:
            return
        by = f" by {entry.author}" if entry.author else ""
        made = f"{entry.made_at:%d %B %Y}" if entry.made_at else ""
        self.about.say(f"{entry.name}{by}   {made}".strip())
        for field in (self.tags, self.notes):
            field.setReadOnly(entry.factory or bool(entry.problem))
        if other or not self.tags.hasFocus():
            self.tags.setText(", ".join(entry.tags))
        if other or not self.notes.hasFocus():
            self.notes.setPlainText(entry.problem or entry.notes)

    def _write_tags(self) -> None:
        entry = self._entry
        if entry is None or self.tags.isReadOnly():
            return
        tags = tuple(dict.fromkeys(t.strip() for t in self.tags.text().split(",") if t.strip()))
        if tags != entry.tags:
            self._repertoire.presets.annotate(entry.id, tags=tags)

    def _write_notes(self) -> None:
        entry = self._entry
        if entry is None or self.notes.isReadOnly():
            return
        if self.notes.toPlainText() != entry.notes:
            self._repertoire.presets.annotate(entry.id, notes=self.notes.toPlainText())


class _Notes(QPlainTextEdit):
    """Tells when the hand leaves it."""

    def __init__(self) -> None:
        super().__init__()
        self.left: Callable[[], object] = lambda: None

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left()
