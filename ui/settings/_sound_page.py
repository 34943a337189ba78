"""The page about sound: whether and where this computer sounds, and which input is listened to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton

from studio.audio.messages import SoundDevice
from studio.document.routes import SOUND
from studio.live.rig import Rig
from studio.processes.messages import Due
from studio.settings.declared import RECORD_INPUT, SOUND_ON, SOUND_PARAMETERS
from ui import theme
from ui.settings._declared_page import DeclaredPage
from ui.transport.sound_controls import use_sound
from ui.widgets.form import CheckBox, card, quiet
from ui.widgets.parameter_rows import LABEL_PX, ComboBox

_NONE = "As the system prefers"
_NOTHING = "Listen to nothing"
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
        self._card.addLayout(_row("Device", self.device))
        self._add_rows([s for s in self._settings.values() if s.parameter in SOUND_PARAMETERS])
        test = QHBoxLayout()
        test.addWidget(self.test)
        test.addWidget(self.figures, 1)
        self._card.addLayout(test)
        self.column.insertWidget(self.column.count() - 1, self.on)
        self._add_rows([self._settings["sound.font"]])
        self.column.addWidget(self.instruments)
        self.controls["sound.on"] = self.on
        self._lay_out_input()

    def _lay_out_input(self) -> None:
        self.input = ComboBox("Sound input")
        self.input.setToolTip(
            "What modulators listen to and what is recorded; it is opened only for that"
        )
        self.input.activated.connect(lambda _: use_sound(self._rig, input=self.input.currentData()))
        self.listening = quiet()
        frame, column = card()
        column.addLayout(_row("Input", self.input))
        self.listening.setContentsMargins(LABEL_PX + 10, 0, 0, 6)
        column.addWidget(self.listening)
        self.records = CheckBox(RECORD_INPUT.label, RECORD_INPUT.help)
        self.records.wanted.connect(lambda on: use_sound(self._rig, record_input=on))
        self.controls["sound.record_input"] = self.records
        column.addWidget(self.records)
        self.column.addWidget(frame)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._rig.listening.look_for_inputs()

    def refresh(self) -> None:
        settings, state = self._rig.settings.sound, self._rig.devices.sound_state
        self.about.setText(state.sentence if settings.on else "The sound is switched off.")
        self.on.show_value(settings.on)
        self.records.show_value(settings.record_input)
        super().refresh()
        devices = self._rig.devices
        _offer(self.device, devices.sound_devices.devices, settings.device, _NONE)
        _offer(self.input, devices.sound_inputs.devices, settings.input, _NOTHING)
        self.listening.setText(devices.sound_input_state.sentence)
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

    def play_test(self) -> None:
        """Four notes, whatever the transport does."""
        at_s, messages = self._rig.transport.clock() + _LEAD_S, []
        for pitch in _TEST:
            messages.append(Due(at_s, SOUND, bytes((0x90 | _CHANNEL, pitch, 96))))
            at_s += _STEP_S
            messages.append(Due(at_s, SOUND, bytes((0x80 | _CHANNEL, pitch, 0))))
        self._rig.sound.send(messages)


def _row(title: str, box: ComboBox) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(10)
    label = QLabel(title)
    theme.set_size(label, width=LABEL_PX)
    line.addWidget(label)
    line.addWidget(box, 1)
    return line


def _offer(box: ComboBox, devices: Sequence[SoundDevice], chosen: str | None, none: str) -> None:
    """Every device, none of them, and the chosen one although it may be away."""
    names = [device.name for device in devices]
    wanted: list[str | None] = [None, *names]
    if chosen not in wanted:
        wanted.append(chosen)
    words = [none, *names, f"{chosen} (away)"][: len(wanted)]
    had = [(box.itemData(i), box.itemText(i)) for i in range(box.count())]
    if had != list(zip(wanted, words, strict=True)):
        box.clear()
        for name, text in zip(wanted, words, strict=True):
            box.addItem(text, name)
    box.setCurrentIndex(wanted.index(chosen))
