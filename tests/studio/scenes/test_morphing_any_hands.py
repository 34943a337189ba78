"""Whatever hands do in whatever order: no trouble, and every scene is one that can be shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from studio.document.parameters import Float
from studio.document.scene import Scene
from studio.engine.decks import checked
from studio.live.clock.transport import Transport
from studio.scenes.morphing import Length, Morph
from tests.fakes import PARAMETERS, FakeClock, Pump, fake, filled_deck, scene_of, slot

TURN = Float(name="turn", label="Turn", low=0, high=1, default=0, cyclic=True)
GUEST = fake(parameters=(*PARAMETERS, TURN))


class Still:
    """Time that stands until it is told to go; nothing waits for a beat."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.transport = Transport(self.clock)

    def in_time(self, change: Callable[[], None], key: str) -> None:
        change()


class Hands:
    """All that may be done, each by one number."""

    def __init__(self) -> None:
        self.pump = Pump(GUEST, scene=some_scene(0))  # not started: nothing is drawn
        self.session, self.time = self.pump.session, Still()
        self.morph = Morph(self.session, self.time)
        session, morph = self.session, self.morph
        self.deeds: list[Callable[[int], object]] = [
            lambda n: morph.to(some_scene(n), length=Length(1 + n % 3)),
            lambda n: morph.to(some_scene(n), length=Length(1, "bars")),
            lambda n: morph.reverse(),
            lambda n: morph.stop(),
            lambda n: morph.go_on(),
            lambda n: morph.clear(),
            lambda n: morph.set_fader(n / 9),
            lambda n: morph.hold("a" if n % 2 else "b", some_scene(n) if n % 3 else None),
            lambda n: session.undo(),
            lambda n: session.redo(),
            lambda n: session.open(some_scene(n)),
            lambda n: session.set(self.front, "contrast", n / 9),
            lambda n: session.set(self.front, "turn", n / 9),
            lambda n: session.set_score("tempo", 60.0 + n),
            lambda n: session.pads.move(self.front, (n / 9, -n / 9)),
            lambda n: session.pads.tie(bool(n % 2)),
            lambda n: session.slots.capture(self.front, n % 8),
            lambda n: session.slots.clear(self.front, n % 8),
            lambda n: session.decks.choose_model(self.front, "fake", ("first", "second")[n % 2]),
            lambda n: len(session.scene.decks) < 8 and session.decks.add("fake"),
            lambda n: session.decks.remove(self.front),
            lambda n: session.decks.bring_to_front(session.scene.decks[-1].key),
            lambda n: session.motion.start_walk(self.front, self.time.clock()),
        ]

    @property
    def front(self) -> str:
        return self.session.scene.front

    def turn(self) -> None:
        """A tenth of a second goes by."""
        self.time.clock.advance(0.1)
        self.session.motion.step(self.time.clock())
        self.morph.step(self.time.clock())


def some_scene(n: int) -> Scene:
    """One of ten scenes, of one to three decks."""
    decks: list[Any] = []
    for place in range(1 + n % 3):
        model = "second" if (n + place) % 4 == 3 else "first"
        deck = filled_deck(GUEST, f"deck{place + 1}", slots=0, model=model)
        for index in range(n % 5):
            deck = deck.with_slot(index, slot(10 * n + index))
        values = {**deck.parameters, "contrast": n / 9, "turn": n / 9}
        decks.append(deck.but(parameters=values, seed=n, drift={"turn": 6.0} if n % 2 else {}))
    return scene_of(*decks)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 22), st.integers(0, 9), st.integers(0, 3)), max_size=25))
def test_every_scene_on_any_way_can_be_shown(deeds: list[tuple[int, int, int]]) -> None:
    hands = Hands()
    for which, number, turns in deeds:
        hands.deeds[which](number)
        for turn in [partial(hands.turn)] * turns:
            turn()
            scene, position = hands.session.scene, hands.morph.position
            assert checked(hands.session.registry, scene) == scene
            assert position is None or 0 <= position <= 1
            assert not hands.morph.moving or position is not None


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(11, 19), st.integers(0, 9)), max_size=8), st.integers(1, 9))
def test_after_any_deeds_on_the_way_undo_leads_back_to_before_it(
    deeds: list[tuple[int, int]], wanted: int
) -> None:
    hands = Hands()
    before = hands.session.scene
    hands.morph.to(some_scene(wanted), length=Length(1))
    for which, number in deeds:
        hands.turn()
        hands.deeds[which](number)
    for _ in range(15):
        hands.turn()
    for _ in range(3 * len(deeds) + 3):
        hands.session.undo()
    assert hands.session.scene == before
