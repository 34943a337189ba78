"""The map of a latent space: what stands on it, and where the hand goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from studio.engine import Atlas
from studio.latent.atlas import places_of, point_at
from tests.fakes import fake
from tests.ui.hands import CONTROL, LEFT, RIGHT, double_click, drag, move, press, release, wheel
from tests.ui.stage import Stage
from ui.tabs._atlas_view import AtlasView

DOT = 2
"""A point of the fake engine's map."""


@pytest.fixture
def on_map(stage: Stage) -> Stage:
    stage.key(Qt.Key.Key_3, CONTROL)
    stage.until(lambda: stage.window.tabs.map.view is not None and view(stage).isVisible())
    stage.changes.clear()
    return stage


def view(stage: Stage) -> AtlasView:
    found = stage.window.tabs.map.view
    assert found is not None
    return found


def atlas(stage: Stage) -> Atlas:
    loaded = stage.state.loaded
    assert loaded is not None
    assert loaded.atlas is not None
    return loaded.atlas


def at(stage: Stage, place: object) -> QPointF:
    """Where a place of the map is in the view, to the px that a mouse has."""
    return QPointF(view(stage).point_at(tuple(np.asarray(place).tolist())).toPoint())


def shown(stage: Stage) -> np.ndarray:
    return stage.session.point("deck1")


def test_it_shows_every_point_the_slots_and_where_one_is(on_map: Stage) -> None:
    held = view(on_map)
    assert len(held.cloud.points()) == len(atlas(on_map).points)
    assert held._here == pytest.approx(places_of(shown(on_map), atlas(on_map))[0])
    assert sorted(held._slots) == [0, 1, 2]


def test_it_follows_the_puck_and_the_shelf(on_map: Stage) -> None:
    before = view(on_map)._here
    on_map.session.pads.move("deck1", (-0.8, -0.3))
    assert view(on_map)._here != before
    assert view(on_map)._here == places_of(shown(on_map), atlas(on_map))[0]
    on_map.session.slots.clear("deck1", 1)
    assert sorted(view(on_map)._slots) == [0, 2]
    on_map.settle()


def test_home_goes_to_the_middle_of_the_map_unless_the_pad_has_the_focus(on_map: Stage) -> None:
    pad = on_map.front.pad
    on_map.focus(view(on_map))
    on_map.change(lambda: on_map.key(Qt.Key.Key_Home))
    assert shown(on_map) == pytest.approx(point_at((0.0, 0.0), atlas(on_map)))
    assert on_map.front.pad == pad
    on_map.focus(on_map.window.pad)
    on_map.change(lambda: on_map.key(Qt.Key.Key_Home))
    assert (on_map.front.pad, on_map.front.held) == ((0.0, 0.0), None)


def test_a_click_on_a_dot_goes_to_exactly_that_point(on_map: Stage) -> None:
    place = at(on_map, atlas(on_map).places[DOT]) + QPointF(3, -2)
    on_map.change(lambda: QTest.mouseClick(view(on_map).viewport(), LEFT, pos=place.toPoint()))
    assert (shown(on_map) == atlas(on_map).points[DOT]).all()
    assert on_map.front.held is not None


def test_a_drag_between_dots_blends_them_and_is_one_step(on_map: Stage) -> None:
    viewport = view(on_map).viewport()
    way = [at(on_map, (x, x)) for x in (0.0, 0.1, 0.2, 0.33)]
    drag(viewport, *way)
    place = view(on_map).place_at(way[-1])
    assert shown(on_map) == pytest.approx(point_at(place, atlas(on_map)), abs=1e-5)
    on_map.clock.advance(10)
    on_map.session.undo()
    assert on_map.front.held is None
    on_map.settle()


def test_a_slow_drag_is_one_step_too(on_map: Stage) -> None:
    viewport = view(on_map).viewport()
    press(viewport, at(on_map, (0.1, 0.1)))
    on_map.clock.advance(10)
    move(viewport, at(on_map, (0.3, 0.3)))
    release(viewport, at(on_map, (0.3, 0.3)))
    on_map.session.undo()
    assert not on_map.session.history.can_undo
    on_map.settle()


def test_hovering_shows_the_small_picture_of_the_dot(on_map: Stage) -> None:
    viewport = view(on_map).viewport()
    move(viewport, at(on_map, atlas(on_map).places[DOT]), Qt.MouseButton.NoButton)
    assert view(on_map).under == DOT
    on_map.until(lambda: view(on_map)._thumbnail.picture is not None)
    move(viewport, QPointF(1, 1), Qt.MouseButton.NoButton)
    assert view(on_map).under is None
    assert on_map.changes == []


def test_the_wheel_zooms_about_the_pointer_and_a_double_click_shows_all(on_map: Stage) -> None:
    held = view(on_map)
    held.show_all()
    whole = held.box.viewRect().width()
    wheel(held.viewport(), 2)
    assert held.box.viewRect().width() == pytest.approx(0.64 * whole, rel=0.02)
    double_click(held.viewport(), at(on_map, (0.9, -0.9)))
    assert held.box.viewRect().width() == pytest.approx(whole, rel=0.02)
    on_map.settle()


def test_a_right_drag_moves_the_map_and_nothing_else(on_map: Stage) -> None:
    held = view(on_map)
    place = held.place_at(QPointF(60, 60))
    drag(held.viewport(), QPointF(60, 60), QPointF(90, 80), button=RIGHT)
    assert held.place_at(QPointF(90, 80)) == pytest.approx(place, abs=0.02)
    assert on_map.changes == []


def test_the_keys_walk_over_the_map_and_zoom(on_map: Stage) -> None:
    held = view(on_map)
    on_map.focus(held)
    here = held._here
    assert here is not None
    for _ in range(3):
        on_map.key(Qt.Key.Key_Right)
    step = 0.03 * held.box.viewRect().width()
    expected = point_at((here[0] + 3 * step, here[1]), atlas(on_map))
    assert shown(on_map) == pytest.approx(expected, abs=1e-5)
    width = held.box.viewRect().width()
    on_map.key(Qt.Key.Key_Plus)
    assert held.box.viewRect().width() < width
    on_map.key(Qt.Key.Key_T)
    assert on_map.scene.tied, "the window's keys work here too"
    on_map.settle()


def test_a_model_without_a_map_says_so(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(fake())
    stage.state.loaded = replace(stage.state.loaded, atlas=None)
    stage.window.tabs.turn_to(2)
    page = stage.window.tabs.map
    assert page._empty.isVisible()
    assert page._empty.text().startswith("This model has no map.")
    assert not view(stage).isVisible()


def test_pyqtgraph_is_not_needed_until_the_map_is_seen(stage: Stage) -> None:
    assert stage.window.tabs.map.view is None
