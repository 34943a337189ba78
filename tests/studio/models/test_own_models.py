"""Models that came in bundles take part."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from studio.engine.registry import Registry
from studio.models.own_models import OwnModels
from studio.presets import Weights, fitted, preset_of
from studio.presets.sharing import bundles, importing
from studio.presets.sharing.bundles import ModelPart
from tests.fakes import MODELS, fake, filled_deck, scene_of, write_levels
from tests.studio.presets.makers import library

WEIGHTS = Weights()


def registry(weights: Path) -> Registry:
    """One engine whose first model has these weights."""
    return Registry.of(fake(models=(replace(MODELS[0], weights=weights), *MODELS[1:])).spec)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """The models folder of an artist who was sent a preset with other weights than theirs."""
    theirs = registry(write_levels(tmp_path / "theirs.safetensors", 4))
    made = preset_of(scene_of(filled_deck(fake())), "Sent", theirs, WEIGHTS)
    shelf = library(tmp_path / "shelf", made)
    part = ModelPart(**dict(made.models[0]), file="models/first.safetensors", licence="CC0")
    bundles.write(
        tmp_path / "a.loom", shelf, [made.id], models=[(part, tmp_path / "theirs.safetensors")]
    )
    write_levels(tmp_path / "ours.safetensors", 3)
    importing.take_in(tmp_path / "a.loom", library(tmp_path / "ours"), tmp_path / "models")
    return tmp_path / "models"


def with_brought(registry: Registry, folder: Path) -> Registry:
    OwnModels(registry, folder).refresh()
    return registry


def test_a_model_that_came_along_is_one_more_of_its_engine(models: Path) -> None:
    ours = with_brought(registry(models.parent / "ours.safetensors"), models)
    (new,) = set(ours.spec("fake").models) - set(registry(new_weights(models)).spec("fake").models)
    assert new.name.startswith("first~")
    assert (new.latent_size, new.licence) == (4, "CC0")
    assert WEIGHTS.sha256(new.weights) == WEIGHTS.sha256(models.parent / "theirs.safetensors")


def new_weights(models: Path) -> Path:
    return models.parent / "ours.safetensors"


def test_its_preset_is_shown_with_it_and_without_a_word(models: Path) -> None:
    sent = library(models.parent / "ours")
    preset = sent.open(sent.entries[0].id).preset
    plain = registry(new_weights(models))
    assert len(fitted(preset, plain, WEIGHTS).remarks) == 1
    found = fitted(preset, with_brought(plain, models), WEIGHTS)
    assert found.remarks == ()
    assert found.scene.decks[0].model.startswith("first~")
    assert found.scene.decks[0].slots == preset.scene.decks[0].slots


def test_who_made_it_needs_nothing_more(models: Path) -> None:
    sent = library(models.parent / "ours")
    preset = sent.open(sent.entries[0].id).preset
    theirs = registry(models.parent / "theirs.safetensors")
    assert fitted(preset, theirs, WEIGHTS).scene.decks[0].model == "first"


@pytest.mark.parametrize("said", [b"", b"{}", b"[]", b'{"engine": "fake", "model": "none"}'])
def test_what_does_not_say_what_it_is_takes_no_part(models: Path, said: bytes) -> None:
    (file,) = models.glob("*.json")
    file.write_bytes(said)
    ours = with_brought(registry(new_weights(models)), models)
    assert len(ours.spec("fake").models) == len(MODELS)


def test_a_model_of_an_engine_that_is_not_here_waits(models: Path) -> None:
    (file,) = models.glob("*.json")
    file.write_text(json.dumps({**json.loads(file.read_text()), "engine": "other"}))
    assert len(with_brought(registry(new_weights(models)), models).spec("fake").models) == 3


def test_without_a_folder_nothing_changes(tmp_path: Path) -> None:
    plain = Registry.of(fake().spec)
    before = plain.spec("fake")
    assert with_brought(plain, tmp_path / "none").spec("fake") == before
