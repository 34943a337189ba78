"""All that plays in time, wired to a session: transport, player, sound, controllers, OSC.

The scene says the tempo and which track goes where; the settings say what is connected to this
computer. The rig follows both. Its parts speak on threads of their own; what they say waits here
until the window's thread collects it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Protocol

from psygnal import Signal

from studio.audio import messages as sound_messages
from studio.audio.client import SoundClient
from studio.audio.messages import DevicesSeen, FontSeen, SoundEvent, SoundState
from studio.audio.settings import BUFFER, OFFSET, ROOM, VOLUME
from studio.control.controls import FixedPart, trigger
from studio.control.deck_controls import controls_of
from studio.control.transport_controls import score_part, sound_part, transport_part
from studio.document.parameters import Value
from studio.document.routes import SOUND
from studio.document.scene import Scene
from studio.document.score import (
    COUNT_IN,
    METRE_BEATS,
    METRE_UNIT,
    METRONOME,
    METRONOME_LEVEL,
    QUANTUM,
    TEMPO,
)
from studio.live import _player_client as player_client
from studio.live import settings as kept
from studio.live._player_client import (
    Lateness,
    PlayerClient,
    PlayerEvent,
    PortsSeen,
    PortState,
    Refused,
    Scheduling,
)
from studio.live._quantise import Later
from studio.live._silence import why_silent
from studio.live.clock.following import ClockFollower
from studio.live.clock.link import LinkError, LinkLeader
from studio.live.clock.movement import Movement
from studio.live.clock.scene_transport import ScoredTransport
from studio.live.clock.transport import LEAD_S, Transport
from studio.live.conductor import Conductor
from studio.live.controllers.surfaces import Surfaces
from studio.live.ensemble.controls import EnsemblePart
from studio.live.ensemble.ensemble import Ensemble
from studio.live.jumps import Jumps
from studio.live.metronome import Metronome
from studio.live.osc.packets import OscError
from studio.live.osc.service import Osc
from studio.live.settings import Settings
from studio.processes.messages import Due, Received
from studio.session import Session

OURS = "Latent Loom"
"""What other programs call our own ports."""

LINK = "Link"

_NOT_STARTED = SoundState(False, None, "The sound is not started.")

_HAND_OVER_S = 0.02
"""What a note needs to the sound process beyond the sound's own latency."""

_KEEP_S = 1.0
"""How long settings rest before they are written."""

_SOUND_FIELDS = {
    VOLUME.name: "volume",
    ROOM.name: "room",
    OFFSET.name: "offset_ms",
    BUFFER.name: "buffer",
}

_NO_PORTS = PortsSeen("", (), ())


class Sound(Protocol):
    """What is asked of `studio.audio.client.SoundClient`."""

    def start(self) -> None: ...
    def close(self) -> None: ...
    def send(self, messages: Sequence[Due]) -> None: ...
    def stop(self) -> None: ...
    def panic(self) -> None: ...
    def use_device(self, name: str | None) -> None: ...
    def use_buffer(self, size: str) -> None: ...
    def set_volume(self, volume: float) -> None: ...
    def set_room(self, amount: float) -> None: ...
    def set_offset(self, offset_ms: float) -> None: ...


