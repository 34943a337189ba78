"""The piano roll as a picture, for what is shown elsewhere than in the window."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QWidget

from studio.live.clock.transport import Transport
from studio.live.ensemble.ensemble import Ensemble
from studio.session import Session
from ui.roll._view import RollView


class RollPicture:
    """The roll of the front deck, or of the first one that composes, which nobody moves by hand."""

    def __init__(self, session: Session, ensemble: Ensemble, transport: Transport) -> None:
        self._session, self._ensemble, self._transport = session, ensemble, transport
        self._view: RollView | None = None

    def draw(self, size: QSize) -> QImage | None:
        """How it looks now; None where no deck composes."""
        decks, front = self._ensemble.decks, self._session.scene.front
        if not decks:
            return None
        music = self._ensemble.roll(front if front in decks else decks[0])
        if self._view is None:
            self._view = RollView()
        self._view.resize(size)
        self._view.show_bars(music.bars, music.metre, music.key)
        heard = self._ensemble.playhead
        self._view.turn(self._transport.place if heard is None else heard, heard is not None)
        image = QImage(size, QImage.Format.Format_RGB888)
        image.fill(Qt.GlobalColor.black)
        self._view.render(image, QPoint(), QRegion(), QWidget.RenderFlag.IgnoreMask)
        return image

    def close(self) -> None:
        """Give the view back."""
        if self._view is not None:
            self._view.deleteLater()
            self._view = None
