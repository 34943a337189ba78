"""How a transport moves, as a frozen whole, and the few ways in which one movement becomes another.

Pure functions; `studio.live.clock.transport` holds the present movement and says when.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from studio.live.clock.timeline import AHEAD_S, Timeline

State = Literal["stopped", "counting in", "playing"]

_BEHIND_S = AHEAD_S + 0.02
"""A line is bent this far ahead: behind everything that has been settled by then."""

_BEND = 0.05
"""How much faster or slower a nudge plays until the phase is shifted."""

_SAME_S, _SAME_TEMPO = 2e-5, 1e-5
"""A leader's line that differs from ours by less than this is ours."""


@dataclass(frozen=True, slots=True)
class Movement:
    """How the transport moves, until it says otherwise."""

    playing: bool
    line: Timeline
    """Which beat is when; without a meaning while stopped."""
    start_beat: float = 0.0
    """Where the line begins: the count-in's first beat, or the music's where there is none."""
    music_beat: float = 0.0
    """Where the music begins or, while stopped, would. From `start_beat` to it is the count-in."""
    cut: int = 0
    """Rises with each play, stop, resume and locate: what was queued before it is void."""

    def beat_at(self, t_s: float) -> float:
        """The beat at `t_s`; while stopped, the one at which it stands."""
        return self.line.beat_at(t_s) if self.playing else self.music_beat

    def state_at(self, t_s: float) -> State:
        """In words."""
        if not self.playing:
            return "stopped"
        return "counting in" if self.line.beat_at(t_s) < self.music_beat else "playing"

    def standing(self, beat: float) -> Movement:
        """Stopped, at `beat`."""
        return Movement(False, self.line, beat, beat, self.cut + 1)

    def going(self, line: Timeline, music_beat: float, count_in_beats: float = 0.0) -> Movement:
        """Playing along `line`."""
        return Movement(True, line, music_beat - count_in_beats, music_beat, self.cut + 1)

    def along(self, line: Timeline) -> Movement:
        """The same, along another line."""
        return replace(self, line=line)


def bent(line: Timeline, now_s: float, bpm: float) -> Timeline:
    """`line` with another tempo as soon as may be; the phase is kept."""
    line = line.since(now_s)
    return line.then(bpm, _pivot(line, now_s))


def nudged(line: Timeline, now_s: float, ahead_s: float) -> Timeline:
    """`line` shifted by so many seconds (negative: back): a little faster or slower for a while,
    then at its tempo again. After another nudge, if one is on its way."""
    line = line.since(now_s)
    bpm, way = line.bpm, 1 + (_BEND if ahead_s > 0 else -_BEND)
    begin_s = max(line.at_s, now_s + _BEHIND_S)
    return line.then(bpm * way, begin_s).then(bpm, begin_s + abs(ahead_s) / _BEND)


def led(line: Timeline, now_s: float, leader: Timeline) -> Timeline:
    """`line` given over to the leader's; itself where they are one already."""
    line = line.since(now_s)
    pivot_s = _pivot(line, now_s)
    beat, bpm = leader.beat_at(pivot_s), leader.bpm
    off_s = (line.beat_at(pivot_s) - beat) * 60 / bpm
    if abs(off_s) < _SAME_S and abs(line.bpm / bpm - 1) < _SAME_TEMPO:
        return line
    return Timeline(beat, pivot_s, bpm, line.until(pivot_s))


def _pivot(line: Timeline, now_s: float) -> float:
    """Where a line may be bent: what begins sooner has been relied upon. A bend that is to come
    is replaced where it stands; else a hand that turns a knob would push it ahead for ever."""
    coming = [p.at_s for p in line.pieces()[1:] if p.at_s > now_s + AHEAD_S]
    return min([*coming, now_s + _BEHIND_S])
