"""What differs between two packed scenes, as data for JSON, and back.

A change is a path and the value that now stands there, or the path alone where nothing does any
more. A list is gone into only where its members are dictionaries and their number stays: numbers
are replaced as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Change = list[Any]
"""`[path, value]` or `[path]`; a path is a list of names and places."""


def difference(before: Any, after: Any) -> list[Change]:
    """The changes that make `after` of `before`; what is the same object is not looked into."""
    return list(_changes([], before, after))


def _changes(path: list[Any], before: Any, after: Any) -> Iterator[Change]:
    if before is after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in before.keys() - after.keys():
            yield [[*path, name]]
        for name, value in after.items():
            if name in before:
                yield from _changes([*path, name], before[name], value)
            else:
                yield [[*path, name], value]
    elif _is_alike(before, after):
        for place, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _changes([*path, place], old, new)
    elif before != after or type(before) is not type(after):
        yield [path, after]


def _is_alike(before: Any, after: Any) -> bool:
    both = isinstance(before, list) and isinstance(after, list) and len(before) == len(after)
    return both and any(isinstance(member, dict) for member in after)


def applied(state: Any, changes: list[Change]) -> Any:
    """`state` after `changes`; itself untouched, and shared where nothing differs.

    Raises ValueError for changes that do not fit it.
    """
    try:
        for path, *value in changes:
            state = _with(state, path, value)
    except (LookupError, TypeError) as error:
        raise ValueError("a change that does not fit") from error
    return state


def _with(state: Any, path: list[Any], value: list[Any]) -> Any:
    if not path:
        (whole,) = value
        return whole
    first, *rest = path
    if isinstance(state, dict):
        changed = dict(state)
        if rest or value:
            changed[first] = _with(state[first] if rest else None, rest, value)
        else:
            del changed[first]
        return changed
    listed = list(state)
    listed[first] = _with(state[first], rest, value)
    return listed
