"""Pictures on disk: single pictures, contact sheets, and films."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.engine import Pixels
from studio.export.plotting import SIDE_MM, sized
from studio.painting.tile_maps import (
    DERIVED,
    RELIEF,
    Heights,
    TileMap,
    height_map,
    normal_map,
    seam_words,
)


def save_png(file: Path, pixels: Pixels | Heights, words: Mapping[str, str] | None = None) -> None:
    """Write (H, W, 3) uint8 or (H, W) uint16 `pixels`, with `words` as text chunks.

    The same pixels and words give the same bytes.
    """
    info = PngInfo()
    for keyword, text in (words or {}).items():
        info.add_text(keyword, text)
    Image.fromarray(pixels).save(file, format="PNG", optimize=False, pnginfo=info)


PICTURES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
"""The kinds of file that a single picture is written to, by the ends of their names."""


def save_picture(file: Path, pixels: Pixels, kind: str) -> None:
    """Write (H, W, 3) uint8 `pixels` as "PNG" or "JPEG" (quality 95, colours at full size)."""
    if kind == "PNG":
        save_png(file, pixels)
    else:
        Image.fromarray(pixels).save(file, format=kind, quality=95, subsampling=0)


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


class FilmWriter:
    """Writes an mp4 (H.264, yuv420p, which every player shows), a picture at a time.

    All pictures have the first one's size; odd sides are made even by cropping.
    """

    def __init__(self, file: Path, pictures_per_s: int = 30) -> None:
        import av  # with the first film: no window needs it

        self._film = av.open(str(file), "w", format="mp4")
        stream = self._film.add_stream("libx264", rate=Fraction(pictures_per_s))
        assert isinstance(stream, av.VideoStream)
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "16", "preset": "medium"}
        self._stream = stream

    def add(self, pixels: Pixels) -> None:
        import av

        even = pixels[: pixels.shape[0] // 2 * 2, : pixels.shape[1] // 2 * 2]
        if not self._stream.codec_context.is_open:
            self._stream.height, self._stream.width = even.shape[:2]
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(even), format="rgb24")
        self._film.mux(self._stream.encode(frame))

    def close(self) -> None:
        """Write what is left; without a picture there is no film."""
        try:
            if self._stream.codec_context.is_open:
                self._film.mux(self._stream.encode())
        finally:
            self._film.close()


class GifWriter:
    """Writes an animated gif that plays round and round, 256 colours in each picture."""

    def __init__(self, file: Path, pictures_per_s: int = 25) -> None:
        self._file = file
        self._pause_ms = round(1000 / pictures_per_s)
        self._pictures: list[Image.Image] = []

    def add(self, pixels: Pixels) -> None:
        self._pictures.append(Image.fromarray(pixels).quantize(256))

    def close(self) -> None:
        first, *rest = self._pictures
        first.save(
            self._file,
            format="GIF",
            save_all=True,
            append_images=rest,
            duration=self._pause_ms,
            loop=0,
            optimize=False,
        )


class PngWriter:
    """Writes one PNG: of the one picture, or of all as a sheet with so many `columns`."""

    def __init__(self, file: Path, columns: int = 1) -> None:
        self._file = file
        self._columns = columns
        self._pictures: list[Pixels] = []

    def add(self, pixels: Pixels) -> None:
        self._pictures.append(pixels)

    def close(self) -> None:
        alone = len(self._pictures) == 1
        save_png(self._file, self._pictures[0] if alone else sheet(self._pictures, self._columns))


class TileWriter:
    """Writes one PNG of a picture that tiles, or a map of it: see `studio.painting.tile_maps`.

    Its text chunks say how well the picture joins with itself and what a map was derived from. The
    height map has 16 bits, the others 8 in each of three channels.
    """

    def __init__(self, file: Path, what: TileMap, relief: float = RELIEF.default) -> None:
        self._file, self._what, self._relief = file, what, relief

    def add(self, pixels: Pixels) -> None:
        words = {"Software": "Latent Loom", "Seam": seam_words(pixels)}
        made: Pixels | Heights = pixels
        if self._what == "height":
            made = height_map(pixels)
            words["Comment"] = f"Height map, black is low. {DERIVED}"
        elif self._what == "normal":
            made = normal_map(pixels, self._relief)
            words["Comment"] = f"Normal map, OpenGL, green is up. {DERIVED}"
        save_png(self._file, made, words)

    def close(self) -> None:
        """Nothing is left to write."""


class SvgWriter:
    """Writes one SVG document, its longer side so many millimetres on paper."""

    def __init__(self, file: Path, side_mm: float = SIDE_MM.default) -> None:
        self._file, self._side_mm = file, side_mm

    def add(self, svg: str) -> None:
        self._file.write_text(sized(svg, self._side_mm), encoding="utf-8")

    def close(self) -> None:
        """Nothing is left to write."""


def save_film(file: Path, frames: Iterable[Pixels], pictures_per_s: int = 30) -> None:
    """Write `frames` as an mp4."""
    with closing(FilmWriter(file, pictures_per_s)) as film:
        for pixels in frames:
            film.add(pixels)
