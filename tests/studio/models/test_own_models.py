"""Models that came in bundles take part, and those that an artist has made."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.engine.registry import Registry
from studio.models.own_models import OwnModels
from studio.presets import Weights, fitted, preset_of
from studio.presets.errors import PresetError
from studio.presets.sharing import bundles, importing
from studio.presets.sharing.bundles import Made, ModelPart
from tests import training_fakes
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


def test_a_file_that_went_meanwhile_takes_no_part(models: Path) -> None:
    (models / "gone.safetensors").symlink_to(models / "nowhere.safetensors")
    ours = with_brought(registry(new_weights(models)), models)
    assert len(ours.spec("fake").models) == len(MODELS) + 1


def test_a_model_of_an_engine_that_is_not_here_waits(models: Path) -> None:
    (file,) = models.glob("*.json")
    file.write_text(json.dumps({**json.loads(file.read_text()), "engine": "other"}))
    assert len(with_brought(registry(new_weights(models)), models).spec("fake").models) == 3


def test_without_a_folder_nothing_changes(tmp_path: Path) -> None:
    plain = Registry.of(fake().spec)
    before = plain.spec("fake")
    assert with_brought(plain, tmp_path / "none").spec("fake") == before


# -- models that the artist has made --------------------------------------------------------------

MADE = Made(folder="leaves", count=60, minutes=20.5, size_px=16, start="first", figures={"loss": 1})
PICTURE = np.full((8, 8, 3), 90, np.uint8)


def learnt(folder: Path, mark: str = "0a1b2c", size: int = 4) -> OwnModels:
    """A folder with one model, and the registry that has it."""
    models = OwnModels(Registry.of(training_fakes.spec()), folder / "models")
    models.refresh()
    weights = write_levels(folder / f"{size}.safetensors", 4)
    models.store(
        weights, engine="learner", title="Leaves", latent_size=4, made=MADE, mark=mark,
        licence="CC BY 4.0", picture=PICTURE,
    )  # fmt: skip
    models.refresh()
    return models


def names(models: OwnModels) -> list[str]:
    registry = models.registry
    return [m.title for m in registry.offered(registry.spec("learner"))]


def test_a_newer_snapshot_takes_the_older_ones_place_and_name(tmp_path: Path) -> None:
    models = learnt(tmp_path)
    assert names(models) == ["First", "Second", "Wide", "Leaves"]
    first = models.all[0]
    assert first.name == "own~0a1b2c"
    assert first.part.made == MADE
    models.change(first, title=" Autumn ", licence="CC0")
    again = learnt(tmp_path)
    assert names(again) == ["First", "Second", "Wide", "Autumn"]
    assert again.all[0].part.licence == "CC0"
    assert again.all[0].weights != first.weights, "it may be open"
    assert len(list((tmp_path / "models").iterdir())) == 3
    with pytest.raises(PresetError, match="needs a name"):
        models.change(again.all[0], title="  ", licence="")


def test_a_deleted_model_is_offered_no_more_and_comes_back(tmp_path: Path) -> None:
    models = learnt(tmp_path)
    told: list[int] = []
    models.changed.connect(lambda: told.append(1))
    models.delete(models.all[0])
    assert (models.all, told) == ((), [1])
    assert names(models) == ["First", "Second", "Wide"]
    still = models.registry.spec("learner").model("own~0a1b2c")
    assert still.weights.exists(), "a deck may play it, and undo may bring one back"
    assert models.can_undo
    models.undo_delete()
    assert names(models)[-1] == "Leaves"
    assert not models.can_undo
    assert models.all[0].picture.exists()


def test_a_model_travels_as_one_file(tmp_path: Path) -> None:
    models = learnt(tmp_path)
    file = models.give_away(models.all[0], tmp_path / "leaves")
    assert file.name == "leaves.loommodel"
    theirs = tmp_path / "theirs"
    taken = importing.take_in(file, library(tmp_path / "shelf"), theirs)
    assert len(taken.models) == 1
    there = OwnModels(Registry.of(training_fakes.spec()), theirs)
    there.refresh()
    (arrived,) = there.all
    assert (arrived.part.title, arrived.part.licence) == ("Leaves", "CC BY 4.0")
    assert (arrived.name, arrived.part.made) == ("own~0a1b2c", MADE)
    assert arrived.picture.exists()
    importing.take_in(file, library(tmp_path / "shelf"), theirs)
    assert len(list(theirs.iterdir())) == 3, "twice the same is once"


def test_a_model_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    models = learnt(tmp_path)
    file = models.give_away(models.all[0], tmp_path / "leaves")
    with zipfile.ZipFile(file) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    weights = next(name for name in parts if name.endswith(".safetensors"))
    parts[weights] = parts[weights][:-1] + b"!"
    with zipfile.ZipFile(file, "w") as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    with pytest.raises(PresetError, match="is not the one that it says"):
        importing.take_in(file, library(tmp_path / "shelf"), tmp_path / "theirs")
    assert list((tmp_path / "theirs").glob("*.safetensors")) == []


def test_a_preset_asks_for_a_model_that_is_missing_by_name_and_hash(tmp_path: Path) -> None:
    models = learnt(tmp_path)
    registry, guest = models.registry, training_fakes.learner()
    deck = filled_deck(guest).but(model="own~0a1b2c")
    preset = preset_of(scene_of(deck), "Leaves fall", registry, WEIGHTS)
    assert fitted(preset, registry, WEIGHTS).remarks == ()
    bare = fitted(preset, Registry.of(training_fakes.spec()), WEIGHTS)
    short = str(models.all[0].part.sha256)[:8]
    assert (
        f"The model Leaves of the engine learner (weights {short}) is not here" in bare.remarks[0]
    )
