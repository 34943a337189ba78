"""Going to a point, keeping what is shown, and locking features."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from studio.engine import EngineError, Pixels
from studio.engine.decks import checked
from studio.latent.steering import coordinate
from studio.presets import Preset, parse
from tests.fakes import Pump, fake, filled_deck, scene_of

Play = Callable[..., Pump]
THERE = np.array([1, -1, 0.5, 0, 2, -2], np.float32)


@pytest.fixture
def pump(play: Play) -> Pump:
    """A deck of the model that has a direction, `lean`."""
    guest = fake()
    return play(guest, scene=scene_of(filled_deck(guest, slots=3, model="wide")))


def shown(pump: Pump) -> list[float]:
    """The point that the picture on the stage was made from."""
    picture = pump.state().shown
    assert picture is not None
    return list(picture.request.job.latent)


def test_a_point_is_shown_in_place_of_the_blend_until_the_puck_moves(pump: Pump) -> None:
    pump.change(lambda: pump.session.pads.go_to("deck1", THERE))
    assert shown(pump) == THERE.tolist()
    pump.change(lambda: pump.session.pads.move("deck1", (0.3, 0.3)))
    assert pump.deck().held is None
    assert shown(pump) != THERE.tolist()


@pytest.mark.parametrize(
    "deed",
    [
        lambda p: p.session.slots.place("deck1", 0, (0.1, 0.2)),
        lambda p: p.session.pads.set_interpolation("deck1", "straight"),
        lambda p: p.session.slots.randomise("deck1", seed=3),
        lambda p: p.session.decks.choose_model("deck1", "fake", "first"),
    ],
)
def test_whatever_changes_the_blend_shows_the_blend(
    pump: Pump, deed: Callable[[Pump], object]
) -> None:
    pump.change(lambda: pump.session.pads.go_to("deck1", THERE))
    pump.change(lambda: deed(pump))
    assert pump.deck().held is None


def test_going_there_is_one_step_to_undo(pump: Pump) -> None:
    before = pump.scene
    pump.change(lambda: pump.session.pads.go_to("deck1", THERE))
    pump.change(pump.session.undo)
    assert pump.scene == before


def test_a_point_is_shown_as_it_is_whatever_the_sliders_said(pump: Pump) -> None:
    pump.session.set("deck1", "lean", 2.0)
    pump.change(lambda: pump.session.pads.go_to("deck1", THERE))
    assert shown(pump) == THERE.tolist()
    assert pump.deck().parameters["lean"] == 0


def test_a_slider_moves_the_picture_from_the_held_point(pump: Pump) -> None:
    pump.session.pads.go_to("deck1", THERE)
    pump.change(lambda: pump.session.set("deck1", "lean", 1.5))
    assert shown(pump) == pytest.approx([THERE[0] + 1.5, *THERE[1:]])


def test_capturing_keeps_what_is_shown_with_what_the_sliders_added(pump: Pump) -> None:
    pump.change(lambda: pump.session.set("deck1", "lean", 1.0))
    before = shown(pump)
    pump.change(lambda: pump.session.slots.capture("deck1", 5))
    slot = pump.deck().slots[5]
    assert slot is not None
    assert list(slot.latent) == pytest.approx(before)
    assert shown(pump) == pytest.approx(before), "the picture must not move"
    assert pump.deck().parameters["lean"] == 0, "else it would count twice in the slot"
    pump.change(pump.session.undo)
    assert pump.deck().parameters["lean"] == 1


def test_capturing_without_sliders_leaves_the_blend_as_it_is(pump: Pump) -> None:
    pump.change(lambda: pump.session.slots.capture("deck1", 5))
    assert pump.deck().held is None


def test_a_locked_feature_stays_while_the_rest_moves(pump: Pump) -> None:
    lean = pump.session.directions("deck1")["lean"]
    pump.change(lambda: pump.session.set("deck1", "lean", 0.75))
    kept = coordinate(pump.session.point("deck1"), lean)
    pump.change(lambda: pump.session.pads.lock_direction("deck1", "lean", True))
    for place in ((0.8, 0.1), (-0.5, 0.5), (0.0, -0.9)):
        pump.change(lambda place=place: pump.session.pads.move("deck1", place))
        assert coordinate(np.float32(shown(pump)), lean) == pytest.approx(kept, abs=1e-5)
    pump.change(lambda: pump.session.pads.go_to("deck1", THERE))
    assert shown(pump) == pytest.approx([kept, *THERE[1:]], abs=1e-5)


def test_locking_does_not_move_the_picture_and_unlocking_lets_it_go(pump: Pump) -> None:
    pump.change(lambda: pump.session.set("deck1", "lean", 0.75))
    before = shown(pump)
    pump.change(lambda: pump.session.pads.lock_direction("deck1", "lean", True))
    assert shown(pump) == pytest.approx(before, abs=1e-5)
    pump.change(lambda: pump.session.pads.lock_direction("deck1", "lean", False))
    assert not pump.deck().fixed
    assert shown(pump) == pytest.approx(before, abs=1e-5)


def test_a_locked_feature_still_has_its_slider(pump: Pump) -> None:
    pump.change(lambda: pump.session.pads.lock_direction("deck1", "lean", True))
    before = shown(pump)
    pump.change(lambda: pump.session.set("deck1", "lean", 1.0))
    assert shown(pump) == pytest.approx([before[0] + 1, *before[1:]], abs=1e-5)


def test_held_points_and_locks_are_part_of_a_preset(pump: Pump) -> None:
    pump.session.pads.lock_direction("deck1", "lean", True)
    pump.change(lambda: pump.session.pads.go_to("deck1", THERE))
    text = Preset(name="Held", scene=pump.scene).model_dump_json().encode()
    assert parse(text, "held.json").scene == pump.scene


def test_a_scene_that_holds_what_the_model_lacks_is_refused(pump: Pump) -> None:
    deck, registry = pump.deck(), pump.session.registry
    for odd in (deck.but(held=(1.0, 2.0)), deck.but(fixed={"wings": 1.0})):
        with pytest.raises(EngineError):
            checked(registry, scene_of(odd))


def test_the_small_picture_of_a_point_comes_when_nothing_else_waits(pump: Pump) -> None:
    seen: list[Pixels | EngineError] = []
    pump.session.engines.thumbnail("deck1", "hovered", THERE, seen.append)
    assert seen == []
    pump.settle()
    assert len(seen) == 1
    pump.session.engines.thumbnail("deck1", "hovered", THERE, seen.append)
    assert seen[1] is seen[0] is not None, "it is known by now"


def test_a_point_is_kept_in_a_slot_without_being_shown(pump: Pump) -> None:
    pump.change(lambda: pump.session.slots.keep("deck1", 6, THERE))
    slot = pump.deck().slots[6]
    assert slot is not None
    assert list(slot.latent) == THERE.tolist()
    assert pump.deck().held is None
    pump.session.slots.lock("deck1", 6, True)
    pump.session.slots.keep("deck1", 6, -THERE)
    assert pump.notices == ["Slot G is locked."]


def test_a_share_of_a_slot_is_set_and_the_others_share_the_rest(play: Callable[..., Pump]) -> None:
    pump = play(fake(), start=False)
    pads, before = pump.session.pads, pump.deck()
    others = [pads.share("deck1", slot) for slot in (0, 1)]
    pads.set_share("deck1", 2, 0.6)
    assert pads.share("deck1", 2) == pytest.approx(0.6)
    rest = [pads.share("deck1", slot) for slot in (0, 1)]
    assert sum(rest) == pytest.approx(0.4)
    assert rest[0] / rest[1] == pytest.approx(others[0] / others[1])
    assert pump.deck().pad == before.pad
    pads.set_share("deck1", 2, 1.0)
    held = pump.deck().slots[2]
    assert held is not None
    assert pump.deck().held == pytest.approx(held.latent)
    pads.set_share("deck1", 5, 0.5)  # it is empty
    assert pads.share("deck1", 5) == 0.0
    pads.move("deck1", before.pad)
    assert pads.share("deck1", 0) == others[0]
    pump.session.undo()
    pump.session.undo()
    assert pump.deck() == before
