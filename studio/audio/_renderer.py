"""From due messages to blocks of sound: each note at its own sample. No device, no thread.

Whoever holds the device calls `render` from its callback; the other methods may be called on any
thread: they only leave a wish, which the next block fulfils.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from studio.audio._instrument import Instrument
from studio.audio._reverb import Room
from studio.audio._room_send import RoomSend

Message = tuple[float, bytes]
"""When it is due (seconds of perf_counter), and a complete MIDI message."""

Block = NDArray[np.float32]
"""(frames, 2), left and right, full scale at 1."""

STALE_S = 0.25
"""A note begun later than this is left out: a machine that slept does not machine-gun."""
_LATE_S = 0.03
"""A note that misses its moment by more counts as late; a key that is played on a controller misses
it by the device's latency."""
MAKE_UP = 2.1
"""By how much all is raised: a band at the usual volume is then at -16 LUFS, and hardly touches the
limiter (`latentloom bench band`)."""
_KNEE = 0.7
"""Where the limiter begins to bend."""


class Renderer:
    """Plays what is due on an instrument; keeps the ledger of sounding notes."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.offset_s = 0.0
        """Everything sounds so much later than it is due."""
        self.late = 0
        self.tap: Callable[[Block, float, float], object] = lambda *_: None
        """Gets what `render` is given, filled, before volume and limiter."""
        self._room, self._send = Room(), RoomSend()
        self._volume = self._ramped_volume = 1.0
        self._wishes: deque[Callable[[], None]] = deque()
        self._heap: list[tuple[float, int, bytes]] = []
        self._count = 0
        self._sounding: set[tuple[int, int]] = set()

    # --- on any thread ----------------------------------------------------------------------------

    def send(self, messages: Iterable[Message]) -> None:
        """Play each at its due time."""
        taken = list(messages)
        self._wishes.append(lambda: self._take(taken))

    def stop(self) -> None:
        """Forget the notes that are not yet due, and let the sounding ones go.

        Changes of instrument and controllers among the forgotten are made at once, because whoever
        sent them will not send them again.
        """
        self._wishes.append(self._stop)

    def take_back(self, notes: Collection[tuple[int, int]]) -> None:
        """Do not begin these notes (channel from 0, pitch) that are not yet due."""
        self._wishes.append(lambda: self._take_back(notes))

    def panic(self) -> None:
        """Silence at once."""
        self._wishes.append(self._panic)

    def set_volume(self, volume: float) -> None:
        """From 0 to 1; squared, which the ear takes for even steps."""
        self._volume = MAKE_UP * volume * volume

    def set_room(self, amount: float) -> None:
        """How much of the room is heard, from 0 to 1."""
        self._room.amount = amount

    @property
    def has_second(self) -> bool:
        """Whether channels can have less of the room than others."""
        return self._send.has_second

    def use_second(self, second: Instrument | None) -> None:
        """Play on `second` for the room alone, so that channels can have less of it than others
        (controller 91); it knows what the instrument was told. While no device is open."""
        self._send.use(second)

    def use_rate(self, rate_hz: int) -> None:
        """Render for a device of another rate; while no device is open."""
        self.instrument.use_rate(rate_hz)
        self._send.use_rate(rate_hz)

    # --- in the device's callback -----------------------------------------------------------------

    def render(self, block: Block, heard_s: float, frame_s: float) -> None:
        """Fill `block`, whose first frame is heard at `heard_s` and each later one `frame_s` on."""
        self._fulfil()
        self._send.begin(len(block))
        view, frames, done = block.data.cast("B"), len(block), 0
        first_s = heard_s - self.offset_s
        while self._heap and self._heap[0][0] < first_s + (frames - 0.5) * frame_s:
            due_s, _, data = heapq.heappop(self._heap)
            at = min(frames, max(done, round((due_s - first_s) / frame_s)))
            self._sound(view, done, at)
            done = at
            self._play(data, first_s - due_s)
        self._sound(view, done, frames)
        self._room.add_to(block, self._send.heard(block))
        self.tap(block, heard_s, frame_s)
        self._finish(block)

    def idle(self, now_s: float) -> None:
        """In the place of `render` while no device is open: notes pass unheard, programs count."""
        self._fulfil()
        while self._heap and self._heap[0][0] < now_s:
            data = heapq.heappop(self._heap)[2]
            if not _is_note(data):
                self._to_instrument(data)
        self._release()

    def _sound(self, view: memoryview, begin: int, end: int) -> None:
        if end > begin:
            self.instrument.render(end - begin, view[8 * begin : 8 * end])
            self._send.render(begin, end)

    def _to_instrument(self, data: bytes) -> None:
        self.instrument.play(data)
        self._send.play(data)

    def _finish(self, block: Block) -> None:
        """Volume, without a step, and a limiter that lets nothing past full scale."""
        if self._volume != self._ramped_volume:
            ramp = np.linspace(self._ramped_volume, self._volume, len(block), dtype=np.float32)
            block *= ramp[:, None]
            self._ramped_volume = self._volume
        elif self._volume != 1:
            block *= np.float32(self._volume)
        if np.abs(block).max(initial=0.0) > _KNEE:
            limit(block)

    # --- what the wishes do -----------------------------------------------------------------------

    def _fulfil(self) -> None:
        while self._wishes:
            self._wishes.popleft()()

    def _take(self, messages: list[Message]) -> None:
        for due_s, data in messages:
            self._count += 1  # messages of one moment keep their order
            heapq.heappush(self._heap, (due_s, self._count, data))

    def _take_back(self, notes: Collection[tuple[int, int]]) -> None:
        self._heap = [e for e in self._heap if not (_begins(e[2]) and _key(e[2]) in notes)]
        heapq.heapify(self._heap)

    def _stop(self) -> None:
        self._settle()
        self._release()

    def _panic(self) -> None:
        self._settle()
        self.instrument.silence()
        self._send.silence()
        self._room.clear()
        self._sounding.clear()

    def _settle(self) -> None:
        while self._heap:
            data = heapq.heappop(self._heap)[2]
            if not _is_note(data):
                self._to_instrument(data)

    def _release(self) -> None:
        for channel, pitch in self._sounding:
            self._to_instrument(bytes((0x80 | channel, pitch, 0)))
        self._sounding.clear()

    def _play(self, data: bytes, late_s: float) -> None:
        """One message, and the ledger with it. A pitch that sounds already is ended first."""
        if not _is_note(data):
            self._to_instrument(data)
            return
        key = _key(data)
        if key in self._sounding:
            self._to_instrument(bytes((0x80 | key[0], key[1], 0)))
            self._sounding.discard(key)
        if not _begins(data):
            return
        if late_s < STALE_S:
            self.late += late_s > _LATE_S
            self._to_instrument(data)
            self._sounding.add(key)


def _is_note(data: bytes) -> bool:
    return len(data) == 3 and data[0] & 0xE0 == 0x80


def _begins(data: bytes) -> bool:
    return _is_note(data) and data[0] & 0xF0 == 0x90 and data[2] > 0


def _key(data: bytes) -> tuple[int, int]:
    return data[0] & 0x0F, data[1]


def limit(block: Block) -> None:
    """Bend what exceeds the knee so that nothing exceeds 1; softer sound is not touched."""
    size = np.abs(block)
    over = size > _KNEE
    rest = 1 - _KNEE
    bent = _KNEE + rest * np.tanh((size[over] - _KNEE) / rest)
    block[over] = np.copysign(bent, block[over])
