"""Bundles: packed by one artist, taken in by another, believed by nobody."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.numpy import save

from studio.engine.own_pictures import LIMIT_BYTES, OwnPictureFiles
from studio.presets import Library, PresetError, SetList, Weights, text_of
from studio.presets.folder.entries import look_of
from studio.presets.folder.thumbnails import png_of
from studio.presets.sharing import bundles, importing
from studio.presets.sharing.bundles import ModelPart
from studio.presets.sharing.unpacking import opened
from studio.storage import folders
from tests.fakes import is_one_sentence, scene_of
from tests.studio.presets.makers import PICTURE, files_in, library, preset, scene

Parts = dict[str, bytes]


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A bundle of two presets in a set list, and a model."""
    shelf = library(tmp_path / "theirs")
    ids = [shelf.add(preset(name, n), PICTURE).id for n, name in enumerate(("One", "Two"))]
    shelf.keep_preview(ids[0], b"\x00\x00\x00\x18ftypmp42")
    weights = tmp_path / "first.safetensors"
    weights.write_bytes(save({"levels": PICTURE}))
    model = ModelPart(
        engine="fake",
        model="first",
        title="First",
        sha256=Weights().sha256(weights),
        file="models/first.safetensors",
        licence="CC0",
    )
    listed = SetList(name="Tonight", presets=(ids[1], ids[0], ids[1]))
    file = tmp_path / "tonight.loom"
    bundles.write(file, shelf, ids, set_list=listed, models=[(model, weights)])
    return file


def ours(folder: Path) -> Library:
    return library(folder / "ours")


def taken_in(file: Path, folder: Path) -> importing.Imported:
    return importing.take_in(file, ours(folder), folder / "models")


# -- there and back --------------------------------------------------------------------------------


def test_everything_in_a_bundle_arrives(packed: Path, tmp_path: Path) -> None:
    came = taken_in(packed, tmp_path)
    shelf, theirs = ours(tmp_path), library(tmp_path / "theirs")
    assert [entry.name for entry in came.entries] == ["One", "Two"]
    for entry in came.entries:
        assert shelf.open(entry.id).preset == theirs.open(entry.id).preset
        assert shelf.thumbnail(entry.id) is not None
    assert files_in(tmp_path / "ours") == [
        *("One.json", "One.mp4", "One.png", "Set lists", "Two.json", "Two.png")
    ]
    assert came.set_list is not None
    assert [shelf.entry(id).name for id in came.set_list.presets] == ["Two", "One", "Two"]
    (model,) = came.models
    assert Weights().sha256(model) == Weights().sha256(tmp_path / "first.safetensors")
    assert came.remarks == ()


def with_own(shelf: Library, data: bytes) -> str:
    """A preset with that own picture in two slots; its id."""
    deck = scene().decks[0]
    for index in (0, 1):
        slot = deck.slots[index]
        assert slot is not None
        deck = deck.with_slot(index, slot.but(own_picture=OwnPictureFiles().keep(data)))
    return shelf.add(preset("Mine").but(scene=scene_of(deck))).id


def test_own_pictures_come_along_each_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, file = save({"shade": PICTURE}), tmp_path / "mine.loom"
    id = with_own(library(tmp_path / "theirs"), data)
    assert bundles.write(file, library(tmp_path / "theirs"), [id]) == ()
    monkeypatch.setenv("HOME", str(tmp_path / "another"))
    monkeypatch.setenv("WIN_PD_OVERRIDE_PERSONAL", str(tmp_path / "another"))
    (kept,) = folders.own_pictures().glob("*") if taken_in(file, tmp_path).entries else ()
    assert kept.read_bytes() == data
    kept.unlink()
    assert "not on this computer" in bundles.write(file, ours(tmp_path), [id])[0]
    assert taken_in(file, tmp_path).entries[0].name == "Mine"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x80\x04cos\nsystem\n", "damaged"),
        (bytes(LIMIT_BYTES + 1), "too large"),
        (save({"other": PICTURE}), "not what it should be"),
    ],
)
def test_an_own_picture_that_is_none_keeps_the_bundle_out(
    tmp_path: Path, data: bytes, said: str
) -> None:
    good, file = save({"shade": PICTURE}), tmp_path / "mine.loom"
    shelf = library(tmp_path / "theirs")
    bundles.write(file, shelf, [with_own(shelf, good)])
    (kept,) = folders.own_pictures().glob("*")
    kept.unlink()
    name = kept.name if "not what" in said else f"{hashlib.sha256(data).hexdigest()}.safetensors"

    def exchange(parts: Parts) -> None:
        del parts[f"own/{kept.name}"]
        parts[f"own/{name}"] = data

    assert said in refused(repacked(file, exchange), tmp_path)
    assert list(folders.own_pictures().glob("*")) == []


