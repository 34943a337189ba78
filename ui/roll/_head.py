"""The line above the piano roll: key, metre, genre, what is going on, and which views are seen."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from studio.live.ensemble.played import Roll
from studio.session import Session
from ui import theme
from ui.icons import icon
from ui.roll._genre_metre import GenreMetreButton
from ui.roll._legend import Legend
from ui.roll.bars import key_name, said_of
from ui.theme import ACCENT, BACKGROUND, QUIET, STEP, TEXT

_HEAD_PX = 44
_EDIT = (
    "Edit notes of the lead: drag to move, the end to lengthen, an empty place to draw; "
    "right click takes out. Shift: triplets; in the score: length, Ctrl: semitones"
)
SHEET = f"""
#rollHead {{ background: {BACKGROUND}; }}
#rollHead QLabel {{ font-size: 15px; color: {QUIET}; }}
#rollHead #key {{ font-size: 20px; font-weight: 600; color: {TEXT}; }}
#rollHead QPushButton {{ padding: 6px 10px; }}
#rollHead #live {{ color: {ACCENT}; font-weight: 600; }}
"""


class RollHead(QWidget):
    """Shows what it is told; whoever holds it listens to its buttons."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("rollHead")
        theme.set_size(self, height=_HEAD_PX)
        self.key, self.about, self.live = QLabel(), QLabel(), QLabel()
        self.key.setObjectName("key")
        self.live.setObjectName("live")
        self.genre_metre = GenreMetreButton(session, self)
        self.edit = _switch("pencil", "Edit notes", _EDIT)
        self.paper = _switch("music", "Score", "Score: the notes as they stand on paper")
        self.falling = _switch(
            "arrow-down", "Waterfall", "Waterfall: the coming bars fall towards the keys"
        )
        self.follow = QPushButton(icon("arrow-bar-right"), "Follow")
        self.follow.setToolTip("Follow the playhead again (End)")
        self.follow.setAccessibleName("Follow the playhead")
        self.follow.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(2 * STEP, 0, 2 * STEP, 0)
        line.setSpacing(2 * STEP)
        for part in (self.key, self.about, self.genre_metre, self.live):
            line.addWidget(part)
        line.addStretch(1)
        line.addWidget(Legend())
        views = QHBoxLayout()
        views.setSpacing(STEP // 2)  # at 1120 px the legend needs the room
        for button in (self.edit, self.paper, self.falling):
            views.addWidget(button)
        line.addLayout(views)
        line.addWidget(self.follow)

    def show_music(self, music: Roll) -> None:
        """What is played, in words."""
        self.key.setText("" if music.key is None else key_name(music.key))
        self.about.setText(str(music.metre))
        self.live.setText(said_of(music))


def _switch(image: str, name: str, about: str) -> QPushButton:
    button = QPushButton(icon(image), "")
    button.setAccessibleName(name)
    button.setCheckable(True)
    button.setToolTip(about)
    return button
