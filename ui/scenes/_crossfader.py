"""The crossfader between two scenes, with its time: what is shown of a `Morph`, under the hand."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from studio.document.parameters import Float, Int, ParameterError, Value
from studio.scenes.morphing import FADER, Morph, Side
from studio.scenes.recalling import GLIDES, Recalling
from studio.session import Session
from studio.settings.declared import MORPH_BARS, MORPH_SECONDS, MORPH_UNIT
from ui import theme
from ui.transport.bar_parts import button
from ui.transport.score_fields import IconToggle, SegmentedChoice
from ui.widgets.drag_field import DragField
from ui.widgets.slider import Slider

_FADER_PX = 110
_ENDS: dict[Side, tuple[str, str]] = {"a": ("L", "left"), "b": ("R", "right")}
"""What the ends are called; A to H are the slots."""


class Crossfader(QWidget):
    """The ends with the fader between, how long a morph takes, whether recalls morph, and back."""

    def __init__(
        self, session: Session, morph: Morph, recalling: Recalling, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._morph, self._recalling = session, morph, recalling
        self.sides: dict[Side, QPushButton] = {"a": self._side("a"), "b": self._side("b")}
        self.fader = Slider(FADER)
        self.fader.setFixedWidth(_FADER_PX)
        self.fader.setToolTip(f"{FADER.label}: {FADER.help}")
        self.fader.wanted.connect(morph.set_fader)
        self.fader.pressed.connect(session.history.hold)
        self.fader.released.connect(session.history.release)
        self.seconds, self.bars = self._length(MORPH_SECONDS), self._length(MORPH_BARS)
        self.unit = SegmentedChoice(MORPH_UNIT)
        for word, segment in self.unit.buttons.items():
            segment.setText({"seconds": "s"}.get(word, word))
            segment.clicked.connect(lambda _=False, word=word: self._set(MORPH_UNIT.name, word))
        self.glide = IconToggle(GLIDES, "arrows-left-right")
        self.glide.clicked.connect(self._glide)
        self.back = button("arrow-back-up", "Turn round: morph back to where it came from")
        self.back.clicked.connect(morph.reverse)
        self._lay_out()
        morph.changed.connect(self.refresh)
        recalling.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        parts: tuple[QWidget, ...] = (self.sides["a"], self.fader, self.sides["b"])
        for widget in (*parts, self.seconds, self.bars, self.unit, self.glide, self.back):
            line.addWidget(widget)

    def _side(self, side: Side) -> QPushButton:
        made = QPushButton(_ENDS[side][0])
        made.setObjectName("segment")
        theme.set_size(made, width=26)
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.clicked.connect(lambda: self._morph.hold(side))
        return made

    def _length(self, parameter: Float | Int) -> DragField:
        made = DragField(parameter)
        made.wanted.connect(lambda value: self._set(parameter.name, value))
        made.refused.connect(self._session.noticed.emit)
        return made

    # -- what a hand does ----------------------------------------------------------------------

    def _set(self, name: str, value: Value) -> None:
        try:
            self._morph.set(name, value)
        except ParameterError as error:
            self._session.noticed.emit(str(error))

    def _glide(self, on: bool) -> None:
        self._recalling.glides = on

    # -- what it shows -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show how the morph stands."""
        unit = self._morph.length.unit
        self.unit.show_value(unit)
        for field, about in ((self.seconds, MORPH_SECONDS), (self.bars, MORPH_BARS)):
            field.setVisible(about.unit[0] == unit[0])
            field.show_value(self._morph.setting(about.name))
        self.glide.show_value(self._recalling.glides)
        self.back.setEnabled(self._morph.position is not None)
        for side, shown in self.sides.items():
            self._refresh_side(side, shown)
        self.turn()

    def _refresh_side(self, side: Side, shown: QPushButton) -> None:
        held = self._morph.side(side)
        name = (held.name or "a scene") if held else "nothing yet"
        end = _ENDS[side][1]
        shown.setAccessibleName(f"Crossfader, {end} end: {name}")
        shown.setToolTip(
            f"The {end} end of the crossfader holds {name}.\nA click puts the present scene there."
        )
        shown.setProperty("filled", held is not None)
        shown.style().unpolish(shown)
        shown.style().polish(shown)

    def turn(self) -> None:
        """Where the morph is now; with every picture while it moves."""
        position = self._morph.position
        self.fader.show_value(0.0 if position is None else position)
        self.fader.setEnabled(bool(self._morph.side("a") or self._morph.side("b")))

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._morph.changed.disconnect(self.refresh, missing_ok=True)
        self._recalling.changed.disconnect(self.refresh, missing_ok=True)
