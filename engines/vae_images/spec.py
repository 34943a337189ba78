"""What the instrument knows about the picture engine. Imports no torch."""

from __future__ import annotations

from pathlib import Path

from engines.vae_images.alphabet import CHARACTERS, INKS, TEXT
from studio.document.parameters import Choice, Float, Text
from studio.engine import EngineSpec, Learning, ModelSpec
from studio.modulation import told

WEIGHTS = Path(__file__).resolve().parent / "weights"

REFINE_STEPS = 40
OWN_STEPS = 200


def _direction(
    name: str, label: str, help_text: str, low: float = -1.5, high: float = 2.0
) -> Float:
    """A slider along one of the directions that the weights file names (see `labels`)."""
    return Float(
        name=name, label=label, low=low, high=high, default=0.0, help=help_text, group="Features"
    )


def _axes(*what: str) -> tuple[Float, ...]:
    """Sliders along the first principal axes, one standard deviation of the training set a unit."""
    return tuple(
        Float(
            name=f"axis_{number}",
            label=f"Difference {number}",
            low=-2.5,
            high=2.5,
            default=0.0,
            help=f"A main difference among the pictures that were learnt: roughly {seen}.",
            group="Main differences",
        )
        for number, seen in enumerate(what, 1)
    )


# For a model that has an inker.
CRISP = Float(
    name="crisp",
    label="Crisp",
    low=0.0,
    high=1.0,
    default=1.0,
    absent=0.0,
    help="Soft at 0, with ghosts of both between pictures; from a quarter on flat colours under "
    "clean lines, and the nearer to 1 the more suddenly shapes change.",
    group="Shape",
)

# Directions that the model follows; blush, freckles, mood, earrings and closed eyes are in the
# file as well, but move too little or smear.
PORTRAITS = ModelSpec(
    name="portraits",
    title="Portraits",
    latent_size=96,
    weights=WEIGHTS / "portraits.safetensors",
    formerly=("bef6d4761f7a2d7481fe7754deb59823e25b0a96a3bd9cad647fdb7c59ff71df",),
    licence="CC BY 4.0",
    parameters=(CRISP,),
    outlines=True,
    directions=(
        _direction("glasses", "Glasses", "Takes glasses off or puts them on."),
        _direction("frown", "Frown", "From raised eyebrows to knitted ones."),
        _direction("open_mouth", "Open mouth", "Shuts or opens the mouth."),
        _direction("mustache", "Moustache", "Grows a moustache."),
        _direction("hair_length", "Hair length", "From cropped to long."),
        _direction("hair_lightness", "Hair light", "From black hair to white."),
        _direction("hair_warmth", "Hair warmth", "From blue and green hair to red."),
        _direction("skin_lightness", "Skin light", "From dark skin to pale."),
        *_axes(
            "hair and paper from cool to warm",
            "hair from cool to warm, paper the other way",
            "skin from dark to pale",
            "hair from dark to light, skin the other way",
        ),
    ),
    credit="After “Adventurer” by Lisa Wischofsky (CC BY 4.0), by way of DiceBear.",
)

LETTERFORMS = ModelSpec(
    name="letterforms",
    title="Letterforms",
    latent_size=32,
    weights=WEIGHTS / "letterforms.safetensors",
    formerly=("23439fa82524472cca2199efc5df716ea8c846043f2b2f05a52e8f3acf00ed51",),
    licence="MIT",
    parameters=(
        Text(
            name="text",
            label="Text",
            default=TEXT,
            max_length=48,
            alphabet=CHARACTERS + " ",
            told_by="shows",
            help="What is set: a letter or a few words; the whole alphabet if empty.",
            group="Type",
        ),
        told.choice("shows", "The text", "Type"),
        Float(
            name="boldness",
            label="Boldness",
            low=-1.0,
            high=3.0,
            default=0.0,
            help="Moves every outline outwards or inwards, evenly.",
            group="Type",
        ),
        Choice(
            name="ink",
            label="Ink",
            options=tuple(INKS),
            default=next(iter(INKS)),
            help="The colours of letters and paper.",
            group="Type",
        ),
    ),
    directions=(
        _direction("weight", "Weight", "From hairline to heavy.", -1.8, 2.5),
        _direction("width", "Width", "From narrow to wide.", -2.5, 2.5),
        _direction("slant", "Slant", "Leans letters to the left or to the right.", -2.5, 2.5),
        _direction("serif", "Serifs", "Takes the feet off letters or puts them on.", -2.5, 2.5),
        _direction("x_height", "x-height", "How tall small letters are.", -2.5, 2.5),
        *_axes(
            "from slanted with feet to upright without",
            "from heavy and slanted to light",
            "from light to heavy",
            "from broad to tall",
        ),
    ),
    outlines=True,
    credit="Learnt from open typefaces (OFL-1.1), which CREDITS.md lists, by way of Fontsource.",
)

