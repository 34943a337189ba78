"""What a binding does with its movements."""

from __future__ import annotations

from typing import Any

import pytest

from studio.document.parameters import ParameterError
from studio.live.controllers._knob import Knob
from studio.live.controllers._source import Move, Source, source
from studio.live.controllers.binding import Binding
from tests.studio.live.controllers.board import Board

KNOB = source("cc", 1, 74)
FADER = source("bend", 1)
KEY = source("note", 1, 60)
PROGRAM = source("program", 1)


@pytest.fixture
def board() -> Board:
    return Board()


def hand(board: Board, address: str, place: Source = KNOB, **how: Any) -> Knob:
    return Knob(Binding(source=place, address=address, **how), board.controls)


def turn(hand: Knob, *values: int, step: int | None = None) -> None:
    """The values, ten milliseconds apart."""
    for n, value in enumerate(values):
        hand.move(Move(n / 100, hand.binding.source, value, step))


def played(board: Board, address: str, *values: int, **how: Any) -> Any:
    turn(hand(board, address, **how), *values)
    return board.values[address[1:]]


# -- knobs -------------------------------------------------------------------------------------


def test_a_knob_goes_from_end_to_end(board: Board) -> None:
    knob = hand(board, "/lean", takeover="jump")
    places = []
    for value in (0, 64, 127):
        turn(knob, value)
        places.append(board.values["lean"])
    assert places == [-3, 0, 3]


def test_a_knob_waits_until_it_is_picked_up(board: Board) -> None:
    knob = hand(board, "/level")
    turn(knob, 10, 30)
    assert (board.values["level"], knob.waits, board.sets) == (0.5, True, [])
    turn(knob, 60, 70)
    assert board.values["level"] == pytest.approx(0.5476, abs=1e-4)
    assert not knob.waits


def test_what_another_hand_moved_is_picked_up_again(board: Board) -> None:
    knob = hand(board, "/level")
    turn(knob, 64, 70)
    board.values["level"] = 0.1
    turn(knob, 71, 72)
    assert (board.values["level"], knob.waits) == (0.1, True)


def test_a_fine_fader_reaches_what_a_knob_cannot(board: Board) -> None:
    assert played(board, "/level", 8192 + 41, place=FADER, takeover="jump") == pytest.approx(
        0.5025, abs=1e-4
    )


def test_a_knob_that_stands_at_the_value_does_not_round_it(board: Board) -> None:
    board.values["level"] = 0.5021
    knob = hand(board, "/level")
    turn(knob, 64)
    assert board.values["level"] == 0.5021
    turn(knob, 65)
    assert board.values["level"] == pytest.approx(0.5079, abs=1e-4)


@pytest.mark.parametrize(
    ("how", "places"),
    [
        ({"invert": True}, [1, 0.5, 0]),
        ({"low": 0.2, "high": 0.6}, [0.2, 0.4, 0.6]),
        ({"low": 0.2, "high": 0.6, "invert": True}, [0.6, 0.4, 0.2]),
    ],
)
def test_a_part_of_the_way_or_the_other_way_round(
    board: Board, how: dict[str, Any], places: list[float]
) -> None:
    reached = [played(board, "/level", v, takeover="jump", **how) for v in (0, 64, 127)]
    assert reached == pytest.approx(places)


def test_an_inverted_knob_is_picked_up_where_it_stands(board: Board) -> None:
    board.values["level"] = 0.25
    turn(hand(board, "/level", invert=True), 96, 100)
    assert board.values["level"] == pytest.approx(0.2143, abs=1e-4)


def test_a_value_outside_the_range_is_picked_up_at_its_end(board: Board) -> None:
    board.values["level"] = 0.9
    assert played(board, "/level", 100, low=0.0, high=0.5) == 0.9
    assert played(board, "/level", 127, 120, low=0.0, high=0.5) < 0.5


def test_a_knob_on_a_few_steps_is_picked_up_anywhere_on_the_step(board: Board) -> None:
    board.values["tint"] = "red"
    assert played(board, "/tint", 50, 80) == "red"
    assert played(board, "/tint", 80, 100) == "blue"
    assert played(board, "/bands", 127) == 1  # far from where it stands: waits


def test_a_switch_follows_a_knob_past_its_middle(board: Board) -> None:
    assert played(board, "/mirror", 20, 100) is True


def test_a_seed_needs_no_picking_up(board: Board) -> None:
    assert played(board, "/seed", 127) == 2**31 - 1


# -- encoders ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "right", "left"),
    [("two's complement", 1, 127), ("binary offset", 65, 63), ("sign bit", 1, 65)],
)
def test_clicks_nudge_the_value(board: Board, mode: str, right: int, left: int) -> None:
    knob = hand(board, "/level", mode=mode)
    turn(knob, right, right, right)
    assert board.values["level"] == pytest.approx(0.53)
    turn(knob, left)
    assert board.values["level"] == pytest.approx(0.52)


