"""The Mixer tab: the output in small, a strip for each layer, and where the chosen one lies."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from studio.document.addresses import layer_address, output_address
from studio.document.errors import StudioError
from studio.document.mix import (
    KEY,
    LAYER_PARAMETERS,
    MIX_PARAMETERS,
    MUTE,
    OPACITY,
    ROLL,
    SOLO,
    TEXT,
)
from studio.document.parameters import Parameter, Value
from studio.document.scene import Scene
from studio.live.rig import Rig
from studio.session import Session
from ui.outputs._preview import MixPreview
from ui.outputs._strip import LayerStrip
from ui.tabs.page import TabPage, line, small_button
from ui.theme import STEP
from ui.widgets.form import quiet
from ui.widgets.parameter_rows import ParameterRow, row_for, section
from ui.widgets.scroll_column import ScrollColumn
from ui.widgets.throttle import Throttle

_FACES_MS = 100
"""How often small pictures are shown."""
_UNMIXED = "The output is the deck in front. Raise another one and they are mixed."
_IN_STRIP = (OPACITY, SOLO, MUTE)
_OTHERS = {ROLL: "Piano roll", TEXT: "Text"}


class MixerPage(TabPage):
    """Follows the scene while it is seen."""

    tab = ("Mixer", "Mixer: how decks are mixed into the output, and its screens")
    mark = "stack-2"
    built = Signal()
    """Its strips are others than before."""

    def __init__(self, session: Session, rig: Rig) -> None:
        super().__init__(session)
        self._room, self._layers = rig.picture.room, rig.picture.layers
        self.chosen = ""
        self.strips: dict[str, LayerStrip] = {}
        self.preview = MixPreview(session, self._room, lambda: self.chosen, self)
        self.preview.chosen.connect(self.choose)
        self.tools = QVBoxLayout()
        """For the buttons of whoever knows screens."""
        self.words = quiet(_UNMIXED)
        self._strips = QVBoxLayout()
        self._strips.setSpacing(0)
        self.title = section("Layer")
        self.rows = {p.name: self._layer_row(p) for p in LAYER_PARAMETERS if p not in _IN_STRIP}
        self.whole = {p.name: self._whole_row(p) for p in MIX_PARAMETERS}
        self._faces = Throttle(self._show_faces, _FACES_MS, self)
        self._lay_out()

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, STEP // 2, 0)
        column.setSpacing(2)
        column.addLayout(self.tools)
        column.addWidget(self.preview)
        column.addSpacing(STEP // 2)
        column.addLayout(self._strips)
        column.addWidget(self.whole[OPACITY.name])
        column.addWidget(self.words)
        column.addWidget(self.title)
        for row in self.rows.values():
            column.addWidget(row)
        column.addLayout(self._buttons())
        column.addWidget(section("Background"))
        for name, row in self.whole.items():
            if name != OPACITY.name:
                column.addWidget(row)
        column.addStretch(1)
        self._column.setContentsMargins(0, STEP, 0, 0)
        self._column.addWidget(ScrollColumn(inside, self), 1)

    def _buttons(self) -> QVBoxLayout:
        mixer = self._session.mixer
        self.raise_layer = self._button("arrow-up", "Raise", lambda: mixer.move(self.chosen, 1))
        self.lower_layer = self._button("arrow-down", "Lower", lambda: mixer.move(self.chosen, -1))
        self.reset = self._button("target", "Reset", lambda: mixer.reset(self.chosen))
        self.front_only = self._button("x", "Front deck only", mixer.show_front)
        for button, words in (
            (self.raise_layer, "Lay this layer above the next higher one"),
            (self.lower_layer, "Lay this layer below the next lower one"),
            (self.reset, "Put this layer back where it was at first"),
            (self.front_only, "Mix no more: the output is the deck in front"),
        ):
            button.setToolTip(words)
        column = QVBoxLayout()
        column.setContentsMargins(0, STEP, 0, 0)
        column.setSpacing(STEP)
        column.addLayout(line(self.raise_layer, self.lower_layer, self.reset, stretch_at=2))
        column.addLayout(line(self.front_only))
        return column

    def _button(self, mark: str, words: str, do: object) -> QPushButton:
        button = small_button(mark, words, words, words)
        button.clicked.connect(do)
        return button

    def _layer_row(self, parameter: Parameter) -> ParameterRow:
        return self._row(parameter, lambda value: self._set(self.chosen, parameter.name, value))

    def _whole_row(self, parameter: Parameter) -> ParameterRow:
        row = self._row(parameter, lambda value: self._session.mixer.set(parameter.name, value))
        row.address = output_address(parameter)
        return row

    def _row(self, parameter: Parameter, want: object) -> ParameterRow:
        row, history = row_for(parameter), self._session.history
        row.wanted.connect(want)
        row.refused.connect(self._session.noticed.emit)
        row.pressed.connect(history.hold)
        row.released.connect(history.release)
        return row

    def _set(self, key: str, name: str, value: Value) -> None:
        try:
            self._session.mixer.set_layer(key, **{name: value})
        except StudioError as error:
            self._session.noticed.emit(str(error))

    # -- what it shows -------------------------------------------------------------------------

    def choose(self, key: str) -> None:
        """Show the controls of a layer."""
        self.chosen = key
        self._address_rows()
        self.refresh()
        self.built.emit()  # its rows have other addresses

    def refresh(self) -> None:
        scene = self._session.scene
        if tuple(self.strips) != tuple(reversed(scene.layer_keys)) or not self.strips:
            self._build(scene)
        if self.chosen not in scene.layer_keys:
            self.chosen = scene.front
            self._address_rows()
        for key, strip in self.strips.items():
            strip.show_layer(scene.layer(key), chosen=key == self.chosen)
        layer = scene.layer(self.chosen)
        for name, row in self.rows.items():
            row.show_value(getattr(layer, name))
        for name, row in self.whole.items():
            row.show_value(getattr(scene.mix, name))
        self.rows[KEY.name].setVisible(layer.blend == "luma key")
        self.title.setText(f"{self.strips[self.chosen].name.text()}: layer".upper())
        self.words.setVisible(not scene.mix.layers)
        self.front_only.setEnabled(bool(scene.mix.layers))
        self.preview.refresh()

    def _build(self, scene: Scene) -> None:
        self._session.history.release()  # whatever a hand was on is gone
        for strip in self.strips.values():
            strip.hide()
            strip.deleteLater()
        self.strips = {}
        for key in reversed(scene.layer_keys):
            strip = LayerStrip(self._place(key), self._name(key))
            strip.wanted.connect(lambda name, value, key=key: self._set(key, name, value))
            strip.name.clicked.connect(lambda _=False, key=key: self.choose(key))
            strip.pressed.connect(self._session.history.hold)
            strip.released.connect(self._session.history.release)
            strip.refused.connect(self._session.noticed.emit)
            self._strips.addWidget(strip)
            self.strips[key] = strip
        self._address_rows()
        self._show_faces()
        self.built.emit()

    def _place(self, key: str) -> str:
        if key in _OTHERS:
            return key
        keys = [deck.key for deck in self._session.scene.decks]
        return f"/deck/{keys.index(key) + 1}"

    def _name(self, key: str) -> str:
        return _OTHERS.get(key) or self._place(key).strip("/").title().replace("/", " ")

    def _address_rows(self) -> None:
        if self.chosen in self._session.scene.layer_keys:
            for row in self.rows.values():
                row.address = layer_address(self._place(self.chosen), row.parameter)

    def addresses(self) -> Iterator[tuple[QWidget, str]]:
        """What of the strips can be learnt; rows say theirs themselves."""
        for strip in self.strips.values():
            yield from strip.addresses()

    def _show_faces(self) -> None:
        for key, strip in self.strips.items():
            strip.name.show_pixels(self._room.picture(key))

    # -- while it is seen ----------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        self._session.changed.connect(self._on_changed)
        self._session.modulation.moved.connect(self._on_moved)
        self._session.pictured.connect(self._faces)
        self._layers.changed.connect(self._faces)
        super().showEvent(event)
        self._show_faces()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._session.changed.disconnect(self._on_changed, missing_ok=True)
        self._session.modulation.moved.disconnect(self._on_moved, missing_ok=True)
        self._session.pictured.disconnect(self._faces, missing_ok=True)
        self._layers.changed.disconnect(self._faces, missing_ok=True)

    def _on_changed(self, new: Scene, old: Scene) -> None:
        before = (old.mix, old.layer_keys, old.front)
        if (new.mix, new.layer_keys, new.front) != before:
            self.refresh()

    def _on_moved(self, _: object) -> None:
        self.preview.update()
