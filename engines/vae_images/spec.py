"""What the instrument knows about the picture engine. Imports no torch."""

from __future__ import annotations

from pathlib import Path

from studio.engine import EngineSpec, ModelSpec
from studio.parameters import Choice, Float

WEIGHTS = Path(__file__).resolve().parent / "weights"


def _direction(name: str, label: str, help_text: str) -> Float:
    """A slider along one of the directions that the weights file names (see `labels`)."""
    return Float(
        name=name, label=label, low=-1.5, high=2.0, default=0.0, help=help_text, group="Directions"
    )


# Directions that the model follows; blush, freckles, mood, earrings and closed eyes are in the
# file as well, but move too little or smear.
PORTRAITS = ModelSpec(
    name="portraits",
    title="Portraits",
    latent_size=96,
    weights=WEIGHTS / "portraits.safetensors",
    licence="CC BY 4.0",
    parameters=(
        _direction("glasses", "Glasses", "Takes glasses off or puts them on."),
        _direction("frown", "Frown", "From raised eyebrows to knitted ones."),
        _direction("open_mouth", "Open mouth", "Shuts or opens the mouth."),
        _direction("mustache", "Moustache", "Grows a moustache."),
        _direction("hair_length", "Hair length", "From cropped to long."),
        _direction("hair_lightness", "Hair light", "From black hair to white."),
        _direction("hair_warmth", "Hair warmth", "From blue and green hair to red."),
        _direction("skin_lightness", "Skin light", "From dark skin to pale."),
    ),
    credit="After “Adventurer” by Lisa Wischofsky (CC BY 4.0), by way of DiceBear.",
)

SPEC = EngineSpec(
    name="vae_images",
    title="Pictures",
    summary="A variational auto-encoder that has learnt to draw.",
    factory="engines.vae_images.engine:VaeEngine",
    models=(PORTRAITS,),
    parameters=(
        Float(
            name="spread",
            label="Spread",
            low=0.0,
            high=2.0,
            default=1.0,
            help="How far the point lies from the average picture: 0 is the average of all, "
            "above 1 is caricature.",
            group="Shape",
        ),
        Float(
            name="sharpen",
            label="Sharpen",
            low=0.0,
            high=1.0,
            default=0.0,
            help="Crisper lines: an unsharp mask of one pixel.",
            group="Finish",
        ),
        Float(
            name="contrast",
            label="Contrast",
            low=0.4,
            high=2.5,
            default=1.0,
            curve="log",
            help="Difference between light and dark, around mid-grey.",
            group="Finish",
        ),
        Float(
            name="saturation",
            label="Saturation",
            low=0.0,
            high=2.0,
            default=1.0,
            help="Strength of the colours: 0 is greyscale.",
            group="Colour",
        ),
        Float(
            name="hue",
            label="Hue",
            low=-180.0,
            high=180.0,
            default=0.0,
            decimals=0,
            unit="°",
            help="Turns all colours round the colour wheel.",
            group="Colour",
        ),
        Choice(
            name="size",
            label="Size",
            options=("128", "256", "512", "1024"),
            default="128",
            unit="px",
            help="Width and height of the picture; above 128 it is enlarged.",
            group="Finish",
        ),
    ),
    encodes=True,
    train="engines.vae_images.train:train",
    evaluate="engines.vae_images.evaluate:evaluate",
    bench="engines.vae_images.bench:decoders",
)
