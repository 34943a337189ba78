"""The window closes and comes again where it was; it asks only where something would be lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMessageBox

from tests.fakes import fake
from tests.ui.stage import Stage
from ui.main_window import _place


def test_the_next_window_has_the_size_of_the_last(open_stage: Callable[..., Stage]) -> None:
    first = open_stage(fake())
    first.window.resize(780, 560)
    first.window.close()
    second = open_stage(fake(), start=False)
    second.window.appear()
    assert second.window.size() == QSize(780, 560)


def test_it_asks_only_where_what_was_changed_cannot_be_kept(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(_: object, __: str, words: str) -> QMessageBox.StandardButton:
        asked.append(words)
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", answer)
    stage.session.pads.move("deck1", (0.5, 0.5))
    stage.settle()
    assert _place.may_close(stage.window)
    stage.repertoire.recovery.problem = "The disk is full."
    stage.window.close()
    assert asked[0].startswith("The disk is full.")
    assert stage.window.isVisible()
    stage.repertoire.recovery.problem = ""
