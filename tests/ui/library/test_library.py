"""The column of scenes, the scene bar and the line after a crash, under the hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QMenu, QWidget

from studio.presets import Preset, autosave, factory
from studio.presets.folder import places
from studio.presets.working_state import WorkingState, text_of
from tests.ui.stage import Stage
from ui.library._preset_delegate import _TILE
from ui.library._preset_grid import PresetGrid
from ui.library.library import LibraryPanel
from ui.library.model import dragged
from ui.theme import font

TAB = Qt.FocusPolicy.TabFocus
_EARLIER = "Earlier versions"


def idle(stage: Stage) -> None:
    stage.until(lambda: stage.repertoire.librarian.is_idle)


def save(stage: Stage, name: str, x: float = 0.0) -> str:
    """Save another scene under a name; its id."""
    stage.session.pads.move("deck1", (x, 0.1))
    stage.settle()
    stage.repertoire.presets.save_as(name, ("blue",) if x else ())
    idle(stage)
    assert stage.repertoire.presets.current is not None
    return stage.repertoire.presets.current.id


@pytest.fixture
def library(stage: Stage) -> LibraryPanel:
    """The column, open, with three presets besides those that came with the instrument."""
    idle(stage)
    for number, name in enumerate(("Dawn", "Moth", "River")):
        save(stage, name, number / 4)
    stage.window.all_actions["scene.library"].do()
    assert stage.window.library is not None
    return stage.window.library


def names(grid: PresetGrid) -> list[str]:
    return [entry.name for entry in grid.model().entries]  # type: ignore[attr-defined]


def own(library: LibraryPanel) -> list[str]:
    return [e.name for e in library.shelf.model.entries if not e.factory]


def choose(grid: PresetGrid, *wanted: str) -> None:
    """Select presets by their names."""
    grid.clearSelection()
    for row, name in enumerate(names(grid)):
        if name in wanted:
            index = grid.model().index(row, 0)
            grid.selectionModel().select(index, QItemSelectionModel.SelectionFlag.Select)
            grid.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)


def offered(library: LibraryPanel, words: str) -> None:
    """Do what the menu offers by these words."""
    (action,) = [a for a in library.shelf.menu().actions() if a.text() == words]
    action.trigger()


def earlier(library: LibraryPanel) -> QMenu:
    """The menu of earlier versions, as it is when it opens."""
    (menu,) = [m for m in library.shelf.menu().findChildren(QMenu) if m.title() == _EARLIER]
    menu.aboutToShow.emit()
    return menu


def listed(library: LibraryPanel) -> list[str]:
    return [action.text() for action in earlier(library).actions()]


# -- the shelf -------------------------------------------------------------------------------------


def test_no_name_that_comes_with_the_instrument_is_cut() -> None:
    metrics = QFontMetricsF(font(12))
    room = _TILE.width() - 12
    assert [p.name for p in factory().values() if metrics.horizontalAdvance(p.name) > room] == []


def test_it_opens_beside_the_stage_and_closes_again(stage: Stage, library: LibraryPanel) -> None:
    assert library.isVisible()
    assert stage.window.canvas.isVisible()
    assert library.shelf.search.hasFocus()
    stage.window.all_actions["scene.library"].do()
    assert not library.isVisible()


def test_the_search_finds_while_one_types(stage: Stage, library: LibraryPanel) -> None:
    QTest.keyClicks(library.shelf.search, "mot")
    stage.until(lambda: names(library.shelf.grid) == ["Moth"])
    library.shelf.search.setText("#blue")
    stage.until(lambda: names(library.shelf.grid) == ["Moth", "River"])
    library.shelf.search.setText("nothing like it")
    stage.until(lambda: not names(library.shelf.grid))
    assert library.shelf.line.words.text() == "Nothing has all of that."


def test_a_double_click_calls_a_preset_up(stage: Stage, library: LibraryPanel) -> None:
    row = names(library.shelf.grid).index("Dawn")
    index = library.shelf.model.index(row)
    library.shelf.grid.doubleClicked.emit(index)
    assert stage.front.pad == (0.0, 0.1)
    assert stage.repertoire.presets.current is not None
    assert stage.repertoire.presets.current.name == "Dawn"


def test_enter_does_the_same(stage: Stage, library: LibraryPanel) -> None:
    choose(library.shelf.grid, "Dawn")
    QTest.keyClick(library.shelf.grid, Qt.Key.Key_Return)
    assert stage.front.pad == (0.0, 0.1)


def test_a_deletion_is_offered_to_be_undone(stage: Stage, library: LibraryPanel) -> None:
    choose(library.shelf.grid, "Dawn", "Moth")
    QTest.keyClick(library.shelf.grid, Qt.Key.Key_Delete)
    stage.until(lambda: own(library) == ["River"])
    assert library.shelf.line.words.text() == "Deleted 2 presets."
    library.shelf.line.undo.click()
    stage.until(lambda: own(library) == ["Dawn", "Moth", "River"])
    assert not library.shelf.line.undo.isVisible()


def test_what_was_deleted_long_ago_can_be_brought_back_too(
    stage: Stage, library: LibraryPanel
) -> None:
    library.shelf.grid.clearSelection()
    assert library.shelf.menu().actions() == []
    for name in ("Dawn", "Moth"):
        choose(library.shelf.grid, name)
        QTest.keyClick(library.shelf.grid, Qt.Key.Key_Delete)
        idle(stage)
    library.shelf.grid.clearSelection()
    words = [action.text() for action in library.shelf.menu().actions()]
    assert words == ["Bring back Moth", "Bring back Dawn"]
    offered(library, "Bring back Dawn")
    stage.until(lambda: own(library) == ["Dawn", "River"])


def test_favourites_stand_alone_where_one_wants_them_to(
    stage: Stage, library: LibraryPanel
) -> None:
    choose(library.shelf.grid, "Moth")
    offered(library, "Favourite")
    idle(stage)
    library.shelf.marked.click()
    assert names(library.shelf.grid) == ["Moth"]


def test_a_preset_is_renamed_where_it_stands(stage: Stage, library: LibraryPanel) -> None:
    row = names(library.shelf.grid).index("Moth")
    library.shelf.model.setData(library.shelf.model.index(row), "Night moth")
    stage.until(lambda: "Night moth" in own(library))


def test_what_came_with_the_instrument_is_not_renamed(library: LibraryPanel) -> None:
    model = library.shelf.model
    row = next(row for row, entry in enumerate(model.entries) if entry.factory)
    assert not model.flags(model.index(row)) & Qt.ItemFlag.ItemIsEditable


def test_tags_and_notes_are_written_when_the_hand_leaves(
    stage: Stage, library: LibraryPanel
) -> None:
    choose(library.shelf.grid, "Moth")
    details = library.shelf.details
    assert details.isVisible()
    details.tags.setText("night, wing ,night")
    details.tags.editingFinished.emit()
    details.notes.setPlainText("Slowly.")
    details.notes.left()
    idle(stage)
    entry = next(e for e in stage.repertoire.library.entries if e.name == "Moth")
    assert (entry.tags, entry.notes) == (("night", "wing"), "Slowly.")


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_enter_and_escape_leave_the_lines(stage: Stage, library: LibraryPanel, key: Qt.Key) -> None:
    choose(library.shelf.grid, "Moth")
    for line in (library.shelf.search, library.shelf.details.tags):
        stage.focus(line)
        QTest.keyClick(line, key)
        assert not line.hasFocus()


def test_duplicates_are_others(stage: Stage, library: LibraryPanel) -> None:
    choose(library.shelf.grid, "Moth")
    offered(library, "Duplicate")
    stage.until(lambda: len(own(library)) == 4)


def test_a_bundle_goes_out_and_comes_in(
    stage: Stage, library: LibraryPanel, tmp_path: Path
) -> None:
    ids = [entry.id for entry in library.shelf.model.entries if not entry.factory]
    file = tmp_path / "friday.loom"
    stage.repertoire.sharing.give_away(file, ids, models=False)
    idle(stage)
    deleted: list[object] = []
    stage.repertoire.presets.delete(ids, deleted.append)
    stage.until(lambda: own(library) == [])
    library.shelf.grid.files_dropped.emit([str(file)])
    stage.until(lambda: own(library) == ["Dawn", "Moth", "River"])


def test_an_earlier_version_is_listed_with_its_date_and_comes_back(
    stage: Stage, library: LibraryPanel
) -> None:
    choose(library.shelf.grid, "River")
    assert listed(library) == ["none yet: saving over it keeps one"]
    before = stage.front.pad
    stage.change(lambda: stage.session.pads.move("deck1", (-0.5, -0.5)))
    stage.window.all_actions["scene.save"].do()
    idle(stage)
    (words,) = listed(library)
    assert words.startswith("as it was until ")
    earlier(library).actions()[0].trigger()
    stage.until(lambda: stage.front.pad == before)
    assert library.shelf.line.words.text().startswith("River is as it was until ")
    library.shelf.line.undo.click()
    stage.until(lambda: stage.front.pad == (-0.5, -0.5))
    stage.settle()


def test_a_film_is_played_while_the_pointer_rests_on_its_tile(
    stage: Stage, library: LibraryPanel
) -> None:
    entry = stage.repertoire.presets.current
    assert entry is not None
    stage.repertoire.previews.make(entry)
    stage.until(lambda: entry.preview.exists())
    grid, model = library.shelf.grid, library.shelf.model
    row = next(row for row, each in enumerate(model.entries) if each.id == entry.id)
    assert grid.film.picture(entry) is None
    grid.film.rest_on(model.index(row))
    stage.until(lambda: grid.film.picture(entry) is not None)
    first = grid.film.picture(entry)
    stage.until(lambda: grid.film.picture(entry).toImage() != first.toImage())  # type: ignore[union-attr]
    grid.viewportEntered.emit()
    assert grid.film.picture(entry) is None


# -- the set list ----------------------------------------------------------------------------------


def drop(grid: PresetGrid, ids: list[str], row: int) -> None:
    """Drop presets before a row, as if they came from the shelf."""
    grid.arranged.emit(ids, row, False)


def test_presets_are_dropped_into_the_set_list_and_moved_in_it(
    stage: Stage, library: LibraryPanel
) -> None:
    library.turn_to(1)
    ids = {entry.name: entry.id for entry in stage.repertoire.library.entries}
    drop(library.set_list.grid, [ids["Dawn"], ids["Moth"]], 0)
    drop(library.set_list.grid, [ids["River"]], 1)
    idle(stage)
    assert names(library.set_list.grid) == ["Dawn", "River", "Moth"]
    choose(library.set_list.grid, "Dawn")
    library.set_list.grid.arranged.emit([ids["Dawn"]], 3, True)
    idle(stage)
    assert names(library.set_list.grid) == ["River", "Moth", "Dawn"]
    choose(library.set_list.grid, "Moth")
    library.set_list.remove()
    assert names(library.set_list.grid) == ["River", "Dawn"]
    assert own(library) == ["Dawn", "Moth", "River"], "they stay on the shelf"


def test_the_set_list_goes_out_and_comes_in_with_its_scenes(
    stage: Stage, library: LibraryPanel, tmp_path: Path
) -> None:
    library.turn_to(1)
    page = library.set_list
    assert not page.export.isEnabled()
    ids = [entry.id for entry in library.shelf.model.entries if not entry.factory]
    stage.repertoire.set_lists.arrange(ids, "Friday")
    idle(stage)
    assert page.export.isEnabled()
    page.export_to(tmp_path / "friday.loom", models=False)
    idle(stage)
    page.delete.click()
    idle(stage)
    stage.repertoire.sharing.take_in(tmp_path / "friday.loom")
    idle(stage)
    assert page.lists.currentText() == "Friday"
    assert names(page.grid) == ["Dawn", "Moth", "River"]


def test_a_set_list_that_was_deleted_can_be_had_back(stage: Stage, library: LibraryPanel) -> None:
    library.turn_to(1)
    page = library.set_list
    ids = {entry.name: entry.id for entry in stage.repertoire.library.entries}
    stage.repertoire.set_lists.arrange([ids["Dawn"]], "Friday")
    idle(stage)
    page.delete.click()
    idle(stage)
    assert names(page.grid) == []
    assert page.line.words.text() == "Deleted the set list Friday."
    page.line.undo.click()
    stage.until(lambda: names(page.grid) == ["Dawn"])
    assert page.lists.currentText() == "Friday"


def test_a_real_drop_carries_the_ids(stage: Stage, library: LibraryPanel) -> None:
    library.turn_to(1)
    model = library.shelf.model
    data: QMimeData = model.mimeData([model.index(names(library.shelf.grid).index("Moth"))])
    (id,) = dragged(data)
    grid = library.set_list.grid
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    grid.dropEvent(event)
    idle(stage)
    assert stage.repertoire.set_lists.current is not None
    assert stage.repertoire.set_lists.current.presets == (id,)


def test_next_and_previous_are_keys(stage: Stage, library: LibraryPanel) -> None:
    ids = {entry.name: entry.id for entry in stage.repertoire.library.entries}
    stage.repertoire.set_lists.arrange([ids["Dawn"], ids["Moth"]])
    idle(stage)
    stage.window.all_actions["scene.next"].do()
    assert stage.front.pad == (0.0, 0.1)
    stage.window.all_actions["scene.next"].do()
    assert stage.front.pad == (0.25, 0.1)
    assert stage.window.scenes.note.toolTip() == "2 of 2"
    stage.window.all_actions["scene.previous"].do()
    assert stage.front.pad == (0.0, 0.1)


# -- the bar ---------------------------------------------------------------------------------------


def test_the_bar_says_which_scene_it_is_and_whether_it_has_changed(stage: Stage) -> None:
    idle(stage)
    assert stage.window.scenes.name.toolTip() == "Not saved yet"
    save(stage, "Dawn", 0.5)
    assert stage.window.scenes.name.toolTip() == "Dawn"
    stage.session.pads.move("deck1", (-0.5, 0.0))
    stage.until(lambda: stage.window.scenes.name.toolTip() == "Dawn *")
    stage.settle()


def test_a_snapshot_is_taken_and_recalled(stage: Stage) -> None:
    buttons = stage.window.scenes.snapshots.buttons
    stage.session.pads.move("deck1", (0.5, 0.0))
    stage.settle()
    buttons[2].click()
    stage.session.pads.move("deck1", (-0.5, 0.0))
    stage.settle()
    buttons[2].click()
    assert stage.front.pad == (0.5, 0.0)
    stage.settle()
    assert buttons[2].accessibleName() == "Snapshot 3, taken"


def test_the_fader_crosses_two_scenes(stage: Stage) -> None:
    morph = stage.window.scenes.morph
    stage.session.pads.move("deck1", (-0.8, 0.0))
    morph.sides["a"].click()
    stage.session.pads.move("deck1", (0.8, 0.0))
    morph.sides["b"].click()
    assert morph.fader.isEnabled()
    stage.change(lambda: morph.fader.wanted.emit(0.5))
    assert stage.front.held is not None
    stage.change(lambda: morph.fader.wanted.emit(0.0))
    assert stage.front.pad == (-0.8, 0.0)


def test_what_a_preset_lacks_here_is_marked_until_another_is_called_up(stage: Stage) -> None:
    idle(stage)
    mark = stage.window.scenes.mark
    assert not mark.isVisible()
    strange = stage.front.but(parameters={**stage.front.parameters, "sparkle": 1.0})
    preset = Preset(name="Strange", scene=stage.scene.with_deck(strange))
    entry = stage.repertoire.library.add(preset)
    stage.repertoire.presets.open(entry.id)
    stage.settle()
    assert mark.isVisible()
    assert "sparkle" in mark.toolTip()
    stage.repertoire.presets.open(next(e.id for e in stage.repertoire.library.entries if e.factory))
    idle(stage)
    stage.window.scenes.snapshots.buttons[0].click()
    stage.window.scenes.snapshots.buttons[0].click()
    assert not mark.isVisible()
    stage.settle()


def test_a_mark_stays_while_the_working_state_cannot_be_kept(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle(stage)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    mark = stage.window.scenes.mark
    with monkeypatch.context() as patched:
        patched.setattr("studio.storage.files.replace", full)
        stage.change(lambda: stage.session.pads.move("deck1", (0.3, 0.3)))
        stage.until(mark.isVisible)
        assert "No space left" in mark.toolTip()
    stage.change(lambda: stage.session.pads.move("deck1", (0.4, 0.3)))
    stage.until(lambda: not mark.isVisible())


def test_everything_in_the_column_has_a_name_and_a_tooltip(
    stage: Stage, library: LibraryPanel
) -> None:
    choose(library.shelf.grid, "Moth")
    for place in range(3):
        library.turn_to(place)
        parts = [w for w in library.findChildren(QWidget) if w.focusPolicy() & TAB]
        parts = [w for w in parts if w.window() is stage.window]  # not a box's list
        parts = [w for w in parts if not w.objectName().startswith("qt_")]
        assert len(parts) > 10
        assert [type(w).__name__ for w in parts if not w.accessibleName()] == []
        buttons = [w for w in parts if isinstance(w, (QAbstractButton, QComboBox, QLineEdit))]
        assert [w.accessibleName() for w in buttons if not w.toolTip()] == []


def test_tab_goes_through_the_column_before_the_status_bar(
    stage: Stage, library: LibraryPanel
) -> None:
    before, seen = stage.window.pad, []
    for _ in range(600):
        before = before.nextInFocusChain()
        seen.append(before)
        if before is stage.window.pad:
            break
    at = {w: place for place, w in enumerate(seen)}
    assert at[library.shelf.search] < at[library.shelf.tags] < at[library.shelf.grid]
    assert at[stage.window.slots.views[0]] < at[library.shelf.search]


# -- after a crash ---------------------------------------------------------------------------------


def test_after_a_crash_one_click_brings_the_scene_back(stage: Stage) -> None:
    idle(stage)
    lost = stage.scene.with_deck(stage.front.but(pad=(0.9, 0.0)))
    folder = places.working()
    (folder / "session-killed.json").write_bytes(text_of(WorkingState(scene=lost)))
    stage.repertoire.recovery.left = tuple(autosave.crashed(folder))
    stage.repertoire.changed.emit()
    recovery = stage.window.recovery
    assert recovery.isVisible()
    stage.change(recovery.back.click)
    assert stage.front.pad == (0.9, 0.0)
    assert not recovery.isVisible()
    stage.until(lambda: autosave.crashed(folder) == [])


def test_what_several_crashes_left_is_offered_one_after_the_other(stage: Stage) -> None:
    idle(stage)
    folder = places.working()
    for number, x in enumerate((0.2, 0.4, 0.6)):
        file = folder / f"session-{number}.json"
        lost = stage.scene.with_deck(stage.front.but(pad=(x, 0.0)))
        file.write_bytes(text_of(WorkingState(scene=lost)))
        os.utime(file, (1e9 + number, 1e9 + number))
    stage.repertoire.recovery.left = tuple(autosave.crashed(folder))
    stage.repertoire.changed.emit()
    recovery = stage.window.recovery
    stage.change(recovery.back.click)
    assert stage.front.pad == (0.6, 0.0)
    recovery.gone.click()
    stage.change(recovery.back.click)
    assert stage.front.pad == (0.2, 0.0)
    assert not recovery.isVisible()
