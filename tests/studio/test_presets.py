"""Scenes on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio import presets
from studio.presets import Preset, PresetError
from tests.fakes import fake, filled_deck, is_one_sentence, scene_of


@pytest.fixture
def preset() -> Preset:
    return Preset(name="First light", scene=scene_of(filled_deck(fake(), slots=8)))


def test_what_is_written_is_read_back_equal(tmp_path: Path, preset: Preset) -> None:
    file = tmp_path / "a.json"
    presets.write(file, preset)
    assert presets.read(file) == preset
    assert [f.name for f in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b'{"name": "x"}',
        b'{"name": "x", "scene": {"decks": [], "front": ""}}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"name": "x", "schema_version": 2, "scene": {}}',
    ],
)
def test_what_is_no_preset_is_refused_in_one_sentence(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "odd.json"
    file.write_bytes(text)
    with pytest.raises(PresetError) as caught:
        presets.read(file)
    assert is_one_sentence(str(caught.value))


def test_numbers_that_are_not_finite_are_refused(tmp_path: Path, preset: Preset) -> None:
    whole = preset.model_dump_json()
    number = str(preset.scene.decks[0].slots[0].latent[0])  # type: ignore[union-attr]
    for odd in ("NaN", "Infinity", "1e999", '"x"', "null"):
        with pytest.raises(PresetError):
            presets.parse(whole.replace(number, odd, 1).encode(), "odd.json")


def test_a_missing_and_a_huge_file_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match="cannot be read"):
        presets.read(tmp_path / "none.json")
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(1_000_000_000)  # sparse: takes no room
    with pytest.raises(PresetError, match="too large"):
        presets.read(huge)


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


def test_the_factory_presets_can_be_read() -> None:
    for name, found in presets.factory().items():
        assert found.name, name
