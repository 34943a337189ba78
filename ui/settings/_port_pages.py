"""The pages about MIDI ports: which outputs play, which inputs are heard.

A port that is wanted stays in the list while it is away, and comes back by itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.live.connector import OURS
from studio.live.rig import Rig
from studio.settings.declared import ECHO, VIRTUAL_PORTS
from ui.midi_learn.map_button import MapButton
from ui.theme import STEP
from ui.widgets.form import CheckBox, FormPage, card, quiet

_AWAY = "Not connected now; it opens by itself when it comes back."


class PortRow(QWidget):
    """A port: whether it is used, something about its clock, and how it stands."""

    def __init__(self, name: str, clock: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = name
        self.use = CheckBox(name, f"Use {name}")
        self.clock = CheckBox(clock, f"{clock}: {name}")
        self.clock.setAccessibleName(f"{name}: {clock}")
        self.state = quiet()
        self.state.setContentsMargins(28, 0, 0, 0)
        self.line = QHBoxLayout()
        self.line.addWidget(self.use, 1)
        self.line.addWidget(self.clock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(0)
        column.addLayout(self.line)
        column.addWidget(self.state)

    def show_state(self, words: str) -> None:
        """Say how it stands; nothing takes no room."""
        if words != self.state.text():
            self.state.setText(words)
        self.state.setVisible(bool(words))


class PortPage(FormPage):
    """What the two pages share: a list that follows what is plugged in."""

    side = "out"
    clock = ""

    def __init__(self, title: str, rig: Rig) -> None:
        super().__init__(title)
        self.rig = rig
        self.rows: dict[str, PortRow] = {}
        frame, self._list = card()
        self._none = QLabel("Nothing is connected.")
        self._none.setObjectName("quiet")
        self._list.addWidget(self._none)
        self.column.addWidget(frame)

    def refresh(self) -> None:
        self.about.setText(midi_sentence(self.rig))
        names = self._names()
        if list(self.rows) != names:
            self._rebuild(names)
        self._none.setVisible(not names)
        for row in self.rows.values():
            self._show(row)

    def _names(self) -> list[str]:
        """Those that are there, and those that are wanted."""
        raise NotImplementedError

    def _show(self, row: PortRow) -> None:
        raise NotImplementedError

    def _new_row(self, name: str) -> PortRow:
        return PortRow(name, self.clock)

    def _rebuild(self, names: Iterable[str]) -> None:
        before, self.rows = self.rows, {}
        for name in names:
            row = before.pop(name, None) or self._new_row(name)
            self.rows[name] = row
            self._list.addWidget(row)
            row.raise_()  # the order of the children is the way of the Tab key
        for gone in before.values():
            gone.hide()
            gone.deleteLater()

    def state_of(self, name: str, wanted: bool, seen: Iterable[str]) -> str:
        """How a port stands, in a sentence."""
        if not wanted:
            return ""
        state = self.rig.devices.port_states.get((name, self.side))
        if state is not None and (state.is_open or name in seen):
            return state.sentence
        return "" if name in seen or name == OURS else _AWAY


class OutputsPage(PortPage):
    """Where notes, clock and lamps go."""

    clock = "clock"

    def __init__(self, rig: Rig) -> None:
        super().__init__("MIDI outputs", rig)
        self.own = CheckBox(VIRTUAL_PORTS.label, VIRTUAL_PORTS.help)
        self.controls["virtual_ports"] = self.own
        self.own.wanted.connect(lambda on: rig.use(rig.settings.but(virtual_ports=on)))
        self.column.addWidget(self.own)
        self.column.addWidget(quiet("Choose on the page Routes which part goes to which output."))
        self.column.addStretch(1)

    def refresh(self) -> None:
        super().refresh()
        self.own.show_value(self.rig.settings.virtual_ports)

    def _names(self) -> list[str]:
        settings = self.rig.settings
        own = (OURS,) if settings.virtual_ports else ()
        return list(dict.fromkeys((*self.rig.devices.ports.outputs, *settings.outputs, *own)))

    def _new_row(self, name: str) -> PortRow:
        row = super()._new_row(name)
        row.clock.setToolTip(f"Send MIDI clock, start and stop to {name}")
        row.use.wanted.connect(lambda on: self._use(name, on))
        row.clock.wanted.connect(lambda on: self._clock(name, on))
        return row

    def _show(self, row: PortRow) -> None:
        settings, name = self.rig.settings, row.name
        wanted = name in settings.outputs or name == OURS
        row.use.show_value(wanted)
        row.use.setEnabled(name != OURS)
        row.clock.show_value(name in settings.clock_to)
        row.clock.setEnabled(wanted)
        row.show_state(self.state_of(name, wanted, self.rig.devices.ports.outputs))

    def _use(self, name: str, on: bool) -> None:
        settings = self.rig.settings
        clock_to = settings.clock_to if on else without(settings.clock_to, name)
        outputs = with_(settings.outputs, name) if on else without(settings.outputs, name)
        self.rig.use(settings.but(outputs=outputs, clock_to=clock_to))

    def _clock(self, name: str, on: bool) -> None:
        names = self.rig.settings.clock_to
        self.rig.use(
            self.rig.settings.but(clock_to=with_(names, name) if on else without(names, name))
        )


class InputsPage(PortPage):
    """What is heard: controllers, keyboards, somebody's clock."""

    side = "in"
    clock = "follow its clock"

    def __init__(self, rig: Rig) -> None:
        super().__init__("MIDI inputs", rig)
        self._maps: dict[str, MapButton] = {}
        self.echo = CheckBox(ECHO.label, ECHO.help)
        self.controls["echo"] = self.echo
        self.echo.wanted.connect(lambda on: rig.use(rig.settings.but(echo=on)))
        self.column.addWidget(self.echo)
        self.column.addWidget(
            quiet("Right-click any control to learn a knob; the MIDI map shows all that is bound.")
        )
        self.column.addStretch(1)

    def refresh(self) -> None:
        super().refresh()
        self.echo.show_value(self.rig.settings.echo)

    def _names(self) -> list[str]:
        settings = self.rig.settings
        own = (OURS,) if settings.virtual_ports else ()
        return list(dict.fromkeys((*self.rig.devices.ports.inputs, *settings.inputs, *own)))

    def _new_row(self, name: str) -> PortRow:
        row = super()._new_row(name)
        row.clock.setToolTip(f"Take tempo, start and stop from {name}")
        row.use.wanted.connect(lambda on: self._use(name, on))
        row.clock.wanted.connect(lambda on: self._follow(name, on))
        button = MapButton(self.rig.surfaces, name)
        button.said.connect(self.said)
        self._maps[name] = button
        row.line.addSpacing(STEP)
        row.line.addWidget(button)
        return row

    def _show(self, row: PortRow) -> None:
        settings, name = self.rig.settings, row.name
        wanted = name in settings.inputs or name == OURS
        row.use.show_value(wanted)
        row.use.setEnabled(name != OURS)
        row.clock.show_value(settings.follow == name)
        self._maps[name].refresh(wanted)
        row.show_state(self.state_of(name, wanted, self.rig.devices.ports.inputs))

    def _use(self, name: str, on: bool) -> None:
        settings = self.rig.settings
        follow = None if settings.follow == name and not on else settings.follow
        inputs = with_(settings.inputs, name) if on else without(settings.inputs, name)
        self.rig.use(settings.but(inputs=inputs, follow=follow))

    def _follow(self, name: str, on: bool) -> None:
        """A clock is heard only on an input that is used."""
        settings = self.rig.settings
        inputs = with_(settings.inputs, name) if on and name != OURS else settings.inputs
        self.rig.use(settings.but(inputs=inputs, follow=name if on else None))


def midi_sentence(rig: Rig) -> str:
    """How the MIDI of this computer stands."""
    if rig.devices.ports.system:
        return (
            f"MIDI through {rig.devices.ports.system}. What is plugged in appears here by itself."
        )
    if not rig.devices.scheduling:
        return "The MIDI player is starting."
    return "There is no MIDI on this computer now. Everything else works without it."


def with_(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    """`names` and `name`."""
    return tuple(dict.fromkeys((*names, name)))


def without(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    """`names` but for `name`."""
    return tuple(each for each in names if each != name)
