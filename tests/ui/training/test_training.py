"""The training room in the window: from a folder that is dropped to one's own model on a deck."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.training import trainings
from studio.training.runs import Plan, Status
from tests import training_fakes
from tests.ui.main_window.test_file_drops import drop, of
from tests.ui.stage import Stage
from ui.training import _training_page
from ui.training._curves import smoothed
from ui.training.dialog import TrainingDialog


@pytest.fixture
def stage(open_stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(trainings, "TrainingClient", training_fakes.FakeClient)
    return open_stage(training_fakes.learner())


def test_from_a_folder_to_a_model_that_is_played_shared_and_deleted(
    stage: Stage, tmp_path: Path
) -> None:
    folder = training_fakes.write_pictures(tmp_path / "leaves", 5)
    (folder / "broken.png").write_bytes(b"no picture")
    assert drop(stage.window, of(folder))
    dialog = stage.window.findChildren(TrainingDialog)[0]
    new = dialog.new
    stage.until(lambda: new.wall.count() == 5 and "Looking" not in new.about.text())
    assert new.about.text() == "5 pictures: variations of these."
    assert "broken.png is not a picture" in new.problems.text()
    assert (new.engine.currentText(), new.name.text()) == (
        "Learner · A space of pictures",
        "leaves",
    )
    assert [new.start.itemText(n) for n in range(new.start.count())] == ["First", "Nothing: slower"]

    new.wall.item(0).setSelected(True)
    QTest.keyClick(new.wall, Qt.Key.Key_R)
    QTest.keyClick(new.wall, Qt.Key.Key_Delete)
    assert new.about.text() == "4 pictures: variations of these."
    new.wall.item(1).setSelected(True)
    new.wall.item(2).setSelected(True)
    new.wall.leave_out()
    assert "too few" in new.about.text()
    assert not new.begin.isEnabled()
    new.wall.leave_out()
    assert new.about.text().startswith("5 pictures"), "all that was left out is back"
    new.licence.setText("CC0")
    new.begin.click()

    room, page = stage.window.training, dialog.training
    assert dialog.pages.currentWidget() is page
    stage.until(lambda: room.turn() or room.trainings.status.state == "running")
    page.refresh()
    assert page.about.text().startswith("leaves learns · 18 s of 20 min · 54 s left")
    assert page.film.words == "Sample 2 of 2, step 2"
    QTest.keyClick(page.film, Qt.Key.Key_Left)
    assert page.sample.text() == "Sample 1 of 2, step 1"
    assert page.curves.accessibleDescription().startswith("Learnt from ")
    page.pause.click()
    page.show_state()
    assert page.pause.text() == "Go on"
    page.pause.click()

    page.play.click()
    stage.until(lambda: room.turn() or len(stage.scene.decks) == 2)
    deck = stage.scene.front_deck
    assert stage.session.model(deck.key).title == "leaves"
    offered = [a.text() for a in stage.window.deck_bar.add_button.menu().actions()]
    assert "Learner · leaves" not in offered, "it is filled when it is opened"
    stage.window.deck_bar.add_button.menu().aboutToShow.emit()
    offered = [a.text() for a in stage.window.deck_bar.add_button.menu().actions()]
    assert "Learner · leaves" in offered

    page.stop.click()
    stage.until(lambda: room.turn() or room.trainings.status.state == "stopped")
    assert not room.trainings.is_running
    page.delete.click()
    assert page.delete.text() == _training_page.SURE
    assert len(room.trainings.all) == 1
    page.delete.click()
    assert room.trainings.all == []

    dialog.show_page(2)
    models = dialog.models
    assert "Learnt from “leaves”: 5 files, 32 px, from first." in models.facts.text()
    assert "Learnt from: 0.5" in models.facts.text()
    models.name.setText("Autumn")
    models.name.editingFinished.emit()
    assert stage.session.model(deck.key).title == "Autumn"
    models._give_away(room.models.all[0], str(tmp_path / "autumn.loommodel"))
    models.delete.click()
    assert models.list.count() == 0
    assert stage.session.model(deck.key).title == "Autumn", "the deck still plays it"
    assert drop(stage.window, of(tmp_path / "autumn.loommodel"))
    stage.until(lambda: bool(room.models.all))
    dialog.close()
    stage.settle()


def test_how_a_training_stands_is_said_in_one_line() -> None:
    plan = Plan(engine="learner", title="Leaves", folder="leaves", start="first", minutes=120.0)
    status = Status(state="running", step=700, seconds=7000.0, progress=0.975)
    assert _training_page.said(plan, status, runs=True) == (
        "Leaves learns · 1.9 h of 2.0 h · 3 min left · 0.1 steps a second"
    )
    assert "can go on" in _training_page.said(plan, status, runs=False)
    failed = Status(state="failed", sentence="The disk is full.")
    assert _training_page.said(plan, failed, runs=False).endswith("The disk is full.")


def test_curves_are_smoothed_and_thinned_out() -> None:
    points = np.stack([np.arange(3000.0), np.resize([0.0, 2.0], 3000)], 1)
    curve = smoothed(points)
    assert len(curve) == 300
    assert np.allclose(smoothed(points[:600:2])[:, 1], 0.0)
