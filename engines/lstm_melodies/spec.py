"""What the instrument knows about the melody engine. Imports no torch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engines.lstm_melodies.grid import GENRES, MODES
from studio.document.parameters import Choice, Float, Int
from studio.engine import EngineSpec, Learning, ModelSpec
from studio.music.phrases import TONIC_WORDS, TONICS
from studio.music.tune_forms import FORMS, FREE

WEIGHTS = Path(__file__).resolve().parent / "weights"
CELLS = 8
"""The points of a phrase of sixteen bars, two bars each; shorter phrases go round again."""
POINT = 128

TUNES = ModelSpec(
    name="tunes",
    title="Fiddle tunes and chorales",
    latent_size=CELLS * POINT,
    weights=WEIGHTS / "tunes.safetensors",
    licence="MIT",
    credit="After Ryan's, O'Neill's and Aird's books and Bach's chorales, by way of music21 and "
    "the transcribers that the model card names.",
    directions=(
        Float(
            name="height",
            label="Pitch",
            low=-3.0,
            high=3.0,
            default=0.0,
            help="Moves the melody up or down within its scale.",
            group="Melody",
        ),
    ),
)

_TUNE = (
    Choice(
        name="genre",
        label="Genre",
        options=GENRES,
        default="reel",
        help="What kind of tune it is.",
        group="Tune",
    ),
    Choice(
        name="tonic",
        label="Key",
        options=TONICS,
        words=TONIC_WORDS,
        default="D",
        help="The note that the tune comes home to.",
        group="Tune",
    ),
    Choice(
        name="mode",
        label="Mode",
        options=MODES,
        default="major",
        help="The scale above the tonic.",
        group="Tune",
    ),
    Int(
        name="part",
        label="Part length",
        low=2,
        high=16,
        default=8,
        unit="bars",
        help="After so many bars a part of the tune comes to its close.",
        group="Tune",
    ),
    Choice(
        name="form",
        label="Form",
        options=(FREE, *FORMS),
        default=FREE,
        help="In which order the tune's parts come: what has one letter comes again.",
        group="Tune",
    ),
)
_CHOICE = (
    Float(
        name="temperature",
        label="Randomness",
        low=0.0,
        high=1.5,
        default=0.9,
        help="How unexpected the next note may be: 0 always plays the likeliest.",
        group="Notes",
    ),
    Float(
        name="density",
        label="Density",
        low=-1.0,
        high=1.0,
        default=0.0,
        help="Fewer and longer notes below 0, more and shorter ones above.",
        group="Notes",
    ),
    Float(
        name="vary",
        label="Variation",
        low=0.0,
        high=1.0,
        default=0.0,
        help="How much the melody is changed each time it is repeated.",
        group="Notes",
    ),
)
_RANGE = (
    Int(
        name="register",
        label="Register",
        low=-2,
        high=2,
        default=0,
        unit="octaves",
        help="How many octaves everything is moved by, the limits included.",
        group="Range",
    ),
    Int(
        name="lowest",
        label="Lowest",
        low=36,
        high=84,
        default=55,
        help="The lowest note that may come, as a MIDI number: 55 is a fiddle's open G.",
        group="Range",
    ),
    Int(
        name="highest",
        label="Highest",
        low=48,
        high=96,
        default=86,
        help="The highest note that may come, as a MIDI number: 60 is middle C.",
        group="Range",
    ),
)

LEARNS = Learning(
    kind="tunes",
    title="Melodies",
    model=replace(
        TUNES,
        name="own",
        title="Own tunes",
        weights=WEIGHTS / "own.safetensors",
        licence="",
        credit="",
    ),
    starts=("tunes",),
    scratch=False,
    expect=(
        (1, "the shipped tunes with some of the turns of yours"),
        (50, "tunes in your manner, on what the shipped ones know"),
    ),
    minutes=3.0,
    curves={"tunes": "Learnt from", "held_out": "Held out"},
)

SPEC = EngineSpec(
    name="lstm_melodies",
    title="Melodies",
    summary="Composes tunes, blends them and goes on from yours (a recurrent network).",
    factory="engines.lstm_melodies.engine:MelodyEngine",
    models=(TUNES,),
    parameters=(*_TUNE, *_CHOICE, *_RANGE),
    composes=True,
    roles={p.name: p.name for p in (*_TUNE, *_CHOICE, *_RANGE)},
    encodes=True,
    learns=LEARNS,
    train="engines.lstm_melodies.training.train:train",
    evaluate="engines.lstm_melodies.evaluation.evaluate:evaluate",
)
