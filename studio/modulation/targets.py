"""The controls of a scene that can be modulated, by address, and the scene that comes of it.

`/deck/2/contrast`, `/front/pad/x`, `/deck/1/weight/a`, `/deck/1/layer/opacity`, `/output/opacity`,
`/transport/tempo`, `/band/bass_level`: all that the scene says and that has a travel. The metre and
the count-in are left alone: a bar is counted by them. What is no part of the scene, such as the
morph's fader, is added by its owner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from studio.document.addresses import layer_address, output_address, score_address, suffix_of
from studio.document.mix import LAYER_PARAMETERS, MIX_PARAMETERS, ROLL, TEXT, Layer, Mix
from studio.document.parameters import Float, Parameter, Text, Value
from studio.document.scene import (
    INTERPOLATION,
    PAD_X,
    PAD_Y,
    SLOT_NAMES,
    WALK_SECONDS,
    Deck,
    Place,
    Scene,
)
from studio.document.score import COUNT_IN, METRE_BEATS, METRE_UNIT, SCORE
from studio.latent.mixing import blended, weights_of, with_shares
from studio.modulation.graph import moved
from studio.motion.drifting import cyclic, rate_of

Field = Literal[
    "parameters", "pad", "weight", "interpolation", "walk", "drift", "score", "layer", "mix"
]

_OF_SCENE = ("score", "layer", "mix")
"""Fields that are no deck's."""
_COUNTING = (METRE_BEATS, METRE_UNIT, COUNT_IN)


class _Moved(NamedTuple):
    """Where a control comes to, from where and how far."""

    base: Value
    begun: float
    """Where the hand has it."""
    offset: float
    position: float
    value: Value


@dataclass(eq=False)
class Target:
    """A control of the scene, one for all of its addresses. `deck` is a deck's key, or another
    layer's, or empty for the score and the output."""

    deck: str
    field: Field
    name: str
    parameter: Parameter
    _last: _Moved | None = None
    """A hand moves one of many while the others stay what they were: nothing is reckoned twice."""

    def moved(self, base: Value, offset: float) -> _Moved:
        """Where it comes to that the hand has set to `base`."""
        last = self._last
        if last is None or last.offset != offset or last.base != base:
            stays = last if last and last.base == base else None
            begun = stays.begun if stays else self.parameter.position(base)
            position = moved(self.parameter, begun, min(1.0, max(-1.0, offset)))
            value = self.parameter.at(position)
            last = self._last = _Moved(base, begun, offset, position, value)
        return last

    def read(self, scene: Scene) -> Value:
        """What the hand has set it to."""
        match self.field:
            case "score":
                return scene.score[self.name]
            case "layer":
                return _attribute(scene.layer(self.deck), self.name)
            case "mix":
                return _attribute(scene.mix, self.name)
            case _:
                return self.read_of(scene.deck(self.deck))

    def read_of(self, deck: Deck) -> Value:
        """The same, of its deck; not for one of the score, of a layer or of the output."""
        match self.field:
            case "parameters":
                return deck.parameters[self.name]
            case "pad":
                return deck.pad[0 if self.name == "x" else 1]
            case "weight":
                return weights_of(deck)[SLOT_NAMES.index(self.name)]
            case "walk":
                return deck.walk.seconds
            case "drift":
                return deck.drift.get(self.name, 0.0)
            case _:
                return deck.interpolation


def _attribute(of: Layer | Mix, name: str) -> Value:
    found: Value = getattr(of, name)
    return found


def weight_of(name: str) -> Float:
    """How much of a slot is in the blend."""
    return Float(
        name=f"weight_{name.lower()}",
        label=f"Share of {name}",
        low=0,
        high=1,
        default=0,
        help="How much of the slot is in the blend; the others share the rest.",
    )


_WEIGHTS = tuple(weight_of(name) for name in SLOT_NAMES)


def targets_of(scene: Scene, controls: Callable[[Deck], Sequence[Parameter]]) -> dict[str, Target]:
    """Every control of `scene` that can be modulated, by address."""
    found: dict[str, Target] = {}
    for number, deck in enumerate(scene.decks, start=1):
        own = {f"/{suffix}": target for suffix, target in _of_deck(deck, controls(deck))}
        own |= _of_layer("", deck.key)
        found |= {f"/deck/{number}{suffix}": target for suffix, target in own.items()}
        if deck.key == scene.front:
            found |= {f"/front{suffix}": target for suffix, target in own.items()}
    for key in (ROLL, TEXT):
        found |= _of_layer(key, key)
    for parameter in MIX_PARAMETERS:
        found[output_address(parameter)] = Target("", "mix", parameter.name, parameter)
    for parameter in SCORE:
        if parameter not in _COUNTING:
            found[score_address(parameter)] = Target("", "score", parameter.name, parameter)
    return found


def _of_layer(place: str, key: str) -> dict[str, Target]:
    return {
        layer_address(place, parameter): Target(key, "layer", parameter.name, parameter)
        for parameter in LAYER_PARAMETERS
    }


def _of_deck(deck: Deck, controls: Sequence[Parameter]) -> Iterator[tuple[str, Target]]:
    key = deck.key
    for parameter in controls:
        if not isinstance(parameter, Text):
            yield suffix_of(parameter), Target(key, "parameters", parameter.name, parameter)
    yield "pad/x", Target(key, "pad", "x", PAD_X)
    yield "pad/y", Target(key, "pad", "y", PAD_Y)
    yield "path", Target(key, "interpolation", "", INTERPOLATION)
    yield "walk/seconds", Target(key, "walk", "", WALK_SECONDS)
    for name, parameter in zip(SLOT_NAMES, _WEIGHTS, strict=True):
        yield f"weight/{name.lower()}", Target(key, "weight", name, parameter)
    for parameter in cyclic(controls):
        rate = rate_of(parameter)
        yield rate.name, Target(key, "drift", parameter.name, rate)


