"""The way from one scene to another: which scene is shown where one has come to.

Pure functions of a share from 0 (the first scene) to 1 (the second). At both ends they are the
scenes themselves; between them what is continuous goes along its own curve, and what is not changes
in the middle.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, TypeVar

import numpy as np

from studio.document.field_rules import FieldRules, MorphRule, Ruled, rules_of
from studio.document.mix_crossing import MixWay
from studio.document.parameters import Float, Int, Parameter, Value
from studio.document.scene import SLOT_COUNT, Deck, Scene
from studio.document.score import SCORE
from studio.engine import Latent
from studio.engine.deck_job import own_files_of
from studio.engine.registry import Registry
from studio.latent.blending import lerp, slerp
from studio.latent.mixing import point_of
from studio.latent.steering import Directions, coordinate
from studio.modulation.crossing import ModulationWay

_Field = TypeVar("_Field")
_Glide = Callable[[float], Value]
_Way = Callable[[float], Any]
"""What a field is at a share of the way."""


def between(
    a: Scene,
    b: Scene,
    share: float,
    registry: Registry,
    directions: Mapping[str, Directions] | None = None,
) -> Scene:
    """The scene at `share` of the way from `a` to `b`; see `Crossing`."""
    return Crossing(a, b, registry, directions).at(share)


class Crossing:
    """The way between two scenes that `studio.engine.decks.checked` has passed.

    Each field goes as its `MorphRule` in `studio.document.scene` says. Decks are the same where
    key, engine and model are; all others change in the middle. The point that such a deck shows
    goes along the path of its blend (the second scene's), as a held point, with the own pictures of
    both; its numbers go along their curves, an angle the shorter way round.

    `directions` has the steps of each deck's model by the deck's key: a direction that only one of
    the scenes locks glides, too. Decks in `loose` show what their slots and puck say, or what is
    held in both scenes: a hand has taken them.
    """

    def __init__(
        self,
        a: Scene,
        b: Scene,
        registry: Registry,
        directions: Mapping[str, Directions] | None = None,
        loose: Collection[str] = (),
    ) -> None:
        self.a, self.b = a, b
        ends = {deck.key: deck for deck in b.decks}
        moves = ModulationWay(a, b)
        own = {
            "decks": self._decks_at,
            "modulators": moves.modulators_at,
            "connections": moves.connections_at,
            "mix": MixWay(a, b).at,
        }
        self._ways = _ways(a, b, SCORE, own)
        self._decks = {
            deck.key: _DeckWay(
                deck,
                ends[deck.key],
                registry,
                (directions or {}).get(deck.key, {}),
                holds=deck.key not in loose,
            )
            for deck in a.decks
            if deck.key in ends and same_model(deck, ends[deck.key])
        }

    def at(self, share: float) -> Scene:
        """The scene at `share`; beyond 0 and 1 it is that end's."""
        if share <= 0 or share >= 1:
            return self.a if share <= 0 else self.b
        return self._side(share).but(**{name: way(share) for name, way in self._ways.items()})

    def _side(self, share: float) -> Scene:
        return self.a if share < 0.5 else self.b

    def _decks_at(self, share: float) -> tuple[Deck, ...]:
        return tuple(self._deck(deck, share) for deck in self._side(share).decks)

    def _deck(self, deck: Deck, share: float) -> Deck:
        way = self._decks.get(deck.key)
        return deck if way is None else way.at(share)


def same_model(a: Deck, b: Deck) -> bool:
    """Whether two decks of one key are the same deck: a point means the same in both."""
    return (a.engine, a.model) == (b.engine, b.model)


class _DeckWay:
    """The way of one deck."""

    def __init__(
        self, a: Deck, b: Deck, registry: Registry, directions: Directions, *, holds: bool
    ) -> None:
        self._a, self._b = a, b
        spec = registry.spec(a.engine)
        size = spec.model(a.model).latent_size
        points = point_of(a, size), point_of(b, size)  # before the directions move them
        step = lerp if b.interpolation == "straight" else slerp
        locks = _with_locks(a, b, size, directions), _with_locks(b, a, size, directions)
        named = tuple(dict.fromkeys((*own_files_of(a), *own_files_of(b))))[: 2 * SLOT_COUNT]
        own = {
            "held": partial(_point, step, *points)
            if holds and not np.array_equal(*points)
            else partial(_middle, a.held, b.held),
            "own_pictures": lambda _: named,
            "fixed": lambda share: {**_middle(a.fixed, b.fixed, share), **_mixed(*locks, share)},
        }
        self._ways = _ways(a, b, spec.controls(a.model), own)

    def at(self, share: float) -> Deck:
        side = _middle(self._a, self._b, share)
        return side.but(**{name: way(share) for name, way in self._ways.items()})


def _ways(
    a: Ruled, b: Ruled, parameters: Collection[Parameter], own: Mapping[str, _Way]
) -> dict[str, _Way]:
    """How the fields that do not just change in the middle get from `a` to `b`, by name. `own` has
    the rules of those with rules of their own."""
    return {
        name: own[name]
        if rules.morph is MorphRule.OWN
        else _way(rules, getattr(a, name), getattr(b, name), parameters)
        for name, rules in rules_of(type(a)).items()
        if rules.morph is not MorphRule.MIDDLE
    }


def _way(rules: FieldRules, a: Any, b: Any, parameters: Collection[Parameter]) -> _Way:
    match rules.morph:
        case MorphRule.GLIDE:
            return partial(_straight, a, b)
        case MorphRule.FROM_REST:
            return partial(_mixed, _with_rests(a, b), _with_rests(b, a))
        case MorphRule.NUMBERS:
            return partial(_values, a, b, _glides(parameters, a, b, (Float, Int)))
        case MorphRule.REAL_NUMBERS:
            return partial(_values, a, b, _glides(parameters, a, b, (Float,)))
        case _:
            return partial(_middle, a, b)


def _middle(a: _Field, b: _Field, share: float) -> _Field:
    return a if share < 0.5 else b


def _straight(a: Any, b: Any, share: float) -> Any:
    """From a number, or a tuple of them, to another one."""
    if isinstance(a, tuple):
        return tuple(_along(*pair, share) for pair in zip(a, b, strict=True))
    return _along(a, b, share)


def _values(
    a: Mapping[str, Value], b: Mapping[str, Value], glides: Mapping[str, _Glide], share: float
) -> dict[str, Value]:
    values = dict(_middle(a, b, share))
    values.update((name, glide(share)) for name, glide in glides.items())
    return values


def _point(
    step: Callable[[Latent, Latent, float], Latent], a: Latent, b: Latent, share: float
) -> tuple[float, ...]:
    return tuple(step(a, b, share).tolist())


def _with_locks(deck: Deck, other: Deck, size: int, directions: Directions) -> dict[str, float]:
    """The locks of `deck`, and those of `other` where they would change nothing in `deck`."""
    missing = [name for name in other.fixed if name not in deck.fixed and name in directions]
    if not missing:
        return dict(deck.fixed)
    shown = point_of(deck, size, directions)
    free = {
        name: coordinate(shown, directions[name]) - float(deck.parameters.get(name, 0.0))
        for name in missing
    }
    return {**deck.fixed, **free}


def _with_rests(drift: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """`drift`, and standing still for what drifts in `other` alone."""
    return {**dict.fromkeys(other, 0.0), **drift}


def _mixed(a: Mapping[str, float], b: Mapping[str, float], share: float) -> dict[str, float]:
    """The numbers that both have, by name."""
    return {name: _along(a[name], b[name], share) for name in a if name in b}


def _along(a: float, b: float, share: float) -> float:
    """From `a` to `b` and, whatever the rounding, not beyond."""
    return min(max(a, b), max(min(a, b), a + share * (b - a)))


def _glides(
    parameters: Collection[Parameter],
    a: Mapping[str, Value],
    b: Mapping[str, Value],
    kinds: tuple[type[Parameter], ...],
) -> dict[str, _Glide]:
    """How each parameter of these kinds that differs gets from `a` to `b`, by name."""
    found: dict[str, _Glide] = {}
    for parameter in parameters:
        start, end = (values.get(parameter.name, parameter.initial) for values in (a, b))
        if isinstance(parameter, kinds) and start != end:
            found[parameter.name] = _glide(parameter, start, end)
    return found


def _glide(parameter: Parameter, start: Value, end: Value) -> _Glide:
    first, last = parameter.position(start), parameter.position(end)
    way = last - first
    if isinstance(parameter, Float) and parameter.cyclic:
        way -= round(way)  # an angle goes the shorter way round
    return lambda share: parameter.at(first + share * way)
