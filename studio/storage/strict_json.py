"""JSON from strangers: finite numbers, no name twice, bounded depth, size and memory.

What is written is meant to be read in a diff: one member a line, and a list of plain values on
one line.
"""

from __future__ import annotations

import json
import math
from typing import Any

_LIMIT_PARTS = 1_000_000
"""Values in one document; each costs the reader some dozens of bytes."""
_LIMIT_DEPTH = 40

_plain = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def loads(text: bytes) -> Any:
    """The value in `text`, UTF-8. Raises ValueError for whatever is not plain, sound JSON."""
    if text.count(b",") + text.count(b"[") + text.count(b"{") > _LIMIT_PARTS:
        raise ValueError("too many parts")
    try:
        found = json.loads(
            text.decode("utf-8-sig"),
            object_pairs_hook=_members,
            parse_constant=_refuse,
            parse_float=_finite,
        )
    except RecursionError:
        raise ValueError("too deep") from None
    _look_through(found, _LIMIT_DEPTH)
    return found


def dumps(value: Any) -> bytes:
    """`value` as UTF-8 text that ends with a newline. Raises ValueError for what is not finite."""
    return ("".join(_lines(value, "\n")) + "\n").encode()


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a name twice")
    return members


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number beyond all bounds")
    return number


def _look_through(value: Any, depth: int) -> None:
    """No deeper than `depth`, and no half of a character, which no file could hold."""
    if depth == 0:
        raise ValueError("too deep")
    if isinstance(value, str):
        if not value.isascii():
            value.encode()  # UnicodeEncodeError is a ValueError
    elif isinstance(value, dict):
        for name, member in value.items():
            _look_through(name, depth)
            _look_through(member, depth - 1)
    elif isinstance(value, list):
        for member in value:
            if not isinstance(member, float):  # by far the most, and sound already
                _look_through(member, depth - 1)


def _lines(value: Any, newline: str) -> list[str]:
    inner = newline + " "
    if isinstance(value, dict) and value:
        members = [
            "".join((_plain(name), ": ", *_lines(member, inner))) for name, member in value.items()
        ]
        return ["{", inner, f",{inner}".join(members), newline, "}"]
    if isinstance(value, list) and any(isinstance(member, (dict, list)) for member in value):
        parts = ["".join(_lines(member, inner)) for member in value]
        return ["[", inner, f",{inner}".join(parts), newline, "]"]
    return [_plain(value)]
