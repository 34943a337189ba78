"""The page about sound: whether and where this computer sounds, how loud, and how soon."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from studio.document.routes import SOUND
from studio.live.rig import Rig
from studio.processes.messages import Due
from studio.settings.declared import SOUND_ON, SOUND_PARAMETERS
from ui import theme
from ui.settings._declared_page import DeclaredPage
from ui.transport.sound_controls import use_sound
from ui.widgets.form import CheckBox, quiet
from ui.widgets.parameter_rows import LABEL_PX, ComboBox

_NONE = "As the system prefers"
_TEST = (60, 64, 67, 72)
"""An arpeggio in C."""
_LEAD_S, _STEP_S, _CHANNEL = 0.2, 0.18, 0


class SoundPage(DeclaredPage):
    """Applies at once; a slider that is dragged, a few times a second."""

    def __init__(self, rig: Rig) -> None:
        super().__init__("Sound", rig)

    def _lay_out(self) -> None:
        rig = self._rig
        self.on = CheckBox(SOUND_ON.label, SOUND_ON.help)
        self.on.wanted.connect(lambda on: use_sound(rig, on=on))
        self.device = ComboBox("Sound device")
        self.device.setToolTip(
            "Where the sound goes; unplugged, it is used again as soon as it is back"
        )
        self.device.activated.connect(lambda _: use_sound(rig, device=self.device.currentData()))
        self.figures = quiet()
        self.test = QPushButton("Play four notes")
        self.test.setToolTip("Four notes of a piano, to hear whether and how it sounds")
        self.test.clicked.connect(self.play_test)
        self.instruments = quiet()
        line = QHBoxLayout()
        line.setSpacing(10)
        label = QLabel("Device")
        theme.set_size(label, width=LABEL_PX)
        line.addWidget(label)
        line.addWidget(self.device, 1)
        self._card.addLayout(line)
        self._add_rows([s for s in self._settings.values() if s.parameter in SOUND_PARAMETERS])
        test = QHBoxLayout()
        test.addWidget(self.test)
        test.addWidget(self.figures, 1)
        self._card.addLayout(test)
        self.column.insertWidget(self.column.count() - 1, self.on)
        self.column.addWidget(self.instruments)
        self.controls["sound.on"] = self.on

    def refresh(self) -> None:
        settings, state = self._rig.settings.sound, self._rig.devices.sound_state
        self.about.setText(state.sentence if settings.on else "The sound is switched off.")
        self.on.show_value(settings.on)
        super().refresh()
        self._refresh_devices(settings.device)
        self.test.setEnabled(settings.on and state.open)
        self.figures.setText(
            f"Latency {state.latency_ms:.0f} ms · {state.underruns} underruns"
            f" · {state.late} late notes"
            if state.open
            else ""
        )
        font = self._rig.devices.font
        about = "" if font is None else f"Instruments: {font.title}. {font.rights[:200]}"
        self.instruments.setText(about)

    def _refresh_devices(self, chosen: str | None) -> None:
        names = [device.name for device in self._rig.devices.sound_devices.devices]
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

    def play_test(self) -> None:
        """Four notes, whatever the transport does."""
        at_s, messages = self._rig.transport.clock() + _LEAD_S, []
        for pitch in _TEST:
            messages.append(Due(at_s, SOUND, bytes((0x90 | _CHANNEL, pitch, 96))))
            at_s += _STEP_S
            messages.append(Due(at_s, SOUND, bytes((0x80 | _CHANNEL, pitch, 0))))
        self._rig.sound.send(messages)
