"""A control declared once.

An engine's spec lists its controls as `Parameter`s. The panel's widgets, the command line's
`--set`, the checks on presets, and the MIDI and modulation maps all read them from there, so a
range, a unit or a help text is written in exactly one place.

Every parameter maps its values to a *position* in [0, 1] and back. A slider, a knob and an LFO
deal in positions; `curve` says how a position becomes a value.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from studio.document.errors import StudioError

Value = float | int | str | bool
Curve = Literal["linear", "log"]


class ParameterError(StudioError, ValueError):
    """A value that a parameter cannot take. Its text is one sentence for the artist."""


@dataclass(frozen=True, kw_only=True)
class Parameter(ABC):
    """What every control has: a `name` for files and maps, a `label` and `help` for people."""

    name: str
    label: str
    help: str = ""
    unit: str = ""
    group: str = ""
    absent: Value | None = None
    """What a document means that does not name it, where that is not the initial value: a control
    that was added later leaves what was saved before as it was."""

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise ParameterError(f"A parameter cannot be named {self.name!r}.")
        self.validate(self.initial)
        if self.absent is not None:
            self.validate(self.absent)

    @property
    @abstractmethod
    def initial(self) -> Value:
        """The value that the control starts with and is reset to."""

    @abstractmethod
    def validate(self, value: object) -> Value:
        """`value` in this parameter's type. Raises `ParameterError` where it does not fit."""

    @abstractmethod
    def position(self, value: Value) -> float:
        """Where `value` stands on the control's travel, in [0, 1]."""

    @abstractmethod
    def at(self, position: float) -> Value:
        """The value at `position`; positions outside [0, 1] count as the nearer end."""

    def nudged(self, value: Value, steps: float) -> Value:
        """`value` moved by `steps` turns of a wheel; a hundred cross a continuous control."""
        return self.at(self.position(value) + steps / 100)

    @abstractmethod
    def parse(self, text: str) -> Value:
        """The value that a person typed. Raises `ParameterError` where it cannot be read."""

    def format(self, value: Value) -> str:
        """`value` as the panel shows it, with its unit."""
        return f"{value} {self.unit}".rstrip()

    def _refuse(self, value: object, expected: str) -> ParameterError:
        return ParameterError(f"{self.label} wants {expected}, not {str(value)[:40]!r}.")


