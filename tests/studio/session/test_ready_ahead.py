"""Engines of a scene that may come next are loaded before it comes."""

from __future__ import annotations

from collections.abc import Callable

from studio.document.scene import Deck
from tests.fakes import Pump, fake, filled_deck, scene_of, slow

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
    pump.settle()
    pump.session.engines.prepare("next", None)
    pump.session.slots.randomise("deck1", 1)
    pump.settle()
    assert [engine.closed for engine in guest.made] == [False, True]


def test_another_scene_takes_the_place_of_the_one_that_was_prepared(play: Play) -> None:
    guest = fake(models=fake().spec.models)
    deck = filled_deck(guest)
    pump = play(guest, scene=scene_of(deck))
    pump.session.engines.prepare("next", scene_of(with_model(deck, "second")))
    pump.settle()
    pump.session.engines.prepare("next", scene_of(deck))
    pump.session.slots.randomise("deck1", 1)
    pump.settle()
    assert [engine.closed for engine in guest.made] == [False, True]


def test_of_many_scenes_in_a_moment_only_the_last_is_loaded(play: Play) -> None:
    guest = slow("load")
    deck = filled_deck(guest)
    first, second = (
        scene_of(deck),
        scene_of(with_model(deck, "second"), filled_deck(guest, "deck2")),
    )
    pump = play(guest, scene=first)
    guest.gate.shut()
    pump.session.open(second)
    guest.gate.await_arrival()
    for _ in range(200):
        for place, scene in enumerate((first, second)):
            pump.session.open(scene)
            pump.session.engines.prepare("next", (second, first)[place])
    assert len(pump.session.engines.thread.mailbox._commands) <= 4, "a place for each deck"
    guest.gate.open()
    pump.settle()
    loads = sum(engine.count("load") for engine in guest.made)
    assert loads <= 4
    left = {engine.model.name for engine in guest.made if not engine.closed}
    assert left == {"first", "second"}
    assert all(pump.state(key).device for key in ("deck1", "deck2"))


def test_a_model_that_is_there_is_not_loaded_again(play: Play) -> None:
    guest, other = slow("load"), fake("other")
    deck = filled_deck(guest)
    first, second = scene_of(deck), scene_of(filled_deck(other))
    pump = play(guest, other, scene=first)
    pump.change(lambda: pump.session.pads.move("deck1", (0.9, 0.9)))
    (engine,) = guest.made
    busy = pump.session.engines.thread.mailbox
    with busy._ready:  # while the engine thread is elsewhere
        pump.session.open(second)
        pump.session.open(first)
    pump.settle()
    assert guest.made == [engine]
    assert not engine.closed
    assert other.made == []
    assert pump.state().device
