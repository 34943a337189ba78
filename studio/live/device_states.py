"""What the MIDI ports and the sound of this computer have said of themselves last."""

from __future__ import annotations

from psygnal import Signal

from studio.audio.listening.messages import InputEvent, InputsSeen, InputState
from studio.audio.messages import DevicesSeen, FontSeen, SoundEvent, SoundState
from studio.live.player.client import PlayerEvent
from studio.live.player.protocol import Lateness, PortsSeen, PortState, Refused, Scheduling
from studio.processes.messages import Restarted

_NOT_STARTED = SoundState(False, None, "The sound is not started.")
_NOT_LISTENED = InputState(False, None, "Nothing listens to a sound input.")


class DeviceStates:
    """`take` is told all that the player and the sound say; the window shows what is kept here.

    Signals: `output_opened(key)`; `input_lost(key)`; `sound_changed(state)`;
    `sound_input_changed(state)`; `noticed(sentence)`.
    """

    output_opened = Signal(str)
    input_lost = Signal(str)
    sound_changed = Signal(SoundState)
    font_refused = Signal(str)
    """With the path of the one that plays, empty for that which comes along."""
    sound_input_changed = Signal(InputState)
    noticed = Signal(str)

    def __init__(self) -> None:
        self.ports = PortsSeen("", (), ())
        """The MIDI system and what is connected to it."""
        self.port_states: dict[tuple[str, str], PortState] = {}
        """By key and side, "in" or "out"."""
        self.sound_state = _NOT_STARTED
        self.sound_devices = DevicesSeen(())
        self.sound_input_state = _NOT_LISTENED
        self.sound_inputs = InputsSeen(())
        self.font: FontSeen | None = None
        self.lateness: Lateness | None = None
        self.scheduling = ""
        """With which priority the player runs, in words; empty until it says so."""

    @property
    def sound_started(self) -> bool:
        """Whether the sound has had its say."""
        return self.sound_state is not _NOT_STARTED

    def open_outputs(self) -> set[str]:
        """The keys of the MIDI outputs that are open."""
        states = self.port_states.items()
        return {key for (key, side), state in states if side == "out" and state.is_open}

    def forget(self, key: str, side: str) -> None:
        """The port was closed on purpose."""
        self.port_states.pop((key, side), None)

    def take(self, event: PlayerEvent | SoundEvent | InputEvent) -> None:
        """Something was said."""
        match event:
            case PortState():
                self._take_port(event)
            case SoundState():
                self._take_sound(event)
            case InputState() | InputsSeen():
                self._take_sound_input(event)
            case PortsSeen():
                self.ports = event
            case Lateness():
                self.lateness = event
            case Scheduling(sentence=sentence):
                self.scheduling = sentence
            case DevicesSeen():
                self.sound_devices = event
            case FontSeen():
                self._take_font(event)
            case Refused() | Restarted():
                self.noticed.emit(event.sentence)

    def _take_font(self, event: FontSeen) -> None:
        before, self.font = self.font, event
        if event.sentence:
            self.noticed.emit(event.sentence)
            self.font_refused.emit(event.path)
        elif before is not None and before.path != event.path:
            self.noticed.emit(f"The instruments are those of {event.title}.")

    def _take_port(self, event: PortState) -> None:
        before = self.port_states.get((event.key, event.side))
        self.port_states[event.key, event.side] = event
        if event.is_open and event.side == "out":
            self.output_opened.emit(event.key)
        if not event.is_open and event.side == "in":
            self.input_lost.emit(event.key)
        if before is not None and before.is_open != event.is_open:
            self.noticed.emit(event.sentence)

    def _take_sound(self, event: SoundState) -> None:
        lost = self.sound_state.open and not event.open
        self.sound_state = event
        self.sound_changed.emit(event)
        if lost:
            self.noticed.emit(event.sentence)

    def _take_sound_input(self, event: InputState | InputsSeen) -> None:
        """One that is waited for is told once for the same reason."""
        if isinstance(event, InputsSeen):
            self.sound_inputs = event
            return
        before, self.sound_input_state = self.sound_input_state, event
        self.sound_input_changed.emit(event)
        if not event.open and event.device and event.sentence != before.sentence:
            self.noticed.emit(event.sentence)
