"""Engines of a scene that may come next are loaded before it comes."""

from __future__ import annotations

from collections.abc import Callable

from studio.document.scene import Deck
from tests.fakes import Pump, fake, filled_deck, scene_of

Play = Callable[..., Pump]


def with_model(deck: Deck, model: str) -> Deck:
    changed: Deck = deck.but(model=model)
    return changed


def test_a_scene_that_was_prepared_comes_without_a_load(play: Play) -> None:
    guest = fake()
    deck = filled_deck(guest)
    coming = scene_of(with_model(deck, "second"))
    pump = play(guest, scene=scene_of(deck))
    pump.session.engines.prepare("next", coming)
    pump.session.open(coming)
    pump.settle()
    loads = sum(engine.count("load") for engine in guest.made)
    assert loads == 2
    assert [engine.model.name for engine in guest.made] == ["first", "second"]


def test_what_is_no_longer_wanted_is_let_go(play: Play) -> None:
    guest = fake()
    deck = filled_deck(guest)
    pump = play(guest, scene=scene_of(deck))
    pump.session.engines.prepare("next", scene_of(with_model(deck, "second")))
    pump.session.engines.prepare("next", None)
    pump.session.slots.randomise("deck1", 1)
    pump.settle()
    assert [engine.closed for engine in guest.made] == [False, True]


def test_another_scene_takes_the_place_of_the_one_that_was_prepared(play: Play) -> None:
    guest = fake(models=fake().spec.models)
    deck = filled_deck(guest)
    pump = play(guest, scene=scene_of(deck))
    pump.session.engines.prepare("next", scene_of(with_model(deck, "second")))
    pump.session.engines.prepare("next", scene_of(deck))
    pump.session.slots.randomise("deck1", 1)
    pump.settle()
    assert [engine.closed for engine in guest.made] == [False, True]
