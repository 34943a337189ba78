"""The app's side of the sound process: what can be asked of it, and how it stands."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.audio import protocol
from studio.audio.device_client import DeviceClient, device_child
from studio.audio.listening.messages import Heard, Listen
from studio.audio.messages import (
    DevicesSeen,
    FontSeen,
    SoundDevice,
    SoundEvent,
    SoundState,
)
from studio.document.routes import SOUND
from studio.processes.framing import pack_play
from studio.processes.messages import Due, Panic, Stop, TakeBack
from studio.processes.supervisor import ChildProcess
from studio.settings.declared import BUFFER, OFFSET, ROOM, VOLUME

SOUND_PROCESS = device_child(
    "sound process", "studio.audio.process", protocol.COMMANDS, protocol.EVENTS
)
_KEPT = (0, 10, 91)
"""Controllers that stay as they were told: the bank, the pan, and how much the room hears."""
_CRASHES = frozenset({"SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT"})
_WINDOWS_CRASH = 0xC0000000
"""An exit code from here on is an exception that nobody caught."""


class SoundClient(DeviceClient):
    """Plays `Due` messages of the port "sound" on this computer's own synthesiser.

    A note sounds at its due time: the process knows its device's latency and renders that much
    earlier, so MIDI and sound get the same `due_s`. Sound comes when the font is loaded, about a
    second after `start`.
    """

    impossible = "The sound cannot be started"
    stopped = "The sound stopped and is being started again; MIDI plays on."
    given_up = "The sound keeps failing and is switched off; MIDI plays on."

    def __init__(
        self, hear: Callable[[SoundEvent | Heard], None], *, child: ChildProcess = SOUND_PROCESS
    ) -> None:
        super().__init__(hear, child)
        self._sequence = 0
        self._programs: dict[tuple[int, int, int], bytes] = {}
        self._state = SoundState(False, None, "The sound is not started.")
        self._followers: tuple[Callable[[object], object], ...] = ()
        self._devices: tuple[SoundDevice, ...] = ()
        self._font: FontSeen | None = None
        self.set_volume(VOLUME.initial)
        self.set_room(ROOM.initial)
        self.set_offset(OFFSET.initial)
        self.use_buffer(BUFFER.initial)
        self.use_device(None)
        self.use_font(None)

    # --- what it is asked for ---------------------------------------------------------------------

    def send(self, messages: Sequence[Due]) -> None:
        """Play `messages`; those for other ports are left out."""
        ours = [message for message in messages if message.port == SOUND]
        if not ours:
            return
        with self._child.lock:
            self._remember_programs(ours)
            self._sequence += len(ours)
            self._child.post(pack_play(self._sequence, ours))
            self._pass_on(ours)

    def stop(self) -> None:
        """Forget what is not yet due, and let every sounding note go (with its release)."""
        self._child.say(Stop())
        self._pass_on(Stop())

    def take_back(self, notes: Sequence[tuple[str, int, int]]) -> None:
        """Do not begin these notes, (port, channel 0-15, pitch), that are not yet due."""
        self._child.say(TakeBack(tuple(notes)))

    def panic(self) -> None:
        """Silence at once, and put all controllers back."""
        self._child.say(Panic())
        self._pass_on(Panic())

    def use_device(self, name: str | None) -> None:
        """Play on `name` (see `SoundDevice.name`), or where the system would with None."""
        self._set(protocol.UseDevice(name))

    def use_buffer(self, size: str) -> None:
        """One of `declared.BUFFER.options`. Raises `ParameterError` for another."""
        self._set(protocol.UseBuffer(BUFFER.validate(size)))

    def use_font(self, path: Path | None) -> None:
        """Play another SoundFont (.sf2, .sf3), or our own with None; the answer is a `FontSeen`."""
        self._set(protocol.UseFont(str(path) if path else None))

    def set_volume(self, volume: float) -> None:
        """From 0 to 1, as heard (`declared.VOLUME`). Raises `ParameterError`."""
        self._set(protocol.SetVolume(VOLUME.validate(volume)))

    def set_room(self, amount: float) -> None:
        """From 0 (dry) to 1 (`declared.ROOM`). Raises `ParameterError`."""
        self._set(protocol.SetRoom(ROOM.validate(amount)))

    def set_offset(self, offset_ms: float) -> None:
        """Sound later (+) or earlier (-) than MIDI (`declared.OFFSET`). Raises `ParameterError`."""
        self._set(protocol.SetOffset(OFFSET.validate(offset_ms)))

    def listen(self, listen: Listen) -> None:
        """Say in `Heard`s what the instrument's own sound is like, whatever the volume is."""
        self._set(listen)

    def follow(self, hear: Callable[[object], object]) -> None:
        """Tell `hear` what the process is told: lists of `Due`s, `Stop`, `Panic` and settings, and
        which font plays (`FontSeen`). What it knows already comes first, on this thread; `hear`
        must not wait."""
        with self._child.lock:
            for setting in self._settings.values():
                hear(setting)
            hear([Due(0.0, SOUND, data) for _, data in sorted(self._programs.items())])
            self._followers = (*self._followers, hear)

    def unfollow(self, hear: Callable[[object], object]) -> None:
        """Tell it no more."""
        self._followers = tuple(each for each in self._followers if each != hear)

    def _pass_on(self, said: object) -> None:
        for hear in self._followers:
            hear(said)

    # --- how it stands ----------------------------------------------------------------------------

    @property
    def devices(self) -> tuple[SoundDevice, ...]:
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

    # --- what every process is told ---------------------------------------------------------------

    def _set(self, setting: object) -> None:
        with self._child.lock:
            is_news = self._settings.get(type(setting)) != setting
            super()._set(setting)
            if is_news:
                self._pass_on(setting)

    def _greeting(self) -> list[bytes]:
        # A bank (0xB0) goes before the program (0xC0) that it belongs to.
        known = [Due(0.0, SOUND, data) for _, data in sorted(self._programs.items())]
        return [*super()._greeting(), pack_play(0, known)]

    def _remember_programs(self, messages: Sequence[Due]) -> None:
        """A process that is started again must know them: nobody sends them twice."""
        for message in messages:
            kind, channel = message.data[0] & 0xF0, message.data[0] & 0x0F
            if kind == 0xC0:
                self._programs[channel, kind, 0] = message.data
            elif kind == 0xB0 and message.data[1] in _KEPT:
                self._programs[channel, kind, message.data[1]] = message.data

    # --- what the process says --------------------------------------------------------------------

    def _understand(self, event: Any) -> None:
        match event:
            case SoundState():
                self._state = event
            case DevicesSeen():
                self._devices = event.devices
            case FontSeen():
                self._font = event
                self._pass_on(event)
        super()._understand(event)

    def _sentence(self, how: int) -> str:
        return self._without_font(how) or self.stopped

    def _without_font(self, how: int) -> str:
        """Not the same stranger's font again where the synthesiser crashed; what to say."""
        with self._child.lock:
            path = self._settings[protocol.UseFont].path
            if not path or not _crashed(how):
                return ""
            self._settings[protocol.UseFont] = protocol.UseFont(None)
        return f"The sound crashed with the SoundFont {Path(path).name}; it goes on with our own."

    def _failed(self, sentence: str) -> SoundState:
        return replace(self._state, open=False, sentence=sentence, latency_ms=0.0)


def _crashed(how: int) -> bool:
    """Whether an exit code tells of a crash, and not of somebody who ended the process."""
    with suppress(ValueError):
        return how >= _WINDOWS_CRASH or signal.Signals(-how).name in _CRASHES
    return False
