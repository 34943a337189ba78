"""All controllers together: the one object that the window talks to about them.

Feed it every `Received` of every input (`hear`) and call `tick` some thirty times a second. Maps
are loaded when a device is connected and kept whenever a binding changes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from psygnal import Signal

from studio.control.controls import ControlError, Controls
from studio.live.controllers import maps
from studio.live.controllers._device import Controller
from studio.live.controllers._learn import Learner, Learnt
from studio.live.controllers._source import Move
from studio.live.controllers.binding import Binding, Map
from studio.processes.messages import Received


@dataclass(frozen=True)
class Bound:
    """A binding with the device that it belongs to."""

    device: str
    binding: Binding

    def __str__(self) -> str:
        return f"{self.device}: {self.binding}"


class Surfaces:
    """Signals: `changed()` when bindings, devices or what is armed changed; `learnt(bound)`;
    `noticed(sentence)` for the artist.
    """

    changed = Signal()
    learnt = Signal(Bound)
    noticed = Signal(str)

    def __init__(
        self,
        controls: Controls,
        *,
        send: Callable[[str, Sequence[bytes]], object] | None = None,
        folder: Path | None = None,
    ) -> None:
        """`send`, if any, gets an output's key and messages that are to leave now."""
        self._controls = controls
        self._send = send
        self._folder = folder or maps.default_folder()
        self._devices: dict[str, Controller] = {}
        self._seen: dict[str, Map] = {}
        """Each device's map as it was read or kept last."""
        self._learner = Learner()
        self._refused: set[str] = set()
        self._bound_notes: frozenset[tuple[str, int, int]] = frozenset()

    # -- devices -------------------------------------------------------------------------------

    @property
    def devices(self) -> tuple[str, ...]:
        """The names of what is connected."""
        return tuple(device.name for device in self._devices.values())

    def connect(self, port: str, device: str, output: str | None = None) -> None:
        """Input `port` is `device`, by its stable name; lamps are reached by `output`, if any.

        Said again of the same device it changes the output only: knobs stay picked up.
        """
        present = self._devices.get(port)
        if present is not None and present.name == device:
            present.output = output
            present.feedback.forget()
            return
        self._devices[port] = Controller(device, self._load(device), output, self._controls)
        self._rearranged()

    def _load(self, device: str) -> Map:
        try:
            self._seen[device] = maps.load(self._folder, device)
            return self._seen[device]
        except maps.MapError as error:
            self.noticed.emit(str(error))
            return Map(device=device)

    def disconnect(self, port: str) -> None:
        """The device is gone; its map stays on disk."""
        if self._devices.pop(port, None) is not None:
            self._rearranged()

    def came_back(self, output: str) -> None:
        """What is behind `output` was silenced or plugged in anew: all its lamps are lit afresh."""
        for device in self._devices.values():
            if device.output == output:
                device.feedback.forget()

    @property
    def bound_notes(self) -> frozenset[tuple[str, int, int]]:
        """(port, channel from 0, key) of what plays a control and is no music. From any thread."""
        return self._bound_notes

    def _rearranged(self) -> None:
        self._bound_notes = frozenset(
            (port, place.channel - 1, place.number)
            for port, device in self._devices.items()
            for place in device.sources()
            if place.kind == "note" and place.number is not None
        )
        self.changed.emit()

    # -- what the hand does --------------------------------------------------------------------

    def hear(self, message: Received) -> None:
        """Do what a message asks for. Never raises: what is refused is `noticed`, once each."""
        device = self._devices.get(message.port)
        if device is not None:
            for move in device.moves(message):
                self._take(message.port, device, move)

    def tick(self, now_s: float) -> None:
        """What time brings: the end of learning, late halves of values, lamps."""
        for port, device in list(self._devices.items()):
            for move in device.late(now_s):
                self._take(port, device, move)
            lamps = device.lamps(now_s)
            if lamps and device.output is not None and self._send is not None:
                self._send(device.output, lamps)
        self._keep_learnt(self._learner.tick(now_s))

    def _take(self, port: str, device: Controller, move: Move) -> None:
        if self._learner.armed is not None:
            self._keep_learnt(self._learner.feed(port, move))
            return
        for sentence in device.play(move):
            self._refuse(sentence)
        mended = device.mended(move)
        if mended is not None:
            self._keep(device.name, mended)
            self.noticed.emit(f"{move.source} counts in another way; its binding was mended.")

    def _refuse(self, sentence: str) -> None:
        if sentence not in self._refused and len(self._refused) < 100:
            self._refused.add(sentence)
            self.noticed.emit(sentence)

    # -- learning ------------------------------------------------------------------------------

    @property
    def learning(self) -> str | None:
        """The address that waits for a movement."""
        armed = self._learner.armed
        return None if armed is None else armed.address

    def learn(self, address: str) -> None:
        """The next distinct movement plays `address`; an encoder is best turned both ways.

        Raises `ControlError` for an address that leads nowhere or has no travel.
        """
        control = self._controls.find(address)
        if control is None or not control.learnable:
            raise ControlError(f"No controller can play {address[:80]}.")
        self._learner.arm(control)
        self.changed.emit()

    def cancel(self) -> None:
        """Learn nothing."""
        self._learner.cancel()
        self.changed.emit()

    def _keep_learnt(self, learnt: Learnt | None) -> None:
        if learnt is None:
            return
        device = self._devices.get(learnt.port)
        if device is None:
            self.noticed.emit("The controller was disconnected before anything was learnt.")
            self.changed.emit()
            return
        self._keep(device.name, device.map.with_binding(learnt.binding))
        self.learnt.emit(Bound(device.name, learnt.binding))

    # -- bindings ------------------------------------------------------------------------------

    def bound(self, address: str) -> tuple[Bound, ...]:
        """What plays `address` on the connected devices."""
        each = ((d.name, b) for d in self._devices.values() for b in d.map.of(address))
        return tuple(Bound(name, binding) for name, binding in each)

    def also_plays(self, bound: Bound) -> tuple[str, ...]:
        """The other addresses that the same knob plays."""
        bindings = self.map(bound.device).bindings
        same = (b.address for b in bindings if b.source == bound.binding.source)
        return tuple(address for address in same if address != bound.binding.address)

    def waiting(self, address: str) -> bool:
        """Whether a knob for `address` moves and has not come by its value yet."""
        return any(device.waits(address) for device in self._devices.values())

    def forget(self, address: str) -> None:
        """Nothing on the connected devices plays `address` any more."""
        for name in {bound.device for bound in self.bound(address)}:
            self._keep(name, self.map(name).without(address))

    def replace(self, device: str, old: Binding, new: Binding) -> None:
        """Change a binding: `old.but(invert=True)`, `old.but(low=0.2, high=0.6)`."""
        self._keep(device, self.map(device).replaced(old, new))

    # -- maps ----------------------------------------------------------------------------------

    def map(self, device: str) -> Map:
        """The map of a device; an empty one where it is not connected."""
        found = (d.map for d in self._devices.values() if d.name == device)
        return next(found, Map(device=device))

    def use_map(self, device: str, given: Map) -> None:
        """Play `device` by another's map, such as one that was read with `maps.read`."""
        self._keep(device, given.but(device=device))

    def use_feedback(self, device: str, wanted: bool) -> None:
        """Whether lamps and motors follow."""
        self._keep(device, self.map(device).but(feedback=wanted))

    def _keep(self, device: str, wanted: Map) -> None:
        try:
            kept = maps.keep(self._folder, wanted, self._seen.get(device))
        except maps.MapError as error:
            self.noticed.emit(f"{str(error).rstrip('.')}; it holds until the app is closed.")
        else:
            self._seen[device] = kept
            if kept != wanted:
                sentence = f"Another Latent Loom has changed the controller map of {device} too"
                self.noticed.emit(f"{sentence}; all changes are kept.")
            wanted = kept
        for each in self._devices.values():
            if each.name == device:
                each.use(wanted)
        self._rearranged()
