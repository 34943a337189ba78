"""Figures with goals: the table, and the JSON that other programs read."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from studio.commands import report
from studio.commands.report import Row, at_least, at_most, machine, show, write_json

ROWS = [
    Row("arrived_over_tuned", 0.97, "", at_least(0.95), "2000 moves [cpu]"),
    Row("longest_stall_ms", 12.5, "ms", at_most(8)),
    Row("pictures_per_s", 57.03125, "1/s"),
]


@pytest.mark.parametrize(
    ("goal", "value", "met"),
    [
        (at_least(1), 1.0, True),
        (at_least(1), 0.999, False),
        (at_most(1), 1.0, True),
        (at_most(1), 1.001, False),
        (at_least(1), float("nan"), False),
        (at_most(1), float("nan"), False),
        (None, 5.0, None),
    ],
)
def test_a_goal_is_met_at_its_own_value_and_never_by_nan(
    goal: report.Goal | None, value: float, met: bool | None
) -> None:
    assert Row("x", value, goal=goal).met is met


def test_a_goal_reads_like_one() -> None:
    assert str(at_least(0.95)) == ">= 0.95"
    assert str(at_most(8)) == "<= 8"


def test_the_json_has_the_layout_that_was_promised(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    file.write_text("older")
    write_json(file, ROWS)
    document = json.loads(file.read_text("utf-8"))
    assert list(document) == ["machine", "rows"]
    assert document["machine"] == machine()
    assert document["rows"] == [
        {
            "name": "arrived_over_tuned",
            "value": 0.97,
            "unit": "",
            "goal": ">= 0.95",
            "met": True,
        },
        {"name": "longest_stall_ms", "value": 12.5, "unit": "ms", "goal": "<= 8", "met": False},
        {"name": "pictures_per_s", "value": 57.03125, "unit": "1/s", "goal": None, "met": None},
    ]


def test_what_is_no_number_is_null(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    write_json(file, [Row("x", float("nan"), goal=at_least(1)), Row("y", float("inf"))])
    rows = json.loads(file.read_text("utf-8"), parse_constant=pytest.fail)["rows"]
    assert [(row["value"], row["met"]) for row in rows] == [(None, False), (None, None)]


def test_the_table_names_the_machine_and_says_what_was_missed() -> None:
    text = StringIO()
    show("Pictures", ROWS, Console(file=text, width=200))
    printed = text.getvalue()
    assert "Pictures" in printed
    assert machine().split(",")[0] in printed
    by_name = {line.split()[1]: line for line in printed.splitlines() if "│" in line}
    assert "met" in by_name["arrived_over_tuned"]
    assert "2000 moves [cpu]" in by_name["arrived_over_tuned"]
    assert "missed" in by_name["longest_stall_ms"]
    assert "met" not in by_name["pictures_per_s"]


def test_the_machine_is_one_line() -> None:
    assert "\n" not in machine()
    assert " cores, " in machine()
    assert "Python 3." in machine()


def test_a_machine_that_does_not_say_what_it_is_still_has_a_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unreadable(self: Path, encoding: str) -> str:
        raise OSError

    monkeypatch.setattr(Path, "read_text", unreadable)
    assert " cores, " in machine()
