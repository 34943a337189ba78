"""With modulators at work everything is named, reached by Tab, and no word is cut."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from studio.modulation.kinds import KINDS
from studio.settings.declared import TEXT_SIZE
from tests.ui.main_window.test_longer_words import is_cut, settle, worded
from tests.ui.main_window.test_screen_reader import amiss, missed
from tests.ui.modulation.test_connecting import views
from tests.ui.real_decks import real_stage
from tests.ui.stage import Stage, forget_the_dead
from ui import accessible_roles, theme

TARGETS = ("pad/x", "pad/y", "path", "weight/a")


def at_work(open_stage: Callable[..., Stage], width: int, height: int) -> Stage:
    """One of each kind, connected to a row, both ways of the pad, a slot, a field and a slider."""
    stage = real_stage(open_stage, width, height)
    modulation = stage.session.modulation
    for kind in KINDS:
        modulation.add(kind)
    own = stage.session.controls("deck0")[0].name
    for number, target in enumerate((own, *TARGETS), start=1):
        modulation.connect(number, f"/deck/1/{target}")
    for address in ("/transport/tempo", "/morph/fader", "/sound/volume", "/modulator/1/rate"):
        modulation.connect(3, address)
    QApplication.processEvents()
    return stage


def test_every_control_is_named_and_reached(open_stage: Callable[..., Stage]) -> None:
    accessible_roles.install()
    stage = at_work(open_stage, 1440, 900)
    assert not amiss(stage.window)
    stage.focus(stage.window.pad)
    assert not missed(stage.window)
    stage.window.tabs.turn_to_page(views(stage).page)
    for id in range(1, len(KINDS) + 1):
        views(stage).selection.choose(id)
        QApplication.processEvents()
        assert not amiss(stage.window), id
    stage.focus(stage.window.pad)
    assert not missed(stage.window)
    forget_the_dead()


@pytest.mark.parametrize("text", ["100 %", "130 %"])
def test_no_word_is_cut(open_stage: Callable[..., Stage], qapp: QApplication, text: str) -> None:
    theme.use_text_size(qapp, text)
    cut = set[tuple[int, str]]()
    try:
        stage = at_work(open_stage, 1120, 660)
        for id in range(len(KINDS) + 1):
            if id:
                stage.window.tabs.turn_to_page(views(stage).page)
                views(stage).selection.choose(id)
            settle()
            cut |= {(id, w.text()) for w in worded(stage.window) if is_cut(w)}  # type: ignore[attr-defined]
    finally:
        theme.use_text_size(qapp, TEXT_SIZE.default)
    forget_the_dead()
    assert not cut
