"""What the instrument knows about the gallery of digits. Imports no torch."""

from __future__ import annotations

from pathlib import Path

from engines.common.inks import INKS
from studio.document.parameters import Choice, Float, Parameter, Text, Toggle
from studio.engine import EngineSpec, ModelSpec
from studio.modulation import told

WEIGHTS = Path(__file__).resolve().parent / "weights"

LEARNING = (
    Float(
        name="training",
        label="Training",
        low=0.0,
        high=1.0,
        default=1.0,
        decimals=3,
        help="How long the model has learnt: from its random beginning to its end.",
        group="Learning",
    ),
    Toggle(
        name="losses",
        label="Losses",
        default=False,
        help="Draws the losses of the training under the digit, and where in it you are.",
        group="Learning",
    ),
)

WRITTEN = (
    Text(
        name="digits",
        label="Digits",
        default="5",
        max_length=4,
        alphabet="0123456789",
        told_by="shows",
        help="Up to four digits, written in one hand; all ten mixed into one if empty.",
        group="Number",
    ),
    told.choice("shows", "The digits", "Number"),
    Float(
        name="count",
        label="Count",
        low=0.0,
        high=10.0,
        default=0.0,
        cyclic=True,
        help="Counts every digit up, once round from end to end; halfway it is a blend of two.",
        group="Number",
    ),
)

CODES = tuple(
    Float(
        name=f"code_{number}",
        label=f"Code {number}",
        low=-2.0,
        high=2.0,
        default=0.0,
        help="A way to write differently that the model found by itself.",
        group="Codes",
    )
    for number in (1, 2)
)

PROGRESS = Float(
    name="progress",
    label="Progress",
    low=0.0,
    high=1.0,
    default=1.0,
    decimals=3,
    help="How far the drawing has come, from the first stroke to the last.",
    group="Drawing",
)

GLIMPSES = Toggle(
    name="glimpses",
    label="Glimpses",
    default=False,
    help="Frames the window through which the last of it was drawn.",
    group="Drawing",
)

KEPT = Float(
    name="kept",
    label="Kept",
    low=0.0,
    high=1.0,
    default=1.0,
    help="How much of the digit is kept, from the top; the model goes on by the seed.",
    group="Drawing",
)


def _axes(count: int) -> tuple[Float, ...]:
    """A slider for each latent of the style, as the article's demo has."""
    return tuple(
        Float(
            name=f"latent_{number}",
            label=f"Style {number}",
            low=-3.0,
            high=3.0,
            default=0.0,
            help="One of the numbers that make the hand in which it is written.",
            group="Style",
        )
        for number in range(1, count + 1)
    )


def _model(
    name: str,
    title: str,
    latent_size: int,
    parameters: tuple[Parameter, ...] = LEARNING,
    directions: tuple[Float, ...] = (),
) -> ModelSpec:
    return ModelSpec(
        name=name,
        title=title,
        latent_size=latent_size,
        weights=WEIGHTS / f"{name}.safetensors",
        licence="CC BY-SA 3.0",
        parameters=parameters,
        directions=directions,
        credit="Learnt from 9,000 digits of MNIST by LeCun, Cortes and Burges.",
    )


GALLERY = (
    _model("plane", "Plane (VAE)", 2),
    _model("autoencoder", "Auto-encoder", 16),
    _model("vae", "VAE", 16),
    _model("conditional_vae", "Conditional VAE", 8, (*WRITTEN, *LEARNING), _axes(8)),
    _model(
        "adversarial_autoencoder", "Adversarial auto-encoder", 8, (*WRITTEN, *LEARNING), _axes(8)
    ),
    _model("vae_gan", "VAE-GAN", 16),
    _model("dcgan", "DCGAN", 16),
    _model("conditional_gan", "Conditional GAN", 8, (*WRITTEN, *LEARNING), _axes(8)),
    _model("infogan", "InfoGAN", 16, (*WRITTEN, *CODES, *LEARNING)),
    _model("lapgan", "LAPGAN", 32, (PROGRESS, *LEARNING)),
    _model("draw", "DRAW", 96, (PROGRESS, GLIMPSES, *LEARNING)),
    _model("pixelcnn", "PixelCNN", 784, (PROGRESS, KEPT, *LEARNING)),
    _model("pixelrnn", "PixelRNN", 784, (PROGRESS, KEPT, *LEARNING)),
)
"""Every page, in the order of the papers' families."""

SPEC = EngineSpec(
    name="digits",
    title="Digits",
    summary="A gallery of generative models that all draw handwritten digits.",
    factory="engines.digits.engine:DigitEngine",
    # a page hangs in the gallery once it has been trained
    models=tuple(model for model in GALLERY if model.weights.is_file()),
    parameters=(
        Choice(
            name="ink",
            label="Ink",
            options=tuple(INKS),
            default=next(iter(INKS)),
            help="The colours of ink and paper.",
            group="Ink",
        ),
        Float(
            name="weight",
            label="Weight",
            low=-1.0,
            high=1.0,
            default=0.0,
            help="From a thin stroke to a thick one.",
            group="Ink",
        ),
        Float(
            name="edge",
            label="Edge",
            low=0.0,
            high=1.0,
            default=0.7,
            help="From the greys that the model draws to ink with a sharp edge.",
            group="Ink",
        ),
        Choice(
            name="size",
            label="Size",
            options=("128", "256", "512", "1024"),
            default="256",
            unit="px",
            help="Width and height of the picture; the models draw 28 pixels, which are enlarged.",
            group="Picture",
        ),
    ),
    encodes=True,
    size="size",
    train="engines.digits.training.train:train",
    evaluate="engines.digits.evaluation.evaluate:evaluate",
)
