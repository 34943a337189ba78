"""Export: what, how large, where to; and a line that tells how far it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from studio.document.parameters import Choice, Text
from studio.document.scene import Walk
from studio.export.exports import Export
from studio.modulation import told
from tests.fakes import PARAMETERS, SIDE, fake, filled_deck, scene_of, slow
from tests.ui.hands import CONTROL
from tests.ui.stage import Stage, forget_the_dead
from ui.export.dialog import ExportDialog
from ui.export.progress import time_left
from ui.file_dialogs import LastFolders

SIZE = Choice(name="size", label="Size", unit="px", options=("8", "16", "32", "64"), default="8")


@pytest.fixture
def folder(home: Path) -> Path:
    """Where the artist's pictures are."""
    pictures = home / "Pictures"
    pictures.mkdir()
    return pictures


@pytest.fixture
def artist(folder: Path, open_stage: Callable[..., Stage]) -> Stage:
    """A deck that draws outlines and pictures of several sizes."""
    guest = fake(parameters=(*PARAMETERS, SIZE), size="size")
    deck = filled_deck(guest, model="wide").but(walk=Walk(seconds=0.5))
    stage = open_stage(guest, scene=scene_of(deck))
    LastFolders().remember("export", folder)
    stage.window.folders = LastFolders()
    return stage


def dialog_of(stage: Stage) -> ExportDialog:
    (found,) = stage.window.findChildren(ExportDialog)
    return found


def ask(stage: Stage, words: str = "") -> ExportDialog:
    stage.focus(stage.window.pad)
    stage.key(Qt.Key.Key_E, CONTROL)
    dialog = dialog_of(stage)
    if words:
        dialog.what.setCurrentText(words)
    return dialog


def finish(stage: Stage, dialog: ExportDialog) -> None:
    """Press the button and wait for the file."""
    dialog.go.click()
    stage.until(lambda: not stage.session.exports.running)
    forget_the_dead()
    assert not stage.window.findChildren(ExportDialog)


# -- what is offered -------------------------------------------------------------------------------


def test_ctrl_e_asks_what_how_large_and_where_to(artist: Stage, folder: Path) -> None:
    dialog = ask(artist)
    offered = [dialog.what.itemText(i) for i in range(dialog.what.count())]
    assert offered == [
        "Picture (PNG)",
        "Outline (SVG)",
        "Sheet of variations (PNG)",
        "Walk as a film (MP4)",
        "Walk as an animation (GIF)",
    ]
    sizes = [dialog.size_picker.itemText(i) for i in range(dialog.size_picker.count())]
    assert sizes == ["1×   8 px", "2×   16 px", "4×   32 px", "8×   64 px"]
    assert dialog.file == folder / "Wide 1.png"
    artist.change(lambda: artist.session.pads.move("deck1", (0.5, 0.5)))
    dialog.close()


def test_only_what_a_model_can_is_offered(stage: Stage) -> None:
    dialog = ask(stage)
    offered = [dialog.what.itemText(i) for i in range(dialog.what.count())]
    assert "Outline (SVG)" not in offered
    assert not dialog.size_picker.isVisible(), "a single size is no choice"
    dialog.close()


def test_a_second_ctrl_e_opens_no_second_dialog(artist: Stage) -> None:
    ask(artist)
    artist.window.activateWindow()
    artist.window.all_actions["export"].do()
    forget_the_dead()
    dialog_of(artist).close()


@pytest.mark.parametrize("name", ["", "  ", "a/b", ".hidden", "what?"])
def test_a_name_that_is_none_cannot_be_used(name: str, artist: Stage) -> None:
    dialog = ask(artist)
    dialog.name.setText(name)
    dialog.name.textEdited.emit(name)
    assert not dialog.go.isEnabled()
    dialog.close()


