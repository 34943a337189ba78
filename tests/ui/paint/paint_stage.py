"""A window that can paint on textures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF

from tests.fakes import FakeClock, scene_of
from tests.texture_fakes import textured, textures
from tests.ui.stage import Stage
from ui.actions.actions import Deed, Deeds
from ui.paint._page import PaintPage
from ui.paint._view import PaintView
from ui.paint.paint import PaintDesk


class PaintStage:
    """The stage, its painting, and a clock for the drift that stands still by itself."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.desk = _desk_of(stage)
        self.clock = FakeClock()
        self.desk._clock = stage.window.frames._clock = self.clock
        stage.window._turn_to_own()
        stage.until(self.page.isVisible)
        stage.changes.clear()

    @property
    def page(self) -> PaintPage:
        return self.desk.page

    @property
    def view(self) -> PaintView:
        return self.desk.view

    def at(self, x: float, y: float) -> QPointF:
        """Where a place of the picture is on the stage."""
        return self.view.point_at((x, y))

    def go_on(self, seconds: float) -> None:
        """Let the drift go on."""
        self.clock.advance(seconds)
        self.stage.window.frames.step()


def _desk_of(stage: Stage) -> PaintDesk:
    window = stage.window
    if hasattr(window, "paint"):
        return window.paint
    desk = PaintDesk(stage.session, window.canvas, window)
    window.sketch.add(desk.page)
    window.shelf.face_changed.connect(desk.show_face)
    desk.export_wanted.connect(lambda: window.export("drift film"))
    window.own_deeds = Deeds([Deed(*each) for each in desk.deeds()], window)
    for slot in range(8):
        window.shelf.refresh_face(slot)
    return desk


@pytest.fixture
def artist(open_stage: Callable[..., Stage]) -> PaintStage:
    """A deck with red, green and blue in A, B and C, and the page in front."""
    guest = textures()
    return PaintStage(open_stage(guest, scene=scene_of(textured(guest))))
