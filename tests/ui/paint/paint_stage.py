"""A window that can paint on textures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF

from tests.fakes import FakeClock, scene_of
from tests.texture_fakes import textured, textures
from tests.ui.stage import Stage
from ui.actions.actions import Actions
from ui.paint._page import PaintPage
from ui.paint._view import PaintView
from ui.paint.tools import PaintTools


class PaintStage:
    """The stage, its painting, and a clock for the drift that stands still by itself."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.desk = _desk_of(stage)
        self.clock = FakeClock()
        self.desk._clock = stage.window.frames._clock = self.clock
        stage.window.tabs.turn_to_own()
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


def _desk_of(stage: Stage) -> PaintTools:
    window = stage.window
    if hasattr(window, "paint"):
        return window.paint
    desk = PaintTools(stage.session, window.canvas, window)
    window.tabs.add(desk.page)
    window.slots.thumbnail_changed.connect(desk.show_thumbnail)
    desk.export_wanted.connect(lambda: window.export("drift film"))
    window.own_actions = Actions(desk.window_actions(), window)
    for slot in range(8):
        window.slots.refresh_thumbnail(slot)
    return desk


@pytest.fixture
def artist(open_stage: Callable[..., Stage]) -> PaintStage:
    """A deck with red, green and blue in A, B and C, and the page in front."""
    guest = textures()
    return PaintStage(open_stage(guest, scene=scene_of(textured(guest))))
