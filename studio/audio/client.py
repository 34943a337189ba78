"""The app's side of the sound process: what can be asked of it, and how it stands."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Thread

from studio.audio import protocol as words
from studio.audio.messages import (
    Device,
    DevicesSeen,
    FontSeen,
    Restarted,
    SoundEvent,
    SoundState,
)
from studio.audio.settings import BUFFER, OFFSET, ROOM, VOLUME
from studio.document.routes import SOUND
from studio.processes.framing import pack_play
from studio.processes.messages import Due
from studio.processes.supervisor import Supervisor, environment

_COMMAND = (sys.executable, "-P", "-m", "studio.audio.process")
_LOOK = (sys.executable, "-P", "-m", "studio.audio.output")


class SoundClient:
    """Plays `Due` messages of the port "sound" on this computer's own synthesiser.

    A note sounds at its due time: the process knows its device's latency and renders that much
    earlier, so MIDI and sound get the same `due_s`. `hear` is called on the client's own threads.
    No method blocks, raises for a missing device, or waits for the process; each may be called on
    any thread, and a setting that is set to what it is does nothing.
    """

    def __init__(
        self, hear: Callable[[SoundEvent], None], *, command: Sequence[str] = _COMMAND
    ) -> None:
        self._hear = hear
        self._child = Supervisor(command, self._greeting, self._understand, self._failed)
        self._sequence = 0
        self._programs: dict[tuple[int, int], bytes] = {}
        self._wishes: dict[type, object] = {}
        self._state = SoundState(False, None, "The sound is not started.")
        self._devices: tuple[Device, ...] = ()
        self._font: FontSeen | None = None
        self.set_volume(VOLUME.initial)
        self.set_room(ROOM.initial)
        self.set_offset(OFFSET.initial)
        self.use_buffer(BUFFER.initial)
        self.use_device(None)
        self.use_font(None)

    def start(self) -> None:
        """Start the process and return at once; sound comes when the font is loaded (about 1 s)."""
        self._child.start()

    def close(self) -> None:
        """Silence and end the process, within two seconds."""
        self._child.close()

    # --- what it is asked for ---------------------------------------------------------------------

    def send(self, messages: Sequence[Due]) -> None:
        """Play `messages`; those for other ports are left out."""
        ours = [message for message in messages if message.port == SOUND]
        if not ours:
            return
        with self._child.lock:
            self._remember_programs(ours)
            self._sequence += len(ours)
            self._child.say(pack_play(self._sequence, ours))

    def stop(self) -> None:
        """Forget what is not yet due, and let every sounding note go (with its release)."""
        self._child.say(words.ASKED.pack(words.Stop()))

    def panic(self) -> None:
        """Silence at once, and put all controllers back."""
        self._child.say(words.ASKED.pack(words.Panic()))

    def use_device(self, name: str | None) -> None:
        """Play on `name` (see `Device.name`), or where the system would with None."""
        self._wish(words.UseDevice(name))

    def use_buffer(self, size: str) -> None:
        """One of `settings.BUFFER.options`. Raises `ParameterError` for another."""
        self._wish(words.UseBuffer(BUFFER.validate(size)))

    def use_font(self, path: Path | None) -> None:
        """Play another SoundFont (.sf2, .sf3), or our own with None; the answer is a `FontSeen`."""
        self._wish(words.UseFont(str(path) if path else None))

    def set_volume(self, volume: float) -> None:
        """From 0 to 1, as heard (`settings.VOLUME`). Raises `ParameterError`."""
        self._wish(words.SetVolume(VOLUME.validate(volume)))

    def set_room(self, amount: float) -> None:
        """From 0 (dry) to 1 (`settings.ROOM`). Raises `ParameterError`."""
        self._wish(words.SetRoom(ROOM.validate(amount)))

    def set_offset(self, offset_ms: float) -> None:
        """Sound later (+) or earlier (-) than MIDI (`settings.OFFSET`). Raises `ParameterError`."""
        self._wish(words.SetOffset(OFFSET.validate(offset_ms)))

    def look_for_devices(self) -> None:
        """Ask for a fresh `DevicesSeen`; while something plays, new devices show only then.

        Another process looks, because in the one that plays it would end the stream.
        """
        Thread(target=self._look, name="sound look", daemon=True).start()

    # --- how it stands ----------------------------------------------------------------------------

    @property
    def devices(self) -> tuple[Device, ...]:
        """As of the last `DevicesSeen`."""
        return self._devices

    @property
    def state(self) -> SoundState:
        """As of the last `SoundState`."""
        return self._state

    @property
    def font(self) -> FontSeen | None:
        """As of the last `FontSeen`; None until the process has loaded one."""
        return self._font

    @property
    def pid(self) -> int | None:
        """The process's number, for figures and tests; None while there is none."""
        return self._child.pid

    # --- what every process is told ---------------------------------------------------------------

    def _wish(self, word: object) -> None:
        """Say it now, and to every later process too."""
        with self._child.lock:
            if self._wishes.get(type(word)) != word:
                self._wishes[type(word)] = word
                self._child.say(words.ASKED.pack(word))

    def _greeting(self) -> list[bytes]:
        # A bank (0xB0) goes before the program (0xC0) that it belongs to.
        known = [Due(0.0, SOUND, data) for _, data in sorted(self._programs.items())]
        return [*map(words.ASKED.pack, self._wishes.values()), pack_play(0, known)]

    def _remember_programs(self, messages: Sequence[Due]) -> None:
        """A process that is started again must know them: nobody sends them twice."""
        for message in messages:
            kind, channel = message.data[0] & 0xF0, message.data[0] & 0x0F
            if kind == 0xC0 or (kind == 0xB0 and message.data[1] == 0):
                self._programs[channel, kind] = message.data

    # --- what the process says --------------------------------------------------------------------

    def _understand(self, word: object) -> None:
        match word:
            case SoundState():
                self._state = word
            case DevicesSeen():
                self._devices = word.devices
            case FontSeen():
                self._font = word
            case _:
                return
        self._hear(word)

    def _failed(self, sentence: str, again: bool) -> None:
        self._understand(replace(self._state, open=False, sentence=sentence, latency_ms=0.0))
        if again:
            self._hear(Restarted(sentence))

    def _look(self) -> None:
        try:
            done = subprocess.run(_LOOK, env=environment(), capture_output=True, timeout=10)
            seen = DevicesSeen(tuple(Device(*told) for told in json.loads(done.stdout)))
        except (OSError, subprocess.SubprocessError, ValueError, TypeError):
            return  # what is known stays
        self._understand(seen)
