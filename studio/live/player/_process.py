"""The player's process: one loop that sleeps until shortly before the next deadline, then spins."""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter, sleep

from studio.live.player import protocol
from studio.live.player._player import SLEPT_S, Playback, Shot
from studio.live.player._priority import lock_memory, raise_priority
from studio.live.player._system import RtMidi, System
from studio.live.player._trace import Trace
from studio.processes.framing import Frames, Kind, WireError, pack_received, unpack_play
from studio.processes.messages import Received
from studio.processes.pipes import PipeWriter, pipe_writer, read, selectable

SPIN_S = 0.001
"""Sleeping is exact to some tenths of a millisecond at best; the rest is spun."""
SPIN_BRIEFLY_S = 0.0003
"""Where others may interrupt, who has spun for long is the first to be."""
_SWITCH_S = 1e-4
"""How soon input threads get the interpreter, so that JACK need not wait for a spinning loop."""
_CHUNK = 1024
"""Bytes read at once: some 50 messages, 0.2 ms of work, between two deadlines."""
_NEAR_S = 0.0005
"""What is due this soon after a message is made ready with it."""
_STARVED_S = 0.005
_BEAT_S = 0.05
_TEND_S = 0.25
_CALM_S = 0.008
"""The gap that looking after the ports wants: listing takes 0.3 ms, connecting up to 6."""
_AT_LAST_S = 2.0
_DRAIN_S = 0.05
"""What a sound server may take to fetch the last note offs."""


def main(find_system: Callable[[], System | None] | None = None) -> int:
    """Play until the app says leave, or is gone; the exit code."""
    granted = raise_priority()
    sys.setswitchinterval(_SWITCH_S)
    out = pipe_writer(sys.stdout.fileno())
    spin_s = SPIN_S if granted.real_time else SPIN_BRIEFLY_S
    loop = Loop((find_system or _system)(), out, selectable(sys.stdin.fileno()), spin_s)
    out.post(protocol.EVENTS.pack(protocol.Scheduling(granted.sentence)))
    gc.disable()
    gc.freeze()
    lock_memory()
    return loop.run()


class Loop:
    """Reads the app's pipe between deadlines and keeps them."""

    def __init__(self, system: System | None, out: PipeWriter, inbox: int, spin_s: float) -> None:
        self._out, self._inbox, self._system, self._spin_s = out, inbox, system, spin_s
        self._frames = Frames()
        self._parent = os.getppid()
        self._code = 0
        self._wake = _on_signals(self._leave)
        self._player = Playback(system, self._say, self._hear)
        self._trace = Trace.wanted()
        self._read_s = self._beat_s = self._tended_s = self._woke_s = 0.0

    def run(self) -> int:
        """Until the end; silences whatever happens, and does not wait for a dead driver."""
        try:
            while not self._player.leaving:
                self._turn()
            return self._code
        finally:
            _insist(2.0)
            if self._code != protocol.SYSTEM_GONE:
                self._player.silence()
                sleep(_DRAIN_S)
                self._player.ports.close_all()
            self._out.flush()
            if self._trace is not None:
                self._trace.write()

    def _turn(self) -> None:
        now, due_s = perf_counter(), self._player.next_due_s
        if due_s - now <= self._spin_s:
            self._perform(max(now, due_s) + _NEAR_S)
            if now - self._read_s > _STARVED_S:
                self._look(0.0)
            if now - self._beat_s > _STARVED_S:
                self._beat(now, due_s)
            return
        if now >= self._beat_s:
            self._beat(now, due_s)
            return
        self._look(min(due_s - self._spin_s, self._beat_s) - now)

    def _perform(self, until_s: float) -> None:
        """Make ready, spin, send: between the deadline and the driver there is next to nothing."""
        late_s: list[float] = []
        slept = self._player.next_due_s < self._woke_s
        for due_s, port, data in self._player.take(until_s):
            while (now := perf_counter()) < due_s:
                pass
            port.send(data)
            late_s.append(now - due_s)
            if self._trace is not None:
                self._trace.add(due_s, now, data[0])
        self._player.sent(late_s, slept=slept)

    def _beat(self, now: float, due_s: float) -> None:
        """Twenty times a second: a sign of life, and is the app still there?"""
        self._beat_s = now + _BEAT_S
        self._out.flush()
        self._player.acknowledge()
        if os.getppid() != self._parent or self._out.closed:
            self._leave()
        since = now - self._tended_s
        if since > _AT_LAST_S or (since > _TEND_S and due_s - now > _CALM_S):
            self._tended_s = now
            self._player.tend()
            gc.collect()  # a tenth of a millisecond over what has come since the freeze

    def _look(self, wait_s: float) -> None:
        """Wait for the app's bytes, a signal, or the end of the MIDI system."""
        watched: list[int] = self._system.watched() if self._system else []
        fds = [self._inbox, self._wake.fileno(), *watched]
        from_s = perf_counter()
        ready, _, _ = select.select(fds, [], [], max(0.0, wait_s))
        if (now := perf_counter()) - from_s > SLEPT_S:
            self._woke_s = now
        if self._inbox in ready:
            self._read()
        if any(fd in ready for fd in watched):
            self._code = protocol.SYSTEM_GONE
            self._leave()

    def _read(self) -> None:
        self._read_s = perf_counter()
        try:
            data = read(self._inbox, _CHUNK)
            for kind, payload in self._frames.feed(data):
                if kind is Kind.PLAY:
                    self._send_late(self._player.play(*unpack_play(payload)))
                else:
                    self._player.obey(protocol.COMMANDS.unpack(payload))
        except (OSError, WireError):
            data = b""
        if not data:
            self._leave()

    def _send_late(self, shots: list[Shot]) -> None:
        for due_s, port, data in shots:
            if self._trace is not None:
                self._trace.add(due_s, perf_counter(), data[0])
            port.send(data)

    def _leave(self) -> None:
        self._player.leaving = True

    def _say(self, event: object) -> None:
        self._out.post(protocol.EVENTS.pack(event))

    def _hear(self, key: str, data: bytes) -> None:
        """On rtmidi's thread."""
        self._out.post(pack_received((Received(perf_counter(), key, data),)))


def _system() -> System | None:
    try:
        return RtMidi()
    except ImportError:
        return None


def _on_signals(leave: Callable[[], None]) -> socket.socket:
    """Have `leave` called when we are asked to end; what is returned is then readable.

    Ctrl+C in a terminal reaches us too, but what it means is for the app to say.
    """
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.detach(), warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), lambda *_: leave())
    return ours


def _insist(seconds: float) -> None:
    """End this process even if a driver never comes back."""
    with suppress(AttributeError):
        signal.setitimer(signal.ITIMER_REAL, seconds)
