"""`latentloom presets check FILE`."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.commands import presets
from studio.engine.registry import Registry
from studio.presets import SetList, text_of
from studio.presets.sharing import bundles
from tests.fakes import fake, is_one_sentence
from tests.studio.presets.makers import PICTURE, full_scene, library, preset


def checked(file: Path, *engines: str) -> tuple[int, str]:
    said: list[str] = []
    registry = Registry.of(*(fake(name).spec for name in engines or ("fake",)))
    return presets.run(file, said.append, registry), "\n".join(said)


def test_it_says_what_a_preset_is_made_of(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(text_of(preset("Light", author="Me", tags=("slow",))))
    status, said = checked(file)
    assert status == 0
    for word in ("Preset: Light", "by Me", "slow", "fake first: 3 slots", "as it was made"):
        assert word in said


def test_it_says_what_moves_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(text_of(preset().but(scene=full_scene())))
    _, said = checked(file, "fake", "other")
    assert "Modulator 1: LFO, Wind; moves /modulator/3/rate +0.50" in said
    assert "Modulator 3: Steps; moves nothing" in said


def test_it_says_what_is_missing_here(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(text_of(preset()))
    status, said = checked(file, "other")
    assert status == 0
    assert "is not here" in said


def test_it_says_what_is_in_a_bundle(tmp_path: Path) -> None:
    shelf = library(tmp_path / "shelf")
    ids = [shelf.add(preset(name), PICTURE).id for name in ("One", "Two")]
    listed = SetList(name="Tonight", presets=tuple(ids))
    bundles.write(tmp_path / "a.loom", shelf, ids, set_list=listed)
    status, said = checked(tmp_path / "a.loom")
    assert status == 0
    for word in ("2 presets", "Tonight", "Preset: One", "Preset: Two", "SHA-256"):
        assert word in said


def test_it_knows_a_set_list(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(SetList(name="Tonight").model_dump_json())
    assert checked(file) == (0, "Set list: Tonight, 0 presets")


@pytest.mark.parametrize("content", [b"", b"{", b"PK\x03\x04 no", b"\x00" * 100])
def test_what_is_damaged_ends_with_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.loom"
    file.write_bytes(content)
    status, said = checked(file)
    assert status == 1
    assert is_one_sentence(said)


def test_nothing_in_a_file_steers_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    text = text_of(preset()).replace(b'"app_version": "0.1.0"', b'"app_version": "\\u001b[2J"')
    file.write_bytes(text)
    assert "\x1b" not in checked(file)[1]
