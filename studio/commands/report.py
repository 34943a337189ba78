"""Figures with goals: what every `bench` and `evaluate` command prints and writes.

A report is a table on the screen and, with `--json FILE`, `{machine, rows: [{name, value, unit,
goal, met}]}` with stable snake_case names.
"""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from studio.storage import files


@dataclass(frozen=True)
class Goal:
    """The bar that a figure is held to."""

    side: Literal["at least", "at most"]
    value: float

    def met_by(self, value: float) -> bool:
        return value >= self.value if self.side == "at least" else value <= self.value

    def __str__(self) -> str:
        return f"{'>=' if self.side == 'at least' else '<='} {self.value:g}"


def at_least(value: float) -> Goal:
    """A bar that a figure has to reach."""
    return Goal("at least", value)


def at_most(value: float) -> Goal:
    """A bar that a figure must stay under."""
    return Goal("at most", value)


@dataclass(frozen=True)
class Row:
    """One figure. `note` says in words what it was measured on."""

    name: str
    value: float
    unit: str = ""
    goal: Goal | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None for a figure without one."""
        return None if self.goal is None else self.goal.met_by(self.value)


def machine() -> str:
    """This machine in one line: processor, cores that we may use, system, Python."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()} {platform.release()}"
    return f"{_processor()}, {cores} cores, {system}, Python {platform.python_version()}"


def show(title: str, rows: Sequence[Row], console: Console | None = None) -> None:
    """Print `rows` as a table under the machine's name."""
    table = Table(title=f"{title}\n{machine()}", title_justify="left")
    for column in ("figure", "value", "unit", "goal", ""):
        table.add_column(column, justify="right" if column == "value" else "left")
    table.add_column("measured on", overflow="fold")
    for row in rows:
        verdict = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}[row.met]
        goal = "" if row.goal is None else str(row.goal)
        table.add_row(row.name, f"{row.value:.4g}", row.unit, goal, verdict, escape(row.note))
    (console or Console()).print(table)


def json_of(rows: Sequence[Row]) -> bytes:
    """`rows` as the document that other programs read."""
    document = {
        "machine": machine(),
        "rows": [
            {
                "name": row.name,
                "value": row.value if math.isfinite(row.value) else None,  # JSON has no NaN
                "unit": row.unit,
                "goal": None if row.goal is None else str(row.goal),
                "met": row.met,
            }
            for row in rows
        ],
    }
    return f"{json.dumps(document, indent=2)}\n".encode()


def write_json(file: Path, rows: Sequence[Row]) -> None:
    """Write `rows` to `file`, replacing it, all or nothing. Raises OSError."""
    files.replace(file, json_of(rows))


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
