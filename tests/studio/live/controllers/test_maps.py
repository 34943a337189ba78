"""Controller maps on disk."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from studio.live.controllers import maps
from studio.live.controllers._source import source
from studio.live.controllers.binding import Binding, Map
from studio.live.controllers.maps import MapError
from tests.fakes import is_one_sentence

KNOB = Binding(source=source("cc", 1, 74), address="/deck/1/contrast")
PAD = Binding(source=source("note", 10, 36), address="/deck/1/slot/a", mode="toggle")


@pytest.fixture
def map_() -> Map:
    return Map(device="nanoKONTROL2", bindings=(KNOB, PAD))


def test_what_is_kept_is_loaded_equal(tmp_path: Path, map_: Map) -> None:
    folder = tmp_path / "not made yet"
    maps.keep(folder, map_)
    assert maps.load(folder, "nanoKONTROL2") == map_
    assert len(list(folder.iterdir())) == 1


def test_a_device_that_nobody_mapped_has_an_empty_map(tmp_path: Path) -> None:
    assert maps.load(tmp_path, "Launchpad") == Map(device="Launchpad")
    assert list(tmp_path.iterdir()) == []


def test_devices_never_share_a_file_even_where_case_counts_for_nothing(tmp_path: Path) -> None:
    names = ["Pad", "pad", "PAD", "Pad!", "Päd", "../../pad", "", "a" * 200, "a" * 199]
    files = {maps.file_of(tmp_path, name).name.casefold() for name in names}
    assert len(files) == len(names)
    assert all(maps.file_of(tmp_path, name).parent == tmp_path for name in names)


def test_the_users_maps_live_in_the_users_folder(home: Path) -> None:
    assert home in maps.default_folder().parents
    assert not maps.default_folder().exists()


def test_a_shared_map_serves_another_device(tmp_path: Path, map_: Map) -> None:
    file = tmp_path / "from a friend.json"
    maps.write(file, map_)
    assert maps.read(file).but(device="other").bindings == map_.bindings
    maps.file_of(tmp_path, "other").write_bytes(file.read_bytes())
    assert maps.load(tmp_path, "other").device == "other"


def spoilt(map_: Map, **changes: object) -> bytes:
    return json.dumps({**json.loads(map_.model_dump_json()), **changes}).encode()


BINDING = json.loads(KNOB.model_dump_json())


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        spoilt(Map(device="x"), schema_version=2),
        spoilt(Map(device="x"), device=""),
        spoilt(Map(device="x"), surprise=1),
        spoilt(Map(device="x"), bindings=[{**BINDING, "low": 0.9, "high": 0.1}]),
        spoilt(Map(device="x"), bindings=[{**BINDING, "low": float("nan")}]),
        spoilt(Map(device="x"), bindings=[{**BINDING, "address": "no slash"}]),
        spoilt(Map(device="x"), bindings=[{**BINDING, "mode": "sideways"}]),
        spoilt(Map(device="x"), bindings=[{**BINDING, "speed": 1e9}]),
        spoilt(Map(device="x"), bindings=[{**BINDING, "source": {"kind": "cc", "channel": 1}}]),
    ],
)
def test_what_is_no_map_is_refused_in_one_sentence(tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "odd.json"
    file.write_bytes(text)
    with pytest.raises(MapError) as caught:
        maps.read(file)
    assert is_one_sentence(str(caught.value))


def test_a_missing_and_a_huge_file_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MapError, match="cannot be read"):
        maps.read(tmp_path / "none.json")
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(1_000_000_000)
    with pytest.raises(MapError, match="too large"):
        maps.read(huge)


def test_an_unreadable_map_is_set_aside_not_overwritten(tmp_path: Path, map_: Map) -> None:
    for odd in (b"from the future", b"and another"):
        maps.file_of(tmp_path, map_.device).write_bytes(odd)
        maps.keep(tmp_path, map_)
    aside = sorted(f.read_bytes() for f in tmp_path.glob("*.unreadable*.json"))
    assert aside == [b"and another", b"from the future"]
    assert maps.load(tmp_path, map_.device) == map_


def test_an_unreadable_map_that_cannot_be_moved_is_not_overwritten(
    tmp_path: Path, map_: Map, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(file: Path, to: Path) -> None:
        raise PermissionError(13, "Permission denied")

    file = maps.file_of(tmp_path, map_.device)
    file.write_bytes(b"from the future")
    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(MapError) as caught:
        maps.keep(tmp_path, map_)
    assert is_one_sentence(str(caught.value))
    assert file.read_bytes() == b"from the future"


def test_two_copies_of_the_app_keep_what_each_has_changed(tmp_path: Path, map_: Map) -> None:
    seen = maps.keep(tmp_path, map_)
    third = KNOB.but(address="/deck/1/mirror")
    theirs = maps.keep(tmp_path, seen.without(PAD.address).with_binding(third), seen)
    both = maps.keep(tmp_path, seen.replaced(KNOB, KNOB.but(invert=True)), seen)
    assert set(both.bindings) == {KNOB.but(invert=True), third}
    assert maps.load(tmp_path, map_.device) == both
    lit = maps.keep(tmp_path, theirs.but(feedback=True), theirs)
    assert (lit.feedback, set(lit.bindings)) == (True, set(both.bindings))


def test_where_both_changed_the_same_binding_the_one_that_is_kept_last_holds(
    tmp_path: Path, map_: Map
) -> None:
    seen = maps.keep(tmp_path, map_)
    maps.keep(tmp_path, seen.replaced(KNOB, KNOB.but(low=0.5)), seen)
    kept = maps.keep(tmp_path, seen.replaced(KNOB, KNOB.but(invert=True)), seen)
    assert kept.of(KNOB.address) == (KNOB.but(invert=True),)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path, map_: Map) -> None:
    (tmp_path / "config").write_text("a file of that name")
    with pytest.raises(MapError) as caught:
        maps.keep(tmp_path / "config" / "controllers", map_)
    assert is_one_sentence(str(caught.value))


def test_a_failure_leaves_the_old_map_and_nothing_else(
    tmp_path: Path, map_: Map, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    maps.keep(tmp_path, map_)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MapError, match="No space left on device") as caught:
        maps.keep(tmp_path, map_.without(KNOB.address))
    assert is_one_sentence(str(caught.value))
    monkeypatch.undo()
    assert maps.load(tmp_path, map_.device) == map_
    assert len(list(tmp_path.iterdir())) == 1


def test_one_binding_for_each_address(map_: Map) -> None:
    other = KNOB.but(source=source("cc", 1, 75))
    assert map_.with_binding(other).of(KNOB.address) == (other,)
    assert map_.with_binding(other).of(PAD.address) == (PAD,)
    assert map_.without(KNOB.address).bindings == (PAD,)
    assert map_.replaced(KNOB, KNOB.but(invert=True)).bindings[0].invert


def test_a_binding_is_checked_when_it_changes() -> None:
    with pytest.raises(ValueError, match="the range is empty"):
        KNOB.but(low=0.5, high=0.5)


def test_a_binding_has_words() -> None:
    assert str(KNOB) == "CC 74, channel 1"
    changed = KNOB.but(mode="sign bit", invert=True, low=0.25)
    assert str(changed) == "CC 74, channel 1, sign bit, inverted, from 25% to 100%"
