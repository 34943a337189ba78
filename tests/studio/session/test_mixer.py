"""Layers of the output: what a hand does to them, undo, morphs, presets, modulation, addresses."""

from __future__ import annotations

from typing import Any

import pytest

from studio.control.deck_controls import controls_of
from studio.document.mix import LAYER_PARAMETERS, MIX_PARAMETERS, ROLL, TEXT, Layer, Mix
from studio.document.mix_crossing import carried_mix
from studio.document.parameters import ParameterError
from studio.document.scene import Scene
from studio.modulation.targets import targets_of, with_values
from studio.outputs.mixing import visible
from studio.presets import document
from studio.scenes._change_names import words_for
from studio.scenes.crossing import between
from tests.fakes import Pump, fake, filled_deck, scene_of

GUEST = fake()


def two_decks() -> Scene:
    return scene_of(filled_deck(GUEST, "deck1"), filled_deck(GUEST, "deck2"))


@pytest.fixture
def pump(play: Any) -> Pump:
    return play(GUEST, scene=two_decks())


def seen(scene: Scene) -> list[tuple[str, float]]:
    return [(key, round(layer.opacity, 3)) for key, layer in visible(scene)]


def test_a_scene_that_nobody_mixed_is_the_deck_in_front_and_the_file_that_it_was() -> None:
    scene = two_decks()
    assert seen(scene) == [("deck1", 1.0)]
    assert seen(scene.but(front="deck2")) == [("deck2", 1.0)]
    assert "mix" not in scene.model_dump(mode="json")
    assert Scene.model_validate_json(scene.model_dump_json()) == scene


def test_every_control_is_the_field_that_it_sets() -> None:
    for model, parameters in ((Layer, LAYER_PARAMETERS), (Mix, MIX_PARAMETERS)):
        for parameter in parameters:
            assert getattr(model(), parameter.name) == parameter.initial
            for position in (0.0, 1.0):
                model().but(**{parameter.name: parameter.at(position)})
    assert {p.name for p in LAYER_PARAMETERS} == set(Layer.model_fields)
    assert {p.name for p in MIX_PARAMETERS} == set(Mix.model_fields) - {"layers", "order"}


def test_the_first_touch_begins_the_mix_and_nothing_jumps(pump) -> None:
    mixer = pump.session.mixer
    mixer.set_layer("deck2", blend="add")
    assert seen(pump.scene) == [("deck1", 1.0)]
    mixer.set_layer("deck2", opacity=0.5)
    pump.session.decks.bring_to_front("deck2")
    assert seen(pump.scene) == [("deck1", 1.0), ("deck2", 0.5)]
    mixer.show_front()
    assert seen(pump.scene) == [("deck2", 1.0)]


def test_undo_goes_a_drag_at_a_time_and_a_deck_that_comes_is_not_seen(pump) -> None:
    mixer, session = pump.session.mixer, pump.session
    for opacity in (0.1, 0.2, 0.3):
        mixer.set_layer("deck2", opacity=opacity)
    added = session.decks.add(GUEST.spec.name)
    assert seen(pump.scene) == [("deck1", 1.0), ("deck2", 0.3)]
    mixer.set_layer(added, opacity=1.0)
    session.decks.remove("deck2")
    assert seen(pump.scene) == [("deck1", 1.0), (added, 1.0)]
    assert "deck2" not in pump.scene.mix.layers
    session.undo()
    session.undo()
    session.undo()
    session.undo()
    assert pump.scene.mix == Mix()


def test_solo_mute_and_order(pump) -> None:
    mixer = pump.session.mixer
    for key in ("deck2", TEXT, ROLL):
        mixer.set_layer(key, opacity=1.0)
    keys = ["deck1", "deck2", ROLL, TEXT]
    assert [key for key, _ in visible(pump.scene)] == keys
    mixer.move("deck1", 1)
    mixer.move(TEXT, -9)
    assert [key for key, _ in visible(pump.scene)] == [TEXT, "deck2", "deck1", ROLL]
    mixer.set_layer("deck1", mute=True)
    assert [key for key, _ in visible(pump.scene)] == [TEXT, "deck2", ROLL]
    mixer.set_layer(ROLL, solo=True)
    mixer.set_layer("deck1", solo=True)
    assert [key for key, _ in visible(pump.scene)] == [ROLL]
    mixer.move("deck2", 0)
    with pytest.raises(ParameterError):
        mixer.set_layer("deck1", scale=99)


