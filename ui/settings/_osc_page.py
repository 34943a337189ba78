"""The page about OSC: off until it is switched on, and then for this computer alone."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel

from studio.document.frozen import DocumentError
from studio.document.parameters import ParameterError
from studio.live.rig import Rig
from studio.settings.declared import OSC_LISTENS, OSC_OPEN, OSC_PORT, OSC_TARGET_PORT
from ui import theme
from ui.widgets.form import CheckBox, FormPage, LineEdit, card, quiet
from ui.widgets.parameter_rows import LABEL_PX

_HOST_PX = 200
_PORT_PX = 80


PORTS = {"port": OSC_PORT, "target_port": OSC_TARGET_PORT}


class OscPage(FormPage):
    """Applies at once."""

    def __init__(self, rig: Rig) -> None:
        super().__init__("OSC")
        self._rig = rig
        self.listens = CheckBox(OSC_LISTENS.label, OSC_LISTENS.help)
        self.port = LineEdit("OSC port", OSC_PORT.help)
        self.open = CheckBox(OSC_OPEN.label, OSC_OPEN.help)
        self.warning = quiet(OSC_OPEN.help)
        self.warning.setObjectName("warning")
        self.tells = CheckBox("Send changes to", "Send whatever changes here to another program")
        self.target = LineEdit("OSC target", "A computer by its numbers, such as 127.0.0.1")
        self.target_port = LineEdit("OSC target port", OSC_TARGET_PORT.help)
        self.target.setPlaceholderText("127.0.0.1")
        self.listens.wanted.connect(lambda on: self._use(listens=on))
        self.open.wanted.connect(lambda on: self._use(open_to_network=on))
        self.tells.wanted.connect(self._tell)
        self.target.wanted.connect(lambda host: self._use(target=host or None))
        self.port.wanted.connect(lambda typed: self._use_port("port", typed, self.port))
        self.target_port.wanted.connect(
            lambda typed: self._use_port("target_port", typed, self.target_port)
        )
        self.controls = {
            "osc.listens": self.listens,
            "osc.port": self.port,
            "osc.open_to_network": self.open,
            "osc.target_port": self.target_port,
        }
        self._lay_out()

    def _lay_out(self) -> None:
        for first, host, port in (
            (self.listens, None, self.port),
            (self.tells, self.target, self.target_port),
        ):
            frame, column = card()
            line = QHBoxLayout()
            theme.set_size(first, min_width=LABEL_PX + 40)
            line.addWidget(first)
            if host is not None:
                theme.set_size(host, width=_HOST_PX)
                line.addWidget(host)
            line.addWidget(QLabel("port"))
            theme.set_size(port, width=_PORT_PX)
            line.addWidget(port)
            line.addStretch(1)
            column.addLayout(line)
            if host is None:
                column.addWidget(self.open)
                column.addWidget(self.warning)
            self.column.addWidget(frame)
        words = (
            "Right-click a control to copy its address. "
            "A program that sends /refresh gets the values of all controls."
        )
        self.column.addWidget(quiet(words))
        self.column.addStretch(1)

    def refresh(self) -> None:
        osc = self._rig.settings.osc
        self.about.setText(self._sentence())
        self.listens.show_value(osc.listens)
        self.open.show_value(osc.open_to_network)
        self.warning.setVisible(osc.open_to_network)
        self.tells.show_value(osc.target is not None)
        self.port.show_value(str(osc.port))
        self.target.show_value(osc.target or "")
        self.target_port.show_value(str(osc.target_port))

    def _sentence(self) -> str:
        osc, at = self._rig.settings.osc, self._rig.osc.listening
        if at is not None:
            where = "from every network of this computer" if osc.open_to_network else "from here"
            refused = self._rig.osc.refused
            more = f" {refused} messages could not be read or done." if refused else ""
            return f"OSC is received on port {at[1]}, {where}.{more}"
        if osc.listens:
            return f"Port {osc.port} could not be opened: another program may have it."
        return "OSC is off."

    def _tell(self, on: bool) -> None:
        host = self.target.text().strip() or self.target.placeholderText()
        self._use(target=host if on else None)

    def _use_port(self, field: str, typed: str, line: LineEdit) -> None:
        try:
            self._use(**{field: PORTS[field].parse(typed)})
        except ParameterError as error:
            line.put(str(getattr(self._rig.settings.osc, field)))
            self.said.emit(str(error))

    def _use(self, **changes: object) -> None:
        before = self._rig.settings
        try:
            osc = before.osc.but(**changes)
        except DocumentError:
            self.said.emit("OSC cannot send to that address.")
            return
        self._rig.use(before.but(osc=osc))
