"""The app's end of the player process: feeds it, and hands what it knew to the next one.

The client keeps its own copy of what the player was told: ports, messages that are not yet due, the
notes that must be sounding, the clock. When the player is lost it hands all that to the next one,
the sounding notes as note offs first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from studio.live.player import protocol
from studio.live.player.ledger import Ledger, is_note_off, is_note_on
from studio.live.player.protocol import Lateness, PortsSeen, PortState, Refused, Scheduling
from studio.live.player.schedule import Schedule
from studio.processes.child import module_command
from studio.processes.framing import pack_play
from studio.processes.messages import Due, Panic, Received, Restarted, Stop, TakeBack
from studio.processes.supervisor import ChildProcess, Supervisor

PlayerEvent = (
    PortsSeen | PortState | Received | Lateness | Scheduling | Restarted | Refused
)  # fmt: skip

UNREAD = 8192
"""Messages that the player has not yet acknowledged; beyond it note ons are dropped."""

PLAYER = ChildProcess(
    name="MIDI player",
    command=module_command("studio.live.player"),
    commands=protocol.COMMANDS,
    events=protocol.EVENTS,
    alive_s=0.1,
    patience_s=2.0,
    first_patience_s=15.0,
    pauses_s=(0.0, 0.2, 1.0, 3.0),
    soon_s=3.0,
)


@dataclass(frozen=True, slots=True)
class Statistics:
    """What went through since the start, over all players."""

    sent: int = 0
    dropped: int = 0
    """By the client, because the player did not read."""
    restarts: int = 0
    lateness: Lateness | None = None
    """The last that the present player told."""


class PlayerClient:
    """One player process. All methods can be called from any thread and return at once.

    `hear` is called on the client's reader thread, in order. Keys name ports for `send`; an input
    and an output may share one.
    """

    def __init__(
        self,
        hear: Callable[[PlayerEvent], None],
        *,
        clock: Callable[[], float] = perf_counter,
        child: ChildProcess = PLAYER,
    ) -> None:
        self._hear, self._clock = hear, clock
        self._child = Supervisor(
            child,
            greeting=self._greeting,
            hear=self._understand,
            ended=self._player_ended,
            started=self._player_started,
        )
        self._lock = self._child.lock
        self._ports: dict[tuple[str, str], protocol.OpenPort] = {}
        self._pending = Schedule()
        self._ledgers: dict[str, Ledger] = {}
        self._clock_line: protocol.RunClock | None = None
        self._unread_from = 0
        self._sequence = 0
        self._clock_checked = False
        self._last_code: int | None = None
        self._scheduling = "not started"
        self._statistics = Statistics()

    # --- life -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the process and return at once; what it says first comes as an event."""
        self._child.start()

    def close(self) -> None:
        """Silence everything and end the process; takes at most about three seconds."""
        self._child.close()

    @property
    def alive(self) -> bool:
        """Whether the process runs and has been heard lately."""
        return self._child.alive

    @property
    def pid(self) -> int | None:
        """The process's number, for figures and tests; None while there is none."""
        return self._child.pid

    @property
    def scheduling(self) -> str:
        """Which priority the system granted the player, in protocol."""
        return self._scheduling

    @property
    def statistics(self) -> Statistics:
        return self._statistics

    # --- what the app asks ----------------------------------------------------------------------

    def send(self, messages: Sequence[Due]) -> None:
        """Hand over messages, best about 100 ms ahead; those past due leave at once.

        When the player does not keep up, note ons are dropped and counted, note offs never.
        """
        with self._lock:
            self._settle()
            room = UNREAD - (self._sequence - self._unread_from)
            kept = list(messages)
            if len(kept) > room:
                kept = [m for m in kept if not is_note_on(m.data)]
                lost = len(messages) - len(kept)
                self._count(dropped=lost)
            self._pending.add(kept)
            self._count(sent=len(kept))
            self._play(kept)

    def stop(self, port: str | None = None) -> None:
        """Forget what is not yet due and silence what sounds, on one port or on all."""
        with self._lock:
            self._pending.forget(port)
            for key, ledger in self._ledgers.items():
                if port in (None, key):
                    ledger.silence()
            self._child.say(Stop(port or ""))

    def take_back(self, notes: Sequence[tuple[str, int, int]]) -> None:
        """Do not begin these notes, (port, channel 0-15, pitch), that are not yet due."""
        with self._lock:
            self._pending.take_back(notes)
            self._child.say(TakeBack(tuple(notes)))

    def panic(self) -> None:
        """Stop, and tell all channels of all ports to be silent, whatever we believe."""
        with self._lock:
            self.stop()
            self._child.say(Panic())

    def open_output(self, key: str, name: str, *, virtual: bool = False) -> None:
        """Want an output; it is opened when it appears and whenever it comes back.

        With `virtual` it is a port of our own, called `name`, where the system has such ports.
        """
        self._open(protocol.OpenPort(key, name, "out", virtual))

    def close_output(self, key: str) -> None:
        """Silence an output and let it go."""
        with self._lock:
            self._pending.forget(key)
            self._ledgers.pop(key, None)
            self._close(key, "out")

    def open_input(self, key: str, name: str, *, virtual: bool = False) -> None:
        """Want an input; what arrives there is heard as `Received` with this key."""
        self._open(protocol.OpenPort(key, name, "in", virtual))

    def close_input(self, key: str) -> None:
        """Let an input go."""
        self._close(key, "in")

    def run_clock(
        self, keys: Sequence[str], *, beat: float, at_s: float, bpm: float, resume: bool
    ) -> None:
        """MIDI clock from the player: at `at_s` the transport is at `beat`, `bpm` from there on.

        Sends start at beat 0, song position and continue elsewhere. While it runs, a new line takes
        over at its `at_s` without a glitch; one that is a sixteenth or more away is announced by
        stop, song position and continue. `keys` that are no longer named are told to stop.
        """
        with self._lock:
            self._clock_line = protocol.RunClock(tuple(keys), beat, at_s, bpm, resume)
            self._child.say(self._clock_line)

    def stop_clock(self) -> None:
        """Send stop, and no more clock."""
        with self._lock:
            self._clock_line = None
            self._child.say(protocol.StopClock())

    # --- under the lock -------------------------------------------------------------------------

    def _open(self, port: protocol.OpenPort) -> None:
        with self._lock:
            self._ports[port.key, port.side] = port
            self._child.say(port)

    def _close(self, key: str, side: str) -> None:
        with self._lock:
            self._ports.pop((key, side), None)
            self._child.say(protocol.ClosePort(key, side))

    def _play(self, messages: Sequence[Due]) -> None:
        for frame in self._frames(messages):
            self._child.post(frame)

    def _frames(self, messages: Sequence[Due]) -> Iterator[bytes]:
        """Small enough that the player reads each between two notes."""
        for at in range(0, len(messages), 32):
            part = messages[at : at + 32]
            self._sequence += len(part)
            yield pack_play(self._sequence, part)

    def _settle(self) -> None:
        """Move what must have been played from the pending to the ledgers."""
        now = self._clock()
        while message := self._pending.pop(now):
            self._ledgers.setdefault(message.port, Ledger()).admit(message.data)

    def _count(self, *, sent: int = 0, dropped: int = 0, restarts: int = 0) -> None:
        had = self._statistics
        self._statistics = replace(
            had,
            sent=had.sent + sent,
            dropped=had.dropped + dropped,
            restarts=had.restarts + restarts,
        )

    # --- the process ----------------------------------------------------------------------------

    def _greeting(self) -> Iterator[bytes]:
        """All that the player before knew: notes off first, which go out as soon as their port is
        open."""
        self._settle()
        self._sequence = self._unread_from = 0
        self._clock_checked = False
        pack = self._child.child.commands.pack
        sounding = [(k, c, p) for k, ledger in self._ledgers.items() for c, p in ledger.sounding]
        for ledger in self._ledgers.values():
            ledger.silence()
        if sounding:
            yield pack(protocol.Release(tuple(sounding)))
        yield from map(pack, self._ports.values())
        waiting = _whole_notes(self._pending)
        self._pending.forget()
        self._pending.add(waiting)
        yield from self._frames(waiting)
        if self._clock_line is not None:
            yield pack(replace(self._clock_line, resume=True))

    def _player_started(self) -> None:
        if self._last_code is None:
            return
        self._count(restarts=1)
        gone = self._last_code == protocol.SYSTEM_GONE
        why = "The MIDI system went away" if gone else "The MIDI player ended"
        self._child.tell(Restarted(f"{why}; it was started again and what sounded was silenced."))

    def _player_ended(self, how: int | OSError, _short_lives: int) -> bool:
        if isinstance(how, OSError):
            self._child.tell(Refused(f"The MIDI player cannot be started: {how.strerror}."))
        else:
            self._last_code = how
        return True

    def _understand(self, event: Any) -> None:
        match event:
            case protocol.Acknowledged():
                self._acknowledged(event)
                return
            case protocol.Peers(key, side, names):
                with self._lock:
                    if (port := self._ports.get((key, side))) is not None:
                        self._ports[key, side] = replace(port, peers=names)
                return
            case Scheduling():
                self._scheduling = event.sentence
            case Lateness():
                self._statistics = replace(self._statistics, lateness=event)
        self._hear(event)

    def _acknowledged(self, event: protocol.Acknowledged) -> None:
        with self._lock:
            self._unread_from = max(self._unread_from, min(event.sequence, self._sequence))
        if not self._clock_checked:
            self._clock_checked = True
            if abs(event.at_s - self._clock()) > 10:
                self._hear(Refused("The player's clock is not ours; notes would be late."))


def _whole_notes(pending: Schedule) -> list[Due]:
    """What waits, less the offs of notes that were struck before and are silenced already."""
    struck: dict[tuple[str, int, int], int] = {}
    whole: list[Due] = []
    for message in pending:
        pitch = (message.port, message.data[0] & 15, message.data[1] if message.data[1:] else 0)
        if is_note_on(message.data):
            struck[pitch] = struck.get(pitch, 0) + 1
        elif is_note_off(message.data):
            if not struck.get(pitch):
                continue
            struck[pitch] -= 1
        whole.append(message)
    return whole
