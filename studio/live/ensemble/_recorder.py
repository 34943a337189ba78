"""What somebody plays in, as a phrase in time: what an answer goes on from."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from studio.live.clock.timeline import Timeline
from studio.live.clock.transport import Transport
from studio.music.notes import Note
from studio.music.phrases import Phrase
from studio.processes.messages import Received

MOST_BARS = 8
"""So much of what was played last counts."""

_PAUSE_BARS = 2
"""After so many bars without a note, another phrase begins."""

_LETS_GO_BEATS = 0.34
"""A shorter pause between two notes is how they were played, and not what."""
_HELD_BARS = 4
"""No key is held for longer."""

_MOST_NOTES = 1024
_TRACK = "lead"
_EARLY_BEATS = 0.25
"""A note that comes so shortly before a bar line belongs to the bar behind it."""

_STRAIGHT, _TRIPLET = (0.0, 0.25, 0.5, 0.75, 1.0), (0.0, 1 / 3, 2 / 3, 1.0)


@dataclass(slots=True)
class _Played:
    """A note, in beats of the line on which it was played."""

    start_beats: float
    pitch: int
    velocity: int
    end_beats: float | None = None


class Recorder:
    """Listens all the time. While the transport stands, time begins with the first note."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._cut: int | None = None
        self._line = Timeline(0.0, 0.0, 120.0)
        self._notes: deque[_Played] = deque(maxlen=_MOST_NOTES)

    def hear(self, event: Received) -> None:
        """A message of a keyboard; all but notes are passed over."""
        status = event.data[0] & 0xF0
        if status not in (0x80, 0x90) or len(event.data) < 3:
            return
        beat = self._beat_at(event.at_s)
        pitch, velocity = event.data[1], event.data[2]
        if status == 0x90 and velocity:
            self._begin(beat, pitch, velocity)
        else:
            self._end(beat, pitch)

    def phrase(self) -> Phrase | None:
        """What was played last, whole bars on the grid, one note at a time, at most `MOST_BARS`;
        None for nothing."""
        metre = self._transport.metre
        bars = [metre.bar_at(note.start_beats + _EARLY_BEATS).number for note in self._notes]
        if not bars:
            return None
        first = max(_since_pause(bars), bars[-1] - MOST_BARS + 1)
        length = (bars[-1] - first + 1) * metre.bar_beats
        begin = metre.bar(first).start_beats
        kept = [n for n, bar in zip(self._notes, bars, strict=True) if bar >= first]
        notes = [n for n in (_on_grid(note, begin, length) for note in kept) if n is not None]
        return Phrase(tuple(notes), length, metre).top_line()

    def bars(self, first: int, count: int) -> tuple[Phrase, ...]:
        """What was played in so many bars from bar `first` on, a phrase for each; none at all where
        that is nothing."""
        metre = self._transport.metre
        begin, length = metre.bar(first).start_beats, count * metre.bar_beats
        near = (n for n in self._notes if n.start_beats >= begin - _EARLY_BEATS)
        kept = [note for note in (_on_grid(each, begin, length) for each in near) if note]
        line = Phrase(tuple(kept), length, metre).top_line()
        return replace(line, notes=_legato(line.notes)).bars() if kept else ()

    def sounded(self, since_beats: float) -> list[Note]:
        """What has sounded from that beat of the transport on; what still does is infinitely
        long."""
        found = []
        for note in self._notes:
            length = math.inf if note.end_beats is None else note.end_beats - note.start_beats
            if note.start_beats + length > since_beats and self._is_near(note):
                found.append(
                    Note(_TRACK, note.start_beats, length, note.pitch, max(1, note.velocity))
                )
        return found

    def forget(self) -> None:
        """Nothing was played."""
        self._notes.clear()

    # -- inside --------------------------------------------------------------------------------

    def _is_near(self, note: _Played) -> bool:
        """Whether it has an end, or may still be held: an end can be lost with its keyboard."""
        if note.end_beats is not None:
            return True
        longest = _HELD_BARS * self._transport.metre.bar_beats
        return self._transport.place - note.start_beats < longest

    def _beat_at(self, at_s: float) -> float:
        """The beat at which somebody played; after a jump or a long pause all begins anew."""
        movement, metre = self._transport.movement, self._transport.metre
        if movement.playing:
            self._line = movement.line
        jumped, self._cut = movement.cut != self._cut, movement.cut
        beat = self._line.beat_at(at_s)
        gap = beat - self._notes[-1].start_beats if self._notes else 0.0
        if movement.playing:
            if jumped:
                self.forget()
        elif jumped or not self._notes or gap > _PAUSE_BARS * metre.bar_beats:
            self.forget()
            self._line, beat = Timeline(0.0, at_s, self._transport.bpm), 0.0
        return beat

    def _begin(self, beat: float, pitch: int, velocity: int) -> None:
        self._end(beat, pitch)
        self._notes.append(_Played(beat, pitch, velocity))

    def _end(self, beat: float, pitch: int) -> None:
        for note in reversed(self._notes):
            if note.pitch == pitch and note.end_beats is None:
                note.end_beats = beat
                return


def _since_pause(bars: list[int]) -> int:
    """The first bar after the last long pause."""
    first = bars[-1]
    for bar in reversed(bars):
        if first - bar > _PAUSE_BARS:
            break
        first = min(first, bar)
    return first


def _on_grid(played: _Played, begin: float, length: float) -> Note | None:
    """The note in beats from `begin`, on sixteenths or triplets, whichever is nearer."""
    start = max(0.0, snapped(played.start_beats - begin))
    end = length if played.end_beats is None else snapped(played.end_beats - begin)
    end = min(length, max(end, start + 0.25))
    if start >= length:
        return None
    return Note(_TRACK, start, end - start, played.pitch, played.velocity)


def _legato(notes: Sequence[Note]) -> tuple[Note, ...]:
    """One note up to the next, where a hand has only let go a little before."""
    found = [*notes]
    for index, (note, after) in enumerate(pairwise(notes)):
        long = after.start_beats - note.start_beats
        if long - note.length_beats <= _LETS_GO_BEATS:
            found[index] = replace(note, length_beats=long)
    return tuple(found)


def snapped(beat: float) -> float:
    """The nearest sixteenth or eighth triplet."""
    whole = int(beat // 1)
    inside = beat - whole
    return whole + min((*_STRAIGHT, *_TRIPLET), key=lambda at: abs(at - inside))
