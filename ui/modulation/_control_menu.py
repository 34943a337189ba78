"""What the menu of a control offers of modulation: to connect it, and its connections."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from studio.document.modulation import CURVE, DEPTH, POLARITY, Connection, Modulator
from studio.document.parameters import Choice
from studio.modulation.kinds import title_of
from studio.session import Session
from ui.midi_learn.learn import Learnable
from ui.modulation import _add_menu
from ui.modulation._selection import Selection
from ui.modulation._targets import Targets

_DEPTHS = (1.0, 0.75, 0.5, 0.25, 0.1, -0.1, -0.25, -0.5, -0.75, -1.0)

_BARS = (1, 2, 4, 8)
"""So long may a recorded gesture be."""

Connect = Callable[[int, str], object]


def percent(depth: float) -> str:
    """A depth in words: "+50 %"."""
    return f"{100 * depth:+.0f} %"


class ControlMenu:
    """Fills menus; see `Learn.also`."""

    def __init__(
        self, session: Session, targets: Targets, selection: Selection, connect: Connect
    ) -> None:
        self._session, self._targets = session, targets
        self._selection, self._connect = selection, connect
        self._count_in = 0
        """Bars that pass before a gesture is recorded."""

    def fill(self, menu: QMenu, offer: Learnable) -> None:
        """Add what can be done with the control behind `offer`."""
        addresses = self._targets.of(offer)
        if addresses:
            menu.addSeparator()
            self._add_recording(menu, addresses)
        for address in addresses:
            into = menu
            if len(addresses) > 1:
                into = menu.addMenu(f"Modulation: {self._targets.short(address)}")
            self._fill_one(into, address)

    def fill_card(self, menu: QMenu, modulator: Modulator) -> None:
        """Add what a modulator can be connected to."""
        places = {"": menu.addMenu("Connect to")}
        for address in self._targets.seen():
            where, _, words = self._targets.label(address).rpartition(": ")
            if where not in places:
                places[where] = places[""].addMenu(where)
            _entry(places[where], words, partial(self._connect, modulator.id, address))

    def _add_recording(self, menu: QMenu, addresses: tuple[str, ...]) -> None:
        gestures = self._session.gestures
        if gestures.recording:
            _entry(menu, "Stop recording", gestures.stop)
        else:
            into = menu.addMenu("Record a gesture")
            _entry(into, "Until I stop it", partial(self._record, addresses, None))
            for bars in _BARS:
                words = f"{bars} bar{'s' if bars > 1 else ''}"
                _entry(into, words, partial(self._record, addresses, bars))
            into.addSeparator()
            words = "Count one bar in first"
            self._choice(into, words, bool(self._count_in), self._change_count_in)

    def _record(self, addresses: tuple[str, ...], bars: int | None) -> None:
        self._session.gestures.record(addresses, bars, count_in=self._count_in)

    def _change_count_in(self) -> None:
        self._count_in = 1 - self._count_in

    def _fill_one(self, menu: QMenu, address: str) -> None:
        sources = menu.addMenu("Modulate with")
        for modulator in self._session.scene.modulators:
            _entry(sources, title_of(modulator), partial(self._connect, modulator.id, address))
        sources.addSeparator()
        new = sources.addMenu("A new one")
        _add_menu.fill(new, lambda name: self._connect_new(name, address))
        if self._targets.can_be_followed(address):
            _entry(menu, "Follow it with a new modulator", partial(self._follow, address))
        for connection in self._targets.connections(address):
            self._fill_connection(menu, connection)

    def _follow(self, address: str) -> None:
        name = self._targets.short(address)
        made = Modulator(id=1, kind="follow", name=name, settings={"address": address})
        id = self._selection.add(made)
        if id is not None:
            self._selection.open(id)

    def _connect_new(self, name: str, address: str) -> None:
        """One step to undo, and nothing new where it cannot be connected."""
        before = self._session.scene
        id = self._selection.add(name)
        if id is not None:
            self._connect(id, address)
            self._session.history.fold(before)

    def _fill_connection(self, menu: QMenu, connection: Connection) -> None:
        modulation, id = self._session.modulation, connection.id
        title = self._targets.title(connection.modulator)
        muted = "" if connection.on else ", muted"
        into = menu.addMenu(f"{title}: {percent(connection.depth)}{muted}")
        depths = into.addMenu(f"{DEPTH.label}: {percent(connection.depth)}")
        for depth in _DEPTHS:
            words, there = percent(depth), depth == connection.depth
            self._choice(depths, words, there, partial(self._change, id, depth=depth))
        for parameter, field in ((POLARITY, "polarity"), (CURVE, "curve")):
            self._fill_options(into, parameter, connection, field)
        into.addSeparator()
        self._choice(
            into, "Mute", not connection.on, partial(self._change, id, on=not connection.on)
        )
        _entry(into, "Randomise the depth", partial(modulation.randomise_depths, connection=id))
        _entry(into, "Edit…", partial(self._selection.open, connection.modulator))
        _entry(into, "Remove", partial(modulation.disconnect, id))

    def _fill_options(
        self, menu: QMenu, parameter: Choice, connection: Connection, field: str
    ) -> None:
        now = getattr(connection, field)
        into = menu.addMenu(f"{parameter.label}: {parameter.worded(now)}")
        group = QActionGroup(into)
        for option in parameter.options:
            change = partial(self._change, connection.id, **{field: option})
            group.addAction(self._choice(into, parameter.worded(option), option == now, change))

    def _choice(self, menu: QMenu, words: str, on: bool, do: Callable[[], object]) -> QAction:
        action = _entry(menu, words, do)
        action.setCheckable(True)
        action.setChecked(on)
        return action

    def _change(self, id: int, **changes: object) -> None:
        self._session.modulation.change_connection(id, **changes)


def _entry(menu: QMenu, words: str, do: Callable[[], object]) -> QAction:
    action = menu.addAction(words)
    action.triggered.connect(lambda _=False: do())
    return action
