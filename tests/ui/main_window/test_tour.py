"""The tour of the window: five steps, left at any time."""

from __future__ import annotations

from PySide6.QtCore import Qt

from studio.presets import autosave
from studio.presets.folder import places
from studio.presets.working_state import WorkingState, text_of
from tests.ui.stage import Stage
from ui.app import offer_tour


def test_five_steps_beside_their_parts_and_through(stage: Stage) -> None:
    tour, ended = stage.window.tour, []
    tour.ended = lambda: ended.append(True)
    tour.start()
    said = set()
    for place in range(5):
        card = tour.card
        assert card is not None
        assert card.title.text().startswith(f"{place + 1} of 5: ")
        assert stage.window.rect().contains(card.geometry())
        said.add(card.words.text())
        card.next.click()
    assert len(said) == 5
    assert tour.card is None
    assert ended == [True]


def test_escape_leaves_at_any_step_and_the_music_never_waits(stage: Stage) -> None:
    tour = stage.window.tour
    stage.window.all_actions["view.tour"].do()
    assert tour.card is not None
    tour.card.next.click()
    stage.focus(tour.card.next)
    stage.change(lambda: stage.session.pads.move("deck1", (0.1, 0.1)))
    stage.key(Qt.Key.Key_Escape)
    assert tour.card is None


def test_after_the_tour_space_plays_again(stage: Stage) -> None:
    tour = stage.window.tour
    tour.start()
    assert tour.card is not None
    stage.focus(tour.card.next)
    stage.key(Qt.Key.Key_Escape)
    assert stage.window.pad.hasFocus()
    stage.key(Qt.Key.Key_Space)
    assert stage.desk.rig.transport.movement.playing


def test_it_comes_the_first_time_but_not_over_what_a_crash_has_left(stage: Stage) -> None:
    store, repertoire = stage.desk.rig.store, stage.repertoire
    folder = places.working()
    (folder / "session-killed.json").write_bytes(text_of(WorkingState(scene=stage.scene)))
    repertoire.recovery.left = tuple(autosave.crashed(folder))
    offer_tour(stage.window, store, repertoire)
    assert stage.window.tour.card is None
    repertoire.recovery.let_go(repertoire.recovery.left[0])
    offer_tour(stage.window, store, repertoire)
    assert stage.window.tour.card is not None
    stage.window.tour.leave()
    offer_tour(stage.window, store, repertoire)
    assert stage.window.tour.card is None
