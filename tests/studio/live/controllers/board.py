"""An instrument of one control of each kind, and the messages of a device to play it with."""

from __future__ import annotations

from studio.control.controls import Controls, FixedPart, trigger, value
from studio.document.parameters import Choice, Float, Int, Parameter, Text, Toggle, Value
from studio.document.seeds import Seed
from studio.processes.messages import Received

PARAMETERS: tuple[Parameter, ...] = (
    Float(name="level", label="Level", low=0, high=1, default=0.5),
    Float(name="lean", label="Lean", low=-3, high=3, default=0),
    Int(name="bands", label="Bands", low=1, high=8, default=1),
    Choice(name="tint", label="Tint", options=("none", "red", "blue"), default="none"),
    Toggle(name="mirror", label="Mirror", default=False),
    Seed(name="seed", label="Seed"),
    Text(name="words", label="Words", default="loom"),
)


class Board:
    """The values, how often each was set, and when the button `/go` was pressed."""

    def __init__(self) -> None:
        self.values: dict[str, Value] = {p.name: p.initial for p in PARAMETERS}
        self.sets: list[tuple[str, Value]] = []
        self.presses = 0
        self.lit = False
        entries = [self._entry(p) for p in PARAMETERS]
        self.controls = Controls(FixedPart((*entries, self._go())))

    def _entry(self, parameter: Parameter):  # type: ignore[no-untyped-def]
        def write(to: Value) -> None:
            self.values[parameter.name] = to
            self.sets.append((parameter.name, to))

        read = lambda: self.values[parameter.name]  # noqa: E731
        return value(f"/{parameter.name}", parameter.label, parameter, read, write)

    def _go(self):  # type: ignore[no-untyped-def]
        def press() -> None:
            self.presses += 1

        return trigger("/go", "Go", press, lambda: self.lit)

    def control(self, address: str):  # type: ignore[no-untyped-def]
        found = self.controls.find(address)
        assert found is not None
        return found


def message(*data: int, at_s: float = 0.0, port: str = "in") -> Received:
    return Received(at_s, port, bytes(data))


def cc(number: int, to: int, at_s: float = 0.0, channel: int = 1) -> Received:
    return message(0xB0 | channel - 1, number, to, at_s=at_s)


def note(number: int, velocity: int, at_s: float = 0.0) -> Received:
    """A key that goes down, or up with a velocity of 0."""
    return message(0x90, number, velocity, at_s=at_s)


def nrpn(number: int, to: int, at_s: float = 0.0) -> list[Received]:
    """All four messages of a 14-bit NRPN."""
    pairs = ((99, number >> 7), (98, number & 127), (6, to >> 7), (38, to & 127))
    return [cc(*pair, at_s=at_s) for pair in pairs]
