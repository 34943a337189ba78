"""The document: everything a performer would want back, in one immutable `Scene`.

Same scene, same device: same pixels. A preset is a saved scene, undo is the previous one. The
models are pydantic's, frozen; a change makes a new scene that shares what it did not touch.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from studio.document.parameters import Choice, Float, Seed, Value
from studio.document.routes import Route

METRONOME_ROUTES = (Route(track="metronome", port="sound", channel=10),)

SLOT_COUNT = 8
SLOT_NAMES = "ABCDEFGH"

SEED = Seed(
    name="seed",
    label="Seed",
    help="Another number brings other samples into the slots; the same one always brings the same.",
)
PAD_X = Float(name="pad_x", label="Pad left-right", low=-1, high=1, default=0)
PAD_Y = Float(name="pad_y", label="Pad down-up", low=-1, high=1, default=0)
INTERPOLATION = Choice(
    name="interpolation",
    label="Path",
    options=("straight", "great circle"),
    default="great circle",
    help="How the blend goes between slots. Straight: half way is softer and more average. "
    "Great circle: half way is as distinct as the slots are.",
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
    options=("rest", "flow"),
    default="rest",
    help="Rest slows down at every slot; flow passes through all of them at one speed.",
)

Point = Annotated[tuple[FiniteFloat, ...], Field(min_length=1, max_length=65536)]
"""A latent as a scene keeps it."""

Place = tuple[
    Annotated[FiniteFloat, Field(ge=-1, le=1)], Annotated[FiniteFloat, Field(ge=-1, le=1)]
]
"""A place on the pad: x to the right, y up, both in [-1, 1]."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    def but(self, **changes: Any) -> Any:
        """A copy with `changes`; the rest is shared."""
        return self.model_copy(update=changes)


def home_place(index: int) -> Place:
    """Where slot `index`'s anchor stands until it is moved: on a circle, A on top, clockwise."""
    angle = 2 * math.pi * index / SLOT_COUNT
    return (0.8 * math.sin(angle), 0.8 * math.cos(angle))


class Slot(_Frozen):
    """A captured latent."""

    latent: Point
    place: Place
    locked: bool = False
    origin: Literal["sampled", "captured", "encoded"] = "sampled"


Spot = tuple[Annotated[FiniteFloat, Field(ge=0, lt=1)], Annotated[FiniteFloat, Field(ge=0, lt=1)]]
"""A place in a picture: x to the right, y down, both in [0, 1)."""


class Pin(_Frozen):
    """A slot that holds a place of the picture, beside what the pad says for all of it."""

    place: Spot
    reach: Annotated[FiniteFloat, Field(ge=0.05, le=1)] = 0.25
    """How far it is felt, as a share of the picture's shorter side."""


class Stroke(_Frozen):
    """A soft brush drawn over the picture."""

    slot: Annotated[int, Field(ge=0, lt=SLOT_COUNT)] | None
    """What is painted; None rubs out what was painted before."""
    points: tuple[Spot, ...] = Field(min_length=1, max_length=512)
    radius: Annotated[FiniteFloat, Field(ge=0.01, le=0.5)] = 0.1
    """A share of the picture's shorter side."""
    strength: Annotated[FiniteFloat, Field(ge=0, le=1)] = 1.0


class Walk(_Frozen):
    """A closed way through slots: from the first to the last of them and back to the first."""

    slots: tuple[Annotated[int, Field(ge=0, lt=SLOT_COUNT)], ...] = Field(
        default=(), max_length=SLOT_COUNT
    )
    """In the order of the walk; an empty slot is passed over. None at all: every filled slot."""
    seconds: Annotated[FiniteFloat, Field(ge=WALK_SECONDS.low, le=WALK_SECONDS.high)] = 8.0
    easing: Literal["rest", "flow"] = "rest"


class Deck(_Frozen):
    """One engine at work: its model, slots, blend and parameters.

    `key` names the deck for as long as it lives; nothing else refers to it.
    """

    key: str = Field(min_length=1, max_length=40)
    engine: str
    model: str
    slots: tuple[Slot | None, ...] = Field(
        default=(None,) * SLOT_COUNT, min_length=SLOT_COUNT, max_length=SLOT_COUNT
    )
    pad: Place = (0.0, 0.0)
    held: Point | None = None
    """A point that is shown in place of the blend, until the puck moves."""
    fixed: dict[str, FiniteFloat] = Field(default_factory=dict)
    """Locked directions: the coordinate along each that every point is moved to (see
    `studio.latent.steering`)."""
    walk: Walk = Walk()
    pins: dict[Annotated[int, Field(ge=0, lt=SLOT_COUNT)], Pin] = Field(default_factory=dict)
    """By slot; see `studio.session.painting`."""
    strokes: tuple[Stroke, ...] = Field(default=(), max_length=256)
    """Oldest first; later ones cover earlier ones."""
    drift: dict[str, Annotated[FiniteFloat, Field(ge=-60, le=60)]] = Field(default_factory=dict)
    """Turns a minute of cyclic parameters, by name; see `studio.motion.drifting`."""
    interpolation: Literal["straight", "great circle"] = "great circle"
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    parameters: dict[str, Value] = Field(default_factory=dict)

    def with_slot(self, index: int, slot: Slot | None) -> Deck:
        """This deck with `slot` at `index`."""
        slots = list(self.slots)
        slots[index] = slot
        deck: Deck = self.but(slots=tuple(slots))
        return deck


class Scene(_Frozen):
    """The decks, which of them is in front, whether one gesture moves all their pads, and time."""

    decks: tuple[Deck, ...] = Field(min_length=1, max_length=8)
    front: str
    tied: bool = False
    score: dict[str, Value] = Field(default_factory=dict)
    """Tempo, metre and what goes with them: see `studio.document.score`."""
    routes: tuple[Route, ...] = Field(default=METRONOME_ROUTES, max_length=64)
    """Which track goes out where."""

    def deck(self, key: str) -> Deck:
        """The deck called `key`. Raises KeyError."""
        for deck in self.decks:
            if deck.key == key:
                return deck
        raise KeyError(key)

    def with_deck(self, deck: Deck) -> Scene:
        """This scene with `deck` in the place of the one with its key."""
        decks = tuple(deck if d.key == deck.key else d for d in self.decks)
        scene: Scene = self.but(decks=decks)
        return scene
