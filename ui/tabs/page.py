"""What the pages under the pad have in common: they follow the front deck while they are seen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio.document.scene import Deck
from studio.engine import EngineSpec
from studio.session import Session
from ui.icons import icon
from ui.theme import STEP


class TabPage(QWidget):
    """A page under the pad. It is told of changes only while it is the one that is seen."""

    tab = ("", "")
    """The words of its tab and its tooltip, for a page that only some decks have."""

    @staticmethod
    def fits(spec: EngineSpec) -> bool:  # noqa: ARG004
        """Whether a deck with this engine has the page."""
        return True

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, STEP, STEP + STEP // 2, 0)
        self._column.setSpacing(STEP)

    @property
    def front(self) -> str:
        return self._session.scene.front

    @property
    def deck(self) -> Deck:
        return self._session.scene.front_deck

    def centre(self) -> bool:
        """Put what is moved about on this page into its middle; False where it has no such."""
        return False

    def refresh(self) -> None:
        """Show the front deck as it is now."""

    def refresh_soon(self) -> None:
        """The scene has changed, and may change again at once."""
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()


def small_button(mark: str, words: str, name: str, tooltip: str) -> QPushButton:
    """A button for a page's line of tools; `words` may be empty."""
    button = QPushButton(icon(mark), words)
    button.setObjectName("tool")
    button.setAccessibleName(name)
    button.setToolTip(tooltip)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button


def segments(
    parent: QWidget, *choices: tuple[str, str], changed: Callable[[], object]
) -> list[QPushButton]:
    """Buttons of which one is down, the first at the beginning; each with its words and tooltip."""
    group = QButtonGroup(parent)
    buttons = []
    for words, tooltip in choices:
        button = QPushButton(words)
        button.setObjectName("segment")
        button.setCheckable(True)
        button.setAutoExclusive(True)
        button.setToolTip(tooltip)
        button.clicked.connect(changed)
        group.addButton(button)
        buttons.append(button)
    buttons[0].setChecked(True)
    return buttons


def line(*widgets: QWidget, stretch_at: int | None = None) -> QHBoxLayout:
    """Widgets side by side, with the free room before the one numbered `stretch_at`."""
    row = QHBoxLayout()
    row.setSpacing(STEP)
    for number, widget in enumerate(widgets):
        if number == stretch_at:
            row.addStretch(1)
        row.addWidget(widget)
    return row