class Rig:
    """Signals, on the window's thread: `changed()` when something shown has changed, apart from
    where the beat is; `heard(message)` for every MIDI message but clocks; `noticed(sentence)` for
    the artist.

    `wake` is called on any thread and asks the window's to `collect`.
    """

    changed = Signal()
    heard = Signal(Received)
    noticed = Signal(str)

    def __init__(
        self,
        session: Session,
        *,
        wake: Callable[[], None],
        file: Path,
        player: Callable[[Callable[[PlayerEvent], None]], PlayerClient] = PlayerClient,
        sound: Callable[[Callable[[SoundEvent], None]], Sound] = SoundClient,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._session = session
        self._wake = wake
        self._file = file
        self._arrived: deque[PlayerEvent | SoundEvent | str] = deque()
        self._followed: str | None = None
        self._shown: Movement | None = None
        self._why_silent = ""
        self._running = False
        self._keep_at_s: float | None = None
        self.settings = Settings()
        self.ports = _NO_PORTS
        """The MIDI system and what is connected to it."""
        self.port_states: dict[tuple[str, str], PortState] = {}
        """By key and side, "in" or "out"."""
        self.sound_state = _NOT_STARTED
        self.sound_devices = DevicesSeen(())
        self.font: FontSeen | None = None
        self.lateness: Lateness | None = None
        self.scheduling = ""
        self.follower = ClockFollower(clock)
        self.player = player(self._hear)
        self.sound = sound(self._say)
        self.transport = Transport(clock)
        self.conductor = Conductor(self.transport, self.player, sound=self.sound, clock=clock)
        self.metronome = Metronome(self.transport)
        self.ensemble = Ensemble(
            session,
            self.transport,
            self.conductor,
            wake=wake,
            late_ears_s=lambda: self.settings.sound.offset_ms / 1000,
        )
        """The decks that compose."""
        self.later = Later(self.transport)
        self.jumps = Jumps(self.later, self.transport, self._quantum)
        self.scored = ScoredTransport(session, self.transport)
        self.controls = controls_of(session, self.jumps.to)
        for part in (
            transport_part(self.scored),
            score_part(session),
            sound_part(self._sound_value, self._set_sound),
            FixedPart([trigger("/panic", "Panic", self.panic)]),
            EnsemblePart(session, self.ensemble),
        ):
            self.controls.add(part)
        self.surfaces = Surfaces(self.controls, send=self._light)
        self.osc = Osc(self.controls, wake)
        self._connect()

    def _connect(self) -> None:
        for part in (self.transport, self.conductor):
            part.noticed.connect(self._say)  # on threads of their own
        for here in (self.surfaces, self.osc, self.ensemble):
            here.noticed.connect(self.noticed.emit)
        self.transport.changed.connect(self._wake)
        self.surfaces.changed.connect(self.changed.emit)
        self._session.changed.connect(self._follow_scene)

    # -- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the player, the sound and the clock thread, and connect what was connected."""
        self._running = True
        self.player.start()
        self.conductor.add(self.metronome)
        self.conductor.route(self._session.scene.routes)
        self._apply_score(self._session.scene.score, {})
        self.ensemble.start()
        self.conductor.start()
        self._apply(kept.read(self._file), Settings())

    def close(self) -> None:
        """Stop, silence everything, and end the processes."""
        if not self._running:
            return
        self._running = False
        self._keep(float("inf"))
        self._session.changed.disconnect(self._follow_scene, missing_ok=True)
        self.ensemble.close()
        self.osc.close()
        self._follow(None)
        self.conductor.close()
        self.player.close()
        self.sound.close()

    # -- what a hand does ----------------------------------------------------------------------

    def use(self, settings: Settings) -> None:
        """Connect as `settings` say, and keep them for the next time: in a moment, since a knob
        may be turning."""
        self._apply(settings, self.settings)
        self._keep_at_s = self.transport.clock() + _KEEP_S
        self.changed.emit()

    def panic(self) -> None:
        """Stop, and silence all that can sound."""
        self.transport.stop()
        self.player.panic()
        self.sound.panic()

    def in_time(self, change: Callable[[], None], key: str) -> None:
        """Do `change` when the scene's quantum lets it through; the newest of a `key` wins."""
        self.later.do(self._quantum(), change, key)

    # -- the window's thread -------------------------------------------------------------------

    def collect(self) -> None:
        """Take what the parts have said. On the window's thread, when woken."""
        if not self._running:
            return
        self.osc.collect()
        self.ensemble.collect()
        movement = self.transport.movement
        if not self._arrived and movement is self._shown:
            return
        self._shown = movement
        while self._arrived:
            self._take(self._arrived.popleft())
        self._say_why_silent()
        self.changed.emit()

    def tick(self, now_s: float) -> None:
        """What time brings; call it some sixty times a second."""
        self.later.turn()
        self.ensemble.tick()
        self._keep(now_s)
        self.surfaces.tick(now_s)
        self.osc.tick(now_s)

    # -- other threads -------------------------------------------------------------------------

    def _hear(self, event: PlayerEvent) -> None:
        """On the player's reader thread. A clock and an echo do not wait for the window."""
        if isinstance(event, Received):
            if event.port == self._followed and self.follower.feed(event):
                self.transport.turn()
            if event.data[0] >= 0xF8:
                return
            if self.settings.echo and self._is_music(event):
                self.sound.send([Due(event.at_s, SOUND, event.data)])
        self._say(event)

    def _is_music(self, event: Received) -> bool:
        """Whether it is a note, of a key that plays no control."""
        status, key = event.data[0], event.data[1:2]
        if not 0x80 <= status < 0xA0 or not key:
            return False
        return (event.port, status & 0x0F, key[0]) not in self.surfaces.bound_notes

    def _say(self, event: PlayerEvent | SoundEvent | str) -> None:
        self._arrived.append(event)
        self._wake()

    # -- inside --------------------------------------------------------------------------------

    def _say_why_silent(self) -> None:
        """Whoever presses play and hears nothing is told why, once for the same reason; not before
        the sound has had its say."""
        waits = self.settings.sound.on and self.sound_state is _NOT_STARTED
        if waits or not self.transport.movement.playing:
            return
        outputs = {
            key for (key, side), s in self.port_states.items() if side == "out" and s.is_open
        }
        routes = self._session.scene.routes
        why = why_silent(routes, self.settings.sound, self.sound_state, outputs)
        if why and why != self._why_silent:
            self.noticed.emit(why)
        self._why_silent = why

    def _take(self, event: PlayerEvent | SoundEvent | str) -> None:
        match event:
            case Received():
                self.surfaces.hear(event)
                if self._is_music(event):
                    self.ensemble.hear(event)
                self.heard.emit(event)
            case PortState():
                self._take_port(event)
            case SoundState():
                self._take_sound(event)
            case str():
                self.noticed.emit(event)
            case _:
                self._note(event)

    def _note(self, event: PlayerEvent | SoundEvent) -> None:
        """What the window shows when it likes, or a sentence."""
        match event:
            case PortsSeen():
                self.ports = event
            case Lateness():
                self.lateness = event
            case Scheduling(sentence=sentence):
                self.scheduling = sentence
            case DevicesSeen():
                self.sound_devices = event
            case FontSeen():
                self.font = event
            case Refused() | player_client.Restarted() | sound_messages.Restarted():
                self.noticed.emit(event.sentence)

    def _take_port(self, event: PortState) -> None:
        before = self.port_states.get((event.key, event.side))
        self.port_states[event.key, event.side] = event
        if event.is_open and event.side == "out":
            self.conductor.port_opened(event.key)
            self.surfaces.came_back(event.key)
        if before is not None and before.is_open != event.is_open:
            self.noticed.emit(event.sentence)

    def _take_sound(self, event: SoundState) -> None:
        lost = self.sound_state.open and not event.open
        self.sound_state = event
        latency_s = event.latency_ms / 1000 if event.open else 0.0
        self.transport.lead_s = max(LEAD_S, latency_s + _HAND_OVER_S)
        if lost:
            self.noticed.emit(event.sentence)

    def _light(self, output: str, messages: Sequence[bytes]) -> None:
        now_s = self.transport.clock()
        self.player.send([Due(now_s, output, data) for data in messages])

    def _quantum(self) -> str:
        return str(self._session.scene.score[QUANTUM.name])

    def _sound_value(self, name: str) -> Value:
        value: Value = getattr(self.settings.sound, _SOUND_FIELDS[name])
        return value

    def _set_sound(self, name: str, value: Value) -> None:
        sound = self.settings.sound.but(**{_SOUND_FIELDS[name]: value})
        self.use(self.settings.but(sound=sound))

    # -- settings ------------------------------------------------------------------------------

    def _keep(self, now_s: float) -> None:
        """Write the settings once they have rested."""
        if self._keep_at_s is None or now_s < self._keep_at_s:
            return
        self._keep_at_s = None
        try:
            kept.write(self._file, self.settings)
        except OSError as error:
            self.noticed.emit(f"The settings cannot be kept: {error.strerror or error}.")

    def _apply(self, wanted: Settings, before: Settings) -> None:
        self.settings = wanted
        self._apply_outputs(wanted, before)
        self._apply_inputs(wanted, before)
        self.conductor.clock_to(wanted.clock_to)
        self._follow(wanted.follow)
        self._apply_sound(wanted, before)
        self._apply_osc(wanted, before)

    def _apply_outputs(self, wanted: Settings, before: Settings) -> None:
        for name in before.outputs:
            if name not in wanted.outputs:
                self.player.close_output(name)
                self.port_states.pop((name, "out"), None)
        for name in wanted.outputs:
            if name not in before.outputs:
                self.player.open_output(name, name)
        if wanted.virtual_ports and not before.virtual_ports:
            self.player.open_output(OURS, OURS, virtual=True)
        if before.virtual_ports and not wanted.virtual_ports:
            self.player.close_output(OURS)

    def _apply_inputs(self, wanted: Settings, before: Settings) -> None:
        ours = (OURS,) if wanted.virtual_ports else ()
        had = (OURS,) if before.virtual_ports else ()
        for name in (*before.inputs, *had):
            if name not in (*wanted.inputs, *ours):
                self.player.close_input(name)
                self.surfaces.disconnect(name)
                self.port_states.pop((name, "in"), None)
        for name in (*wanted.inputs, *ours):
            is_new = name not in (*before.inputs, *had)
            if is_new:
                self.player.open_input(name, name, virtual=name == OURS)
            lamps, had_lamps = name in wanted.outputs, name in before.outputs
            if is_new or lamps != had_lamps:
                self.surfaces.connect(name, name, name if lamps else None)

    def _follow(self, name: str | None) -> None:
        if name == self._followed:
            return
        before, self._followed = self.transport.leader, name
        self.transport.follow(None)
        if isinstance(before, LinkLeader):
            before.close()
        if name == LINK:
            try:
                self.transport.follow(LinkLeader(self.transport.bpm))
            except LinkError as error:
                self._followed = None
                self.noticed.emit(str(error))
        elif name is not None:
            self.transport.follow(self.follower)

    def _apply_sound(self, wanted: Settings, before: Settings) -> None:
        sound, had = wanted.sound, before.sound
        self.sound.set_volume(sound.volume if sound.on else 0.0)
        self.sound.set_room(sound.room)
        self.sound.set_offset(sound.offset_ms)
        if sound.buffer != had.buffer:
            self.sound.use_buffer(sound.buffer)
        if sound.device != had.device:
            self.sound.use_device(sound.device)
        if sound.on:
            self.sound.start()

    def _apply_osc(self, wanted: Settings, before: Settings) -> None:
        osc = wanted.osc
        if osc == before.osc:
            return
        self.osc.close()
        try:
            if osc.listens:
                self.osc.start(osc.port, open_to_network=osc.open_to_network)
            if osc.target is not None:
                self.osc.tell(osc.target, osc.target_port)
        except OscError as error:
            self.noticed.emit(str(error))

    # -- the scene -----------------------------------------------------------------------------

    def _follow_scene(self, scene: Scene, before: Scene) -> None:
        if self._running and scene.routes != before.routes:
            self.conductor.route(scene.routes)
        if self._running and scene.score != before.score:
            self._apply_score(scene.score, before.score)
        self.osc.stale()

    def _apply_score(self, score: Mapping[str, Value], before: Mapping[str, Value]) -> None:
        """Only what has changed: a tempo that is set again is heard as a change of tempo."""
        transport = self.transport
        if score[TEMPO.name] != before.get(TEMPO.name):
            transport.set_tempo(float(score[TEMPO.name]))
        metre = (int(score[METRE_BEATS.name]), int(score[METRE_UNIT.name]))
        if metre != (transport.metre.beats, transport.metre.unit):
            transport.set_metre(*metre)
        if score[COUNT_IN.name] != transport.count_in_bars:
            transport.set_count_in(int(score[COUNT_IN.name]))
        self.metronome.on = bool(score[METRONOME.name])
        self.metronome.level = float(score[METRONOME_LEVEL.name])