def test_every_layer_has_its_addresses(pump) -> None:
    controls, session = controls_of(pump.session), pump.session
    controls.set("/deck/2/layer/opacity", 0.25)
    controls.set("/front/layer/rotation", 90)
    controls.set("/text/layer/blend", "luma key")
    controls.set("/output/red", 0.5)
    scene = pump.scene
    assert scene.layer("deck2").opacity == 0.25
    assert scene.layer("deck1").rotation == 90
    assert scene.layer(TEXT).blend == "luma key"
    assert scene.mix.red == 0.5
    assert controls.get("/deck/2/layer/opacity") == 0.25
    targets = targets_of(scene, lambda deck: session.controls(deck.key))
    wanted = {"/deck/1/layer/x", "/deck/2/layer/opacity", "/roll/layer/mute", "/output/opacity"}
    assert wanted <= targets.keys()
    assert targets["/front/layer/x"] is targets["/deck/1/layer/x"]


def test_modulation_moves_layers_and_the_output_without_asking_an_engine(pump) -> None:
    scene, session = pump.scene, pump.session
    targets = targets_of(scene, lambda deck: session.controls(deck.key))
    values = {
        targets["/deck/2/layer/opacity"]: 0.75,
        targets["/deck/1/layer/flip_x"]: True,
        targets["/output/opacity"]: 0.5,
    }
    shown = with_values(scene, values)
    assert seen(shown) == [("deck1", 1.0), ("deck2", 0.75)]
    assert shown.layer("deck1").flip_x
    assert shown.mix.opacity == 0.5
    assert shown.decks is scene.decks
    assert targets["/deck/2/layer/opacity"].read(shown) == 0.75


def test_a_morph_fades_layers_where_they_lie_and_turns_the_shorter_way() -> None:
    a = two_decks()
    b = a.with_layers(
        {
            "deck1": Layer(opacity=0.0),
            "deck2": Layer(opacity=1.0, x=0.5, rotation=10.0),
            ROLL: Layer(opacity=0.5, blend="add"),
        }
    ).but(front="deck2")
    b = b.but(mix=b.mix.but(opacity=0.5))
    registry = Pump(GUEST, scene=a).session.registry
    middle = between(a, b, 0.4, registry)
    assert seen(middle) == [("deck1", 0.6), ("deck2", 0.4), (ROLL, 0.2)]
    assert middle.layer("deck2").x == 0.5
    assert middle.layer(ROLL).blend == "add"
    assert middle.mix.opacity == pytest.approx(0.8)
    c = b.with_layers({"deck2": Layer(rotation=-170.0)})
    d = b.with_layers({"deck2": Layer(rotation=170.0)})
    assert abs(between(c, d, 0.5, registry).layer("deck2").rotation) == pytest.approx(180)
    assert between(a, a.but(front="deck2"), 0.6, registry).mix == Mix()


def test_what_a_hand_does_on_the_way_is_done_at_both_ends() -> None:
    a = two_decks()
    b = a.with_layers({"deck2": Layer(opacity=1.0, scale=2.0)})
    held = a.with_layers({"deck2": Layer(opacity=0.5, x=0.1)})
    after = held.with_layers({"deck2": Layer(opacity=0.5, x=0.3)})
    after = after.but(mix=after.mix.but(red=1.0))
    mix = carried_mix(held, after, b)
    assert mix.layers["deck2"] == Layer(opacity=1.0, scale=2.0, x=0.3)
    assert mix.red == 1.0
    assert carried_mix(held, after, a).layers["deck2"].x == 0.3
    assert carried_mix(held, held, b) is b.mix


def test_the_history_says_what_was_done(pump) -> None:
    registry, a = pump.session.registry, two_decks()
    b = a.with_layers({"deck2": Layer(opacity=0.5)})
    assert words_for(a, b, registry) == "Deck 2: Opacity 0.50"
    assert words_for(b, b.but(mix=b.mix.but(opacity=0.0)), registry) == "Master opacity 0.00"
    assert words_for(b, b.with_layers({TEXT: Layer()}), registry) == "Text: Opacity 1.00"


def test_a_preset_keeps_the_mix() -> None:
    scene = two_decks().with_layers({"deck2": Layer(opacity=0.5, blend="screen", scale=3.0)})
    scene = scene.but(mix=scene.mix.but(order=("deck2",), green=0.25))
    preset = document.Preset(name="Mixed", scene=scene)
    assert document.parse(document.text_of(preset), "mixed.json").scene == scene
