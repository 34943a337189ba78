"""The kinds of modulators, by name; what each has to be set, and what it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from studio.document.errors import StudioError
from studio.document.modulation import Modulator
from studio.document.parameters import Parameter, Value, validated
from studio.modulation._envelope import ENVELOPE
from studio.modulation._gesture import GESTURE
from studio.modulation._kind import Kind, nearest_division
from studio.modulation._lfo import LFO
from studio.modulation._notes import NOTES
from studio.modulation._outside import (
    CROWD,
    CROWD_SOURCES,
    FOLLOW,
    MACRO,
    MACRO_LIMIT,
    SOUND,
    source_of,
)
from studio.modulation._steps import STEPS

__all__ = [
    "CROWD_SOURCES",
    "KINDS",
    "MACRO_LIMIT",
    "Kind",
    "ModulationError",
    "complete",
    "kind_of",
    "nearest_division",
    "setting_of",
    "source_of",
    "sources_of",
    "title_of",
]

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (LFO, ENVELOPE, NOTES, SOUND, STEPS, GESTURE, MACRO, FOLLOW, CROWD)
    }
)


class ModulationError(StudioError, ValueError):
    """A modulator or a connection that cannot be. Its text is one sentence for the artist."""


def kind_of(name: str) -> Kind:
    """The kind called `name`. Raises `ModulationError`."""
    kind = KINDS.get(name)
    if kind is None:
        raise ModulationError(f"This Latent Loom has no modulator of the kind {name[:40]!r}.")
    return kind


@lru_cache(maxsize=64)
def _declared(kind: str) -> Mapping[str, Parameter]:
    return {parameter.name: parameter for parameter in kind_of(kind).settings}


def setting_of(kind: str, name: str) -> Parameter | None:
    """The setting `name` of a kind; None where it has none."""
    return _declared(kind).get(name)


def complete(modulator: Modulator) -> Modulator:
    """`modulator` with every setting present and valid. Raises `ModulationError` or
    `ParameterError`."""
    settings: dict[str, Value] = validated(kind_of(modulator.kind).settings, modulator.settings)
    return modulator if settings == modulator.settings else modulator.but(settings=settings)


def sources_of(modulators: Iterable[Modulator]) -> frozenset[str]:
    """What they hear of `Inputs.moves`."""
    return frozenset(source for m in modulators for source in KINDS[m.kind].follows(m.settings))


def title_of(modulator: Modulator) -> str:
    """What it is called: by its artist or by its kind, with its number."""
    return modulator.name or f"{kind_of(modulator.kind).title} {modulator.id}"
