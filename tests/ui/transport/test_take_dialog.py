"""A take scrubbed on the stage."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from studio.document.scene import Scene
from studio.processes.child import code_command
from studio.recording.take import Header
from studio.recording.take_writer import TakeWriter
from tests.ui.live_stage import LiveStage
from ui.export import film_dialog
from ui.export.film_dialog import FilmDialog
from ui.transport._take_dialog import TakeDialog, show_take


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, no_widget_left_behind: None) -> Iterator[LiveStage]:
    made = LiveStage(qtbot, tmp_path)
    yield made
    made.close()


def recorded(file: Path, before: Scene) -> list[Scene]:
    """A take of three seconds; the scenes after the first and the second of them."""
    writer = TakeWriter(file, Header, before, failed=pytest.fail)
    moments = [before.with_deck(before.front_deck.but(pad=(x, 0.0))) for x in (0.25, 0.5)]
    for second, scene in enumerate(moments, start=1):
        writer.scene(float(second), 0.0, scene, scene)
    writer.say(3.0, end="stopped")
    writer.close()
    return moments


def shown(stage: LiveStage, file: Path, said: list[str]) -> TakeDialog:
    """The dialog of a take that was read."""
    dialog = show_take(stage.session, file, said.append, stage.window)
    assert not dialog.opens.isEnabled(), "nobody waits for it"
    stage.bot.waitUntil(dialog.opens.isEnabled)
    return dialog


def test_a_take_is_scrubbed_left_and_opened(stage: LiveStage, tmp_path: Path) -> None:
    session, file, said = stage.session, tmp_path / "a.take", list[str]()
    before = session.scene
    moments = recorded(file, before)
    for opens in (False, True):
        dialog = shown(stage, file, said)
        dialog.place.setValue(round(1.5 * 30))
        assert session.scene.front_deck.pad == (0.25, 0.0)
        assert dialog.says.text().startswith("0:01 of 0:03. ")
        dialog.accept() if opens else dialog.reject()
        assert session.scene == (moments[0] if opens else before)
    session.undo()
    assert session.scene == before
    dialog = shown(stage, file, said)
    session.pads.move(before.front, (0.75, 0.0))
    moved = session.scene
    dialog.place.setValue(round(2.5 * 30))
    assert session.scene.front_deck.pad == (0.5, 0.0)
    dialog.reject()
    assert session.scene == moved, "what a hand does meanwhile is not lost"
    file.write_bytes(b"")
    show_take(session, file, said.append, stage.window)
    stage.bot.waitUntil(lambda: bool(said))
    assert said == ["The file a.take is not a take: it holds nothing."]
    assert session.scene == moved


WRITES = """
import sys
out = sys.argv[sys.argv.index("--out") + 1]
open(out, "w").write(" ".join(sys.argv[1:]))
print("0.5000", flush=True)
if "waits" in out:
    sys.stdin.read()
    sys.exit("It was stopped.")
"""


def test_a_film_of_a_take_is_written_by_another_process_and_can_be_stopped(
    stage: LiveStage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, said = tmp_path / "a.take", list[str]()
    recorded(file, stage.session.scene)
    take = shown(stage, file, said)

    def dialog() -> FilmDialog:
        take.films.click()
        return next(d for d in stage.window.findChildren(FilmDialog) if d.isVisible())

    film = dialog()
    film.write(tmp_path / "film.mp4")  # by the real command, which has no such engine
    qtbot.waitUntil(lambda: film.go.isEnabled(), timeout=20_000)
    assert film.words.text().startswith("There is no engine 'fake'")
    film.begin.set(2.0)
    film.end.set(1.0)
    film.write(tmp_path / "film.mp4")
    assert not film.is_writing
    film.begin.set(0.5)
    film.size_picker.setCurrentIndex(3)
    monkeypatch.setattr(
        film_dialog, "module_command", lambda *words: (*code_command(WRITES), *words[2:])
    )
    film.write(tmp_path / "film.mp4")
    qtbot.waitUntil(lambda: bool(said), timeout=5_000)
    assert said.pop() == f"Saved film.mp4 in {tmp_path}."
    wanted = "--size 3840x2160 --fps 30 --watched --from 0.500 --to 1.000"
    assert (tmp_path / "film.mp4").read_text().endswith(wanted)
    film = dialog()
    film.write(tmp_path / "waits.mp4")
    qtbot.waitUntil(lambda: film.words.text() == "50%", timeout=5_000)
    film.reject()
    assert not film.is_writing
    assert said == ["waits.mp4 was not made."]
    take.reject()
