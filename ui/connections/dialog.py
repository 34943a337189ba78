"""What is connected to this computer: ports, routes, sound, OSC. Everything applies at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.live.rig import Rig
from studio.session import Session
from ui.connections._osc_page import OscPage
from ui.connections._port_pages import InputsPage, OutputsPage
from ui.connections._routes_page import RoutesPage
from ui.connections._sound_page import SoundPage
from ui.theme import STEP
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.form import SHEET, FormPage
from ui.widgets.throttle import Throttle
from ui.widgets.value_field import ENTER_KEYS

_GATHER_MS = 100
_NAV_PX = 132


class ConnectionsDialog(QDialog):
    """Follows the rig while it is open; stops nothing, and closes by Escape."""

    def __init__(
        self,
        session: Session,
        rig: Rig,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._rig = session, rig
        self.setWindowTitle("Connections")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setStyleSheet(SHEET)
        self.resize(980, 560)
        self.pages: dict[str, FormPage] = {
            page.title: page
            for page in (
                OutputsPage(rig),
                InputsPage(rig),
                RoutesPage(session, rig),
                SoundPage(rig),
                OscPage(rig),
            )
        }
        self.words = ElidedLabel()
        self.words.setObjectName("quiet")
        self._stack = QStackedWidget()
        self._nav = QButtonGroup(self)
        self._lay_out()
        self._gathered = Throttle(self.refresh, _GATHER_MS, self)
        rig.changed.connect(self._gather)
        session.changed.connect(self._gather)
        rig.noticed.connect(self.say)
        self.finished.connect(self._leave)
        self.open_page("Outputs")

    def open_page(self, title: str) -> None:
        """Show the page called `title`."""
        index = list(self.pages).index(title)
        self._nav.button(index).setChecked(True)
        self._stack.setCurrentIndex(index)
        self.refresh()

    @property
    def page(self) -> FormPage:
        """The page that is shown."""
        return list(self.pages.values())[self._stack.currentIndex()]

    def say(self, sentence: str) -> None:
        """Show a sentence at the foot."""
        self.words.say(sentence)
        self.words.setToolTip(sentence)

    def refresh(self) -> None:
        """Show the page as things are now."""
        self.page.refresh()

    def _lay_out(self) -> None:
        pages = QVBoxLayout()
        pages.setSpacing(STEP // 2)
        for index, (title, page) in enumerate(self.pages.items()):
            button = QPushButton(title)
            button.setObjectName("nav")
            button.setCheckable(True)
            button.setToolTip(f"The page about {title if title == 'OSC' else title.lower()}")
            button.clicked.connect(lambda _=False, title=title: self.open_page(title))
            self._nav.addButton(button, index)
            pages.addWidget(button)
            page.said.connect(self.say)
            around = QScrollArea()
            around.setWidgetResizable(True)
            around.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            around.setWidget(page)
            self._stack.addWidget(around)
        pages.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, STEP)
        line = QHBoxLayout()
        nav = QWidget()
        nav.setLayout(pages)
        nav.setFixedWidth(_NAV_PX)
        line.addWidget(nav)
        line.addWidget(self._stack, 1)
        column.addLayout(line, 1)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        close = QPushButton("Close")
        close.setToolTip("Close this window (Esc); everything has been applied")
        close.clicked.connect(self.close)
        foot.addWidget(self.words, 1)
        foot.addWidget(close)
        return foot

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses what has the focus, and never a button that has not."""
        held = self.focusWidget()
        if event.key() not in ENTER_KEYS:
            super().keyPressEvent(event)
        elif isinstance(held, QAbstractButton):
            held.click()
        elif isinstance(held, QComboBox):
            held.showPopup()

    def _gather(self, *_: object) -> None:
        self._gathered()

    def _leave(self) -> None:
        """The rig lives on."""
        for signal, heard in (
            (self._rig.changed, self._gather),
            (self._session.changed, self._gather),
            (self._rig.noticed, self.say),
        ):
            signal.disconnect(heard, missing_ok=True)
