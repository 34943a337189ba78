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
from studio.requests._board import board
from studio.requests._keepsakes import Keepsakes, Make, StagePicture
from studio.requests._performing import Performer, Turn
from studio.requests.archive import Archive
from studio.requests.queue import SongQueue
from studio.requests.votes import Standing, Votes
from studio.session import Session
from studio.settings.model import RequestSettings

if TYPE_CHECKING:
    from studio.requests._server import Server
    from studio.requests.guests.gathering import Gathering


class RequestService:
    """Signals, on the window's thread: `changed()` when the queue, the votes or the page's address
    differ; `noticed(sentence)` for the artist. `folder` is the archive's; `sway(wild, bright)` is
    told where the crowd is on the mood pad, each from 0 to 1, and 0.5 where nobody is.
    """

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
        sway: Callable[[float, float], object] = lambda *_: None,
        make: Make | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._session, self._room, self._clock = session, room, clock
        self.archive = Archive(folder)
        self.queue = SongQueue(self._understand, blocked=self.archive.blocked(), clock=clock)
        self.performer = Performer(
            session, ensemble, transport, self.queue, began=self._began, cannot=self._say
        )
        self.votes = Votes(clock)
        self._standing = Standing()
        self._sway = sway
        self._make = make
        self._keepsakes: Keepsakes | None = None
        self._server: Server | None = None
        self._guests: Gathering | None = None
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
        opened = self._server is not None
        self._use_guests()
        self.votes.offer(votes=opened and settings.votes, moods=opened and settings.moods)
        self._see_votes()
        self._show_badge()
        self.changed.emit()

    def close(self) -> None:
        """Close the page, and end."""
        self._close_page()
        self._use_guests()
        self.votes.offer(votes=False, moods=False)
        self._see_votes()
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
        self._see_votes()
        if self._guests is not None:
            self._guests.look()
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

        settings, until_next_s = self._settings, lambda: self.performer.until_next_s
        page = Page(self.queue, self.archive, self._parameters, until_next_s, votes=self.votes)
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

    def _use_guests(self) -> None:
        """Have the chats open, or closed, as is wanted while the page is open."""
        wanted = self._server is not None and self._settings.chat
        if wanted == (self._guests is not None):
            return
        if self._guests is not None:
            self._guests.close()
            self._guests = None
            return
        from studio.requests.guests import gathering  # for those who want it
        from studio.requests.guests.adapter import AdapterError

        try:
            chats = gathering.read(self.archive.folder)
        except AdapterError as error:
            self.noticed.emit(str(error))
            return
        self._guests = gathering.Gathering(self.queue, chats, self._say, self._link)

    def _link(self, token: str) -> str | None:
        """On any thread: where guests from elsewhere find a song, as far as they can reach it."""
        server = self._server
        if server is None or not server.is_open_to_network:
            return None
        return f"{server.address}song/{token}"

    def _see_votes(self) -> None:
        """Tell who is to know what the crowd does."""
        before, self._standing = self._standing, self.votes.standing()
        if self._standing == before:
            return
        if self._standing.mean != before.mean:
            self._sway(*(self._standing.mean or (0.5, 0.5)))
        self._show_badge()
        self.changed.emit()

    def _show_badge(self) -> None:
        """The QR code and the votes in a corner of the output, as far as they are wanted and the
        page is open."""
        address, code = self.address, None
        if address is not None and self._settings.code_on_stage:
            from studio.requests.qr_code import code_of

            code = code_of(address)
        shown = self._standing if self._settings.votes_on_stage else Standing()
        self._room.use_badge(board(code, shown))

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
