"""Changes wait for their beat, bar or fourth bar; nothing is lost when the transport stops."""

from __future__ import annotations

import pytest

from studio.document.parameters import ParameterError
from studio.live._quantise import Later, next_due
from studio.live.clock.transport import Transport
from studio.music.metres import Metre
from tests.fakes import FakeClock


@pytest.mark.parametrize(
    ("quantum", "beat", "due"),
    [
        ("now", 5.3, 5.3),
        ("beat", 5.3, 6),
        ("beat", 5, 5),
        ("bar", 5.3, 8),
        ("bar", 8 + 1e-12, 8),
        ("four bars", 5.3, 16),
        ("bar", -3.5, 0),
    ],
)
def test_in_four_four(quantum: str, beat: float, due: float) -> None:
    assert next_due(quantum, beat, Metre()) == due


def test_in_six_eight_beats_are_eighths() -> None:
    metre = Metre(6, 8)
    assert [next_due(q, 3.1, metre) for q in ("beat", "bar", "four bars")] == [3.5, 6, 12]


def test_there_is_no_other_quantum() -> None:
    with pytest.raises(ParameterError):
        next_due("soon", 0, Metre())


class Set:
    """A playing transport, and what was changed."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.transport = Transport(self.clock)
        self.transport.lead_s = 0.0
        self.later = Later(self.transport)
        self.done: list[str] = []

    def do(self, quantum: str, name: str, key: str = "") -> None:
        self.later.do(quantum, lambda: self.done.append(name), key)

    def until(self, seconds: float) -> list[str]:
        self.clock.advance(seconds)
        self.later.turn()
        return self.done


@pytest.fixture
def playing() -> Set:
    stage = Set()
    stage.transport.play()
    stage.clock.advance(0.25)
    return stage


def test_a_change_waits_for_the_bar(playing: Set) -> None:
    playing.do("bar", "jump")
    assert playing.until(1.74) == []
    assert playing.until(0.01) == ["jump"]
    assert playing.until(9) == ["jump"]


def test_now_does_not_wait(playing: Set) -> None:
    playing.do("now", "jump")
    assert playing.done == ["jump"]


def test_a_standing_transport_has_nothing_to_wait_for() -> None:
    stage = Set()
    stage.do("four bars", "jump")
    assert stage.done == ["jump"]


def test_changes_come_in_the_order_of_their_beats(playing: Set) -> None:
    playing.do("bar", "late")
    playing.do("beat", "soon")
    assert playing.until(5) == ["soon", "late"]


def test_the_newest_wish_of_a_kind_wins(playing: Set) -> None:
    playing.do("bar", "slot a", key="deck1")
    playing.do("bar", "slot b", key="deck1")
    playing.do("bar", "scene", key="scene")
    assert playing.until(5) == ["slot b", "scene"]


def test_a_wish_can_be_taken_back(playing: Set) -> None:
    playing.do("bar", "slot a", key="deck1")
    playing.later.cancel("deck1")
    assert playing.until(5) == []


def test_what_waits_can_be_shown(playing: Set) -> None:
    playing.do("four bars", "morph")
    playing.do("beat", "jump")
    assert [(w.quantum, w.due_beats) for w in playing.later.waiting] == [
        ("beat", 1),
        ("four bars", 16),
    ]


def test_stop_lets_through_what_waits(playing: Set) -> None:
    playing.do("four bars", "jump")
    playing.transport.stop()
    assert playing.until(0) == ["jump"]


def test_after_a_jump_a_change_waits_for_the_next_bar_there(playing: Set) -> None:
    playing.do("bar", "jump")
    playing.transport.locate(101)
    assert playing.until(1.49) == []
    assert playing.until(0.01) == ["jump"]


def test_a_change_may_ask_for_another(playing: Set) -> None:
    playing.later.do("bar", lambda: playing.do("bar", "second"))
    assert playing.until(1.8) == []
    assert playing.until(2) == ["second"]
