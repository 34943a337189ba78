"""The metronome: clicks on the beats of the metre, always heard in a count-in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studio.document.parameters import Value
from studio.document.routes import METRONOME_TRACK
from studio.document.score import METRONOME, METRONOME_LEVEL
from studio.live.clock.transport import Transport
from studio.music.metres import next_multiple
from studio.music.notes import Note

_FIRST, _OTHER = 76, 77
"""High and low wood block in General MIDI: the bar's first beat and the others."""


class Metronome:
    """A source of clicks. `on` and `level` are the values of the parameters above."""

    track = METRONOME_TRACK
    counts_in = True

    def __init__(self, transport: Transport) -> None:
        self.on = METRONOME.default
        self.level = METRONOME_LEVEL.default
        self._transport = transport

    def follow(self, score: Mapping[str, Value]) -> None:
        """Be as a score has it."""
        self.on, self.level = bool(score[METRONOME.name]), float(score[METRONOME_LEVEL.name])

    def notes(self, start_beats: float, end_beats: float) -> Sequence[Note]:
        """The clicks in [start_beats, end_beats): all while on, else those of the count-in."""
        if not self.on:
            end_beats = min(end_beats, self._transport.movement.music_beat)
        metre = self._transport.metre
        step, clicks = metre.pulse_beats, []
        beat = next_multiple(start_beats, step)
        while beat < end_beats:
            clicks.append(self._click(beat, abs(beat - metre.bar_at(beat).start_beats) < step / 2))
            beat = next_multiple(beat + step / 2, step)
        return clicks

    def _click(self, beat: float, first: bool) -> Note:
        velocity = round((127 if first else 90) * self.level)
        return Note(METRONOME_TRACK, beat, 0.1, _FIRST if first else _OTHER, max(1, velocity))
