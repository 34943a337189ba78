"""Songs on request as the instrument has them: off until switched on, and then for this computer
alone unless opened to its network.

The page is served on a thread of its own and touches nothing but the queue and the archive; what is
played is played by `step`, on the window's thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from psygnal import Signal

from studio.document.parameters import Parameter
from studio.engine import EngineSpec
from studio.live.clock.transport import Transport
from studio.live.ensemble.ensemble import Ensemble
from studio.live.ensemble.wish_scene import whole_tune
from studio.music.wishes.wish import Wish, parse
from studio.outputs.room import OutputRoom
from studio.requests._keepsakes import Keepsakes, Make, StagePicture
from studio.requests._performing import Performer, Turn
from studio.requests.archive import Archive
from studio.requests.queue import SongQueue
from studio.session import Session
from studio.settings.model import RequestSettings

if TYPE_CHECKING:
    from studio.requests._server import Server


class RequestService:
    """Signals, on the window's thread: `changed()` when the queue or the page's address differs;
    `noticed(sentence)` for the artist. `folder` is the archive's."""

    changed = Signal()
    noticed = Signal(str)

    def __init__(
        self,
        session: Session,
        ensemble: Ensemble,
        transport: Transport,
        room: OutputRoom,
        folder: Path,
        *,
        make: Make | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._session, self._room, self._clock = session, room, clock
        self.archive = Archive(folder)
        self.queue = SongQueue(self._understand, blocked=self.archive.blocked(), clock=clock)
        self.performer = Performer(
            session, ensemble, transport, self.queue, began=self._began, cannot=self._say
        )
        self._make = make
        self._keepsakes: Keepsakes | None = None
        self._server: Server | None = None
        self._settings = RequestSettings()
        self._about: tuple[EngineSpec, tuple[Parameter, ...]] | None = None
        self._said: deque[str] = deque(maxlen=20)
        self._pictures: list[tuple[StagePicture, float]] = []
        self._version = 0

    # -- what a hand does ----------------------------------------------------------------------

    @property
    def address(self) -> str | None:
        """Of the page; None while it is closed."""
        return None if self._server is None else self._server.address

    def use(self, settings: RequestSettings) -> None:
        """Open or close the page, and rule as `settings` say. Where it cannot be opened, that is
        noticed."""
        before, self._settings = self._settings, settings
        self.queue.lets_through = settings.lets_through
        where = (settings.on, settings.port, settings.open_to_network)
        if where != (before.on, before.port, before.open_to_network):
            self._close_page()
            if settings.on:
                self._open_page()
        self._show_code()
        self.changed.emit()

    def close(self) -> None:
        """Close the page, and end."""
        self._close_page()
        self._room.use_badge(None)
        for picture, _ in self._pictures:
            self._room.remove(picture)
        self._pictures.clear()
        if self._keepsakes is not None:
            self._keepsakes.close()
            self._keepsakes = None

    def step(self) -> None:
        """What time brings; call it some twenty times a second while the page is open or somebody
        waits."""
        self._look()
        if self._server is not None or self.queue.line:
            self.performer.step()
        now_s = self._clock()
        for picture, until_s in list(self._pictures):
            if picture.taken.is_set() or now_s > until_s:
                self._pictures.remove((picture, until_s))
                self._room.remove(picture)
        while self._said:
            self.noticed.emit(self._said.popleft())
        if self.queue.version != self._version:
            self._version = self.queue.version
            self.changed.emit()

    # -- inside --------------------------------------------------------------------------------

    def _look(self) -> None:
        """What can be asked for now; the page's thread reads what is kept here."""
        deck = self.performer.deck
        if deck is None:
            self._about = None
        else:
            spec = self._session.spec(deck)
            if self._about is None or self._about[0] is not spec:
                self._about = spec, spec.controls(spec.models[0].name)
        self.queue.is_open = self._about is not None and self._server is not None

    def _understand(self, words: str) -> tuple[Wish, float]:
        """On the page's thread."""
        about = self._about
        if about is None:
            return Wish(), 0.0
        spec, parameters = about
        wish = parse(words, parameters, spec.roles)
        whole = whole_tune(spec, wish, 0)
        beats = whole.passage.bars * whole.passage.metre.bar_beats
        return wish, beats * 60 / whole.tempo

    def _parameters(self) -> tuple[Parameter, ...]:
        """On the page's thread."""
        return () if self._about is None else self._about[1]

    def _open_page(self) -> None:
        from studio.requests._app import Page  # a tenth of a second, for those who want it
        from studio.requests._server import RequestsError, Server

        page = Page(self.queue, self.archive, self._parameters, lambda: self.performer.until_next_s)
        settings = self._settings
        try:
            self._server = Server(
                page.app(), settings.port, open_to_network=settings.open_to_network
            )
        except RequestsError as error:
            self.noticed.emit(str(error))
            return
        if self._keepsakes is None:
            self._keepsakes = Keepsakes(self.archive, self._say, self._make)
        self._look()

    def _close_page(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _show_code(self) -> None:
        """The QR code in a corner of the output, while it is wanted and the page is open."""
        address = self.address
        if address is None or not self._settings.code_on_stage:
            self._room.use_badge(None)
            return
        from studio.requests.qr_code import code_of

        self._room.use_badge(code_of(address))

    def _began(self, turn: Turn) -> None:
        """A song has begun: its keepsake gets the picture that is on stage now."""
        if self._keepsakes is not None:
            picture = StagePicture()
            self._room.add(picture, preview=True)
            self._pictures.append((picture, self._clock() + 2.0))
            seed = turn.whole.passage.seed
            self._keepsakes.want(turn.request, seed, turn.spec.name, picture)

    def _say(self, sentence: str) -> None:
        """On any thread."""
        self._said.append(sentence)
