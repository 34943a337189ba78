"""The router of notes: routes, what sounds and until which beat, and programs.

Pure: it is told moments and gives messages. For one thread, the conductor's, except `routes` and
`rests`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from studio.document.routes import Route, Voice
from studio.live.clock.timeline import Timeline
from studio.live.note_messages import end_of, note_off, note_on, program_change
from studio.music.notes import Note
from studio.processes.messages import Due

_SHORTEST_S = 0.001
"""An end comes at least so long after its beginning, whatever the tempo did in between; one that
overtook its beginning would leave a note hanging."""

_JOINS_BEATS = 1 / 32
"""A tied note goes on from one that ends so near to its beginning."""

Key = tuple[str, int, int]
"""A port, a channel from 0, a pitch: what can sound only once."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What sounds at `from_beats` ends there, and nothing begins from there to `until_beats`."""

    from_beats: float
    until_beats: float

    def silences(self, beat: float) -> bool:
        """Whether a note that begins at `beat` is left out."""
        return self.from_beats <= beat < self.until_beats


@dataclass(frozen=True, slots=True)
class _BegunNote:
    """A note that has been begun and not yet ended."""

    on: Due
    start_beat: float
    end_beat: float
    route: Route


class NoteRouter:
    """Turns notes into messages and keeps the ends of notes back until they are near."""

    def __init__(self) -> None:
        self.routes: tuple[Route, ...] = ()
        """Replaced as a whole; a track without a route is silent."""
        self.rests: Mapping[str, Rest] = {}
        """By track. Replaced as a whole."""
        self._rested: Mapping[str, Rest] = {}
        self._seen: tuple[Route, ...] = ()
        self._held: dict[Key, _BegunNote] = {}
        self._programs: dict[Voice, int] = {}

    @property
    def sounding(self) -> int:
        """How many notes have been begun and not yet ended."""
        return len(self._held)

    def begin(self, note: Note, line: Timeline) -> Iterator[Due]:
        """`note` on every route of its track. One that sounds there already ends first, unless
        `note` is tied to it: then it goes on."""
        due_s, rest = line.time_of(note.start_beats), self.rests.get(note.track)
        end_beat = end_of(note)
        if rest is not None:
            if rest.silences(note.start_beats):
                return
            if note.start_beats < rest.from_beats:
                end_beat = min(end_beat, rest.from_beats)
        for route in self._seen:
            on = note_on(note, route, due_s) if route.track == note.track else None
            if on is None:
                continue
            key = (on.port, on.data[0] & 0x0F, on.data[1])
            before = self._held.pop(key, None)
            if before is not None and _goes_on(before, note):
                self._held[key] = replace(before, end_beat=end_beat)
                continue
            if before is not None:
                yield self._end(before, min(due_s, line.time_of(before.end_beat)))
            self._held[key] = _BegunNote(on, note.start_beats, end_beat, route)
            yield on

    def ends(self, before_beat: float, line: Timeline) -> Iterator[Due]:
        """The ends of all notes that end before `before_beat`."""
        for key, held in list(self._held.items()):
            if held.end_beat < before_beat:
                del self._held[key]
                yield self._end(held, line.time_of(held.end_beat))

    def follow_rests(self, now_s: float) -> Iterator[Due]:
        """What a new rest calls for at once: the ends of notes that were sent and have no place in
        it. Those that it cuts short end in their time."""
        rests = self.rests
        if rests is self._rested:
            return
        self._rested = rests
        for key, held in list(self._held.items()):
            rest = rests.get(held.route.track)
            if rest is None:
                continue
            if rest.silences(held.start_beat):
                del self._held[key]
                yield note_off(held.on, now_s)  # the one before of its pitch may still sound
                yield self._end(held, now_s)
            elif held.start_beat < rest.from_beats < held.end_beat:
                self._held[key] = replace(held, end_beat=rest.from_beats)

    def follow_routes(self, now_s: float) -> Iterator[Due]:
        """What a new set of routes calls for at once: ends on those that are gone, programs."""
        routes = self.routes
        if routes is not self._seen:
            self._seen = routes
            yield from self._release(now_s)
        for route in routes:
            program = program_change(route, now_s)
            if program is not None and self._programs.get(route.voice) != route.program:
                self._programs[route.voice] = program.data[1]
                yield program

    def silenced(self) -> None:
        """Everything was silenced elsewhere; there is nothing left to end, and nobody rests."""
        self._held.clear()
        self.rests = {}

    def forget_programs(self, port: str | None = None) -> None:
        """Choose the programs of `port` (of all) again: it was switched on or came back."""
        self._programs = {v: p for v, p in self._programs.items() if port not in (None, v[0])}

    def _release(self, now_s: float) -> Iterator[Due]:
        """End what sounds on routes that are no more as they were."""
        for key, held in list(self._held.items()):
            if held.route not in self._seen:
                del self._held[key]
                yield self._end(held, now_s)

    def _end(self, held: _BegunNote, due_s: float) -> Due:
        return note_off(held.on, max(due_s, held.on.due_s + _SHORTEST_S))


def _goes_on(before: _BegunNote, note: Note) -> bool:
    """Whether `note` is tied to one that sounds."""
    near = abs(before.end_beat - note.start_beats) < _JOINS_BEATS
    return note.tied and near and before.route.track == note.track
