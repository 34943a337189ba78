"""Which weights a model has, so that a preset can say what it was made with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from threading import Lock

from studio.document.scene import Scene
from studio.engine import EngineError, ModelSpec
from studio.engine.registry import Registry
from studio.presets.document import ModelIdentity, Preset

_Known = tuple[int, int, str]


class Weights:
    """The SHA-256 of weights files, each read once as long as it stays the same.

    A file of 15 MB takes some hundredths of a second. May be asked on any thread.
    """

    def __init__(self) -> None:
        self._known: dict[Path, _Known] = {}
        self._lock = Lock()

    def sha256(self, file: Path) -> str | None:
        """Of what `file` holds; None where it cannot be read."""
        try:
            held = file.stat()
            key = (held.st_mtime_ns, held.st_size)
            with self._lock:
                known = self._known.get(file)
            if known is None or known[:2] != key:
                with file.open("rb") as source:
                    known = (*key, hashlib.file_digest(source, "sha256").hexdigest())
                with self._lock:
                    self._known[file] = known
            return known[2]
        except OSError:
            return None

    def has(self, model: ModelSpec, sha256: str) -> bool:
        """Whether `model` has the weights with that hash, or draws what they did."""
        return sha256 in model.formerly or self.sha256(model.weights) == sha256


def identities(scene: Scene, registry: Registry, weights: Weights) -> tuple[ModelIdentity, ...]:
    """The models of all decks of `scene`, as they are here."""
    models = dict.fromkeys((deck.engine, deck.model) for deck in scene.decks)
    return tuple(identity(engine, model, registry, weights) for engine, model in models)


def identity(engine: str, model: str, registry: Registry, weights: Weights) -> ModelIdentity:
    """One model as it is here; with its names alone where it is not."""
    spec = model_of(engine, model, registry)
    if spec is None:
        return ModelIdentity(engine=engine, model=model)
    return ModelIdentity(
        engine=engine,
        model=model,
        title=spec.title,
        latent_size=spec.latent_size,
        sha256=weights.sha256(spec.weights),
    )


def model_of(engine: str, model: str, registry: Registry) -> ModelSpec | None:
    """The model as this installation has it, if it does."""
    try:
        return registry.spec(engine).model(model)
    except EngineError:
        return None


def read_ahead(registry: Registry, weights: Weights) -> None:
    """Read all weights once; for a thread that has time."""
    files: Iterable[Path] = (m.weights for spec in registry.specs for m in spec.models)
    for file in files:
        weights.sha256(file)


def preset_of(
    scene: Scene, name: str, registry: Registry, weights: Weights, **said: object
) -> Preset:
    """A new preset of `scene`, with the models that it is played with; `said` are other parts of a
    preset, such as tags. Raises `PresetError`."""
    empty = Preset(name="-", scene=scene, models=identities(scene, registry, weights))
    return empty.but(name=name, **said)
