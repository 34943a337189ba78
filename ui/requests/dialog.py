"""The queue of songs on request: what is opened to whom, and what becomes of each wish."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.document.parameters import Toggle
from studio.requests.archive import PAGE
from studio.requests.qr_code import code_of
from studio.requests.queue import SongRequest
from studio.settings.declared import (
    REQUESTS_CHAT,
    REQUESTS_CODE,
    REQUESTS_LET_THROUGH,
    REQUESTS_ON,
    REQUESTS_OPEN,
)
from ui import theme
from ui.requests._votes import VoteCard
from ui.requests.driver import RequestDriver
from ui.tabs.page import line, small_button
from ui.theme import STEP
from ui.widgets.form import SHEET, CheckBox, card, quiet

_CODE_PX = 180
_STATES = {
    "asked": "waits for you",
    "waiting": "waits for its turn",
    "next": "comes next",
    "sounding": "sounds now",
}
_TOKEN = Qt.ItemDataRole.UserRole


class RequestDialog(QDialog):
    """Stops nothing, and closes by Escape; the page stays open until it is switched off."""

    def __init__(self, driver: RequestDriver, parent: QWidget) -> None:
        super().__init__(parent)
        self._driver, self._shown_address = driver, ""
        self._queue = driver.service.queue
        self.setWindowTitle("Songs on request")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme.dress(self, SHEET)
        self.resize(theme.px(680), theme.px(720))
        self.about = quiet()
        self.warning = quiet(REQUESTS_OPEN.help)
        self.warning.setObjectName("warning")
        self.boxes = {
            "on": self._box("on", REQUESTS_ON),
            "open_to_network": self._box("open_to_network", REQUESTS_OPEN),
            "lets_through": self._box("lets_through", REQUESTS_LET_THROUGH),
            "code_on_stage": self._box("code_on_stage", REQUESTS_CODE),
            "chat": self._box("chat", REQUESTS_CHAT),
        }
        self.code = QLabel()
        self.code.setAccessibleName("QR code of the page")
        self.songs = QListWidget()
        self.songs.setAccessibleName("Queue of songs")
        self.songs.currentItemChanged.connect(self._refresh_buttons)
        queue = self._queue
        self.let = self._button("check", "Let through", "Let it wait for its turn (Enter)",
                                queue.let_through)  # fmt: skip
        self.up = self._button(
            "arrow-up", "Earlier", "Play it earlier", lambda t: queue.move(t, -1)
        )
        self.down = self._button("arrow-down", "Later", "Play it later", lambda t: queue.move(t, 1))
        self.refuse = self._button("x", "Refuse", "Do not play it", queue.refuse)
        self.songs.itemActivated.connect(lambda _: self.let.click())
        self.archive = small_button("folder-open", "All songs", "All songs",
                                    "Open the page of all songs that were played")  # fmt: skip
        self.archive.clicked.connect(self._open_archive)
        self.votes = VoteCard(driver)
        self._lay_out()
        driver.changed.connect(self.refresh)
        self.finished.connect(lambda _: driver.changed.disconnect(self.refresh))
        self.refresh()

    def _box(self, name: str, about: Toggle) -> CheckBox:
        box = CheckBox(about.label, about.help)
        box.wanted.connect(lambda on: self._driver.use(**{name: on}))
        return box

    def _button(
        self, mark: str, words: str, about: str, do: Callable[[str], object]
    ) -> QPushButton:
        button = small_button(mark, words, words, about)

        def act() -> None:
            if token := self._token():
                do(token)
                self.refresh()

        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        frame, switches = card()
        for box in self.boxes.values():
            switches.addWidget(box)
        switches.addWidget(self.warning)
        switches.addWidget(self.about)
        top = QHBoxLayout()
        top.setSpacing(2 * STEP)
        top.addWidget(frame, 1)
        top.addWidget(self.code, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        column.setSpacing(STEP)
        column.addLayout(top)
        column.addWidget(self.votes)
        column.addWidget(self.songs, 1)
        buttons = (self.let, self.up, self.down, self.refuse, self.archive)
        column.addLayout(line(*buttons, stretch_at=4))

    # -- what it shows -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show everything as it is now."""
        settings = self._driver.settings
        for name, box in self.boxes.items():
            box.show_value(getattr(settings, name))
        self.warning.setVisible(settings.open_to_network)
        self.about.setText(self._sentence())
        self._show_code()
        self._show_songs()
        self.votes.refresh()
        count = len(self._driver.service.archive.songs)
        self.archive.setText(f"All songs ({count})")
        self.archive.setEnabled(count > 0)

    def _sentence(self) -> str:
        settings, address = self._driver.settings, self._driver.service.address
        if address is not None:
            everybody = "Everybody on the networks of this computer"
            who = everybody if settings.open_to_network else "Who is at this computer"
            return f"{who} can ask at {address}"
        if settings.on:
            return f"Port {settings.port} could not be opened: another program may have it."
        return "Nobody can ask: the page is closed."

    def _show_code(self) -> None:
        address = self._driver.service.address or ""
        self.code.setVisible(bool(address))
        if address and address != self._shown_address:
            pixels = code_of(address)
            height, width, _ = pixels.shape
            image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
            side = theme.px(_CODE_PX) // width * width
            self.code.setPixmap(QPixmap.fromImage(image).scaled(side, side))
            self.code.setToolTip(address)
        self._shown_address = address

    def _show_songs(self) -> None:
        held, row = self._token(), self.songs.currentRow()
        self.songs.clear()
        for number, request in enumerate(self._queue.line, start=1):
            item = QListWidgetItem(f"{number}.  {_told(request)}")
            item.setData(_TOKEN, request.token)
            item.setToolTip(request.words)
            self.songs.addItem(item)
            if request.token == held:
                self.songs.setCurrentItem(item)
        if self.songs.currentRow() < 0 and self.songs.count():
            self.songs.setCurrentRow(max(0, min(row, self.songs.count() - 1)))
        self._refresh_buttons()

    def _refresh_buttons(self) -> None:
        request = self._queue.find(self._token())
        state = None if request is None else request.state
        self.let.setEnabled(state == "asked")
        self.up.setEnabled(state in ("asked", "waiting"))
        self.down.setEnabled(state in ("asked", "waiting"))
        self.refuse.setEnabled(state in ("asked", "waiting", "next"))

    def _token(self) -> str:
        item = self.songs.currentItem()
        return str(item.data(_TOKEN)) if item is not None else ""

    def _open_archive(self) -> None:
        page = self._driver.service.archive.folder / PAGE
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))


def _told(request: SongRequest) -> str:
    name = f" · for {request.name}" if request.name else ""
    return f"{request.title}{name}   ({_STATES.get(request.state, request.state)})"
