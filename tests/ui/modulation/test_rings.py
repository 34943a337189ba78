"""What is seen of modulation on the controls, and the hand on a depth."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.fakes import FakeClock
from tests.ui.hands import CONTROL, LEFT, drag
from tests.ui.modulation.test_connecting import contrast, views
from tests.ui.stage import Stage, forget_the_dead
from ui.modulation._band import Band
from ui.modulation._marking import Marking, marking
from ui.modulation._ring import Ring
from ui.widgets.throttle import Throttle


def ring(widget: QWidget) -> Ring:
    QApplication.processEvents()
    (found,) = (r for r in widget.findChildren(Ring) if r.isVisible())
    return found


def shown(stage: Stage, address: str) -> Marking:
    found = marking(stage.session, views(stage).targets, address)
    assert found is not None
    return found


@pytest.fixture
def moved(stage: Stage) -> Stage:
    """Wind moves the contrast, which stands in the middle."""
    stage.window.frames._clock = FakeClock()
    stage.session.modulation.add("wind")
    stage.session.modulation.connect(1, "/deck/1/contrast", depth=0.4)
    QApplication.processEvents()
    return stage


def test_a_ring_and_a_band_show_base_range_and_present(moved: Stage) -> None:
    found = ring(contrast(moved))
    assert found.accessibleName() == "Depth of Wind on Contrast"
    assert found.accessibleDescription() == "+40 %"
    assert found.width() == found.height() == 24
    assert contrast(moved).findChildren(Band)
    seen, base = shown(moved, "/deck/1/contrast"), moved.session.modulation.base("/deck/1/contrast")
    assert (seen.base, seen.heard) == (base, True)
    assert seen.spans == ((pytest.approx(base - 0.4), pytest.approx(base + 0.4)),)
    before, picture = moved.parameter("contrast"), found.grab().toImage()
    moved.session.modulation.step(100.0)
    moved.session.modulation.step(103.0)
    for throttle in moved.window.findChildren(Throttle):
        throttle.finish()
    assert shown(moved, "/deck/1/contrast").present != seen.present
    assert found.grab().toImage() != picture, "it shows where the control is now"
    assert moved.parameter("contrast") == before, "showing never sets"
    moved.settle()


def test_the_ring_goes_with_the_connection(moved: Stage) -> None:
    moved.session.modulation.disconnect(1)
    forget_the_dead()
    assert not contrast(moved).findChildren(Ring)
    assert not contrast(moved).findChildren(Band)
    moved.session.undo()
    assert ring(contrast(moved))


def test_a_drag_on_the_ring_is_one_step_and_a_click_edits(moved: Stage) -> None:
    found, middle = ring(contrast(moved)), QPointF(12, 12)
    drag(found, middle, middle - QPointF(0, 10), middle - QPointF(0, 30))
    assert moved.scene.connections[0].depth == pytest.approx(0.7)
    assert not views(moved).page.isVisible()
    moved.session.undo()
    assert moved.scene.connections[0].depth == 0.4
    drag(found, middle)
    assert views(moved).page.isVisible()


def test_the_keys_change_the_depth(moved: Stage) -> None:
    moved.focus(ring(contrast(moved)))
    moved.key(Qt.Key.Key_Up)
    assert moved.scene.connections[0].depth == pytest.approx(0.45)
    moved.key(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert moved.scene.connections[0].depth == pytest.approx(0.44)


def test_ctrl_and_a_drag_on_a_small_control_change_the_depth_and_nothing_else(
    moved: Stage,
) -> None:
    tempo = moved.window.live.bar.tempo
    moved.session.modulation.connect(1, "/transport/tempo", depth=0.1)
    before, middle = moved.scene.score, QPointF(tempo.rect().center())
    drag(tempo, middle, middle + QPointF(0, 5), button=LEFT, modifiers=CONTROL)
    assert moved.scene.connections[1].depth == pytest.approx(0.05)
    assert moved.scene.score == before
    drag(tempo, middle, middle - QPointF(0, 12))
    assert moved.scene.score != before, "the control itself stays usable"
    assert moved.scene.connections[1].depth == pytest.approx(0.05)


def test_mute_and_solo_and_master_show(moved: Stage) -> None:
    modulation = moved.session.modulation
    modulation.change_connection(1, on=False)
    assert not shown(moved, "/deck/1/contrast").heard
    modulation.change_connection(1, on=True)
    modulation.set_master(0.5)
    seen = shown(moved, "/deck/1/contrast")
    assert seen.spans[0][1] == pytest.approx(seen.base + 0.2)
    modulation.add("breathe")
    modulation.change(2, solo=True)
    assert not shown(moved, "/deck/1/contrast").heard


def test_the_pad_has_a_ring_for_each_way(moved: Stage) -> None:
    before = moved.front.pad
    for way in "xy":
        moved.session.modulation.connect(1, f"/deck/1/pad/{way}", depth=0.2)
    QApplication.processEvents()
    rings = [r for r in moved.window.pad.findChildren(Ring) if r.isVisible()]
    assert [r.accessibleName() for r in rings] == [
        "Depth of Wind on Pad left-right",
        "Depth of Wind on Pad down-up",
    ]
    assert moved.front.pad == before
    moved.settle()


def test_rings_follow_the_deck_in_front(moved: Stage) -> None:
    moved.change(lambda: moved.session.decks.add("fake"))
    QApplication.processEvents()
    assert not [r for r in contrast(moved).findChildren(Ring) if r.isVisible()]
    moved.session.decks.bring_to_front("deck1")
    assert ring(contrast(moved))
    moved.settle()
