"""A band in fake time: a transport, a conductor, and a player that keeps a ledger."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from studio.document.routes import Route
from studio.live._source_threads import BeatSpan, SourceThread
from studio.live._sources import NoteSource
from studio.live.clock.transport import Transport
from studio.live.conductor import Conductor
from studio.music.notes import Note
from studio.processes.messages import Due
from tests.fakes import FakeClock

TURN_S = 0.01
NOW = 1000.0
"""The fake clock's beginning."""


@dataclass(frozen=True)
class Heard:
    """A message that left the player."""

    at_s: float
    port: str
    data: bytes

    @property
    def kind(self) -> int:
        return self.data[0] & 0xF0

    @property
    def key(self) -> tuple[str, int, int]:
        return self.port, self.data[0] & 0x0F, self.data[1]


class FakePlayer:
    """Plays in fake time what it is sent: offs first, note ons last, as the real one."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.clock_calls: list[tuple[object, ...]] = []
        self.stops = 0
        self._heap: list[tuple[float, int, int, Due]] = []
        self._order = count()
        self._now = NOW
        self.sounding: set[tuple[str, int, int]] = set()

    def send(self, messages: Sequence[Due]) -> None:
        for due in messages:
            rank = {0x80: 0, 0x90: 2}.get(due.data[0] & 0xF0, 1)
            heapq.heappush(self._heap, (due.due_s, rank, next(self._order), due))

    def take_back(self, notes: Sequence[tuple[str, int, int]]) -> None:
        begins = [
            e
            for e in self._heap
            if e[3].data[0] & 0xF0 == 0x90
            and (e[3].port, e[3].data[0] & 0x0F, e[3].data[1]) in notes
        ]
        self._heap = [e for e in self._heap if e not in begins]
        heapq.heapify(self._heap)

    def stop(self) -> None:
        self.stops += 1
        self._heap.clear()
        for port, channel, pitch in sorted(self.sounding):
            self.heard.append(Heard(self._now, port, bytes((0x80 | channel, pitch, 0))))
        self.sounding.clear()

    def run_clock(
        self, keys: Sequence[str], *, beat: float, at_s: float, bpm: float, resume: bool
    ) -> None:
        self.clock_calls.append((tuple(keys), beat, at_s, bpm, resume))

    def stop_clock(self) -> None:
        self.clock_calls.append(("stop",))

    def play_until(self, now_s: float) -> None:
        self._now = now_s
        while self._heap and self._heap[0][0] <= now_s:
            due_s, _, _, due = heapq.heappop(self._heap)
            heard = Heard(due_s, due.port, due.data)
            self.heard.append(heard)
            if heard.kind == 0x90:
                assert heard.key not in self.sounding, f"{heard} begins twice"
                self.sounding.add(heard.key)
            elif heard.kind == 0x80:
                self.sounding.discard(heard.key)


class InlineSource(SourceThread):
    """A thread whose source answers at once, on the conductor's own thread."""

    def open(self) -> None:
        pass

    def ask(self, span: BeatSpan) -> None:
        super().ask(span)
        self.work()


@dataclass
class Steps:
    """A source that plays one pitch after another, from 0 up to 127 and over again, one every
    `step_beats`: every note says which one it is."""

    track: str = "steps"
    step_beats: float = 0.25
    length_beats: float = 0.2
    spans: list[tuple[float, float]] = field(default_factory=list)

    def notes(self, start_beats: float, end_beats: float) -> Sequence[Note]:
        self.spans.append((start_beats, end_beats))
        first = -int(-start_beats // self.step_beats)
        found = []
        while first * self.step_beats < end_beats:
            beat = first * self.step_beats
            if beat >= start_beats:
                found.append(Note(self.track, beat, self.length_beats, first % 128, 100))
            first += 1
        return found


class Band:
    """Transport, conductor and fake player on one fake clock."""

    def __init__(
        self,
        *sources: NoteSource,
        routes: Sequence[Route] | None = None,
        make_thread: Callable[..., SourceThread] = InlineSource,
    ) -> None:
        self.clock = FakeClock(NOW)
        self.transport = Transport(self.clock)
        self.transport.lead_s = 0.0
        self.player = FakePlayer()
        self.conductor = Conductor(
            self.transport, self.player, clock=self.clock, make_thread=make_thread
        )
        self.notices: list[str] = []
        self.conductor.noticed.connect(self._notice)
        self.transport.noticed.connect(self._notice)
        for source in sources:
            self.conductor.add(source)
        self.conductor.route(routes or [Route(track=s.track, port="out") for s in sources])

    def _notice(self, sentence: str) -> None:
        self.notices.append(sentence)

    def run(self, seconds: float, turn_s: float = TURN_S) -> None:
        """Let so much time pass, with a turn of the conductor every 10 ms."""
        end_s = self.clock() + seconds - 1e-9
        while self.clock() < end_s:
            self.conductor.turn()
            self.clock.advance(turn_s)
            self.player.play_until(self.clock())

    def ons(self, port: str = "out") -> list[Heard]:
        return [h for h in self.player.heard if h.kind == 0x90 and h.port == port]

    def pitches(self, port: str = "out") -> list[int]:
        return [h.data[1] for h in self.ons(port)]

    def times(self, port: str = "out") -> list[float]:
        """When notes began, in seconds from the fake clock's beginning, rounded to 0.1 ms."""
        return [round(h.at_s - NOW, 4) for h in self.ons(port)]

    def hanging(self) -> set[tuple[str, int, int]]:
        return self.player.sounding


def note(start: float, length: float = 0.5, pitch: int = 60, track: str = "steps") -> Note:
    return Note(track, start, length, pitch, 100)


@dataclass
class Phrase:
    """A source that plays the given notes."""

    phrase: Sequence[Note]
    track: str = "steps"

    def notes(self, start_beats: float, end_beats: float) -> Sequence[Note]:
        named = (replace(n, track=self.track) for n in self.phrase)
        return [n for n in named if start_beats <= n.start_beats < end_beats]
