"""What the instrument knows about the texture engine. Imports no torch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engines.gan_textures.palettes import PALETTES
from studio.document.parameters import Choice, Float
from studio.engine import EngineSpec, Learning, ModelSpec

WEIGHTS = Path(__file__).resolve().parent / "weights"

SIZES_PX = ("128", "256", "512", "1024", "2048")
SHAPES = {
    "1:1": (1, 1),
    "3:2": (3, 2),
    "2:3": (2, 3),
    "2:1": (2, 1),
    "1:2": (1, 2),
    "16:9": (16, 9),
    "9:16": (9, 16),
    "4:1": (4, 1),
}
"""Width to height; the longer side is as long as the size says."""

SCALES = {"half": 0.5, "as learnt": 1.0, "double": 2.0, "fourfold": 4.0}


def _turn(name: str, label: str, help_text: str) -> Float:
    """A control whose two ends are one."""
    return Float(
        name=name,
        label=label,
        low=0.0,
        high=1.0,
        default=0.0,
        decimals=3,
        cyclic=True,
        help=help_text,
        group="Position",
    )


def _direction(name: str, label: str, help_text: str) -> Float:
    return Float(
        name=name, label=label, low=-2.0, high=2.0, default=0.0, help=help_text, group="Features"
    )


MATERIALS = ModelSpec(
    name="materials",
    title="Materials",
    latent_size=64,
    weights=WEIGHTS / "materials.safetensors",
    licence="CC0 1.0",
    directions=(
        _direction("light", "Light", "From dark to light."),
        _direction("warmth", "Warmth", "From cool to warm."),
        _direction("contrast", "Contrast", "From flat to deep."),
    ),
    credit="Learnt from textures of Krita (CC0) and UFO:AI (public domain), which CREDITS.md "
    "lists.",
)

BRIGHT = replace(
    MATERIALS,
    name="bright",
    title="Bright materials",
    weights=WEIGHTS / "bright.safetensors",
    credit="Learnt from carpets, tiles and ice of UFO:AI (public domain), which CREDITS.md "
    "lists, and from seven painted by formulas.",
)

LEARNS = Learning(
    kind="pictures",
    title="Materials that tile",
    model=replace(
        MATERIALS,
        name="own",
        title="Own materials",
        weights=WEIGHTS / "own.safetensors",
        licence="",
        credit="",
    ),
    starts=("materials",),
    square=False,
    expect=(
        (1, "one material without a seam from each picture, and blends between them"),
        (100, "a material from each picture; so many share what the network can hold"),
    ),
    minutes=20.0,
    curves={
        "statistics": "Distance of the statistics",
        "critic": "Critic",
        "verdict": "Generator",
    },
)

SPEC = EngineSpec(
    name="gan_textures",
    title="Textures",
    summary="Weaves materials that tile without a seam (a generative adversarial network).",
    factory="engines.gan_textures.engine:TextureEngine",
    models=(MATERIALS, BRIGHT),
    parameters=(
        _turn("across", "Across", "Moves the picture sideways, once round from end to end."),
        _turn("down", "Down", "Moves the picture downwards, once round from end to end."),
        _turn("zoom", "Zoom", "Lets the material stream out of the middle, without an end."),
        _turn("morph", "Morph", "Changes every detail and comes back to where it began."),
        Choice(
            name="palette",
            label="Palette",
            options=tuple(PALETTES),
            default=next(iter(PALETTES)),
            help="Colours in place of the material's own, from its darks to its lights.",
            group="Colour",
        ),
        Float(
            name="palette_amount",
            label="Palette mix",
            low=0.0,
            high=1.0,
            default=1.0,
            help="How much of the palette is mixed in.",
            group="Colour",
        ),
        Float(
            name="keep_contrast",
            label="Keep contrast",
            low=0.0,
            high=1.0,
            default=1.0,
            absent=0.0,
            help="How much of their contrast blends of unlike materials keep; at 0 they are paler "
            "than their ends.",
            group="Colour",
        ),
        Choice(
            name="scale",
            label="Scale",
            options=tuple(SCALES),
            default="as learnt",
            help="How large the material's details are.",
            group="Picture",
        ),
        Choice(
            name="shape",
            label="Shape",
            options=tuple(SHAPES),
            default="1:1",
            help="Width to height.",
            group="Picture",
        ),
        Choice(
            name="size",
            label="Size",
            options=SIZES_PX,
            default="256",
            unit="px",
            help="The longer side of the picture; a larger one shows more of the material.",
            group="Picture",
        ),
    ),
    encodes=True,
    learns=LEARNS,
    size="size",
    shape="shape",
    tiles=True,
    blend_maps=True,
    train="engines.gan_textures.training.train:train",
    evaluate="engines.gan_textures.evaluation.evaluate:evaluate",
    bench="engines.gan_textures.evaluation.bench:decoders",
)
