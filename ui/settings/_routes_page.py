"""The page about routes: which track goes to which port, channel and instrument.

Routes belong to the scene: undo has them, and presets take them along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from studio.document.parameters import Int
from studio.document.routes import DRUM_CHANNEL, METRONOME_TRACK, SOUND, Route
from studio.document.scene import Scene
from studio.live.connector import OURS
from studio.live.rig import Rig
from studio.session import Session
from ui import theme
from ui.icons import icon
from ui.settings._part_routes import PartRoutes
from ui.settings.general_midi import KITS, NAMES
from ui.theme import STEP
from ui.widgets.drag_field import DragField
from ui.widgets.form import CheckBox, FormPage, card, quiet
from ui.widgets.parameter_rows import ComboBox

_SOUND = "Sound here"
_AS_IT_IS = "Instrument as it is"
_PROGRAM_ABOUT = "The instrument (≈: the sound font plays the nearest that it has)"
_WIDTHS_PX = {"track": 132, "port": 136, "program": 186}


def bounded(field: str, label: str, about: str, unit: str = "") -> Int:
    """A parameter with the range that `Route` declares for `field`."""
    info = Route.model_fields[field]
    low = next(m.ge for m in info.metadata if hasattr(m, "ge"))
    high = next(m.le for m in info.metadata if hasattr(m, "le"))
    return Int(
        name=field, label=label, help=about, unit=unit, low=low, high=high, default=info.default
    )


CHANNEL = bounded("channel", "Channel", "The MIDI channel that the track plays on.")
TRANSPOSE = bounded("transpose", "Transpose", "Moves the track's notes up or down.", "semitones")


class RouteRow(QWidget):
    """One route under the hand."""

    def __init__(self, rig: Rig, change: Callable[..., None], parent: QWidget) -> None:
        super().__init__(parent)
        self._rig = rig
        self.track = _picker("Track", "What plays", _WIDTHS_PX["track"])
        self.port = _picker("Port", "Where it goes", _WIDTHS_PX["port"])
        self.channel = DragField(CHANNEL, "ch")
        self.program = _picker("Program", _PROGRAM_ABOUT, _WIDTHS_PX["program"])
        self.transpose = DragField(TRANSPOSE, "transpose", unit=False)
        self.mute = CheckBox("mute", "Keep this route silent")
        self.remove = QToolButton()
        self.remove.setIcon(icon("trash"))
        self.remove.setIconSize(QSize(16, 16))
        self.remove.setObjectName("flat")
        self.remove.setToolTip("Remove this route")
        self.remove.setAccessibleName("Remove this route")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 2, 0, 2)
        parts: tuple[QWidget, ...] = (self.track, self.port, self.channel, self.program)
        for widget in (*parts, self.transpose, self.mute, self.remove):
            line.addWidget(widget)
        self._listen(change)

    def _listen(self, change: Callable[..., None]) -> None:
        self.track.activated.connect(lambda _: change(track=self.track.currentData()))
        self.port.activated.connect(lambda _: change(port=self.port.currentData()))
        self.program.activated.connect(lambda _: change(program=self.program.currentData()))
        self.channel.wanted.connect(lambda value: change(channel=value))
        self.transpose.wanted.connect(lambda value: change(transpose=value))
        self.mute.wanted.connect(lambda on: change(mute=on))

    def show_route(self, route: Route, tracks: Sequence[str]) -> None:
        """Show it, with all that could be chosen instead."""
        names = dict.fromkeys((*tracks, route.track))
        _fill(self.track, [(_track_words(name), name) for name in names], route.track)
        _fill(self.port, self._ports(route), route.port)
        _fill(self.program, self._programs(route), route.program)
        self.channel.show_value(route.channel)
        self.transpose.show_value(route.transpose)
        self.mute.show_value(route.mute)

    def _ports(self, route: Route) -> list[tuple[str, object]]:
        settings = self._rig.settings
        own = (OURS,) if settings.virtual_ports else ()
        keys = dict.fromkeys((SOUND, *settings.outputs, *own, route.port))
        used = (SOUND, *settings.outputs, *own)
        return [(_port_words(key, key in used), key) for key in keys]

    def _programs(self, route: Route) -> list[tuple[str, object]]:
        """By the font's names where the font plays, by General MIDI's elsewhere; kits of drums."""
        if route.channel == DRUM_CHANNEL:
            numbers = set(range(128)) if route.port != SOUND else {*KITS, route.program or 0}
            kits = [(f"{n + 1}  {KITS.get(n, 'Kit')}", n) for n in sorted(numbers)]
            return [(_AS_IT_IS, None), *kits]
        names = dict(enumerate(NAMES))
        font = self._rig.devices.font
        if route.port == SOUND and font is not None:
            has = {number for number, _ in font.programs}
            names |= {n: f"{name} ≈" for n, name in names.items() if n not in has}
            names |= dict(font.programs)
        listed: list[tuple[str, object]] = [(f"{n + 1}  {names[n]}", n) for n in sorted(names)]
        return [(_AS_IT_IS, None), *listed]


class RoutesPage(FormPage):
    """All routes of the scene."""

    def __init__(self, session: Session, rig: Rig) -> None:
        super().__init__("Routes")
        self._session, self._rig = session, rig
        self.rows: list[RouteRow] = []
        self.about.setText(
            "Which part plays on which port. Saved with the scene; Undo works here too."
        )
        frame, self._list = card()
        self._list.setSpacing(0)
        self._none = quiet("No part goes to a port: nothing is heard.")
        self._list.addWidget(self._none)
        self.add = QPushButton(icon("plus"), "Add a route")
        self.add.setToolTip("Send a part to one more port")
        self.add.clicked.connect(self._add)
        self.column.addWidget(frame)
        below = QHBoxLayout()
        below.addWidget(self.add)
        below.addStretch(1)
        self.column.addLayout(below)
        self.column.addSpacing(2 * STEP)
        self.new_decks = PartRoutes(rig)
        self.controls["routes"] = self.new_decks
        self.column.addWidget(self.new_decks)
        self.column.addStretch(1)

    def refresh(self) -> None:
        routes, tracks = self._session.scene.routes, self._known_tracks()
        while len(self.rows) > len(routes):
            gone = self.rows.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.rows) < len(routes):
            self._new_row(len(self.rows))
        for row, route in zip(self.rows, routes, strict=True):
            row.show_route(route, tracks)
        self._none.setVisible(not routes)
        self.add.setEnabled(len(routes) < _most_routes())
        self.new_decks.refresh()

    def _known_tracks(self) -> tuple[str, ...]:
        routed = (route.track for route in self._session.scene.routes)
        return tuple(dict.fromkeys((METRONOME_TRACK, *self._rig.conductor.tracks, *routed)))

    def _new_row(self, index: int) -> None:
        row = RouteRow(self._rig, lambda **changes: self._change(index, **changes), self)
        history = self._session.history
        for field in (row.channel, row.transpose):
            field.pressed.connect(history.hold)
            field.released.connect(history.release)
            field.refused.connect(self.said)
        row.remove.clicked.connect(lambda: self._remove(index))
        self._list.addWidget(row)
        self.rows.append(row)

    def _change(self, index: int, **changes: object) -> None:
        routes = list(self._session.scene.routes)
        routes[index] = Route.model_validate({**dict(routes[index]), **changes})
        self._session.set_routes(routes)

    def _add(self) -> None:
        routes = self._session.scene.routes
        routed = {route.track for route in routes}
        track = next((t for t in self._known_tracks() if t not in routed), METRONOME_TRACK)
        port = next(iter(self._rig.settings.outputs), SOUND)
        self._session.set_routes((*routes, Route(track=track, port=port)))

    def _remove(self, index: int) -> None:
        routes = self._session.scene.routes
        self._session.set_routes(routes[:index] + routes[index + 1 :])


def _picker(name: str, about: str, width_px: int) -> ComboBox:
    picker = ComboBox(name)
    picker.setToolTip(about)
    theme.set_size(picker, width=width_px)
    return picker


def _fill(picker: ComboBox, choices: Sequence[tuple[str, object]], chosen: object) -> None:
    """Only what differs: an open list would close."""
    had = [(picker.itemText(i), picker.itemData(i)) for i in range(picker.count())]
    if had != list(choices):
        picker.clear()
        for words, data in choices:
            picker.addItem(words, data)
    index = next(i for i, (_, data) in enumerate(choices) if data == chosen)
    if index != picker.currentIndex():
        picker.setCurrentIndex(index)


def _track_words(track: str) -> str:
    """As one says it: "deck3 lead" is "Deck 3 lead"."""
    return re.sub(r"^Deck(\d)", r"Deck \1", track.capitalize())


def _port_words(key: str, used: bool) -> str:
    if key == SOUND:
        return _SOUND
    return key if used else f"{key} (not used here)"


def _most_routes() -> int:
    limits = Scene.model_fields["routes"].metadata
    return int(next(m.max_length for m in limits if hasattr(m, "max_length")))
