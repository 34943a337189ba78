"""Pins and strokes: from a deck to a blend map, and in the hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from studio.document.scene import Deck, Pin, Stroke
from studio.engine import BlendMap, Latent
from studio.engine.deck_job import job_of
from studio.session.painting import MOST_POINTS, MOST_STROKES, Painting, blend_map_of
from tests.fakes import Pump, fake, is_one_sentence, scene_of
from tests.texture_fakes import textured, textures

Play = Callable[..., Pump]
A, B, C, D = range(4)
GUEST = textures()
SHOWN = np.full(4, 9, np.float32)


def steer(point: Latent) -> Latent:
    return point


def dab(slot: int | None, x: float = 0.5, y: float = 0.5, **given: float) -> Stroke:
    return Stroke(slot=slot, points=((x, y),), **given)  # type: ignore[arg-type]


def map_of(deck: Deck, aspect: float = 1.0) -> BlendMap:
    found = blend_map_of(deck, SHOWN, steer, aspect)
    assert found is not None
    return found


def share_at(found: BlendMap, x: float, y: float) -> list[float]:
    rows, columns, _ = found.shares.shape
    return found.shares[int(y * rows), int(x * columns)].tolist()


# -- from a deck to its blend map ------------------------------------------------------------------


def test_a_deck_without_pins_and_strokes_has_one_point_for_all() -> None:
    assert blend_map_of(textured(GUEST), SHOWN, steer) is None


def test_what_is_on_empty_slots_alone_changes_nothing() -> None:
    deck = textured(GUEST, pins={6: Pin(place=(0.1, 0.1))}, strokes=(dab(7),))
    assert blend_map_of(deck, SHOWN, steer) is None


def test_rubbing_alone_changes_nothing() -> None:
    assert blend_map_of(textured(GUEST, strokes=(dab(None),)), SHOWN, steer) is None


def test_what_is_shown_holds_what_nobody_painted() -> None:
    found = map_of(textured(GUEST, strokes=(dab(B, radius=0.2),)))
    assert (found.points[0] == SHOWN).all()
    assert share_at(found, 0.1, 0.1) == [1, 0]
    assert share_at(found, 0.5, 0.5)[1] > 0.99
    held = textured(GUEST).slots[B]
    assert held is not None
    assert tuple(found.points[1].tolist()) == held.latent


def test_a_stroke_goes_over_pins() -> None:
    deck = textured(GUEST, pins={A: Pin(place=(0.5, 0.5))}, strokes=(dab(C, radius=0.1),))
    found = map_of(deck)
    assert len(found.points) == 3
    assert share_at(found, 0.5, 0.5)[2] > 0.97
    assert share_at(found, 0.5, 0.62)[1] > 0.6


def test_every_place_is_shared_out_and_nothing_is_negative() -> None:
    strokes = tuple(dab(s, 0.4 + 0.1 * n, strength=0.6) for n, s in enumerate((A, B, None, A)))
    pins = {A: Pin(place=(0.0, 0.0)), B: Pin(place=(0.9, 0.4), reach=0.7)}
    found = map_of(textured(GUEST, pins=pins, strokes=strokes))
    np.testing.assert_allclose(found.shares.sum(-1), 1, atol=1e-6)
    assert found.shares.min() >= 0
    assert (found.points.dtype, found.shares.dtype) == (np.float32, np.float32)


def test_a_slots_point_is_steered_like_the_one_that_is_shown() -> None:
    deck = textured(GUEST, strokes=(dab(A),))
    found = blend_map_of(deck, SHOWN, lambda point: point + 1)
    assert found is not None
    assert (found.points[1] == map_of(deck).points[1] + 1).all()
    assert (found.points[0] == SHOWN).all(), "it has been steered already"


def test_the_grid_has_the_pictures_proportions() -> None:
    rows, columns, _ = map_of(textured(GUEST, strokes=(dab(A),)), aspect=2.0).shares.shape
    assert columns / rows == pytest.approx(2, rel=0.05)


def test_while_the_puck_moves_the_shares_are_the_same_array() -> None:
    deck = textured(GUEST, strokes=(dab(A),))
    assert map_of(deck).shares is map_of(deck.but(pad=(0.3, 0.3))).shares
    with pytest.raises(ValueError, match="read-only"):
        map_of(deck).shares[0, 0] = 0


def test_a_painted_deck_asks_for_its_map() -> None:
    deck = textured(GUEST, strokes=(dab(B),))
    job = job_of(deck, 4)
    assert job.blend_map is not None
    assert (job.blend_map.points[0] == job.latent).all()
    assert job_of(textured(GUEST), 4).blend_map is None


# -- in the hand -----------------------------------------------------------------------------------


@pytest.fixture
def pump(play: Play) -> Pump:
    guest = textures()
    return play(guest, scene=scene_of(textured(guest)))


@pytest.fixture
def painting(pump: Pump) -> Painting:
    return Painting(pump.session)


def strokes(pump: Pump) -> tuple[Stroke, ...]:
    return pump.deck().strokes


def test_painting_changes_the_picture_there_and_nowhere_else(
    pump: Pump, painting: Painting
) -> None:
    before = pump.state().shown
    painting.begin("deck1", B, (0.5, 0.5), radius=0.2)
    painting.end()
    pump.settle()
    after = pump.state().shown
    assert before is not None
    assert after is not None
    changed = (before.pixels != after.pixels).any(-1)
    assert changed[32, 32]
    assert not changed[:16].any()


def test_a_stroke_is_one_step_to_undo_however_slow_it_is(pump: Pump, painting: Painting) -> None:
    before = pump.scene
    painting.begin("deck1", A, (0.2, 0.2))
    for n in range(8):
        pump.clock.advance(5)
        painting.extend((0.2 + 0.05 * n, 0.2))
    painting.end()
    painting.begin("deck1", B, (0.7, 0.7))
    painting.end()
    assert [stroke.slot for stroke in strokes(pump)] == [A, B]
    pump.session.undo()
    assert len(strokes(pump)) == 1
    pump.session.undo()
    assert pump.scene == before
    pump.session.redo()
    assert len(strokes(pump)[0].points) > 4


def test_a_hand_that_hardly_moves_leaves_no_points(pump: Pump, painting: Painting) -> None:
    painting.begin("deck1", A, (0.5, 0.5), radius=0.2)
    scene = pump.scene
    painting.extend((0.501, 0.5))
    assert pump.scene is scene
    painting.extend((0.56, 0.5))
    assert len(strokes(pump)[0].points) == 2


def test_a_stroke_beyond_an_edge_comes_in_at_the_other(pump: Pump, painting: Painting) -> None:
    painting.begin("deck1", A, (0.95, 0.5))
    painting.extend((1.05, 0.5))
    painting.extend((1.15, -0.02))
    x, y = strokes(pump)[0].points[-1]
    assert (x, y) == pytest.approx((0.15, 0.98))


def test_a_hand_faster_than_half_a_picture_paints_the_way_it_went(
    pump: Pump, painting: Painting
) -> None:
    painting.begin("deck1", A, (0.1, 0.5))
    painting.extend((0.9, 0.5))
    assert len(strokes(pump)[0].points) == 5
    found = job_of(pump.deck(), 4).blend_map
    assert found is not None
    assert share_at(found, 0.5, 0.5)[1] > 0.9


def test_a_long_stroke_goes_on_as_another_and_is_still_one_step(
    pump: Pump, painting: Painting
) -> None:
    painting.begin("deck1", A, (0.0, 0.5), radius=0.01)
    for n in range(1, MOST_POINTS + 20):
        painting.extend((n * 0.01, 0.5))
    painting.end()
    assert [len(stroke.points) for stroke in strokes(pump)] == [MOST_POINTS, 21]
    pump.session.undo()
    assert strokes(pump) == ()


def test_the_rubber_takes_away_what_was_painted_and_not_the_pins(
    pump: Pump, painting: Painting
) -> None:
    painting.pin("deck1", A, (0.5, 0.5))
    pinned = job_of(pump.deck(), 4).blend_map
    painting.begin("deck1", B, (0.5, 0.5))
    painting.begin("deck1", None, (0.5, 0.5), radius=0.3)
    painting.end()
    rubbed = job_of(pump.deck(), 4).blend_map
    assert pinned is not None
    assert rubbed is not None
    assert share_at(rubbed, 0.5, 0.5)[1] == pytest.approx(share_at(pinned, 0.5, 0.5)[1], abs=0.01)


def test_clearing_takes_all_strokes_and_leaves_the_pins(pump: Pump, painting: Painting) -> None:
    painting.pin("deck1", A, (0.5, 0.5))
    painting.begin("deck1", B, (0.5, 0.5))
    painting.end()
    painting.clear("deck1")
    assert strokes(pump) == ()
    assert list(pump.deck().pins) == [A]
    pump.session.undo()
    assert len(strokes(pump)) == 1


def test_undo_in_the_middle_of_a_stroke_ends_it(pump: Pump, painting: Painting) -> None:
    painting.begin("deck1", A, (0.5, 0.5))
    pump.session.undo()
    painting.extend((0.9, 0.9))
    assert strokes(pump) == ()
    painting.extend((0.2, 0.2))
    assert strokes(pump) == ()


def test_a_deck_that_goes_in_the_middle_of_a_stroke_ends_it(pump: Pump, painting: Painting) -> None:
    pump.session.decks.add("textures")
    painting.begin("deck1", A, (0.5, 0.5))
    pump.session.decks.remove("deck1")
    painting.extend((0.9, 0.9))
    assert [deck.key for deck in pump.scene.decks] == ["deck2"]
    pump.settle()


def test_another_model_has_another_canvas(play: Play) -> None:
    guest = textures()
    pump = play(guest, scene=scene_of(textured(guest)))
    Painting(pump.session).begin("deck1", A, (0.5, 0.5))
    pump.session.decks.choose_model("deck1", "textures", "wide")
    assert pump.deck().strokes == ()
    pump.settle()


@pytest.mark.parametrize("place", [(0.25, 0.75), (1.25, -0.25), (-3.75, 5.75)])
def test_pins_are_held_on_the_torus(
    pump: Pump, painting: Painting, place: tuple[float, float]
) -> None:
    painting.pin("deck1", A, place)
    assert pump.deck().pins[A].place == pytest.approx((0.25, 0.75))


def test_a_place_a_hair_outside_is_a_place_still(pump: Pump, painting: Painting) -> None:
    painting.pin("deck1", A, (-1e-18, 1.0))
    assert pump.deck().pins[A].place == (0.0, 0.0)


def test_a_pin_moved_keeps_its_reach_and_one_drag_is_one_step(
    pump: Pump, painting: Painting
) -> None:
    painting.pin("deck1", A, (0.2, 0.2), 0.5)
    pump.session.history.hold()
    for n in range(5):
        painting.pin("deck1", A, (0.2, 0.2 + 0.1 * n))
    pump.session.history.release()
    assert pump.deck().pins[A].reach == 0.5
    pump.session.undo()
    assert pump.deck().pins[A].place == (0.2, 0.2)


def test_a_pins_reach_stays_in_its_range(pump: Pump, painting: Painting) -> None:
    painting.pin("deck1", A, (0.2, 0.2))
    painting.reach("deck1", A, 7.0)
    assert pump.deck().pins[A].reach == 1.0
    painting.reach("deck1", B, 0.5)
    assert B not in pump.deck().pins


def test_pins_go_one_by_one_or_all_together(pump: Pump, painting: Painting) -> None:
    for slot in (A, B, C):
        painting.pin("deck1", slot, (0.3 * slot, 0.5))
    painting.unpin("deck1", B)
    assert sorted(pump.deck().pins) == [A, C]
    painting.unpin("deck1")
    assert pump.deck().pins == {}


# -- trouble ---------------------------------------------------------------------------------------


def test_an_empty_slot_cannot_be_painted_with(pump: Pump, painting: Painting) -> None:
    before = pump.scene
    assert not painting.begin("deck1", D, (0.5, 0.5))
    painting.pin("deck1", D, (0.5, 0.5))
    assert pump.scene is before
    assert pump.notices == ["Slot D is empty; fill it to paint."] * 2


def test_where_nothing_is_painted_there_is_nothing_to_rub_out(
    pump: Pump, painting: Painting
) -> None:
    assert not painting.begin("deck1", None, (0.5, 0.5))
    assert pump.notices == ["There is no paint to rub out."]
    assert not pump.session.history.can_undo


def test_an_engine_without_blend_maps_cannot_be_painted_on(play: Play) -> None:
    pump = play(fake())
    assert not Painting(pump.session).begin("deck1", A, (0.5, 0.5))
    assert pump.notices == ["Fake cannot be painted with."]


def test_a_picture_full_of_strokes_says_so_and_keeps_them(play: Play) -> None:
    guest = textures()
    full = tuple(dab(A, n // 16 / 16, n % 16 / 16, radius=0.03) for n in range(MOST_STROKES))
    pump = play(guest, scene=scene_of(textured(guest, strokes=full)))
    assert not Painting(pump.session).begin("deck1", B, (0.5, 0.5))
    assert is_one_sentence(pump.notices[0])
    assert strokes(pump) == full


def test_in_a_full_picture_strokes_that_are_hidden_make_room(play: Play) -> None:
    guest = textures()
    hidden = tuple(dab(A, 0.5) for _ in range(MOST_STROKES - 2))
    full = (*hidden, dab(None, 0.5, radius=0.5), dab(B, 0.1))
    pump = play(guest, scene=scene_of(textured(guest, strokes=full)))
    before = job_of(pump.deck(), 4).blend_map
    painting = Painting(pump.session)
    assert painting.begin("deck1", C, (0.9, 0.9))
    painting.end()
    assert [stroke.slot for stroke in strokes(pump)][-2:] == [B, C]
    assert len(strokes(pump)) < 10
    after = job_of(pump.deck(), 4).blend_map
    assert before is not None
    assert after is not None
    assert share_at(after, 0.1, 0.5)[1] == pytest.approx(share_at(before, 0.1, 0.5)[-1], abs=0.02)
    pump.session.undo()
    assert strokes(pump) == full


def test_the_largest_scene_can_be_kept() -> None:
    """What the hand can make, a preset must hold."""
    line = tuple((n / MOST_POINTS, 0.5) for n in range(MOST_POINTS))
    deck = textured(GUEST, strokes=(Stroke(slot=A, points=line),) * MOST_STROKES)
    assert Deck.model_validate(deck.model_dump(mode="json")) == deck
