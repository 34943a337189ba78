"""All that plays in time, wired to a session: transport, player, sound, controllers, OSC.

The scene says the tempo and which track goes where; the settings say what is connected to this
computer. The rig follows both. Its parts speak on threads of their own; what they say waits here
until the window's thread collects it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from time import perf_counter

from psygnal import Signal

from studio.audio.client import SoundClient
from studio.audio.listening.client import InputClient
from studio.audio.listening.messages import Heard, InputEvent
from studio.audio.messages import SoundEvent, SoundState
from studio.control.controls import FixedPart, trigger
from studio.control.deck_controls import controls_of
from studio.control.modulation_controls import ModulationPart, recording_part
from studio.control.transport_controls import score_part, sound_part, transport_part
from studio.document.parameters import Value
from studio.document.routes import SOUND
from studio.document.scene import Scene
from studio.document.score import QUANTUM
from studio.live._echo import Echo
from studio.live._quantise import Later
from studio.live._silence import Silence
from studio.live.clock.movement import Movement
from studio.live.clock.scene_transport import SceneTransport
from studio.live.clock.transport import LEAD_S, Transport
from studio.live.conductor import Conductor
from studio.live.connector import Connector, SoundOutput
from studio.live.controllers.surfaces import Surfaces
from studio.live.device_states import DeviceStates
from studio.live.ensemble.controls import EnsemblePart
from studio.live.ensemble.ensemble import Ensemble
from studio.live.jumps import Jumps
from studio.live.listening import Ear, Listening, SoundInput
from studio.live.metronome import Metronome
from studio.live.modulation_source import ModulationSource
from studio.live.osc.service import OscService
from studio.live.part_mix import PartMix
from studio.live.picture_output import PictureOutput
from studio.live.player.client import PlayerClient, PlayerEvent
from studio.processes.messages import Due, Received
from studio.session import Session
from studio.session.shown import Outside
from studio.settings.declared import ROOM, VOLUME
from studio.settings.model import Settings
from studio.settings.store import Store

_Event = PlayerEvent | SoundEvent | InputEvent | str
_HAND_OVER_S = 0.02
"""What a note needs to the sound process beyond the sound's own latency."""


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
        store: Store,
        player: Callable[[Callable[[PlayerEvent], None]], PlayerClient] = PlayerClient,
        sound: Callable[[Callable[[SoundEvent | Heard], None]], SoundOutput] = SoundClient,
        sound_input: Callable[[Callable[[InputEvent], None]], SoundInput] = InputClient,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._session = session
        self._wake = wake
        self._arrived: deque[_Event] = deque()
        self._shown: Movement | None = None
        self._silence = Silence()
        self._running = False
        self._score: Mapping[str, Value] = {}
        self.store = store
        self.devices = DeviceStates()
        self.player = player(self._hear)
        self.sound = sound(partial(self._hear_ear, "instrument"))
        self.sound_input = sound_input(partial(self._hear_ear, "input"))
        self.echo = Echo(self.sound.send, SOUND)
        self.transport = Transport(clock)
        self.conductor = Conductor(self.transport, self.player, sound=self.sound, clock=clock)
        self.metronome = Metronome(self.transport)
        self.ensemble = Ensemble(
            session,
            self.transport,
            self.conductor,
            wake=wake,
            late_ears_s=self._late_ears_s,
            part_routes=lambda: self.settings.routes,
        )
        """The decks that compose."""
        self.later = Later(self.transport)
        self.jumps = Jumps(self.later, self.transport, self._quantum)
        self.scene_transport = SceneTransport(session, self.transport)
        self.controls = controls_of(session, self.jumps.to)
        self.surfaces = Surfaces(self.controls, send=self._light)
        self.osc = OscService(self.controls, wake)
        self.modulation_source = ModulationSource(
            session, self.transport, self.ensemble, self.controls, late_ears_s=self._late_ears_s
        )
        self.osc.followed = self.modulation_source.hear_osc
        self._part_mix = PartMix(self.sound, self.transport.clock)
        session.modulation.listen_to(self.modulation_source)
        self.listening = Listening(
            session,
            self.modulation_source,
            sound=self.sound,
            sound_input=self.sound_input,
            wake=wake,
        )
        self.picture = PictureOutput(session, self.transport, store, wake, ensemble=self.ensemble)
        self.connector = Connector(
            store,
            player=self.player,
            sound=self.sound,
            osc=self.osc,
            surfaces=self.surfaces,
            conductor=self.conductor,
            devices=self.devices,
            echo=self.echo,
            listening=self.listening,
            clock=clock,
        )
        sounds = (("volume", VOLUME, self.sound.set_volume), ("room", ROOM, self.sound.set_room))
        for name, about, play in sounds:
            read, hear = partial(self.connector.sound_value, about.name), partial(self._play, play)
            session.modulation.add_outside(f"/sound/{name}", Outside(about, read, hear))
        for part in (
            transport_part(self.scene_transport),
            score_part(session),
            sound_part(self.connector.sound_value, self.connector.set_sound),
            FixedPart([trigger("/panic", "Panic", self.panic)]),
            EnsemblePart(session, self.ensemble),
            FixedPart(recording_part(session)),
            ModulationPart(session),
            self.picture.controls(),
        ):
            self.controls.add(part)
        self._connect()

    def _connect(self) -> None:
        for part in (self.transport, self.conductor):
            part.noticed.connect(self._say)  # on threads of their own
        parts = (self.surfaces, self.osc, self.ensemble, self.connector, self.devices)
        for here in (*parts, self.listening, self.picture):
            here.noticed.connect(self.noticed.emit)
        self.devices.output_opened.connect(self._on_output_opened)
        self.devices.input_lost.connect(self._on_input_lost)
        self.devices.sound_changed.connect(self._on_sound_changed)
        self.devices.sound_input_changed.connect(partial(self.listening.take_state, "input"))
        self.transport.changed.connect(self._wake)
        self.surfaces.changed.connect(self.changed.emit)
        self._session.changed.connect(self._follow_scene)
        self._session.modulation.moved.connect(self._follow_score)
        self.store.noticed.connect(self.noticed.emit)
        self.connector.changed.connect(self.changed.emit)

    # -- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the player, the sound and the clock thread, and connect what was connected."""
        self._running = True
        self.player.start()
        self.conductor.add(self.metronome)
        self.conductor.route(self._session.scene.routes)
        self._follow_score()
        self.ensemble.start()
        self.picture.start()
        self.conductor.start()
        self.connector.start()

    def close(self) -> None:
        """Stop, silence everything, and end the processes."""
        self.store.keep()
        self.picture.close()
        if not self._running:
            return
        self._running = False
        self._session.changed.disconnect(self._follow_scene, missing_ok=True)
        self._session.modulation.moved.disconnect(self._follow_score, missing_ok=True)
        self.ensemble.close()
        self.connector.close()
        self.conductor.close()
        self.player.close()
        self.sound.close()
        self.sound_input.close()

    # -- what a hand does ----------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """What is set for this computer."""
        return self.store.settings

    def use(self, settings: Settings) -> None:
        """Connect as `settings` say, and keep them for the next time."""
        self.store.use(settings)

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
        self.listening.collect()
        self.osc.collect()
        self.ensemble.collect()
        self.picture.collect()
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
        self.store.tick(now_s)
        self.surfaces.tick(now_s)
        self.osc.tick(now_s)

    # -- other threads -------------------------------------------------------------------------

    def _hear(self, event: PlayerEvent) -> None:
        """On the player's reader thread. Clock, echo and a lead that gives way do not wait."""
        if isinstance(event, Received):
            if event.port == self.connector.followed and self.connector.follower.feed(event):
                self.transport.turn()
            if event.data[0] >= 0xF8:
                return
            if self._is_music(event):
                self.ensemble.strike(event)
            self.echo.hear(event, strikes=self.settings.echo and not self._is_bound(event))
        self._say(event)

    def _is_music(self, event: Received) -> bool:
        """Whether it is a note, of a key that plays no control."""
        return 0x80 <= event.data[0] < 0xA0 and not self._is_bound(event)

    def _is_bound(self, event: Received) -> bool:
        """Whether it is a key that plays a control."""
        status, key = event.data[0], event.data[1:2]
        is_note = 0x80 <= status < 0xA0 and bool(key)
        return is_note and (event.port, status & 0x0F, key[0]) in self.surfaces.bound_notes

    def _hear_ear(self, ear: Ear, event: SoundEvent | InputEvent) -> None:
        if isinstance(event, Heard):
            self.listening.hear(ear, event)
        else:
            self._say(event)

    def _say(self, event: _Event) -> None:
        self._arrived.append(event)
        self._wake()

    # -- inside --------------------------------------------------------------------------------

    def _say_why_silent(self) -> None:
        """Whoever presses play and hears nothing is told why."""
        playing, routes = self.transport.movement.playing, self._session.scene.routes
        if why := self._silence.news(playing, routes, self.settings.sound, self.devices):
            self.noticed.emit(why)

    def _take(self, event: _Event) -> None:
        match event:
            case Received():
                self.surfaces.hear(event)
                if is_music := self._is_music(event):
                    self.ensemble.hear(event)
                self.modulation_source.hear(event, is_music=is_music)
                self.heard.emit(event)
            case str():
                self.noticed.emit(event)
            case _:
                self.devices.take(event)

    def _on_output_opened(self, key: str) -> None:
        self.conductor.port_opened(key)
        self.surfaces.came_back(key)

    def _on_input_lost(self, key: str) -> None:
        self.echo.silence(self.transport.clock(), key)

    def _on_sound_changed(self, state: SoundState) -> None:
        self.listening.take_state("instrument", state)
        latency_s = state.latency_ms / 1000 if state.open else 0.0
        self.transport.lead_s = max(LEAD_S, latency_s + _HAND_OVER_S)

    def _light(self, output: str, messages: Sequence[bytes]) -> None:
        self.player.send([Due(self.transport.clock(), output, data) for data in messages])

    def _play(self, play: Callable[[float], None], value: Value) -> None:
        if self._running and self.settings.sound.on:
            play(float(value))

    def _late_ears_s(self) -> float:
        return self.settings.sound.offset_ms / 1000

    def _quantum(self) -> str:
        return str(self._session.scene.score[QUANTUM.name])

    # -- the scene -----------------------------------------------------------------------------

    def _follow_scene(self, scene: Scene, before: Scene) -> None:
        if self._running and scene.routes != before.routes:
            self.conductor.route(scene.routes)
        self._follow_score()
        self.osc.stale()

    def _follow_score(self, _: object = None) -> None:
        """As it is played: with what modulators make of it."""
        score, before = self._session.shown.score, self._score
        self.listening.follow()
        self._part_mix.follow(self._session.scene.routes, score)
        if not self._running or score == before:
            return
        self._score = score
        self.scene_transport.follow(score, before)
        self.metronome.follow(score)
