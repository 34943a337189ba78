"""What the band makes of somebody who plays along: whose turn it is, which chord is played, and a
lead that falls silent when a key is struck.

What is heard is settled a moment before it begins; the decks ask here while they write pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

from studio.document.parameters import Value
from studio.document.score import FOLLOW_CHORDS, GIVE_WAY, PARTS, TRADE
from studio.live.clock.timeline import AHEAD_S
from studio.live.clock.transport import Transport
from studio.live.conductor import Conductor
from studio.live.ensemble._recorder import Recorder
from studio.live.ensemble.played import Duet
from studio.live.ensemble.routes import track_of
from studio.music.chords import Chord
from studio.music.harmony.tracking import heard_now
from studio.music.metres import Metre
from studio.music.phrases import Key, Phrase
from studio.music.pulses import groups, halves, starts
from studio.processes.messages import Received

_SENT_S, _SETTLED_S = AHEAD_S + 0.02, AHEAD_S + 0.06
"""What begins sooner has been sent; and will have been by the time that a bar is written anew."""
_SILENT_BARS = 2
"""After so many bars without a note, the band finds its own chords again."""
_FOLLOWS = PARTS[1:3]
"""Bass and chords."""
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose a bar is while bars are traded."""

    yours: bool
    """The player's; else the lead's."""
    place: int
    """Of the bar in its turn, from 0."""
    bars: int
    """Of a turn."""

    @property
    def left(self) -> int:
        """Bars of the turn from this one on."""
        return self.bars - self.place


@dataclass(frozen=True, slots=True)
class HeardChord:
    """From a beat on the player has this chord; None: none any more."""

    at_beats: float
    chord: Chord | None


class Accompanist:
    """Call `step` with every frame, on the window's thread; `strike` with every note as soon as
    it arrives, on any. `leads` are the tracks that give way."""

    def __init__(
        self,
        transport: Transport,
        conductor: Conductor,
        recorder: Recorder,
        score: Callable[[], Mapping[str, Value]],
    ) -> None:
        self.leads: tuple[str, ...] = ()
        self._transport = transport
        self._conductor = conductor
        self._recorder = recorder
        self._score = score
        self._cut = transport.movement.cut
        self._heard: HeardChord | None = None
        self._gives_way = False
        self._resting = False
        self._told: tuple[Chord | None, bool] = (None, False)

    # -- whose turn ----------------------------------------------------------------------------

    @property
    def trades(self) -> bool:
        """Whether bars are traded."""
        return self._so_many(TRADE.name) > 0

    def turn(self, number: int) -> Turn | None:
        """Whose bar `number` of the tune is; None while nothing is traded."""
        bars = self._so_many(TRADE.name)
        if not bars or number < 0:
            return None
        turn, place = divmod(number, bars)
        return Turn(turn % 2 == 0, place, bars)

    def question(self, turn: Turn, bar: int) -> tuple[Phrase, ...]:
        """What the player has played in the turn before that of bar `bar` of the transport, a
        phrase for each bar; none at all where that is nothing."""
        return self._recorder.bars(bar - turn.place - turn.bars, turn.bars)

    # -- the chord -----------------------------------------------------------------------------

    @property
    def chord(self) -> Chord | None:
        """What the player plays; None where the band finds its own chords."""
        return self._heard.chord if self._heard else None

    # -- a lead that gives way -----------------------------------------------------------------

    def strike(self, event: Received) -> None:
        """Somebody plays, at this moment: a lead that gives way does it now."""
        strikes = event.data[0] & 0xF0 == 0x90 and len(event.data) > 2 and event.data[2] > 0
        if strikes and self._gives_way and self._transport.state == "playing":
            self._rest(self._transport.place, inf)

    def seen(self, turn: Turn | None, key: Key | None) -> Duet:
        """What is shown of it in a bar with this turn."""
        named = "" if self.chord is None else self.chord.named(key)
        return Duet(named, turn.left if turn and turn.yours else 0, self._resting)

    # -- what time brings ----------------------------------------------------------------------

    @property
    def has_news(self) -> bool:
        """Whether anything that is seen differs since this was asked last."""
        before, self._told = self._told, (self.chord, self._resting)
        return before != self._told

    def step(self, key: Callable[[], Key]) -> HeardChord | None:
        """What time has brought, for a band that plays in `key()`: the chord from the next half bar
        on, if that is to be settled now."""
        movement = self._transport.movement
        if movement.cut != self._cut:
            self._cut, self._heard, self._resting = movement.cut, None, False
            return HeardChord(inf, None)
        self._gives_way = self._so_many(GIVE_WAY.name) > 0 and not self.trades
        if not movement.playing:
            return None
        if self._resting and self._is_over():
            until = next_beat(self._ahead(_SENT_S), self._transport.metre)
            self._rest(self._transport.place, until)
        return self._settle(key)

    def damp(self, deck: str, at_beats: float) -> None:
        """Let no chord of the deck's band ring on at this beat: another one is played there."""
        for part in _FOLLOWS:
            self._conductor.rest(track_of(deck, part), at_beats, at_beats)

    def _settle(self, key: Callable[[], Key]) -> HeardChord | None:
        if not self._score().get(FOLLOW_CHORDS.name, False):
            before, self._heard = self._heard, None
            return None if before is None or before.chord is None else HeardChord(inf, None)
        metre, now = self._transport.metre, self._transport.place
        at = half_at(self._ahead(_SETTLED_S), metre)
        if self._heard is None:  # what sounds by now is left to sound
            self._heard = HeardChord(at, None)
        if abs(at - self._heard.at_beats) < _EDGE:
            return None
        self._heard = HeardChord(at, self._chord_at(now, metre, key()))
        return self._heard

    def _chord_at(self, now: float, metre: Metre, key: Key) -> Chord | None:
        if not self._recorder.sounded(now - _SILENT_BARS * metre.bar_beats):
            return None
        span = metre.bar_beats / 2
        return heard_now(self._recorder.sounded(now - span), now, span, key, self.chord)

    # -- inside --------------------------------------------------------------------------------

    def _is_over(self) -> bool:
        """Whether the player has stopped for as long as was chosen, or nothing gives way."""
        beats = self._so_many(GIVE_WAY.name) * groups(self._transport.metre)[0]
        return not self._gives_way or not self._recorder.sounded(self._transport.place - beats)

    def _rest(self, from_beats: float, until_beats: float) -> None:
        self._resting = until_beats == inf
        for track in self.leads:
            self._conductor.rest(track, from_beats, until_beats)

    def _ahead(self, seconds: float) -> float:
        return self._transport.movement.beat_at(self._transport.clock() + seconds)

    def _so_many(self, name: str) -> int:
        value = str(self._score().get(name, "off"))
        return int(value) if value.isdigit() else 0


def half_at(beat: float, metre: Metre) -> float:
    """Where the half bar (see `halves`) begins that `beat` lies in."""
    bar = metre.bar_at(beat)
    at = bar.start_beats
    for length in halves(metre):
        if beat < at + length - _EDGE:
            break
        at += length
    return min(at, bar.end_beats)


def next_beat(beat: float, metre: Metre) -> float:
    """The first moment from `beat` on at which a foot taps."""
    bar = metre.bar_at(beat)
    taps = (bar.start_beats + at for at in starts(metre))
    return next((at for at in taps if at >= beat - _EDGE), bar.end_beats)
