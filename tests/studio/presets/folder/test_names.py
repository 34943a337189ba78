"""File names that every system takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.presets.folder.names import folded, free, safe


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("First light", "First light"),
        ("a/b\\c:d", "a-b-c-d"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("CON", "_CON"),
        ("lpt1.txt", "_lpt1.txt"),
        ("ends with dots...", "ends with dots"),
        (".hidden", "hidden"),
        ("\u202eevil", "evil"),
        ("", "Untitled"),
        ("???", "Untitled"),
        ("雪 Käse", "雪 Käse"),
        ("e\u0301", "é"),
    ],
)
def test_a_name_becomes_a_file_name(name: str, file: str) -> None:
    assert safe(name) == file


@given(st.text(max_size=400))
def test_whatever_it_is_it_stays_in_its_folder(name: str) -> None:
    made = safe(name)
    assert 0 < len(made.encode()) <= 124
    assert not set(made) & set('/\\:*?"<>|\x00\n')
    assert not made.startswith(".")
    assert not made.endswith((".", " "))
    assert safe(made) == made


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert free("a", set()) == "a"
    assert free("A", {"a"}) == "A 2"
    assert free("a", {"a", "a 2"}) == "a 3"
    assert len(free("x" * 120, {"x" * 120}).encode()) <= 124


def test_names_that_some_system_takes_for_one_are_one() -> None:
    assert folded("Käse") == folded("KA\u0308SE")
