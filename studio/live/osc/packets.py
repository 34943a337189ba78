"""OSC's bytes and words: packets into messages, messages onto controls, values into packets."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from pythonosc.osc_message import OscMessage as Wire
from pythonosc.osc_message_builder import OscMessageBuilder

from studio.control.controls import Control, ControlError, Controls
from studio.document.parameters import Choice, Float, Int, ParameterError, Toggle, Value
from studio.document.seeds import Seed

Argument = float | int | str | bool | None

_BUNDLE = b"#bundle\0"
_DEEPEST = 4
_LONGEST_ADDRESS = 200
_MOST_ARGUMENTS = 16
_TAGS = re.compile(rb"[ifhdsTFN]*")
_SIZES = {ord("i"): 4, ord("f"): 4, ord("h"): 8, ord("d"): 8, ord("s"): 4}
"""Bytes of an argument, of a string at least."""
_PATTERN = re.compile(r"[*?\[\]{}]")
_MOST_STARS = 4
"""In one pattern: each of them multiplies the ways in which it may match."""


class OscError(ValueError):
    """A packet that cannot be read. Its text is one sentence."""


@dataclass(frozen=True, slots=True)
class OscMessage:
    """One message as it came in."""

    at_s: float
    sender: str
    """The host's numbers, such as 127.0.0.1."""
    address: str
    arguments: tuple[Argument, ...]


def read_packet(packet: bytes, at_s: float, sender: str) -> list[OscMessage]:
    """The messages in a packet, those of its bundles included. Raises `OscError`."""
    # python-osc reads single messages; its bundles follow sizes below zero round and round.
    return [_message(part, at_s, sender) for part in _parts(packet, 0)]


def _parts(packet: bytes, depth: int) -> Iterator[bytes]:
    if not packet.startswith(_BUNDLE):
        yield packet
        return
    at = len(_BUNDLE) + 8  # the time tag is passed over
    while at < len(packet) and depth < _DEEPEST:
        (size,) = struct.unpack_from(">I", packet.ljust(at + 4, b"\xff"), at)
        if size == 0 or at + 4 + size > len(packet):
            raise OscError("An OSC bundle is longer than its packet.")
        yield from _parts(packet[at + 4 : at + 4 + size], depth + 1)
        at += 4 + size


def _message(part: bytes, at_s: float, sender: str) -> OscMessage:
    if not part.startswith(b"/") or part.find(b"\0") > _LONGEST_ADDRESS:
        raise OscError("An OSC message has no address.")
    tags, _, rest = part.partition(b",")[2].partition(b"\0")
    if len(tags) > _MOST_ARGUMENTS or not _TAGS.fullmatch(tags):
        raise OscError("An OSC message holds what no control can take.")
    padding = -(len(tags) + 2) % 4  # python-osc would read what was cut off as zeros
    if len(rest) < (padding + sum(_SIZES.get(tag, 0) for tag in tags) if tags else 0):
        raise OscError("An OSC message is cut short.")
    try:
        wire = Wire(part)
        return OscMessage(at_s, sender, wire.address, tuple(wire))
    except Exception as error:  # strangers' bytes: the parser raises this and that
        raise OscError("An OSC message is damaged.") from error


def said(address: str, value: Value) -> bytes:
    """A packet that says `value`; on and off are 1 and 0, which everyone understands."""
    builder = OscMessageBuilder(address)
    builder.add_arg(int(value) if isinstance(value, bool) else value)
    packet: bytes = builder.build().dgram
    return packet


def play(controls: Controls, message: OscMessage) -> list[str]:
    """Do what `message` says; returns the addresses of the values that it set or asked for.

    Raises `ControlError`, `ParameterError` or `EngineError` with one sentence.
    """
    if _PATTERN.search(message.address):
        matching = _matching(controls, message.address)
        return [a for address in matching for a in _play(controls, address, message)]
    return _play(controls, message.address, message)


def _matching(controls: Controls, pattern: str) -> list[str]:
    expression = _expression(pattern)
    found = [c.address for c in controls.all() if expression.fullmatch(c.address)]
    if not found:
        raise ControlError(f"There is no control like {pattern[:80]!r} now.")
    return found


