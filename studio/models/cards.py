"""Reading what lies in a models folder: weights, what is said of them, and their pictures."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import ValidationError

from studio.engine import EngineError, EngineSpec, ModelFiles, ModelSpec
from studio.engine.registry import resolve
from studio.presets.errors import PresetError
from studio.presets.plain_files import read_bounded
from studio.presets.sharing.bundles import ModelPart
from studio.storage import strict_json

_log = logging.getLogger(__name__)

LIMIT = 64
"""So many models are read from a folder."""
_LIMIT_BYTES = 100_000


@dataclass(frozen=True)
class OwnModel:
    """One model that is not its engine's own: what is said of it, and where it lies."""

    part: ModelPart
    weights: Path
    name: str = ""
    """What the engine's model is called by, in scenes."""

    @property
    def picture(self) -> Path:
        """A PNG; it may be missing."""
        return self.weights.with_suffix(".png")

    @property
    def card(self) -> Path:
        """The JSON."""
        return self.weights.with_suffix(".json")

    @property
    def files(self) -> list[Path]:
        """All that there is of it on the disk."""
        return [f for f in (self.weights, self.card, self.picture) if f.exists()]

    @property
    def is_learnt(self) -> bool:
        """Whether an artist has made it; else it is another's weights for an engine's model."""
        return self.part.made is not None


def read(folder: Path) -> Iterator[OwnModel]:
    """The models in `folder`, oldest first; what cannot be read is left out."""
    for weights in sorted(folder.glob("*.safetensors"), key=_age)[:LIMIT]:
        said = weights.with_suffix(".json")
        try:
            text = read_bounded(said, _LIMIT_BYTES, "model's description")
            data = {**strict_json.loads(text), "file": weights.name}
            yield OwnModel(ModelPart.model_validate(data), weights)
        except (PresetError, ValidationError, ValueError, TypeError) as error:
            _log.warning("the model %s is left out: %s", weights, error)


def _age(file: Path) -> tuple[float, str]:
    try:
        return file.stat().st_mtime, file.name
    except OSError:  # it went meanwhile
        return 0.0, file.name


def spec_of(model: OwnModel, spec: EngineSpec, taken: Collection[str]) -> ModelSpec | None:
    """What its engine is told of it; None where the engine knows nothing like it."""
    part, short = model.part, str(model.part.sha256)[:6]
    base, _, mark = part.model.partition("~")
    if spec.model_files is not None:
        return _of_file(model, spec, spec.model_files, f"{base}~{short}")
    learnt = spec.learns.model if spec.learns else None
    if learnt is not None and learnt.name == base:
        name = f"{base}~{mark or short}"
        return replace(
            learnt,
            name=name if name not in taken else f"{base}~{short}",
            title=part.title or learnt.title,
            latent_size=part.latent_size or learnt.latent_size,
            weights=model.weights,
            licence=part.licence,
            credit=part.credit,
        )
    try:
        return replace(
            spec.model(base),
            name=f"{base}~{short}",
            title=f"{part.title or base} ({short})",
            weights=model.weights,
            licence=part.licence,
            credit=part.credit,
        )
    except EngineError as error:
        _log.warning("the model %s is left out: %s", model.weights, error)
        return None


def _of_file(model: OwnModel, spec: EngineSpec, taken: ModelFiles, name: str) -> ModelSpec | None:
    """What its engine has made of another program's file."""
    part = model.part
    try:
        own: ModelSpec = resolve(taken.model, f"The engine {spec.name}")(name, model.weights)
    except Exception as error:  # noqa: BLE001 - a guest may raise anything
        _log.warning("the model %s is left out: %s", model.weights, error)
        return None
    return replace(
        own,
        title=part.title or own.title,
        licence=part.licence or own.licence,
        credit=part.credit,
    )
