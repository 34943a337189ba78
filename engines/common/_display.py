"""How a training shows on a terminal how far it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class Show(Protocol):
    """Shows a training after `step` steps and `seconds`, `progress` (0..1) of the whole."""

    def __call__(
        self, step: int, seconds: float, progress: float, figures: Mapping[str, float]
    ) -> None: ...


@contextmanager
def display(title: str) -> Iterator[Show]:
    """A progress bar on a terminal, a line now and then elsewhere."""
    if not sys.stdout.isatty():
        yield _plain_lines()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>4.1f}%"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[figures]}"),
    )
    with Progress(*columns, speed_estimate_period=300) as bar:
        task = bar.add_task(title, total=1.0, figures="")

        def show(
            step: int,  # noqa: ARG001
            seconds: float,  # noqa: ARG001
            progress: float,
            figures: Mapping[str, float],
        ) -> None:
            bar.update(task, completed=progress, figures=_in_words(figures))

        yield show


def _plain_lines(every_s: float = 15.0) -> Show:
    printed = -every_s

    def show(step: int, seconds: float, progress: float, figures: Mapping[str, float]) -> None:
        nonlocal printed
        now = time.perf_counter()
        if now - printed < every_s:
            return
        printed = now
        left = seconds / 60 * (1 / max(progress, 1e-6) - 1)
        print(
            f"step {step}  {100 * progress:.1f}%  {left:.0f} min left  {_in_words(figures)}",
            flush=True,
        )

    return show


def _in_words(figures: Mapping[str, float]) -> str:
    return "  ".join(f"{name} {value:.4g}" for name, value in figures.items())
