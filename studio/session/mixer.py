"""How a session's decks are mixed into the output picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.document.mix import LAYER_PARAMETERS, MIX_PARAMETERS, Layer
from studio.document.parameters import Value

if TYPE_CHECKING:
    from studio.session._session import Session

_LAYER = {parameter.name: parameter for parameter in LAYER_PARAMETERS}
_MIX = {parameter.name: parameter for parameter in MIX_PARAMETERS}


class Mixer:
    """What a hand does to the layers. A layer goes by its deck's key, or by `mix.ROLL` or `TEXT`.

    With the first touch the mix begins, see `studio.document.mix`; it is one step to undo.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def layer(self, key: str) -> Layer:
        """How a layer lies in the output, as hands have set it."""
        return self._session.scene.layer(key)

    def set_layer(self, key: str, /, **values: Value) -> None:
        """Set controls of a layer. Raises `ParameterError` for a value that does not fit."""
        fitting = {name: _LAYER[name].validate(value) for name, value in values.items()}
        scene, gesture = self._session.scene, f"{key}.layer.{'.'.join(values)}"
        if scene.layer(key) != (changed := scene.layer(key).but(**fitting)):
            self._session.replace(scene.with_layers({key: changed}), gesture)

    def set(self, name: str, value: Value) -> None:
        """Set a control of the whole output. Raises `ParameterError`."""
        scene = self._session.scene
        mix = scene.mix.but(**{name: _MIX[name].validate(value)})
        self._session.replace(scene.but(mix=mix), f"output.{name}")

    def move(self, key: str, by: int) -> None:
        """Lay a layer higher, or for a number below zero lower."""
        scene = self._session.scene
        order = list(scene.layer_keys)
        there = min(len(order) - 1, max(0, order.index(key) + by))
        order.insert(there, order.pop(order.index(key)))
        if tuple(order) != scene.layer_keys:
            written = scene.with_layers({})
            self._session.replace(written.but(mix=written.mix.but(order=tuple(order))), None)

    def reset(self, key: str) -> None:
        """Put a layer where it was at first; how much of it is seen stays."""
        layer = self.layer(key)
        fresh = Layer(opacity=layer.opacity, blend=layer.blend, solo=layer.solo, mute=layer.mute)
        if fresh != layer:
            self._session.replace(self._session.scene.with_layers({key: fresh}), None)

    def show_front(self) -> None:
        """Mix no more: the output is the deck in front, alone."""
        scene = self._session.scene
        self._session.replace(scene.but(mix=scene.mix.but(layers={}, order=())), None)
