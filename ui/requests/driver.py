"""Songs on request while the window is open: makes the service when it is first wanted, and turns
it while the page is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from studio.document.errors import StudioError
from studio.live.rig import Rig
from studio.session import Session
from studio.settings.model import RequestSettings, Settings
from studio.storage import folders

if TYPE_CHECKING:
    from studio.requests.service import RequestService
    from ui.requests.dialog import RequestDialog

TURN_MS = 50


class RequestDriver(QObject):
    """Follows the settings. `changed` when the queue or the page's address differs."""

    changed = Signal()

    def __init__(self, session: Session, rig: Rig, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._rig, self._window = session, rig, parent
        self._service: RequestService | None = None
        self._timer = QTimer(self, interval=TURN_MS)
        self._timer.timeout.connect(self.turn)
        rig.store.changed.connect(self._follow)
        QTimer.singleShot(0, self, self._begin)  # the window first

    @property
    def service(self) -> RequestService:
        """Made when it is first asked for: it reads the archive."""
        if self._service is None:
            from studio.requests.service import RequestService

            rig = self._rig
            self._service = RequestService(
                self._session,
                rig.ensemble,
                rig.transport,
                rig.picture.room,
                folders.songs(),
                sway=rig.modulation_source.hear_crowd,
            )
            self._service.noticed.connect(self._say)
            self._service.changed.connect(self._tell)
        return self._service

    @property
    def settings(self) -> RequestSettings:
        """What is set."""
        return self._rig.settings.requests

    def use(self, **changes: object) -> None:
        """Set some of it."""
        settings = self._rig.settings
        self._rig.use(settings.but(requests=settings.requests.but(**changes)))

    def open_dialog(self) -> RequestDialog:
        """The queue, in front."""
        from ui.requests.dialog import RequestDialog

        window = self._window.window()
        open_ones = [d for d in window.findChildren(RequestDialog) if d.isVisible()]
        dialog = open_ones[0] if open_ones else RequestDialog(self, window)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        return dialog

    def play_winner(self) -> None:
        """Bring the scene back that has more votes, and begin the vote anew."""
        votes = self.service.votes
        winner = votes.winner
        if winner is None:
            self._session.noticed.emit("The votes are even: neither scene has won.")
            return
        try:
            self._rig.controls.trigger(f"/snapshot/{winner.snapshot}")
        except StudioError as error:
            self._session.noticed.emit(str(error))
        votes.clear()

    def turn(self) -> None:
        """What time brings."""
        if self._service is not None:
            self._service.step()
            if not self.settings.on and not self._service.queue.line:
                self._timer.stop()

    def close_down(self) -> None:
        """Close the page, and follow nothing any more."""
        self._timer.stop()
        self._rig.store.changed.disconnect(self._follow, missing_ok=True)
        if self._service is not None:
            self._service.close()
            self._service = None

    # -- inside --------------------------------------------------------------------------------

    def _begin(self) -> None:
        if self.settings.on:
            self._apply()

    def _follow(self, now: Settings, before: Settings) -> None:
        if now.requests != before.requests and (now.requests.on or self._service is not None):
            self._apply()

    def _say(self, sentence: str) -> None:
        """Not `emit` itself: psygnal would try that out when it is connected."""
        self._session.noticed.emit(sentence)

    def _tell(self) -> None:
        self.changed.emit()

    def _apply(self) -> None:
        self.service.use(self.settings)
        if self.settings.on:
            self._timer.start()
