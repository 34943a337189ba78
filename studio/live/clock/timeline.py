"""Tempo as straight lines from seconds to beats, and metres as arithmetic on beats.

Beats are quarter notes, as in MIDI, counted from the transport's beat 0; a count-in has negative
ones. Seconds are those of `time.perf_counter`. Tempi are quarter notes a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

AHEAD_S = 0.1
"""How far ahead of their moment notes go to the player. What is nearer is settled: a change of
tempo bends the line only behind it, so that no note overtakes one that has gone already."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """`beat` is at `at_s`, and from there `bpm` holds; what was until `at_s` is in `before`."""

    beat: float
    at_s: float
    bpm: float
    before: Timeline | None = None

    def beat_at(self, t_s: float) -> float:
        """The beat at the moment `t_s`."""
        piece = self.piece_at(t_s)
        return piece.beat + (t_s - piece.at_s) * piece.bpm / 60

    def time_of(self, beat: float) -> float:
        """The moment of `beat`, in seconds; a later beat never has an earlier moment."""
        if self.before is not None and beat < self.beat:
            return min(self.before.time_of(beat), self.at_s)
        return self.at_s + (beat - self.beat) * 60 / self.bpm

    def piece_at(self, t_s: float) -> Timeline:
        """The piece of the line that holds at `t_s`."""
        piece = self
        while piece.before is not None and t_s < piece.at_s:
            piece = piece.before
        return piece

    def then(self, bpm: float, at_s: float) -> Timeline:
        """This line until `at_s`, and from the beat that it has reached then, `bpm`."""
        held = self.until(at_s)
        return Timeline(held.beat_at(at_s), at_s, bpm, held)

    def until(self, t_s: float) -> Timeline:
        """This line without the pieces that begin at `t_s` or later."""
        piece = self
        while piece.before is not None and piece.at_s >= t_s:
            piece = piece.before
        return piece

    def since(self, t_s: float) -> Timeline:
        """This line without the pieces that are over at `t_s`."""
        if self.before is None or self.at_s <= t_s:
            return replace(self, before=None)
        return replace(self, before=self.before.since(t_s))

    def pieces(self) -> tuple[Timeline, ...]:
        """All pieces, the first one first."""
        found: list[Timeline] = []
        piece: Timeline | None = self
        while piece is not None:
            found.append(piece)
            piece = piece.before
        return tuple(reversed(found))
