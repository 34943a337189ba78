"""A window that shows the output and nothing else, and the sink that brings it the frames."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import sleep

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QImage, QPainter, QPaintEvent, QResizeEvent, QScreen
from PySide6.QtWidgets import QWidget

from studio.outputs.screen_picture import ScreenPicture
from studio.outputs.sink import Frame, Pixels
from studio.settings.screens import ScreenSettings
from ui.outputs.test_card import test_card

_WINDOW = QSize(640, 360)
"""Of the one that can be moved, at first."""


class ScreenSink(QObject):
    """Takes frames on its own thread and makes them ready to be copied to the screen.

    Signals, on the window's thread: `ready()` once for any number of frames that it has not taken;
    `stale()` when it wants its last frame again, for that would be shown otherwise now.
    """

    ready, stale = Signal(), Signal()
    _asked = Signal()

    def __init__(self, name: str, parent: QObject | None = None, *, pause_s: float = 0.0) -> None:
        """`pause_s` is left between two frames, for what need not show all of them."""
        super().__init__(parent)
        self.name, self._pause_s = f"Output on {name}", pause_s
        self._lock = Lock()
        self._settings, self._screen = ScreenSettings(), (1, 1)
        self._card: Pixels | None = None
        self._lies: ScreenPicture | None = None
        self._made: tuple[Pixels, Frame] | None = None
        self._asked.connect(self.ready, Qt.ConnectionType.QueuedConnection)

    # -- on the window's thread ----------------------------------------------------------------

    def use(self, settings: ScreenSettings, screen: tuple[int, int]) -> None:
        """Show frames so from now on, the last one too, on so many device pixels."""
        with self._lock:
            if (settings, screen) == (self._settings, self._screen):
                return
            self._settings, self._screen, self._lies = settings, screen, None
        self.stale.emit()

    def show_card(self, card: Pixels | None) -> None:
        """Show this in place of every frame; None: the frames again."""
        with self._lock:
            self._card = card
        self.stale.emit()

    def take(self) -> tuple[Pixels, Frame] | None:
        """What is to be shown, (height, width, 4), blue first; None where nothing is new."""
        with self._lock:
            made, self._made = self._made, None
            return made

    # -- on the sink's -------------------------------------------------------------------------

    def missing(self) -> str:
        return ""

    def open(self, width: int, height: int, rate: float) -> None:
        """Nothing to get ready: the window is there."""

    def send(self, frame: Frame) -> None:
        with self._lock:
            pixels = frame.pixels if self._card is None else self._card
            height, width, _ = pixels.shape
            if self._lies is None or self._lies.picture != (width, height):
                self._lies = ScreenPicture(self._settings, (width, height), self._screen)
            lies = self._lies
        made = lies.of(pixels)
        with self._lock:
            wakes, self._made = self._made is None, (made, frame)
        if wakes:
            self._wake()
        if self._pause_s:
            sleep(self._pause_s)

    def _wake(self) -> None:
        try:
            self._asked.emit()
        except RuntimeError:  # the window is gone and took this object along
            return

    def close(self) -> None:
        """Nothing to give back."""


class OutputWindow(QWidget):
    """Shows frames pixel on pixel. On a screen it is frameless and over all; without one it is a
    window that can be moved. It never takes the keyboard."""

    closed = Signal()
    """By the hand, or with all windows of the program."""
    painted = Signal(object)
    """A `Frame` has reached the screen."""

    def __init__(self, name: str, screen: QScreen | None, size: Callable[[], QSize]) -> None:
        """`size` is the output's, for the test card."""
        super().__init__()
        self.setWindowTitle("Latent Loom: output")
        self.setAccessibleName(f"Output on {name}")
        flags = Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus
        if screen is not None:
            flags |= Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
            self.setCursor(Qt.CursorShape.BlankCursor)
        self.setWindowFlags(flags)
        for attribute in (
            Qt.WidgetAttribute.WA_ShowWithoutActivating,
            Qt.WidgetAttribute.WA_OpaquePaintEvent,
            Qt.WidgetAttribute.WA_NoSystemBackground,
            Qt.WidgetAttribute.WA_QuitOnClose,
        ):
            self.setAttribute(attribute, attribute is not Qt.WidgetAttribute.WA_QuitOnClose)
        self._name, self._size = name, size
        self._settings = ScreenSettings()
        self._shown: tuple[Pixels, Frame] | None = None
        self.sink = ScreenSink(name, self)
        self.sink.ready.connect(self._take)
        self._on = screen

    def appear(self) -> None:
        """Show it where it belongs, without taking the keyboard from anybody."""
        if self._on is None:
            self.resize(_WINDOW)
            self.show()
            return
        self.setScreen(self._on)
        self.setGeometry(self._on.geometry())
        self.setWindowState(Qt.WindowState.WindowFullScreen)
        self.show()  # `showFullScreen` would ask for the keyboard

    def use(self, settings: ScreenSettings) -> None:
        """Lie so on the screen from now on."""
        self._settings = settings
        self.sink.use(settings, self.device_size())

    def show_card(self, on: bool) -> None:
        """Show the test card, or the output again."""
        size = self._size()
        self.sink.show_card(test_card(size.width(), size.height(), self._name) if on else None)

    def device_size(self) -> tuple[int, int]:
        """Its width and height in pixels of the screen."""
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _take(self) -> None:
        made = self.sink.take()
        if made is not None:
            self._shown = made
            self.repaint()  # `update` waits behind the hand: 27 frames a second came, and so 34

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._shown is None:
            painter.fillRect(event.rect(), Qt.GlobalColor.black)
            return
        pixels, frame = self._shown
        height, width, _ = pixels.shape
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32)
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)  # pixel on pixel, at any scale factor
        painter.drawImage(0, 0, image)
        painter.end()
        self.painted.emit(frame)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sink.use(self._settings, self.device_size())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.sink.use(self._settings, self.device_size())
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()
