"""What differs between two settings files, and how to change just that in a third."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

Path = tuple[str, ...]
_GONE = object()


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[Path, Any]:
    """By its path, what each value is in `after` that is another in `before`; for `amended`."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    paths = (*new, *(path for path in old if path not in new))
    return {p: new.get(p, _GONE) for p in paths if new.get(p, _GONE) != old.get(p, _GONE)}


def amended(data: Mapping[str, Any], changes: Mapping[Path, Any]) -> dict[str, Any]:
    """`data` with `changes` and all else as it was."""
    made = deepcopy(dict(data))
    for path, value in changes.items():
        at = made
        for name in path[:-1]:
            if not isinstance(at.get(name), dict):
                at[name] = {}
            at = at[name]
        if value is _GONE:
            at.pop(path[-1], None)
        else:
            at[path[-1]] = value
    return made


def _leaves(data: Mapping[str, Any], at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """A list is one value: half of somebody's ports and half of another's serve nobody."""
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*at, name))
        else:
            yield (*at, name), value
