"""Which slots are on their way to the picture that was put in them, and how far."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from studio.document.scene import Point, Scene
from studio.engine import Latent
from studio.engine.messages import OwnMade, Refined


@dataclass
class _Refinement:
    point: Point
    share: float = 0.0


class Refinements:
    """Kept beside the scene: a refinement is no part of it, and undo does not bring one back."""

    def __init__(self) -> None:
        self._running: dict[tuple[str, int], _Refinement] = {}

    def begin(self, deck: str, slot: int, latent: Latent) -> None:
        self._running[deck, slot] = _Refinement(tuple(latent.tolist()))

    def share(self, deck: str, slot: int) -> float | None:
        """From 0 to 1; None when the slot is at rest."""
        running = self._running.get((deck, slot))
        return None if running is None else running.share

    def advance(self, event: Refined | OwnMade) -> Point | None:
        """The point that the event's is better than; None when nobody waits for it any more."""
        running = self._running.get((event.deck, event.slot))
        if running is None:
            return None
        before = running.point
        if event.latent is not None:
            running.point = tuple(event.latent.tolist())
        running.share = event.step / event.steps
        if event.step >= event.steps:
            del self._running[event.deck, event.slot]
        return before

    def end(self, deck: str, slot: int) -> bool:
        """Wait for no more; whether there was anything to wait for."""
        return self._running.pop((deck, slot), None) is not None

    def orphans(self, scene: Scene) -> Iterator[tuple[str, int]]:
        """Those whose slot holds something else by now."""
        decks = {deck.key: deck for deck in scene.decks}
        for (key, index), running in list(self._running.items()):
            slot = decks[key].slots[index] if key in decks else None
            if slot is None or slot.latent != running.point:
                yield key, index