def test_models_stay_out_where_nobody_wants_them(packed: Path, tmp_path: Path) -> None:
    assert importing.take_in(packed, ours(tmp_path)).models == ()


def test_a_bundle_that_comes_twice_is_taken_once(packed: Path, tmp_path: Path) -> None:
    taken_in(packed, tmp_path)
    again = taken_in(packed, tmp_path)
    assert len(ours(tmp_path).entries) == 2
    assert again.remarks == ("Of these presets, 2 are in your library already.",)


def test_ones_own_preset_of_the_same_identity_is_not_touched(packed: Path, tmp_path: Path) -> None:
    first = taken_in(packed, tmp_path).entries[0]
    shelf = ours(tmp_path)
    mine = shelf.open(first.id).preset.but(scene=scene(99))
    shelf.update(mine, first.stamp)
    came = taken_in(packed, tmp_path)
    assert shelf.open(first.id).preset == mine
    assert came.entries[0].id != first.id
    assert came.set_list is not None
    assert came.set_list.presets[1] == came.entries[0].id


def test_a_single_preset_can_be_taken_in_too(tmp_path: Path) -> None:
    made = preset("Alone")
    (tmp_path / "alone.json").write_bytes(text_of(made))
    (tmp_path / "alone.png").write_bytes(png_of(PICTURE, look_of(made)))
    (entry,) = importing.take_in(tmp_path / "alone.json", ours(tmp_path)).entries
    assert ours(tmp_path).open(entry.id).preset == made
    assert ours(tmp_path).thumbnail(entry.id) is not None


def test_a_set_list_that_travels_alone_says_what_it_lacks(tmp_path: Path) -> None:
    shelf = library(tmp_path / "ours", made := preset())
    listed = SetList(name="Tonight", presets=(made.id, "f" * 32))
    (tmp_path / "tonight.json").write_text(listed.model_dump_json())
    came = importing.take_in(tmp_path / "tonight.json", shelf)
    assert came.set_list == listed
    assert came.remarks == ("Of the presets in the set list Tonight, 1 are not here.",)


def test_a_bundle_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = library(tmp_path / "theirs", made := preset())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(PresetError, match="No space left"):
        bundles.write(tmp_path / "a.loom", shelf, [made.id])
    assert files_in(tmp_path) == ["theirs"]


# -- what is refused -------------------------------------------------------------------------------


def repacked(file: Path, change: Callable[[Parts], object], *, honest: bool = True) -> Path:
    """`file` with its parts changed; an `honest` manifest says what is in it then."""
    with zipfile.ZipFile(file) as bundle:
        parts = {name: bundle.read(name) for name in bundle.namelist()}
    change(parts)
    if honest and "bundle.json" in parts:
        manifest = json.loads(parts["bundle.json"])
        manifest["files"] = [
            {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in parts.items()
            if name != "bundle.json"
        ]
        parts["bundle.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in parts.items():
            bundle.writestr(name, data)
    return file


def refused(file: Path, folder: Path) -> str:
    """The sentence; nothing was kept, not even what came before the trouble."""
    with pytest.raises(PresetError) as caught:
        taken_in(file, folder)
    assert is_one_sentence(str(caught.value))
    assert ours(folder).entries == ()
    assert not (folder / "models").exists()
    return str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "presets/../../evil.json",
        "/tmp/evil.json",
        "C:\\evil.json",
        "presets\\evil.json",
        "presets/deep/evil.json",
        "presets/evil.py",
        "evil.json",
        "models/evil.pt",
        "presets/evil\x01.json",
        "presets/",
    ],
)
def test_a_name_that_does_not_belong_there(packed: Path, tmp_path: Path, name: str) -> None:
    file = repacked(packed, lambda parts: parts.update({name: b"{}"}))
    assert "does not belong there" in refused(file, tmp_path)
    assert not (tmp_path / "evil.json").exists()


def test_a_link(packed: Path, tmp_path: Path) -> None:
    info = zipfile.ZipInfo("presets/link.json")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(packed, "a") as bundle:
        bundle.writestr(info, "../../canary")
    assert "link" in refused(packed, tmp_path)


