"""Plays one song after the other from the queue, each at the next phrase: composed ahead, so that
nothing waits for the engine, and then put in place of what the deck would have composed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from studio.document.parameters import ParameterError, Value, initial_values
from studio.document.seeds import fresh_seed
from studio.engine import EngineError, EngineSpec
from studio.live.clock.transport import Transport
from studio.live.ensemble.ensemble import Ensemble
from studio.live.ensemble.wish_scene import WholeTune, granted, whole_tune
from studio.music.metres import Metre, next_multiple
from studio.music.phrases import TONICS, Phrase
from studio.music.wishes.wish import Wish
from studio.requests.queue import SongQueue, SongRequest
from studio.session import Session

PHRASE_BARS = 4
_AHEAD_S = 0.3
"""So long before its first bar a song takes the deck over: the bar is then written by the time it
is asked for."""


@dataclass(frozen=True)
class Turn:
    """A song whose turn it is."""

    request: SongRequest
    deck: str
    spec: EngineSpec
    whole: WholeTune
    tune: Phrase | None = None
    """Once it is composed."""


class Performer:
    """`began(turn)` is told when a song has begun, on the window's thread, where all of this runs.

    `cannot(sentence)` is told why a song could not be played.
    """

    def __init__(
        self,
        session: Session,
        ensemble: Ensemble,
        transport: Transport,
        queue: SongQueue,
        *,
        began: Callable[[Turn], None],
        cannot: Callable[[str], None],
    ) -> None:
        self._session, self._ensemble, self._transport = session, ensemble, transport
        self._queue, self._began, self._cannot = queue, began, cannot
        self._ready: Turn | None = None
        """The one that comes next."""
        self._on: Turn | None = None
        """The one that the deck has, from a moment before it begins."""
        self._ends_beats: float | None = None
        """Where the one that sounds ends, or the last one ended."""
        self._cut = transport.movement.cut

    @property
    def deck(self) -> str | None:
        """The deck that plays songs: the one in front, else the first that composes."""
        decks, front = self._ensemble.decks, self._session.scene.front
        return front if front in decks else next(iter(decks), None)

    @property
    def until_next_s(self) -> float | None:
        """Until the next song can begin; None while nothing plays."""
        if not self._transport.movement.playing:
            return None
        return max(0.0, self._due_beats() - self._transport.place) * 60 / self._transport.bpm

    def step(self) -> None:
        """What time brings: call it some twenty times a second."""
        if self._transport.movement.cut != self._cut:
            self._cut, self._ends_beats = self._transport.movement.cut, None
        self._follow()
        if self._ready and self._state_of(self._ready) != "next":
            self._ready = None  # the performer has refused it after all
        if self._ready is None:
            self._take()
        ready = self._ready
        if ready is not None and ready.tune is not None and self._on is None and self._is_time():
            self._begin(ready)

    # -- inside --------------------------------------------------------------------------------

    def _take(self) -> None:
        """Have the next song composed."""
        deck = self.deck
        if deck is None or self._session.state(deck).loaded is None:
            return
        request = self._queue.take_next()
        if request is None:
            return
        spec = self._session.spec(deck)
        seed = fresh_seed() if request.wish.seed is None else request.wish.seed
        turn = Turn(request, deck, spec, whole_tune(spec, request.wish, seed))
        self._ready = turn
        take = partial(self._composed, turn)
        self._session.engines.compose(deck, turn.whole.passage, "song on request", take)

    def _composed(self, turn: Turn, tune: Phrase | EngineError) -> None:
        if self._ready is not turn:
            return
        if isinstance(tune, EngineError):
            self._give_up(turn, f"“{turn.request.title}” could not be composed: {tune}")
        else:
            self._ready = replace(turn, tune=tune)

    def _is_time(self) -> bool:
        transport = self._transport
        if not transport.movement.playing or transport.state == "counting in":
            return False
        ahead_s = _AHEAD_S + transport.lead_s
        return self._due_beats() - transport.place <= ahead_s * transport.bpm / 60

    def _due_beats(self) -> float:
        """Where the next song may begin: the next phrase, or the end of the one that sounds."""
        place = self._transport.place
        ends = self._ends_beats
        if ends is not None and ends >= place - self._transport.metre.bar_beats:
            return ends
        return next_multiple(place, PHRASE_BARS * self._transport.metre.bar_beats)

    def _begin(self, turn: Turn) -> None:
        """Give the deck its song, and the scene what it needs: one step back undoes that."""
        session, tune = self._session, turn.tune
        if tune is None or turn.deck not in self._ensemble.decks:
            self._give_up(turn, "The deck that was to play a song is gone.")
            return
        controls = session.controls(turn.deck)
        try:
            wish = _complete(turn, initial_values(controls), tune)
            scene = granted(session.scene, turn.deck, wish, controls, turn.whole.passage.seed)
        except ParameterError as error:
            self._give_up(turn, str(error))
            return
        self._ready, self._on = None, turn
        session.replace(scene, None)
        self._ensemble.perform(turn.deck, tune)

    def _follow(self) -> None:
        """See how far the song is that the deck has."""
        turn = self._on
        if turn is None:
            return
        song = self._ensemble.song(turn.deck)
        if song is not None and song.begun:
            if self._state_of(turn) == "next":
                self._queue.sounds(turn.request.token)
                self._began(turn)
            bars = len(song.bars)
            self._ends_beats = song.start_beats + bars * song.bars[0].metre.bar_beats
            if song.begun == bars:
                self._end(turn)
        elif song is None:
            self._end(turn)  # another tune has come in between

    def _end(self, turn: Turn) -> None:
        """The next song may take over: the last bar of this one has begun."""
        self._on = None
        self._queue.played(turn.request.token)

    def _state_of(self, turn: Turn) -> str:
        found = self._queue.find(turn.request.token)
        return "" if found is None else found.state

    def _give_up(self, turn: Turn, sentence: str) -> None:
        self._ready = None
        self._queue.refuse(turn.request.token)
        self._cannot(sentence)


def _complete(turn: Turn, initial: dict[str, Value], tune: Phrase) -> Wish:
    """The wish with all that its tune was made with: what was not said is not as the deck has it,
    but as the tune does."""
    asked, roles = turn.request.wish, turn.spec.roles
    values = {**initial, **asked.values}
    if tune.key is not None:
        said = {"tonic": TONICS[tune.key.tonic], "mode": tune.key.mode}
        values.update({roles[role]: value for role, value in said.items() if role in roles})
    metre: Metre = turn.whole.passage.metre
    return replace(asked, values=values, metre=metre, tempo=turn.whole.tempo)
