"""The way from one scene to another: which scene is shown where one has come to.

Pure functions of a share from 0 (the first scene) to 1 (the second). At both ends they are the
scenes themselves; between them what is continuous goes along its own curve, and what is not changes
in the middle.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import numpy as np

from studio.document.parameters import Float, Int, Parameter, Value
from studio.document.scene import Deck, Scene
from studio.document.score import SCORE
from studio.engine import Latent
from studio.engine.registry import Registry
from studio.latent.blending import lerp, slerp
from studio.latent.mixing import point_of
from studio.latent.steering import Directions, coordinate

_Glide = Callable[[float], Value]


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

    Decks are the same where key, engine and model are. The point that such a deck shows goes along
    the path of its blend (the second scene's), as a held point; its puck and numbers go along
    their curves, an angle the shorter way round; words, seeds, slots, anchors, pins and strokes
    change in the middle. So do all other decks, the routes, the metre, and what is in front. The
    tempo glides.

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
        self._score = _glides(SCORE, a.score, b.score, (Float,))
        self._ways = {
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
        side = self.a if share < 0.5 else self.b
        decks = tuple(self._deck(deck, share) for deck in side.decks)
        score = {**side.score, **{name: glide(share) for name, glide in self._score.items()}}
        scene: Scene = side.but(decks=decks, score=score)
        return scene

    def _deck(self, deck: Deck, share: float) -> Deck:
        way = self._ways.get(deck.key)
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
        self._values = _glides(spec.controls(a.model), a.parameters, b.parameters, (Float, Int))
        self._points = point_of(a, size), point_of(b, size)  # before the directions move them
        self._holds = holds and not np.array_equal(*self._points)
        self._step = lerp if b.interpolation == "straight" else slerp
        self._pads = tuple(zip(a.pad, b.pad, strict=True))
        self._drift = _with_rests(a.drift, b.drift), _with_rests(b.drift, a.drift)
        self._fixed = _with_locks(a, b, size, directions), _with_locks(b, a, size, directions)

    def at(self, share: float) -> Deck:
        side = self._a if share < 0.5 else self._b
        values = {name: glide(share) for name, glide in self._values.items()}
        deck: Deck = side.but(
            parameters={**side.parameters, **values} if values else side.parameters,
            pad=tuple(_along(*axis, share) for axis in self._pads),
            held=tuple(self._point(share).tolist()) if self._holds else side.held,
            fixed={**side.fixed, **_mixed(*self._fixed, share)},
            drift=_mixed(*self._drift, share),
        )
        return deck

    def _point(self, share: float) -> Latent:
        return self._step(*self._points, share)


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
