"""What a hand does is recorded and goes on by itself; one undo takes all of it back."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from studio.modulation.gestures import added, thinned
from tests.fakes import Pump, fake, filled_deck, scene_of
from tests.studio.session.test_modulation import Time

PAD = ("/front/pad/x", "/front/pad/y")
Play = Callable[..., Pump]


class Hand:
    """Moves the pad in a curve, in time; two beats are a second."""

    def __init__(self, pump: Pump, *, moves: bool = True) -> None:
        self.pump, self.session = pump, pump.session
        self.time = Time(moves=moves)
        self.session.modulation.listen_to(self.time)

    @staticmethod
    def place(s: float) -> tuple[float, float]:
        return 0.1 + 0.6 * math.sin(3 * s) * math.sin(s), 0.5 - 0.5 * math.sin(s) ** 2

    def run(self, until_s: float, *, plays: bool = True) -> None:
        while self.time.s < until_s - 1e-9:
            self.time.s += 1 / 128
            self.pump.clock.advance(1 / 128)
            if plays:
                self.session.pads.move("deck1", self.place(self.time.s))
            self.session.modulation.step(self.time.s)

    def shown(self, s: float) -> tuple[float, float]:
        self.session.modulation.step(s)
        return self.session.shown.front_deck.pad


@pytest.fixture
def hand(play: Play) -> Hand:
    return Hand(play(fake(), start=False))


def test_it_waits_for_the_bar_and_is_played_as_it_was(hand: Hand) -> None:
    hand.session.pads.move("deck1", hand.place(0.0))
    before = hand.pump.scene
    gestures = hand.session.gestures
    hand.run(0.5, plays=False)
    assert gestures.record(PAD, bars=2)
    assert gestures.waits_beats == pytest.approx(3.0)
    hand.run(2.0, plays=False)
    assert gestures.waits_beats == 0.0
    hand.session.pads.move("deck1", hand.place(2.0))
    hand.run(5.99)
    assert gestures.recording
    hand.run(6.1, plays=False)
    assert not gestures.recording
    assert hand.pump.deck().pad == hand.place(0.0), "the hand's place is where it was"
    for n in range(1, 200):
        s = 2 + n / 50
        if s < 5.95:
            assert hand.shown(8 + s) == pytest.approx(hand.place(s), abs=0.003)
    hand.session.undo()
    assert hand.pump.scene == before
    assert hand.session.shown is hand.pump.scene


def test_stopped_in_between_it_lasts_to_the_nearest_bar(hand: Hand) -> None:
    hand.session.gestures.record(PAD)
    hand.run(3.4)
    hand.session.gestures.stop()
    assert hand.session.gestures.recording
    hand.run(4.1)
    assert not hand.session.gestures.recording
    assert hand.session.modulation.modulator(1).settings["length"] == 8.0


def test_without_a_beat_it_begins_at_once_and_runs_freely(play: Play) -> None:
    hand = Hand(play(fake(), start=False), moves=False)
    hand.session.gestures.record(PAD)
    hand.run(1.5)
    hand.session.gestures.stop()
    gesture = hand.session.modulation.modulator(1)
    assert gesture.settings["sync"] == "free"
    assert gesture.settings["length"] == pytest.approx(3.0)
    assert hand.session.modulation.moving
    for n in range(1, 70):
        s = n / 50
        assert hand.shown(1.5 + s) == pytest.approx(hand.place(s), abs=0.02)


def test_one_control_and_a_count_in(hand: Hand) -> None:
    gestures, session = hand.session.gestures, hand.session
    gestures.record(("/deck/1/contrast",), bars=1, count_in=1)
    hand.run(2.0, plays=False)
    for n in range(65):
        session.set("deck1", "contrast", 1 + n / 128)
        hand.run(2.0 + n / 32, plays=False)
    assert [c.target for c in hand.pump.scene.connections] == ["/deck/1/contrast"]
    assert hand.pump.deck().parameters["contrast"] == 1.0
    hand.session.modulation.step(5.0)
    assert session.shown.front_deck.parameters["contrast"] == pytest.approx(1.25, abs=0.01)


def test_another_take_is_laid_over_a_gesture(hand: Hand) -> None:
    hand.session.gestures.record(PAD, bars=1)
    hand.run(1.99)
    hand.run(2.1, plays=False)
    base = hand.pump.deck().pad
    alone = [hand.shown(4 + n / 16) for n in range(1, 31)]
    points = hand.session.modulation.modulator(1).points
    hand.time.s = 4.0
    hand.session.gestures.record(("/deck/1/pad/x",), into=1)
    hand.session.pads.move("deck1", (base[0] + 0.1, base[1]))
    hand.run(6.1, plays=False)
    assert len(hand.pump.scene.modulators) == 1
    assert hand.pump.deck().pad == base
    for n, (x, y) in enumerate(alone, start=1):
        assert hand.shown(8 + n / 16) == pytest.approx((x + 0.1, y), abs=0.02)
    hand.session.undo()
    assert hand.session.modulation.modulator(1).points == points


def test_an_undo_or_another_scene_ends_it_and_nothing_is_kept(hand: Hand) -> None:
    gestures = hand.session.gestures
    gestures.record(PAD)
    hand.run(0.5)
    hand.session.undo()
    assert not gestures.recording
    assert gestures.record(PAD)
    assert not gestures.record(PAD)
    gestures.cancel()
    assert not gestures.recording
    assert not gestures.record(("/nowhere",))
    assert gestures.record(PAD)
    hand.session.open(scene_of(filled_deck(fake(), slots=5)))
    assert not gestures.recording
    assert not hand.pump.scene.modulators
    assert len(hand.pump.notices) == 2


def test_points_that_are_not_missed_are_left_out() -> None:
    line = [(n / 100, n / 200, 0.0) for n in range(101)]
    assert thinned(line) == ((0.0, 0.0, 0.0), (1.0, 0.5, 0.0))
    bent = [(n / 100, abs(n - 50) / 100, -n / 100) for n in range(101)]
    assert [p[0] for p in thinned(bent)] == [0.0, 0.5, 1.0]
    noise = [(n / 100, math.sin(n) / 2, math.cos(n) / 2) for n in range(5000)]
    assert len(thinned(noise)) <= 4096
    both = added(((0.0, 0.0, 0.0), (1.0, 0.5, 0.0)), ((0.0, 1.0, 0.0), (1.0, 0.0, 0.25)))
    assert both == ((0.0, 1.0, 0.0), (1.0, 0.5, 0.25))
