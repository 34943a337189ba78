"""The artist's shelf: saved, renamed, deleted, found, and never lost."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from studio.presets import Library, PresetError, parse, text_of
from studio.presets.folder._vault import Signature
from studio.presets.folder.entries import look_of
from studio.presets.folder.versions import KEPT
from tests.fakes import PATIENCE_S, FakeClock, is_one_sentence
from tests.studio.presets.makers import PICTURE, files_in, library, preset, scene


def names(shelf: Library) -> list[str]:
    return [entry.name for entry in shelf.entries]


# -- saving ----------------------------------------------------------------------------------------


def test_what_is_saved_is_on_the_shelf_and_in_the_folder(tmp_path: Path) -> None:
    shelf = library(tmp_path / "Presets")
    made = preset("First light", tags=("slow",))
    entry = shelf.add(made, PICTURE)
    assert files_in(tmp_path / "Presets") == ["First light.json", "First light.png"]
    assert (entry.id, entry.name, entry.tags) == (made.id, "First light", ("slow",))
    assert shelf.open(made.id).preset == made


def test_nothing_is_ever_saved_over_another_of_the_same_name(tmp_path: Path) -> None:
    shelf = library(tmp_path, preset("Same", 1), preset("Same", 2), preset("SAME", 3))
    assert files_in(tmp_path) == ["SAME 3.json", "Same 2.json", "Same.json"]
    assert sorted(shelf.open(e.id).preset.scene.decks[0].seed for e in shelf.entries) == [1, 2, 3]


def test_saving_over_keeps_what_was_there_as_a_version(tmp_path: Path) -> None:
    shelf = library(tmp_path, first := preset(seed=1))
    saved = shelf.update(first.but(scene=scene(2)), shelf.open(first.id).stamp)
    assert saved.remark == ""
    assert shelf.open(first.id).preset.scene == scene(2)
    (version,) = shelf.versions(first.id)
    assert shelf.open_version(version) == first


def test_the_last_ten_versions_are_kept(tmp_path: Path) -> None:
    shelf = library(tmp_path, made := preset(seed=0))
    for seed in range(1, 15):
        shelf.update(made.but(scene=scene(seed)), shelf.open(made.id).stamp)
    kept = [shelf.open_version(v).scene.decks[0].seed for v in shelf.versions(made.id)]
    assert kept == [13, 12, 11, 10, 9, 8, 7, 6, 5, 4]
    assert len(kept) == KEPT


def test_going_back_to_a_version_loses_nothing(tmp_path: Path) -> None:
    shelf = library(tmp_path, made := preset(seed=1))
    shelf.update(made.but(scene=scene(2)), shelf.open(made.id).stamp)
    shelf.revert(made.id, shelf.versions(made.id)[0])
    assert shelf.open(made.id).preset.scene == scene(1)
    assert shelf.open_version(shelf.versions(made.id)[0]).scene == scene(2)


def test_saving_the_same_again_makes_no_version(tmp_path: Path) -> None:
    shelf = library(tmp_path, made := preset())
    shelf.update(made, shelf.open(made.id).stamp)
    assert shelf.versions(made.id) == []


# -- two at once -----------------------------------------------------------------------------------


def test_two_copies_of_the_instrument_overwrite_nothing(tmp_path: Path) -> None:
    ours, theirs = library(tmp_path, made := preset("Ours", 1)), library(tmp_path)
    opened, seen = ours.open(made.id), theirs.open(made.id).stamp
    theirs.update(made.but(scene=scene(2)), seen)
    saved = ours.update(made.but(scene=scene(3)), opened.stamp)
    assert is_one_sentence(saved.remark.split(". ")[0] + ".")
    assert saved.entry.id != made.id
    assert ours.open(made.id).preset.scene == scene(2)
    assert ours.open(saved.entry.id).preset.scene == scene(3)


def test_what_was_deleted_meanwhile_is_saved_anew(tmp_path: Path) -> None:
    shelf = library(tmp_path, made := preset(seed=1))
    seen = shelf.open(made.id).stamp
    (tmp_path / "First light.json").unlink()
    for _ in range(2):  # before the shelf knows it, and after
        saved = shelf.update(made.but(scene=scene(2)), seen)
        assert saved.remark
        assert shelf.open(saved.entry.id).preset.scene == scene(2)


def test_while_another_copy_writes_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.presets.folder._vault._LOCK_S", 0.01)
    ours, theirs = library(tmp_path, preset("A")), library(tmp_path)
    with theirs._vault.changing(), pytest.raises(PresetError, match="try again") as caught:
        ours.add(preset("B"))
    assert is_one_sentence(str(caught.value))
    ours.add(preset("B"))
    assert names(ours) == ["A", "B"]


def test_renaming_takes_what_another_copy_has_changed_along(tmp_path: Path) -> None:
    ours, theirs = library(tmp_path, made := preset("Old")), library(tmp_path)
    theirs.annotate(made.id, notes="theirs")
    ours.rename(made.id, "New")
    opened = ours.open(made.id).preset
    assert (opened.name, opened.notes) == ("New", "theirs")


# -- names, tags, favourites -----------------------------------------------------------------------


def test_a_renamed_preset_takes_its_file_and_picture_along(tmp_path: Path) -> None:
    shelf = library(tmp_path)
    entry = shelf.add(preset("Old"), PICTURE)
    renamed = shelf.rename(entry.id, "New / bright")
    assert files_in(tmp_path) == ["New - bright.json", "New - bright.png"]
    assert (renamed.name, renamed.id) == ("New / bright", entry.id)
    assert shelf.thumbnail(entry.id) is not None


def test_renaming_to_a_name_that_is_taken_overwrites_nothing(tmp_path: Path) -> None:
    shelf = library(tmp_path, preset("A", 1), other := preset("B", 2))
    shelf.rename(other.id, "A")
    assert files_in(tmp_path) == ["A 2.json", "A.json"]
    assert names(shelf) == ["A", "A"]


def test_a_name_may_change_its_case_alone(tmp_path: Path) -> None:
    shelf = library(tmp_path, made := preset("light"))
    shelf.rename(made.id, "LIGHT")
    assert files_in(tmp_path) == ["LIGHT.json"]


def test_what_is_said_about_a_preset_can_change_without_its_scene(tmp_path: Path) -> None:
    shelf = library(tmp_path, made := preset())
    shelf.annotate(made.id, tags=("a", "b", "a"), author="Me")
    opened = shelf.open(made.id).preset
    assert (opened.tags, opened.author, opened.scene) == (("a", "b"), "Me", made.scene)
    assert shelf.annotate(made.id, tags=()).tags == ()


def test_a_duplicate_is_another_preset_with_the_same_scene(tmp_path: Path) -> None:
    shelf = library(tmp_path)
    entry = shelf.add(preset("Take"), PICTURE)
    twin = shelf.duplicate(entry.id)
    assert (twin.name, twin.look) == ("Take 2", entry.look)
    assert twin.id != entry.id
    assert shelf.thumbnail(twin.id) is not None


def test_favourites_are_kept_beside_the_documents(tmp_path: Path) -> None:
    shelf = library(tmp_path, a := preset("A"), b := preset("B"))
    before = (tmp_path / "A.json").read_bytes()
    library(tmp_path).mark([b.id])
    shelf.mark([a.id])
    assert [e.name for e in shelf.find(marked=True)] == ["A", "B"]
    shelf.mark([a.id], False)
    assert [e.name for e in library(tmp_path).find(marked=True)] == ["B"]
    assert (tmp_path / "A.json").read_bytes() == before


# -- taking away -----------------------------------------------------------------------------------


def test_a_deletion_can_be_undone(tmp_path: Path) -> None:
    shelf = library(tmp_path)
    gone = shelf.add(preset("Gone"), PICTURE)
    shelf.add(preset("Stays"))
    deleted = shelf.delete([gone.id])
    assert names(shelf) == ["Stays"]
    assert files_in(tmp_path) == ["Stays.json"]
    shelf.restore(deleted)
    assert names(shelf) == ["Gone", "Stays"]
    assert shelf.thumbnail(gone.id) is not None


def test_what_was_deleted_in_an_earlier_session_can_be_brought_back(tmp_path: Path) -> None:
    shelf = library(tmp_path, a := preset("A"), b := preset("B"))
    shelf.delete([a.id])
    shelf.delete([b.id])
    later = library(tmp_path)
    assert [deleted.names for deleted in later.deleted] == [("B.json",), ("A.json",)]
    later.restore(later.deleted[1])
    assert names(later) == ["A"]
    assert len(later.deleted) == 1


def test_what_is_brought_back_overwrites_nothing(tmp_path: Path) -> None:
    shelf = library(tmp_path, first := preset("Same", 1))
    deleted = shelf.delete([first.id])
    shelf.add(preset("Same", 2))
    shelf.restore(deleted)
    assert files_in(tmp_path) == ["Same 2.json", "Same.json"]
    assert shelf.open(first.id).preset.scene == scene(1)


def test_what_came_with_the_instrument_stays(tmp_path: Path) -> None:
    library(tmp_path / "factory", made := preset("Theirs", 1))
    shelf = Library(tmp_path / "own", tmp_path / "factory")
    shelf.refresh()
    assert shelf.entry(made.id).factory
    for forbidden in (
        lambda: shelf.delete([made.id]),
        lambda: shelf.rename(made.id, "Mine"),
        lambda: shelf.annotate(made.id, notes="x"),
    ):
        with pytest.raises(PresetError, match="came with the instrument"):
            forbidden()
    saved = shelf.update(made.but(scene=scene(2)), shelf.open(made.id).stamp)
    assert (saved.entry.factory, saved.entry.name) == (False, "Theirs 2")
    assert shelf.open(made.id).preset == made


# -- the folder ------------------------------------------------------------------------------------


def test_files_that_are_dropped_into_the_folder_appear(tmp_path: Path) -> None:
    clock = FakeClock()
    shelf = library(tmp_path, preset("A"), clock=clock)
    assert not shelf.refresh()
    (tmp_path / "dropped.json").write_bytes(text_of(preset("B")))
    assert shelf.refresh()
    assert names(shelf) == ["A", "B"]
    (tmp_path / "dropped.json").unlink()
    assert shelf.refresh()
    assert names(shelf) == ["A"]


def test_a_file_that_another_program_wrote_in_place_is_seen_in_a_while(tmp_path: Path) -> None:
    clock = FakeClock()
    shelf = library(tmp_path, made := preset("A"), clock=clock)
    shelf.refresh(closely=True)
    (tmp_path / "A.json").write_bytes(text_of(made.but(name="Other")))
    clock.advance(60)
    assert shelf.refresh()
    assert names(shelf) == ["Other"]


def test_a_broken_file_is_shown_with_its_trouble_once_it_has_come_to_rest(tmp_path: Path) -> None:
    (tmp_path / "half.json").write_bytes(text_of(preset())[:500])
    written = (tmp_path / "half.json").stat().st_mtime
    clock = FakeClock(written)
    shelf = library(tmp_path, clock=clock)
    assert names(shelf) == [], "it may still be on its way in"
    clock.advance(3)
    assert shelf.refresh()
    (entry,) = shelf.entries
    assert is_one_sentence(entry.problem)
    with pytest.raises(PresetError):
        shelf.open(entry.id)
    (tmp_path / "half.json").write_bytes(text_of(preset("Whole")))
    shelf.refresh(closely=True)
    assert names(shelf) == ["Whole"]


def test_a_copy_made_by_hand_gets_an_identity_of_its_own(tmp_path: Path) -> None:
    shelf = library(tmp_path, made := preset("A", 1))
    shutil.copy(tmp_path / "A.json", tmp_path / "A copy.json")
    shelf.refresh()
    assert [e.file.name for e in shelf.entries if e.id == made.id] == ["A.json"]
    (copy,) = (e for e in shelf.entries if e.id != made.id)
    opened = shelf.open(copy.id)
    shelf.update(opened.preset.but(scene=scene(2)), opened.stamp)
    assert shelf.open(made.id).preset == made
    assert parse((tmp_path / "A copy.json").read_bytes(), "copy").id == copy.id


def test_a_folder_that_is_not_there_is_an_empty_shelf(tmp_path: Path) -> None:
    shelf = library(tmp_path / "none")
    assert shelf.entries == ()
    assert shelf.trouble == ""
    assert not (tmp_path / "none").exists(), "looking makes no folders"


def test_a_folder_that_cannot_be_read_keeps_the_shelf_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = library(tmp_path, preset("A"))

    def gone(_: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("os.scandir", gone)
    shelf.refresh(closely=True)
    assert is_one_sentence(shelf.trouble)
    assert names(shelf) == ["A"]
    monkeypatch.undo()
    shelf.refresh(closely=True)
    assert shelf.trouble == ""


def test_the_shelf_can_be_seen_while_the_disk_is_slow(tmp_path: Path) -> None:
    shelf = library(tmp_path, made := preset("A"))
    with ThreadPoolExecutor(1) as other, shelf._lock:  # as while somebody looks at the folder
        seen = other.submit(lambda: (names(shelf), shelf.entry(made.id).name))
        assert seen.result(PATIENCE_S) == (["A"], "A")


@pytest.mark.parametrize("number", [13, 28, 30], ids=["denied", "full", "read-only"])
def test_a_folder_that_takes_nothing_gets_a_sentence_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    shelf = library(tmp_path, made := preset("A", 1))
    opened = shelf.open(made.id)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("studio.storage.files.beside", refuse)
    for change in (
        lambda: shelf.add(preset("B")),
        lambda: shelf.update(made.but(scene=scene(2)), opened.stamp),
        lambda: shelf.rename(made.id, "C"),
        lambda: shelf.mark([made.id]),
    ):
        with pytest.raises(PresetError) as caught:
            change()
        assert is_one_sentence(str(caught.value))
    monkeypatch.undo()
    shelf.refresh(closely=True)
    assert names(shelf) == ["A"]
    assert shelf.open(made.id).preset == made
    assert files_in(tmp_path) == ["A.json"]


def test_a_link_to_elsewhere_is_never_written_through(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    outside = tmp_path / "outside.json"
    outside.write_bytes(text_of(made := preset("Outside", 1)))
    (tmp_path / "own" / "link.json").symlink_to(outside)
    shelf = library(tmp_path / "own")
    shelf.update(made.but(scene=scene(2)), shelf.open(made.id).stamp)
    assert parse(outside.read_bytes(), "outside") == made
    assert shelf.open(made.id).preset.scene == scene(2)


def test_what_a_killed_copy_left_is_cleared_away_in_time(tmp_path: Path) -> None:
    stray, picture = tmp_path / ".A.json.k3j2h1_x", tmp_path / ".A.png.k3j2h1_x"
    for file in (stray, picture, tmp_path / ".somebody.else"):
        file.write_text("half")
        os.utime(file, (1e9, 1e9))
    library(tmp_path, clock=FakeClock(stray.stat().st_mtime + 60))
    assert stray.exists(), "its owner may be at work"
    library(tmp_path, clock=FakeClock(stray.stat().st_mtime + 7200))
    assert [file.name for file in tmp_path.iterdir()] == [".somebody.else"]


def test_a_rename_that_was_cut_short_leaves_one_preset(tmp_path: Path) -> None:
    library(tmp_path, made := preset("A"))
    os.link(tmp_path / "A.json", tmp_path / "B.json")
    assert [entry.id for entry in library(tmp_path).entries] == [made.id]
    assert len(files_in(tmp_path)) == 1


@pytest.mark.parametrize("inode", [0, 7])
def test_a_file_system_without_inodes_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inode: int
) -> None:
    library(tmp_path, preset("A"), preset("B"))
    known = Signature.of

    def alike(held: os.stat_result) -> Signature:
        return replace(known(held), inode=inode)

    monkeypatch.setattr(Signature, "of", alike)
    assert names(library(tmp_path)) == ["A", "B"]


# -- pictures --------------------------------------------------------------------------------------


def test_a_picture_of_an_earlier_scene_is_not_shown(tmp_path: Path) -> None:
    shelf = library(tmp_path)
    made = preset()
    entry = shelf.add(made, PICTURE)
    assert shelf.thumbnail(entry.id) is not None
    shelf.update(made.but(scene=scene(5)), entry.stamp)
    assert shelf.thumbnail(entry.id) is None
    shelf.keep_thumbnail(entry.id, PICTURE, look_of(made))
    assert shelf.thumbnail(entry.id) is None, "it came too late"
    shelf.keep_thumbnail(entry.id, PICTURE, shelf.entry(entry.id).look)
    assert shelf.thumbnail(entry.id) is not None


def test_a_preset_whose_picture_cannot_be_kept_is_saved_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    shelf = library(tmp_path)
    monkeypatch.setattr("studio.storage.files.replace", full)
    entry = shelf.add(preset(), PICTURE)
    assert shelf.thumbnail(entry.id) is None


# -- the index -------------------------------------------------------------------------------------


@pytest.fixture
def indexed(tmp_path: Path) -> tuple[Path, FakeClock]:
    """A folder whose index holds its two presets."""
    library(tmp_path, preset("A"), preset("B"))
    clock = FakeClock((tmp_path / "A.json").stat().st_mtime + 100)
    library(tmp_path, clock=clock)
    assert len(json.loads((tmp_path / ".latent-loom/index.json").read_bytes())["entries"]) == 2
    return tmp_path, clock


def test_with_an_index_no_document_is_read(
    indexed: tuple[Path, FakeClock], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, clock = indexed

    def read(*_: object) -> bytes:
        raise AssertionError("a document was read")

    with monkeypatch.context() as patched:
        patched.setattr("studio.presets.folder._vault.Vault.read", read)
        shelf = library(folder, clock=clock)
    assert names(shelf) == ["A", "B"]
    assert shelf.entries == library(folder, clock=clock).entries


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"format": 2, "entries": [[1]]}', b"\xff"])
def test_a_damaged_index_is_made_anew(indexed: tuple[Path, FakeClock], damage: bytes) -> None:
    folder, clock = indexed
    (folder / ".latent-loom/index.json").write_bytes(damage)
    assert names(library(folder, clock=clock)) == ["A", "B"]


@pytest.mark.parametrize(
    ("place", "lie"), [(0, "../../evil"), (0, 5), (1, 5), (1, None), (5, [5]), (8, "x"), (9, 5)]
)
def test_an_index_that_lies_about_its_entries_is_made_anew(
    indexed: tuple[Path, FakeClock], place: int, lie: object
) -> None:
    folder, clock = indexed
    file = folder / ".latent-loom/index.json"
    lying = json.loads(file.read_bytes())
    lying["entries"][0][2][place] = lie
    file.write_text(json.dumps(lying))
    shelf = library(folder, clock=clock)
    assert names(shelf) == ["A", "B"]
    assert all(len(entry.id) == 32 for entry in shelf.entries)


def test_the_index_is_not_believed_about_a_file_that_was_touched(
    indexed: tuple[Path, FakeClock],
) -> None:
    folder, clock = indexed
    text = (folder / "A.json").read_bytes()
    times = (folder / "A.json").stat()
    (folder / "A.json").write_bytes(text.replace(b'"A"', b'"Z"'))  # the same size
    os.utime(folder / "A.json", ns=(times.st_atime_ns, times.st_mtime_ns))  # and time
    assert names(library(folder, clock=clock)) == ["B", "Z"]