def test_encoders_stop_at_the_ends_and_at_those_of_the_range(board: Board) -> None:
    assert played(board, "/level", *[20] * 9, mode="sign bit") == 1
    assert played(board, "/level", 20, 20, mode="sign bit", high=0.7) == 0.7


def test_speed_and_direction(board: Board) -> None:
    assert played(board, "/level", 10, mode="sign bit", speed=0.1) == pytest.approx(0.51)
    assert played(board, "/level", 1, mode="sign bit", invert=True) == pytest.approx(0.50)


def test_a_slow_encoder_needs_several_clicks_for_a_whole_step(board: Board) -> None:
    knob = hand(board, "/tint", mode="sign bit", speed=0.25)
    turn(knob, 1, 1, 1)
    assert board.values["tint"] == "none"
    turn(knob, 1)
    assert board.values["tint"] == "red"


def test_an_encoder_counts_through_seeds(board: Board) -> None:
    assert played(board, "/seed", 1, 1, 2, mode="two's complement") == 4


def test_what_no_hand_can_turn_is_not_believed(board: Board) -> None:
    assert played(board, "/level", 64, mode="two's complement") == 0.5


def test_steps_of_an_nrpn_are_clicks_in_any_mode(board: Board) -> None:
    turn(hand(board, "/level", source("nrpn", 1, 5)), 0, step=-1)
    assert board.values["level"] == pytest.approx(0.49)


def test_an_encoder_presses_no_button(board: Board) -> None:
    turn(hand(board, "/go", mode="sign bit"), 1, 1, 65)
    assert board.presses == 0


# -- buttons, keys, programs -------------------------------------------------------------------


def test_a_key_presses_once(board: Board) -> None:
    turn(hand(board, "/go", KEY), 100, 0, 1, 0)
    assert board.presses == 2


def test_a_button_presses_when_it_goes_down(board: Board) -> None:
    turn(hand(board, "/go"), 127, 0, 127, 0)
    assert board.presses == 2


def test_a_button_that_never_goes_up_presses_every_time(board: Board) -> None:
    turn(hand(board, "/go"), 127, 127, 127)
    assert board.presses == 3


def test_a_knob_presses_when_it_passes_its_middle(board: Board) -> None:
    turn(hand(board, "/go"), 10, 60, 70, 90, 110, 60, 70)
    assert board.presses == 2


def test_a_program_presses_each_time(board: Board) -> None:
    turn(hand(board, "/go", source("program", 1, 0)), 0, 0)
    assert board.presses == 2


def test_momentary_holds_while_it_is_down(board: Board) -> None:
    key = hand(board, "/level", KEY, mode="momentary", low=0.1, high=0.9)
    turn(key, 30)
    assert board.values["level"] == 0.9
    turn(key, 0)
    assert board.values["level"] == 0.1


def test_toggle_goes_over_at_each_press(board: Board) -> None:
    key = hand(board, "/mirror", KEY, mode="toggle")
    seen = []
    for value in (99, 0, 99, 0):
        turn(key, value)
        seen.append(board.values["mirror"])
    assert seen == [True, True, False, False]


def test_next_goes_on_and_round(board: Board) -> None:
    seen = []
    key = hand(board, "/tint", KEY, mode="next")
    for _ in range(4):
        turn(key, 99, 0)
        seen.append(board.values["tint"])
    assert seen == ["red", "blue", "none", "red"]
    board.values["bands"] = 8
    assert played(board, "/bands", 99, place=KEY, mode="next") == 1
    assert played(board, "/level", 99, place=KEY, mode="next") == 0.75
    assert played(board, "/mirror", 99, place=KEY, mode="next") is True
    assert played(board, "/seed", 99, place=KEY, mode="next") == 1


def test_a_struck_key_plays_a_value_by_its_velocity(board: Board) -> None:
    assert played(board, "/level", 127, 0, place=KEY, takeover="jump") == 1


def test_a_program_is_a_number(board: Board) -> None:
    how: dict[str, Any] = {"place": PROGRAM, "mode": "number"}
    assert played(board, "/bands", 3, **how) == 4
    assert played(board, "/bands", 90, **how) == 4  # there is none
    assert played(board, "/tint", 2, **how) == "blue"
    assert played(board, "/tint", 3, **how) == "blue"


# -- what cannot be ----------------------------------------------------------------------------


def test_what_is_not_there_or_has_no_travel_is_passed_over(board: Board) -> None:
    turn(hand(board, "/deck/9/contrast"), 1, 127)
    turn(hand(board, "/words", takeover="jump"), 1, 127)
    assert board.sets == []


def test_a_refusal_is_the_instruments_own(board: Board) -> None:
    def refuse(*given: object) -> None:
        raise ParameterError("Not now.")

    knob = hand(board, "/level", takeover="jump")
    board.controls.set = refuse  # type: ignore[method-assign, assignment]
    with pytest.raises(ParameterError):
        turn(knob, 3)
