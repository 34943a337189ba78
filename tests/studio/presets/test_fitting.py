"""A preset on an installation that is not the one where it was made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.document.parameters import Float
from studio.document.scene import Scene
from studio.engine.decks import checked
from studio.engine.registry import Registry
from studio.presets import Preset, PresetError, Weights, fitted, preset_of
from studio.presets.identities import identities
from tests.fakes import MODELS, Guest, fake, filled_deck, is_one_sentence, scene_of, write_levels

WEIGHTS = Weights()


def kept(scene: Scene) -> Preset:
    return Preset(name="Kept", scene=scene)


def remarks(preset: Preset, *guests: Guest) -> tuple[str, ...]:
    found = fitted(preset, Registry.of(*(guest.spec for guest in guests)), WEIGHTS)
    assert all(is_one_sentence(remark) for remark in found.remarks), found.remarks
    return found.remarks


def test_what_fits_is_shown_as_it_was_without_a_word() -> None:
    guest = fake()
    registry = Registry.of(guest.spec)
    scene = checked(registry, scene_of(filled_deck(guest)))
    assert fitted(kept(scene), registry, WEIGHTS).scene == scene
    assert remarks(kept(scene), guest) == ()


def test_a_deck_without_its_engine_is_left_out_and_the_others_stay() -> None:
    scene = scene_of(filled_deck(fake("gone"), "deck1"), filled_deck(fake(), "deck2"))
    found = fitted(kept(scene), Registry.of(fake().spec), WEIGHTS)
    assert [deck.key for deck in found.scene.decks] == ["deck2"]
    assert found.scene.front == "deck2"
    (remark,) = remarks(kept(scene), fake())
    assert "gone" in remark


def test_a_model_that_is_missing_is_left_out_too() -> None:
    deck = filled_deck(fake()).but(model="lost")
    scene = scene_of(deck, filled_deck(fake(), "deck2"))
    (remark,) = remarks(kept(scene), fake())
    assert "lost" in remark


def test_where_nothing_can_be_shown_something_else_is_and_it_is_said() -> None:
    found = fitted(kept(scene_of(filled_deck(fake("gone")))), Registry.of(fake().spec), WEIGHTS)
    assert [deck.engine for deck in found.scene.decks] == ["fake"]
    assert found.scene.decks[0].pad == (0.1, 0.5)
    assert len(found.remarks) == 2


def test_without_any_engine_nothing_can_be_shown() -> None:
    with pytest.raises(PresetError, match="doctor"):
        fitted(kept(scene_of(filled_deck(fake()))), Registry([]), WEIGHTS)


def test_other_weights_are_told(tmp_path: Path) -> None:
    from dataclasses import replace

    models = (replace(MODELS[0], weights=write_levels(tmp_path / "w.safetensors", 4)),)
    guest = fake(models=models)
    registry = Registry.of(guest.spec)
    made = preset_of(scene_of(filled_deck(guest)), "Made", registry, WEIGHTS)
    assert made.models[0].sha256 == WEIGHTS.sha256(tmp_path / "w.safetensors")
    assert remarks(made, guest) == ()
    write_levels(tmp_path / "w.safetensors", 8)
    (remark,) = remarks(made, guest)
    assert "other weights" in remark
    same = replace(models[0], formerly=(str(made.models[0].sha256),))
    assert remarks(made, fake(models=(same,))) == (), "they draw the same"


def test_weights_that_cannot_be_read_are_no_trouble() -> None:
    guest = fake()
    (identity,) = identities(scene_of(filled_deck(guest)), Registry.of(guest.spec), WEIGHTS)
    assert identity.sha256 is None
    assert (identity.title, identity.latent_size) == ("First", 4)


def test_points_of_another_size_are_left_out() -> None:
    deck = filled_deck(fake()).but(model="wide", held=(1.0,) * 4)
    found = fitted(kept(scene_of(deck)), Registry.of(fake().spec), WEIGHTS)
    assert not any(found.scene.decks[0].slots)
    assert found.scene.decks[0].held is None
    assert len(found.remarks) == 1


def test_parameters_that_are_unknown_or_out_of_range_go_home() -> None:
    deck = filled_deck(fake()).but(
        parameters={"contrast": 99.0, "magic": 1, "tint": "red"},
        fixed={"lean": 1.0},
        drift={"bands": 2.0},
    )
    scene = scene_of(deck).but(score={"tempo": 1e9, "wonder": 1})
    found = fitted(kept(scene), Registry.of(fake().spec), WEIGHTS)
    values = found.scene.decks[0].parameters
    assert (values["contrast"], values["tint"]) == (1.0, "red")
    assert "magic" not in values
    assert "wonder" not in found.scene.score
    assert len(remarks(kept(scene), fake())) == 6


def test_a_control_that_only_the_model_has_can_drift() -> None:
    spin = Float(name="spin", label="Spin", low=0, high=1, default=0, cyclic=True)
    guest = fake()
    first = replace(guest.spec.models[0], parameters=(spin,))
    guest.spec = replace(guest.spec, models=(first, *guest.spec.models[1:]))
    deck = filled_deck(guest).but(drift={"spin": 2.0})
    found = fitted(kept(scene_of(deck)), Registry.of(guest.spec), WEIGHTS)
    assert found.scene.decks[0].drift == {"spin": 2.0}


def test_decks_that_contradict_each_other_are_sorted_out() -> None:
    scene = scene_of(filled_deck(fake()), filled_deck(fake(), slots=1)).but(front="nobody")
    found = fitted(kept(scene), Registry.of(fake().spec), WEIGHTS)
    assert [deck.key for deck in found.scene.decks] == ["deck1"]
    assert found.scene.front == "deck1"
