"""Presets and bundles that are dropped on the window, wherever."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from studio.document.scene import Scene
from studio.engine import ModelFiles, ModelSpec
from studio.engine.registry import Registry
from studio.presets import Preset
from studio.presets.document import write
from tests.fakes import fake, write_levels
from tests.ui.stage import Stage
from ui.widgets.drag_data import carried_file

_KEYS = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
_COPY = Qt.DropAction.CopyAction


def idle(stage: Stage) -> None:
    stage.until(lambda: stage.repertoire.librarian.is_idle)


def of(*files: Path) -> QMimeData:
    """What a file manager carries."""
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    return carried


def drop(widget: QWidget, carried: QMimeData) -> bool:
    """Carry something over a widget and let go; whether it is taken."""
    enter = QDragEnterEvent(QPoint(5, 5), _COPY, carried, *_KEYS)
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), _COPY, carried, *_KEYS))
    return enter.isAccepted()


def other(stage: Stage) -> Scene:
    return stage.scene.with_deck(stage.front.but(pad=(0.7, 0.1)))


def preset(stage: Stage, folder: Path) -> Path:
    """A preset of another scene, in a file from somewhere."""
    file = folder / "guest.json"
    write(file, Preset(name="A guest", scene=other(stage)))
    return file


def test_a_preset_is_taken_in_and_called_up(stage: Stage, tmp_path: Path) -> None:
    assert drop(stage.window, of(preset(stage, tmp_path)))
    stage.until(lambda: stage.front.pad == (0.7, 0.1))
    assert stage.repertoire.presets.current is not None
    assert stage.repertoire.presets.current.name == "A guest"
    stage.settle()


def test_it_works_over_the_stage_and_over_a_slot(stage: Stage, tmp_path: Path) -> None:
    file = preset(stage, tmp_path)
    assert carried_file(of(file)) is None, "a slot leaves it to the window"
    assert carried_file(of(file, tmp_path / "moth.png")) == tmp_path / "moth.png"
    assert drop(stage.window.canvas, of(file))
    stage.until(lambda: stage.front.pad == (0.7, 0.1))
    stage.settle()


def test_a_soundfont_is_played_from_now_on(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "Piano.SF2"
    assert carried_file(of(file)) is None, "a slot leaves it to the window"
    assert drop(stage.window.canvas, of(file))
    assert stage.window.rig.settings.sound.font == str(file)


def test_of_a_bundle_of_several_the_shelf_is_shown(stage: Stage, tmp_path: Path) -> None:
    idle(stage)
    for name in ("Dawn", "Moth"):
        stage.repertoire.presets.save_as(name)
        idle(stage)
    ids = [entry.id for entry in stage.repertoire.library.entries if not entry.factory]
    file = tmp_path / "two.loom"
    stage.repertoire.sharing.give_away(file, ids, models=False)
    idle(stage)
    before = stage.scene
    assert drop(stage.window, of(file))
    stage.until(lambda: stage.window.library is not None and stage.window.library.isVisible())
    assert stage.scene == before


def test_a_tile_of_the_shelf_is_called_up_where_it_is_let_go(stage: Stage) -> None:
    idle(stage)
    stage.change(lambda: stage.session.pads.move("deck1", (0.4, 0.0)))
    stage.repertoire.presets.save_as("Dawn")
    idle(stage)
    stage.change(lambda: stage.session.pads.move("deck1", (-0.4, 0.0)))
    stage.window.toggle_library()
    assert stage.window.library is not None
    model = stage.window.library.shelf.model
    (row,) = (row for row, entry in enumerate(model.entries) if entry.name == "Dawn")
    assert drop(stage.window, model.mimeData([model.index(row)]))
    assert stage.front.pad == (0.4, 0.0)
    stage.settle()


def test_what_is_damaged_is_said_and_changes_nothing(stage: Stage, tmp_path: Path) -> None:
    before, sentences = stage.scene, list[str]()
    stage.repertoire.noticed.connect(sentences.append)
    file = tmp_path / "broken.loom"
    file.write_bytes(b"PK\x03\x04 nothing of the kind")
    assert drop(stage.window, of(file))
    idle(stage)
    assert "broken.loom" in sentences[-1]
    assert stage.scene == before


def test_other_files_are_left_to_those_who_want_them(stage: Stage, tmp_path: Path) -> None:
    assert not drop(stage.window, of(tmp_path / "letter.txt"))


def taken(file: Path, weights: Path) -> None:
    write_levels(weights, len(file.read_text()))


def described(name: str, weights: Path) -> ModelSpec:
    return ModelSpec(name=name, title=name, latent_size=3, weights=weights, licence="CC0")


def test_another_programs_file_becomes_a_model_that_the_front_deck_plays(
    open_stage: Callable[..., Stage], tmp_path: Path
) -> None:
    files = ModelFiles(
        endings=(".levels",), take_in=f"{__name__}:taken", model=f"{__name__}:described"
    )
    taker = fake("taker", models=(), model_files=files)
    first = fake()
    stage = open_stage(first, registry=Registry.of(first.spec, taker.spec))
    sentences = list[str]()
    stage.repertoire.noticed.connect(sentences.append)
    file = tmp_path / "hers.LEVELS"
    file.write_text("abc")
    assert carried_file(of(file)) is None, "a slot leaves it to the window"
    assert drop(stage.window, of(file))
    stage.until(lambda: stage.front.engine == "taker")
    stage.settle()
    assert stage.front.model.startswith("hers~")
    assert stage.window.panel._models.currentText().startswith("Taker · ")
    assert sentences[-1] == "Taken in: 1 model. It can be chosen now."
    assert taker.engine.calls
    stage.change(stage.session.undo)
    assert stage.front.engine == "fake"
