"""One line of truth: whether all is well, a sentence, and behind a click how fast everything is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from studio.engine import DeviceChoice
from studio.session import Session
from ui import theme
from ui.export.progress import ExportLine
from ui.theme import STEP
from ui.widgets.elided_label import ElidedLabel

_REFRESH_MS = 250
_NOTICE_MS = 9000
_DEVICES: tuple[tuple[DeviceChoice, str], ...] = (
    ("auto", "Choose by itself"),
    ("cuda", "NVIDIA GPU (CUDA)"),
    ("mps", "Apple GPU (MPS)"),
    ("cpu", "CPU"),
    ("openvino", "CPU, by OpenVINO"),
)


class StatusBar(QWidget):
    """Refreshes itself four times a second; `say` shows a sentence for a while."""

    def __init__(
        self,
        session: Session,
        log_file: Path | None = None,
        parent: QWidget | None = None,
        *,
        device: DeviceChoice = "auto",
    ) -> None:
        super().__init__(parent)
        self._chosen = device
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.set_size(self, height=30)
        self._session = session
        line = QHBoxLayout(self)
        line.setContentsMargins(2 * STEP, 0, STEP, 0)
        line.setSpacing(3 * STEP)
        self._device = QPushButton(self)
        self._device.setObjectName("flat")
        self._device.setToolTip("How fast it is, and what computes the pictures: click to see")
        self._device.setAccessibleName("Performance")
        self._device.clicked.connect(lambda: self._pop_up(self.performance_menu()))
        self._notice = ElidedLabel(parent=self)
        self._notice.setObjectName("notice")
        self._notice.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._log = QPushButton("show log", self)
        self._log.setObjectName("flat")
        self._log.setToolTip("Open the log file with the details")
        self._log.setVisible(False)
        if log_file is not None:
            address = QUrl.fromLocalFile(str(log_file))
            self._log.clicked.connect(lambda: QDesktopServices.openUrl(address))
        self._has_log = log_file is not None
        self.exports = ExportLine(session.exports, self.say, self)
        for widget in (self._device, self.exports):
            line.addWidget(widget)
        line.addWidget(self._notice, 1)
        line.addWidget(self._log)
        self._clock = QTimer(self, interval=_REFRESH_MS)
        self._clock.timeout.connect(self.refresh)
        self._clock.start()
        self._quiet = QTimer(self, singleShot=True, interval=_NOTICE_MS)
        self._quiet.timeout.connect(self._hush)

    def say(self, sentence: str) -> None:
        """Show `sentence` for a while."""
        self._tell(sentence)
        self._quiet.start()
        self.refresh()

    def refresh(self) -> None:
        """Show the figures as they are now."""
        session = self._session
        state = session.state(session.scene.front)
        shown = state.shown
        ready = bool(state.device) and shown is not None and shown.request.epoch == state.epoch
        self._device.setText("● Ready" if ready else "○ loading…")
        if state.problem:
            self._device.setText("▲ stopped")
        _name(self._device, "alarm" if state.problem else "well" if ready else "flat")
        self.exports.refresh()
        if state.problem and not self._quiet.isActive():
            self._tell(state.problem)
        _name(self._notice, "alarm" if state.problem else "notice")
        self._log.setVisible(self._has_log and bool(state.problem))

    def _tell(self, sentence: str) -> None:
        self._notice.say(sentence)
        self._notice.setToolTip(sentence)

    def _hush(self) -> None:
        self._tell("")
        self.refresh()

    def performance(self) -> tuple[str, ...]:
        """How fast it is, each figure with what it means."""
        session = self._session
        engines, device = session.engines, session.state(session.scene.front).device
        return (
            f"Computed by: {device or 'nothing yet'}",
            f"Pictures on the screen: {engines.meter.pictures_per_s:.0f} a second",
            f"From hand to picture: {engines.meter.hand_to_picture_ms():.0f} ms",
            f"Left out since your hand had moved on: {engines.dropped_jobs}",
        )

    def performance_menu(self) -> QMenu:
        """How fast it is, and what is to compute."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words in self.performance():
            menu.addAction(words).setEnabled(False)
        menu.addSeparator()
        for device, words in _DEVICES:
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(device == self._chosen)
            action.triggered.connect(lambda _=False, device=device: self._use_device(device))
        return menu

    def _pop_up(self, menu: QMenu) -> None:
        above = QPoint(0, -menu.sizeHint().height())
        menu.popup(self._device.mapToGlobal(above))

    def _use_device(self, device: DeviceChoice) -> None:
        self._chosen = device
        self._session.engines.use_device(device)


def _name(widget: QWidget, name: str) -> None:
    """Give `widget` the style called `name`."""
    if widget.objectName() != name:
        widget.setObjectName(name)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
