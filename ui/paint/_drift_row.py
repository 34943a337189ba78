"""The pace of one cyclic parameter's drift."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from studio.document.parameters import Float
from studio.motion.drifting import rate_of
from ui.widgets.slider_row import SliderRow


class DriftRow(SliderRow):
    """A slider from so many turns a minute backwards to so many forwards, at rest in the middle."""

    def __init__(self, parameter: Float, parent: QWidget | None = None) -> None:
        super().__init__(rate_of(parameter), parent)
        self.name = parameter.name
        """The parameter that drifts."""