@lru_cache(maxsize=64)
def _expression(pattern: str) -> re.Pattern[str]:
    """OSC's pattern (1.0, "Pattern Matching") as a regular expression. Raises `ControlError`."""
    if len(re.findall(r"\*+", pattern)) > _MOST_STARS:
        raise ControlError(f"The OSC pattern {pattern[:80]!r} has too many stars.")
    words = re.sub(r"\*+", "*", pattern)
    parts = re.split(r"(\*|\?|\[[^\]/]*\]|\{[^}/]*\})", words)
    try:
        return re.compile("".join(_expressed(part) for part in parts))
    except re.error:
        raise ControlError(f"The OSC pattern {pattern[:80]!r} cannot be read.") from None


def _expressed(part: str) -> str:
    if part == "*":
        return "[^/]*"
    if part == "?":
        return "[^/]"
    if part[:1] == "[" and part[-1:] == "]":
        refused, inside = part[1:2] == "!", part[1:-1].removeprefix("!")
        listed = inside.replace("\\", r"\\").replace("^", r"\^")
        return f"[{'^' if refused else ''}{listed}]"
    if part[:1] == "{" and part[-1:] == "}":
        return "(?:" + "|".join(re.escape(word) for word in part[1:-1].split(",")) + ")"
    return re.escape(part)


def _play(controls: Controls, address: str, message: OscMessage) -> list[str]:
    control, arguments, at_s = controls.find(address), message.arguments, message.at_s
    if control is None:
        return _play_part(controls, address, message)
    if control.kind == "trigger":
        if not arguments or _is_on(control, arguments[0]):
            controls.trigger(address, at_s)
        return []
    if arguments:
        wanted, held = fitted(control, arguments[0]), controls.get(address)
        # Our own word may come back with fewer digits.
        controls.set(address, held if is_same(wanted, held) else wanted, at_s)
    return [address]


def _play_part(controls: Controls, address: str, message: OscMessage) -> list[str]:
    """What has no address of its own: a place on a control's travel, or x and y together."""
    whole = address.removesuffix("/position")
    control = controls.find(whole)
    if control is not None and whole != address and control.kind == "value":
        place = _number(control, message.arguments[0] if message.arguments else None)
        controls.set_position(whole, place, message.at_s)
        return [whole]
    axes = [f"{address}/x", f"{address}/y"]
    if len(message.arguments) == 2 and all(controls.find(axis) for axis in axes):
        for axis, argument in zip(axes, message.arguments, strict=True):
            found = controls.find(axis)
            assert found is not None
            controls.set(axis, fitted(found, argument), message.at_s)
        return axes
    raise ControlError(f"There is no control {address[:80]!r} now.")


def fitted(control: Control, argument: Argument) -> Value:
    """`argument` in the type of the control's parameter. Raises `ParameterError`."""
    parameter = control.parameter
    if isinstance(parameter, Choice):
        return _option(control, parameter, argument)
    if isinstance(parameter, Toggle):
        return _is_on(control, argument)
    if isinstance(parameter, (Int, Seed)):
        return parameter.validate(round(_number(control, argument)))
    if isinstance(parameter, Float):
        number = as_written(_number(control, argument))
        # Through 32 bits the end of a range may come back a little beyond it.
        nearest = min(parameter.high, max(parameter.low, number))
        return nearest if abs(nearest - number) <= 1e-6 * max(1.0, abs(nearest)) else number
    return parameter.validate(argument)


def as_written(number: float) -> float:
    """0.37 where 32 bits have made 0.3700000047683716 of it: the shortest number that they hold.

    What has more digits than 32 bits hold stays as it is.
    """
    with np.errstate(over="ignore"):
        narrow = np.float32(number)
    return float(str(narrow)) if float(narrow) == number else number


def is_same(a: Argument, b: Argument) -> bool:
    """Whether two values are one and the same through OSC, which holds 32 bits of a number."""
    if isinstance(a, float) and isinstance(b, float):
        return a == b or bool(np.float32(a) == np.float32(b))
    return a == b and type(a) is type(b)


def _option(control: Control, parameter: Choice, argument: Argument) -> str:
    if isinstance(argument, str):
        return parameter.parse(argument)
    index = round(_number(control, argument))
    if not 0 <= index < len(parameter.options):
        raise ParameterError(f"{control.label} has no option {index}.")
    return parameter.options[index]


def _is_on(control: Control, argument: Argument) -> bool:
    return _number(control, argument) >= 0.5


def _number(control: Control, argument: Argument) -> float:
    if argument is None or isinstance(argument, str) or not abs(argument) < 1e300:
        raise ParameterError(f"{control.label} wants a number, not {str(argument)[:40]!r}.")
    return float(argument)
