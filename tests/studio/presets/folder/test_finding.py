"""Searching and sorting the shelf."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from studio.presets.folder.entries import PresetEntry
from studio.presets.folder.finding import by_name, found, tags_of
from studio.presets.folder.library import Library
from tests.studio.presets.makers import library, preset


@pytest.fixture
def shelf(tmp_path: Path) -> Library:
    def on(day: int) -> datetime:
        return datetime(2026, 5, day, tzinfo=UTC)

    return library(
        tmp_path,
        preset("Käse rind", tags=("Slow", "food"), made_at=on(3), notes="with a river\nin it"),
        preset("take 10", tags=("fast",), made_at=on(1), author="Søren"),
        preset("Take 2", tags=("slow",), made_at=on(2)),
    )


def names(entries: list[PresetEntry]) -> list[str]:
    return [entry.name for entry in entries]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ["Käse rind", "Take 2", "take 10"]),
        ("take", ["Take 2", "take 10"]),
        ("KASE", ["Käse rind"]),
        ("ake 1", ["take 10"]),
        ("river", ["Käse rind"]),
        ("søren", ["take 10"]),
        ("slow", ["Käse rind", "Take 2"]),
        ("#slow take", ["Take 2"]),
        ("#low", []),
        ("first fake", ["Käse rind", "Take 2", "take 10"]),
        ("nothing", []),
    ],
)
def test_words_are_found_wherever_they_stand(
    shelf: Library, words: str, expected: list[str]
) -> None:
    assert names(shelf.find(words)) == expected


def test_what_is_called_so_comes_before_what_only_has_the_words(tmp_path: Path) -> None:
    shelf = library(
        tmp_path,
        preset("A toe to bend", notes="be it so, to all"),
        preset("Bee", notes="glad to be here"),
        preset("To be or not"),
        preset("Zeal"),
    )
    assert names(shelf.find("to be")) == ["A toe to bend", "To be or not", "Bee"]


def test_tags_must_all_be_there(shelf: Library) -> None:
    assert names(shelf.find(tags=["SLOW"])) == ["Käse rind", "Take 2"]
    assert names(shelf.find(tags=["slow", "food"])) == ["Käse rind"]


def test_the_shelf_can_be_sorted(shelf: Library) -> None:
    assert names(shelf.find(order="newest")) == ["Käse rind", "Take 2", "take 10"]
    assert names(shelf.find("take", order="newest")) == ["Take 2", "take 10"]


def test_tags_are_counted_most_used_first(tmp_path: Path) -> None:
    shelf = library(
        tmp_path, preset("A", tags=("b", "a")), preset("B", tags=("a",)), preset("C", tags=("c",))
    )
    assert list(tags_of(shelf.entries).items()) == [("a", 2), ("b", 1), ("c", 1)]


def test_numbers_in_names_count_by_their_value() -> None:
    entries = [PresetEntry("", name, Path(), "") for name in ("x10", "x9", "x", "9", "10 y", "X1")]
    assert [entry.name for entry in by_name(entries)] == ["9", "10 y", "x", "X1", "x9", "x10"]


def test_an_empty_search_is_all(shelf: Library) -> None:
    assert found(shelf.entries) == list(shelf.entries)
