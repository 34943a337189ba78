"""The page about OSC: off until it is switched on, and then for this computer alone."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel

from studio.document.frozen import DocumentError
from studio.document.parameters import Int, ParameterError
from studio.live.rig import Rig
from studio.live.settings import OscSettings
from ui.widgets.form import Line, Page, Tick, card, quiet
from ui.widgets.parameter_rows import LABEL_PX

_WARNING = (
    "Everybody on the networks of this computer can then play this instrument: "
    "OSC knows no password. Open it only on a network that you trust."
)
_HOST_PX = 200
_PORT_PX = 80


def _port(field: str, label: str) -> Int:
    """A parameter with the range that the settings declare for `field`."""
    info = OscSettings.model_fields[field]
    low = next(m.ge for m in info.metadata if hasattr(m, "ge"))
    high = next(m.le for m in info.metadata if hasattr(m, "le"))
    return Int(name=field, label=label, low=low, high=high, default=info.default)


PORTS = {
    "port": _port("port", "Port"),
    "target_port": _port("target_port", "Port of the target"),
}


class OscPage(Page):
    """Applies at once."""

    def __init__(self, rig: Rig) -> None:
        super().__init__("OSC")
        self._rig = rig
        self.listens = Tick("Hear OSC", "Let other programs play every control by its address")
        self.port = Line("OSC port", "The UDP port on which packets are heard")
        self.open = Tick("Open to the network", _WARNING)
        self.warning = quiet(_WARNING)
        self.warning.setObjectName("warning")
        self.tells = Tick("Tell changes to", "Tell another program whatever changes here")
        self.target = Line("OSC target", "A computer by its numbers, such as 127.0.0.1")
        self.target_port = Line("OSC target port", "The UDP port that is told")
        self.target.setPlaceholderText("127.0.0.1")
        self.listens.wanted.connect(lambda on: self._use(listens=on))
        self.open.wanted.connect(lambda on: self._use(open_to_network=on))
        self.tells.wanted.connect(self._tell)
        self.target.wanted.connect(lambda host: self._use(target=host or None))
        self.port.wanted.connect(lambda typed: self._use_port("port", typed, self.port))
        self.target_port.wanted.connect(
            lambda typed: self._use_port("target_port", typed, self.target_port)
        )
        self._lay_out()

    def _lay_out(self) -> None:
        for first, host, port in (
            (self.listens, None, self.port),
            (self.tells, self.target, self.target_port),
        ):
            frame, column = card()
            line = QHBoxLayout()
            first.setMinimumWidth(LABEL_PX + 40)
            line.addWidget(first)
            if host is not None:
                host.setFixedWidth(_HOST_PX)
                line.addWidget(host)
            line.addWidget(QLabel("port"))
            port.setFixedWidth(_PORT_PX)
            line.addWidget(port)
            line.addStretch(1)
            column.addLayout(line)
            if host is None:
                column.addWidget(self.open)
                column.addWidget(self.warning)
            self.column.addWidget(frame)
        words = "A right-click on any control copies its address. /refresh tells everything again."
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
            return f"Packets are heard on port {at[1]}, {where}.{more}"
        if osc.listens:
            return f"Port {osc.port} could not be opened: another program may have it."
        return "OSC is off."

    def _tell(self, on: bool) -> None:
        host = self.target.text().strip() or self.target.placeholderText()
        self._use(target=host if on else None)

    def _use_port(self, field: str, typed: str, line: Line) -> None:
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
            self.said.emit("That is no host that OSC could tell.")
            return
        self._rig.use(before.but(osc=osc))
