"""The panel of the front deck: its model, the blend's path, and the engine's own controls.

Everything in it is made from the spec; no engine is known here by name.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QScrollBar, QVBoxLayout, QWidget

from studio.document.parameters import Float, Parameter, ParameterError, Value
from studio.document.scene import INTERPOLATION, SEED, Deck
from studio.engine import EngineSpec
from studio.session import Session
from ui.deck.direction_row import DirectionRow
from ui.theme import STEP
from ui.widgets.parameter_rows import ComboBox, ParameterRow, row_for, section


class Panel(QScrollArea):
    """Shows the front deck and passes what the hand wants to the session."""

    built = Signal()
    """Its rows are others than before."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: dict[str, ParameterRow] = {}
        self._choices: list[tuple[str, str]] = []
        self._made: dict[tuple[str, str], _Rows] = {}
        """Kept for when their model comes back: a recall would wait for the rows to be made."""
        self._made_for: tuple[str, str] | None = None
        self._shown: tuple[str, str, str] | None = None
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollBar(_PanelScrollBar())
        holder = QWidget()
        self._all = QVBoxLayout(holder)
        self._all.setContentsMargins(0, 0, 0, 0)
        self.setWidget(holder)
        session.registry.changed.connect(self._models_changed)
        self._list_models()

    def refresh(self) -> None:
        """Show the front deck as it is now."""
        deck = self._session.scene.front_deck
        if (deck.key, deck.engine, deck.model) != self._shown:
            self._shown = (deck.key, deck.engine, deck.model)
            for row in self._rows.values():
                row.leave()  # what is being typed was meant for the other
        if (deck.engine, deck.model) != self._made_for:
            self._turn_to(deck)
        for name, value in _values(deck).items():
            self._rows[name].show_value(value)
        for row in self._rows.values():
            if isinstance(row, DirectionRow):
                row.show_lock(row.parameter.name in deck.fixed)
        shown = (deck.engine, deck.model)
        self._models.setCurrentIndex(self._choices.index(shown) if shown in self._choices else -1)

    def row(self, name: str) -> ParameterRow:
        """The row of a parameter of the front deck."""
        return self._rows[name]

    def _turn_to(self, deck: Deck) -> None:
        """Have the rows of the deck's model, made now or kept from before."""
        self._session.history.release()  # whatever a hand was on is gone
        self._made_for = (deck.engine, deck.model)
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        is_new = self._made_for not in self._made
        if is_new:
            self._made[self._made_for] = self._build(deck)
        inside = self._made[self._made_for]
        self._rows, self._models = inside.rows, inside.models
        for each in self._made.values():  # moved to another parent, they would all be styled anew
            each.setVisible(each is inside)
        if is_new:
            self.built.emit()
        if had_focus:
            self._models.setFocus()

    def _build(self, deck: Deck) -> _Rows:
        spec = self._session.registry.spec(deck.engine)
        self._rows = {}
        inside = _Rows(self._rows, self._model_box())
        inside.hide()
        self._all.addWidget(inside)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, STEP // 2, 0)
        column.setSpacing(0)
        column.addWidget(section("Model"))
        column.addWidget(inside.models)
        column.addWidget(section("Blend"))
        self._add(column, row_for(INTERPOLATION))
        self._add(column, row_for(SEED))
        self._add_groups(column, spec, deck.model)
        column.addStretch(1)
        column.addWidget(_credit(spec, deck.model))
        return inside

    def _add_groups(self, column: QVBoxLayout, spec: EngineSpec, model: str) -> None:
        groups: dict[str, list[Parameter]] = {}
        for parameter in spec.controls(model):
            groups.setdefault(parameter.group, []).append(parameter)
        directions = spec.model(model).directions
        for group, parameters in groups.items():  # no heading twice, wherever they were declared
            column.addWidget(section(group or spec.title))
            for parameter in parameters:
                if parameter in directions:
                    self._add_direction(column, parameter)
                else:
                    self._add(column, row_for(parameter))

    def _add_direction(self, column: QVBoxLayout, parameter: Parameter) -> None:
        assert isinstance(parameter, Float)
        row = DirectionRow(parameter)
        row.lock_wanted.connect(lambda locked: self._lock(parameter.name, locked))
        self._add(column, row)

    def _lock(self, name: str, locked: bool) -> None:
        front = self._session.scene.front
        self._session.pads.lock_direction(front, name, locked)
        self.refresh()  # before the model is loaded there is nothing to lock

    def _add(self, column: QVBoxLayout, row: ParameterRow) -> None:
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
                self._session.slots.randomise(front, SEED.validate(value))
            elif name == INTERPOLATION.name:
                self._session.pads.set_interpolation(front, str(value))
            else:
                self._session.set(front, name, value)
        except ParameterError as error:
            self._session.noticed.emit(str(error))

    def _model_box(self) -> ComboBox:
        box = ComboBox("Model")
        box.setToolTip("The engine and model of this deck")
        box.addItems(self._titles)
        box.activated.connect(self._choose_model)
        return box

    def _list_models(self) -> None:
        registry = self._session.registry
        found = [(spec, model) for spec in registry.specs for model in registry.offered(spec)]
        self._choices = [(spec.name, model.name) for spec, model in found]
        self._titles = [f"{spec.title} · {model.title}" for spec, model in found]

    def _models_changed(self) -> None:
        """Own models come and go, and change what they are called."""
        self._list_models()
        for made in self._made.values():
            made.models.clear()
            made.models.addItems(self._titles)
        self.refresh()

    def _choose_model(self, index: int) -> None:
        engine, model = self._choices[index]
        self._session.decks.choose_model(self._session.scene.front, engine, model)


class _Rows(QWidget):
    """What there is to set of one model."""

    def __init__(self, rows: dict[str, ParameterRow], models: ComboBox) -> None:
        super().__init__()
        self.rows = rows
        self.models = models


class _PanelScrollBar(QScrollBar):
    """Keeps its place when there is nothing to scroll, so that the rows do not change width."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.maximum() > self.minimum():
            super().paintEvent(event)


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
