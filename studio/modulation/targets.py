"""The controls of a scene that can be modulated, by address, and the scene that comes of it.

`/deck/2/contrast`, `/front/pad/x`, `/deck/1/weight/a`, `/transport/tempo`, `/band/bass_level`: all
that the scene says and that has a travel. The metre and the count-in are left alone: a bar is
counted by them. What is no part of the scene, such as the morph's fader, is added by its owner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from studio.document.addresses import score_address, suffix_of
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
from studio.latent.blending import blend
from studio.latent.mixing import weights_of
from studio.modulation.graph import moved
from studio.motion.drifting import cyclic, rate_of

Field = Literal["parameters", "pad", "weight", "interpolation", "walk", "drift", "score"]

_COUNTING = (METRE_BEATS, METRE_UNIT, COUNT_IN)


@dataclass(frozen=True, eq=False)
class Target:
    """A control of the scene, one for all of its addresses. `deck` is a deck's key, or empty for
    the score."""

    deck: str
    field: Field
    name: str
    parameter: Parameter

    def read(self, scene: Scene) -> Value:
        """What the hand has set it to."""
        if not self.deck:
            return scene.score[self.name]
        deck = scene.deck(self.deck)
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
        for suffix, target in _of_deck(deck, controls(deck)):
            found[f"/deck/{number}/{suffix}"] = target
            if deck.key == scene.front:
                found[f"/front/{suffix}"] = target
    for parameter in SCORE:
        if parameter not in _COUNTING:
            found[score_address(parameter)] = Target("", "score", parameter.name, parameter)
    return found


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
    changes: dict[str, list[tuple[Target, Value]]] = defaultdict(list)
    reached: dict[Target, float] = {}
    for target, whole in sums.items():
        base = target.read(scene)
        position = target.parameter.position(base)
        there = moved(target.parameter, position, min(1.0, max(-1.0, whole)))
        reached[target] = there
        if there != position:
            changes[target.deck].append((target, target.parameter.at(there)))
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
    if "" in changes:
        update["score"] = {**scene.score, **{t.name: v for t, v in changes[""]}}
    if changes.keys() - {""}:
        update["decks"] = tuple(
            _changed_deck(deck, changes[deck.key]) if deck.key in changes else deck
            for deck in scene.decks
        )
    return scene.model_copy(update=update)


def _changed_deck(deck: Deck, changes: list[tuple[Target, Value]]) -> Deck:
    by_field: dict[Field, dict[str, Value]] = defaultdict(dict)
    for target, value in changes:
        by_field[target.field][target.name] = value
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
    points = [slot.latent for slot in deck.slots if slot is not None]
    if not points:
        return {"pad": place}
    there = deck.model_copy(update={"pad": place})
    filled = [i for i, slot in enumerate(deck.slots) if slot is not None]
    shares = _shares(there, weights)
    latents = np.asarray(points, np.float32)
    shown = blend(latents, [shares[i] for i in filled], deck.interpolation)
    if deck.held is not None:
        own = weights_of(deck)
        blended = blend(latents, [own[i] for i in filled], deck.interpolation)
        shown = np.asarray(deck.held, np.float32) + (shown - blended)
    return {"pad": place, "held": tuple(shown.tolist())}


def _shares(deck: Deck, weights: Mapping[str, Value]) -> tuple[float, ...]:
    """The shares of the blend, of which some are to be `weights`; the others share the rest."""
    own = weights_of(deck)
    wanted = {
        SLOT_NAMES.index(name): float(share)
        for name, share in weights.items()
        if deck.slots[SLOT_NAMES.index(name)] is not None
    }
    if not wanted:
        return own
    given = sum(wanted.values())
    if given >= 1:
        return tuple(wanted.get(i, 0.0) / given for i in range(len(own)))
    rest = sum(share for i, share in enumerate(own) if i not in wanted)
    if not rest:
        return tuple(wanted.get(i, 0.0) / given for i in range(len(own))) if given else own
    return tuple(
        wanted[i] if i in wanted else share * (1 - given) / rest for i, share in enumerate(own)
    )
