"""One preset as a document: what is written is read back equal, what is no preset is refused."""

from __future__ import annotations

import base64
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio import presets
from studio.presets import ModelIdentity, NewerError, Preset, PresetError, parse, text_of
from tests.fakes import fake, filled_deck, is_one_sentence, scene_of
from tests.studio.presets import makers


@pytest.fixture
def preset() -> Preset:
    return Preset(name="First light", scene=scene_of(filled_deck(fake(), slots=8)))


def test_what_is_written_is_read_back_equal(tmp_path: Path, preset: Preset) -> None:
    file = tmp_path / "a.json"
    presets.write(file, preset)
    assert presets.read(file) == preset
    assert [f.name for f in tmp_path.iterdir()] == ["a.json"]


def test_everything_that_a_preset_says_comes_back() -> None:
    model = ModelIdentity(engine="fake", model="first", latent_size=4, sha256="0" * 64)
    rich = makers.preset(
        'Käse / "fünf" 雪',
        author="Somebody",
        made_at=datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC),
        tags=("slow", "deep"),
        notes="one\ntwo\ttabs \u2028 and 雪",
        models=(model,),
    ).but(scene=makers.full_scene())
    assert parse(text_of(rich), "rich") == rich


def test_modulation_is_in_the_file_where_there_is_any(preset: Preset) -> None:
    scene = json.loads(text_of(preset))["scene"]
    assert not {"modulators", "connections", "master_depth"} & scene.keys()
    moved = json.loads(text_of(preset.but(scene=makers.full_scene())))["scene"]
    assert len(moved["modulators"]) == 3
    assert isinstance(moved["modulators"][2]["points"], str), "as other points, in base64"
    assert "steps" not in moved["modulators"][0]


def test_every_preset_has_an_identity_of_its_own(preset: Preset) -> None:
    assert preset.id != makers.preset().id
    assert len(preset.id) == 32


def test_points_are_float32_in_base64(preset: Preset) -> None:
    slot = json.loads(text_of(preset))["scene"]["decks"][0]["slots"][0]
    point = np.frombuffer(base64.b64decode(slot["latent"]), "<f4")
    assert tuple(point.tolist()) == preset.scene.decks[0].slots[0].latent  # type: ignore[union-attr]


def test_what_float32_cannot_hold_stays_decimal_and_exact(preset: Preset) -> None:
    deck = preset.scene.decks[0].but(held=(0.1, 1 / 3, 2e-320, -1.0))
    odd = preset.but(scene=scene_of(deck))
    assert json.loads(text_of(odd))["scene"]["decks"][0]["held"] == [0.1, 1 / 3, 2e-320, -1.0]
    assert parse(text_of(odd), "odd") == odd


