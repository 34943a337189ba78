"""Engines and models that are kept ready for what may come next, by who wants it."""

from __future__ import annotations

from studio.document.scene import Scene
from studio.engine.messages import Close, Load
from studio.engine.registry import Registry
from studio.engine.worker_thread import EngineThread


class LoadedAhead:
    """Asks the engine thread for them as if for decks, which are called by who wants them."""

    def __init__(self, registry: Registry, thread: EngineThread) -> None:
        self._registry = registry
        self._thread = thread
        self._wanted: dict[str, tuple[tuple[str, str], ...]] = {}

    def forget(self) -> None:
        """They are closed."""
        self._wanted.clear()

    def prepare(self, key: str, scene: Scene | None) -> None:
        """See `EngineRoom.prepare`."""
        before = self._wanted.pop(key, ())
        wanted = () if scene is None else tuple({(d.engine, d.model): d for d in scene.decks})
        if scene is not None:
            self._wanted[key] = wanted
        for place, (engine, model) in enumerate(wanted):
            if before[place : place + 1] != ((engine, model),):
                deck, spec = _deck(key, place), self._registry.spec(engine).model(model)
                self._thread.mailbox.command(Load(deck, 0, engine, spec, anew=False), clears=deck)
        for place in range(len(wanted), len(before)):
            deck = _deck(key, place)
            self._thread.mailbox.command(Close(deck), clears=deck)


def _deck(key: str, place: int) -> str:
    """What the engine thread calls a deck that is not there yet; no deck's key has a slash."""
    return f"ahead/{key}/{place}"
