"""Whatever scene the window can make: saved and opened it is equal, and one undo takes it back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.document.parameters import Choice, Float, Int, Parameter, Text, Toggle, Value
from studio.document.routes import Route
from studio.document.scene import SLOT_COUNT, Deck, Pin, Scene, Slot, Stroke, Walk
from studio.document.score import SCORE
from studio.document.seeds import Seed
from studio.engine.decks import checked
from studio.engine.registry import Registry, find_engines
from studio.presets.document import Preset, parse, text_of
from studio.presets.fitting import fitted
from studio.presets.identities import Weights
from studio.presets.working_state import WorkingState
from studio.presets.working_state import parse as parse_working
from studio.presets.working_state import text_of as text_of_working
from tests.fakes import PARAMETERS, Pump, fake, filled_deck, scene_of

TURN = Float(name="turn", label="Turn", low=-1, high=1, default=0, cyclic=True)
WORD = Text(name="word", label="Word", default="Aa")
GUEST = fake(parameters=(*PARAMETERS, TURN, WORD), blend_maps=True)
REGISTRY = Registry.of(*find_engines().specs, GUEST.spec)
"""The engines that are here, whatever they declare, and one that declares each kind."""

# -- scenes ----------------------------------------------------------------------------------------

UNIT = st.floats(0, 1)
SPOT = st.tuples(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
PLACE = st.tuples(st.floats(-1, 1), st.floats(-1, 1))
NUMBER = st.floats(-10, 10)
SHORT = st.floats(-10, 10, width=32)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1)


def values(parameter: Parameter) -> st.SearchStrategy[Value]:
    """Any value that `parameter` takes."""
    match parameter:
        case Float(low=low, high=high):
            return st.floats(low, high)
        case Int(low=low, high=high):
            return st.integers(low, high)
        case Choice(options=options):
            return st.sampled_from(options)
        case Toggle():
            return st.booleans()
        case Seed():
            return st.integers(0, 2**31 - 1)
        case Text(alphabet=alphabet, max_length=length):
            letters = st.sampled_from(alphabet) if alphabet else st.characters(codec="utf-8")
            return st.text(letters, max_size=length)
    raise AssertionError(f"what can {parameter} be?")


def all_of(parameters: tuple[Parameter, ...]) -> st.SearchStrategy[dict[str, Value]]:
    return st.fixed_dictionaries({p.name: values(p) for p in parameters})


def points(size: int) -> st.SearchStrategy[tuple[float, ...]]:
    """A few numbers over and over: what a point holds is not what is asked here."""
    some = st.lists(st.one_of(SHORT, NUMBER), min_size=1, max_size=8)
    return some.map(lambda numbers: tuple((numbers * math.ceil(size / len(numbers)))[:size]))


def slots(size: int) -> st.SearchStrategy[Slot | None]:
    made = st.builds(
        Slot,
        latent=points(size),
        place=PLACE,
        locked=st.booleans(),
        origin=st.sampled_from(("sampled", "captured", "encoded")),
    )
    return st.one_of(st.none(), made)


STROKES = st.lists(
    st.builds(
        Stroke,
        slot=st.one_of(st.none(), st.integers(0, SLOT_COUNT - 1)),
        points=st.lists(SPOT, min_size=1, max_size=4).map(tuple),
        radius=st.floats(0.01, 0.5),
        strength=UNIT,
    ),
    max_size=3,
).map(tuple)
PINS = st.dictionaries(
    st.integers(0, SLOT_COUNT - 1), st.builds(Pin, place=SPOT, reach=st.floats(0.05, 1)), max_size=3
)
WALKS = st.builds(
    Walk,
    slots=st.lists(st.integers(0, SLOT_COUNT - 1), max_size=SLOT_COUNT).map(tuple),
    seconds=st.floats(0.5, 300),
    easing=st.sampled_from(("rest", "flow")),
)
ROUTES = st.builds(
    Route,
    track=WORDS.map(lambda word: word[:40]),
    port=WORDS.map(lambda word: word[:200]),
    channel=st.integers(1, 16),
    program=st.one_of(st.none(), st.integers(0, 127)),
    transpose=st.integers(-60, 60),
    mute=st.booleans(),
)


@st.composite
def decks(draw: Callable[..., Any], key: str) -> Deck:
    spec = draw(st.sampled_from(REGISTRY.specs))
    model = draw(st.sampled_from(spec.models))
    controls = spec.controls(model.name)
    cyclic = [p.name for p in controls if isinstance(p, Float) and p.cyclic]
    directions = [d.name for d in model.directions]
    paints = spec.blend_maps
    return Deck(
        key=key,
        engine=spec.name,
        model=model.name,
        slots=tuple(draw(slots(model.latent_size)) for _ in range(SLOT_COUNT)),
        pad=draw(PLACE),
        held=draw(st.one_of(st.none(), points(model.latent_size))),
        fixed=draw(_some(directions, NUMBER)),
        walk=draw(WALKS),
        pins=draw(PINS) if paints else {},
        strokes=draw(STROKES) if paints else (),
        drift=draw(_some(cyclic, st.floats(-60, 60))),
        interpolation=draw(st.sampled_from(("straight", "great circle"))),
        seed=draw(st.integers(0, 2**31 - 1)),
        parameters=draw(all_of(controls)),
    )


def _some(names: list[str], numbers: st.SearchStrategy[float]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(names), numbers) if names else st.just({})


@st.composite
def scenes(draw: Callable[..., Any]) -> Scene:
    keys = [f"deck{n}" for n in range(1, draw(st.integers(1, 4)) + 1)]
    scene = Scene(
        decks=tuple(draw(decks(key)) for key in keys),
        front=draw(st.sampled_from(keys)),
        tied=draw(st.booleans()),
        score=draw(all_of(SCORE)),
        routes=tuple(draw(st.lists(ROUTES, max_size=3))),
    )
    return checked(REGISTRY, scene)


# -- there and back --------------------------------------------------------------------------------


@settings(max_examples=40)
@given(scenes())
def test_any_scene_saves_and_opens_to_an_equal_one(scene: Scene) -> None:
    kept = Preset(name="Dawn", scene=scene)
    opened = parse(text_of(kept), "dawn.json")
    assert opened == kept
    found = fitted(opened, REGISTRY, Weights())
    assert found.scene == scene
    assert found.remarks == ()


@settings(max_examples=12)
@given(scenes(), scenes())
def test_the_working_state_comes_back_with_its_snapshots(scene: Scene, other: Scene) -> None:
    kept = WorkingState(scene=scene, snapshots=(None, other, *[None] * 6))
    assert parse_working(text_of_working(kept)) == kept


@settings(max_examples=15)
@given(scenes())
def test_one_undo_takes_back_everything_that_opening_touched(scene: Scene) -> None:
    pump = Pump(GUEST, scene=scene_of(filled_deck(GUEST)))  # not started: nothing is drawn here
    pump.session.registry = REGISTRY
    pump.session.engines._registry = REGISTRY
    before = pump.scene
    pump.session.open(scene)
    assert pump.scene == scene
    pump.session.undo()
    assert pump.scene == before
    pump.session.redo()
    assert pump.scene == scene
