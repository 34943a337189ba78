"""`latentloom presets draw FILES`: thumbnails anew, such as those of the factory presets after a
model has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import typer
from PIL import Image, ImageOps

from studio.document.scene import Scene
from studio.engine import Pixels, Resources
from studio.engine.offline import Offline, opened
from studio.engine.registry import Registry, find_engines
from studio.presets import PresetError, document, look_of
from studio.presets.errors import reason
from studio.presets.folder import thumbnails
from studio.storage import files

SIDE_PX = 176
"""The shelf shows squares of 88 px: at twice the scale this is all that is seen."""
_ROW_PX = 58
COLOURS = 256
"""A thumbnail has so many: half of the bytes; no eye sees it (0.002 of the range on average)."""
_MOST = 4


def draw(
    presets: Iterable[Path],
    resources: Resources,
    say: Callable[[str], object] = typer.echo,
    registry: Registry | None = None,
) -> None:
    """Draw the thumbnail of each of `presets` beside it: what its decks show when it is opened,
    tunes as their contours.

    Raises `PresetError` and `EngineError`; what was drawn until then stays.
    """
    registry = registry or find_engines()
    known: dict[tuple[str, str], Offline] = {}
    with ExitStack() as engines:

        def pictures(scene: Scene) -> list[Pixels]:
            decks = sorted(scene.decks, key=lambda deck: deck.key != scene.front)[:_MOST]
            for which in {(deck.engine, deck.model) for deck in decks} - known.keys():
                known[which] = engines.enter_context(opened(registry, *which, resources))
            return [known[deck.engine, deck.model].thumbnail(deck) for deck in decks]

        for file in presets:
            preset = document.read(file)
            picture = _fewer_colours(arranged(pictures(preset.scene)))
            out = file.with_suffix(".png")
            try:
                files.replace(out, thumbnails.png_of(picture, look_of(preset)))
            except OSError as error:
                why = reason(error)
                raise PresetError(f"The thumbnail {out.name} cannot be written: {why}.") from error
            say(str(out))


def arranged(pictures: Sequence[Pixels]) -> Pixels:
    """One to four pictures as one, uint8 (SIDE_PX, SIDE_PX, 3): the first alone, with a second in
    its corner, or above a row of the others."""
    first, *others = (Image.fromarray(np.ascontiguousarray(pixels)) for pixels in pictures)
    if len(others) < 2:
        sheet, corner = _middle(first, SIDE_PX, SIDE_PX), SIDE_PX - _ROW_PX
        for other in others:
            sheet.paste(_middle(other, _ROW_PX, _ROW_PX), (corner, corner))
        return np.asarray(sheet, np.uint8)
    sheet = Image.new("RGB", (SIDE_PX, SIDE_PX))
    sheet.paste(_middle(first, SIDE_PX, SIDE_PX - _ROW_PX))
    edges = [number * SIDE_PX // len(others) for number in range(len(others) + 1)]
    for other, left, right in zip(others, edges, edges[1:], strict=False):
        sheet.paste(_middle(other, right - left, _ROW_PX), (left, SIDE_PX - _ROW_PX))
    return np.asarray(sheet, np.uint8)


def _fewer_colours(picture: Pixels) -> Pixels:
    fewer = Image.fromarray(picture).quantize(COLOURS, Image.Quantize.MEDIANCUT, kmeans=3)
    return np.asarray(fewer.convert("RGB"), np.uint8)


def _middle(picture: Image.Image, width: int, height: int) -> Image.Image:
    """As much of the middle of `picture` as has that shape, so large."""
    return ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)
