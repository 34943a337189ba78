"""Clock out: tells the player, which makes the ticks itself, where the transport's line goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from studio.live.clock.movement import Movement
from studio.live.clock.timeline import Timeline

_TOLERANCE_S = 1e-4
"""A new piece of the line that stays this near to the old one, for half a second, is not worth
telling: a leader's line is put right some fifty times a second."""


class ClockPlayer(Protocol):
    """What clock out needs of the player."""

    def run_clock(
        self, keys: Sequence[str], *, beat: float, at_s: float, bpm: float, resume: bool
    ) -> None: ...

    def stop_clock(self) -> None: ...


class ClockOut:
    """Keeps the player's clock in step with the movements that `turn` is told. `ports` are the keys
    of the outputs that get a clock; none: no clock."""

    def __init__(self, player: ClockPlayer) -> None:
        self.ports: tuple[str, ...] = ()
        self._player = player
        self._told: list[Timeline] = []
        self._looked_at: Timeline | None = None
        self._run: tuple[int, tuple[str, ...]] | None = None

    def turn(self, movement: Movement) -> None:
        """The clock runs while the music plays, and begins with its first beat: a count-in has
        none, for whoever follows would play in it."""
        run = (movement.cut, self.ports) if movement.playing and self.ports else None
        if run != self._run:
            before, self._run = self._run, run
            self._change(movement, before)
        if run and movement.line is not self._looked_at:
            self._looked_at = movement.line
            for piece in movement.line.pieces():
                self._tell(piece)

    def _change(self, movement: Movement, before: tuple[int, tuple[str, ...]] | None) -> None:
        if before and self._run and before[0] == self._run[0]:
            self._send(self._told[-1], resume=True)  # other ports only: the player sees to them
            return
        if before:
            self._player.stop_clock()
        self._told, self._looked_at = [], None
        if self._run:
            begin_s = movement.line.time_of(movement.music_beat)
            bpm = movement.line.piece_at(begin_s).bpm
            self._send(Timeline(movement.music_beat, begin_s, bpm), movement.music_beat > 0)

    def _tell(self, piece: Timeline) -> None:
        """Tell a piece that is news. One that begins before what was told last takes its place, as
        it does in the player."""
        if piece.at_s <= self._told[0].at_s:
            return
        while self._told[-1].at_s > piece.at_s + _TOLERANCE_S:
            self._told.pop()
        told = self._told[-1]
        if any(abs(_apart_s(told, piece, after_s)) > _TOLERANCE_S for after_s in (0.0, 0.5)):
            self._send(piece, resume=True)

    def _send(self, piece: Timeline, resume: bool) -> None:
        self._told = [*self._told[-8:], piece]
        self._player.run_clock(
            self._run[1] if self._run else (),
            beat=piece.beat,
            at_s=piece.at_s,
            bpm=piece.bpm,
            resume=resume,
        )


def _apart_s(told: Timeline, piece: Timeline, after_s: float) -> float:
    """How far apart two lines are, so long after `piece` begins."""
    at_s = piece.at_s + after_s
    return (told.beat_at(at_s) - piece.beat_at(at_s)) * 60 / piece.bpm