def test_a_file_that_the_manifest_does_not_name(packed: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(packed, "a") as bundle:
        bundle.writestr("presets/extra.json", "{}")
    assert "does not hold what it says" in refused(packed, tmp_path)


def test_content_that_is_not_what_the_manifest_says(packed: Path, tmp_path: Path) -> None:
    def exchange(parts: Parts) -> None:
        parts["presets/One.json"] = parts["presets/One.json"].replace(b"One", b"Won")

    file = repacked(packed, exchange, honest=False)
    assert "not what it should be" in refused(file, tmp_path)


def test_weights_that_are_not_those_of_the_manifest(packed: Path, tmp_path: Path) -> None:
    other = save({"levels": PICTURE + 1})
    file = repacked(packed, lambda parts: parts.update({"models/first.safetensors": other}))
    with pytest.raises(PresetError, match="not the one that it says"):
        taken_in(file, tmp_path)
    assert files_in(tmp_path / "models") == []


def test_weights_that_are_no_safetensors(packed: Path, tmp_path: Path) -> None:
    pickled = b"\x80\x04cos\nsystem\n"

    def exchange(parts: Parts) -> None:
        manifest = json.loads(parts["bundle.json"])
        manifest["models"][0]["sha256"] = hashlib.sha256(pickled).hexdigest()
        parts["bundle.json"] = json.dumps(manifest).encode()
        parts["models/first.safetensors"] = pickled

    with pytest.raises(PresetError, match="damaged"):
        taken_in(repacked(packed, exchange), tmp_path)
    assert files_in(tmp_path / "models") == []


def test_a_bomb_is_refused_by_its_claim_before_it_is_unpacked(packed: Path, tmp_path: Path) -> None:
    file = repacked(packed, lambda parts: parts.update({"presets/One.json": b" " * 60_000_000}))
    assert file.stat().st_size < 400_000
    assert "too large" in refused(file, tmp_path)


def test_a_bomb_that_claims_to_be_small_is_stopped(packed: Path, tmp_path: Path) -> None:
    repacked(packed, lambda parts: parts.update({"presets/One.json": b" " * 60_000_000}))
    content = bytearray(packed.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset : at + offset + 4] = (1000).to_bytes(4, "little")
            at = content.find(mark, at + 4)
    packed.write_bytes(content)
    refused(packed, tmp_path)


def test_a_list_of_files_that_claims_to_be_endless(packed: Path, tmp_path: Path) -> None:
    content = bytearray(packed.read_bytes())
    at = content.rfind(b"PK\x05\x06")
    content[at + 12 : at + 16] = (2_000_000_000).to_bytes(4, "little")
    packed.write_bytes(content)
    assert "too many files" in refused(packed, tmp_path)


def test_many_files_are_refused_before_they_are_listed(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for n in range(5000):
            bundle.writestr(f"presets/{n}.json", b"")
    (tmp_path / "many.loom").write_bytes(out.getvalue())
    assert "too many files" in refused(tmp_path / "many.loom", tmp_path)


def test_a_bundle_without_a_manifest(packed: Path, tmp_path: Path) -> None:
    file = repacked(packed, lambda parts: parts.pop("bundle.json"))
    assert "does not say what is in it" in refused(file, tmp_path)


def test_a_damaged_preset_keeps_the_whole_bundle_out(packed: Path, tmp_path: Path) -> None:
    file = repacked(packed, lambda parts: parts.update({"presets/Two.json": b"{"}))
    refused(file, tmp_path)


def test_a_damaged_thumbnail_is_left_out(packed: Path, tmp_path: Path) -> None:
    file = repacked(packed, lambda parts: parts.update({"presets/One.png": b"\x89PNG no"}))
    came = taken_in(file, tmp_path)
    assert ours(tmp_path).thumbnail(came.entries[0].id) is None
    assert ours(tmp_path).thumbnail(came.entries[1].id) is not None


def test_a_thumbnail_of_a_million_pixels_a_side_is_left_out(packed: Path, tmp_path: Path) -> None:
    def exchange(parts: Parts) -> None:
        png = bytearray(parts["presets/One.png"])
        png[16:24] = (1_000_000).to_bytes(4, "big") * 2
        parts["presets/One.png"] = bytes(png)

    came = taken_in(repacked(packed, exchange), tmp_path)
    assert ours(tmp_path).thumbnail(came.entries[0].id) is None


@pytest.mark.parametrize("cut", [3, 100, 2000])
def test_a_bundle_that_was_cut_off(packed: Path, tmp_path: Path, cut: int) -> None:
    packed.write_bytes(packed.read_bytes()[:-cut])
    refused(packed, tmp_path)


def test_a_newer_bundle_is_refused_kindly(packed: Path, tmp_path: Path) -> None:
    def newer(parts: Parts) -> None:
        parts["bundle.json"] = b'{"schema_version": 2, "marvels": []}'

    assert "newer" in refused(repacked(packed, newer, honest=False), tmp_path)


def test_looking_into_a_bundle_changes_nothing(packed: Path, tmp_path: Path) -> None:
    before = files_in(tmp_path)
    with opened(packed) as bundle:
        assert [packed.preset.name for packed in bundle.presets()] == ["One", "Two"]
    assert files_in(tmp_path) == before
