"""What the crowd wants to see: one vote a phone, one place on the pad, and how often."""

from __future__ import annotations

import numpy as np
import pytest

from studio.requests._board import SIDE, board
from studio.requests.queue import RefusalError
from studio.requests.votes import (
    FORGET_S,
    MOST_OF_AN_ADDRESS,
    MOST_PHONES,
    Option,
    Standing,
    Votes,
)
from tests.fakes import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(0.0)


@pytest.fixture
def votes(clock: FakeClock) -> Votes:
    made = Votes(clock)
    made.offer(votes=True, moods=True)
    return made


def test_a_phone_has_one_vote_and_may_change_it(votes: Votes, clock: FakeClock) -> None:
    for phone, choice in (("a", 0), ("b", 1), ("c", 1)):
        votes.choose(choice, phone=phone)
    assert (votes.standing().counts, votes.winner) == ((1, 2), Option(2))
    with pytest.raises(RefusalError, match="once a second"):
        votes.choose(0, phone="b")
    clock.advance(1.0)
    votes.choose(0, phone="b")
    assert (votes.standing().counts, votes.winner) == ((2, 1), Option(1))
    votes.choose(0, phone="d")
    clock.advance(1.0)
    votes.choose(1, phone="d")
    assert votes.winner is None
    votes.put(0, Option(1, "  The <sea>\n"))
    assert votes.standing().counts == (2, 2)  # it is only called otherwise
    assert votes.options[0].words == "The <sea>"
    votes.put(0, Option(5, ""))
    assert (votes.standing().counts, votes.options[0].words) == ((0, 0), "Scene 5")


def test_moods_are_averaged_and_pass(votes: Votes, clock: FakeClock) -> None:
    assert votes.standing().mean is None
    votes.move(4, 0, phone="a")
    clock.advance(FORGET_S / 2)
    votes.move(0, 2, phone="b")
    assert votes.standing().mean == (0.5, 0.25)
    assert votes.of("b") == (None, (0, 2))
    clock.advance(FORGET_S / 2)
    assert votes.standing().points == ((0.0, 0.5),)
    votes.offer(votes=True, moods=False)
    assert votes.standing() == Standing((0, 0), None)
    with pytest.raises(RefusalError, match="no mood pad"):
        votes.move(1, 1, phone="a")
    votes.offer(votes=True, moods=True)
    assert votes.standing().mean is None


def test_nobody_votes_for_a_crowd(votes: Votes, clock: FakeClock) -> None:
    for number in range(MOST_OF_AN_ADDRESS):
        votes.choose(0, phone=f"n{number}", address="1.2.3.4")
    with pytest.raises(RefusalError, match="of your network"):
        votes.choose(0, phone="one more", address="1.2.3.4")
    clock.advance(1.0)
    for number in range(MOST_PHONES):
        votes.choose(1, phone=f"m{number}")
    assert votes.standing().counts == (0, MOST_PHONES)  # those who are silent make room


def test_nothing_is_offered_unless_the_performer_allows_it() -> None:
    votes = Votes()
    assert not votes.is_open
    with pytest.raises(RefusalError, match="no vote"):
        votes.choose(0, phone="a")
    assert votes.standing() == Standing()


def test_the_board_shows_bars_as_high_as_the_votes_and_the_average(votes: Votes) -> None:
    code = np.full((41, 41, 3), 255, np.uint8)
    assert board(None, Standing()) is None
    assert np.array_equal(board(code, Standing()), code)
    shown = board(None, Standing((13, 5), ((1.0, 1.0),)))
    assert shown is not None
    assert shown.shape == (SIDE, 2 * SIDE, 3)
    bars, pad = shown[:, :SIDE], shown[:, SIDE:]
    amber, blue = ((bars == colour).all(2) for colour in ((255, 176, 58), (90, 170, 255)))
    assert [amber.any(1).sum(), blue.any(1).sum()] == [13, 5]
    rows, columns = np.nonzero((pad == (255, 176, 58)).all(2))
    assert rows.mean() < SIDE / 3
    assert columns.mean() > 2 * SIDE / 3
    both = board(code, Standing((0, 0)))
    assert both is not None
    assert both.shape == (41, 82, 3)
