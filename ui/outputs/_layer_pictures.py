"""The pictures of the layers that no engine draws: the piano roll, and the text of the preset.

Drawn only while their layers are seen and somebody takes frames. Both are light on black, so that
screen and luma key let what lies below them through.
"""

from __future__ import annotations

import numpy as np
from psygnal import SignalInstance
from PySide6.QtCore import QObject, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QImage, QPainter

from studio.document.mix import ROLL, TEXT
from studio.live.rig import Rig
from studio.outputs.mixing import visible
from studio.outputs.sink import Pixels
from studio.scenes.repertoire import Repertoire
from studio.session import Session
from ui.roll.picture import RollPicture
from ui.theme import font

_ROLL_MS = 33
"""Between two pictures of the roll: one of 1280x720 takes the window's thread 3 ms."""


class LayerPictures(QObject):
    """Lives as long as the window."""

    def __init__(self, session: Session, rig: Rig, repertoire: Repertoire, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._rig, self._repertoire = session, rig, repertoire
        self._room = rig.picture.room
        self._written: tuple[object, ...] = ()
        self._roll = RollPicture(session, rig.ensemble, rig.transport)
        self._timer = QTimer(self, interval=_ROLL_MS)
        self._timer.timeout.connect(self._draw_roll)
        for signal in self._signals():
            signal.connect(self.look)

    def _signals(self) -> tuple[SignalInstance, ...]:
        presets, modulation = self._repertoire.presets, self._session.modulation
        return self._session.changed, modulation.moved, presets.changed, self._room.changed

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._timer.stop()
        for signal in self._signals():
            signal.disconnect(self.look, missing_ok=True)
        self._roll.close()

    def look(self, *_: object) -> None:
        """Draw what is seen."""
        seen = set()
        if self._room.sinks and self._session.shown.mix.layers:
            seen = {key for key, _ in visible(self._session.shown)}
        if ROLL not in seen:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()
            self._draw_roll()
        if TEXT in seen:
            self._write()

    def _write(self) -> None:
        entry = self._repertoire.presets.current
        words = ("", "") if entry is None else (entry.name, entry.notes)
        wanted = (*words, self._room.size)
        if wanted != self._written:
            self._written = wanted
            self._room.show(TEXT, text_picture(*words, QSize(*self._room.size)))

    def _draw_roll(self) -> None:
        image = self._roll.draw(QSize(*self._room.size))
        if image is not None:
            self._room.show(ROLL, _pixels(image))


def text_picture(title: str, notes: str, size: QSize) -> Pixels:
    """A preset's name and notes at the foot of a black picture, (height, width, 3)."""
    image = QImage(size, QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    painter.setPen(Qt.GlobalColor.white)
    short = min(size.width(), size.height())
    margin, flags = 0.05 * short, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignBottom
    room = QRectF(margin, margin, size.width() - 2 * margin, size.height() - 2 * margin)
    painter.setFont(_sized(0.035 * short))
    below = painter.boundingRect(room, flags, notes) if notes else QRectF()
    painter.drawText(room, flags, notes)
    painter.setFont(_sized(0.09 * short, QFont.Weight.DemiBold))
    painter.drawText(room.adjusted(0, 0, 0, -below.height()), flags, title)
    painter.end()
    return _pixels(image)


def _sized(px: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    made = QFont(font(weight=weight))
    made.setPixelSize(max(8, round(px)))
    return made


def _pixels(image: QImage) -> Pixels:
    """A copy, (height, width, 3): the image is gone in a moment."""
    width, height = image.width(), image.height()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    return rows[:, : 3 * width].reshape(height, width, 3).copy()
