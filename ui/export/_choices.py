"""What can be exported of a deck, and the figures that some exports want to know."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from studio.document.parameters import Float, Value
from studio.engine import EngineSpec
from studio.export.plans import What
from studio.motion.drifting import cyclic
from ui.widgets.slider import Slider
from ui.widgets.value_field import ValueField

WHATS: tuple[tuple[What, str], ...] = (
    ("picture", "Picture (PNG)"),
    ("outline", "Outline (SVG)"),
    ("sheet", "Sheet of variations (PNG)"),
    ("film", "Walk as a film (MP4)"),
    ("gif", "Walk as an animation (GIF)"),
    ("drift film", "Drift as a film (MP4)"),
    ("drift gif", "Drift as an animation (GIF)"),
    ("tile", "Tile, with how well it joins (PNG)"),
    ("height", "Height map, 16 bit (PNG)"),
    ("normal", "Normal map (PNG)"),
)
WALKS: tuple[What, ...] = ("film", "gif")
DRIFTS: tuple[What, ...] = ("drift film", "drift gif")
MAPS: tuple[What, ...] = ("height", "normal")


def offered(spec: EngineSpec, model: str) -> list[tuple[What, str]]:
    """What a deck with this engine and model can be exported as, with its words."""
    missing: set[What] = set()
    if not spec.model(model).outlines:
        missing.add("outline")
    if not cyclic(spec.controls(model)):
        missing.update(DRIFTS)
    if not spec.tiles:
        missing.update(("tile", *MAPS))
    return [(what, words) for what, words in WHATS if what not in missing]


class NumberField(QWidget):
    """A slider and its value, which it keeps itself: it belongs to no scene."""

    changed = Signal()
    refused = Signal(str)

    def __init__(self, parameter: Float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = parameter.initial
        self.label = QLabel(parameter.label, parent)
        self.slider, self.field = Slider(parameter, self), ValueField(parameter, self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.slider, 1)
        row.addWidget(self.field)
        for part in (self.slider, self.field):
            part.wanted.connect(self.set)
        self.slider.typing.connect(self.field.edit)
        self.field.left.connect(self.slider.setFocus)
        self.field.refused.connect(self.refused)
        for widget in (self, self.label):
            widget.setToolTip(f"{parameter.label}: {parameter.help}")
        self.set(parameter.initial)

    def set(self, value: Value) -> None:
        """Take a value, as the hand does."""
        self.value = float(value)
        self.slider.show_value(value)
        self.field.show_value(value)
        self.changed.emit()

    def show_with_label(self, shown: bool) -> None:
        """Be there, or not."""
        self.label.setVisible(shown)
        self.setVisible(shown)
