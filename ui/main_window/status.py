"""One line of truth: device, pictures a second, hand to picture, dropped jobs, and a sentence."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

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
        self._device.setToolTip(
            "What computes the pictures: the processor (CPU) or a graphics card; click to choose"
        )
        self._device.setAccessibleName("Device")
        self._device.clicked.connect(self._choose_device)
        self._rate = _figure("Pictures that reached the screen in the last second")
        self._delay = _figure(
            "Time from a movement of your hand to its picture on the screen (median)"
        )
        self._dropped = _figure(
            "Pictures that were left out because your hand had already moved on"
        )
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
        for widget in (self._device, self._rate, self._delay, self._dropped, self.exports):
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
        self._device.setText(f"● {state.device}" if state.device else "○ loading…")
        if state.problem:
            self._device.setText("▲ stopped")
        _name(self._device, "alarm" if state.problem else "well" if state.device else "flat")
        self._rate.setText(f"{session.engines.meter.pictures_per_s:.0f} pictures/s")
        self._delay.setText(f"response {session.engines.meter.hand_to_picture_ms():.0f} ms")
        self._dropped.setText(f"{session.engines.dropped_jobs} skipped")
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

    def _choose_device(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for device, words in _DEVICES:
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(device == self._chosen)
            action.triggered.connect(lambda _=False, device=device: self._use_device(device))
        above = QPoint(0, -menu.sizeHint().height())
        menu.popup(self._device.mapToGlobal(above))

    def _use_device(self, device: DeviceChoice) -> None:
        self._chosen = device
        self._session.engines.use_device(device)


def _figure(tooltip: str) -> QLabel:
    label = QLabel()
    label.setToolTip(tooltip)
    return label


def _name(widget: QWidget, name: str) -> None:
    """Give `widget` the style called `name`."""
    if widget.objectName() != name:
        widget.setObjectName(name)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
