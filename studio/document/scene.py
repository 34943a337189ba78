"""The document: everything a performer would want back, in one immutable `Scene`.

Same scene, same device: same pixels. A preset is a saved scene, undo is the previous one. The
models are pydantic's, frozen; a change makes a new scene that shares what it did not touch.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, FiniteFloat

from studio.document.field_rules import CarryRule, FieldRules, MorphRule, Ruled
from studio.document.frozen import Frozen
from studio.document.mix import ROLL, TEXT, Layer, Mix, first_layer
from studio.document.modulation import (
    CONNECTION_LIMIT,
    MASTER_DEPTH,
    MODULATOR_LIMIT,
    Connection,
    Modulator,
)
from studio.document.own_bars import OWN_BAR_LIMIT, OwnBar
from studio.document.parameters import Choice, Float, Value
from studio.document.routes import METRONOME_ROUTES, ROUTE_LIMIT, Route
from studio.document.seeds import SEED_LIMIT, Seed

DECK_LIMIT = 8
POINT_LIMIT = 65536
"""The most numbers that a latent has."""
DRIFT_LIMIT = 60
"""The fastest drift, in turns a minute, either way."""

SLOT_COUNT = 8
SLOT_NAMES = "ABCDEFGH"

SEED = Seed(
    name="seed",
    label="Seed",
    help="The number of a throw of the dice: another one fills the slots with others, the same one "
    "always with the same.",
)
Interpolation = Literal["straight", "great circle"]
Easing = Literal["rest", "flow"]

PAD_X = Float(name="pad_x", label="Pad left-right", low=-1, high=1, default=0)
PAD_Y = Float(name="pad_y", label="Pad down-up", low=-1, high=1, default=0)
INTERPOLATION = Choice(
    name="interpolation",
    label="In between",
    options=get_args(Interpolation),
    default="great circle",
    words=("soft", "crisp"),
    help="What is seen half way between slots. Soft: something more average than either. Crisp: "
    "something as distinct as the slots themselves.",
)

WALK_SECONDS = Float(
    name="walk_seconds",
    label="Length",
    low=0.5,
    high=300,
    default=8,
    curve="log",
    decimals=1,
    unit="s",
    help="How long the walk takes once round.",
)
EASING = Choice(
    name="easing",
    label="Pace",
    options=get_args(Easing),
    default="rest",
    words=("pause at slots", "steady"),
    help="Pause at slots: every slot is seen for a moment. Steady: the picture changes evenly.",
)

SlotIndex = Annotated[int, Field(ge=0, lt=SLOT_COUNT)]

Point = Annotated[tuple[FiniteFloat, ...], Field(min_length=1, max_length=POINT_LIMIT)]
"""A latent as a scene keeps it."""

Place = tuple[
    Annotated[FiniteFloat, Field(ge=-1, le=1)], Annotated[FiniteFloat, Field(ge=-1, le=1)]
]
"""A place on the pad: x to the right, y up, both in [-1, 1]."""


_APART = 0.3
"""Anchors nearer than this hide each other."""


def home_place(index: int) -> Place:
    """Where slot `index`'s anchor stands until it is moved: on a circle, A on top, clockwise."""
    angle = 2 * math.pi * index / SLOT_COUNT
    return (0.8 * math.sin(angle), 0.8 * math.cos(angle))


def free_place(index: int, taken: Collection[Place]) -> Place:
    """Where slot `index`'s anchor stands first: at home, or if another's is there, beside it."""
    rings = ((0.8, range(SLOT_COUNT)), (0.4, range(SLOT_COUNT)), (0.0, range(1)))
    turns = 2 * math.pi / SLOT_COUNT
    places = [
        (radius * math.sin((index + step) * turns), radius * math.cos((index + step) * turns))
        for radius, steps in rings
        for step in steps
    ]
    free = (place for place in places if all(math.dist(place, t) >= _APART for t in taken))
    return next(free, home_place(index))


FileHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""By which a file is named that never changes: the SHA-256 of what it holds."""


class Slot(Frozen):
    """A captured latent."""

    latent: Point
    place: Place
    locked: bool = False
    origin: Literal["sampled", "captured", "encoded"] = "sampled"
    own_picture: FileHash | None = Field(default=None, exclude_if=lambda file: file is None)
    """What makes the slot show the artist's own picture itself (see `studio.engine.own_pictures`);
    only in the file where there is one."""


Spot = tuple[Annotated[FiniteFloat, Field(ge=0, lt=1)], Annotated[FiniteFloat, Field(ge=0, lt=1)]]
"""A place in a picture: x to the right, y down, both in [0, 1)."""


class Pin(Frozen):
    """A slot that holds a place of the picture, beside what the pad says for all of it."""

    place: Spot
    reach: Annotated[FiniteFloat, Field(ge=0.05, le=1)] = 0.25
    """How far it is felt, as a share of the picture's shorter side."""


