"""Letters of a few hundred open typefaces as signed distance fields.

    mkdir fonts && cp engines/vae_images/recipes/letterforms.package.json fonts/package.json
    npm install --prefix fonts --ignore-scripts
    python -m engines.vae_images.data_sets.letters --fonts fonts/node_modules --out data/letterforms

Each letter is a distance field (see `fields`). All letters of a face have one scale and stand on
one baseline, so they can be set side by side; the advance is centred in the field.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import multiprocessing
import os
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from fontTools.pens.boundsPen import BoundsPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import Image, ImageDraw, ImageFont

from engines.vae_images.alphabet import BASELINE_PX, CHARACTERS, REACH_PX, SIZE_PX
from engines.vae_images.fields import FINER, Ink, to_field

BODY_PX = 27.0
"""The geometric mean of a capital's and a small letter's height (H and x): what makes a size look
like a size, whether the face has tall capitals or not."""
MARGIN_PX = 1.0
STYLES = (("normal", (300, 400, 700, 900)), ("italic", (400, 700)))
HELD_OUT_OF = 8
"""One family out of so many is never trained on."""
FEWEST = len(CHARACTERS) - 6
"""A face with fewer usable letters is left out."""

Field = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Typeface:
    """One style of one family, and what can be measured of it."""

    package: str
    family: str
    category: str
    licence: str
    attribution: str
    weight: int
    italic: bool
    stroke_px: float
    """The thickness of a stem, in pixels of the field."""
    width_px: float
    """The mean advance of a letter."""
    slant_deg: float
    """How far stems lean to the right."""
    x_height: float
    """The height of x over the height of H."""


def held_out(package: str) -> bool:
    """Whether a family is kept from training; fixed by its name alone."""
    return zlib.crc32(package.encode()) % HELD_OUT_OF == 0


def families(fonts: Path) -> list[Path]:
    """The packages under `fonts`, in order."""
    return sorted((fonts / "@fontsource").iterdir())


def styles(folder: Path) -> Iterator[tuple[Path, int, bool]]:
    """The Latin files of one fontsource package that we use: path, weight, italic."""
    for style, weights in STYLES:
        for weight in weights:
            path = folder / "files" / f"{folder.name}-latin-{weight}-{style}.woff2"
            if path.exists():
                yield path, weight, style == "italic"


@dataclass(frozen=True)
class Face:
    """One style of a family, ready to be drawn."""

    font: ImageFont.FreeTypeFont
    advances: dict[str, float]
    """Of the characters that it has, in pixels of the field."""
    x_height: float
    """The height of x over the height of H."""
    finer: int
    """Pixels of a drawing along one of the field."""

    @classmethod
    def open(cls, path: Path, finer: int = FINER) -> Face | None:
        """None for one that lacks letters by which it is measured."""
        font = TTFont(path)
        glyphs, names = font.getGlyphSet(), font.getBestCmap()
        if any(ord(c) not in names for c in "Hxnol"):
            return None
        high, low = (_top(glyphs, names[ord(c)]) for c in "Hx")
        if min(high, low) <= 0:
            return None
        scale = BODY_PX / math.sqrt(high * low)
        font.flavor = None
        plain = io.BytesIO()
        font.save(plain)
        plain.seek(0)
        size = finer * scale * font["head"].unitsPerEm
        drawn = ImageFont.truetype(plain, size, layout_engine=ImageFont.Layout.BASIC)
        there = (c for c in CHARACTERS if ord(c) in names)
        advances = {c: scale * glyphs[names[ord(c)]].width for c in there}
        return cls(drawn, advances, low / high, finer)

    def ink(self, character: str) -> Ink | None:
        """One letter where it stands in its field, (k S, k S); None if it is blank or leaves the
        field."""
        side = self.finer * SIZE_PX
        canvas = Image.new("L", (side, side))
        place = (
            self.finer * (SIZE_PX - self.advances[character]) / 2,
            self.finer * BASELINE_PX,
        )
        box = self.font.getbbox(character, anchor="ls")
        margin = self.finer * MARGIN_PX
        inside = (
            margin <= place[0] + box[0]
            and place[0] + box[2] <= side - margin
            and margin <= place[1] + box[1]
            and place[1] + box[3] <= side - margin
        )
        if not inside or box[2] <= box[0] or box[3] <= box[1]:
            return None
        ImageDraw.Draw(canvas).text(place, character, fill=255, font=self.font, anchor="ls")
        ink = np.asarray(canvas) >= 128
        return ink if ink.sum() >= self.finer**2 else None


def draw_face(
    folder: Path, path: Path, weight: int, italic: bool
) -> tuple[Typeface, Field, Any] | None:
    """A face with its fields (C, S, S) and advances (C,) in pixels, NaN where a letter is missing.

    None for a face that lacks letters or does not fit into the field.
    """
    about = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    face = Face.open(path)
    if face is None:
        return None
    fields = np.zeros((len(CHARACTERS), SIZE_PX, SIZE_PX), np.uint8)
    advances = np.full(len(CHARACTERS), np.nan, np.float32)
    for row, character in enumerate(CHARACTERS):
        if character in face.advances and (ink := face.ink(character)) is not None:
            fields[row], advances[row] = to_field(ink), face.advances[character]
    if np.isfinite(advances).sum() < FEWEST:
        return None
    return (
        _measure(about, folder.name, weight, italic, fields, advances, face.x_height),
        fields,
        advances,
    )


def _top(glyphs: Any, name: str) -> float:
    pen = BoundsPen(glyphs)
    glyphs[name].draw(pen)
    return float(pen.bounds[3]) if pen.bounds else 0.0


def _measure(
    about: dict[str, Any],
    package: str,
    weight: int,
    italic: bool,
    fields: Field,
    advances: npt.NDArray[np.float32],
    x_height: float,
) -> Typeface:
    rows = [CHARACTERS.index(c) for c in "lnoiHIE"]
    depth = (fields[rows].max((1, 2)) / 127.5 - 1) * REACH_PX
    letters = [i for i, c in enumerate(CHARACTERS) if c.isalpha()]
    return Typeface(
        package=package,
        family=about["family"],
        category=about["category"],
        licence=about["license"]["type"],
        attribution=about["license"]["attribution"],
        weight=weight,
        italic=italic,
        stroke_px=float(2 * np.median(depth)),
        width_px=float(np.nanmean(advances[letters])),
        slant_deg=_slant_deg(fields[[CHARACTERS.index(c) for c in "lIH"]]),
        x_height=float(x_height),
    )


def _slant_deg(fields: Field) -> float:
    """The lean of straight letters: by how much rows of ink have to be shifted to lie together."""
    ink = np.clip(fields.astype(np.float32) / 127.5 - 0.75, 0, 0.5)
    rows = np.arange(SIZE_PX, dtype=np.float32)
    up = BASELINE_PX - rows
    leans = []
    for letter in ink:
        mass = letter.sum(1)
        if mass.sum() < 1:
            continue
        middle = (letter * rows).sum(1) / np.maximum(mass, 1e-6)
        mean_up = (mass * up).sum() / mass.sum()
        mean_x = (mass * middle).sum() / mass.sum()
        covariance = (mass * (up - mean_up) * (middle - mean_x)).sum()
        leans.append(covariance / max(1e-6, (mass * (up - mean_up) ** 2).sum()))
    return math.degrees(math.atan(float(np.median(leans)))) if leans else 0.0


def prepare(fonts: Path, out: Path) -> None:
    """Draw every face of the packages under `fonts` into `out`, one folder for each split."""
    jobs = [(folder, *style) for folder in families(fonts) for style in styles(folder)]
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        drawn = [face for face in pool.starmap(draw_face, jobs, chunksize=4) if face]
    for split, wanted in (("training", False), ("held_out", True)):
        folder = out / split
        folder.mkdir(parents=True, exist_ok=True)
        chosen = [face for face in drawn if held_out(face[0].package) == wanted]
        np.save(folder / "fields.npy", np.stack([fields for _, fields, _ in chosen]))
        np.save(folder / "advances.npy", np.stack([advances for *_, advances in chosen]))
        faces = json.dumps([asdict(face) for face, *_ in chosen], ensure_ascii=False, indent=1)
        (folder / "faces.json").write_text(faces, encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure letters into distance fields.")
    parser.add_argument("--fonts", type=Path, required=True, help="a node_modules folder")
    parser.add_argument("--out", type=Path, default=Path("data/letterforms"))
    given = parser.parse_args()
    prepare(given.fonts, given.out)


if __name__ == "__main__":
    main()
