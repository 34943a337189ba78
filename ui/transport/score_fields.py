"""Fields and switches for what a scene says about time (`studio.document.score`)."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from studio.document.parameters import Choice, Float, Parameter, ParameterError, Toggle, Value
from studio.session import Session
from ui.icons import icon
from ui.widgets.drag_field import DragField
from ui.widgets.slider import Slider


class ScoreFields:
    """Makes controls for a scene's score, and shows what the score says."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._shown: list[tuple[str, DragField | Slider | IconToggle | SegmentedChoice]] = []

    def refresh(self) -> None:
        """Show the score as it is now."""
        score = self._session.scene.score
        for name, widget in self._shown:
            widget.show_value(score[name])

    def set(self, parameter: Parameter, value: Value) -> None:
        """Set it in the scene; what is refused is told."""
        try:
            self._session.set_score(parameter.name, value)
        except ParameterError as error:
            self._session.noticed.emit(str(error))

    def field(
        self,
        parameter: Parameter,
        caption: str = "",
        *,
        unit: bool = True,
        step: float | None = None,
    ) -> DragField:
        """A field to drag and type in."""
        made = DragField(parameter, caption, unit=unit, step=step)
        made.refused.connect(self._session.noticed.emit)
        self._play(parameter, made)
        return made

    def slider(self, parameter: Float, width_px: int) -> Slider:
        """A short slider."""
        made = Slider(parameter)
        made.setFixedWidth(width_px)
        made.setToolTip(f"{parameter.label}: {parameter.help}")
        self._play(parameter, made)
        return made

    def switch(self, parameter: Toggle, mark: str) -> IconToggle:
        """A button that stays down while it is on."""
        made = IconToggle(parameter, mark)
        made.clicked.connect(lambda on: self.set(parameter, on))
        self._shown.append((parameter.name, made))
        return made

    def segments(self, parameter: Choice) -> SegmentedChoice:
        """A few words side by side."""
        made = SegmentedChoice(parameter)
        for word, button in made.buttons.items():
            button.clicked.connect(lambda _=False, word=word: self.set(parameter, word))
        self._shown.append((parameter.name, made))
        return made

    def _play(self, parameter: Parameter, made: DragField | Slider) -> None:
        """A drag is one step of the history."""
        made.pressed.connect(self._session.history.hold)
        made.released.connect(self._session.history.release)
        made.wanted.connect(lambda value: self.set(parameter, value))
        self._shown.append((parameter.name, made))


class IconToggle(QToolButton):
    """On or off, by an icon."""

    def __init__(self, parameter: Toggle, mark: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setIcon(icon(mark))
        self.setIconSize(QSize(18, 18))
        self.setAccessibleName(parameter.label)
        self.setToolTip(f"{parameter.label}: {parameter.help}")

    def show_value(self, value: Value) -> None:
        """Show whether it is on."""
        self.setChecked(bool(value))


class SegmentedChoice(QWidget):
    """Words of which one is chosen."""

    def __init__(self, parameter: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(f"{parameter.label}: {parameter.help}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.setSizeConstraint(QHBoxLayout.SizeConstraint.SetMinimumSize)  # no word is cut
        for word in parameter.options:
            button = QPushButton(word, self)
            button.setObjectName("segment")
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setAccessibleName(f"{parameter.label}: {word}")
            self._group.addButton(button)
            self.buttons[word] = button
            line.addWidget(button)

    def show_value(self, value: Value) -> None:
        """Show which one is chosen."""
        self.buttons[str(value)].setChecked(True)
