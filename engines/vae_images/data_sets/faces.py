"""Drawn faces without end: the shipped portraits' training and held-out data.

The style is "Adventurer" by Lisa Wischofsky (CC BY 4.0), taken as data from
the npm package ``@dicebear/adventurer`` by ``recipes/adventurer.mjs``. Face
number ``i`` is always the same face: every choice is drawn from a generator
seeded by ``i`` alone, so a data set is nothing but a range of numbers.
"""

from __future__ import annotations

import colorsys
import functools
import io
import json
import lzma
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import resvg_py
from PIL import Image

STYLE_FILE = Path(__file__).parents[1] / "data" / "adventurer.json.xz"

TRAINING = range(0, 40_000)
HELD_OUT = range(1_000_000, 1_001_000)
"""Face numbers that training never sees: another range of the same faces."""

ODDS = {"glasses": 0.24, "features": 0.20, "earrings": 0.16}
"""How often a face wears each. The style's own odds are 0.1, 0.05 and 0.1: too
rare for a model to learn from the number of faces that a laptop can see."""

GROUPS = ("eyes", "eyebrows", "mouth", "features", "glasses", "hair", "earrings")
PAPER = (0xF3, 0xEE, 0xE6)
PASTELS = ((0xF6, 0xD9, 0xCF), (0xDC, 0xE8, 0xF2), (0xE2, 0xEC, 0xDA), (0xEA, 0xE0, 0xF0))

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Face:
    """What one face wears; ``None`` where it goes without. Colours are 0..255."""

    hair: str
    eyes: str
    eyebrows: str
    mouth: str
    glasses: str | None
    features: str | None
    earrings: str | None
    skin_rgb: Rgb
    hair_rgb: Rgb
    paper_rgb: Rgb


@functools.cache
def style() -> dict[str, Any]:
    """The drawing style: parts, layout, colours, licence (see the recipe)."""
    with lzma.open(STYLE_FILE, "rt", encoding="utf-8") as file:
        loaded: dict[str, Any] = json.load(file)
    return loaded


def face(index: int) -> Face:
    """Face number ``index`` (>= 0), the same on every machine."""
    rng = np.random.default_rng(np.random.SeedSequence([20_260, index]))
    parts = style()["parts"]

    def pick(group: str) -> str:
        names = list(parts[group])
        return str(names[rng.integers(len(names))])

    def maybe(group: str) -> str | None:
        worn, name = rng.random() < ODDS[group], pick(group)
        return name if worn else None

    hair = pick("hair")
    eyes, eyebrows, mouth = pick("eyes"), pick("eyebrows"), pick("mouth")
    glasses, features, earrings = maybe("glasses"), maybe("features"), maybe("earrings")
    if hair in style()["hair_hiding_ears"]:
        earrings = None
    return Face(
        hair=hair,
        eyes=eyes,
        eyebrows=eyebrows,
        mouth=mouth,
        glasses=glasses,
        features=features,
        earrings=earrings,
        skin_rgb=_skin(rng),
        hair_rgb=_hair(rng),
        paper_rgb=_paper(rng),
    )


def svg(wears: Face, shown: Mapping[str, str] | None = None) -> str:
    """The face as an SVG document, without its background; or only the parts that are `shown`."""
    sheet = style()
    if shown is None:
        shown = {"base": "default"} | {group: getattr(wears, group) for group in GROUPS}
    worn = {group: shown.get(group) for group in ("base", *GROUPS)}
    body: str = sheet["layout"]
    for group, name in worn.items():
        body = body.replace("{" + group + "}", sheet["parts"][group][name] if name else "", 1)
        # Colours go in at once: the hair's placeholder is spelt like the hair's place.
        body = body.replace('"{hair}"', f'"{_hex(wears.hair_rgb)}"')
        body = body.replace('"{skin}"', f'"{_hex(wears.skin_rgb)}"')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{sheet["view_box"]}" fill="none">'
        f"{body}</svg>"
    )


def draw(wears: Face, size_px: int) -> npt.NDArray[np.uint8]:
    """The face as a picture, (size_px, size_px, 3) uint8 RGB, drawn at twice the size."""
    png = resvg_py.svg_to_bytes(
        svg_string=svg(wears),
        width=2 * size_px,
        height=2 * size_px,
        background=_hex(wears.paper_rgb),
        skip_system_fonts=True,
    )
    picture = Image.open(io.BytesIO(bytes(png))).convert("RGB")
    return np.asarray(picture.resize((size_px, size_px), Image.Resampling.BOX))


def _hex(rgb: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def _parse(colour: str) -> npt.NDArray[np.float64]:
    """``#rrggbb`` as (3,) float in 0..1."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255


def _rgb(colour: npt.NDArray[np.float64]) -> Rgb:
    red, green, blue = (int(v) for v in np.rint(np.clip(colour, 0, 1) * 255))
    return red, green, blue


def _skin(rng: np.random.Generator) -> Rgb:
    """Anywhere on the line through the style's own skins, light to dark, a little off it."""
    stops = np.stack([_parse(c) for c in style()["skin_colours"]])
    at = rng.uniform(0, len(stops) - 1)
    low = min(int(at), len(stops) - 2)
    mixed = stops[low] + (at - low) * (stops[low + 1] - stops[low])
    return _rgb(mixed + rng.normal(0, 0.012, 3))


def _hair(rng: np.random.Generator) -> Rgb:
    """One of the style's own hair colours, often mixed with a second, hue and light varied."""
    colours = np.stack([_parse(c) for c in style()["hair_colours"]])
    first, second = rng.choice(len(colours), 2, replace=False)
    share = rng.beta(0.4, 1.6)
    mixed = (1 - share) * colours[first] + share * colours[second]
    hue, light, saturation = colorsys.rgb_to_hls(*mixed)
    hue = (hue + rng.normal(0, 0.015)) % 1
    light = min(0.92, max(0.04, light + rng.normal(0, 0.03)))
    return _rgb(
        np.array(colorsys.hls_to_rgb(hue, light, min(1.0, saturation * rng.normal(1, 0.1))))
    )


def _paper(rng: np.random.Generator) -> Rgb:
    """Warm paper, tinted more or less with a pastel."""
    pastel = np.array(PASTELS[rng.integers(len(PASTELS))]) / 255
    tint = rng.beta(0.6, 1.0)
    return _rgb((1 - tint) * np.array(PAPER) / 255 + tint * pastel)
