"""The decks that compose, playing: a band for each of them, one bar ahead of the transport.

Everything here runs on the window's thread and nothing here waits; the tracks are asked for their
notes on threads of their own (see `studio.live.ensemble._bar_plans`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from psygnal import Signal

from studio.document.scene import Scene
from studio.document.score import PARTS
from studio.live.clock.transport import Transport
from studio.live.conductor import Conductor
from studio.live.ensemble._accompanist import Accompanist
from studio.live.ensemble._bar_plans import Bars
from studio.live.ensemble._deck import EnsembleDeck
from studio.live.ensemble._midi_export import write_take
from studio.live.ensemble._recorder import Recorder
from studio.live.ensemble.band import Arrange, with_band
from studio.live.ensemble.paper import score_of_take
from studio.live.ensemble.played import Roll
from studio.live.ensemble.routes import completed, track_of, tracks_of
from studio.live.ensemble.wishes import Song
from studio.music.files.musicxml import Score
from studio.music.phrases import Key, Phrase
from studio.processes.messages import Received
from studio.session import Session
from studio.settings.model import RouteSettings

_EMPTY = Roll()


class Ensemble:
    """Signals, on the window's thread: `changed(deck)` when its roll, hold or answer differs;
    `noticed(sentence)` for the artist.

    `wake` is called on any thread and asks the window's to `collect`.
    """

    changed = Signal(str)
    noticed = Signal(str)

    def __init__(
        self,
        session: Session,
        transport: Transport,
        conductor: Conductor,
        *,
        wake: Callable[[], None],
        arrange: Arrange = with_band,
        late_ears_s: Callable[[], float] = lambda: 0.0,
        part_routes: Callable[[], RouteSettings] = RouteSettings,
    ) -> None:
        self._session = session
        self._transport = transport
        self._conductor = conductor
        self._wake = wake
        self._arrange = arrange
        self._late_ears_s = late_ears_s
        self._part_routes = part_routes
        self._recorder = Recorder(transport)
        self._accompanist = Accompanist(
            transport, conductor, self._recorder, lambda: session.shown.score
        )
        self._decks: dict[str, EnsembleDeck] = {}
        self._engines: dict[str, tuple[str, str]] = {}
        self._gone: set[str] = set()
        self._running = False

    # -- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Let the decks that compose play whenever the transport does."""
        self._running = True
        session = self._session
        session.changed.connect(self._follow)
        session.state_changed.connect(self._see_state)
        self._seat(session.scene)
        self.collect()

    def close(self) -> None:
        """Play no more."""
        session = self._session
        session.changed.disconnect(self._follow, missing_ok=True)
        session.state_changed.disconnect(self._see_state, missing_ok=True)
        for key in list(self._decks):
            self._unseat(key)
        self._running = False

    def collect(self) -> None:
        """Take in what other threads have done; on the window's thread, when woken."""
        if not self._running:
            return
        self._complete_routes()
        self.tick()

    def tick(self) -> None:
        """What time brings; call it with every frame while the transport plays."""
        decks, accompanist = list(self._decks.values()), self._accompanist
        for deck in decks:
            deck.step()
        chord, news = accompanist.step(self._key), accompanist.has_news
        for deck in decks:
            if chord is not None:
                deck.follow(chord)
            if news:
                deck.tell()

    @property
    def waiting(self) -> bool:
        """Whether `tick` is wanted although nothing plays: a bar is to be asked for in a moment."""
        return any(deck.waits for deck in self._decks.values())

    # -- what is seen --------------------------------------------------------------------------

    @property
    def decks(self) -> tuple[str, ...]:
        """The keys of the decks that compose."""
        return tuple(self._decks)

    def roll(self, deck: str) -> Roll:
        """What a deck plays, for the piano roll. The same object until something differs, so it
        may be asked for with every frame; empty for a deck that does not compose."""
        found = self._decks.get(deck)
        return _EMPTY if found is None else found.roll

    @property
    def playhead(self) -> float | None:
        """The beat that is heard at this moment; None while nothing plays. In a count-in it comes
        from before the music."""
        return self.heard_at(self._transport.clock())

    def heard_at(self, at_s: float) -> float | None:
        """The same at another moment of the transport's clock, on any thread."""
        movement = self._transport.movement
        return movement.beat_at(at_s - self._late_ears_s()) if movement.playing else None

    def held(self, deck: str) -> bool:
        """Whether the deck plays one bar over and over."""
        return deck in self._decks and self._decks[deck].held

    def answering(self, deck: str) -> int:
        """How many bars of an answer are still to come."""
        return self._decks[deck].answering if deck in self._decks else 0

    @property
    def late_bars(self) -> int:
        """How many bars began without having been composed in time."""
        return sum(deck.pages.late for deck in self._decks.values())

    # -- what a hand does ----------------------------------------------------------------------

    def hold(self, deck: str, on: bool) -> None:
        """Play the bar that sounds now over and over; or go on."""
        found = self._decks.get(deck)
        if found is None:
            return
        if not found.hold(on):
            self.noticed.emit("There is no bar yet that could be held.")
        found.step()

    def answer(self, deck: str) -> None:
        """Go on from what was just played in, for as many bars."""
        found = self._decks.get(deck)
        if found is None:
            return
        past = self._recorder.phrase()
        if past is None:
            self.noticed.emit("Play a few notes first; the answer goes on from them.")
        else:
            found.answer(past.bars())
            found.step()

    def perform(self, deck: str, tune: Phrase) -> None:
        """Play a tune that was composed before, from the next bar on; see `song`."""
        found = self._decks.get(deck)
        if found is not None:
            found.perform(tune)
            found.step()

    def song(self, deck: str) -> Song | None:
        """How far a tune is that is performed; None before and after."""
        found = self._decks.get(deck)
        return None if found is None else found.song

    def take_in(self, deck: str, slot: int | None = None) -> None:
        """Put what was just played in into `slot`, or into the first empty one."""
        if deck not in self._decks:
            return
        phrase = self._recorder.phrase()
        if phrase is None:
            self.noticed.emit("Play a few notes first; they can then go into a slot.")
        else:
            self._put(deck, slot, phrase)

    def capture(
        self, deck: str, number: int | None = None, slot: int | None = None, bars: int = 1
    ) -> None:
        """Put the melody of bar `number` of the roll, or of so many bars from there, into `slot`.

        Without a number it is the last bars that are sounding or have sounded; without a slot, the
        first empty one.
        """
        phrase = self.phrase(deck, number, bars)
        if phrase is None or not phrase.notes:
            self.noticed.emit("There is no melody in that bar that could be captured.")
            return
        self._put(deck, slot, phrase)

    def phrase(self, deck: str, number: int | None = None, bars: int = 1) -> Phrase | None:
        """The melody as it was composed, of bars of the roll; None where there is none."""
        found = self._decks.get(deck)
        return None if found is None else found.phrase(number, bars)

    def number_of(self, deck: str, bar: int) -> int:
        """Which bar of the deck's tune bar `bar` of its roll is, counted from 0."""
        return self._decks[deck].number_of(bar) if deck in self._decks else bar

    def rests(self, deck: str, bar: int) -> bool:
        """Whether the lead is silent in a coming bar of the roll: it is the player's turn."""
        return deck in self._decks and self._decks[deck].rests(bar)

    def export(self, deck: str, path: Path) -> None:
        """Write what the deck has played since play last began as a MIDI file."""
        found = self._decks.get(deck)
        if found is None or not found.played.tune:
            self.noticed.emit("Nothing has been played yet that could be exported.")
            return
        try:
            write_take(path, found.played.tune, self._session.scene.routes, deck)
        except OSError as error:
            why = error.strerror or type(error).__name__
            self.noticed.emit(f"The file {path.name} cannot be written: {why}.")

    def score(self, deck: str) -> Score | None:
        """What the deck has played since play last began, on paper; None where that is nothing."""
        tune = self._decks[deck].played.tune if deck in self._decks else ()
        return score_of_take(tune, title=self._session.model(deck).title) if tune else None

    def hear(self, event: Received) -> None:
        """A note that somebody plays."""
        self._recorder.hear(event)
        if self._accompanist.trades:  # the answer that is being written goes by it
            for deck in self._decks.values():
                deck.stale()

    def strike(self, event: Received) -> None:
        """The same, on the thread on which it arrives: a lead that gives way does it now."""
        self._accompanist.strike(event)

    # -- inside --------------------------------------------------------------------------------

    def _seat(self, scene: Scene) -> None:
        """Let every deck that composes have its players, and no other."""
        wanted = {
            deck.key: (deck.engine, deck.model)
            for deck in scene.decks
            if self._session.spec(deck.key).composes
        }
        for key, engine in list(self._engines.items()):
            if wanted.get(key) != engine:
                self._unseat(key)
                self._gone.add(key)
        for key in wanted.keys() - self._engines.keys():
            self._engines[key] = wanted[key]
            self._open(key)
        self._gone -= wanted.keys()

    def _open(self, key: str) -> None:
        deck = self._decks[key] = EnsembleDeck(
            key,
            self._session,
            self._transport,
            arrange=self._arrange,
            accompanist=self._accompanist,
            told=self._wake,
            changed=partial(self.changed.emit, key),
            noticed=self.noticed.emit,
        )
        self._seat_leads()
        for part, track in tracks_of(key).items():
            self._conductor.add(Bars(track, part, deck.pages, self._transport))

    def _unseat(self, key: str) -> None:
        for part in PARTS:
            self._conductor.remove(track_of(key, part))
        self._decks.pop(key).close()
        self._seat_leads()
        del self._engines[key]
        self.changed.emit(key)

    def _seat_leads(self) -> None:
        self._accompanist.leads = tuple(track_of(key, PARTS[0]) for key in self._decks)

    def _key(self) -> Key:
        """The one that the deck in front, or else the first, plays in."""
        decks = (self._decks.get(self._session.scene.front), *self._decks.values())
        keys = (deck.roll.key for deck in decks if deck is not None)
        return next((key for key in keys if key is not None), Key(0))

    def _complete_routes(self) -> None:
        """Not in the middle of a change of the scene: whoever hears of scenes hears them in order.

        It is no step of its own to undo, and no undo leads to a scene without them.
        """
        session, gone = self._session, frozenset(self._gone)

        def whole(scene: Scene) -> Scene:
            composing = [d.key for d in scene.decks if session.registry.spec(d.engine).composes]
            return completed(scene, composing, gone.difference(composing), self._part_routes())

        self._gone.clear()
        if whole(session.scene) is not session.scene:
            session.history.amend(whole)
            session.show(whole(session.scene))

    def _follow(self, scene: Scene, before: Scene) -> None:
        if scene.decks != before.decks:
            self._seat(scene)
        for key, deck in self._decks.items():
            if scene.score != before.score or _differs(scene, before, key):
                deck.stale()
        self._wake()

    def _see_state(self, deck: str) -> None:
        if deck in self._decks:
            self._decks[deck].stale()
            self._wake()

    def _put(self, deck: str, slot: int | None, phrase: Phrase) -> None:
        slot = self._free_slot(deck) if slot is None else slot
        if slot is None:
            self.noticed.emit("All slots are full; clear one, or fill one by its menu.")
        else:
            self._session.slots.encode(deck, slot, phrase)

    def _free_slot(self, deck: str) -> int | None:
        slots = self._session.scene.deck(deck).slots
        return next((i for i, slot in enumerate(slots) if slot is None), None)


def _differs(scene: Scene, before: Scene, key: str) -> bool:
    """Whether a deck is another one than before."""
    old = {deck.key: deck for deck in before.decks}
    return scene.deck(key) is not old.get(key)
