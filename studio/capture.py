"""Pictures on disk: single pictures, contact sheets, and films."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from studio.engine import Pixels


def save_png(file: Path, pixels: Pixels) -> None:
    """Write (H, W, 3) uint8 `pixels`. The same pixels give the same bytes."""
    Image.fromarray(pixels, "RGB").save(file, format="PNG", optimize=False)


def sheet(pictures: Sequence[Pixels], columns: int, gap: int = 8, ground: int = 14) -> Pixels:
    """`pictures` of one size in rows of `columns`, `gap` px apart on a dark ground."""
    if not pictures:
        raise ValueError("A sheet needs at least one picture.")
    height, width, _ = pictures[0].shape
    rows = -(-len(pictures) // columns)
    size = (rows * (height + gap) + gap, columns * (width + gap) + gap, 3)
    made = np.full(size, ground, np.uint8)
    for index, picture in enumerate(pictures):
        top = gap + (index // columns) * (height + gap)
        left = gap + (index % columns) * (width + gap)
        made[top : top + height, left : left + width] = picture
    return made


def save_film(file: Path, frames: Iterable[Pixels], pictures_per_s: int = 30) -> None:
    """Write an mp4 (H.264, yuv420p, which every player shows). Sides are made even by cropping."""
    with av.open(str(file), "w") as film:
        stream = film.add_stream("libx264", rate=Fraction(pictures_per_s))
        assert isinstance(stream, av.VideoStream)
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "16", "preset": "medium"}
        for pixels in frames:
            even = pixels[: pixels.shape[0] // 2 * 2, : pixels.shape[1] // 2 * 2]
            if not stream.codec_context.is_open:
                stream.height, stream.width = even.shape[:2]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(even), format="rgb24")
            film.mux(stream.encode(frame))
        film.mux(stream.encode())
