"""The presets that come with the instrument fit the engines that come with it."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path
from shutil import copy

import numpy as np
import pytest

import presets as shipped
from studio import presets
from studio.commands._thumbnails import SIDE_PX, draw
from studio.document.parameters import Choice, Parameter
from studio.document.scene import Deck
from studio.engine import Resources
from studio.engine.decks import checked
from studio.engine.registry import Registry, find_engines
from studio.latent.mixing import walk_stops, weights_of
from studio.modulation.graph import is_inside
from studio.modulation.kinds import KINDS
from studio.modulation.offline import at_beat
from studio.modulation.targets import targets_of
from studio.presets import Preset, PresetError, Weights, fitted, look_of, text_of
from studio.presets.folder.thumbnails import pixels_of, thumbnail
from tests.fakes import fake
from ui.app import FIRST, first_scene

FOLDER = Path(shipped.__path__[0])
COUNT = 105
FEWEST_SLOTS = 4
LARGEST_BYTES = 300_000
LARGEST_FOLDER_BYTES = 3_300_000
LARGEST_THUMBNAILS_BYTES = 2_000_000
LEAST_APART = 0.05
"""Of first pictures: the mean difference of their channels, where black and white are 1 apart."""

BOOK = presets.factory()
DECKS = [deck for preset in BOOK.values() for deck in preset.scene.decks]
each = pytest.mark.parametrize("stem", BOOK)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return find_engines()


# -- each of them ----------------------------------------------------------------------------------


@each
def test_it_is_all_valid_and_nothing_is_left_to_defaults(stem: str, registry: Registry) -> None:
    assert checked(registry, BOOK[stem].scene) == BOOK[stem].scene


@each
def test_it_was_made_with_the_weights_that_come_along(stem: str, registry: Registry) -> None:
    assert fitted(BOOK[stem], registry, Weights()).remarks == ()
    assert all(model.sha256 and model.title for model in BOOK[stem].models)
    played = {(deck.engine, deck.model) for deck in BOOK[stem].scene.decks}
    assert {(model.engine, model.model) for model in BOOK[stem].models} == played


@each
def test_its_file_is_as_saving_it_would_write_it(stem: str) -> None:
    text = (FOLDER / f"{stem}.json").read_bytes()
    assert text == text_of(BOOK[stem])
    assert len(text) <= LARGEST_BYTES


@each
def test_its_thumbnail_was_drawn_from_this_very_scene(stem: str) -> None:
    file = FOLDER / f"{stem}.png"
    _, drawn_from = pixels_of(file.read_bytes())
    assert drawn_from == look_of(BOOK[stem])
    shown = thumbnail(file, drawn_from)
    assert shown is not None
    assert shown.shape == (SIDE_PX, SIDE_PX, 3)


@each
def test_it_says_what_it_is_and_what_to_try(stem: str) -> None:
    preset = BOOK[stem]
    assert preset.author
    assert 2 <= len(preset.tags) <= 6
    assert len(set(preset.tags)) == len(preset.tags)
    assert preset.notes.endswith(".")
    assert 40 <= len(preset.notes) <= 240


@each
def test_what_it_composes_has_a_way_out_for_every_part(stem: str, registry: Registry) -> None:
    scene = BOOK[stem].scene
    for deck in scene.decks:
        if registry.spec(deck.engine).composes:
            heard = {route.track for route in scene.routes if route.track.startswith(deck.key)}
            assert len(heard) == 4


@each
def test_it_moves_as_soon_as_it_is_opened_or_plays_at_one_press(
    stem: str, registry: Registry
) -> None:
    scene = BOOK[stem].scene
    moves = any(deck.moving for deck in scene.decks) or bool(scene.connections)
    plays = registry.spec(scene.front_deck.engine).composes
    assert moves or plays
    for deck in scene.decks:
        assert sum(slot is not None for slot in deck.slots) >= FEWEST_SLOTS
        assert ("drift" in deck.moving) == any(deck.drift.values())


@each
def test_a_walk_sets_out_from_what_is_seen_first(stem: str) -> None:
    for deck in BOOK[stem].scene.decks:
        assert len(walk_stops(deck)) >= FEWEST_SLOTS
        if "walk" in deck.moving:
            assert weights_of(deck)[deck.walk.slots[0]] == 1.0


@each
def test_what_is_modulated_can_be_and_moves_the_picture(stem: str, registry: Registry) -> None:
    scene = BOOK[stem].scene

    def controls(deck: Deck) -> tuple[Parameter, ...]:
        return registry.spec(deck.engine).controls(deck.model)

    targets = targets_of(scene, controls)
    outside = {c.target for c in scene.connections if not is_inside(c.target)}
    assert outside <= targets.keys()
    assert all(m.name for m in scene.modulators)
    if outside:
        early, late = (at_beat(scene, beat, controls).front_deck for beat in (1.1, 10.3))
        tune = any(registry.spec(deck.engine).composes for deck in scene.decks)
        assert early != late or tune


# -- all together ----------------------------------------------------------------------------------


def test_there_are_as_many_as_are_told_and_none_is_another() -> None:
    assert len(BOOK) == COUNT
    for told in ("id", "name", "notes"):
        counts = Counter(getattr(preset, told) for preset in BOOK.values())
        assert counts.most_common(1)[0][1] == 1
    assert len({look_of(preset) for preset in BOOK.values()}) == len(BOOK)


def test_a_dozen_are_moved_by_what_is_played_and_one_by_itself() -> None:
    scenes = [preset.scene for preset in BOOK.values() if preset.scene.connections]
    free = {any(KINDS[m.kind].free(m.settings) for m in s.modulators) for s in scenes}
    beat = [s for s in scenes if not all(KINDS[m.kind].free(m.settings) for m in s.modulators)]
    assert len(beat) >= 12
    assert free == {True, False}


def test_no_two_open_on_the_same_picture() -> None:
    seen = {stem: pixels_of((FOLDER / f"{stem}.png").read_bytes())[0] / 255 for stem in BOOK}
    for one, other in combinations(BOOK, 2):
        assert np.abs(seen[one] - seen[other]).mean() >= LEAST_APART, (one, other)


def test_a_thumbnail_is_what_the_preset_shows(tmp_path: Path) -> None:
    of_each = {(p.scene.front_deck.engine, p.scene.front_deck.model): s for s, p in BOOK.items()}
    copies = [Path(copy(FOLDER / f"{stem}.json", tmp_path)) for stem in of_each.values()]
    draw(copies, Resources(device="cpu"))
    for file in copies:
        drawn, kept = (
            pixels_of((folder / f"{file.stem}.png").read_bytes())[0] / 255
            for folder in (tmp_path, FOLDER)
        )
        assert np.abs(drawn - kept).mean() < LEAST_APART / 10, file.stem


def test_the_folder_is_light_and_holds_nothing_else() -> None:
    files = [file for file in FOLDER.iterdir() if file.is_file()]
    assert sum(file.stat().st_size for file in files) <= LARGEST_FOLDER_BYTES
    pictures = [file for file in files if file.suffix == ".png"]
    assert sum(file.stat().st_size for file in pictures) <= LARGEST_THUMBNAILS_BYTES
    known = {f"{stem}{ending}" for stem in BOOK for ending in (".json", ".png")}
    assert {file.name for file in files} == known | {"__init__.py"}


def test_every_model_is_played(registry: Registry) -> None:
    played = {(deck.engine, deck.model) for deck in DECKS}
    there = {(spec.name, model.name) for spec in registry.specs for model in spec.models}
    assert there <= played


def test_every_genre_is_played(registry: Registry) -> None:
    for spec in registry.specs:
        for control in spec.parameters:
            if isinstance(control, Choice) and control.name == "genre":
                decks = [deck for deck in DECKS if deck.engine == spec.name]
                played = {str(deck.parameters["genre"]) for deck in decks}
                assert played >= set(control.options) - {"any"}


# -- the one it opens on ---------------------------------------------------------------------------


def test_the_instrument_opens_on_a_factory_preset(registry: Registry) -> None:
    assert first_scene(registry) == BOOK[FIRST].scene


def test_without_its_engine_it_opens_on_two_decks_of_the_first_one() -> None:
    scene = first_scene(Registry.of(fake().spec))
    assert [deck.engine for deck in scene.decks] == ["fake", "fake"]


def test_a_damaged_preset_does_not_keep_the_instrument_from_opening(
    monkeypatch: pytest.MonkeyPatch, registry: Registry
) -> None:
    def damaged() -> dict[str, Preset]:
        raise PresetError("The file first-light.json is not a preset of this version.")

    monkeypatch.setattr(presets, "factory", damaged)
    assert first_scene(registry).decks
