"""Where one has been, with pictures and words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.document.scene import Pin, Scene, Stroke, Walk
from studio.engine.decks import checked
from studio.scenes._change_names import words_for
from studio.scenes._small_pictures import small
from studio.scenes.history import LONGEST_S, SceneHistory
from tests.fakes import Pump, fake, filled_deck, scene_of, slot
from tests.studio.scenes.scene_play import Play


@pytest.fixture
def stage(play: Callable[..., Pump], tmp_path: Path) -> Iterator[Play]:
    made = Play(play(fake()), tmp_path)
    rest(made)
    yield made
    made.close()


def rest(stage: Play, seconds: float = 2.0) -> None:
    stage.pump.settle()
    stage.turn(seconds, steps=4)


def words(stage: Play) -> list[str]:
    return [stop.words for stop in stage.past.entries]


# -- entries ---------------------------------------------------------------------------------------


def test_it_begins_with_what_was_shown_first(stage: Play) -> None:
    (stop,) = stage.past.entries
    assert (stop.words, stop.scene) == ("Start", stage.scene)


def test_a_scene_at_which_the_hand_rests_is_a_stop(stage: Play) -> None:
    stage.session.set("deck1", "contrast", 1.2)
    assert stage.past.waits
    rest(stage)
    assert words(stage) == ["Start", "Contrast 1.20"]
    assert stage.past.entries[-1].scene is stage.scene
    assert not stage.past.waits


def test_a_drag_is_one_stop(stage: Play) -> None:
    for n in range(20):
        stage.session.pads.move("deck1", (n / 20, 0.0))
        stage.turn(0.05)
    rest(stage)
    assert words(stage) == ["Start", "Puck"]


def test_what_never_rests_is_kept_every_ten_seconds(stage: Play) -> None:
    for n in range(int(4 * LONGEST_S)):
        stage.session.pads.move("deck1", (n / 100, 0.0))
        stage.pump.settle()
        stage.turn(0.55)
    assert words(stage) == ["Start", "Puck", "Puck"]


def test_it_has_the_picture_that_was_seen(stage: Play) -> None:
    stage.session.set("deck1", "contrast", 2.0)
    rest(stage)
    stop, shown = stage.past.entries[-1], stage.pump.state().shown
    assert stop.picture is not None
    assert shown is not None
    assert np.array_equal(stop.picture, shown.pixels)


def test_where_one_looks_is_no_stop(stage: Play) -> None:
    stage.session.decks.add("fake")
    rest(stage)
    stage.session.decks.bring_to_front("deck1")
    rest(stage)
    assert words(stage) == ["Start", "Deck added"]


def test_going_back_is_a_step_that_undo_takes_back(stage: Play) -> None:
    stage.session.set("deck1", "contrast", 1.2)
    rest(stage)
    here = stage.scene
    stage.past.go_to(stage.past.entries[0])
    assert stage.pump.deck().parameters["contrast"] == 1.0
    stage.session.undo()
    assert stage.scene == here


def test_a_scene_that_was_called_up_is_known_by_its_name(stage: Play) -> None:
    stage.has(dawn=stage.scene.with_deck(stage.pump.deck().but(seed=3)))
    stage.recalling.next()
    rest(stage)
    assert words(stage)[-1] == "Dawn"


def test_it_keeps_the_newest(stage: Play) -> None:
    past = SceneHistory(stage.session, limit=3)
    for n in range(5):
        stage.session.set("deck1", "bands", n + 2)
        stage.pump.settle()
        past.step(10.0 * n)
        past.step(10.0 * n + 5)
    assert [stop.words for stop in past.entries] == [f"Bands {n} rows" for n in (4, 5, 6)]
    past.close()


# -- words -----------------------------------------------------------------------------------------


GUEST = fake()
HERE = scene_of(filled_deck(GUEST), filled_deck(GUEST, "deck2"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pad": (0.9, 0.9)}, "Puck"),
        ({"held": (1.0, 2.0, 3.0, 4.0)}, "What is shown"),
        ({"seed": 5}, "Seed"),
        ({"interpolation": "straight"}, "Path"),
        ({"walk": Walk(seconds=3)}, "Walk"),
        ({"pins": {0: Pin(place=(0.1, 0.1))}}, "Pin"),
        ({"strokes": (Stroke(slot=0, points=((0.1, 0.1),)),)}, "Paint"),
        ({"model": "second"}, "Second"),
        ({"slots": (slot(77), *HERE.decks[0].slots[1:])}, "Slot A"),
        ({"slots": (slot(77), slot(78), *HERE.decks[0].slots[2:])}, "Slots"),
    ],
)
def test_in_words(stage: Play, change: dict[str, Any], said: str) -> None:
    registry = stage.session.registry
    before = checked(registry, HERE)
    after = before.with_deck(before.decks[0].but(**change))
    assert words_for(before, after, registry) == said


def test_in_words_of_the_whole_scene(stage: Play) -> None:
    registry = stage.session.registry
    before = checked(registry, HERE)

    def said(after: Scene) -> str:
        return words_for(before, after, registry)

    assert said(before) == ""
    assert said(before.but(score={**before.score, "tempo": 99.0})) == "Tempo 99.0 bpm"
    assert said(before.but(routes=())) == "Routes"
    assert said(before.but(tied=True)) == "Pads tied"
    assert said(before.but(decks=before.decks[:1])) == "Deck removed"
    both = before.but(decks=tuple(d.but(pad=(0.0, 0.0)) for d in before.decks))
    assert said(both) == "Several decks"
    other = checked(registry, scene_of(filled_deck(GUEST, "deck1", slots=5)))
    assert said(other) == "Another scene"


# -- pictures --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(64, 64), (1024, 512), (3, 2000), (96, 96)])
def test_a_small_picture_keeps_its_shape(shape: tuple[int, int]) -> None:
    picture = small(np.full((*shape, 3), 77, np.uint8))
    assert max(picture.shape[:2]) <= 96
    assert picture.dtype == np.uint8
    assert (picture == 77).all()
    assert picture.flags.c_contiguous
