"""The panel of the front deck: its model, the blend's path, and the engine's own controls.

Everything in it is made from the spec; no engine is known here by name.
"""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QLabel, QScrollArea, QVBoxLayout, QWidget

from studio.engine import EngineSpec
from studio.parameters import ParameterError, Value
from studio.scene import INTERPOLATION, SEED, Deck
from studio.session import Session
from ui.controls import Row, row_for, section
from ui.theme import STEP


class Panel(QScrollArea):
    """Shows the front deck and passes what the hand wants to the session."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: dict[str, Row] = {}
        self._choices: list[tuple[str, str]] = []
        self._shown: tuple[str, str, str] | None = None
        self.setWidgetResizable(True)
        self.setFocusPolicy(self.focusPolicy().NoFocus)

    def refresh(self) -> None:
        """Show the front deck as it is now."""
        deck = self._session.scene.deck(self._session.scene.front)
        if (deck.key, deck.engine, deck.model) != self._shown:
            self._build(deck)
        for name, value in _values(deck).items():
            self._rows[name].show_value(value)
        with QSignalBlocker(self._models):
            self._models.setCurrentIndex(self._choices.index((deck.engine, deck.model)))

    def row(self, name: str) -> Row:
        """The row of a parameter of the front deck."""
        return self._rows[name]

    def _build(self, deck: Deck) -> None:
        spec = self._session.registry.spec(deck.engine)
        self._shown = (deck.key, deck.engine, deck.model)
        self._rows = {}
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, STEP, 0)
        column.setSpacing(0)
        self._models = self._model_box()
        column.addWidget(section("Model"))
        column.addWidget(self._models)
        column.addWidget(section("Blend"))
        self._add(column, row_for(INTERPOLATION))
        self._add(column, row_for(SEED))
        self._add_groups(column, spec, deck.model)
        column.addStretch(1)
        column.addWidget(_credit(spec, deck.model))
        self.setWidget(inside)

    def _add_groups(self, column: QVBoxLayout, spec: EngineSpec, model: str) -> None:
        group = None
        for parameter in spec.controls(model):
            if parameter.group != group:
                group = parameter.group
                column.addWidget(section(group or spec.title))
            self._add(column, row_for(parameter))

    def _add(self, column: QVBoxLayout, row: Row) -> None:
        name = row.parameter.name
        self._rows[name] = row
        row.wanted.connect(lambda value, name=name: self._set(name, value))
        row.refused.connect(self._session.noticed.emit)
        row.pressed.connect(self._session.history.hold)
        row.released.connect(self._session.history.release)
        column.addWidget(row)

    def _set(self, name: str, value: Value) -> None:
        front = self._session.scene.front
        try:
            if name == SEED.name:
                self._session.surprise(front, SEED.validate(value))
            elif name == INTERPOLATION.name:
                self._session.set_interpolation(front, str(value))
            else:
                self._session.set(front, name, value)
        except ParameterError as error:
            self._session.noticed.emit(str(error))

    def _model_box(self) -> QComboBox:
        box = QComboBox()
        self._choices = []
        box.setAccessibleName("Model")
        box.setToolTip("The engine and model of this deck")
        for spec in self._session.registry.specs:
            for model in spec.models:
                box.addItem(f"{spec.title} · {model.title}")
                self._choices.append((spec.name, model.name))
        box.activated.connect(self._choose_model)
        return box

    def _choose_model(self, index: int) -> None:
        engine, model = self._choices[index]
        self._session.choose_model(self._session.scene.front, engine, model)


def _values(deck: Deck) -> dict[str, Value]:
    own: dict[str, Value] = {SEED.name: deck.seed, INTERPOLATION.name: deck.interpolation}
    return {**deck.parameters, **own}


def _credit(spec: EngineSpec, model: str) -> QLabel:
    chosen = spec.model(model)
    label = QLabel(" · ".join(part for part in (chosen.credit, chosen.licence) if part))
    label.setObjectName("quiet")
    label.setWordWrap(True)
    label.setContentsMargins(0, STEP, 0, STEP)
    return label
