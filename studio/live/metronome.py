"""The metronome: clicks on the beats of the metre, always heard in a count-in."""

from __future__ import annotations

from collections.abc import Sequence

from studio.live.notes import Note
from studio.live.tempo import next_multiple
from studio.live.transport import Transport
from studio.parameters import Float, Parameter, Toggle

METRONOME = Toggle(
    name="metronome",
    label="Metronome",
    default=False,
    help="Clicks on every beat; a count-in is heard in any case.",
)
METRONOME_LEVEL = Float(
    name="metronome_level",
    label="Metronome level",
    low=0,
    high=1,
    default=0.7,
    help="How loud the clicks are.",
)
METRONOME_PARAMETERS: tuple[Parameter, ...] = (METRONOME, METRONOME_LEVEL)

TRACK = "metronome"
CHANNEL = 10
"""General MIDI's drums."""

_FIRST, _OTHER = 76, 77
"""High and low wood block in General MIDI: the bar's first beat and the others."""


class Metronome:
    """A source of clicks. `on` and `level` are the values of the parameters above."""

    track = TRACK
    counts_in = True

    def __init__(self, transport: Transport) -> None:
        self.on = METRONOME.default
        self.level = METRONOME_LEVEL.default
        self._transport = transport

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
        return Note(TRACK, beat, 0.1, _FIRST if first else _OTHER, max(1, velocity))
