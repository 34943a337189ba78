"""The conductor: the session's clock thread, between the transport and what sounds.

Every 10 ms it asks each source for what begins in the next stretch of beats, up to a tenth of a
second ahead, never a beat twice and none left out, and sends what they play, routed and with due
times, to the player and to the sound. Ends of notes are kept back until they are near, since the
tempo may change before.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from threading import Event, Lock, Thread
from time import perf_counter
from typing import Protocol

from psygnal import Signal

from studio.document.routes import SOUND, Route
from studio.live._note_router import Key, NoteRouter, Rest
from studio.live._source_threads import BeatSpan, SourceThread
from studio.live._sources import CountsIn, NoteSource
from studio.live.clock.clock_out import ClockOut, ClockPlayer
from studio.live.clock.movement import Movement
from studio.live.clock.timeline import AHEAD_S
from studio.live.clock.transport import Transport
from studio.processes.messages import Due

_log = logging.getLogger(__name__)

TURN_S = 0.01
GRACE_S = 0.05
"""A note that is late by more than this is left out: after a pause of the machine, what was missed
does not come all at once."""


class Outlet(Protocol):
    """What the conductor needs of the player and of the sound. Nothing in it waits."""

    def send(self, messages: Sequence[Due]) -> None: ...
    def take_back(self, notes: Sequence[Key]) -> None: ...
    def stop(self) -> None: ...


class MidiPlayer(Outlet, ClockPlayer, Protocol):
    """What the conductor needs of the player: the outlet of all other ports, and its clock."""


class Conductor:
    """Call `start` and `close`; the rest may be called on any thread, at any time.

    `noticed(sentence)` is emitted on whichever thread met the trouble. `turn` is one turn of the
    thread, for tests in fake time; `make_thread` makes the thread of a source.
    """

    noticed = Signal(str)

    def __init__(
        self,
        transport: Transport,
        player: MidiPlayer,
        *,
        sound: Outlet | None = None,
        clock: Callable[[], float] = perf_counter,
        make_thread: Callable[
            [NoteSource, Callable[[], None], Callable[[str], None]], SourceThread
        ] = SourceThread,
    ) -> None:
        self.transport = transport
        self.missed = 0
        """Notes left out because their moment had passed, as after a pause of the machine."""
        self.to_ports: Callable[[Sequence[Due]], None] = lambda _: None
        """Gets what is sent to the player as well, on the clock thread; it must not wait."""
        self._player = player
        self._outlets: tuple[Outlet, ...] = (player,) if sound is None else (player, sound)
        self._clock = clock
        self._make_thread = make_thread
        self._threads: tuple[SourceThread, ...] = ()
        self._router = NoteRouter()
        self._clock_out = ClockOut(player)
        self._cut = transport.movement.cut
        self._cursor = 0.0
        self._settled = 0.0
        """Before it, every source has answered, if it did so within a turn: behind it, a note may
        yet come that cuts another one short or, tied, prolongs it."""
        self._in_trouble = False
        self._woken = Event()
        self._closing = False
        self._joining = Lock()
        self._thread = Thread(target=self._run, name="conductor", daemon=True)

    # -- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to conduct. Starting the transport is the transport's own matter."""
        self.transport.changed.connect(self._woken.set)
        self._thread.start()

    def close(self, timeout_s: float = 2.0) -> bool:
        """Silence everything and end. False when the thread did not come back in time."""
        self.transport.changed.disconnect(self._woken.set, missing_ok=True)
        self._closing = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        for thread in self._threads:
            thread.close()
        return not self._thread.is_alive()

    # -- who plays, and where to ---------------------------------------------------------------

    def add(self, source: NoteSource) -> None:
        """Let `source` play from now on, in place of an earlier one of its track."""
        thread = self._make_thread(source, self._woken.set, self.noticed.emit)
        with self._joining:
            self._take_out(source.track)
            thread.open()
            self._threads = (*self._threads, thread)

    def remove(self, track: str) -> None:
        """The track plays no more; what it has begun still ends in time."""
        with self._joining:
            self._take_out(track)

    def route(self, routes: Iterable[Route]) -> None:
        """The ways from tracks to ports, in place of those before."""
        self._router.routes = tuple(routes)
        self._woken.set()

    def rest(self, track: str, from_beats: float, until_beats: float) -> None:
        """Let what the track sounds at one beat end there, and let nothing of it begin before the
        other one; in place of an earlier rest of the track. A jump of the transport ends it."""
        with self._joining:
            self._router.rests = {**self._router.rests, track: Rest(from_beats, until_beats)}
        self._woken.set()

    def clock_to(self, ports: Iterable[str]) -> None:
        """Send MIDI clock to these outputs, in place of those before; to none: no clock."""
        self._clock_out.ports = tuple(ports)
        self._woken.set()

    def port_opened(self, port: str) -> None:
        """An output was opened or has come back: it is told its programs again."""
        self._router.forget_programs(port)

    @property
    def tracks(self) -> tuple[str, ...]:
        """Who plays at present."""
        return tuple(thread.source.track for thread in self._threads)

    @property
    def failures(self) -> dict[str, int]:
        """How often each track's source raised."""
        return {thread.source.track: thread.failures for thread in self._threads}

    # -- the thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._closing:
            self._woken.wait(TURN_S)
            self._woken.clear()
            try:
                self.turn()
                self._in_trouble = False
            except Exception:  # noqa: BLE001 - the beat goes on, whatever it is
                self._stumble("The conductor stumbled; the log says more, the beat goes on.")
        self._silence()

    def turn(self) -> None:
        """One turn: see how the transport moves, ask, and send what is near."""
        self.transport.turn()
        now_s, movement = self._clock(), self.transport.movement
        if movement.cut != self._cut:
            self._start_over(movement)
        messages = [*self._router.follow_routes(now_s), *self._rest_now(now_s)]
        if movement.playing:
            settled, self._settled = self._settled, self._cursor
            self._ask(movement, now_s)
            messages += self._played(movement, now_s)
            messages += self._router.ends(settled, movement.line)
        self._clock_out.turn(movement)
        self._send(messages)

    # -- inside --------------------------------------------------------------------------------

    def _start_over(self, movement: Movement) -> None:
        """The transport has begun, stopped or jumped: what was queued is void."""
        self._cut, self._cursor = movement.cut, movement.start_beat
        self._settled = self._cursor
        self._silence()
        if movement.playing:
            self._router.forget_programs()

    def _rest_now(self, now_s: float) -> Iterator[Due]:
        """Take back what was sent and has no place in a rest; its ends, for what had begun."""
        ends = [*self._router.follow_rests(now_s)]
        notes = [(end.port, end.data[0] & 0x0F, end.data[1]) for end in ends]
        if notes:
            for outlet in self._outlets:
                self._guarded(partial(outlet.take_back, notes))
        yield from ends

    def _silence(self) -> None:
        with self._joining:
            self._router.silenced()
        for outlet in self._outlets:
            self._guarded(outlet.stop)

    def _ask(self, movement: Movement, now_s: float) -> None:
        """Ask every source for the next stretch. What has long passed is not asked for."""
        passed = movement.line.beat_at(now_s - GRACE_S)
        begin = max(self._cursor, passed)
        end = movement.line.beat_at(now_s + AHEAD_S)
        if end <= begin:
            return
        self._cursor = end
        for thread in self._threads:
            all_of_it = isinstance(thread.source, CountsIn) and thread.source.counts_in
            first = begin if all_of_it else max(begin, movement.music_beat)
            if first < end:
                thread.ask(BeatSpan(movement.cut, first, end))

    def _played(self, movement: Movement, now_s: float) -> Iterator[Due]:
        """What the sources have answered, as messages."""
        notes = [
            note
            for thread in self._threads
            for answer in thread.collect()
            for note in answer.notes
            if answer.span.cut == movement.cut
        ]
        for note in sorted(notes, key=lambda n: n.start_beats):
            if movement.line.time_of(note.start_beats) < now_s - GRACE_S:
                self.missed += 1
            else:
                yield from self._router.begin(note, movement.line)

    def _send(self, messages: Sequence[Due]) -> None:
        to_sound = [m for m in messages if m.port == SOUND]
        to_ports = [m for m in messages if m.port != SOUND]
        if to_ports:
            self._guarded(lambda: self._player.send(to_ports))
            self._guarded(lambda: self.to_ports(to_ports))
        if to_sound and len(self._outlets) > 1:
            self._guarded(lambda: self._outlets[1].send(to_sound))

    def _guarded(self, call: Callable[[], None]) -> None:
        """An outlet that fails must not take the other one with it."""
        try:
            call()
        except Exception:  # noqa: BLE001
            self._stumble("Notes could not be handed to the player; the log says more.")

    def _stumble(self, sentence: str) -> None:
        _log.exception("conductor")
        if not self._in_trouble:
            self._in_trouble = True
            self.noticed.emit(sentence)

    def _take_out(self, track: str) -> None:
        for thread in self._threads:
            if thread.source.track == track:
                thread.close()
        self._threads = tuple(c for c in self._threads if c.source.track != track)
