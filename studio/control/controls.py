"""Every control of the instrument by its address: for controllers, OSC and whatever plays by name.

An address is a path such as `/deck/1/contrast`. Decks are numbered as they stand on the stage, and
`/front/contrast` is the deck in front, whichever that is. What a control is (range, unit, curve) is
read from the `Parameter` that declares it; this file only gives it a name from outside.

A *value* can be read and set; a *trigger* is done by pressing it, and reads as a lamp would show
it. All of this runs on the window's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal, Protocol

from studio.document.errors import StudioError
from studio.document.parameters import Parameter, Text, Toggle, Value

Kind = Literal["value", "trigger"]


class ControlError(StudioError, ValueError):
    """An address that leads nowhere. Its text is one sentence for the artist."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """A control as seen from outside. A trigger's parameter is its lamp, on or off."""

    address: str
    label: str
    """With the place, such as "Deck 1: Contrast"."""
    parameter: Parameter
    kind: Kind = "value"

    @property
    def learnable(self) -> bool:
        """Whether a knob or a button can play it; a text has no travel and is for OSC only."""
        return not isinstance(self.parameter, Text)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A control with its two ends."""

    control: Control
    read: Callable[[], Value]
    write: Callable[[Value, float], None]
    """Called with a value that the parameter has validated, and when the hand moved, in
    `perf_counter` seconds. It may raise `ControlError`, `ParameterError` or `EngineError`, whose
    text is one sentence, and nothing else."""


class Part(Protocol):
    """What brings controls: the decks, the transport, the sound."""

    def layout(self) -> Hashable:
        """Another value whenever `entries` would bring other controls. Asked often: be quick."""

    def entries(self) -> Iterable[Entry]:
        """The controls that there are now."""


class Controls:
    """The controls of all parts, by address."""

    def __init__(self, *parts: Part, clock: Callable[[], float] = perf_counter) -> None:
        self._parts = list(parts)
        self._clock = clock
        self._layout: Hashable = None
        self._entries: dict[str, Entry] = {}

    def add(self, part: Part) -> None:
        """Take another part's controls in; an address that is there already stays as it is."""
        self._parts.append(part)
        self._layout = None

    def all(self) -> tuple[Control, ...]:
        """Every control that there is now, in the order of the parts."""
        return tuple(entry.control for entry in self._known().values())

    def find(self, address: str) -> Control | None:
        """The control at `address`; None where there is none, for now perhaps."""
        entry = self._known().get(address)
        return None if entry is None else entry.control

    def get(self, address: str) -> Value:
        """The value at `address`; for a trigger, whether its lamp is lit. Raises `ControlError`."""
        return self._entry(address).read()

    def values(self) -> Iterator[tuple[Control, Value]]:
        """Every control with what `get` says of it."""
        for entry in self._known().values():
            yield entry.control, entry.read()

    def position(self, address: str) -> float:
        """Where the value stands on its travel, in [0, 1]. Raises `ControlError`."""
        entry = self._entry(address)
        return entry.control.parameter.position(entry.read())

    def set(self, address: str, value: object, at_s: float | None = None) -> None:
        """Set the value at `address`; a trigger is pressed by True and ignores False.

        Raises `ControlError`, or `ParameterError` for a value that does not fit.
        """
        entry = self._entry(address)
        fitting = entry.control.parameter.validate(value)
        if entry.control.kind == "value" or fitting:
            entry.write(fitting, self._clock() if at_s is None else at_s)

    def set_position(self, address: str, position: float, at_s: float | None = None) -> None:
        """Set the value that stands at `position`, in [0, 1]. Raises `ControlError`."""
        self.set(address, self._entry(address).control.parameter.at(position), at_s)

    def nudge(self, address: str, steps: float, at_s: float | None = None) -> None:
        """Move the value by turns of a wheel (see `Parameter.nudged`). Raises `ControlError`."""
        entry = self._entry(address)
        self.set(address, entry.control.parameter.nudged(entry.read(), steps), at_s)

    def trigger(self, address: str, at_s: float | None = None) -> None:
        """Press the trigger at `address`. Raises `ControlError` where that is a value."""
        if self._entry(address).control.kind != "trigger":
            raise ControlError(f"The value {address} is set and cannot be pressed.")
        self.set(address, True, at_s)

    def _entry(self, address: str) -> Entry:
        entry = self._known().get(address)
        if entry is None:
            raise ControlError(f"There is no control {address[:80]!r} now.")
        return entry

    def _known(self) -> Mapping[str, Entry]:
        layout = tuple(part.layout() for part in self._parts)
        if layout != self._layout:
            self._layout, self._entries = layout, {}
            for part in self._parts:
                for entry in part.entries():
                    self._entries.setdefault(entry.control.address, entry)
        return self._entries


def value(
    address: str,
    label: str,
    parameter: Parameter,
    read: Callable[[], Value],
    write: Callable[[Any], object],
) -> Entry:
    """A control that is set."""
    control = Control(address=address, label=label, parameter=parameter)
    return Entry(control=control, read=read, write=lambda value, _: _nothing(write(value)))


def trigger(
    address: str,
    label: str,
    press: Callable[[], object],
    lit: Callable[[], bool] = lambda: False,
) -> Entry:
    """A control that is pressed."""
    return timed_trigger(address, label, lambda _: press(), lit)


def timed_trigger(
    address: str,
    label: str,
    press: Callable[[float], object],
    lit: Callable[[], bool] = lambda: False,
) -> Entry:
    """A control that is pressed and wants to know when, in `perf_counter` seconds."""
    lamp = Toggle(name="lamp", label=label, default=False)
    control = Control(address=address, label=label, parameter=lamp, kind="trigger")
    return Entry(control=control, read=lit, write=lambda _, at_s: _nothing(press(at_s)))


def _nothing(_: object) -> None:
    """Lambdas return something; writers do not."""


class FixedPart:
    """Controls that are always there, such as the volume."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)

    def layout(self) -> Hashable:
        return None

    def entries(self) -> Iterable[Entry]:
        return self._entries
