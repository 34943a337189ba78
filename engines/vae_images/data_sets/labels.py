"""What the artist may want to turn up or down, as numbers that the data gives away.

Each label is a function from a `Face`, a typeface or an emoji's variation to a number: 0 or 1 for
what it has or has not, any scale for the rest. `latent_space` makes sliders' directions of them.
A landscape is painted from numbers, and some of those are sliders as they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from engines.vae_images.data_sets.emoji import SMILES, Variation
from engines.vae_images.data_sets.faces import Face, Rgb
from engines.vae_images.data_sets.letters import Typeface


def _variants(*numbers: int) -> frozenset[str]:
    return frozenset(f"variant{number:02d}" for number in numbers)


# Sorted by eye.
_SMILES = _variants(1, 2, 5, 22, 23, 24, 25, 26, 27, 28, 29, 30)
_SULKS = _variants(3, 4, 7, 9, 13, 14, 19)
_OPEN_MOUTHS = _variants(1, 3, 5, 7, 14, 15, 24, 25, 26, 27, 28, 30)
_CLOSED_EYES = _variants(19, 20)
_FROWNS = _variants(1, 2)


def lightness(rgb: Rgb) -> float:
    """Relative luminance of an sRGB colour, 0..1, without undoing its gamma (Rec. 709)."""
    red, green, blue = rgb
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def warmth(rgb: Rgb) -> float:
    """How much more red than blue, -1..1."""
    return (rgb[0] - rgb[2]) / 255


LABELS: dict[str, Callable[[Face], float]] = {
    "glasses": lambda face: float(face.glasses is not None),
    "mood": lambda face: float(face.mouth in _SMILES) - float(face.mouth in _SULKS),
    "open_mouth": lambda face: float(face.mouth in _OPEN_MOUTHS),
    "closed_eyes": lambda face: float(face.eyes in _CLOSED_EYES),
    "frown": lambda face: float(face.eyebrows in _FROWNS),
    "hair_length": lambda face: float(face.hair.startswith("long")),
    "hair_lightness": lambda face: lightness(face.hair_rgb),
    "hair_warmth": lambda face: warmth(face.hair_rgb),
    "skin_lightness": lambda face: lightness(face.skin_rgb),
    "mustache": lambda face: float(face.features == "mustache"),
    "freckles": lambda face: float(face.features == "freckles"),
    "blush": lambda face: float(face.features == "blush"),
    "earrings": lambda face: float(face.earrings is not None),
}

TYPEFACE_LABELS: dict[str, Callable[[Typeface], float]] = {
    "weight": lambda face: math.log(max(face.stroke_px, 0.5)),
    "width": lambda face: face.width_px,
    "slant": lambda face: face.slant_deg,
    "serif": lambda face: float(face.category == "serif"),
    "x_height": lambda face: face.x_height,
    "handwriting": lambda face: float(face.category == "handwriting"),
}

EMOJI_LABELS: dict[str, Callable[[Variation], float]] = {
    "smile": lambda seen: float(int(seen.code.split("-")[0], 16) in SMILES),
    "animal": lambda seen: float(seen.kind == "animal"),
    "heart": lambda seen: float(seen.kind == "heart"),
    "tilt": lambda seen: seen.turn_deg,
    "scale": lambda seen: seen.scale,
    "tint": lambda seen: seen.tint_deg,
}

LANDSCAPE_LABELS: tuple[str, ...] = (
    "day",
    "warmth",
    "storm",
    "sun_height",
    "relief",
    "mist",
    "water",
    "trees",
)
"""Those of a painted scene's numbers (`landscapes.painter.FREEDOMS`) that an artist may turn."""
