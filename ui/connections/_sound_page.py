"""The page about sound: whether and where this computer sounds, how loud, and how soon."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from studio.audio.settings import BUFFER, OFFSET, ROOM, VOLUME
from studio.document.parameters import Parameter, Value
from studio.document.routes import SOUND
from studio.live.rig import Rig
from studio.processes.messages import Due
from ui.transport.sound_corner import use_sound
from ui.widgets.form import Page, Tick, card, quiet
from ui.widgets.parameter_rows import LABEL_PX, Picker, Row, row_for
from ui.widgets.throttle import Gathered

_FIELDS: dict[str, Parameter] = {
    "volume": VOLUME,
    "room": ROOM,
    "offset_ms": OFFSET,
    "buffer": BUFFER,
}
"""The settings with the parameter that declares each."""
_APPLY_MS = 50
_NONE = "As the system prefers"
_TEST = (60, 64, 67, 72)
"""An arpeggio in C."""
_LEAD_S, _STEP_S, _CHANNEL = 0.2, 0.18, 0


class SoundPage(Page):
    """Applies at once; a slider that is dragged, a few times a second."""

    def __init__(self, rig: Rig) -> None:
        super().__init__("Sound")
        self._rig = rig
        self._coming: dict[str, Value] = {}
        self._apply = Gathered(self._use, _APPLY_MS, self)
        self.on = Tick("This computer sounds", "Off: MIDI plays, and this computer is silent")
        self.on.wanted.connect(lambda on: use_sound(rig, on=on))
        self.device = Picker("Sound device")
        self.device.setToolTip("Where the sound goes; it is waited for while it is away")
        self.device.activated.connect(lambda _: use_sound(rig, device=self.device.currentData()))
        self.figures = quiet()
        self.rows: dict[str, Row] = {field: self._row(field) for field in _FIELDS}
        self.test = QPushButton("Play four notes")
        self.test.setToolTip("Four notes of a piano, to hear whether and how it sounds")
        self.test.clicked.connect(self.play_test)
        self.instruments = quiet()
        self._lay_out()

    def _row(self, field: str) -> Row:
        row = row_for(_FIELDS[field])
        row.wanted.connect(lambda value: self._want(field, value))
        row.released.connect(self._apply.finish)
        row.refused.connect(self.said)
        return row

    def _lay_out(self) -> None:
        frame, column = card()
        line = QHBoxLayout()
        line.setSpacing(10)
        label = QLabel("Device")
        label.setFixedWidth(LABEL_PX)
        line.addWidget(label)
        line.addWidget(self.device, 1)
        column.addLayout(line)
        for row in self.rows.values():
            column.addWidget(row)
        test = QHBoxLayout()
        test.addWidget(self.test)
        test.addWidget(self.figures, 1)
        column.addLayout(test)
        for widget in (self.on, frame, self.instruments):
            self.column.addWidget(widget)
        self.column.addStretch(1)

    def refresh(self) -> None:
        settings, state = self._rig.settings.sound, self._rig.sound_state
        self.about.setText(state.sentence if settings.on else "The sound is switched off.")
        self.on.show_value(settings.on)
        for field, row in self.rows.items():
            row.show_value(self._coming.get(field, getattr(settings, field)))
        self._refresh_devices(settings.device)
        self.test.setEnabled(settings.on and state.open)
        self.figures.setText(
            f"Latency {state.latency_ms:.0f} ms · {state.underruns} underruns"
            f" · {state.late} late notes"
            if state.open
            else ""
        )
        font = self._rig.font
        about = "" if font is None else f"Instruments: {font.title}. {font.rights[:200]}"
        self.instruments.setText(about)

    def _refresh_devices(self, chosen: str | None) -> None:
        names = [device.name for device in self._rig.sound_devices.devices]
        wanted: list[str | None] = [None, *names]
        if chosen not in wanted:
            wanted.append(chosen)
        had = [self.device.itemData(i) for i in range(self.device.count())]
        if had != wanted:
            self.device.clear()
            for name in wanted:
                away = name is not None and name not in names
                words = _NONE if name is None else f"{name} (away)" if away else name
                self.device.addItem(words, name)
        self.device.setCurrentIndex(wanted.index(chosen))

    def _want(self, field: str, value: Value) -> None:
        self._coming[field] = value
        self.rows[field].show_value(value)
        self._apply()

    def _use(self) -> None:
        coming, self._coming = self._coming, {}
        if coming:
            use_sound(self._rig, **coming)

    def play_test(self) -> None:
        """Four notes, whatever the transport does."""
        at_s, messages = self._rig.transport.clock() + _LEAD_S, []
        for pitch in _TEST:
            messages.append(Due(at_s, SOUND, bytes((0x90 | _CHANNEL, pitch, 96))))
            at_s += _STEP_S
            messages.append(Due(at_s, SOUND, bytes((0x80 | _CHANNEL, pitch, 0))))
        self._rig.sound.send(messages)