class Stroke(Frozen):
    """A soft brush drawn over the picture."""

    slot: SlotIndex | None
    """What is painted; None rubs out what was painted before."""
    points: tuple[Spot, ...] = Field(min_length=1, max_length=512)
    radius: Annotated[FiniteFloat, Field(ge=0.01, le=0.5)] = 0.1
    """A share of the picture's shorter side."""
    strength: Annotated[FiniteFloat, Field(ge=0, le=1)] = 1.0


class Walk(Frozen):
    """A closed way through slots: from the first to the last of them and back to the first."""

    slots: tuple[SlotIndex, ...] = Field(default=(), max_length=SLOT_COUNT)
    """In the order of the walk; an empty slot is passed over. None at all: every filled slot."""
    seconds: Annotated[FiniteFloat, Field(ge=WALK_SECONDS.low, le=WALK_SECONDS.high)] = 8.0
    easing: Easing = "rest"


_IDENTITY = FieldRules(MorphRule.MIDDLE, CarryRule.NEVER, "")
"""What makes a deck that deck: only where these are the same is anything else compared."""


class Deck(Ruled):
    """One engine at work: its model, slots, blend and parameters.

    `key` names the deck for as long as it lives; nothing else refers to it.
    """

    key: Annotated[str, _IDENTITY] = Field(min_length=1, max_length=40)
    engine: Annotated[str, _IDENTITY]
    model: Annotated[str, _IDENTITY]
    slots: Annotated[
        tuple[Slot | None, ...], FieldRules(MorphRule.MIDDLE, CarryRule.BY_PLACE, "Slot", rank=1)
    ] = Field(default=(None,) * SLOT_COUNT, min_length=SLOT_COUNT, max_length=SLOT_COUNT)
    own_pictures: Annotated[
        tuple[FileHash, ...], FieldRules(MorphRule.OWN, CarryRule.NEVER, "")
    ] = Field(default=(), max_length=2 * SLOT_COUNT, exclude_if=lambda files: not files)
    """Those of slots, here or not, between which a morph stands; only in the file where it does."""
    pad: Annotated[Place, FieldRules(MorphRule.GLIDE, CarryRule.WHOLE, "Puck")] = (0.0, 0.0)
    held: Annotated[Point | None, FieldRules(MorphRule.OWN, CarryRule.WHOLE, "What is shown")] = (
        None
    )
    """A point that is shown in place of the blend, until the puck moves."""
    fixed: Annotated[
        dict[str, FiniteFloat], FieldRules(MorphRule.OWN, CarryRule.BY_NAME, "Lock")
    ] = Field(default_factory=dict)
    """Locked directions: the coordinate along each that every point is moved to (see
    `studio.latent.steering`)."""
    walk: Annotated[Walk, FieldRules(MorphRule.MIDDLE, CarryRule.WHOLE, "Walk", rank=6)] = Walk()
    moving: Annotated[
        tuple[Literal["walk", "drift"], ...],
        FieldRules(MorphRule.MIDDLE, CarryRule.WHOLE, "Motion", rank=6),
    ] = Field(default=(), max_length=2, exclude_if=lambda moving: not moving)
    """What moves by itself as soon as the scene is opened: written when a scene is kept. Not in
    the file where nothing does, so that a scene that stands still is the file that it was."""
    pins: Annotated[
        dict[SlotIndex, Pin], FieldRules(MorphRule.MIDDLE, CarryRule.BY_NAME, "Pin", rank=4)
    ] = Field(default_factory=dict)
    """By slot; see `studio.session.painting`."""
    strokes: Annotated[
        tuple[Stroke, ...], FieldRules(MorphRule.MIDDLE, CarryRule.WHOLE, "Paint", rank=3)
    ] = Field(default=(), max_length=256)
    """Oldest first; later ones cover earlier ones."""
    drift: Annotated[
        dict[str, Annotated[FiniteFloat, Field(ge=-DRIFT_LIMIT, le=DRIFT_LIMIT)]],
        FieldRules(MorphRule.FROM_REST, CarryRule.BY_NAME, "Drift"),
    ] = Field(default_factory=dict)
    """Turns a minute of cyclic parameters, by name; see `studio.motion.drifting`."""
    interpolation: Annotated[
        Interpolation, FieldRules(MorphRule.MIDDLE, CarryRule.WHOLE, "Path", rank=6)
    ] = "great circle"
    seed: Annotated[
        int,
        Field(ge=0, lt=SEED_LIMIT),
        FieldRules(MorphRule.MIDDLE, CarryRule.WHOLE, "Seed", rank=6),
    ] = SEED.default
    parameters: Annotated[
        dict[str, Value], FieldRules(MorphRule.NUMBERS, CarryRule.BY_NAME, "", rank=2)
    ] = Field(default_factory=dict)
    own_bars: Annotated[
        dict[Annotated[int, Field(ge=0, lt=100_000)], OwnBar],
        FieldRules(MorphRule.MIDDLE, CarryRule.BY_NAME, "Notes", rank=1),
    ] = Field(default_factory=dict, max_length=OWN_BAR_LIMIT, exclude_if=lambda bars: not bars)
    """Bars that are the artist's, by number, counted from where the tune begins."""

    def with_slot(self, index: int, slot: Slot | None) -> Self:
        """This deck with `slot` at `index`."""
        slots = list(self.slots)
        slots[index] = slot
        return self.but(slots=tuple(slots))


