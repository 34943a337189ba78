"""The queue of songs on request: who may ask, in which words, and whose turn it is."""

from __future__ import annotations

import pytest

from studio.music.wishes.wish import Wish
from studio.requests._words import is_blocked, one_line
from studio.requests.queue import (
    KEPT,
    MOST_OF_AN_ADDRESS,
    MOST_WAITING,
    PAUSE_S,
    RefusalError,
    SongQueue,
    SongRequest,
)
from tests.fakes import FakeClock, is_one_sentence


def understand(words: str) -> tuple[Wish, float]:
    return Wish(understood="" if "gibberish" in words else words), 30.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def queue(clock: FakeClock) -> SongQueue:
    return SongQueue(understand, blocked=("Purple",), clock=clock)


def ask(queue: SongQueue, phone: str, words: str = "a jig", **given: str) -> SongRequest:
    return queue.ask(words, phone=phone, **given)


def titles(queue: SongQueue) -> list[str]:
    return [request.phone for request in queue.line]


def refusal(queue: SongQueue, phone: str, words: str = "a jig", **given: str) -> str:
    with pytest.raises(RefusalError) as caught:
        ask(queue, phone, words, **given)
    assert is_one_sentence(str(caught.value)) or ", such as" in str(caught.value)
    return str(caught.value)


def test_a_wish_waits_for_the_performer_or_by_rule_for_its_turn(queue: SongQueue) -> None:
    first = ask(queue, "a", "  a\tsad\u202e waltz ", name=" Ann\n")
    assert (first.words, first.name, first.state) == ("a sad waltz", "Ann", "asked")
    assert queue.take_next() is None
    queue.let_through(first.token)
    queue.lets_through = True
    assert ask(queue, "b").state == "waiting"
    taken = queue.take_next()
    assert taken is not None
    assert (taken.token, taken.state) == (first.token, "next")


def test_what_is_refused_and_why(queue: SongQueue, clock: FakeClock) -> None:
    assert "other words" in refusal(queue, "a", "a f.u.c.k jig")
    assert "other words" in refusal(queue, "a", "jig", name="H1tler")
    assert "other words" in refusal(queue, "a", "a purple jig")
    assert "not understood" in refusal(queue, "a", "gibberish")
    assert "Say what" in refusal(queue, "a", " \n ")
    mine = ask(queue, "a")
    assert "still waits" in refusal(queue, "a")
    queue.lets_through = True
    queue.let_through(mine.token)
    queue.take_next()
    queue.played(mine.token)
    assert "wait a minute" in refusal(queue, "a")
    clock.advance(PAUSE_S + 1)
    ask(queue, "a")
    for number in range(MOST_OF_AN_ADDRESS):
        ask(queue, f"home {number}", address="10.0.0.7")
    assert "your network" in refusal(queue, "another", address="10.0.0.7")
    for number in range(MOST_WAITING - len(queue.line)):
        ask(queue, f"phone {number}")
    assert "full" in refusal(queue, "one more")
    queue.is_open = False
    assert "No more" in refusal(queue, "one more")


def test_the_performer_reorders_and_refuses_but_not_what_is_played(queue: SongQueue) -> None:
    queue.lets_through = True
    a, b, c, d = (ask(queue, phone) for phone in "abcd")
    assert queue.take_next() is not None
    queue.move(d.token, -9)
    assert titles(queue) == ["a", "d", "b", "c"]
    queue.move(b.token, 1)
    queue.move(a.token, 2)
    assert titles(queue) == ["a", "d", "c", "b"]
    assert queue.wait(b.token) == (3, 90.0)
    assert queue.refuse(c.token)
    queue.sounds(a.token)
    assert not queue.refuse(a.token)
    assert not queue.take_back(a.token)
    assert queue.take_back(d.token)
    queue.played(a.token)
    assert titles(queue) == ["b"]
    states = [queue.find(each.token) for each in (a, b, c, d)]
    assert [s and s.state for s in states] == ["played", "waiting", "refused", "refused"]


def test_what_is_over_is_forgotten_in_the_end(queue: SongQueue) -> None:
    tokens = []
    for number in range(KEPT + 2):
        tokens.append(ask(queue, str(number)).token)
        queue.refuse(tokens[-1])
    assert queue.find(tokens[0]) is None
    assert queue.find(tokens[-1]) is not None


@pytest.mark.parametrize(
    "fine", ["a cocktail waltz", "Scunthorpe", "grape jig", "Dickens reel", "titanic march", ""]
)
def test_words_that_only_look_like_blocked_ones_are_fine(fine: str) -> None:
    assert not is_blocked(fine)


def test_a_line_has_no_characters_that_hide_or_turn_it() -> None:
    assert one_line("a\u200bb\x00c\u202ed\ne" + "x" * 400, 20) == "a b c d e" + "x" * 11
