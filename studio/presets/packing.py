"""A scene as plain data for JSON, and back.

Points are float32 in base64 (little-endian), which is short, exact, and one line of a diff. A point
that float32 cannot hold to the last bit stays a list of decimals: nothing is ever rounded.
"""

from __future__ import annotations

import base64
import binascii
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from pydantic import BaseModel

from studio.document.modulation import Modulator
from studio.document.scene import Deck, Scene, Slot, Stroke


class Packer:
    """Packs scenes, and what they share with earlier ones only once.

    Scenes are immutable and a change shares all that it did not touch, so a slot or a stroke is
    known by being the same object. One packer serves one thread.
    """

    def __init__(self, limit: int = 2048) -> None:
        self._limit = limit
        self._known: OrderedDict[int, tuple[object, Any]] = OrderedDict()

    def packed(self, scene: Scene) -> dict[str, Any]:
        """`scene` as dictionaries, lists and plain values; not to be changed."""
        return {name: self._of_scene(name, value) for name, value in _kept(scene)}

    def _of_scene(self, name: str, value: Any) -> Any:
        match name:
            case "decks":
                return [self._once(deck, self._deck) for deck in value]
            case "modulators":
                return [self._once(modulator, _modulator) for modulator in value]
        return _plain(value)

    def _deck(self, deck: Deck) -> dict[str, Any]:
        return {name: self._part(name, value) for name, value in _kept(deck)}

    def _part(self, name: str, value: Any) -> Any:
        match name:
            case "held":
                return value and self._once(value, _points)
            case "slots":
                return [slot and self._once(slot, _slot) for slot in value]
            case "strokes":
                return [self._once(stroke, _stroke) for stroke in value]
        return _plain(value)

    def _once(self, part: Any, pack: Callable[[Any], Any]) -> Any:
        key = id(part)
        if key not in self._known:
            self._known[key] = part, pack(part)  # holding it keeps its id from being used again
        self._known.move_to_end(key)
        found = self._known[key][1]
        while len(self._known) > self._limit:
            self._known.popitem(last=False)
        return found


def packed(scene: Scene) -> dict[str, Any]:
    """`scene` as dictionaries, lists and plain values."""
    return Packer().packed(scene)


def unpacked(data: Any) -> Any:
    """What `packed` made, changed in place to what `Scene.model_validate` takes; anything else as
    it came. Raises ValueError for text that holds no float32 numbers.
    """
    for holder, name, width in _coordinates(data):
        if isinstance(holder[name], str):
            holder[name] = _unpacked(holder[name], width)
    return data


def _coordinates(scene: Any) -> Iterator[tuple[dict[str, Any], str, int]]:
    """Where points are kept: the holder, the name in it, and how many numbers each point of the
    list has (0: the list is one point)."""
    for modulator in _members(scene, "modulators"):
        yield from _of(modulator, "points", 3)
    for deck in _members(scene, "decks"):
        yield from _of(deck, "held", 0)
        for slot in _members(deck, "slots"):
            yield from _of(slot, "latent", 0)
        for stroke in _members(deck, "strokes"):
            yield from _of(stroke, "points", 2)


def _of(holder: Any, name: str, width: int) -> Iterator[tuple[dict[str, Any], str, int]]:
    if isinstance(holder, dict) and holder.get(name):
        yield holder, name, width


def _members(holder: Any, name: str) -> list[Any]:
    found = holder.get(name) if isinstance(holder, dict) else None
    return found if isinstance(found, list) else []


def _kept(part: BaseModel) -> Iterator[tuple[str, Any]]:
    """The fields that the file has, each with its value."""
    skips = {name: field.exclude_if for name, field in type(part).model_fields.items()}
    return ((n, value) for n, value in part if not ((skip := skips[n]) and skip(value)))


def _modulator(modulator: Modulator) -> dict[str, Any]:
    return {n: _points(v) if n == "points" else _plain(v) for n, v in _kept(modulator)}


def _slot(slot: Slot) -> dict[str, Any]:
    return {n: _points(v) if n == "latent" else _plain(v) for n, v in _kept(slot)}


def _stroke(stroke: Stroke) -> dict[str, Any]:
    return {n: _points(v) if n == "points" else _plain(v) for n, v in stroke}


def _points(points: Any) -> Any:
    exact = np.asarray(points, np.float64)
    with np.errstate(over="ignore"):  # beyond float32 is not what float32 can hold
        short = exact.astype("<f4")
    if not np.array_equal(short, exact):
        return exact.tolist()
    return base64.b64encode(short.tobytes()).decode("ascii")


def _plain(value: Any) -> Any:
    """What JSON has, of the values in a scene."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {str(name): _plain(member) for name, member in value.items()}
    if isinstance(value, tuple):
        return [_plain(member) for member in value]
    return value


def _unpacked(text: str, width: int) -> list[Any]:
    try:
        numbers = np.frombuffer(base64.b64decode(text, validate=True), "<f4")
        found: list[Any] = (numbers.reshape(-1, width) if width else numbers).tolist()
    except (binascii.Error, ValueError) as error:
        raise ValueError("not float32 numbers in base64") from error
    return found
