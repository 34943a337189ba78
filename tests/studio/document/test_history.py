"""Undo and redo: a drag is one step, a pause parts two, a held control joins however slow."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studio.document.history import History
from studio.document.scene import Scene
from tests.fakes import FakeClock, Guest, filled_deck, scene_of

BASE = scene_of(filled_deck(Guest()))


def scene(number: int) -> Scene:
    return BASE.with_deck(BASE.decks[0].but(seed=number))


class Hand:
    """Changes the scene from 0 to 1 to 2 and so on, as the session would."""

    def __init__(self, **options: int) -> None:
        self.clock = FakeClock()
        self.history = History(clock=self.clock, **options)
        self.present = scene(0)
        self._number = 0

    def move(self, gesture: str | None, after_s: float = 0.0) -> None:
        self.clock.advance(after_s)
        self.history.record(self.present, gesture)
        self._number += 1
        self.present = scene(self._number)

    def undo(self) -> int:
        self.present = self.history.undo(self.present)
        return self.present.decks[0].seed

    def redo(self) -> int:
        self.present = self.history.redo(self.present)
        return self.present.decks[0].seed


def test_at_first_there_is_nothing_to_undo_or_redo() -> None:
    hand = Hand()
    assert not hand.history.can_undo
    assert not hand.history.can_redo
    present = hand.present
    assert hand.history.undo(present) is present
    assert hand.history.redo(present) is present


def test_undo_goes_back_and_redo_returns() -> None:
    hand = Hand()
    for _ in range(3):
        hand.move(None)
    assert [hand.undo(), hand.undo(), hand.undo(), hand.undo()] == [2, 1, 0, 0]
    assert not hand.history.can_undo
    assert [hand.redo(), hand.redo(), hand.redo(), hand.redo()] == [1, 2, 3, 3]
    assert not hand.history.can_redo


def test_a_drag_is_one_step() -> None:
    hand = Hand()
    for _ in range(100):
        hand.move("deck1.pad", after_s=0.016)
    assert hand.undo() == 0
    assert hand.redo() == 100


def test_a_pause_parts_two_steps() -> None:
    hand = Hand()
    hand.move("deck1.pad")
    hand.move("deck1.pad", after_s=0.5)
    hand.move("deck1.pad", after_s=2.0)
    assert [hand.undo(), hand.undo()] == [2, 0]


def test_another_control_is_another_step() -> None:
    hand = Hand()
    for gesture in ("deck1.contrast", "deck1.glow", "deck1.hue"):
        hand.move(gesture)
    assert [hand.undo(), hand.undo(), hand.undo()] == [2, 1, 0]


def test_two_knobs_that_are_turned_at_once_are_a_step_each() -> None:
    hand = Hand()
    for _ in range(100):
        hand.move("deck1.contrast")
        hand.move("deck1.glow")
    assert [hand.undo(), hand.undo()] == [1, 0]


def test_what_is_no_gesture_is_a_step_each_time() -> None:
    hand = Hand()
    for _ in range(3):
        hand.move(None)
    assert hand.undo() == 2


def test_a_hand_that_stays_on_a_control_makes_one_step_however_slow() -> None:
    hand = Hand()
    hand.history.hold()
    for _ in range(5):
        hand.move("deck1.pad", after_s=60)
    hand.history.release()
    assert hand.undo() == 0


def test_letting_go_ends_the_step_and_taking_hold_begins_one() -> None:
    hand = Hand()
    hand.move("deck1.pad")
    hand.history.hold()
    hand.move("deck1.pad")
    hand.history.release()
    hand.move("deck1.pad")
    assert [hand.undo(), hand.undo(), hand.undo()] == [2, 1, 0]


def test_two_controls_under_one_hand_stay_two_steps() -> None:
    hand = Hand()
    hand.history.hold()
    hand.move("deck1.pad")
    hand.move("deck1.contrast")
    assert hand.undo() == 1


def test_after_undo_a_change_begins_a_step_and_ends_the_redo() -> None:
    hand = Hand()
    hand.move("deck1.pad")
    hand.move("deck1.contrast")
    assert hand.undo() == 1
    hand.move("deck1.contrast")
    assert not hand.history.can_redo
    assert [hand.undo(), hand.undo()] == [1, 0]


def test_a_change_that_joins_ends_the_redo_as_well() -> None:
    hand = Hand()
    hand.move("deck1.pad")
    hand.undo()
    hand.redo()
    hand.move("deck1.pad")
    assert not hand.history.can_redo


def test_the_oldest_steps_are_forgotten_first() -> None:
    hand = Hand(limit=3)
    for _ in range(10):
        hand.move(None)
    assert [hand.undo(), hand.undo(), hand.undo(), hand.undo()] == [9, 8, 7, 7]


@given(st.lists(st.tuples(st.sampled_from([None, "a", "b"]), st.floats(0, 2)), max_size=30))
def test_all_undone_is_the_beginning_all_redone_the_end(
    moves: list[tuple[str | None, float]],
) -> None:
    hand = Hand()
    for gesture, after_s in moves:
        hand.move(gesture, after_s)
    there: list[int] = []
    while hand.history.can_undo:
        there.append(hand.present.decks[0].seed)
        hand.undo()
    assert hand.present == scene(0)
    back = []
    while hand.history.can_redo:
        back.append(hand.redo())
    assert back == there[::-1]
    assert hand.present == scene(len(moves))


def test_what_arrives_late_belongs_to_the_step_that_wanted_it() -> None:
    hand = Hand()
    hand.move(None)
    wished = hand.present
    hand.move(None)
    hand.history.join(wished)
    assert hand.undo() == 0
    assert hand.redo() == 2


def test_where_something_has_happened_since_it_stays_a_step_of_its_own() -> None:
    hand = Hand()
    hand.move(None)
    wished = hand.present
    hand.move(None)
    hand.move(None)
    hand.history.join(wished)
    assert [hand.undo(), hand.undo(), hand.undo()] == [2, 1, 0]


def test_a_step_with_none_before_it_stays() -> None:
    hand = Hand()
    before = hand.present
    hand.move(None)
    hand.history.join(before)
    assert hand.undo() == 0
