"""Connects what the settings of this computer name: MIDI ports, a clock to follow, sound, OSC."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from psygnal import Signal

from studio.audio.listening.messages import Listen
from studio.document.parameters import Value
from studio.live._echo import Echo
from studio.live.clock.following import ClockFollower
from studio.live.clock.link import LinkError, LinkLeader
from studio.live.clock.transport import Transport
from studio.live.conductor import Conductor
from studio.live.controllers.surfaces import Surfaces
from studio.live.device_states import DeviceStates
from studio.live.listening import Listening
from studio.live.osc.packets import OscError
from studio.live.osc.service import OscService
from studio.live.player.client import PlayerClient
from studio.processes.messages import Due
from studio.settings.declared import BUFFER, OFFSET, ROOM, VOLUME
from studio.settings.model import Settings
from studio.settings.store import Store

OURS = "Latent Loom"
"""What other programs call our own ports."""

LINK = "Link"

_SOUND_FIELDS = {
    VOLUME.name: "volume",
    ROOM.name: "room",
    OFFSET.name: "offset_ms",
    BUFFER.name: "buffer",
}


class SoundOutput(Protocol):
    """What is asked of `studio.audio.client.SoundClient`."""

    def start(self) -> None: ...
    def close(self) -> None: ...
    def send(self, messages: Sequence[Due]) -> None: ...
    def stop(self) -> None: ...
    def take_back(self, notes: Sequence[tuple[str, int, int]]) -> None: ...
    def panic(self) -> None: ...
    def use_device(self, name: str | None) -> None: ...
    def use_buffer(self, size: str) -> None: ...
    def use_font(self, path: Path | None) -> None: ...
    def set_volume(self, volume: float) -> None: ...
    def set_room(self, amount: float) -> None: ...
    def set_offset(self, offset_ms: float) -> None: ...
    def listen(self, listen: Listen) -> None: ...
    def follow(self, hear: Callable[[object], object]) -> None: ...
    def unfollow(self, hear: Callable[[object], object]) -> None: ...


class Connector:
    """Follows the settings in a `store` and connects only what differs from before. Signals:
    `changed()` when settings were followed; `noticed(sentence)`.
    """

    changed = Signal()

    noticed = Signal(str)

    def __init__(
        self,
        store: Store,
        *,
        player: PlayerClient,
        sound: SoundOutput,
        osc: OscService,
        surfaces: Surfaces,
        conductor: Conductor,
        devices: DeviceStates,
        echo: Echo,
        listening: Listening,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._player = player
        self._sound = sound
        self._osc = osc
        self._surfaces = surfaces
        self._conductor = conductor
        self._devices = devices
        self._clock = clock
        store.changed.connect(self._follow_settings)
        devices.font_refused.connect(self._keep_font)
        self._echo = echo
        self._listening = listening
        self._running = False
        self.follower = ClockFollower(clock)
        self.followed: str | None = None
        """The input whose clock is followed, or `LINK`; None: our own tempo."""

    @property
    def _transport(self) -> Transport:
        return self._conductor.transport

    def start(self) -> None:
        """Connect what was connected the last time."""
        self._running = True
        self._apply(self._store.settings, Settings())
        if self._store.trouble:
            self.noticed.emit(self._store.trouble)

    def close(self) -> None:
        """Follow nobody; the ports close with the player."""
        self._running = False
        self._store.changed.disconnect(self._follow_settings, missing_ok=True)
        self._osc.close()
        self._follow(None)

    def sound_value(self, name: str) -> Value:
        """One of `studio.settings.declared.SOUND_PARAMETERS`, by its name."""
        value: Value = getattr(self._store.settings.sound, _SOUND_FIELDS[name])
        return value

    def set_sound(self, name: str, value: Value) -> None:
        """Set one of these."""
        settings = self._store.settings
        sound = settings.sound.but(**{_SOUND_FIELDS[name]: value})
        self._store.use(settings.but(sound=sound))

    # -- inside --------------------------------------------------------------------------------

    def _follow_settings(self, wanted: Settings, before: Settings) -> None:
        if self._running:
            self._apply(wanted, before)
        self.changed.emit()

    def _apply(self, wanted: Settings, before: Settings) -> None:
        if before.echo and not wanted.echo:
            self._echo.silence(self._clock())
        self._apply_outputs(wanted, before)
        self._apply_inputs(wanted, before)
        self._conductor.clock_to(wanted.clock_to)
        self._follow(wanted.follow)
        self._apply_sound(wanted, before)
        self._apply_osc(wanted, before)

    def _apply_outputs(self, wanted: Settings, before: Settings) -> None:
        for name in before.outputs:
            if name not in wanted.outputs:
                self._player.close_output(name)
                self._devices.forget(name, "out")
        for name in wanted.outputs:
            if name not in before.outputs:
                self._player.open_output(name, name)
        if wanted.virtual_ports and not before.virtual_ports:
            self._player.open_output(OURS, OURS, virtual=True)
        if before.virtual_ports and not wanted.virtual_ports:
            self._player.close_output(OURS)

    def _apply_inputs(self, wanted: Settings, before: Settings) -> None:
        ours = (OURS,) if wanted.virtual_ports else ()
        had = (OURS,) if before.virtual_ports else ()
        for name in (*before.inputs, *had):
            if name not in (*wanted.inputs, *ours):
                self._player.close_input(name)
                self._surfaces.disconnect(name)
                self._echo.silence(self._clock(), name)
                self._devices.forget(name, "in")
        for name in (*wanted.inputs, *ours):
            is_new = name not in (*before.inputs, *had)
            if is_new:
                self._player.open_input(name, name, virtual=name == OURS)
            lamps, had_lamps = name in wanted.outputs, name in before.outputs
            if is_new or lamps != had_lamps:
                self._surfaces.connect(name, name, name if lamps else None)

    def _follow(self, name: str | None) -> None:
        if name == self.followed:
            return
        before, self.followed = self._transport.leader, name
        self._transport.follow(None)
        if isinstance(before, LinkLeader):
            before.close()
        if name == LINK:
            try:
                self._transport.follow(LinkLeader(self._transport.bpm))
            except LinkError as error:
                self.followed = None
                self.noticed.emit(str(error))
        elif name is not None:
            self._transport.follow(self.follower)

    def _apply_sound(self, wanted: Settings, before: Settings) -> None:
        sound, had = wanted.sound, before.sound
        self._sound.set_volume(sound.volume if sound.on else 0.0)
        self._sound.set_room(sound.room)
        self._sound.set_offset(sound.offset_ms)
        if sound.buffer != had.buffer:
            self._sound.use_buffer(sound.buffer)
        if sound.device != had.device:
            self._sound.use_device(sound.device)
        if sound.font != had.font:
            self._sound.use_font(Path(sound.font) if sound.font else None)
        if sound.input != had.input:
            self._listening.use_device(sound.input)
        if sound.on:
            self._sound.start()

    def _keep_font(self, plays: str) -> None:
        """The one that was asked for is refused: remember the one that plays. A file that is only
        away, with its disk, is asked for again."""
        settings = self._store.settings
        if settings.sound.font != plays and Path(settings.sound.font).exists():
            self._store.use(settings.but(sound=settings.sound.but(font=plays)))

    def _apply_osc(self, wanted: Settings, before: Settings) -> None:
        osc = wanted.osc
        if osc == before.osc:
            return
        self._osc.close()
        try:
            if osc.listens:
                self._osc.start(osc.port, open_to_network=osc.open_to_network)
            if osc.target is not None:
                self._osc.tell(osc.target, osc.target_port)
        except OscError as error:
            self.noticed.emit(str(error))
