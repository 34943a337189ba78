"""What the artist can do, and what the scene is afterwards."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from studio.document.parameters import ParameterError, initial_values
from studio.document.scene import SLOT_COUNT, Deck, Scene
from studio.engine import EngineError, Resources
from studio.engine.decks import fresh_deck
from studio.engine.registry import Registry
from studio.latent.mixing import point_of
from studio.session import Session
from tests.fakes import (
    FakeEngine,
    Pump,
    fake,
    filled_deck,
    is_one_sentence,
    picture_of,
    scene_of,
    slot,
    slow,
)

Play = Callable[..., Pump]


def is_right(pump: Pump, deck: str = "deck1") -> bool:
    """Whether the deck shows the very picture that its scene asks for."""
    held, shown = pump.deck(deck), pump.state(deck).shown
    wanted = pump.session.point(deck)
    if shown is None or not np.array_equal(shown.request.job.latent, wanted):
        return False
    job = shown.request.job
    same = dict(job.parameters) == held.parameters and job.seed == held.seed
    return same and np.array_equal(shown.pixels, picture_of(job, held.model))


def unchanged(pump: Pump, operation: Callable[[], object]) -> bool:
    """Whether `operation` leaves the scene and the way back as they are."""
    before, could = pump.scene, pump.session.history.can_undo
    operation()
    pump.settle()
    return pump.scene is before and pump.session.history.can_undo == could


def latents(deck: Deck) -> list[tuple[float, ...] | None]:
    return [s.latent if s else None for s in deck.slots]


# -- the beginning ---------------------------------------------------------------------------------


def test_a_session_begins_with_the_scenes_picture_and_thumbnails(play: Play) -> None:
    pump = play(fake())
    assert is_right(pump)
    assert pump.state().device == "CPU fake"
    assert [pump.session.engines.thumbnails.get(pump.deck(), i) is not None for i in range(4)] == [
        True,
        True,
        True,
        False,
    ]
    assert pump.notices == []


def test_an_empty_shelf_fills_with_samples_of_the_decks_seed(play: Play) -> None:
    guest = fake()
    scene = scene_of(fresh_deck(guest.spec).but(seed=5))
    pump = play(guest, scene=scene)
    drawn = FakeEngine().sample(5, SLOT_COUNT, 4)
    assert latents(pump.deck()) == [tuple(row) for row in drawn.tolist()]
    assert pump.deck().seed == 5
    assert is_right(pump)
    assert not pump.session.history.can_undo  # nobody asked for them
    assert not pump.state().opening


def test_a_surprise_while_the_engine_loads_is_the_one_that_stays(play: Play) -> None:
    guest = slow("load")
    guest.gate.shut()
    pump = play(guest, scene=scene_of(fresh_deck(guest.spec)), start=False)
    pump.session.start()
    pump.session.slots.randomise("deck1", seed=77)
    guest.gate.open()
    pump.until(lambda: pump.state().settled and not pump.state().opening, "the first picture")
    pump.settle()
    drawn = FakeEngine().sample(77, SLOT_COUNT, 4)
    assert latents(pump.deck()) == [tuple(row) for row in drawn.tolist()]
    assert pump.deck().seed == 77


def test_what_was_kept_while_the_engine_loads_stays(play: Play) -> None:
    guest = slow("load")
    guest.gate.shut()
    pump = play(guest, scene=scene_of(fresh_deck(guest.spec)), start=False)
    pump.session.start()
    pump.session.slots.capture("deck1", 6)
    pump.session.slots.lock("deck1", 6, True)
    kept = pump.deck().slots[6]
    guest.gate.open()
    pump.settle()
    assert pump.deck().slots[6] == kept


def test_the_session_itself_never_waits(play: Play) -> None:
    """Everything can be done while the engine thread is busy; the picture follows."""
    guest = slow()
    pump = play(guest)
    guest.gate.shut()
    pump.session.pads.move("deck1", (0.2, 0.2))
    guest.gate.await_arrival()
    for operation in (
        lambda: pump.session.set("deck1", "contrast", 0.5),
        lambda: pump.session.slots.capture("deck1"),
        lambda: pump.session.pads.tie(True),
        lambda: pump.session.decks.add("slow"),
        lambda: pump.session.undo(),
        lambda: pump.session.engines.use_device("cuda"),
        lambda: pump.session.engines.use_threads(1),
        lambda: pump.session.collect(),
    ):
        operation()
    assert guest.gate.arrived == 1
    guest.gate.open()
    pump.settle()
    assert is_right(pump)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda scene: scene.but(front="deck9"), EngineError),
        (lambda scene: scene.but(decks=(*scene.decks, *scene.decks)), EngineError),
        (lambda scene: scene.with_deck(scene.decks[0].but(engine="nobody")), EngineError),
        (lambda scene: scene.with_deck(scene.decks[0].but(model="nobody")), EngineError),
        (lambda scene: scene.with_deck(scene.decks[0].but(model="wide")), EngineError),
        (
            lambda scene: scene.with_deck(scene.decks[0].but(parameters={"contrast": 3})),
            ParameterError,
        ),
        (
            lambda scene: scene.with_deck(scene.decks[0].but(parameters={"sparkle": 1})),
            ParameterError,
        ),
    ],
    ids=["front", "keys", "engine", "model", "size", "value", "name"],
)
def test_a_scene_that_cannot_be_is_refused_whole(
    play: Play, spoil: Callable[[Scene], Scene], error: type[Exception]
) -> None:
    guest = fake()
    pump = play(guest)
    bad = spoil(pump.scene)

    def opened() -> None:
        with pytest.raises(error) as refusal:
            pump.session.open(bad)
        assert is_one_sentence(str(refusal.value))

    assert unchanged(pump, opened)
    with pytest.raises(error):
        Session(Registry.of(guest.spec), bad, wake=lambda: None)


def test_a_scene_is_opened_in_one_step_with_missing_values_at_their_defaults(play: Play) -> None:
    guest = fake()
    pump = play(guest)
    first = pump.scene
    other = scene_of(filled_deck(guest, "other", 5, "wide").but(parameters={"bands": 3}))
    pump.change(lambda: pump.session.open(other))
    defaults = initial_values(guest.spec.controls("wide"))
    assert pump.deck("other").parameters == {**defaults, "bands": 3}
    assert is_right(pump, "other")
    with pytest.raises(KeyError):
        pump.state("deck1")
    pump.change(pump.session.undo)
    assert pump.scene == first
    assert is_right(pump)


def test_who_hears_of_a_new_deck_may_look_at_the_one_in_front(play: Play) -> None:
    guest, heard = fake(), []
    pump = play(guest)
    engines = pump.session.engines
    engines.state_changed.connect(lambda _: heard.append(engines.state(pump.scene.front)))
    decks = [filled_deck(guest, key) for key in ("deck1", "deck3", "deck4")]
    pump.session.open(Scene(decks=tuple(decks), front="deck4"))
    assert len(heard) == 2


def test_listeners_hear_the_new_scene_and_the_old(play: Play) -> None:
    pump = play(fake())
    heard: list[tuple[Scene, Scene]] = []

    def listen(new: Scene, old: Scene) -> None:
        assert pump.scene is new
        heard.append((new, old))

    pump.session.changed.connect(listen)
    before = pump.scene
    pump.session.pads.tie(True)
    pump.session.pads.tie(True)  # nothing new
    assert heard == [(pump.scene, before)]


# -- parameters, pad, path -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [("contrast", 0.5), ("glow", 2.0), ("bands", 4), ("tint", "red"), ("mirror", True)],
)
def test_a_parameter_is_set_and_the_picture_follows(play: Play, name: str, value: Any) -> None:
    pump = play(fake())
    before = pump.state().shown
    pump.change(lambda: pump.session.set("deck1", name, value))
    assert pump.deck().parameters[name] == value
    assert is_right(pump)
    assert pump.state().shown is not before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("contrast", math.nan),
        ("contrast", 2.5),
        ("contrast", "much"),
        ("contrast", None),
        ("tint", "green"),
        ("mirror", 1),
        ("bands", 1.5),
        ("sparkle", 1),
    ],
)
def test_a_bad_value_raises_and_changes_nothing(play: Play, name: str, value: Any) -> None:
    pump = play(fake())

    def set_it() -> None:
        with pytest.raises(ParameterError) as refusal:
            pump.session.set("deck1", name, value)
        assert is_one_sentence(str(refusal.value))

    assert unchanged(pump, set_it)


def test_a_value_that_is_there_already_is_no_change(play: Play) -> None:
    pump = play(fake())
    assert unchanged(pump, lambda: pump.session.set("deck1", "contrast", 1))
    assert unchanged(pump, lambda: pump.session.pads.move("deck1", pump.deck().pad))
    assert unchanged(pump, lambda: pump.session.pads.set_interpolation("deck1", "great circle"))
    assert unchanged(pump, lambda: pump.session.pads.tie(False))


@pytest.mark.parametrize(
    ("place", "held"),
    [
        ((0.25, -0.5), (0.25, -0.5)),
        ((3.0, -3.0), (1.0, -1.0)),
        ((math.inf, -math.inf), (1.0, -1.0)),
    ],
)
def test_the_puck_is_held_inside_the_pad(play: Play, place: Any, held: Any) -> None:
    pump = play(fake())
    pump.change(lambda: pump.session.pads.move("deck1", place))
    assert pump.deck().pad == held
    assert is_right(pump)
    pump.session.slots.place("deck1", 0, place)
    assert pump.deck().slots[0].place == held  # type: ignore[union-attr]


def test_a_place_that_is_no_number_never_enters_the_scene(play: Play) -> None:
    pump = play(fake())
    pump.session.pads.move("deck1", (math.nan, 0.0))
    pump.session.slots.place("deck1", 0, (0.0, math.nan))
    assert Scene.model_validate_json(pump.scene.model_dump_json()) == pump.scene


def test_tied_pads_move_as_one(play: Play) -> None:
    pump = play(fake("one"), fake("two"))
    pump.session.pads.move("deck1", (0.5, 0.5))
    assert pump.deck("deck2").pad == (0.1, 0.5)
    pump.session.pads.tie(True)
    pump.session.pads.move("deck2", (-0.3, 0.3))
    assert [d.pad for d in pump.scene.decks] == [(-0.3, 0.3)] * 2
    pump.settle()
    assert is_right(pump, "deck1")
    assert is_right(pump, "deck2")
    pump.session.undo()  # one gesture, one step
    assert [d.pad for d in pump.scene.decks] == [(0.5, 0.5), (0.1, 0.5)]


def test_the_path_is_chosen_and_the_picture_follows(play: Play) -> None:
    pump = play(fake())
    pump.change(lambda: pump.session.pads.set_interpolation("deck1", "straight"))
    assert pump.deck().interpolation == "straight"
    assert is_right(pump)

    def choose_badly() -> None:
        with pytest.raises(ParameterError):
            pump.session.pads.set_interpolation("deck1", "zigzag")

    assert unchanged(pump, choose_badly)


def test_looking_at_another_deck_is_nothing_to_undo(play: Play) -> None:
    pump = play(fake("one"), fake("two"))
    pump.session.decks.bring_to_front("deck2")
    assert pump.scene.front == "deck2"
    assert not pump.session.history.can_undo
    with pytest.raises(KeyError):
        pump.session.decks.bring_to_front("deck9")


# -- slots -----------------------------------------------------------------------------------------


def test_a_surprise_fills_every_slot_from_its_seed(play: Play) -> None:
    pump = play(fake())
    pump.change(lambda: pump.session.slots.randomise("deck1", seed=9))
    drawn = FakeEngine().sample(9, SLOT_COUNT, 4)
    assert latents(pump.deck()) == [tuple(row) for row in drawn.tolist()]
    assert pump.deck().seed == 9
    assert {s.origin for s in pump.deck().slots if s} == {"sampled"}
    assert is_right(pump)
    assert pump.session.history.can_undo


def test_a_surprise_without_a_seed_is_another_each_time(play: Play) -> None:
    pump = play(fake())
    seen = set()
    for _ in range(5):
        pump.change(lambda: pump.session.slots.randomise("deck1"))
        seen.add(pump.deck().slots[0].latent)  # type: ignore[union-attr]
    assert len(seen) > 1


@pytest.mark.parametrize("seed", [-1, 2**31, 1.5, "7", True])
def test_a_surprise_with_a_bad_seed_is_refused(play: Play, seed: Any) -> None:
    pump = play(fake())
    with pytest.raises(ParameterError):
        pump.session.slots.randomise("deck1", seed)


def test_locked_slots_are_not_surprised(play: Play) -> None:
    pump = play(fake())
    pump.session.slots.lock("deck1", 1, True)
    kept = pump.deck().slots[1]
    pump.change(lambda: pump.session.slots.randomise("deck1", seed=9))
    assert pump.deck().slots[1] == kept
    assert all(pump.deck().slots)
    assert pump.deck().slots[0].latent != slot(0).latent  # type: ignore[union-attr]


def test_a_slot_that_is_locked_while_its_sample_is_on_the_way_keeps_its_point(play: Play) -> None:
    guest = slow("sample")
    pump = play(guest)
    guest.gate.shut()
    pump.session.slots.randomise("deck1", seed=9)
    guest.gate.await_arrival()
    pump.session.slots.lock("deck1", 1, True)
    kept = pump.deck().slots[1]
    guest.gate.open()
    pump.until(lambda: pump.deck().seed == 9, "the samples")
    assert pump.deck().slots[1] == kept


def test_with_every_slot_locked_there_is_a_sentence(play: Play) -> None:
    guest = fake()
    deck = filled_deck(guest, slots=0)
    for index in range(SLOT_COUNT):
        deck = deck.with_slot(index, slot(index, locked=True))
    pump = play(guest, scene=scene_of(deck))
    assert unchanged(pump, lambda: pump.session.slots.randomise("deck1"))
    assert len(pump.notices) == 1
    assert is_one_sentence(pump.notices[0])


def test_a_locked_slot_refuses_to_be_filled_or_cleared(play: Play) -> None:
    pump = play(fake())
    pump.session.slots.lock("deck1", 0, True)
    picture = picture_of(pump.state().shown.request.job)  # type: ignore[union-attr]
    for operation in (
        lambda: pump.session.slots.sample("deck1", 0),
        lambda: pump.session.slots.capture("deck1", 0),
        lambda: pump.session.slots.clear("deck1", 0),
        lambda: pump.session.slots.encode("deck1", 0, picture),
    ):
        pump.notices.clear()
        assert unchanged(pump, operation)
        assert pump.notices == ["Slot A is locked."]
    pump.session.slots.lock("deck1", 0, False)
    pump.session.slots.clear("deck1", 0)
    assert pump.deck().slots[0] is None


def test_a_locked_slot_may_still_move_on_the_pad(play: Play) -> None:
    pump = play(fake())
    pump.session.slots.lock("deck1", 0, True)
    pump.change(lambda: pump.session.slots.place("deck1", 0, (0.5, 0.5)))
    assert pump.deck().slots[0].place == (0.5, 0.5)  # type: ignore[union-attr]
    assert is_right(pump)


def test_one_slot_is_sampled_alone_and_keeps_its_place(play: Play) -> None:
    pump = play(fake())
    pump.session.slots.place("deck1", 2, (0.9, -0.9))
    before = pump.deck()
    pump.change(lambda: pump.session.slots.sample("deck1", 2))
    after = pump.deck()
    assert after.slots[2].latent != before.slots[2].latent  # type: ignore[union-attr]
    assert after.slots[2].place == (0.9, -0.9)  # type: ignore[union-attr]
    assert after.with_slot(2, None) == before.with_slot(2, None)
    assert is_right(pump)


def test_capture_keeps_the_point_that_is_shown(play: Play) -> None:
    pump = play(fake())
    point = tuple(point_of(pump.deck(), 4).tolist())
    pump.change(lambda: pump.session.slots.capture("deck1"))
    kept = pump.deck().slots[3]  # the first that was empty
    assert kept is not None
    assert kept.latent == point
    assert kept.origin == "captured"
    pump.change(lambda: pump.session.slots.capture("deck1", 0))
    assert pump.deck().slots[0].origin == "captured"  # type: ignore[union-attr]


def test_a_full_shelf_says_so(play: Play) -> None:
    guest = fake()
    pump = play(guest, scene=scene_of(filled_deck(guest, slots=8)))
    assert unchanged(pump, lambda: pump.session.slots.capture("deck1"))
    assert len(pump.notices) == 1
    assert is_one_sentence(pump.notices[0])


def test_an_empty_slot_can_be_neither_locked_nor_placed(play: Play) -> None:
    pump = play(fake())
    assert unchanged(pump, lambda: pump.session.slots.lock("deck1", 7, True))
    assert unchanged(pump, lambda: pump.session.slots.place("deck1", 7, (0.0, 0.0)))
    assert unchanged(pump, lambda: pump.session.slots.clear("deck1", 7))


def test_with_the_last_slot_cleared_the_models_middle_is_shown(play: Play) -> None:
    guest = fake()
    pump = play(guest, scene=scene_of(filled_deck(guest, slots=1)))
    pump.change(lambda: pump.session.slots.clear("deck1", 0))
    shown = pump.state().shown
    assert shown is not None
    assert not shown.request.job.latent.any()
    pump.change(lambda: pump.session.slots.capture("deck1"))
    assert is_right(pump)


def test_a_picture_is_taken_in_as_the_point_nearest_to_it(play: Play) -> None:
    pump = play(fake())
    pump.change(lambda: pump.session.slots.randomise("deck1", seed=0))
    wanted = pump.deck().slots[4]
    assert wanted is not None
    picture = pump.session.engines.thumbnails.get(pump.deck(), 4)
    assert picture is not None
    job = pump.state().shown.request.job  # type: ignore[union-attr]
    whole = picture_of(type(job)(latent=np.asarray(wanted.latent, np.float32)))
    pump.change(lambda: pump.session.slots.encode("deck1", 0, whole))
    found = pump.deck().slots[0]
    assert found is not None
    assert found.latent == pytest.approx(wanted.latent, abs=0.05)
    assert found.origin == "encoded"


def test_an_engine_that_takes_no_pictures_says_so(play: Play) -> None:
    pump = play(fake(encodes=False))
    assert unchanged(
        pump, lambda: pump.session.slots.encode("deck1", 0, np.zeros((2, 2, 3), np.uint8))
    )
    assert len(pump.notices) == 1
    assert is_one_sentence(pump.notices[0])


def test_a_thumbnail_is_made_once_for_each_point(play: Play) -> None:
    guest = fake()
    pump = play(guest)
    thumbnails = [c for c in guest.engine.calls if c.method == "render" and c.argument.thumbnail]
    assert len(thumbnails) == 3
    pump.change(lambda: pump.session.slots.clear("deck1", 0))
    pump.change(pump.session.undo)
    pump.change(lambda: pump.session.set("deck1", "tint", "red"))
    assert sum(c.method == "render" and c.argument.thumbnail for c in guest.engine.calls) == 3


# -- decks -----------------------------------------------------------------------------------------


def test_a_second_deck_comes_to_the_front_with_samples_of_its_own(play: Play) -> None:
    guest = fake()
    pump = play(guest)
    key = pump.session.decks.add("fake", "wide")
    pump.settle()
    assert key == "deck2"
    assert pump.scene.front == "deck2"
    assert all(pump.deck("deck2").slots)
    assert is_right(pump, "deck1")
    assert is_right(pump, "deck2")
    pump.session.undo()
    assert [d.key for d in pump.scene.decks] == ["deck1"]


def test_two_decks_of_one_model_share_the_engine_and_part_again(play: Play) -> None:
    guest = fake()
    pump = play(guest)
    pump.session.decks.add("fake")
    pump.settle()
    assert len(guest.made) == 1
    pump.session.decks.remove("deck1")
    assert pump.scene.front == "deck2"
    pump.change(lambda: pump.session.pads.move("deck2", (0.3, 0.3)))
    assert is_right(pump, "deck2")
    assert not guest.engine.closed
    pump.change(pump.session.undo)
    pump.change(pump.session.undo)
    assert is_right(pump, "deck1")
    assert len(guest.made) == 1


def test_the_last_deck_stays(play: Play) -> None:
    pump = play(fake())
    assert unchanged(pump, lambda: pump.session.decks.remove("deck1"))
    assert unchanged(pump, lambda: pump.session.decks.remove("deck9"))


def test_eight_decks_are_enough(play: Play) -> None:
    pump = play(fake())
    for _ in range(7):
        pump.session.decks.add("fake")
    pump.settle()

    def add() -> None:
        with pytest.raises(EngineError) as refusal:
            pump.session.decks.add("fake")
        assert is_one_sentence(str(refusal.value))

    assert unchanged(pump, add)
    assert all(is_right(pump, deck.key) for deck in pump.scene.decks)


@pytest.mark.parametrize(("engine", "model"), [("nobody", None), ("fake", "nobody")])
def test_what_is_unknown_raises_and_changes_nothing(
    play: Play, engine: str, model: str | None
) -> None:
    pump = play(fake())

    def add() -> None:
        with pytest.raises(EngineError) as refusal:
            pump.session.decks.add(engine, model)
        assert is_one_sentence(str(refusal.value))

    def choose() -> None:
        with pytest.raises(EngineError):
            pump.session.decks.choose_model("deck1", engine, model or "first")

    assert unchanged(pump, add)
    assert unchanged(pump, choose)


def test_another_model_brings_its_own_samples_and_keeps_the_hand_where_it_was(play: Play) -> None:
    guest = fake()
    pump = play(guest)
    pump.session.set("deck1", "tint", "blue")
    before = pump.deck()
    pump.change(lambda: pump.session.decks.choose_model("deck1", "fake", "wide"))
    after = pump.deck()
    assert after.model == "wide"
    assert all(len(s.latent) == 6 for s in after.slots if s)
    assert (after.pad, after.seed) == (before.pad, before.seed)
    assert after.parameters == {**before.parameters, "lean": 0}
    assert is_right(pump)
    pump.change(pump.session.undo)
    assert pump.deck() == before
    assert is_right(pump)


def test_a_control_of_one_model_stays_with_it(play: Play) -> None:
    pump = play(fake())
    pump.session.set("deck1", "bands", 4)
    pump.session.decks.choose_model("deck1", "fake", "wide")
    pump.settle()
    assert pump.session.controls("deck1")[0].name == "lean"
    pump.change(lambda: pump.session.set("deck1", "lean", 2.0))
    assert is_right(pump)
    pump.change(lambda: pump.session.decks.choose_model("deck1", "fake", "first"))
    assert "lean" not in pump.deck().parameters
    assert pump.deck().parameters["bands"] == 4
    with pytest.raises(ParameterError):
        pump.session.set("deck1", "lean", 2.0)
    pump.change(pump.session.undo)
    assert pump.deck().parameters["lean"] == 2.0


def test_another_engine_begins_with_its_own_defaults(play: Play) -> None:
    pump = play(fake("one"), fake("two", parameters=()))
    pump.session.set("deck1", "tint", "blue")
    pump.change(lambda: pump.session.decks.choose_model("deck1", "two", "first"))
    assert pump.deck().parameters == {}
    pump.change(lambda: pump.session.decks.choose_model("deck1", "one", "first"))
    assert pump.deck().parameters["tint"] == "none"
    assert is_right(pump)


def test_the_same_model_asked_for_again_is_loaded_again_and_nothing_to_undo(play: Play) -> None:
    guest = fake()
    pump = play(guest)
    before = pump.scene
    pump.session.decks.choose_model("deck1", "fake", "first")
    assert pump.state().device == ""
    pump.settle()
    assert len(guest.made) == 2
    assert pump.scene is before
    assert is_right(pump)


# -- resources -------------------------------------------------------------------------------------


def test_sound_takes_a_core_from_the_engines_and_gives_it_back(play: Play) -> None:
    guest = fake()
    pump = play(guest)
    for threads in (1, 3):
        pump.session.engines.use_threads(threads)
        pump.change(lambda: pump.session.slots.capture("deck1"))
        assert guest.engine.resources.threads == threads


def test_another_device_is_another_start_with_the_same_scene(play: Play) -> None:
    guest = fake()
    pump = play(guest)
    before = pump.scene
    pump.session.engines.use_device("cuda")
    pump.settle()
    assert pump.state().device == "CUDA fake"
    assert pump.scene is before
    assert [engine.closed for engine in guest.made] == [True, False]
    assert is_right(pump)


def test_resources_are_granted_from_the_start(play: Play) -> None:
    guest = fake()
    play(guest, resources=Resources(device="mps", threads=3))
    assert guest.engine.resources == Resources(device="mps", threads=3)


# -- the figures -----------------------------------------------------------------------------------


def test_a_picture_counts_once_when_it_is_painted(play: Play) -> None:
    pump = play(fake())
    assert pump.session.engines.meter.pictures_per_s == 0
    for _ in range(3):
        pump.session.engines.painted("deck1")
    assert pump.session.engines.meter.pictures_per_s == 1
    pump.session.engines.painted("nobody")
    assert pump.session.engines.meter.hand_to_picture_ms() > 0
