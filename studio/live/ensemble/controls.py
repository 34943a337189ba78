"""The addresses of decks that compose: `/deck/1/hold`, `answer`, `keep_bar` and `take_in`, and the
same under `/front`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

from studio.control.controls import Entry, trigger, value
from studio.document.parameters import Toggle
from studio.live.ensemble.ensemble import Ensemble
from studio.session import Session

HOLD = Toggle(
    name="hold",
    label="Hold the bar",
    default=False,
    help="Plays the bar that sounds now over and over.",
)


class EnsemblePart:
    """The controls of every deck that composes, as they stand on the stage."""

    def __init__(self, session: Session, ensemble: Ensemble) -> None:
        self._session = session
        self._ensemble = ensemble

    def layout(self) -> Hashable:
        scene = self._session.scene
        return (scene.front, *((d.key, d.engine) for d in scene.decks))

    def entries(self) -> Iterable[Entry]:
        scene, composing = self._session.scene, self._ensemble.decks
        for n, deck in enumerate(scene.decks, start=1):
            if deck.key in composing:
                yield from self._side(f"/deck/{n}", f"Deck {n}", _always(deck.key))
        if scene.front in composing:
            yield from self._side("/front", "Front deck", lambda: self._session.scene.front)

    def _side(self, at: str, where: str, key: Callable[[], str]) -> Iterator[Entry]:
        ensemble = self._ensemble
        yield value(
            f"{at}/hold",
            f"{where}: {HOLD.label}",
            HOLD,
            lambda: ensemble.held(key()),
            lambda on: ensemble.hold(key(), on),
        )
        yield trigger(
            f"{at}/answer",
            f"{where}: Answer me",
            lambda: ensemble.answer(key()),
            lambda: ensemble.answering(key()) > 0,
        )
        yield trigger(f"{at}/keep_bar", f"{where}: Keep this bar", lambda: ensemble.capture(key()))
        yield trigger(
            f"{at}/take_in",
            f"{where}: Keep what was played in",
            lambda: ensemble.take_in(key()),
        )


def _always(key: str) -> Callable[[], str]:
    return lambda: key
