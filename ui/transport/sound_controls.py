"""How this computer sounds: its latency in a word, and the volume under the hand."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from studio.document.parameters import Value
from studio.live.rig import Rig
from studio.settings.declared import VOLUME
from ui.icons import icon
from ui.widgets.slider import Slider
from ui.widgets.throttle import Throttle

_APPLY_MS = 50
"""A volume that is dragged is applied so often at most."""


class SoundControls(QWidget):
    """The sound's state as a button, and its volume."""

    wanted = Signal()
    """More is wanted than the volume: the page about sound."""

    def __init__(self, rig: Rig, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rig = rig
        self._volume: float | None = None  # on its way
        self._apply = Throttle(self._use, _APPLY_MS, self)
        self._mark = ""
        self.state = QToolButton(self)
        self.state.setObjectName("flat")
        self.state.setIconSize(QSize(18, 18))
        self.state.setAccessibleName("Sound")
        self.state.clicked.connect(self.wanted)
        self.volume = Slider(VOLUME, self)
        self.volume.setFixedWidth(52)
        self.volume.setToolTip(f"{VOLUME.label}: {VOLUME.help}")
        self.volume.wanted.connect(self._want)
        self.volume.released.connect(self._apply.finish)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.state)
        line.addWidget(self.volume)
        self.refresh()

    def show_figure(self, shown: bool) -> None:
        """Whether there is room for the latency in figures."""
        style = Qt.ToolButtonStyle
        self.state.setToolButtonStyle(
            style.ToolButtonTextBesideIcon if shown else style.ToolButtonIconOnly
        )
        self.state.setFixedWidth(self.state.minimumSizeHint().width())

    def refresh(self) -> None:
        """Show the sound as it is now."""
        settings, state = self._rig.settings.sound, self._rig.devices.sound_state
        heard = settings.on and state.open
        mark = "volume" if heard else "volume-off"
        if mark != self._mark:
            self._mark = mark
            self.state.setIcon(icon(mark))
        self._say(f"{state.latency_ms:.0f} ms" if heard else "off")
        sentence = state.sentence if settings.on else "The sound is switched off."
        self.state.setToolTip(f"{sentence}{self._figures()}\nClick for the sound's settings.")
        self.state.setAccessibleDescription(sentence)
        self.volume.show_value(settings.volume if self._volume is None else self._volume)

    def _say(self, words: str) -> None:
        if words != self.state.text():
            self.state.setText(words)
        wanted = self.state.minimumSizeHint().width()  # also of the text size
        if wanted != self.state.width():
            self.state.setFixedWidth(wanted)

    def _figures(self) -> str:
        state = self._rig.devices.sound_state
        if not state.open:
            return ""
        return f"\nLatency {state.latency_ms:.0f} ms, {state.underruns} underruns."

    def _want(self, volume: Value) -> None:
        self._volume = float(volume)
        self.volume.show_value(volume)
        self._apply()

    def _use(self) -> None:
        volume, self._volume = self._volume, None
        if volume is not None:
            use_sound(self._rig, volume=volume)


def use_sound(rig: Rig, **changes: object) -> None:
    """Let the sound be as it is, but for `changes` to its settings."""
    rig.use(rig.settings.but(sound=rig.settings.sound.but(**changes)))
