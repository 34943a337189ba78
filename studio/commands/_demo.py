"""The built-in demo: for machines without a display, and for a first look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from studio.commands._compose import composed, write_midi
from studio.engine import EngineError, EngineSpec, Resources
from studio.engine.offline import Offline, opened
from studio.engine.registry import Registry
from studio.export.writers import save_film, save_png, sheet
from studio.music.wishes.wish import parse
from studio.storage import files

_SEED = 7
_COLUMNS, _ROWS = 6, 4
_STOPS, _FRAMES = 5, 241
_WISH = "a jig in D, sixteen bars"


def render_demo(registry: Registry, out: Path, resources: Resources) -> Iterator[Path]:
    """For each model a sheet of samples and a film of a closed loop, for an engine that composes a
    tune; yields files as they are finished. Raises `EngineError` where an engine fails and OSError
    where the disk does.
    """
    if not registry.specs:
        raise EngineError("No engine can be used; run `latentloom doctor` to see why.")
    out.mkdir(parents=True, exist_ok=True)
    for spec in registry.specs:
        for model in spec.models:
            with opened(registry, spec.name, model.name, resources) as offline:
                yield from _show(offline, out)
        if spec.composes:
            yield _tune(registry, spec, out / f"{spec.name}-tune.mid")


def _tune(registry: Registry, spec: EngineSpec, file: Path) -> Path:
    """A tune on demand, with its band."""
    wish = parse(_WISH, spec.controls(spec.models[0].name), spec.roles)
    write_midi(file, composed(registry, spec, wish, seed=_SEED, band=True))
    return file


def _show(offline: Offline, out: Path) -> Iterator[Path]:
    name = f"{offline.spec.name}-{offline.model.name}"
    points = offline.sample(_SEED, _COLUMNS * _ROWS)
    picture, film = out / f"{name}-sheet.png", out / f"{name}-walk.mp4"
    with files.Draft(picture) as path:
        save_png(path, sheet([offline.render(z, seed=_SEED) for z in points], _COLUMNS))
    yield picture
    with files.Draft(film) as path:
        save_film(path, offline.walk(_SEED, _STOPS, _FRAMES))
    yield film
