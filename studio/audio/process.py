"""The sound process: `python -m studio.audio.process`, started by `SoundClient`.

Three threads: the main one minds the device, a reader takes what the app sends, and PortAudio's own
asks the renderer for blocks. The process leaves within 250 ms when the app does, however that ends,
and lets its notes go when the app no longer says that it is alive.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from studio.audio import fonts, protocol
from studio.audio._device_keeper import DeviceKeeper
from studio.audio._instrument import SoundFontInstrument
from studio.audio._renderer import Renderer
from studio.audio._room_send import shares_out
from studio.audio._synths import NoSynthError
from studio.audio._trial import try_out
from studio.audio.app_pipe import events_pipe
from studio.audio.device_process import DeviceProcess, prepare
from studio.audio.font.riff import FontError
from studio.audio.listening.listener import Listener
from studio.audio.listening.messages import Heard, Listen
from studio.audio.messages import FontSeen, SoundState
from studio.audio.output import SoundDeviceError, portaudio
from studio.processes.framing import Kind, unpack_play
from studio.processes.messages import Leave, Panic, Stop, TakeBack

ABANDONED_S = 1.0
"""After so long without a word from the app, its notes are let go."""
_RATE_HZ = 48_000


class SoundProcess(DeviceProcess):
    """Does what the app says. `obey` may be called on any thread, too."""

    _keeper: DeviceKeeper

    def __init__(
        self,
        instrument: SoundFontInstrument,
        seen: FontSeen,
        tell: Callable[[object], object],
        tell_heard: Callable[[Heard], bool] = lambda _: True,
    ) -> None:
        self._listener = Listener(tell_heard)
        self._instrument, self._seen = instrument, seen
        self._font: str | None = None
        self.renderer = Renderer(instrument)
        self.renderer.tap = self._listener.hear
        super().__init__(DeviceKeeper(self.renderer, tell), tell)
        self._heard_s = perf_counter()

    def run(self) -> None:
        self._tell(self._seen)
        super().run()

    def leave(self) -> None:
        self.renderer.panic()
        super().leave()

    def hear(self, kind: Kind, payload: bytes) -> None:
        """A frame from the app."""
        if kind is Kind.PLAY:
            self.play(payload)
        else:
            self.obey(protocol.COMMANDS.unpack(payload))

    def play(self, payload: bytes) -> None:
        """Notes, straight to the renderer."""
        self._heard_s = perf_counter()
        messages = [(due.due_s, due.data) for due in unpack_play(payload)[1]]
        if shares_out(messages) and not self.renderer.has_second:
            self.later(self._share_the_room)
        self.renderer.send(messages)

    def obey(self, command: object) -> None:
        """Do at once what touches the renderer only; leave the rest to the main thread."""
        self._heard_s = perf_counter()
        match command:
            case Leave():
                self.leave()
            case Stop():
                self.renderer.stop()
            case TakeBack(notes):
                self.renderer.take_back({(channel, pitch) for _, channel, pitch in notes})
            case Panic():
                self.renderer.panic()
            case protocol.SetVolume(volume):
                self.renderer.set_volume(volume)
            case protocol.SetRoom(amount):
                self.renderer.set_room(amount)
            case protocol.SetOffset(offset_ms):
                self.renderer.offset_s = offset_ms / 1000
            case _:
                self.later(lambda: self._do(command))

    def _do(self, command: object) -> None:
        match command:
            case Listen():
                self._listener.listen(command)
            case protocol.UseDevice(name):
                self._keeper.use_device(name)
            case protocol.UseBuffer(size):
                self._keeper.use_buffer(size)
            case protocol.UseFont(path):
                self._use_font(path)

    def _use_font(self, path: str | None) -> None:
        """Loading holds Python's lock for a second, so the device rests meanwhile."""
        if path == self._font:
            return
        try:
            if path:
                try_out(Path(path), self._watch)
        except FontError as error:
            self._tell(replace(self._seen, sentence=str(error)))
            return
        before, self._font = self._font, path
        self._keeper.close()
        try:
            instrument, self._seen = fonts.load(self._path, _RATE_HZ)
            instrument.adopt(self._instrument)
            self._instrument = self.renderer.instrument = instrument
            if self.renderer.has_second:
                self._load_second()
            self._tell(self._seen)
        except FontError as error:
            self._font = before
            self._tell(replace(self._seen, sentence=str(error)))
        self._keeper.reopen()

    def _share_the_room(self) -> None:
        """The first part has less of the room than others: that takes a second instrument. As with
        another font, the device rests meanwhile."""
        if not self.renderer.has_second:
            self._keeper.close()
            self._load_second()
            self._keeper.reopen()

    def _load_second(self) -> None:
        second, _ = fonts.load(self._path, _RATE_HZ)
        second.adopt(self._instrument)
        self.renderer.use_second(second)

    @property
    def _path(self) -> Path | None:
        return Path(self._font) if self._font else None

    def _watch(self) -> None:
        if perf_counter() - self._heard_s > ABANDONED_S:
            self.renderer.stop()
        super()._watch()


def main() -> int:
    """Read commands from standard input, tell events on standard output."""
    prepare()
    events = events_pipe()

    def tell(event: object) -> bool:
        return events.post(protocol.EVENTS.pack(event))

    try:
        portaudio()
        instrument, seen = fonts.load(None, _RATE_HZ)
    except (SoundDeviceError, FontError, NoSynthError) as error:
        tell(SoundState(False, None, str(error)))
        return protocol.HOPELESS
    process = SoundProcess(instrument, seen, tell, lambda heard: events.flush() and tell(heard))
    gc.collect()
    gc.freeze()
    gc.disable()  # nothing here makes cycles, and a collection is a pause
    return process.serve()


if __name__ == "__main__":
    code = main()
    os._exit(code)  # a thread or a clean-up of PortAudio's may hang in a device that is gone
