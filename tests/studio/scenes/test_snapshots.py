"""Eight scenes taken and called back in an instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.document.scene import Deck
from studio.scenes.snapshots import Snapshots
from tests.fakes import Pump, fake, is_one_sentence, scene_of
from tests.studio.scenes.scene_play import Play


@pytest.fixture
def stage(play: Callable[..., Pump], tmp_path: Path) -> Iterator[Play]:
    made = Play(play(fake()), tmp_path)
    yield made
    made.close()


@pytest.fixture
def snapshots(stage: Play) -> Snapshots:
    return stage.snapshots


def test_what_was_taken_comes_back_as_one_step(stage: Play, snapshots: Snapshots) -> None:
    taken = stage.scene
    stage.rig.controls.trigger("/snapshot/take/3")
    stage.session.set("deck1", "contrast", 2.0)
    stage.session.set_score("tempo", 90.0)
    changed = stage.scene
    stage.rig.controls.trigger("/snapshot/3")
    assert stage.scene == taken
    stage.session.undo()
    assert stage.scene == changed


def test_its_lamp_is_lit_where_there_is_one(stage: Play, snapshots: Snapshots) -> None:
    snapshots.take(0)
    lamps = [stage.rig.controls.get(f"/snapshot/{n}") for n in (1, 2)]
    assert lamps == [True, False]
    snapshots.clear(0)
    assert stage.rig.controls.get("/snapshot/1") is False


def test_an_empty_one_says_so(stage: Play, snapshots: Snapshots) -> None:
    snapshots.recall(4)
    assert stage.notices == ["Snapshot 5 is empty."]


def test_it_comes_when_the_quantum_lets_it(stage: Play, snapshots: Snapshots) -> None:
    stage.quantum("bar")
    snapshots.take(0)
    stage.begin_playing()
    stage.session.set("deck1", "contrast", 2.0)
    snapshots.recall(0)
    assert stage.pump.deck().parameters["contrast"] == 2.0
    stage.turn(1.75)
    assert stage.pump.deck().parameters["contrast"] == 1.0


def test_it_has_a_small_picture_of_what_was_seen(stage: Play, snapshots: Snapshots) -> None:
    snapshots.take(0)
    picture, shown = snapshots.picture(0), stage.pump.state().shown
    assert picture is not None
    assert shown is not None
    assert picture.shape == shown.pixels.shape
    assert snapshots.picture(1) is None


def test_its_engine_stays_loaded(stage: Play, snapshots: Snapshots) -> None:
    (guest,) = stage.pump.guests
    snapshots.take(0)
    stage.session.decks.choose_model("deck1", "fake", "second")
    stage.pump.settle()
    snapshots.recall(0)
    stage.pump.settle()
    assert len(guest.made) == 2
    assert not guest.made[0].closed


def test_they_come_back_with_the_working_state(stage: Play, snapshots: Snapshots) -> None:
    kept = (stage.scene, *[None] * 7)
    heard: list[int] = []
    snapshots.changed.connect(heard.append)
    snapshots.restore(kept)
    assert snapshots.scenes == kept
    assert heard == list(range(8))


def test_one_that_does_not_fit_here_is_kept_for_where_it_does(
    stage: Play, snapshots: Snapshots
) -> None:
    strange = scene_of(Deck(key="deck1", engine="nobody", model="none"))
    snapshots.restore((strange,))
    assert snapshots.scenes[0] is strange
    before = stage.scene
    snapshots.recall(0)
    assert stage.scene is before
    (notice,) = stage.notices
    assert is_one_sentence(notice)


def test_one_of_another_day_gets_its_picture_when_it_is_seen_again(
    stage: Play, snapshots: Snapshots
) -> None:
    snapshots.take(3)
    held = snapshots.scenes
    snapshots.restore(held)
    assert snapshots.picture(3) is None
    stage.pump.session.pads.move("deck1", (0.6, 0.0))
    stage.pump.settle()
    snapshots.recall(3)
    stage.pump.settle()
    assert snapshots.picture(3) is not None
