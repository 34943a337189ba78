"""The built-in demo: for machines without a display, and for a first look."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from studio.capture import save_film, save_png, sheet
from studio.engine import EngineError, Resources
from studio.offline import opened
from studio.registry import Registry

_SEED = 7
_COLUMNS, _ROWS = 6, 4
_STOPS, _FRAMES = 5, 300


def render_demo(registry: Registry, out: Path, resources: Resources) -> Iterator[Path]:
    """For each engine a sheet of samples and a film of a closed loop; yields files as they are
    finished. Raises `EngineError` where an engine fails and OSError where the disk does.
    """
    if not registry.specs:
        raise EngineError("No engine can be used; run `latentloom doctor` to see why.")
    out.mkdir(parents=True, exist_ok=True)
    for spec in registry.specs:
        with opened(registry, spec.name, resources=resources) as offline:
            pictures = [
                offline.render(z, seed=_SEED) for z in offline.sample(_SEED, _COLUMNS * _ROWS)
            ]
            picture = out / f"{spec.name}-sheet.png"
            save_png(picture, sheet(pictures, _COLUMNS))
            yield picture
            film = out / f"{spec.name}-blend.mp4"
            save_film(film, offline.walk(_SEED, _STOPS, _FRAMES))
            yield film
