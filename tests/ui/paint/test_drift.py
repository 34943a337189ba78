"""The drift's paces, its play, its film; and the picture three by three."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from studio.motion.drifting import RATE
from tests.fakes import fake, scene_of
from tests.texture_fakes import textured, textures
from tests.ui.hands import drag
from tests.ui.paint.paint_stage import PaintStage, artist
from tests.ui.stage import Stage, forget_the_dead
from ui.export.dialog import ExportDialog
from ui.file_dialogs import LastFolders

__all__ = ["artist"]


@pytest.fixture
def folder(home: Path) -> Path:
    pictures = home / "Pictures"
    pictures.mkdir()
    LastFolders().remember("export", pictures)
    return pictures


def dialog_of(artist: PaintStage) -> ExportDialog:
    (found,) = artist.stage.window.findChildren(ExportDialog)
    return found


def ask(artist: PaintStage, words: str) -> ExportDialog:
    artist.stage.window.folders = LastFolders()
    artist.stage.window.export()
    dialog = dialog_of(artist)
    dialog.what.setCurrentText(words)
    assert dialog.what.currentText() == words
    return dialog


def finish(artist: PaintStage, dialog: ExportDialog) -> None:
    dialog.go.click()
    artist.stage.until(lambda: not artist.stage.session.exports.running)
    forget_the_dead()


# -- paces -----------------------------------------------------------------------------------------


def test_there_is_a_row_for_each_parameter_that_goes_round(artist: PaintStage) -> None:
    box = artist.page.drift
    assert [row.name for row in box.rows] == ["across", "down", "morph"]
    assert not box.play.isEnabled(), "nothing drifts yet"
    box.rows[2].wanted.emit(-3.0)
    assert artist.stage.front.drift == {"morph": -3.0}
    assert box.rows[2].field.text() == "-3.0 /min"
    assert box.play.isEnabled()
    artist.stage.session.undo()
    assert box.rows[2].field.text() == "0.0 /min"
    artist.stage.settle()


def test_a_pace_is_finest_about_rest() -> None:
    assert RATE.at(0.5) == 0
    assert RATE.position(0.0) == 0.5
    assert RATE.at(0.6) == pytest.approx(0.48)
    for value in (-60.0, -2.5, 0.3, 60.0):
        assert RATE.at(RATE.position(value)) == pytest.approx(value)


def test_it_plays_and_stops_and_shows_it(artist: PaintStage) -> None:
    box = artist.page.drift
    box.rows[0].wanted.emit(6.0)
    box.play.click()
    assert box.play.text() == "Stop"
    before = artist.stage.picture()
    artist.go_on(2.5)
    assert artist.stage.parameter("across") == pytest.approx(0.25)
    artist.stage.settle()
    assert artist.stage.picture() != before
    box.play.click()
    assert box.play.text() == "Play"
    assert artist.stage.window.frames.at_rest


def test_d_plays_and_says_where_nothing_drifts(artist: PaintStage) -> None:
    artist.stage.focus(artist.stage.window.pad)
    artist.stage.key(Qt.Key.Key_D)
    assert artist.stage.notices == ["Nothing drifts yet: give a parameter some turns per minute."]
    artist.page.drift.rows[0].wanted.emit(6.0)
    artist.stage.key(Qt.Key.Key_D)
    assert artist.stage.session.motion.drifting("deck1")
    artist.stage.key(Qt.Key.Key_D)
    assert not artist.stage.session.motion.drifting("deck1")
    artist.stage.settle()


def test_painting_goes_on_while_it_drifts(artist: PaintStage) -> None:
    artist.page.drift.rows[0].wanted.emit(6.0)
    artist.desk.toggle_drift()
    artist.go_on(1)
    drag(artist.view, artist.at(0.3, 0.3), artist.at(0.5, 0.3))
    artist.go_on(1)
    artist.stage.session.undo()
    assert artist.stage.front.strokes == ()
    artist.go_on(1)
    assert artist.stage.parameter("across") == pytest.approx(0.3)
    artist.stage.settle()


def test_closing_in_the_middle_of_a_drift(artist: PaintStage) -> None:
    artist.page.drift.rows[0].wanted.emit(6.0)
    artist.desk.toggle_drift()
    artist.go_on(1)
    assert artist.stage.window.close()


# -- export ----------------------------------------------------------------------------------------


def test_a_drift_becomes_a_film_that_closes(artist: PaintStage, folder: Path) -> None:
    artist.stage.window.folders = LastFolders()
    artist.page.drift.rows[0].wanted.emit(40.0)
    artist.page.drift.rows[2].wanted.emit(-1.0)
    artist.page.drift.export.click()
    dialog = dialog_of(artist)
    assert dialog.what.currentText() == "Drift as a film (MP4)"
    dialog.seconds.set(3.0)
    said = "Across 2 times round, Morph once back; the last picture equals the first."
    assert dialog._words.text() == said
    dialog.size_picker.setCurrentIndex(0)
    finish(artist, dialog)
    with av.open(str(folder / "First 1.mp4")) as film:
        frames = [f.to_ndarray(format="rgb24").astype(int) for f in film.decode(video=0)]
    assert len(frames) == 91
    assert np.abs(frames[0] - frames[-1]).mean() < 2
    assert np.abs(frames[0] - frames[20]).mean() > 4


def test_without_a_drift_there_is_no_film(artist: PaintStage, folder: Path) -> None:
    dialog = ask(artist, "Drift as an animation (GIF)")
    assert dialog.seconds.isVisible()
    assert dialog._words.text().startswith("Nothing drifts yet")
    assert not dialog.go.isEnabled()
    dialog.close()


def test_a_tile_has_its_seam_in_its_file(artist: PaintStage, folder: Path) -> None:
    drag(artist.view, artist.at(0.95, 0.3), artist.at(1.2, 0.3))
    artist.stage.settle()
    dialog = ask(artist, "Tile, with how well it joins (PNG)")
    finish(artist, dialog)
    with Image.open(folder / "First 1.png") as image:
        assert image.size == (128, 128)
        across, down = (float(part.split()[0]) for part in image.text["Seam"].split(", "))
    assert across < 2, "the paint goes on over the edge"
    assert down < 2


@pytest.mark.parametrize(
    ("words", "mode"), [("Height map, 16 bit (PNG)", "I;16"), ("Normal map (PNG)", "RGB")]
)
def test_maps_say_what_they_are_derived_from(
    artist: PaintStage, folder: Path, words: str, mode: str
) -> None:
    dialog = ask(artist, words)
    assert dialog._words.text() == "Derived from the luminance of the picture, not measured."
    assert dialog.relief.isVisible() == (mode == "RGB")
    finish(artist, dialog)
    with Image.open(folder / "First 1.png") as image:
        assert image.mode == mode
        assert "Derived from the luminance" in image.text["Comment"]


def test_relief_is_how_steep_the_normals_are(artist: PaintStage, folder: Path) -> None:
    for relief in (1.0, 15.0):
        dialog = ask(artist, "Normal map (PNG)")
        dialog.relief.set(relief)
        finish(artist, dialog)
    flat, steep = (np.asarray(Image.open(folder / f"First {n}.png")) for n in (1, 2))
    assert flat[..., 2].mean() > steep[..., 2].mean()


def test_decks_whose_pictures_do_not_tile_are_offered_none_of_it(stage: Stage) -> None:
    stage.window.export()
    (dialog,) = stage.window.findChildren(ExportDialog)
    offered = [dialog.what.itemText(i) for i in range(dialog.what.count())]
    assert not any(word in " ".join(offered) for word in ("Tile", "map", "Drift"))
    dialog.close()


# -- three by three --------------------------------------------------------------------------------


def test_g_shows_the_picture_three_by_three(artist: PaintStage) -> None:
    canvas = artist.stage.window.canvas
    artist.stage.focus(artist.stage.window.pad)
    artist.stage.settle()
    alone = artist.stage.picture()
    artist.stage.key(Qt.Key.Key_G)
    assert canvas.wrapped
    assert artist.stage.notices[0].startswith("Seam: edges differ 1.")
    wrapped = artist.stage.picture()
    assert wrapped != alone
    assert wrapped.size() == alone.size()
    assert artist.page.wrap.isChecked()
    artist.page.wrap.click()
    assert not artist.page.wrap.isChecked()
    assert artist.stage.picture() == alone


def test_its_nine_copies_are_alike_and_join(artist: PaintStage) -> None:
    canvas = artist.stage.window.canvas
    artist.desk.view.hide()
    canvas.show_wrapped(True)
    image = canvas.grab(canvas.frame().toAlignedRect()).toImage()
    side = image.width() / 3

    def at(column: float, row: float) -> np.ndarray:
        colour = image.pixelColor(round(column * side), round(row * side))
        return np.asarray(colour.getRgb()[:3], int)

    for x, y in ((0.31, 0.4), (0.7, 0.83)):
        for column in range(3):
            for row in range(3):
                assert np.abs(at(x + column, y + row) - at(x, y)).max() <= 12
    along = [at(0.9 + 0.005 * n, 0.5) for n in range(40)]
    assert np.abs(np.diff(along, axis=0)).max() < 12, "no seam is to be seen"


def test_one_paints_on_any_of_the_copies(artist: PaintStage) -> None:
    canvas = artist.stage.window.canvas
    canvas.show_wrapped(True)
    drag(artist.view, artist.at(-0.5, 0.5), artist.at(-0.3, 0.5))
    (stroke,) = artist.stage.front.strokes
    assert stroke.points[0] == pytest.approx((0.5, 0.5), abs=0.02)
    artist.stage.settle()


def test_where_pictures_do_not_tile_it_says_so(open_stage: Callable[..., Stage]) -> None:
    able, other = textures(), fake("plain")
    decks = textured(able), textured(other).but(key="deck2")
    found = PaintStage(open_stage(able, other, scene=scene_of(*decks)))
    found.desk.wrap()
    found.stage.session.decks.bring_to_front("deck2")
    assert not found.stage.window.canvas.wrapped
    found.desk.wrap()
    assert found.stage.notices[-1] == "Plain makes pictures that do not tile."
    found.stage.settle()


def test_what_is_seen_of_the_page_fits(artist: PaintStage) -> None:
    page = artist.page
    room = page.rect().adjusted(0, 0, 1, 1)
    for part in (page.slots, page.pin, page.radius_row, page.drift.export):
        assert isinstance(part, QWidget)
        where = part.rect().translated(part.mapTo(page, part.rect().topLeft()))
        assert room.left() <= where.left()
        assert where.right() <= room.right()