class Scene(Ruled):
    """The decks, which of them is in front, whether one gesture moves all their pads, and time."""

    decks: Annotated[tuple[Deck, ...], FieldRules(MorphRule.OWN, CarryRule.OWN, "")] = Field(
        min_length=1, max_length=DECK_LIMIT
    )
    front: Annotated[str, FieldRules(MorphRule.MIDDLE, CarryRule.OWN, "")]
    """The key of the deck that fills the stage; where one looks is no change to speak of."""
    tied: Annotated[
        bool, FieldRules(MorphRule.MIDDLE, CarryRule.WHOLE, ("Pads tied", "Pads untied"), rank=6)
    ] = False
    score: Annotated[
        dict[str, Value], FieldRules(MorphRule.REAL_NUMBERS, CarryRule.BY_NAME, "", rank=2)
    ] = Field(default_factory=dict)
    """Tempo, metre and what goes with them: see `studio.document.score`."""
    routes: Annotated[
        tuple[Route, ...], FieldRules(MorphRule.MIDDLE, CarryRule.WHOLE, "Routes")
    ] = Field(default=METRONOME_ROUTES, max_length=ROUTE_LIMIT)
    """Which track goes out where."""
    modulators: Annotated[
        tuple[Modulator, ...], FieldRules(MorphRule.OWN, CarryRule.BY_ID, "Modulator")
    ] = Field(default=(), max_length=MODULATOR_LIMIT, exclude_if=lambda found: not found)
    """By their numbers, each once. This field and the next two are only in the file where they say
    something, so that a scene that stands still is the file that it was."""
    connections: Annotated[
        tuple[Connection, ...], FieldRules(MorphRule.OWN, CarryRule.BY_ID, "Modulation")
    ] = Field(default=(), max_length=CONNECTION_LIMIT, exclude_if=lambda found: not found)
    """From modulators to controls, by their numbers, each once."""
    master_depth: Annotated[
        FiniteFloat,
        Field(ge=MASTER_DEPTH.low, le=MASTER_DEPTH.high),
        FieldRules(MorphRule.GLIDE, CarryRule.WHOLE, MASTER_DEPTH.label),
    ] = Field(default=MASTER_DEPTH.initial, exclude_if=lambda depth: depth == 1.0)
    mix: Annotated[Mix, FieldRules(MorphRule.OWN, CarryRule.OWN, "Mixer")] = Field(
        default=Mix(), exclude_if=lambda mix: mix == Mix()
    )
    """How decks are mixed into the output; in the file where somebody has mixed them."""

    @property
    def front_deck(self) -> Deck:
        """The deck in front. Raises KeyError where no deck is called so."""
        return self.deck(self.front)

    def deck(self, key: str) -> Deck:
        """The deck called `key`. Raises KeyError."""
        for deck in self.decks:
            if deck.key == key:
                return deck
        raise KeyError(key)

    @property
    def layer_keys(self) -> tuple[str, ...]:
        """The keys of the output's layers, from the lowest up."""
        here = (*(deck.key for deck in self.decks), ROLL, TEXT)
        placed = tuple(key for key in self.mix.order if key in here)
        return (*placed, *(key for key in here if key not in placed))

    def layer(self, key: str) -> Layer:
        """How a deck, `ROLL` or `TEXT` lies in the output, whether that is written down or not."""
        layers = self.mix.layers
        return layers.get(key) or first_layer(key, alone=not layers and key == self.front)

    def with_layers(self, changed: Mapping[str, Layer]) -> Self:
        """This scene with other layers; all the others are written down as they are seen."""
        layers = {key: self.layer(key) for key in self.layer_keys}
        return self.but(mix=self.mix.but(layers={**layers, **changed}))

    def with_deck(self, deck: Deck) -> Self:
        """This scene with `deck` in the place of the one with its key."""
        return self.but(decks=tuple(deck if d.key == deck.key else d for d in self.decks))
