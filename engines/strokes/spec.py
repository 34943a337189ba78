"""What the instrument knows about the pen. Imports no torch."""

from __future__ import annotations

from pathlib import Path

from engines.strokes.inks import INKS
from engines.strokes.kinds import ALPHABET, CATEGORIES, RADICALS
from studio.document.parameters import Choice, Float, Int, Parameter, Text
from studio.engine import EngineSpec, ModelSpec
from studio.modulation import told

WEIGHTS = Path(__file__).resolve().parent / "weights"

WRITTEN = (
    Text(
        name="text",
        label="Text",
        default="Hello",
        max_length=48,
        alphabet=ALPHABET,
        told_by="shows",
        help="What is written; long text goes on in the next line.",
        group="Text",
    ),
    told.choice("shows", "The text", "Text"),
)

KEPT = Float(
    name="kept",
    label="Kept",
    low=0.0,
    high=1.0,
    default=1.0,
    help="How much of the drawing or of your own lines is kept, from the first stroke; the pen "
    "goes on by the seed.",
    group="Drawing",
)

COUNT = Int(
    name="count",
    label="Count",
    low=1,
    high=16,
    default=1,
    help="How many stand on the page: the pen's own, then others of its kind.",
    group="Page",
)


def _kind(label: str, words: tuple[str, ...], default: str, what: str) -> Choice:
    return Choice(
        name="kind", label=label, options=words, default=default, help=what, group="Drawing"
    )


def _model(
    name: str, title: str, latent_size: int, licence: str, credit: str, *own: Parameter
) -> ModelSpec:
    return ModelSpec(
        name=name,
        title=title,
        latent_size=latent_size,
        weights=WEIGHTS / f"{name}.safetensors",
        licence=licence,
        credit=credit,
        parameters=own,
        outlines=True,
    )


MODELS = (
    _model(
        "handwriting",
        "Handwriting",
        8,
        "OFL 1.1",
        "Learnt from EMS fonts by Sheldon B. Michaels and Hershey fonts by A. V. Hershey.",
        *WRITTEN,
    ),
    _model(
        "doodles",
        "Doodles",
        24,
        "MIT and ISC",
        "Learnt from the icons of Tabler (Paweł Kuna) and Lucide (its contributors).",
        _kind("Thing", tuple(CATEGORIES), "heart", "What is drawn."),
        KEPT,
        COUNT,
    ),
    _model(
        "signs",
        "Signs",
        24,
        "CC BY-SA 3.0",
        "Learnt from KanjiVG by Ulrich Apel.",
        _kind("Radical", tuple(RADICALS), "water", "The part that the sign is built on."),
        KEPT,
        COUNT,
    ),
)

SPEC = EngineSpec(
    name="strokes",
    title="Strokes",
    summary="A pen that writes your text, invents signs and draws doodles, stroke by stroke.",
    factory="engines.strokes.engine:StrokeEngine",
    models=MODELS,
    parameters=(
        Float(
            name="progress",
            label="Progress",
            low=0.0,
            high=1.0,
            default=0.5,
            decimals=3,
            cyclic=True,
            help="Once round, the pen draws from nothing to the whole at the middle, then what was "
            "drawn first goes first.",
            group="Pen",
        ),
        Float(
            name="temperature",
            label="Wildness",
            low=0.0,
            high=1.0,
            default=0.0,
            help="From the likeliest movement of the pen to all that it might do: neat to wild.",
            group="Pen",
        ),
        Float(
            name="width",
            label="Width",
            low=0.2,
            high=12.0,
            default=2.0,
            curve="log",
            unit="%",
            help="How wide the pen is, of the picture's side.",
            group="Pen",
        ),
        Float(
            name="pressure",
            label="Pressure",
            low=0.0,
            high=1.0,
            default=0.0,
            help="How much thinner a stroke is where it begins, ends and rises than where it comes "
            "down.",
            group="Pen",
        ),
        Float(
            name="slant",
            label="Slant",
            low=-40.0,
            high=40.0,
            default=0.0,
            decimals=0,
            unit="°",
            help="Leans everything to the left or to the right.",
            group="Page",
        ),
        Float(
            name="zoom",
            label="Zoom",
            low=0.2,
            high=2.0,
            default=1.0,
            help="How large it stands on the page.",
            group="Page",
        ),
        Choice(
            name="ink",
            label="Ink",
            options=tuple(INKS),
            default=next(iter(INKS)),
            help="The colours of ink and paper.",
            group="Page",
        ),
        Choice(
            name="size",
            label="Size",
            options=("128", "256", "512", "1024", "2048"),
            default="512",
            unit="px",
            help="Width and height of the picture, which is drawn at that size.",
            group="Picture",
        ),
    ),
    encodes=True,
    own_steps=1,
    size="size",
    train="engines.strokes.training.train:train",
    evaluate="engines.strokes.evaluation.evaluate:evaluate",
)