def test_a_file_that_is_there_is_told_before(artist: Stage, folder: Path) -> None:
    (folder / "mine.png").touch()
    dialog = ask(artist)
    dialog.name.setText("mine")
    dialog.name.textEdited.emit("mine")
    assert dialog.file == folder / "mine.png"
    assert dialog._words.text() == "mine.png is there already and will be replaced."
    dialog.close()


def test_a_walk_with_one_slot_cannot_be_exported(open_stage: Callable[..., Stage]) -> None:
    guest = fake()
    stage = open_stage(guest, scene=scene_of(filled_deck(guest, slots=1)))
    dialog = ask(stage, "Walk as a film (MP4)")
    assert dialog._words.text() == "A walk needs at least two filled slots."
    assert not dialog.go.isEnabled()
    dialog.close()


def test_another_folder_is_remembered(artist: Stage, tmp_path: Path) -> None:
    dialog = ask(artist)
    dialog.use_folder(tmp_path)
    assert dialog.file.parent == tmp_path
    dialog.close()
    assert LastFolders().last("export") == tmp_path


def test_while_a_name_is_typed_the_keys_are_letters(artist: Stage) -> None:
    dialog = ask(artist)
    dialog.activateWindow()
    artist.until(dialog.isActiveWindow)
    dialog.name.setFocus()
    before = artist.scene
    for edit in dialog.findChildren(QLineEdit):
        QTest.keyClicks(edit, "RTW")
    assert artist.scene is before
    assert dialog.name.text().endswith("RTW")
    QTest.keyClick(dialog.name, Qt.Key.Key_Escape)
    forget_the_dead()
    assert not artist.window.findChildren(ExportDialog)


def test_every_part_has_a_name_and_a_tooltip(artist: Stage) -> None:
    dialog = ask(artist)
    for part in (dialog.what, dialog.size_picker, dialog.name, dialog.choose, dialog.go):
        assert part.accessibleName()
        assert part.toolTip()
    dialog.close()


# -- what is written -------------------------------------------------------------------------------


def test_a_picture(artist: Stage, folder: Path) -> None:
    finish(artist, ask(artist))
    with Image.open(folder / "Wide 1.png") as image:
        assert image.size == (SIDE, SIDE)
    assert artist.notices == []
    assert "Saved Wide 1.png" in artist.window.status._notice.words
    assert [job.parameters["size"] for job in artist.guests[0].engine.rendered][-1] == "32"


def test_the_picture_is_the_one_on_the_stage(artist: Stage, folder: Path) -> None:
    finish(artist, ask(artist))
    shown = artist.state.shown
    assert shown is not None
    with Image.open(folder / "Wide 1.png") as image:
        assert (np.asarray(image) == shown.pixels).all()


def test_an_outline_has_its_size_on_paper(artist: Stage, folder: Path) -> None:
    dialog = ask(artist, "Outline (SVG)")
    assert not dialog.size_picker.isEnabled()
    assert dialog.side_mm.isVisible()
    dialog.side_mm.set(297)
    finish(artist, dialog)
    svg = (folder / "Wide 1.svg").read_text()
    assert svg.startswith('<svg width="297mm" height="148.5mm" viewBox="0 0 2 1">')


def test_the_sheet_that_is_seen(artist: Stage, folder: Path) -> None:
    artist.window.tabs.turn_to(1)
    artist.window.tabs.variations.export.click()
    points = artist.window.tabs.sheet_points()
    dialog = dialog_of(artist)
    assert dialog.what.currentText() == "Sheet of variations (PNG)"
    finish(artist, dialog)
    last = [job.latent for job in artist.guests[0].engine.rendered][-9:]
    assert all((a == b).all() for a, b in zip(last, points, strict=True))
    with Image.open(folder / "Wide 1.png") as image:
        assert image.size == (3 * SIDE + 32, 3 * SIDE + 32)


def test_a_walk_as_a_film(artist: Stage, folder: Path) -> None:
    artist.window.tabs.turn_to(3)
    artist.window.tabs.walk.export.click()
    finish(artist, dialog_of(artist))
    with av.open(str(folder / "Wide 1.mp4")) as film:
        assert sum(1 for _ in film.decode(video=0)) == 16


