"""The addresses of the mixer, for whatever plays by name (see `studio.control.controls`).

/deck/1/layer/opacity …  a deck's layer      /front/layer/…  /roll/layer/…  /text/layer/…
/output/opacity          all of the output   /output/red  green  blue  its background
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import partial

from studio.control.controls import Entry, value
from studio.document.addresses import layer_address, output_address
from studio.document.mix import LAYER_PARAMETERS, MIX_PARAMETERS, ROLL, TEXT
from studio.document.parameters import Parameter
from studio.session import Session


class MixPart:
    """The controls of a session's mixer."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def layout(self) -> Hashable:
        return tuple(deck.key for deck in self._session.scene.decks)

    def entries(self) -> Iterable[Entry]:
        session = self._session
        for n, deck in enumerate(session.scene.decks, start=1):
            yield from self._layer(f"/deck/{n}", f"Deck {n}", partial(str, deck.key))
        yield from self._layer("/front", "Front deck", lambda: session.scene.front)
        yield from self._layer(ROLL, "Piano roll", partial(str, ROLL))
        yield from self._layer(TEXT, "Text", partial(str, TEXT))
        for parameter in MIX_PARAMETERS:
            yield self._output(parameter)

    def _layer(self, at: str, where: str, key: Callable[[], str]) -> Iterator[Entry]:
        for parameter in LAYER_PARAMETERS:
            yield self._of_layer(at, where, key, parameter)

    def _of_layer(self, at: str, where: str, key: Callable[[], str], parameter: Parameter) -> Entry:
        mixer, name = self._session.mixer, parameter.name
        return value(
            layer_address(at, parameter),
            f"{where}: Layer {parameter.label[:1].lower()}{parameter.label[1:]}",
            parameter,
            lambda: getattr(mixer.layer(key()), name),
            lambda to: mixer.set_layer(key(), **{name: to}),
        )

    def _output(self, parameter: Parameter) -> Entry:
        name = parameter.name
        return value(
            output_address(parameter),
            f"Output: {parameter.label}",
            parameter,
            lambda: getattr(self._session.scene.mix, name),
            lambda to: self._session.mixer.set(name, to),
        )
