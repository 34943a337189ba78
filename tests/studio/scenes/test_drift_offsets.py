"""What drifts by itself drifts on, on top of the way."""

from __future__ import annotations

import pytest

from studio.document.parameters import Float
from studio.document.scene import Scene
from studio.engine.registry import Registry
from studio.scenes._drift_offsets import DriftOffsets
from tests.fakes import PARAMETERS, fake, filled_deck, scene_of

TURN = Float(name="turn", label="Turn", low=-1, high=1, default=0, cyclic=True)
GUEST = fake(parameters=(*PARAMETERS, TURN))


@pytest.fixture
def drifted() -> DriftOffsets:
    return DriftOffsets(Registry.of(GUEST.spec))


def at(turn: float, contrast: float = 1.0, drift: float = 6.0, model: str = "first") -> Scene:
    deck = filled_deck(GUEST, model=model)
    values = {**deck.parameters, "turn": turn, "contrast": contrast}
    return scene_of(deck.but(parameters=values, drift={"turn": drift} if drift else {}))


def turn(scene: Scene) -> float:
    return float(scene.decks[0].parameters["turn"])


def test_what_has_drifted_is_taken_off_and_put_on_elsewhere(drifted: DriftOffsets) -> None:
    assert drifted.taken_from(at(0.2), at(0.5)) == at(0.2)
    assert turn(drifted.onto(at(-0.5))) == pytest.approx(-0.2)


def test_it_adds_up_and_goes_round(drifted: DriftOffsets) -> None:
    for _ in range(3):
        drifted.taken_from(at(0.0), at(0.4))
    assert turn(drifted.onto(at(0.0))) == pytest.approx(-0.8)


def test_over_the_end_it_is_a_small_step_too(drifted: DriftOffsets) -> None:
    drifted.taken_from(at(0.9), at(-0.9))
    assert turn(drifted.onto(at(0.0))) == pytest.approx(0.2)


def test_what_a_hand_did_beside_it_stays(drifted: DriftOffsets) -> None:
    assert drifted.taken_from(at(0.2), at(0.5, contrast=2.0)) == at(0.2, contrast=2.0)


def test_what_does_not_drift_is_a_hands(drifted: DriftOffsets) -> None:
    moved = at(0.5, drift=0)
    assert drifted.taken_from(at(0.2, drift=0), moved) is moved
    assert drifted.onto(at(0.1)) == at(0.1)


def test_it_is_of_no_other_model(drifted: DriftOffsets) -> None:
    drifted.taken_from(at(0.2), at(0.5))
    other = at(0.0, model="second")
    assert drifted.onto(other) == other


def test_it_can_be_forgotten(drifted: DriftOffsets) -> None:
    drifted.taken_from(at(0.2), at(0.5))
    drifted.forget()
    assert drifted.onto(at(0.0)) == at(0.0)