EMOJI = ModelSpec(
    name="emoji",
    title="Emoji",
    latent_size=96,
    weights=WEIGHTS / "emoji.safetensors",
    formerly=("71463904157ba1c5204722d1f44f3cf111060268906f52a3d99a01c20ae87657",),
    licence="MIT",
    directions=(
        _direction("smile", "Smile", "From long faces to laughing ones.", -2.5, 2.5),
        _direction("animal", "Animal", "Towards animals' heads.", -2.5, 2.5),
        _direction("scale", "Scale", "From small to large.", -2.5, 2.5),
        _direction("tint", "Tint", "From orange to lemon.", -2.5, 2.5),
        *_axes(
            "from yellow to violet",
            "from pale with small eyes to dark with large ones",
            "from brown with narrow eyes to bright with wide ones",
            "from an anxious mouth to a grin",
        ),
    ),
    credit="After Fluent Emoji by Microsoft (MIT).",
)

LANDSCAPES = ModelSpec(
    name="landscapes",
    title="Landscapes",
    latent_size=49,
    weights=WEIGHTS / "landscapes.safetensors",
    licence="MIT",
    directions=(
        _direction("day", "Daylight", "From night by way of dusk and morning to noon.", -2.5, 2.5),
        _direction("warmth", "Warmth", "From blue and green to red and gold.", -2.5, 2.5),
        _direction("storm", "Storm", "From a clear sky to a grey one.", -2.5, 2.5),
        _direction("sun_height", "Sun height", "Lets sun or moon set or rise.", -2.5, 2.5),
        _direction("relief", "Mountains", "From low mountains to high ones.", -2.5, 2.5),
        _direction("mist", "Mist", "From clear valleys to mist in them.", -2.5, 2.5),
        _direction("water", "Water", "From a plain to a wide lake.", -2.5, 2.5),
        _direction("trees", "Trees", "Lets the trees in front grow or sink.", -2.5, 2.5),
    ),
    credit="Painted by a formula of Latent Loom's own; what is learnt is how to read pictures in.",
)

OWN = ModelSpec(
    name="own",
    title="Own pictures",
    latent_size=96,
    weights=WEIGHTS / "own.safetensors",
    licence="",
    directions=_axes("the largest", "the second", "the third", "the fourth"),
)

LEARNS = Learning(
    kind="pictures",
    title="A space of pictures",
    model=OWN,
    starts=("portraits", "emoji"),
    sizes_px=(64, 128, 256, 512),
    flips=True,
    least=8,
    expect=(
        (8, "variations of these few, and blends from one to another that show both"),
        (60, "variations of these, and blends between those that are alike"),
        (500, "a space: blends that look like further pictures of the kind"),
        (2000, "a wide space, and samples that are none of yours"),
    ),
    minutes=20.0,
    curves={"picture": "Pictures learnt from", "held_out": "Pictures held out"},
)

SPEC = EngineSpec(
    name="vae_images",
    title="Pictures",
    summary="Draws what it has learnt, and blends it (a variational auto-encoder).",
    factory="engines.vae_images.engine:VaeEngine",
    models=(PORTRAITS, LETTERFORMS, EMOJI, LANDSCAPES),
    parameters=(
        Float(
            name="spread",
            label="Exaggerate",
            low=0.0,
            high=2.0,
            default=1.0,
            help="How far the picture is from the average one: 0 shows the average of all, "
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
            help="Width and height of the picture. Letters are drawn at any size, portraits and "
            "landscapes up to 512; what is larger is enlarged.",
            group="Finish",
        ),
    ),
    encodes=True,
    refine_steps=REFINE_STEPS,
    own_steps=OWN_STEPS,
    learns=LEARNS,
    size="size",
    train="engines.vae_images.training.train:train",
    evaluate="engines.vae_images.evaluation.evaluate:evaluate",
    bench="engines.vae_images.evaluation.bench:decoders",
)
