"""Seeds that a hand runs through: one at a time, and the last one always arrives.

An engine draws samples in the order in which it is asked. A knob asks for a hundred seeds a second,
and the samples of all of them would still come in long after the hand has gone.
"""

from __future__ import annotations

from studio.document.scene import Scene
from studio.session import Session

_PATIENCE_S = 1.0
"""An engine that has not answered by then is not waited for: it may have failed."""


class Seeds:
    """Asks a session for the samples of seeds. Times are `perf_counter` seconds."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked: dict[str, tuple[int, float]] = {}
        self._next: dict[str, tuple[int, float]] = {}
        session.changed.connect(self._answer)

    def ask(self, deck: str, seed: int, at_s: float) -> None:
        """Fill the deck's slots from `seed`, now or once the samples asked for are there."""
        asked = self._asked.get(deck)
        if asked is not None and at_s - asked[1] < _PATIENCE_S:
            self._next[deck] = (seed, at_s)
            return
        self._next.pop(deck, None)
        if seed != self._session.scene.deck(deck).seed:  # or no answer could be told
            self._asked[deck] = (seed, at_s)
        self._session.slots.randomise(deck, seed)

    def _answer(self, scene: Scene, _: Scene) -> None:
        seeds = {deck.key: deck.seed for deck in scene.decks}
        for key, (seed, _at_s) in list(self._asked.items()):
            if seeds.get(key) in (seed, None):
                del self._asked[key]
                following = self._next.pop(key, None)
                if following is not None and key in seeds:
                    self.ask(key, *following)
