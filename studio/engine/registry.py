"""Finds the engines: the built-in ones and strangers' plug-ins, through the same door.

An engine is an entry point of the group `latentloom.engines` that names an `EngineSpec`, or a
package with a `spec.py` holding `SPEC` in the artist's plug-in folder. A plug-in that cannot be
imported, has a bad spec, or calls sys.exit stays listed with its reason and stops nobody.
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

from psygnal import Signal

from studio.engine import Engine, EngineError, EngineSpec, ModelSpec
from studio.storage import folders

GROUP = "latentloom.engines"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Listing:
    """An engine that was found: its spec, or in one sentence why it cannot be used."""

    name: str
    source: str
    spec: EngineSpec | None = None
    reason: str = ""


class Registry:
    """The engines of this session. Unknown names raise `EngineError` with those there are.

    `changed` is emitted when they have other models than before.
    """

    changed = Signal()

    def __init__(self, listings: Iterable[Listing]) -> None:
        self._listings: dict[str, Listing] = {}
        # The usable ones first: a broken engine does not take a good one's name.
        for listing in sorted(listings, key=lambda each: each.spec is None):
            if listing.name in self._listings:
                first = self._listings[listing.name].source
                reason = listing.reason or f"An engine of this name comes from {first} already."
                listing = Listing(
                    f"{listing.name} ({listing.source})", listing.source, None, reason
                )
            self._listings[listing.name] = listing
        self._found = self._listings
        self._retired: Collection[tuple[str, str]] = ()

    @classmethod
    def discover(cls, folder: Path | None = None) -> Registry:
        """Everything installed and, where given, every package in `folder`."""
        found = [_from_entry_point(e) for e in metadata.entry_points(group=GROUP)]
        return cls([*found, *_from_folder(folder)] if folder else found)

    @classmethod
    def of(cls, *specs: EngineSpec) -> Registry:
        """A registry of just these."""
        return cls(Listing(spec.name, "here", spec) for spec in specs)

    def __iter__(self) -> Iterator[Listing]:
        return iter(self._listings.values())

    @property
    def specs(self) -> tuple[EngineSpec, ...]:
        """The engines that can be used: those that have a model."""
        return tuple(listing.spec for listing in self if listing.spec and listing.spec.models)

    @property
    def shipped(self) -> tuple[EngineSpec, ...]:
        """The same, with the models alone that they came with."""
        return tuple(listing.spec for listing in self._found.values() if listing.spec)

    def use(
        self,
        models: Mapping[str, Sequence[ModelSpec]],
        retired: Collection[tuple[str, str]] = (),
    ) -> None:
        """From now on engines have these models. Those that are `retired` (engine, model) are there
        for the decks that play them, and are offered no more."""
        self._retired = retired
        self._listings = {  # whole: the engine thread may be looking
            name: replace(listing, spec=replace(listing.spec, models=tuple(models[name])))
            if listing.spec and name in models
            else listing
            for name, listing in self._found.items()
        }
        self.changed.emit()

    def offered(self, spec: EngineSpec) -> tuple[ModelSpec, ...]:
        """The models of an engine that can be chosen."""
        return tuple(m for m in spec.models if (spec.name, m.name) not in self._retired)

    def spec(self, name: str) -> EngineSpec:
        """The spec of the engine called `name`."""
        listing = self._listings.get(name)
        if listing is None:
            known = ", ".join(s.name for s in self.specs) or "none"
            raise EngineError(f"There is no engine {name!r}; there are: {known}.")
        if listing.spec is None:
            raise EngineError(f"The engine {name} cannot be used: {listing.reason}")
        if not listing.spec.models and listing.spec.model_files:
            endings = " or ".join(listing.spec.model_files.endings)
            raise EngineError(
                f"{listing.spec.title} has no model yet: drop {endings} on the window."
            )
        return listing.spec

    @property
    def model_files(self) -> frozenset[str]:
        """The endings of the files that engines make models of."""
        taken = (each.spec.model_files for each in self if each.spec and each.spec.model_files)
        return frozenset(ending for files in taken for ending in files.endings)

    def taker(self, file: Path) -> EngineSpec | None:
        """The engine that makes models of files like this one, by its ending; None if none does."""
        for listing in self:
            spec = listing.spec
            if spec and spec.model_files and file.suffix.lower() in spec.model_files.endings:
                return spec
        return None

    def create(self, name: str) -> Engine:
        """A new engine of that name. Imports its code; call it on the engine thread."""
        spec = self.spec(name)
        engine = resolve(spec.factory, f"The engine {name}")()
        if not isinstance(engine, Engine):
            raise EngineError(f"The engine {name} does not keep to the contract.")
        return engine


def find_engines() -> Registry:
    """The engines of this installation and of the artist's plug-in folder."""
    try:
        return Registry.discover(folders.plugins())
    except OSError:  # no home that can be written to: the installed engines will do
        return Registry.discover()


def resolve(target: str, who: str) -> Callable[..., Any]:
    """The callable that `target` ("package.module:name") names, imported now.

    Raises `EngineError`, with one sentence that begins with `who`, whatever the import does.
    """
    module, _, attribute = target.partition(":")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        _log.exception("importing %s", target)
        raise EngineError(f"{who} cannot be imported: {_first_line(error)}.") from error
    if not callable(found):
        raise EngineError(f"{who} names {target}, which cannot be called.")
    return found  # type: ignore[no-any-return]


def _from_entry_point(entry: metadata.EntryPoint) -> Listing:
    source = entry.dist.name if entry.dist else "an installed package"
    return _listing(entry.name, source, entry.load)


def _from_folder(folder: Path) -> Iterator[Listing]:
    packages = sorted(p.parent for p in folder.glob("*/spec.py"))
    if packages and str(folder) not in sys.path:
        sys.path.append(str(folder))  # last, so that a guest cannot hide a module of ours
    for package in packages:
        yield _listing(package.name, str(package), partial(_spec_in, package))


def _spec_in(package: Path) -> object:
    return importlib.import_module(f"{package.name}.spec").SPEC


def _listing(name: str, source: str, load: Callable[[], object]) -> Listing:
    try:
        spec = load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a guest may raise anything
        _log.exception("loading the spec of %s from %s", name, source)
        return Listing(name, source, None, f"Its spec does not load ({_first_line(error)}).")
    if not isinstance(spec, EngineSpec):
        return Listing(name, source, None, "Its spec is not an EngineSpec.")
    return Listing(spec.name, source, spec)


def _first_line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0][:200].rstrip('.')}" if text else type(error).__name__
