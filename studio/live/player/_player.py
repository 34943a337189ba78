"""What the player does with what it is told, given the time: a process around it makes it go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from operator import itemgetter
from time import perf_counter

from studio.live.player import protocol
from studio.live.player._clock import Clock, Line
from studio.live.player._figures import Histogram
from studio.live.player._grammar import well_formed
from studio.live.player._ports import HearPort, Port, Ports, Say, released
from studio.live.player._system import System
from studio.live.player.ledger import is_note_off, is_note_on
from studio.live.player.schedule import Schedule, rank
from studio.processes.messages import Due, Leave, Panic, Stop, TakeBack

Shot = tuple[float, Port, bytes]
"""Due time, where to, and one message that is on the ledger already."""

LATE_S = 0.25
"""A note on later than this is left out with its off: a resumed machine does not machine-gun."""
SLEPT_S = 1.0
"""After a longer pause the machine has slept, or this process was stopped."""
FROZEN_S = 1.0
"""Without a word from the app for so long, what sounds without an end in sight is ended."""


class Playback:
    """Schedule, clock and ports. `say` takes events; `hear` input, on rtmidi's thread."""

    def __init__(
        self,
        system: System | None,
        say: Say,
        hear: HearPort,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._say, self._now = say, clock
        self.ports = Ports(system, say, hear)
        self._schedule = Schedule()
        self._clock = Clock()
        self._owed: tuple[tuple[str, int, int], ...] = ()
        self._lateness = Histogram()
        self._played = self._dropped = self._told = self._arrived_late = 0
        self._sequence = 0
        self._heard_s = clock()
        self.leaving = False

    @property
    def next_due_s(self) -> float:
        """When the next shot is due."""
        return min(self._schedule.next_due_s, self._clock.next_due_s)

    def play(self, sequence: int, messages: Iterable[Due]) -> list[Shot]:
        """Take messages in; those past due are given back, offs first, to be sent at once."""
        now = self._heard_s = self._now()
        self._sequence = sequence
        coming: list[Due] = []
        late: list[Due] = []
        for message in messages:
            (coming if message.due_s > now else late).append(message)
        self._dropped += len(self._schedule.add(coming))
        late.sort(key=lambda m: (m.due_s, rank(m)))
        self._arrived_late += len(late)
        shots = [shot for message in late for shot in self._shots(message, now)]
        self._played += len(shots)
        return shots

    def obey(self, command: object) -> None:
        """Do as the app says."""
        self._heard_s = self._now()
        match command:
            case protocol.OpenPort():
                self._open(command)
            case protocol.ClosePort():
                self._schedule.forget(command.key if command.side == "out" else "")
                self.ports.close(command.key, command.side)
            case Stop():
                self._schedule.forget(command.port or None)
                self.ports.silence(command.port)
            case TakeBack(notes):
                self._schedule.take_back(notes)
            case Panic():
                self._schedule.forget()
                self.ports.panic()
            case protocol.Release():
                self._owed = command.notes
            case Leave():
                self.leaving = True
            case protocol.RunClock() | protocol.StopClock():
                self._run_clock(command)

    def take(self, until_s: float) -> list[Shot]:
        """All that is due by `until_s`, by due time; at one moment the clock goes first.

        It is on the ledgers from now on, so it has to be sent.
        """
        shots: list[Shot] = []
        for due_s, key, data in self._clock.due(until_s):
            shots += self._ticks(due_s, key, data)
        while message := self._schedule.pop(until_s):
            shots += self._shots(message, until_s)
        shots.sort(key=itemgetter(0))
        return shots

    def sent(self, late_s: Collection[float], *, slept: bool = False) -> None:
        """How late the shots were handed over; what fell due while the machine slept was not late,
        and who runs is never a second late."""
        self._played += len(late_s)
        if slept or max(late_s, default=0.0) > SLEPT_S:
            return
        for seconds in late_s:
            self._lateness.add(seconds)

    def tend(self) -> None:
        """What is to be done about once in a quarter of a second, when nothing is due soon."""
        for key in self.ports.rescan():
            self._clock.left(key)
        self._end_orphans()
        if self._told != (count := self._played + self._dropped):
            self._told = count
            self._say(self._figures())

    def acknowledge(self) -> None:
        """Tell how far the app's messages have been read, and that we are there."""
        self._say(protocol.Acknowledged(self._sequence, self._now()))

    def silence(self) -> None:
        """End everything: nothing is scheduled any more, nothing sounds."""
        self._schedule.forget()
        self._say_clock(self._clock.stop())
        self.ports.silence()

    def _open(self, wanted: protocol.OpenPort) -> None:
        """An input may have an output's key, but owes nothing and hears no clock."""
        if wanted.side == "in":
            self.ports.open(wanted)
            return
        self.ports.open(wanted, released(self._owed, wanted.key))
        self._clock.left(wanted.key)

    def _run_clock(self, command: protocol.RunClock | protocol.StopClock) -> None:
        if isinstance(command, protocol.StopClock):
            self._say_clock(self._clock.stop())
        else:
            line = Line(command.beat, command.at_s, command.bpm)
            now = self._now()
            self._say_clock(self._clock.run(command.keys, line, now, resume=command.resume))

    def _say_clock(self, said: Iterable[tuple[str, bytes]]) -> None:
        for key, data in said:
            for _, port, each in self._ticks(0.0, key, data):
                port.send(each)
                self._played += 1

    def _shots(self, message: Due, now_s: float) -> list[Shot]:
        """One message by its port's ledger; nothing where it is dropped."""
        port, data = self.ports.output(message.port), message.data
        late = now_s - message.due_s > LATE_S and is_note_on(data)
        if not well_formed(data):
            self._dropped += 1
            return []
        if port is None or late or not port.is_open:
            self._dropped += not is_note_off(data)
            if port is not None:
                port.ledger.skip(data)
            return []
        return [(message.due_s, port, each) for each in port.ledger.admit(data)]

    def _ticks(self, due_s: float, key: str, data: bytes) -> list[Shot]:
        """What needs no ledger: clock."""
        port = self.ports.output(key)
        return [(due_s, port, data)] if port is not None and port.is_open else []

    def _end_orphans(self) -> None:
        """Notes whose offs a frozen app has not sent."""
        if self._now() - self._heard_s > FROZEN_S and not len(self._schedule):
            self.ports.silence()

    def _figures(self) -> protocol.Lateness:
        late = self._lateness
        return protocol.Lateness(
            self._played,
            1000 * late.quantile_s(0.5),
            1000 * late.quantile_s(0.99),
            1000 * late.max_s,
            self._dropped,
            self._arrived_late,
        )
