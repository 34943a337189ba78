"""The settings: pages beside a list of them, and a search over all of them and the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.live.rig import Rig
from studio.session import Session
from studio.settings.declared import SETTINGS
from ui import theme
from ui.actions.actions import Actions, shown
from ui.settings._declared_page import DeclaredPage, FilesPage
from ui.settings._found_page import FoundEntry, FoundPage
from ui.settings._keys_page import KeysPage
from ui.settings._osc_page import OscPage
from ui.settings._port_pages import InputsPage, OutputsPage
from ui.settings._routes_page import RoutesPage
from ui.settings._sound_page import SoundPage
from ui.theme import STEP
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.form import SHEET, FormPage
from ui.widgets.throttle import Throttle
from ui.widgets.value_field import ENTER_KEYS

_GATHER_MS = 100
_NAV_PX = 168
_FOUND_BY = {
    "Sound": "device latency speakers audio test input microphone line listen modulators",
    "MIDI outputs": "ports clock synthesiser lamps virtual",
    "MIDI inputs": "ports controllers keyboards follow clock learn maps",
    "Routes": "tracks parts band channel program instrument transpose mute default",
    "OSC": "network target udp",
    "Requests": "songs audience phones web page queue qr code network",
    "Output": "mixer projector beamer screen resolution blackout freeze",
}
"""What else pages are looked for by."""
_ABOUT = {
    "General": "Text size, motion, and how long morphs take",
    "Files": "Where your presets are, and how soon things are kept",
    "Sound": "What this computer plays through, how loud, and what it listens to",
    "MIDI outputs": "Which synthesisers and programs are played",
    "MIDI inputs": "Which controllers, keyboards and clocks are heard",
    "Routes": "Which part plays through which output, channel and instrument",
    "OSC": "Other programs on the network that play this instrument, or follow it",
    "Requests": "Songs that people ask for on a web page of this computer",
    "Output": "How large the mixed picture is, and how fast it fades",
    "Keys": "Which key does what",
}
"""What is found on each page."""


def open_settings(
    session: Session, rig: Rig, actions: Actions, parent: QWidget, page: str = ""
) -> SettingsDialog:
    """The settings in front, on this page or where they are: a window has one dialog of them."""
    dialogs = parent.findChildren(SettingsDialog)
    dialog = next((each for each in dialogs if each.isVisible()), None)
    if dialog is None:
        dialog = SettingsDialog(session, rig, actions, parent)
        dialog.show()
    if page:
        dialog.open_page(page)
    dialog.raise_()
    dialog.activateWindow()
    return dialog


class SettingsDialog(QDialog):
    """Follows the rig while it is open; stops nothing, and closes by Escape."""

    def __init__(
        self,
        session: Session,
        rig: Rig,
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._rig = session, rig
        self.setWindowTitle("Settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme.dress(self, SHEET)
        size = QSize(theme.px(1100), theme.px(640))
        self.resize(size.boundedTo(self.screen().availableSize()))
        self._makers: dict[str, Callable[[], FormPage]] = {
            "General": lambda: DeclaredPage("General", rig),
            "Files": lambda: FilesPage(rig),
            "Sound": lambda: SoundPage(rig),
            "MIDI outputs": lambda: OutputsPage(rig),
            "MIDI inputs": lambda: InputsPage(rig),
            "Routes": lambda: RoutesPage(session, rig),
            "OSC": lambda: OscPage(rig),
            "Requests": lambda: DeclaredPage("Requests", rig),
            "Output": lambda: DeclaredPage("Output", rig),
            "Keys": lambda: KeysPage(rig.store, actions),
        }
        self.pages: dict[str, FormPage] = {}
        """Those that have been shown: all at once would stop the pictures for a second."""
        self.found = FoundPage(list(self._entries(actions)))
        self.found.wanted.connect(self._open)
        self.search = QLineEdit()
        self.search.setAccessibleName("Search settings and keys")
        self.search.setToolTip("Search all settings and keys (Ctrl+F); Enter opens what is marked")
        self.search.setPlaceholderText("Search")
        self.search.textChanged.connect(self._look_for)
        self.search.installEventFilter(self)
        self.words = ElidedLabel()
        self.words.setObjectName("quiet")
        self._stack = QStackedWidget()
        self._arounds: list[QScrollArea] = []
        self._nav = QButtonGroup(self)
        self._lay_out()
        self._gathered = Throttle(self.refresh, _GATHER_MS, self)
        rig.changed.connect(self._gather)
        session.changed.connect(self._gather)
        rig.noticed.connect(self.say)
        self.finished.connect(self._leave)
        self.open_page("General")

    def _entries(self, actions: Actions) -> Iterator[FoundEntry]:
        for page in self._makers:
            yield FoundEntry(page, "", page, _FOUND_BY.get(page, ""))
        yield FoundEntry("Routes", "routes", "Default routes of new decks", "parts port channel")
        for setting in SETTINGS:
            parameter = setting.parameter
            yield FoundEntry(setting.page, setting.path, parameter.label, parameter.help)
        for action in actions:
            keys = " or ".join(map(shown, actions.keys(action.id)))
            yield FoundEntry("Keys", action.id, action.text, f"{action.group} {keys}")

    # -- pages ---------------------------------------------------------------------------------

    def open_page(self, title: str) -> None:
        """Show the page called `title`."""
        index = list(self._makers).index(title)
        self._nav.button(index).setChecked(True)
        self._stack.setCurrentWidget(self._arounds[index])
        if title not in self.pages:
            page = self.pages[title] = self._makers[title]()
            page.said.connect(self.say)
            self._arounds[index].setWidget(page)
        self.refresh()

    @property
    def page(self) -> FormPage:
        """The page that is shown."""
        if self._stack.currentWidget() is self.found:
            return self.found
        return self.pages[list(self._makers)[self._stack.currentIndex()]]

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
        pages.addWidget(self.search)
        pages.addSpacing(STEP // 2)
        for index, title in enumerate(self._makers):
            button = QPushButton(title)
            button.setObjectName("nav")
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setToolTip(_ABOUT.get(title, title))
            button.clicked.connect(lambda _=False, title=title: self.open_page(title))
            self._nav.addButton(button, index)
            pages.addWidget(button)
            around = QScrollArea()
            around.setWidgetResizable(True)
            around.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._arounds.append(around)
            self._stack.addWidget(around)
        self._stack.addWidget(self.found)
        pages.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, STEP)
        line = QHBoxLayout()
        nav = QWidget()
        nav.setLayout(pages)
        theme.set_size(nav, width=_NAV_PX)
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

    # -- the search ----------------------------------------------------------------------------

    def _look_for(self, typed: str) -> None:
        if typed.strip():
            self.found.look_for(typed)
            self._stack.setCurrentWidget(self.found)
        elif self.page is self.found:
            self.open_page(list(self._makers)[self._nav.checkedId()])

    def _open(self, entry: FoundEntry) -> None:
        self.search.clear()
        self.open_page(entry.page)
        control = self.page.controls.get(entry.name)
        around = self._stack.currentWidget()
        if control is None or not isinstance(around, QScrollArea):
            return
        around.ensureWidgetVisible(control)
        for part in (control, *control.findChildren(QWidget)):
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isEnabled():
                part.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Of the search line: the arrows move in the list, Escape gives the search up."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key, rows = event.key(), self.found.list
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            way = 1 if key == Qt.Key.Key_Down else -1
            rows.setCurrentRow(min(rows.count() - 1, max(0, rows.currentRow() + way)))
        elif key in ENTER_KEYS:
            self.found.choose_first()
        elif key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            return False
        return True

    # -- Qt ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses what has the focus, and never a button that has not."""
        held = self.focusWidget()
        ctrl = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_F and ctrl:
            self.search.setFocus()
            self.search.selectAll()
        elif event.key() not in ENTER_KEYS:
            super().keyPressEvent(event)
        elif isinstance(held, QAbstractButton):
            held.click()
        elif isinstance(held, QComboBox):
            held.showPopup()

    def _gather(self, *_: object) -> None:
        self._gathered()

    def _leave(self) -> None:
        """The rig lives on."""
        for signal, slot in (
            (self._rig.changed, self._gather),
            (self._session.changed, self._gather),
            (self._rig.noticed, self.say),
        ):
            signal.disconnect(slot, missing_ok=True)
