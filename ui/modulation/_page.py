"""The Modulation tab: what the chosen modulator is set to, and what it moves."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from studio.document.errors import StudioError
from studio.document.modulation import Connection, Modulator
from studio.document.parameters import Parameter, Value
from studio.live.rig import Rig
from studio.modulation.factory import FACTORY
from studio.modulation.kinds import kind_of, title_of
from studio.processes.messages import Received
from studio.session import Session
from ui.icons import icon
from ui.modulation import _add_menu
from ui.modulation._bands_view import BandsView
from ui.modulation._connection_rows import ConnectionRows
from ui.modulation._selection import Selection
from ui.modulation._steps_view import StepsView
from ui.modulation._targets import Targets
from ui.tabs.page import TabPage, small_button
from ui.theme import STEP
from ui.widgets.form import LineEdit, quiet
from ui.widgets.parameter_rows import ParameterRow, row_for, section
from ui.widgets.scroll_column import ScrollColumn

_EMPTY = (
    "Begin with one of these, then drag the coloured mark on its card on to any control, and the "
    "control moves by itself."
)
_FIRST = ("breathe", "wind", "kick pump")
_ALONE = "It moves nothing yet: drag its mark on to a control, or right-click a control."


class NextController(QPushButton):
    """While it is down, the next MIDI controller that moves is the one that is followed."""

    def __init__(self, session: Session, rig: Rig, id: int) -> None:
        super().__init__("Follow the next controller that moves")
        self._session, self._rig, self._id = session, rig, id
        self.setCheckable(True)
        self.setToolTip("Then move a knob, a wheel or a pedal; its number need not be known")
        self.toggled.connect(self._listen)

    def _listen(self, on: bool) -> None:
        if on:
            self._rig.heard.connect(self._hear)
        else:
            self._rig.heard.disconnect(self._hear, missing_ok=True)

    def _hear(self, event: Received) -> None:
        status, data = event.data[0], event.data
        if status & 0xF0 != 0xB0 or len(data) < 3:
            return
        self.setChecked(False)
        found = {"follows": "cc", "channel": (status & 0x0F) + 1, "number": data[1]}
        modulation = self._session.modulation
        settings = {**modulation.modulator(self._id).settings, **found}
        modulation.change(self._id, settings=settings)

    def hideEvent(self, event: QHideEvent) -> None:
        self.setChecked(False)


class ModulationPage(TabPage):
    """Follows the selection while it is seen."""

    tab = ("Modulation", "Modulation: what moves by itself, and what it moves")
    mark = "wave-sine"
    built = Signal()
    """Its rows are others than before."""

    def __init__(self, session: Session, selection: Selection, targets: Targets, rig: Rig) -> None:
        super().__init__(session)
        self._selection, self._targets, self._rig = selection, targets, rig
        self._of: tuple[object, ...] = ()
        self._inside: QWidget | None = None
        self.drawn: StepsView | BandsView | None = None
        """What of it is drawn, for kinds that have such."""
        self.rows: dict[str, ParameterRow] = {}
        self.connections: dict[int, ConnectionRows] = {}
        self.tap: QPushButton | None = None
        """Of what goes round."""
        self.empty = self._make_empty()
        self._holder = QWidget()
        self._all = QVBoxLayout(self._holder)
        self._all.setContentsMargins(0, 0, STEP // 2, 0)
        self._scroll = ScrollColumn(self._holder, self)
        self._column.setContentsMargins(0, STEP, 0, 0)
        self._all.addWidget(self.empty)
        self._all.addStretch(1)
        self._column.addWidget(self._scroll, 1)
        selection.changed.connect(self.refresh)

    def _make_empty(self) -> QWidget:
        empty = QWidget(self)
        column = QVBoxLayout(empty)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(quiet(_EMPTY))
        for name in _FIRST:
            made = FACTORY[name]
            button = QPushButton(icon("plus"), made.name)
            button.setToolTip(kind_of(made.kind).help)
            button.clicked.connect(lambda _=False, name=name: self._selection.add(name))
            column.addWidget(button)
        more = QPushButton("More")
        more.setToolTip("All modulators that come with the instrument, and one of each kind")
        menu = QMenu(more)
        _add_menu.fill(menu, self._selection.add)
        more.setMenu(menu)
        column.addWidget(more)
        return empty

    # -- what it shows -------------------------------------------------------------------------

    def refresh(self) -> None:
        if not self.isVisible():
            return
        modulator = self._selection.modulator
        self.empty.setVisible(modulator is None)
        if modulator is None:
            self._forget()
            return
        own = [c for c in self._session.scene.connections if c.modulator == modulator.id]
        if _contents(modulator, own) != self._of:
            self._build(modulator, own)
        self.name.show_value(title_of(modulator))
        for name, row in self.rows.items():
            row.show_value(modulator.settings[name])
        self._show_fitting(modulator)
        if self.drawn is not None:
            self.drawn.show_modulator(modulator)
        for connection in own:
            self.connections[connection.id].show_connection(connection)

    def _show_fitting(self, modulator: Modulator) -> None:
        """Nothing that makes no difference now."""
        idle = kind_of(modulator.kind).idle(modulator.settings)
        for name, row in self.rows.items():
            row.setVisible(name not in idle)

    def _build(self, modulator: Modulator, own: list[Connection]) -> None:
        had_keys = isinstance(self.drawn, BandsView) and self.drawn.spectrum.hasFocus()
        self._forget()
        kind = kind_of(modulator.kind)
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.name = LineEdit("Name of the modulator", "What it is called; empty: by its kind")
        self.name.setObjectName("words")
        self.name.setMaxLength(60)
        self.name.wanted.connect(lambda words: self._rename(modulator.id, words))
        self.tap = None if kind.turns is None else self._tap(modulator.id)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        if self.tap is not None:
            head.addWidget(self.tap)
        column.addLayout(head)
        column.addWidget(quiet(kind.help))
        self.rows = {p.name: self._row(modulator.id, p) for p in kind.settings}
        self.drawn = self._drawn(modulator)
        if self.drawn is not None:
            column.addWidget(self.drawn)
        for row in self.rows.values():
            column.addWidget(row)
        if kind.name == "follow":
            column.addWidget(NextController(self._session, self._rig, modulator.id))
        if kind.name == "gesture" and own:
            column.addWidget(self._overdub(modulator.id, own))
        column.addWidget(section("Moves"))
        if not own:
            column.addWidget(quiet(_ALONE))
        self.connections = {c.id: self._connection(c) for c in own}
        for rows in self.connections.values():
            column.addWidget(rows)
        self._all.insertWidget(0, self._inside)
        self._of = _contents(modulator, own)
        self.built.emit()
        if had_keys and isinstance(self.drawn, BandsView):  # another band was chosen by a key
            self.drawn.spectrum.setFocus()

    def _forget(self) -> None:
        """Show no modulator."""
        if self._inside is not None:
            self._session.history.release()  # whatever a hand was on is gone
            self._inside.hide()
            self._inside.deleteLater()
        self._inside, self._of = None, ()
        self.rows, self.connections, self.drawn, self.tap = {}, {}, None, None

    def _drawn(self, modulator: Modulator) -> StepsView | BandsView | None:
        if modulator.kind == "steps":
            return StepsView(self._session, modulator)
        if modulator.kind == "sound":
            return BandsView(self._session, self._selection, self._rig.listening, modulator)
        return None

    def _tap(self, id: int) -> QPushButton:
        about = "Tap how fast it goes round"
        tap = small_button("hand-click", "", "Tap", f"{about}, in time with the music")
        tap.pressed.connect(lambda: self._session.modulation.tap(id))
        return tap

    def _row(self, id: int, setting: Parameter) -> ParameterRow:
        row, history = row_for(setting), self._session.history
        row.address = f"/modulator/{id}/{setting.name}"
        row.wanted.connect(lambda value: self._set(id, setting.name, value))
        row.refused.connect(self._session.noticed.emit)
        row.pressed.connect(history.hold)
        row.released.connect(history.release)
        return row

    def _connection(self, connection: Connection) -> ConnectionRows:
        name, depth = self._targets.label(connection.target), connection.id
        return ConnectionRows(self._session, connection, name, self._targets.depth_label(depth))

    def _overdub(self, id: int, own: list[Connection]) -> QPushButton:
        button = QPushButton("Record on top of it")
        button.setToolTip("Once round, what you do is added to what it does")
        both = {c.axis: c.target for c in reversed(own)}
        addresses = tuple(both[axis] for axis in sorted(both))
        record = self._session.gestures.record
        button.clicked.connect(lambda: record(addresses, into=id))
        return button

    # -- what a hand does ----------------------------------------------------------------------

    def _set(self, id: int, setting: str, value: Value) -> None:
        try:
            self._session.modulation.set(id, setting, value)
        except StudioError as error:
            self._session.noticed.emit(str(error))

    def _rename(self, id: int, words: str) -> None:
        self._session.modulation.change(id, name=words)
        self.name.put(title_of(self._session.modulation.modulator(id)))


def tap_address(id: int) -> str:
    """Of the button that sets how fast a modulator goes round."""
    return f"/modulator/{id}/tap"


def _contents(modulator: Modulator, own: list[Connection]) -> tuple[object, ...]:
    """What the page has rows for."""
    return (modulator.id, modulator.kind, *((c.id, c.target) for c in own))
