"""Presets and bundles that come from others and go to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from psygnal import Signal

from studio.engine.registry import Registry
from studio.presets.folder import places
from studio.presets.folder.librarian import Librarian
from studio.presets.folder.library import Library
from studio.presets.folder.set_lists import SetList
from studio.presets.identities import Weights, identity, model_of
from studio.presets.sharing import bundles, model_files
from studio.presets.sharing.importing import Imported, take_in


class Sharing:
    """Signals: `taken(imported)` when something has come; `noticed(sentence)`."""

    taken = Signal(Imported)
    noticed = Signal(str)

    def __init__(
        self, registry: Registry, weights: Weights, library: Library, librarian: Librarian
    ) -> None:
        self._registry = registry
        self._weights = weights
        self._library = library
        self._librarian = librarian

    def take_in(self, file: Path, then: Callable[[Imported], object] = lambda _: None) -> None:
        """Take a preset, a bundle or another program's model that the artist has been given in;
        `then` gets what has come."""

        def taken(what: Imported) -> None:
            self.taken.emit(what)
            then(what)
            self.noticed.emit(_said_of(what))

        taker = self._registry.taker(file)
        if taker is None:
            self._librarian.do(lambda: take_in(file, self._library, places.models()), taken)
            return
        self.noticed.emit(f"{file.name} is tried, which may take a moment.")
        work = partial(model_files.take_in, file, taker, places.models())
        self._librarian.do(work, taken, aside=True)

    def give_away(
        self, file: Path, ids: Sequence[str], *, models: bool, set_list: SetList | None = None
    ) -> None:
        """Write presets, and their models' weights and a set list if wanted, to a bundle for
        others."""
        ids = tuple(ids)

        def write() -> tuple[str, ...]:
            weights = self._models_of(ids) if models else ()
            return bundles.write(file, self._library, ids, models=weights, set_list=set_list)

        def written(lacks: tuple[str, ...]) -> None:
            self.noticed.emit(" ".join((f"Written: {file.name}.", *lacks)))

        self._librarian.do(write, written)

    def _models_of(self, ids: Iterable[str]) -> list[tuple[bundles.ModelPart, Path]]:
        """The models of some presets that are here, each once, with their weights."""
        decks = [deck for id in ids for deck in self._library.open(id).preset.scene.decks]
        found = []
        for engine, name in dict.fromkeys((deck.engine, deck.model) for deck in decks):
            model = model_of(engine, name, self._registry)
            if model is None:
                continue
            known = identity(engine, name, self._registry, self._weights)
            part = bundles.ModelPart(
                **known.model_dump(),
                file=f"models/{engine}-{name}.safetensors",
                licence=model.licence[:200],
                credit=model.credit[:2000],
            )
            found.append((part, model.weights))
        return found


def _said_of(taken: Imported) -> str:
    """What has come, in a line."""
    names = ", ".join(entry.name for entry in taken.entries[:3])
    more = f" and {len(taken.entries) - 3} more" if len(taken.entries) > 3 else ""
    listed = f"the set list {taken.set_list.name}" if taken.set_list else ""
    count = len(taken.models)
    models = f"{count} {'model' if count == 1 else 'models'}" if count else ""
    parts = "; ".join(filter(None, (names + more, listed, models)))
    said = [f"Taken in: {parts or 'nothing'}.", *taken.remarks]
    if taken.models:
        said.append("It can be chosen now." if count == 1 else "They can be chosen now.")
    return " ".join(said)
