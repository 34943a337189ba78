"""A take scrubbed on the stage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.recording.take import Header
from studio.recording.take_writer import TakeWriter
from tests.ui.live_stage import LiveStage
from ui.transport._take_dialog import show_take


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, no_widget_left_behind: None) -> Iterator[LiveStage]:
    made = LiveStage(qtbot, tmp_path)
    yield made
    made.close()


def test_a_take_is_scrubbed_left_and_opened(stage: LiveStage, tmp_path: Path) -> None:
    session, file, said = stage.session, tmp_path / "a.take", list[str]()
    before = session.scene
    writer = TakeWriter(file, Header, before, failed=pytest.fail)
    moments = [before.with_deck(before.front_deck.but(pad=(x, 0.0))) for x in (0.25, 0.5)]
    for second, scene in enumerate(moments, start=1):
        writer.scene(float(second), 0.0, scene, scene)
    writer.say(3.0, end="stopped")
    writer.close()
    for opens in (False, True):
        dialog = show_take(session, file, said.append, stage.window)
        assert dialog is not None
        dialog.place.setValue(round(1.5 * 30))
        assert session.scene.front_deck.pad == (0.25, 0.0)
        assert dialog.says.text() == "0:01 of 0:03"
        dialog.accept() if opens else dialog.reject()
        assert session.scene == (moments[0] if opens else before)
    session.undo()
    assert session.scene == before
    file.write_bytes(b"")
    assert show_take(session, file, said.append, stage.window) is None
    assert said == ["The file a.take is not a take: it holds nothing."]
