"""The table of faults in FAULTS.md is true: every test that it names is there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pytest

_ROOT = Path(__file__).parent.parent
_AREAS = {"MIDI", "Clock", "OSC", "Sound", "Files", "Pictures", "Environments"}


class Fault(NamedTuple):
    area: str
    kind: str
    elsewhere: str
    report: str
    test: str


def faults() -> list[Fault]:
    """The rows of all tables, each with the heading above it."""
    found, area = [], ""
    for line in (_ROOT / "tests" / "FAULTS.md").read_text("utf-8").splitlines():
        if line.startswith("## "):
            area = line.removeprefix("## ")
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[0] != "Kind":
            found.append(Fault(area, *cells))
    return found


@lru_cache(maxsize=64)
def names_in(file: str) -> frozenset[str]:
    """The names of the functions in a file."""
    tree = ast.parse((_ROOT / file).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_there_are_many_kinds_of_every_area() -> None:
    counts = Counter(fault.area for fault in faults())
    assert set(counts) == _AREAS
    assert min(counts.values()) >= 6
    assert sum(counts.values()) >= 60


def test_no_kind_is_told_twice() -> None:
    kinds = Counter(fault.kind for fault in faults())
    assert [kind for kind, count in kinds.items() if count > 1] == []


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.kind)
def test_a_fault_names_its_report_and_a_test_that_is_there(fault: Fault) -> None:
    assert re.fullmatch(r"[\w.-]+/[\w.-]+#\d+", fault.report)
    file, _, name = fault.test.strip("`").partition("::")
    assert (_ROOT / file).is_file()
    assert name in names_in(file)
