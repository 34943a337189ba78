"""What modulators hear while the instrument plays: the beat, the tune, keys, controllers, OSC.

All of it on the window's thread. Seconds are those since the music's beginning: they begin anew
with play, at the place where it begins, and go on while nothing plays, so that what runs freely is
the same at the same place of the music.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace

from studio.control.controls import ControlError, Controls
from studio.live.clock.transport import Transport
from studio.live.ensemble.ensemble import Ensemble
from studio.live.ensemble.played import Roll
from studio.modulation.inputs import Inputs, Moves, Sound, Strike, Tune, TuneChord, TuneNote
from studio.modulation.kinds import CROWD_SOURCES, KINDS, sources_of
from studio.music.chords import Chord
from studio.music.phrases import Key
from studio.processes.messages import Received
from studio.session import Session
from studio.session.shown import Now

_BEATS = 64.0
"""So much of the tune is kept: no envelope is as long."""
_STRIKES, _MOVES = 16, 32
_NO_SOUND = Sound()


class ModulationSource:
    """Give it what comes in by `hear`, `hear_osc` and `hear_sound`; it tells the session's
    modulation when something is different."""

    def __init__(
        self,
        session: Session,
        transport: Transport,
        ensemble: Ensemble,
        controls: Controls,
        *,
        late_ears_s: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.clock = transport.clock
        self._session, self._transport, self._ensemble = session, transport, ensemble
        self._controls = controls
        self._late_ears_s = late_ears_s
        self.due_beat: Callable[[], float | None] = lambda: None
        """The beat for which a scene waits that has been called up."""
        self._cut = transport.movement.cut
        self._origin_s = transport.clock()
        self._rolls: tuple[Roll, ...] = ()
        self._tune = self._settled = Tune()
        self._strikes: deque[Strike] = deque(maxlen=_STRIKES)
        self._moves: dict[str, deque[tuple[float, float]]] = {}
        self._sound = _NO_SOUND
        self._heard_s = float("-inf")

    # -- what comes in -------------------------------------------------------------------------

    def hear(self, event: Received, *, is_music: bool) -> None:
        """A MIDI message. Notes of keys that play a control are no music."""
        status, data = event.data[0] & 0xF0, event.data
        if is_music and status in (0x80, 0x90) and len(data) > 2:
            self._play(event.at_s, data[1], data[2] if status == 0x90 else 0)
        elif status == 0xB0 and len(data) > 2:
            channel, number, place = (data[0] & 0x0F) + 1, data[1], data[2] / 127
            for source in (f"cc/{channel}/{number}", f"cc/0/{number}"):
                self._move(source, event.at_s, place)

    def hear_osc(self, address: str, number: float) -> bool:
        """A message of another program: whether a modulator follows it."""
        source = f"osc{address}"
        if source not in self._followed():
            return False
        self._move(source, self.clock(), min(1.0, max(0.0, number)))
        return True

    def hear_crowd(self, wild: float, bright: float) -> None:
        """Where the crowd is on its mood pad, each from 0 to 1."""
        for source, place in zip(CROWD_SOURCES, (wild, bright), strict=True):
            self._move(source, self.clock(), place)

    def hear_sound(self, sound: Sound) -> None:
        """What the sound that comes in is like now; onsets in this clock's seconds. Call it for
        every picture or so while anything is heard, and once more when it is silent."""
        self._sound = sound
        if sound.onsets:
            self._heard_s = max(self._heard_s, sound.onsets[-1].at_s)
        self._session.modulation.stir()

    def _play(self, at_s: float, pitch: int, velocity: int) -> None:
        if velocity:
            self._strikes.append(Strike(at_s, velocity / 127, pitch=pitch))
        else:
            for index, strike in enumerate(self._strikes):
                if strike.pitch == pitch and strike.length_s is None:
                    self._strikes[index] = replace(strike, length_s=at_s - strike.at_s)
        self._heard_s = at_s
        self._session.modulation.stir()

    def _move(self, source: str, at_s: float, place: float) -> None:
        self._moves.setdefault(source, deque(maxlen=_MOVES)).append((at_s, place))
        self._heard_s = at_s
        self._session.modulation.stir()

    # -- what a modulation asks ----------------------------------------------------------------

    @property
    def moves(self) -> bool:
        """Whether the music plays, or something that was heard may still be ringing."""
        if self._transport.movement.playing:
            return True
        modulators = self._session.scene.modulators
        rings_s = max((KINDS[m.kind].rings(m.settings) for m in modulators), default=0.0)
        return self.clock() - self._heard_s < rings_s

    def now(self, at_s: float) -> Now:
        """How it is at `at_s`, as it is heard."""
        self._see_jumps()
        self._see_tune()
        beat = self._transport.movement.beat_at(at_s - self._late_ears_s())
        return Now(beat, at_s - self._origin_s, self._inputs(self._tune, at_s), self.moves)

    def ahead(self, beat: float) -> Now:
        """How it will be at a beat to come, as far as it is settled: the bar to come is not, since
        it may depend on the answer."""
        self._see_jumps()
        self._see_tune()
        movement = self._transport.movement
        if movement.playing:
            seconds = movement.line.time_of(beat) - self._origin_s
        else:
            seconds = beat * 60 / self._transport.bpm
        return Now(beat, seconds, self._inputs(self._settled, self.clock()), moves=True)

    def _inputs(self, tune: Tune, at_s: float) -> Inputs:
        metre, zero = self._transport.metre, self._origin_s
        return Inputs(
            bpm=self._transport.bpm,
            bar_beats=metre.bar_beats,
            pulse_beats=metre.pulse_beats,
            tune=tune,
            keys=tuple(_since(strike, zero) for strike in self._strikes),
            sound=self._sound_since(zero),
            moves=dict(self._moves_since(zero, at_s)),
            due_beat=self.due_beat(),
        )

    def _sound_since(self, zero_s: float) -> Sound:
        sound = self._sound
        if not sound.onsets:
            return sound
        return replace(sound, onsets=tuple(_since(strike, zero_s) for strike in sound.onsets))

    def _moves_since(self, zero_s: float, at_s: float) -> Iterator[tuple[str, Moves]]:
        for source in self._followed():
            place = self._position(source)
            if place is not None:
                known = self._moves.setdefault(source, deque(maxlen=_MOVES))
                if not known or known[-1][1] != place:
                    known.append((at_s, place))
            if source in self._moves:
                yield source, tuple((at - zero_s, place) for at, place in self._moves[source])

    def _position(self, source: str) -> float | None:
        """Where a control stands; None for what is none, for now perhaps."""
        try:
            return self._controls.position(source) if source.startswith("/") else None
        except ControlError:
            return None

    def _followed(self) -> frozenset[str]:
        """What modulators of the scene follow."""
        return sources_of(self._session.scene.modulators)

    # -- inside --------------------------------------------------------------------------------

    def _see_jumps(self) -> None:
        movement = self._transport.movement
        if movement.cut == self._cut:
            return
        self._cut = movement.cut
        if movement.playing:
            begun_s = movement.line.time_of(movement.music_beat)
            self._origin_s = begun_s - movement.music_beat * 60 / self._transport.bpm

    def _see_tune(self) -> None:
        rolls = tuple(self._ensemble.roll(deck.key) for deck in self._session.scene.decks)
        if all(a is b for a, b in zip(rolls, self._rolls, strict=False)) and len(rolls) == len(
            self._rolls
        ):
            return
        self._rolls = rolls
        self._tune = tune_of(rolls)
        self._settled = tune_of(rolls, settled=True)


def _since(strike: Strike, zero_s: float) -> Strike:
    return replace(strike, at_s=strike.at_s - zero_s)


def tune_of(rolls: tuple[Roll, ...], *, settled: bool = False) -> Tune:
    """The last bars of what decks play, and unless only `settled` ones are wanted the one to come.
    The first roll is that of deck 1."""
    notes: list[TuneNote] = []
    chords: list[TuneChord] = []
    for deck, roll in enumerate(rolls, start=1):
        bars = [bar for bar in roll.bars if bar.settled or not settled]
        if not bars:
            continue
        first = bars[-1].start_beats - _BEATS
        for bar in bars:
            if bar.start_beats < first:
                continue
            start = bar.start_beats
            notes += (
                TuneNote(
                    start + note.start_beats,
                    note.length_beats,
                    note.pitch,
                    note.velocity,
                    note.track,
                    deck,
                )
                for note in bar.notes
                if not note.tied
            )
            chords += _chords(start, bar.chords, roll.key)
    return Tune(notes, chords)


def _chords(
    start: float, named: tuple[tuple[float, str], ...], key: Key | None
) -> Iterator[TuneChord]:
    for beat, name in named:
        chord = Chord.parse(name)
        if chord is not None:
            yield TuneChord(start + beat, chord.root, 0.0 if key is None else chord.tension(key))
