"""Scenes called up by number, by next and previous, in time, with the next one ready."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.control.controls import ControlError
from studio.document.scene import Deck, Scene
from studio.engine.decks import checked
from studio.presets import PresetError
from studio.scenes._set_list import SetListItem
from tests.fakes import Guest, Pump, fake, filled_deck, is_one_sentence, scene_of
from tests.studio.scenes.scene_play import Play


@pytest.fixture
def guest() -> Guest:
    return fake()


@pytest.fixture
def stage(play: Callable[..., Pump], guest: Guest, tmp_path: Path) -> Iterator[Play]:
    made = Play(play(guest), tmp_path)
    made.has(dawn=scene(made, seed=1), noon=scene(made, "second", seed=2), dusk=scene(made, seed=3))
    made.pump.settle()
    yield made
    made.close()


def scene(stage: Play, model: str = "first", **changes: Any) -> Scene:
    deck = filled_deck(stage.pump.guests[0], model=model).but(**changes)
    return checked(stage.session.registry, scene_of(deck))


def seed(stage: Play) -> int:
    return stage.scene.decks[0].seed


# -- the set list ----------------------------------------------------------------------------------


def test_scenes_are_called_up_by_their_number(stage: Play) -> None:
    stage.rig.controls.set("/scene", 3)
    assert (seed(stage), stage.recalling.current()) == (3, 2)
    assert stage.rig.controls.get("/scene/3") is True


def test_next_and_previous_go_through_the_list_and_stay_at_its_ends(stage: Play) -> None:
    seen = []
    for _ in range(4):
        stage.rig.controls.trigger("/scene/next")
        seen.append(seed(stage))
    assert seen == [1, 2, 3, 3]
    assert stage.notices == ["This is the last scene of the set list."]
    stage.rig.controls.trigger("/scene/previous")
    assert seed(stage) == 2


def test_a_recall_is_one_step_to_undo(stage: Play) -> None:
    before = stage.scene
    stage.recalling.recall(1)
    stage.session.undo()
    assert stage.scene == before


def test_there_are_only_those_that_there_are(stage: Play) -> None:
    for index in (3, -1):
        with pytest.raises(ControlError):
            stage.recalling.recall(index)


def test_an_empty_list_says_so(stage: Play) -> None:
    stage.has()
    stage.recalling.next()
    assert stage.notices == ["The set list is empty; drag presets into it."]
    assert stage.recalling.next_place is None


def test_a_scene_from_the_shelf_takes_its_place_in_the_list(stage: Play) -> None:
    stage.recalling.call(SetListItem("noon", "Noon"))
    assert stage.recalling.current() == 1
    stage.scenes["extra"] = scene(stage, seed=8)
    stage.recalling.call(SetListItem("extra", "Extra"))
    assert (seed(stage), stage.recalling.current()) == (8, None)


def test_a_list_in_another_order_keeps_its_place(stage: Play) -> None:
    stage.recalling.recall(0)
    stage.recalling.put(stage.recalling.items[::-1])
    assert (stage.recalling.current(), stage.recalling.names()[2]) == (2, "Dawn")


# -- in time ---------------------------------------------------------------------------------------


def test_it_waits_for_the_quantum_and_the_newest_wins(stage: Play) -> None:
    stage.quantum("bar")
    stage.begin_playing()
    before = seed(stage)
    for index in (0, 2):
        stage.recalling.recall(index)
    waiting = stage.recalling.waiting
    assert waiting is not None
    assert (waiting.name, seed(stage)) == ("Dusk", before)
    stage.turn(1.75)
    assert (seed(stage), stage.recalling.waiting) == (3, None)


def test_next_twice_before_the_bar_goes_two_on(stage: Play) -> None:
    stage.recalling.recall(0)
    stage.quantum("bar")
    stage.begin_playing()
    stage.recalling.next()
    stage.recalling.next()
    stage.turn(1.75)
    assert seed(stage) == 3


def test_what_waits_can_be_cancelled(stage: Play) -> None:
    stage.quantum("bar")
    stage.begin_playing()
    before = seed(stage)
    stage.recalling.recall(0)
    stage.recalling.cancel()
    stage.turn(9, steps=9)
    assert (seed(stage), stage.recalling.current()) == (before, None)


def test_a_snapshot_takes_the_turn_of_a_scene_that_waits(stage: Play) -> None:
    stage.snapshots.take(0)
    stage.session.set("deck1", "contrast", 2.0)
    stage.quantum("bar")
    stage.begin_playing()
    stage.recalling.recall(0)
    stage.snapshots.recall(0)
    waiting = stage.recalling.waiting
    assert waiting is not None
    assert waiting.name == "Snapshot 1"
    stage.turn(1.75)
    assert stage.pump.deck().parameters["contrast"] == 1.0
    assert (stage.recalling.waiting, stage.recalling.current()) == (None, None)


def test_a_list_that_changes_while_a_scene_waits_does_not_mislead_it(stage: Play) -> None:
    stage.quantum("bar")
    stage.begin_playing()
    stage.recalling.recall(2)
    stage.recalling.put(stage.recalling.items[::-1][:2])
    stage.turn(1.75)
    assert (seed(stage), stage.recalling.current()) == (3, 0)


# -- by a morph ------------------------------------------------------------------------------------


def test_scenes_may_come_by_a_morph_that_begins_on_the_bar(stage: Play) -> None:
    stage.rig.controls.set("/scene/glide", True)
    stage.rig.controls.set("/morph/seconds", 2.0)
    stage.quantum("bar")
    stage.begin_playing()
    stage.recalling.recall(2)
    stage.turn(1.75)
    assert (stage.morph.moving, stage.recalling.current()) == (1, 2)
    assert stage.morph.side("b").name == "Dusk"  # type: ignore[union-attr]
    stage.turn(2.1, steps=9)
    assert seed(stage) == 3


def test_one_scene_may_come_by_a_morph_whatever_is_set(stage: Play) -> None:
    stage.recalling.call(stage.recalling.items[2], glides=True)
    assert stage.morph.moving == 1
    stage.recalling.glides = True
    stage.recalling.call(stage.recalling.items[2], glides=False)
    assert (stage.morph.moving, seed(stage)) == (0, 3)


# -- ready ahead -----------------------------------------------------------------------------------


def loads(guest: Guest) -> list[str]:
    """The models that were loaded, in order."""
    return [engine.calls[0].argument.name for engine in guest.made]


def test_the_next_one_is_loaded_ahead_and_stays_loaded(stage: Play, guest: Guest) -> None:
    stage.recalling.next()
    stage.pump.settle()
    assert loads(guest) == ["first", "second"]
    stage.recalling.next()
    stage.pump.settle()
    assert stage.pump.state().device
    stage.recalling.previous()
    stage.recalling.next()
    stage.pump.settle()
    assert loads(guest) == ["first", "second"]


def test_the_same_scene_is_the_same_picture(stage: Play) -> None:
    seen = []
    for index in (0, 1, 2, 1, 0):
        stage.recalling.recall(index)
        stage.pump.settle()
        shown = stage.pump.state().shown
        assert shown is not None
        seen.append(shown.pixels.tobytes())
    assert seen[:2] == seen[:2:-1]
    assert len(set(seen)) == 3


def test_no_moment_is_without_a_picture(stage: Play) -> None:
    for _ in range(3):
        stage.recalling.next()
        assert stage.pump.state().shown is not None
        stage.pump.settle()


def test_engines_that_nothing_wants_any_more_are_closed(stage: Play, guest: Guest) -> None:
    stage.recalling.next()
    stage.pump.settle()
    stage.has(dawn=scene(stage, seed=1))
    stage.pump.settle()
    assert [engine.closed for engine in guest.made] == [False, True]


# -- what goes wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble",
    [
        PresetError("The preset noon.json cannot be read: it is gone."),
        scene_of(Deck(key="deck1", engine="nobody", model="none")),
    ],
)
def test_a_scene_that_cannot_be_shown_is_a_sentence_and_nothing_changes(
    stage: Play, trouble: Scene | Exception
) -> None:
    stage.has(dawn=scene(stage, seed=1), noon=trouble)
    stage.recalling.next()
    before = stage.scene
    stage.pump.settle()
    assert stage.notices == []  # preparing it is no reason to speak
    stage.recalling.next()
    assert stage.scene is before
    assert stage.recalling.current() == 0
    (notice,) = stage.notices
    assert is_one_sentence(notice)


def test_it_tells_what_was_called_up(stage: Play) -> None:
    heard: list[object] = []
    stage.recalling.recalled.connect(heard.append)
    stage.recalling.shown.connect(heard.append)
    stage.recalling.next()
    assert heard == ["Dawn", SetListItem("dawn", "Dawn")]


def test_what_is_not_as_it_was_is_said_once_it_is_shown(stage: Play) -> None:
    stage.remarks = ("First has other weights here.", "Another thing differs.")
    stage.quantum("bar")
    stage.begin_playing()
    stage.recalling.next()
    assert stage.notices == []
    stage.turn(1.75)
    assert stage.notices == ["First has other weights here (1 more)."]
    assert stage.recalling.remarks == stage.remarks