@dataclass(frozen=True, kw_only=True)
class Float(Parameter):
    """A real number in [low, high]. A log curve needs low > 0."""

    low: float
    high: float
    default: float
    curve: Curve = "linear"
    decimals: int = 2
    cyclic: bool = False
    """Whether its two ends are one, as an angle's are: a nudge beyond one comes in at the other,
    and the value can drift round (see `studio.motion.drifting`)."""

    def __post_init__(self) -> None:
        usable = self.low < self.high and math.isfinite(self.high - self.low)
        if not usable or (self.curve == "log" and self.low <= 0):
            raise ParameterError(f"{self.label} has no usable range.")
        super().__post_init__()

    @property
    def initial(self) -> float:
        return float(self.default)

    def validate(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._refuse(value, self._range)
        if not self.low <= value <= self.high:  # false for NaN too
            raise self._refuse(value, self._range)
        return float(value)

    @property
    def _range(self) -> str:
        return f"a number from {self.low:g} to {self.high:g}"

    def position(self, value: Value) -> float:
        value = self.validate(value)
        if self.curve == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def at(self, position: float) -> float:
        position = position % 1.0 if self._goes_round(position) else _clamp(position)
        if self.curve == "log":
            value = self.low * math.pow(self.high / self.low, position)
        else:
            value = self.low + position * (self.high - self.low)
        return min(self.high, max(self.low, value))

    def _goes_round(self, position: float) -> bool:
        """The top itself stays the top: only what is beyond an end comes in at the other."""
        return self.cyclic and not 0.0 <= position <= 1.0

    def parse(self, text: str) -> float:
        try:
            return self.validate(float(_figures(text, self.unit)))
        except ValueError:
            raise self._refuse(text, self._range) from None

    def format(self, value: Value) -> str:
        sign = "+" if self.low < 0 < self.validate(value) else ""
        return f"{sign}{value:.{self.decimals}f} {self.unit}".rstrip()


@dataclass(frozen=True, kw_only=True)
class Int(Parameter):
    """A whole number in [low, high]."""

    low: int
    high: int
    default: int
    low_word: str = ""
    """What the lowest is called on screen where it is no number: "all"."""

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ParameterError(f"{self.label} has no usable range.")
        super().__post_init__()

    @property
    def initial(self) -> int:
        return self.default

    def validate(self, value: object) -> int:
        expected = f"a whole number from {self.low} to {self.high}"
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._refuse(value, expected)
        if not self.low <= value <= self.high or value != int(value):
            raise self._refuse(value, expected)
        return int(value)

    def position(self, value: Value) -> float:
        return (self.validate(value) - self.low) / (self.high - self.low)

    def at(self, position: float) -> int:
        return self.low + round(_clamp(position) * (self.high - self.low))

    def nudged(self, value: Value, steps: float) -> int:
        whole = math.copysign(max(1, abs(round(steps))), steps) if steps else 0
        return int(min(self.high, max(self.low, self.validate(value) + whole)))

    def format(self, value: Value) -> str:
        return self.low_word if self.low_word and value == self.low else super().format(value)

    def parse(self, text: str) -> int:
        if self.low_word and text.strip().casefold() == self.low_word.casefold():
            return self.low
        try:
            return self.validate(int(_without_unit(text, self.unit)))
        except ValueError:
            raise self._refuse(text, f"a whole number from {self.low} to {self.high}") from None


@dataclass(frozen=True, kw_only=True)
class Choice(Parameter):
    """One of a few words."""

    options: tuple[str, ...]
    default: str
    words: tuple[str, ...] = ()
    """What the options are called on screen, where that is not what is saved of them."""

    def worded(self, option: str) -> str:
        """What an option is called on screen."""
        return self.words[self.options.index(option)] if self.words else option

    @property
    def initial(self) -> str:
        return self.default

    def validate(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.options:
            raise self._refuse(value, "one of " + ", ".join(self.options))
        return value

    def position(self, value: Value) -> float:
        index = self.options.index(self.validate(value))
        return index / max(1, len(self.options) - 1)

    def at(self, position: float) -> str:
        return self.options[round(_clamp(position) * (len(self.options) - 1))]

    def nudged(self, value: Value, steps: float) -> str:
        index = self.options.index(self.validate(value)) + _sign(steps)
        return self.options[min(len(self.options) - 1, max(0, index))]

    def parse(self, text: str) -> str:
        folded = _without_unit(text, self.unit).casefold()
        for option in self.options:
            if folded in (option.casefold(), _without_unit(option, self.unit).casefold()):
                return option
        raise self._refuse(text, "one of " + ", ".join(self.options))


@dataclass(frozen=True, kw_only=True)
class Toggle(Parameter):
    """On or off."""

    default: bool

    @property
    def initial(self) -> bool:
        return self.default

    def validate(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise self._refuse(value, "on or off")
        return value

    def position(self, value: Value) -> float:
        return float(self.validate(value))

    def at(self, position: float) -> bool:
        return position >= 0.5

    def nudged(self, value: Value, steps: float) -> bool:
        return steps > 0 if steps else self.validate(value)

    def parse(self, text: str) -> bool:
        folded = text.strip().casefold()
        if folded in ("on", "true", "yes", "1"):
            return True
        if folded in ("off", "false", "no", "0"):
            return False
        raise self._refuse(text, "on or off")

    def format(self, value: Value) -> str:
        return "on" if value else "off"


@dataclass(frozen=True, kw_only=True)
class Text(Parameter):
    """A few characters that the artist types, out of `alphabet` (any, if that is empty).

    It has no travel: knobs, wheels and LFOs leave it alone.
    """

    default: str
    max_length: int = 24
    alphabet: str = ""
    told_by: str = ""
    """The `Choice` beside it that lets it tell the bar and the like: `studio.modulation.told`."""

    @property
    def initial(self) -> str:
        return self.default

    def validate(self, value: object) -> str:
        if not isinstance(value, str) or len(value) > self.max_length:
            raise self._refuse(value, f"at most {self.max_length} characters")
        for character in value:
            if self.alphabet and character not in self.alphabet:
                raise ParameterError(f"{self.label} cannot show {character!r}.")
        return value

    def position(self, value: Value) -> float:
        self.validate(value)
        return 0.0

    def at(self, position: float) -> str:  # noqa: ARG002
        return self.default

    def nudged(self, value: Value, steps: float) -> str:  # noqa: ARG002
        return self.validate(value)

    def parse(self, text: str) -> str:
        return self.validate(text)


def initial_values(parameters: Iterable[Parameter]) -> dict[str, Value]:
    """Every parameter at its default, by name."""
    return {p.name: p.initial for p in parameters}


def validated(parameters: Iterable[Parameter], values: Mapping[str, object]) -> dict[str, Value]:
    """`values` checked against `parameters`, those that are missing as `absent` says or initial.

    Raises `ParameterError` for a name that is not declared or a value that does not fit.
    """
    declared = {p.name: p for p in parameters}
    for name in values:
        if name not in declared:
            known = ", ".join(declared) or "none"
            raise ParameterError(f"There is no parameter {name!r}; there are: {known}.")
    meant = {n: p.initial if p.absent is None else p.absent for n, p in declared.items()}
    return {name: p.validate(values.get(name, meant[name])) for name, p in declared.items()}


def _clamp(position: float) -> float:
    return min(1.0, max(0.0, position))


def _sign(steps: float) -> int:
    return (steps > 0) - (steps < 0)


def _figures(text: str, unit: str) -> str:
    """What a person typed as a number: many write a decimal comma."""
    return _without_unit(text, unit).replace(",", ".")


def _without_unit(text: str, unit: str) -> str:
    text = text.strip()
    return text[: -len(unit)].strip() if unit and text.endswith(unit) else text
