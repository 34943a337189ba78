"""The way of a mix from one scene to another, and what a hand does to it on the way.

Layers are compared as they are seen, written down or not, so a scene that was never mixed crosses
into one that was. A layer that is seen at one end only fades where it lies there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from studio.document.frozen import Frozen
from studio.document.mix import HIDDEN, LAYER_PARAMETERS, MIX_PARAMETERS, ROTATION, Layer, Mix
from studio.document.parameters import Float, Parameter
from studio.document.scene import Scene


class MixWay:
    """A pure function of a share of the way."""

    def __init__(self, a: Scene, b: Scene) -> None:
        self._a, self._b = a, b
        self._is_mixed = bool(a.mix.layers or b.mix.layers)

    def at(self, share: float) -> Mix:
        """The mix at `share` of the way."""
        a, b = self._a, self._b
        if a.mix == b.mix and not self._is_mixed:
            return a.mix
        side = a if share < 0.5 else b
        layers = {}
        if self._is_mixed:
            layers = {key: self._layer(key, share) for key in side.layer_keys}
        return side.mix.but(layers=layers, **_between(a.mix, b.mix, share, MIX_PARAMETERS))

    def _layer(self, key: str, share: float) -> Layer:
        a, b = (_layer_of(scene, key) for scene in (self._a, self._b))
        if a.opacity == 0:
            a = b.but(opacity=0.0)
        elif b.opacity == 0:
            b = a.but(opacity=0.0)
        nearer = a if share < 0.5 else b
        return nearer.but(**_between(a, b, share, LAYER_PARAMETERS))


def _layer_of(scene: Scene, key: str) -> Layer:
    return scene.layer(key) if key in scene.layer_keys else HIDDEN


def _between(
    a: Frozen, b: Frozen, share: float, parameters: Collection[Parameter]
) -> dict[str, Any]:
    """The numbers that differ, along their curves."""
    found = {}
    for parameter in parameters:
        start, end = getattr(a, parameter.name), getattr(b, parameter.name)
        if isinstance(parameter, Float) and start != end:
            first = parameter.position(start)
            way = parameter.position(end) - first
            way -= round(way) if parameter is ROTATION else 0  # the shorter way round
            found[parameter.name] = parameter.at(first + share * way)
    return found


def carried_mix(before: Scene, after: Scene, onto: Scene) -> Mix:
    """The mix of `onto` with what differs between `before` and `after` changed in it."""
    if after.mix is before.mix:
        return onto.mix
    kept = onto
    if after.mix.layers:
        changes = {key: _changed(before.layer(key), after.layer(key)) for key in after.layer_keys}
        here = {key: each for key, each in changes.items() if each and key in onto.layer_keys}
        if here:
            kept = onto.with_layers({k: onto.layer(k).but(**each) for k, each in here.items()})
    elif before.mix.layers:  # a hand has taken the mix back
        kept = onto.but(mix=onto.mix.but(layers={}))
    rest = _changed(before.mix, after.mix)
    rest.pop("layers", None)
    return kept.mix.but(**rest)


def _changed(before: Frozen, after: Frozen) -> dict[str, Any]:
    old: Mapping[str, Any] = dict(before)
    return {name: value for name, value in after if value != old[name]}