def test_every_picture_of_a_film_has_what_the_text_tells_when_it_is_asked_for(
    folder: Path, open_stage: Callable[..., Stage]
) -> None:
    shows = told.choice("shows", "The word", "")
    word = Text(name="word", label="Word", default="hi", max_length=3, told_by="shows", help="")
    guest = fake(parameters=(*PARAMETERS, word, shows))
    deck = filled_deck(guest).but(walk=Walk(seconds=0.5))
    stage = open_stage(guest, scene=scene_of(deck.but(parameters={"shows": "tempo"})))
    LastFolders().remember("export", folder)
    stage.window.folders = LastFolders()
    exports = list[Export]()
    stage.session.exports.changed.connect(exports.append)
    finish(stage, ask(stage, "Walk as a film (MP4)"))
    assert {job.parameters["word"] for job in exports[0].jobs} == {"120"}
    assert len(exports[0].jobs) > 3


def test_a_walk_as_an_animation(artist: Stage, folder: Path) -> None:
    finish(artist, ask(artist, "Walk as an animation (GIF)"))
    with Image.open(folder / "Wide 1.gif") as image:
        assert image.info["loop"] == 0


def test_the_next_file_gets_the_next_number(artist: Stage, folder: Path) -> None:
    for _ in range(2):
        finish(artist, ask(artist))
    assert sorted(file.name for file in folder.iterdir()) == ["Wide 1.png", "Wide 2.png"]


def test_a_folder_that_cannot_be_written_is_a_sentence(artist: Stage, folder: Path) -> None:
    dialog = ask(artist)
    dialog._folder = folder / "gone"
    finish(artist, dialog)
    assert len(artist.notices) == 1
    assert "cannot be written" in artist.notices[0]


# -- how far it is ---------------------------------------------------------------------------------


@pytest.fixture
def long(folder: Path, open_stage: Callable[..., Stage]) -> Stage:
    """An export of a film that waits for its engine."""
    guest = slow()
    stage = open_stage(guest)
    LastFolders().remember("export", folder)
    stage.window.folders = LastFolders()
    dialog = ask(stage, "Walk as a film (MP4)")
    guest.gate.shut()
    dialog.go.click()
    forget_the_dead()
    return stage


def test_the_status_bar_shows_it_and_nothing_stops(long: Stage) -> None:
    line = long.window.status.exports
    assert line.isVisible()
    assert line.accessibleName().startswith("Writing First 1.mp4, 0 %")
    long.guests[0].gate.let_through(5)
    long.until(lambda: bool(long.session.exports.running[0].share))
    assert line._bar._share == pytest.approx(long.session.exports.running[0].share)
    assert QApplication.activeModalWidget() is None


def test_it_can_be_cancelled_and_leaves_no_file(long: Stage, folder: Path) -> None:
    long.window.status.exports.cancel.click()
    assert not long.window.status.exports.isVisible()
    long.guests[0].gate.open()
    long.until(lambda: not long.session.exports.running)
    assert long.window.status._notice.words == "First 1.mp4 was not made."
    assert list(folder.iterdir()) == []


def test_closing_the_window_cancels_it_cleanly(long: Stage, folder: Path) -> None:
    long.guests[0].gate.let_through(3)
    long.until(lambda: bool(long.session.exports.running[0].share))
    long.guests[0].gate.open()
    assert long.window.close()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("share", "taken_s", "words"),
    [
        (0.0, 5.0, "0 %"),
        (0.1, 0.5, "10 %"),
        (0.5, 10.0, "10 s left"),
        (0.999, 10.0, "1 s left"),
        (0.1, 60.0, "9 min left"),
    ],
)
def test_the_time_that_is_left(share: float, taken_s: float, words: str) -> None:
    assert time_left(share, taken_s) == words
