"""A process that does nothing but paint a picture 60 times a second, as a window must.

What the decoder reaches beside it is the limit of what any instrument could bring to the screen.
It stands still outside of `at_work`.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_PROGRAM = """
import os
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

class Painter(QWidget):
    picture = QImage(os.urandom(128 * 128 * 4), 128, 128, QImage.Format.Format_RGB32)
    said = False

    def paintEvent(self, event):
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self.picture)
        painter.end()
        if not self.said:
            self.said = True
            print("painting", flush=True)

app = QApplication([])
painter = Painter()
painter.resize(640, 640)
painter.show()
timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=16)
timer.timeout.connect(painter.update)
timer.start()
app.exec()
"""


class Painter:
    """Started at once; `close` ends it. On systems with signals to stop and go on (not Windows)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen([sys.executable, "-c", _PROGRAM], stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self._process.stdout.readline()
        self._process.send_signal(signal.SIGSTOP)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """It paints in here."""
        self._process.send_signal(signal.SIGCONT)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGSTOP)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()
