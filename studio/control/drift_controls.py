"""The addresses of drift, for whatever plays by name: `/deck/1/drift`, `/front/drift_across` …

`drift` plays and stops it; for each cyclic parameter `drift_NAME` is its turns a minute.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from studio.control.controls import Entry, value
from studio.document.parameters import Float, Toggle, Value
from studio.motion.drifting import cyclic, rate_of
from studio.session import Session

DRIFT = Toggle(name="drift", label="Drift", help="Lets it drift.", default=False)


class DriftPart:
    """The controls of drift of a session's decks, of those that can drift."""

    def __init__(self, session: Session) -> None:
        self._session, self._motion = session, session.motion

    def layout(self) -> Hashable:
        scene = self._session.scene
        return (scene.front, *((d.key, d.engine, d.model) for d in scene.decks))

    def entries(self) -> Iterable[Entry]:
        scene = self._session.scene
        for number, deck in enumerate(scene.decks, start=1):
            yield from self._side(f"/deck/{number}", f"Deck {number}", partial(str, deck.key))
        yield from self._side("/front", "Front deck", lambda: self._session.scene.front)

    def _side(self, at: str, where: str, key: Callable[[], str]) -> Iterator[Entry]:
        """The deck that `key` names at the moment."""
        turning = cyclic(self._session.controls(key()))
        if turning:
            lamp = lambda: self._motion.drifting(key())  # noqa: E731
            entry = value(f"{at}/drift", f"{where}: Drift", DRIFT, lamp, lambda _: None)
            yield replace(entry, write=partial(self._play, key))
        for parameter in turning:
            yield self._rate(at, where, key, parameter)

    def _rate(self, at: str, where: str, key: Callable[[], str], parameter: Float) -> Entry:
        about, name = rate_of(parameter), parameter.name
        return value(
            f"{at}/{about.name}",
            f"{where}: Drift of {parameter.label}",
            about,
            lambda: self._session.scene.deck(key()).drift.get(name, 0.0),
            lambda turns: self._motion.set_drift(key(), name, float(turns)),
        )

    def _play(self, key: Callable[[], str], on: Value, at_s: float) -> None:
        if not on:
            self._motion.stop_drift(key())
        elif not self._motion.drifting(key()):
            self._motion.start_drift(key(), at_s)
