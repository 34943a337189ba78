"""The small parts of the transport's row."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton

from studio.document.score import TEMPO
from studio.live.rig import Rig
from ui import theme
from ui.icons import icon


def player_sentence(rig: Rig) -> str:
    """How the MIDI stands, for a tooltip."""
    ports, late = rig.devices.ports, rig.devices.lateness
    if not ports.system:
        return "There is no MIDI on this computer, or it has not answered yet."
    lines = [f"MIDI through {ports.system}: {len(rig.settings.inputs)} inputs are on."]
    if rig.devices.scheduling:
        lines.append(f"The player runs with {rig.devices.scheduling}.")
    if late is not None and late.played:
        lines.append(f"Lateness of {late.played} messages: p99 {late.p99_ms:.2f} ms.")
    return "\n".join(lines)


def held(bpm: float) -> float:
    """A leader's tempo may be beyond our own range."""
    return min(TEMPO.high, max(TEMPO.low, bpm))


def button(mark: str, words: str) -> QToolButton:
    """A button with an icon; its name is the beginning of its words."""
    made = QToolButton()
    made.setIcon(icon(mark))
    made.setIconSize(QSize(18, 18))
    made.setToolTip(words)
    made.setAccessibleName(words.partition(":")[0].partition(",")[0])
    return made


def keeping_its_place(label: QLabel) -> QLabel:
    """What comes and goes must not move its neighbours."""
    policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    policy.setRetainSizeWhenHidden(True)
    label.setSizePolicy(policy)
    theme.set_size(label, width=44)
    return label
