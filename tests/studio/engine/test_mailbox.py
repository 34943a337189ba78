"""What the engine thread has to do and has done: the latest wins, commands keep their order."""

from __future__ import annotations

from collections.abc import Callable
from queue import Queue
from threading import Thread

from hypothesis import given
from hypothesis import strategies as st

from studio.engine._mailbox import ERRAND_S, REST_S, Mailbox, Outbox
from tests.fakes import PATIENCE_S, FakeClock

Box = Mailbox[str, str]


def emptied(box: Box) -> list[str]:
    """Everything that waits, in the order in which it would be done."""
    taken = []
    while box._has_work():
        item = box.take()
        assert item is not None
        taken.append(item)
    return taken


def test_the_latest_job_wins() -> None:
    box = Box()
    for number in range(1000):
        box.post("deck1", f"job {number}")
    assert emptied(box) == ["job 999"]
    assert box.overwritten == 999


def test_a_job_that_was_taken_counts_as_begun() -> None:
    box = Box()
    box.post("deck1", "first")
    assert box.take() == "first"
    box.post("deck1", "second")
    assert box.overwritten == 0


def test_commands_keep_their_order_and_go_first() -> None:
    box = Box()
    box.errand(("deck1", 0), "thumbnail")
    box.post("deck1", "job")
    box.command("load")
    box.command("sample")
    box.command("close")
    assert emptied(box) == ["load", "sample", "close", "job", "thumbnail"]


def test_a_load_clears_what_its_deck_was_waiting_for_and_no_other() -> None:
    box = Box()
    for deck in ("deck1", "deck2"):
        box.post(deck, f"job of {deck}")
        box.errand((deck, 0), f"thumbnail of {deck}")
        box.errand((deck, 7), f"last thumbnail of {deck}")
    box.command("load", clears="deck1")
    assert emptied(box) == ["load", "job of deck2", "thumbnail of deck2", "last thumbnail of deck2"]


def test_decks_take_turns_however_fast_one_of_them_asks() -> None:
    box = Box()
    for deck in ("a", "b", "c"):
        box.post(deck, deck)
    taken = []
    for _ in range(9):
        item = box.take()
        assert item is not None
        taken.append(item)
        for _ in range(5):
            box.post("a", "a")
        box.post(item, item)
    assert "".join(taken) == "abcabcabc"


def test_a_newer_job_keeps_the_turn_of_the_one_it_replaces() -> None:
    box = Box()
    box.post("a", "a1")
    box.post("b", "b1")
    box.post("a", "a2")
    assert emptied(box) == ["a2", "b1"]


def test_errands_wait_until_nothing_else_does_and_the_latest_wins_there_too() -> None:
    box = Box()
    box.errand(("a", 0), "old thumbnail")
    box.errand(("a", 1), "another")
    box.errand(("a", 0), "thumbnail")
    box.post("a", "job")
    assert emptied(box) == ["job", "thumbnail", "another"]
    assert box.overwritten == 0


def test_pictures_without_an_end_let_an_errand_through_now_and_then() -> None:
    clock = FakeClock()
    box = Box(clock)
    for slot in range(2):
        box.errand(("a", slot), f"thumbnail {slot}")
    taken = []
    for _ in range(6):
        box.post("a", "job")
        taken.append(box.take())
        clock.advance(0.6 * ERRAND_S)
    assert taken == ["job", "job", "thumbnail 0", "job", "thumbnail 1", "job"]


def taker(box: Box) -> tuple[Thread, Queue[str | None]]:
    """A thread that takes one item, as the engine thread does."""
    taken: Queue[str | None] = Queue()
    thread = Thread(target=lambda: taken.put(box.take()))
    thread.start()
    return thread, taken


def test_take_waits_for_work() -> None:
    ways: list[Callable[[Box], None]] = [
        lambda box: box.command("x"),
        lambda box: box.post("deck1", "x"),
        lambda box: box.errand(("deck1", 0), "x"),
    ]
    for give in ways:
        box = Box()
        thread, taken = taker(box)
        give(box)
        assert taken.get(timeout=PATIENCE_S) == "x"
        thread.join(PATIENCE_S)


