"""Thumbnails beside the documents: PNG, derived from the scene, remade when they are missing.

A thumbnail says in a text chunk which scene it was drawn from, so that an old one is known.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from studio.engine import Pixels
from studio.presets.errors import PresetError

LIMIT_BYTES = 2_000_000
SIDE_PX = 256
"""The longer side of a kept thumbnail at most."""
_LOOK = "latentloom:look"
_LIMIT_PX = 2048


def png_of(pixels: Pixels, look: str) -> bytes:
    """(H, W, 3) uint8 `pixels` as the bytes of a PNG, at most `SIDE_PX` on its longer side.

    Where a table holds all of its colours, they are numbered, which is smaller.
    """
    picture = Image.fromarray(np.ascontiguousarray(pixels), "RGB")
    picture.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)
    if picture.getcolors(256) is not None:
        picture = _numbered(picture)
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text(_LOOK, look)
    out = io.BytesIO()
    picture.save(out, "PNG", pnginfo=chunks, optimize=True)
    return out.getvalue()


def _numbered(picture: Image.Image) -> Image.Image:
    """The same picture, exactly, with a table of its colours."""
    colours, numbers = np.unique(np.asarray(picture).reshape(-1, 3), axis=0, return_inverse=True)
    with_table = Image.fromarray(numbers.reshape(picture.height, picture.width).astype(np.uint8))
    with_table.putpalette(colours.tobytes())
    return with_table


def pixels_of(png: bytes) -> tuple[Pixels, str]:
    """The picture in `png` and the look that it was drawn from ("" if it does not say).

    Raises `PresetError` for anything but a sound PNG of a bounded size.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
                if max(picture.size) > _LIMIT_PX:
                    raise PresetError("The thumbnail is too large.")
                look = picture.info.get(_LOOK, "")
                pixels = np.asarray(picture.convert("RGB"), np.uint8)
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        raise PresetError("The thumbnail is damaged.") from error
    return np.ascontiguousarray(pixels), look if isinstance(look, str) else ""


def thumbnail(file: Path, look: str) -> Pixels | None:
    """The picture in `file`; None where there is none that was drawn from the scene `look`."""
    try:
        if file.stat().st_size > LIMIT_BYTES:
            return None
        pixels, drawn_from = pixels_of(file.read_bytes())
    except (OSError, PresetError):
        return None
    return pixels if drawn_from == look else None
