"""Whose beat is played to: our own, an input's clock, or Ableton Link."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from studio.live.clock.following import ClockFollower
from studio.live.clock.link import MISSING
from studio.live.connector import LINK, OURS
from studio.live.rig import Rig
from ui.theme import ACCENT, QUIET, TEXT, WELL, colour, font
from ui.widgets.elided_label import elided

_OWN = "Own tempo"
_WIDEST_PX = 124


class FollowButton(QPushButton):
    """Says who leads, with a lamp for how sure the beat is; a click chooses another."""

    def __init__(self, rig: Rig, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rig = rig
        self._words, self._light = _OWN, QUIET
        self.setObjectName("flat")
        self.setMinimumWidth(32)
        self.setMaximumWidth(_WIDEST_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._choose)
        self.refresh()

    @property
    def words(self) -> str:
        """Who leads."""
        return self._words

    @property
    def light(self) -> str:
        """The lamp's colour: green while the beat is sure, amber while it is being found."""
        return self._light

    def refresh(self) -> None:
        """Show who leads now, and how well."""
        name = self._rig.settings.follow
        seen = (_OWN if name is None else name, self._colour())
        if seen != (self._words, self._light) or not self.accessibleName():
            self._words, self._light = seen
            self.setAccessibleName(f"Follows: {self._words}")
            beat = {WELL: "the beat is sure", ACCENT: "the beat is being found"}
            self.setAccessibleDescription(beat.get(self._light, ""))
            self.update()
        self.setToolTip(self._tip())

    def _colour(self) -> str:
        leader = self._rig.transport.leader
        if leader is None or leader.line is None:
            return QUIET
        sure = leader.locked if isinstance(leader, ClockFollower) else True
        return WELL if sure else ACCENT

    def _tip(self) -> str:
        leader, name = self._rig.transport.leader, self._rig.settings.follow
        if name is None:
            return "The tempo is our own; click to follow a MIDI clock or Ableton Link"
        sentence = leader.sentence if leader is not None else MISSING
        return f"Follows {name}: {sentence}\nClick to choose another."

    def sizeHint(self) -> QSize:
        return QSize(_WIDEST_PX, 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(32, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sure = self._light != ACCENT  # a ring while the beat is being found
        painter.setPen(QPen(colour(self._light), 2))
        painter.setBrush(colour(self._light) if sure else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(9, self.height() // 2 - 3, 6, 6)
        painter.setFont(font(12))
        painter.setPen(colour(TEXT if self._rig.settings.follow else QUIET))
        room = self.rect().adjusted(22, 0, -6, 0)
        words = elided(painter, self._words, room.width())
        if room.width() > 30:
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip(self._tip())  # phase and jitter as they are at this moment
        return super().event(event)

    # -- choosing ------------------------------------------------------------------------------

    def menu_of_leaders(self) -> QMenu:
        """Everybody who can be followed."""
        settings = self._rig.settings
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        inputs = dict.fromkeys((*settings.inputs, *((OURS,) if settings.virtual_ports else ())))
        if settings.follow not in (None, LINK, *inputs):
            inputs[str(settings.follow)] = None
        leaders: list[tuple[str, str | None]] = [(_OWN, None)]
        leaders += [(f"Clock of {name}", name) for name in inputs]
        leaders.append(("Ableton Link", LINK))
        for words, name in leaders:
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(name == settings.follow)
            action.triggered.connect(lambda _=False, name=name: self._follow(name))
        if not inputs:
            menu.addSeparator()
            menu.addAction("Connect an input to follow its clock").setEnabled(False)
        return menu

    def _choose(self) -> None:
        menu = self.menu_of_leaders()
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _follow(self, name: str | None) -> None:
        self._rig.use(self._rig.settings.but(follow=name))
