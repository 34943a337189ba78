"""The app's end of the player process: starts it, feeds it, and starts it again.

The client keeps its own copy of what the player was told: ports, messages that are not yet due, the
notes that must be sounding, the clock. When the player is lost it hands all that to the next one,
the sounding notes as note offs first.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, RLock, Thread, current_thread
from time import perf_counter

from studio.live.player import protocol as words
from studio.live.player.ledger import Ledger, is_note_off, is_note_on
from studio.live.player.protocol import (
    Lateness,
    PortsSeen,
    PortState,
    Refused,
    Restarted,
    Scheduling,
)
from studio.live.player.schedule import Schedule
from studio.processes.framing import Frames, Kind, WireError, pack_play, unpack_received
from studio.processes.messages import Due, Received
from studio.processes.pipes import Outbox, outbox

__all__ = [
    "Lateness",
    "PlayerClient",
    "PlayerEvent",
    "PortState",
    "PortsSeen",
    "Refused",
    "Restarted",
    "Scheduling",
    "Statistics",
]

PlayerEvent = (
    PortsSeen | PortState | Received | Lateness | Scheduling | Restarted | Refused
)  # fmt: skip

UNREAD = 8192
"""Messages that the player has not yet acknowledged; beyond it note ons are dropped."""

_ROOT = Path(__file__).resolve().parents[2]
_COMMAND = (sys.executable, "-P", "-m", "studio.live.player")
_BEAT_S = 0.1
_PATIENCE_BEATS = 20
"""Our own beats without a word from the player after which it is taken for stuck."""
_FIRST_WORD_BEATS = 150
"""The same for one that is just starting, perhaps beside a busy torch."""
_PAUSES_S = (0.0, 0.2, 1.0, 3.0)
"""Before starting it again, when it keeps ending at once."""
_SHORT_LIFE_S = 3.0
_log = logging.getLogger(__name__)


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
        command: Sequence[str] = _COMMAND,
    ) -> None:
        self._hear, self._clock, self._command = hear, clock, tuple(command)
        self._lock = RLock()
        self._closing = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._out: Outbox | None = None
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the client
        self._threads: list[Thread] = []
        self._ports: dict[tuple[str, str], words.OpenPort] = {}
        self._pending = Schedule()
        self._ledgers: dict[str, Ledger] = {}
        self._clock_line: words.RunClock | None = None
        self._unread_from = 0
        self._sequence = 0
        self._silent_beats = 0
        self._greeted = False
        self._scheduling = "not started"
        self._statistics = Statistics()

    # --- life -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the process and return at once; its first word comes as an event."""
        if self._threads:
            return
        self._spawn()
        for name, run in (("player reader", self._read), ("player keeper", self._keep)):
            thread = Thread(target=run, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Silence everything and end the process; takes at most about three seconds."""
        if self._closing.is_set():
            return
        with self._lock:
            self._closing.set()
            self._say(words.Leave())
            process = self._process
        if process is not None:
            _end(process)
        for thread in self._threads:
            if thread is not current_thread():
                thread.join(2)
        self._complaints.close()

    @property
    def alive(self) -> bool:
        """Whether the process runs and has been heard lately."""
        process = self._process
        running = process is not None and process.poll() is None
        return running and self._greeted and self._silent_beats < 10

    @property
    def scheduling(self) -> str:
        """Which priority the system granted the player, in words."""
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
            self._post(kept)

    def stop(self, port: str | None = None) -> None:
        """Forget what is not yet due and silence what sounds, on one port or on all."""
        with self._lock:
            self._pending.forget(port)
            for key, ledger in self._ledgers.items():
                if port in (None, key):
                    ledger.silence()
            self._say(words.Stop(port or ""))

    def panic(self) -> None:
        """Stop, and tell all channels of all ports to be silent, whatever we believe."""
        with self._lock:
            self.stop()
            self._say(words.Panic())

    def open_output(self, key: str, name: str, *, virtual: bool = False) -> None:
        """Want an output; it is opened when it appears and whenever it comes back.

        With `virtual` it is a port of our own, called `name`, where the system has such ports.
        """
        self._open(words.OpenPort(key, name, "out", virtual))

    def close_output(self, key: str) -> None:
        """Silence an output and let it go."""
        with self._lock:
            self._pending.forget(key)
            self._ledgers.pop(key, None)
            self._close(key, "out")

    def open_input(self, key: str, name: str, *, virtual: bool = False) -> None:
        """Want an input; what arrives there is heard as `Received` with this key."""
        self._open(words.OpenPort(key, name, "in", virtual))

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
            self._clock_line = words.RunClock(tuple(keys), beat, at_s, bpm, resume)
            self._say(self._clock_line)

    def stop_clock(self) -> None:
        """Send stop, and no more clock."""
        with self._lock:
            self._clock_line = None
            self._say(words.StopClock())

    # --- under the lock -------------------------------------------------------------------------

    def _open(self, port: words.OpenPort) -> None:
        with self._lock:
            self._ports[port.key, port.side] = port
            self._say(port)

    def _close(self, key: str, side: str) -> None:
        with self._lock:
            self._ports.pop((key, side), None)
            self._say(words.ClosePort(key, side))

    def _say(self, word: object) -> None:
        with self._lock:
            if self._out is not None:
                self._out.post(words.COMMANDS.pack(word))

    def _post(self, messages: Sequence[Due]) -> None:
        """In frames small enough that the player reads each between two notes."""
        for at in range(0, len(messages), 32):
            part = messages[at : at + 32]
            self._sequence += len(part)
            if self._out is not None:
                self._out.post(pack_play(self._sequence, part))

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

    def _spawn(self) -> None:
        """Start a player and tell it all that the one before knew."""
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        with self._lock:
            if self._closing.is_set():
                return
            self._greeted, self._silent_beats = False, 0
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                bufsize=0,
                env={**os.environ, "PYTHONPATH": path},
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            assert self._process.stdin is not None
            self._out = outbox(self._process.stdin.fileno())
            self._born = self._clock()
            self._hand_over()

    def _hand_over(self) -> None:
        """Notes off first; they go out as soon as their port is open."""
        self._settle()
        self._sequence = self._unread_from = 0
        sounding = [(k, c, p) for k, ledger in self._ledgers.items() for c, p in ledger.sounding]
        for ledger in self._ledgers.values():
            ledger.silence()
        if sounding:
            self._say(words.Release(tuple(sounding)))
        for port in self._ports.values():
            self._say(port)
        waiting = _whole_notes(self._pending)
        self._pending.forget()
        self._pending.add(waiting)
        self._post(waiting)
        if self._clock_line is not None:
            self._say(replace(self._clock_line, resume=True))

    def _read(self) -> None:
        """The reader thread: events of one player after the other."""
        short_lives = 0
        while True:
            process = self._process
            assert process is not None
            self._follow(process)
            code = self._bury(process)
            lived_s = self._clock() - self._born
            short_lives = short_lives + 1 if lived_s < _SHORT_LIFE_S else 0
            while True:
                if self._closing.wait(_PAUSES_S[min(short_lives, len(_PAUSES_S) - 1)]):
                    return
                if self._restart(code):
                    break
                short_lives += 1

    def _bury(self, process: subprocess.Popen[bytes]) -> int:
        """Let go of a player's pipes, before another file can get their numbers; its exit code."""
        with self._lock:
            if self._out is not None:
                self._out.close()
            self._out = None
            self._greeted = False
        code = process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        return code

    def _restart(self, code: int) -> bool:
        _log.warning("the player ended with %d: %s", code, self._last_complaint())
        try:
            self._spawn()
        except OSError as error:
            self._tell(Refused(f"The MIDI player cannot be started: {error.strerror}."))
            return False
        self._count(restarts=1)
        why = "The MIDI system went away" if code == words.SYSTEM_GONE else "The MIDI player ended"
        self._tell(Restarted(f"{why}; it was started again and what sounded was silenced."))
        return True

    def _follow(self, process: subprocess.Popen[bytes]) -> None:
        """Hear one player until its pipe ends."""
        assert process.stdout is not None
        frames = Frames()
        try:
            while data := os.read(process.stdout.fileno(), 65536):
                self._silent_beats = 0
                for kind, payload in frames.feed(data):
                    self._understand(kind, payload)
        except (OSError, WireError):
            _log.exception("the player speaks in tongues")
            process.kill()

    def _understand(self, kind: Kind, payload: bytes) -> None:
        if kind is Kind.RECEIVED:
            for message in unpack_received(payload):
                self._tell(message)
            return
        event = words.EVENTS.unpack(payload)
        if isinstance(event, words.Acknowledged):
            self._greet(event)
            return
        if isinstance(event, Scheduling):
            self._scheduling = event.sentence
        if isinstance(event, Lateness):
            self._statistics = replace(self._statistics, lateness=event)
        self._tell(event)

    def _greet(self, event: words.Acknowledged) -> None:
        with self._lock:
            self._unread_from = max(self._unread_from, min(event.sequence, self._sequence))
        if not self._greeted:
            self._greeted = True
            if abs(event.at_s - self._clock()) > 10:
                self._tell(Refused("The player's clock is not ours; notes would be late."))

    def _tell(self, event: PlayerEvent) -> None:
        try:
            self._hear(event)
        except Exception:  # noqa: BLE001 - whoever listens must not end the reader
            _log.exception("hearing %s", type(event).__name__)

    def _keep(self) -> None:
        """The keeper thread: a beat ten times a second, and an end to a player that is stuck."""
        while not self._closing.wait(_BEAT_S):
            self._say(words.Beat())
            out, process = self._out, self._process
            if out is not None:
                out.flush()
            with self._lock:
                self._settle()
            self._silent_beats += 1
            patience = _PATIENCE_BEATS if self._greeted else _FIRST_WORD_BEATS
            if process is not None and self._silent_beats > patience:
                _log.warning("the player has not said a word for %d beats", self._silent_beats)
                process.kill()

    def _last_complaint(self) -> str:
        self._complaints.seek(0)
        lines = self._complaints.read()[-4096:].decode(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), "no word why")


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


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave was said: wait, then ask, then insist."""
    for insist in (None, process.terminate, process.kill):
        if insist is not None:
            with suppress(OSError):
                insist()
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
            return
