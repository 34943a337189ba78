"""Drift by address: for controllers and OSC."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studio.control.controls import Controls
from studio.control.drift_controls import DriftPart
from studio.document.parameters import ParameterError
from studio.session.motion import Motion
from tests.fakes import Pump, fake, scene_of
from tests.texture_fakes import textured, textures

Play = Callable[..., Pump]


@pytest.fixture
def pump(play: Play) -> Pump:
    able, other = textures(), fake()
    return play(able, other, scene=scene_of(textured(other).but(key="plain"), textured(able)))


@pytest.fixture
def motion(pump: Pump) -> Motion:
    return pump.session.motion


@pytest.fixture
def controls(pump: Pump, motion: Motion) -> Controls:
    return Controls(DriftPart(pump.session), clock=lambda: 5.0)


def test_only_decks_that_can_drift_have_them(pump: Pump, controls: Controls) -> None:
    names = ("drift", "drift_across", "drift_down", "drift_morph")
    assert [c.address for c in controls.all()] == [f"/deck/2/{name}" for name in names]
    pump.session.decks.bring_to_front("deck1")
    assert controls.find("/front/drift_across") is not None
    assert controls.find("/deck/2/drift").label == "Deck 2: Drift"  # type: ignore[union-attr]


def test_a_knob_sets_the_pace_and_a_button_plays(
    pump: Pump, motion: Motion, controls: Controls
) -> None:
    controls.set("/deck/2/drift_across", 6.0)
    assert pump.deck().drift == {"across": 6.0}
    assert controls.get("/deck/2/drift_across") == 6.0
    controls.set("/deck/2/drift", True, at_s=10.0)
    assert controls.get("/deck/2/drift") is True
    motion.step(12.5)
    assert pump.deck().parameters["across"] == pytest.approx(0.25)
    controls.set("/deck/2/drift", True, at_s=100.0)
    motion.step(13.5)
    assert pump.deck().parameters["across"] == pytest.approx(0.35), "it went on"
    controls.set("/deck/2/drift", False)
    assert not motion.moving
    pump.settle()


def test_a_knob_in_the_middle_is_rest(pump: Pump, controls: Controls) -> None:
    controls.set_position("/deck/2/drift_down", 1.0)
    assert pump.deck().drift == {"down": 60.0}
    controls.set_position("/deck/2/drift_down", 0.5)
    assert pump.deck().drift == {}
    with pytest.raises(ParameterError):
        controls.set("/deck/2/drift_down", 61)
    pump.settle()
