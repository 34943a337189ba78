"""The presets that come with the instrument fit the engines that come with it."""

from __future__ import annotations

import pytest

from studio import presets
from studio.presets import PresetError
from studio.registry import Registry, find_engines
from studio.session import checked
from tests.fakes import fake
from ui.app import first_scene


def test_every_factory_preset_fits() -> None:
    found = presets.factory()
    assert "first-light" in found
    registry = find_engines()
    for name, preset in found.items():
        assert checked(registry, preset.scene) == preset.scene, name


def test_the_instrument_opens_on_a_factory_preset() -> None:
    assert first_scene(find_engines()) == presets.factory()["first-light"].scene


def test_without_its_engine_it_opens_on_two_decks_of_the_first_one() -> None:
    scene = first_scene(Registry.of(fake().spec))
    assert [deck.engine for deck in scene.decks] == ["fake", "fake"]


def test_a_damaged_preset_does_not_keep_the_instrument_from_opening(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def damaged() -> dict[str, presets.Preset]:
        raise PresetError("The file first-light.json is not a preset of this version.")

    monkeypatch.setattr(presets, "factory", damaged)
    assert first_scene(find_engines()).decks
