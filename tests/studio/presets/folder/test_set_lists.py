"""Set lists on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.presets import PresetError, SetList, SetLists
from studio.presets.folder.set_lists import parse
from tests.fakes import is_one_sentence
from tests.studio.presets.makers import files_in

A, B = "a" * 32, "b" * 32


def lists(folder: Path) -> SetLists:
    made = SetLists(folder)
    made.refresh()
    return made


def test_a_set_list_keeps_its_order_and_may_hold_a_preset_twice(tmp_path: Path) -> None:
    saved = lists(tmp_path).save(SetList(name="Tonight", presets=(B, A, B)))
    assert lists(tmp_path).get(saved.id).presets == (B, A, B)
    assert files_in(tmp_path) == ["Tonight.json"]


def test_saving_again_changes_it_and_its_name(tmp_path: Path) -> None:
    held = lists(tmp_path)
    saved = held.save(SetList(name="Tonight", presets=(A,)))
    held.save(saved.but(name="Tomorrow", presets=(A, B)))
    assert [each.name for each in lists(tmp_path).all] == ["Tomorrow"]
    assert files_in(tmp_path) == ["Tomorrow.json"]


def test_what_another_copy_made_of_it_stays_beside(tmp_path: Path) -> None:
    ours = lists(tmp_path)
    saved = ours.save(SetList(name="Tonight"))
    lists(tmp_path).save(saved.but(presets=(A,)))
    kept = ours.save(saved.but(presets=(B,)))
    assert (kept.name, kept.presets) == ("Tonight 2", (B,))
    assert ours.get(saved.id).presets == (A,)


def test_a_deletion_can_be_undone(tmp_path: Path) -> None:
    held = lists(tmp_path)
    saved = held.save(SetList(name="Tonight", presets=(A,)))
    deleted = held.delete(saved.id)
    assert held.all == ()
    held.restore(deleted)
    assert held.all == (saved,)


def test_a_list_that_is_dropped_into_the_folder_appears(tmp_path: Path) -> None:
    held = lists(tmp_path)
    (tmp_path / "x.json").write_text(SetList(name="Dropped").model_dump_json())
    assert held.refresh()
    assert not held.refresh()
    assert [each.name for each in held.all] == ["Dropped"]


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{}", b'{"name": "x", "presets": ["../evil"]}', b'{"schema_version": 2}']
)
def test_what_is_no_set_list_is_refused_and_left_out(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "odd.json").write_bytes(text)
    assert lists(tmp_path).all == ()
    with pytest.raises(PresetError) as caught:
        parse(text, "odd.json")
    assert is_one_sentence(str(caught.value))