def test_a_document_reads_well_in_a_diff(preset: Preset) -> None:
    before = text_of(preset).decode().splitlines()
    after = text_of(preset.but(tags=("slow", "deep"))).decode().splitlines()
    changed = [line for line in after if line not in before]
    assert changed == [' "tags": ["slow", "deep"],']
    assert max(map(len, before)) < 200


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"name": "x"}',
        b'{"name": "x", "scene": {"decks": [], "front": ""}}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" + b"0," * 2_000_000 + b"0]",
        b'{"name": "x", "name": "y"}',
        b'{"name": "\\ud800"}',
        b'{"name": "x", "schema_version": 2, "scene": {}}',
        b'{"name": "x", "schema_version": [2], "scene": {}}',
        b'{"name": "x", "schema_version": true, "scene": {}}',
    ],
)
def test_what_is_no_preset_is_refused_in_one_sentence(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "odd.json"
    file.write_bytes(text)
    with pytest.raises(PresetError) as caught:
        presets.read(file)
    assert is_one_sentence(str(caught.value))


@pytest.mark.parametrize(
    "odd", ["NaN", "Infinity", "-Infinity", "1e999", '"x"', "null", "1" * 5000]
)
def test_numbers_that_are_not_finite_are_refused(preset: Preset, odd: str) -> None:
    whole = preset.model_dump_json()
    number = str(preset.scene.decks[0].slots[0].latent[0])  # type: ignore[union-attr]
    with pytest.raises(PresetError):
        presets.parse(whole.replace(number, odd, 1).encode(), "odd.json")


def test_points_that_are_not_finite_are_refused_in_base64_too(preset: Preset) -> None:
    whole = json.loads(text_of(preset))
    odd = base64.b64encode(np.array([1, np.nan, 2, np.inf], "<f4").tobytes()).decode()
    whole["scene"]["decks"][0]["held"] = odd
    with pytest.raises(PresetError, match=r"decks\.0\.held"):
        parse(json.dumps(whole).encode(), "odd.json")


@pytest.mark.parametrize(
    "said",
    [
        {"id": "../../evil"},
        {"id": "A" * 32},
        {"name": "a\nb"},
        {"name": ""},
        {"name": "x" * 121},
        {"name": "a\u202eb"},
        {"tags": ["x"] * 33},
        {"tags": ["a\x00"]},
        {"extra": 1},
    ],
)
def test_no_part_may_be_what_would_do_harm_elsewhere(
    preset: Preset, said: dict[str, object]
) -> None:
    with pytest.raises(PresetError):
        parse(json.dumps({**json.loads(text_of(preset)), **said}).encode(), "odd.json")


def test_a_newer_document_is_refused_kindly_and_left_untouched(tmp_path: Path) -> None:
    file = tmp_path / "new.json"
    text = b'{"schema_version": 3, "app_version": "9.1", "wonders": {}}'
    file.write_bytes(text)
    with pytest.raises(NewerError, match=r"newer Latent Loom \(9\.1\)") as caught:
        presets.read(file)
    assert is_one_sentence(str(caught.value))
    assert file.read_bytes() == text


def test_a_document_of_the_first_schema_opens(preset: Preset) -> None:
    old = {
        "schema_version": 1,
        "app_version": "0.1.0",
        "name": "Old",
        "scene": preset.scene.model_dump(mode="json"),
    }
    text = json.dumps(old).encode()
    opened = parse(text, "old.json")
    assert (opened.name, opened.scene, opened.models) == ("Old", preset.scene, ())
    assert parse(text, "renamed.json").id == opened.id, "the same every time"
    assert parse(text_of(opened), "old.json") == opened


def test_a_preset_that_the_first_schema_wrote_opens_today() -> None:
    """The factory preset of the first version, with one of its decks, as it lay on the disk."""
    file = Path(__file__).with_name("kept") / "first-light-schema-1.json"
    before = json.loads(file.read_bytes())
    opened = presets.read(file)
    (deck,) = opened.scene.decks
    assert (opened.name, deck.model, deck.parameters) == (
        *("First light", "letterforms", before["scene"]["decks"][0]["parameters"]),
    )
    points = [slot and list(slot.latent) for slot in deck.slots]
    assert points == [s and s["latent"] for s in before["scene"]["decks"][0]["slots"]]


def test_a_missing_and_a_huge_file_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match="cannot be read"):
        presets.read(tmp_path / "none.json")
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(1_000_000_000)  # sparse: takes no room
    with pytest.raises(PresetError, match="too large"):
        presets.read(huge)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_does_not_keep_anybody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(PresetError, match="no file"):
        presets.read(tmp_path / "pipe.json")


def test_a_failed_write_leaves_the_old_one_and_nothing_else(
    tmp_path: Path, preset: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.json"
    presets.write(file, preset)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(PresetError, match="No space left"):
        presets.write(file, preset.model_copy(update={"name": "Second"}))
    assert presets.read(file) == preset
    assert [f.name for f in tmp_path.iterdir()] == ["a.json"]


def test_half_a_character_cannot_be_saved_and_gets_a_sentence(preset: Preset) -> None:
    deck = preset.scene.decks[0].but(parameters={"word": "\ud800"})
    with pytest.raises(PresetError) as caught:
        text_of(preset.but(scene=scene_of(deck)))
    assert is_one_sentence(str(caught.value))


def test_the_factory_presets_can_be_read() -> None:
    for name, found in presets.factory().items():
        assert found.name, name


@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20),
    st.text(max_size=200),
)
def test_any_point_and_any_words_come_back_exactly(point: list[float], notes: str) -> None:
    deck = filled_deck(fake()).model_copy(update={"held": tuple(point)})
    try:
        made = makers.preset().but(notes=notes, scene=scene_of(deck))
    except PresetError:
        return  # words that no file can hold
    assert parse(text_of(made), "any") == made
