"""Models that came in bundles: other weights for engines that are here, beside their own.

Each is a safetensors file in the artist's models folder with a JSON of the same name that says what
it is (see `importing`). It takes part like any model of its engine; a preset finds
it by the hash of its weights, whatever it is called.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from studio.engine import EngineError, EngineSpec, ModelSpec
from studio.engine.registry import Registry
from studio.presets.errors import PresetError
from studio.presets.plain_files import read_bounded
from studio.presets.sharing.bundles import ModelPart
from studio.storage import strict_json

_log = logging.getLogger(__name__)

_LIMIT = 64
_LIMIT_BYTES = 100_000


def with_brought(registry: Registry, folder: Path) -> Registry:
    """`registry` with the models in `folder` added to the engines that they were made for."""
    brought = tuple(_brought(folder))
    if not brought:
        return registry
    return Registry(
        replace(listing, spec=_extended(listing.spec, brought)) if listing.spec else listing
        for listing in registry
    )


def _extended(spec: EngineSpec, brought: tuple[tuple[ModelPart, Path], ...]) -> EngineSpec:
    models = list(spec.models)
    for part, weights in brought:
        if part.engine == spec.name and len(models) < len(spec.models) + _LIMIT:
            model = _model(spec, part, weights)
            if model is not None and model.name not in {m.name for m in models}:
                models.append(model)
    return replace(spec, models=tuple(models))


def _model(spec: EngineSpec, part: ModelPart, weights: Path) -> ModelSpec | None:
    """The engine's own model of that name with other weights; None where there is none."""
    short = str(part.sha256)[:6]
    base = part.model.partition("~")[0]
    try:
        return replace(
            spec.model(base),
            name=f"{base}~{short}",
            title=f"{part.title or base} ({short})",
            weights=weights,
            licence=part.licence,
            credit=part.credit,
        )
    except EngineError as error:
        _log.warning("the model %s is left out: %s", weights, error)
        return None


def _brought(folder: Path) -> Iterator[tuple[ModelPart, Path]]:
    for weights in sorted(folder.glob("*.safetensors"))[:_LIMIT]:
        said = weights.with_suffix(".json")
        try:
            text = read_bounded(said, _LIMIT_BYTES, "model's description")
            data = {**strict_json.loads(text), "file": weights.name}
            yield ModelPart.model_validate(data), weights
        except (PresetError, ValidationError, ValueError, TypeError) as error:
            _log.warning("the model %s is left out: %s", weights, error)
