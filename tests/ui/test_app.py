"""What the system asks the instrument to open."""

from __future__ import annotations

from pathlib import Path

from ui.app import AskedFiles


def test_files_wait_for_the_window_and_later_ones_are_opened_at_once() -> None:
    given, early, late = Path("given.loom"), Path("early.loom"), Path("late.loom")
    opened: list[list[Path]] = []
    asked = AskedFiles([given])
    asked.ask(early)
    assert opened == []
    asked.open_by(opened.append)
    asked.ask(late)
    assert opened == [[given, early], [late]]