def test_closing_wakes_the_one_who_waits() -> None:
    box = Box()
    thread, taken = taker(box)
    box.close()
    assert taken.get(timeout=PATIENCE_S) is None
    thread.join(PATIENCE_S)


def test_a_closed_box_gives_nothing_more() -> None:
    box = Box()
    box.command("load")
    box.post("deck1", "job")
    box.close()
    box.post("deck1", "late")
    assert box.take() is None
    assert box.take() is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans())))
def test_whatever_the_order_every_decks_last_job_arrives(moves: list[tuple[str, bool]]) -> None:
    """Posting with takes between: the last job of each deck is taken, and each at most once."""
    box = Box()
    taken: list[str] = []
    last: dict[str, str] = {}
    for number, (deck, takes) in enumerate(moves):
        last[deck] = f"{deck}{number}"
        box.post(deck, last[deck])
        if takes:
            item = box.take()
            assert item is not None
            taken.append(item)
    taken += emptied(box)
    assert set(last.values()) <= set(taken)
    assert len(set(taken)) == len(taken) == len(moves) - box.overwritten
    for deck in "abc":
        mine = [int(item[1:]) for item in taken if item[0] == deck]
        assert mine == sorted(mine)


# -- the way back ----------------------------------------------------------------------------------


def test_one_wake_for_any_number_of_events() -> None:
    box: Outbox[str] = Outbox()
    assert [box.put(f"picture {n}", slot="deck1") for n in range(5)] == [True] + [False] * 4
    assert box.put("failed") is False
    box.drain()
    assert box.put("picture", slot="deck1") is True


def test_of_pictures_the_newest_of_each_deck_is_kept() -> None:
    box: Outbox[str] = Outbox()
    for number in range(3):
        box.put(f"a{number}", slot="a")
        box.put(f"b{number}", slot="b")
    assert box.drain() == ["a2", "b2"]
    assert box.drain() == []


def test_other_events_are_all_kept_in_order() -> None:
    box: Outbox[str] = Outbox()
    for number in range(3):
        box.put(f"event {number}")
    assert box.drain() == ["event 0", "event 1", "event 2"]


def test_a_newer_picture_comes_after_the_events_that_it_came_after() -> None:
    """Were it to take the old one's place, a failure in between would look like the last word."""
    box: Outbox[str] = Outbox()
    box.put("old picture", slot="deck1")
    box.put("failed")
    box.put("picture", slot="deck1")
    assert box.drain() == ["failed", "picture"]


def test_what_is_urgent_goes_before_every_picture_and_after_the_commands() -> None:
    box = Box()
    box.errand(("deck1", 0), "thumbnail")
    box.post("deck1", "job")
    box.urge(("deck2", 7), "bar 7")
    box.urge(("deck2", 8), "bar 8")
    box.command("load")
    assert emptied(box) == ["load", "bar 7", "bar 8", "job", "thumbnail"]


def test_a_bar_that_is_wanted_anew_is_wanted_once() -> None:
    box = Box()
    box.urge(("deck1", 7), "bar 7, first thought")
    box.urge(("deck1", 7), "bar 7, second thought")
    box.command("load", clears="deck2")
    assert emptied(box) == ["load", "bar 7, second thought"]
    box.urge(("deck1", 7), "bar 7")
    box.command("load", clears="deck1")
    assert emptied(box) == ["load"]


def test_whoever_may_not_wait_gets_a_rest_although_pictures_never_end() -> None:
    clock = FakeClock()
    box = Box(clock)
    got = []
    for number in range(12):
        box.post("deck1", str(number))
        got.append(box.take(wait=False))
        clock.now += REST_S / 4
    assert got.count(None) == 2
    box.command("load")
    clock.now += REST_S
    assert box.take(wait=False) == "load"