@dataclass(frozen=True, eq=False)
class Modulated:
    """A scene as it is shown and played."""

    scene: Scene
    positions: Mapping[str, float]
    """Where every control that is moved stands, by its address, in [0, 1]."""


class _Base:
    """What the hand has set on a deck; its shares of slots are reckoned once."""

    def __init__(self, deck: Deck) -> None:
        self._deck = deck
        self._weights: tuple[float, ...] | None = None

    def of(self, target: Target) -> Value:
        if target.field == "parameters":
            return self._deck.parameters[target.name]
        if target.field != "weight":
            return target.read_of(self._deck)
        if self._weights is None:
            self._weights = weights_of(self._deck)
        return self._weights[SLOT_NAMES.index(target.name)]


def modulated(
    scene: Scene, targets: Mapping[str, Target], offsets: Mapping[str, float]
) -> Modulated:
    """`scene` with controls moved by `offsets`, shares of their travel. What leads to an address
    that is not there, for now perhaps, rests."""
    sums: dict[Target, float] = {}
    places: dict[str, Target] = {}
    for address, offset in offsets.items():
        target = targets.get(address)
        if target is not None:
            places[address] = target
            sums[target] = sums.get(target, 0.0) + offset
    decks = {deck.key: _Base(deck) for deck in scene.decks}
    changes: dict[str, list[tuple[Target, Value]]] = defaultdict(list)
    reached: dict[Target, float] = {}
    for target, whole in sums.items():
        deck = None if target.field in _OF_SCENE else decks[target.deck]
        base = target.read(scene) if deck is None else deck.of(target)
        there = target.moved(base, whole)
        reached[target] = there.position
        if there.position != there.begun:
            changes[target.deck].append((target, there.value))
    return Modulated(
        _changed(scene, changes), {address: reached[target] for address, target in places.items()}
    )


def with_values(scene: Scene, values: Mapping[Target, Value]) -> Scene:
    """`scene` with controls set to these values, which their parameters have passed."""
    changes: dict[str, list[tuple[Target, Value]]] = defaultdict(list)
    for target, value in values.items():
        changes[target.deck].append((target, value))
    return _changed(scene, changes)


def _changed(scene: Scene, changes: Mapping[str, list[tuple[Target, Value]]]) -> Scene:
    # Values come from `Parameter.at`, so nothing is checked again: with every frame.
    if not changes:
        return scene
    update: dict[str, object] = {}
    by_field = _of_scene(changes)
    if "score" in by_field:
        update["score"] = {**scene.score, **by_field["score"][""]}
    if by_field.keys() - {"score"}:
        update["mix"] = _changed_mix(scene, by_field["layer"], by_field["mix"][""])
    if any(target.field not in _OF_SCENE for each in changes.values() for target, _ in each):
        update["decks"] = tuple(
            _changed_deck(deck, changes[deck.key]) if deck.key in changes else deck
            for deck in scene.decks
        )
    return scene.model_copy(update=update)


_Values = defaultdict[str, dict[str, Value]]


def _of_scene(changes: Mapping[str, list[tuple[Target, Value]]]) -> defaultdict[Field, _Values]:
    """What changes in the scene itself, by its fields and the keys of layers."""
    found: defaultdict[Field, _Values] = defaultdict(lambda: defaultdict(dict))
    for key, each in changes.items():
        for target, value in each:
            if target.field in _OF_SCENE:
                found[target.field][key][target.name] = value
    return found


def _changed_mix(scene: Scene, layers: _Values, whole: Mapping[str, Value]) -> Mix:
    if layers:
        moved_layers = {
            key: scene.layer(key).model_copy(update=values) for key, values in layers.items()
        }
        scene = scene.with_layers(moved_layers)
    return scene.mix.model_copy(update=whole)


def _changed_deck(deck: Deck, changes: list[tuple[Target, Value]]) -> Deck:
    by_field: dict[Field, dict[str, Value]] = defaultdict(dict)
    for target, value in changes:
        if target.field not in _OF_SCENE:
            by_field[target.field][target.name] = value
    if not by_field:
        return deck
    update: dict[str, object] = {}
    for field, values in by_field.items():
        match field:
            case "parameters":
                update["parameters"] = {**deck.parameters, **values}
            case "drift":
                update["drift"] = {**deck.drift, **values}
            case "walk":
                update["walk"] = deck.walk.model_copy(update={"seconds": values[""]})
            case "interpolation":
                update["interpolation"] = values[""]
    if "pad" in by_field or "weight" in by_field:
        update.update(_led(deck, by_field["pad"], by_field["weight"]))
    return deck.model_copy(update=update)


def _led(deck: Deck, pad: Mapping[str, Value], weights: Mapping[str, Value]) -> dict[str, object]:
    """What a puck and shares of slots that are moved make of a deck.

    A point that is held, by a walk or on the way of a morph, is moved as far as the blend is.
    """
    x, y = (float(pad.get(axis, at)) for axis, at in zip("xy", deck.pad, strict=True))
    place: Place = (x, y)
    if deck.held is None and not weights:
        return {"pad": place}
    if not any(deck.slots):
        return {"pad": place}
    there = deck.model_copy(update={"pad": place})
    wanted = {SLOT_NAMES.index(name): float(share) for name, share in weights.items()}
    shown = blended(deck, with_shares(weights_of(there), deck.slots, wanted))
    if deck.held is not None:
        shown = np.asarray(deck.held, np.float32) + (shown - blended(deck, weights_of(deck)))
    return {"pad": place, "held": tuple(shown.tolist())}
