"""The transport in one slim row: moving, counting, tempo, what changes wait for, and what sounds.

It shows what the scene's score, the transport and the rig say; what a hand does goes to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from studio.document.scene import Scene
from studio.document.score import (
    COUNT_IN,
    METRE_BEATS,
    METRE_UNIT,
    METRONOME,
    METRONOME_LEVEL,
    QUANTUM,
    TEMPO,
)
from studio.live.rig import Rig
from studio.processes.messages import Received
from studio.session import Session
from ui import theme
from ui.actions.actions import Action
from ui.icons import pixmap
from ui.theme import ACCENT, ALARM, HAIRLINE, PANEL, STEP
from ui.transport._beat_display import BeatDisplay
from ui.transport._follow_button import FollowButton
from ui.transport.bar_parts import button, held, keeping_its_place, player_sentence
from ui.transport.score_fields import ScoreFields
from ui.transport.sound_controls import SoundControls
from ui.widgets.lamp import Lamp
from ui.widgets.throttle import Throttle

NUDGE_S = 0.01
"""What one press of a nudge button shifts."""

_HEIGHT_PX = 40
_GATHER_MS = 40
_SLOW_MS = 500
_RESUME = "Continue where it stopped"
_ROOMY_PX = 1240
"""Below this the metronome's level and the latency make room for the rest, and what has a key goes
into the menu behind the dots."""
_NARROWEST_PX = 1100
_SHEET = f"""
#transportBar {{ background: {PANEL}; border-bottom: 1px solid {HAIRLINE}; }}
QPushButton, QToolButton {{ padding: 4px 5px; min-height: 18px; }}
QToolButton#slim {{ padding: 4px 1px; }}
QPushButton#segment {{ padding: 4px 6px; font-size: 12px; }}
#waits {{ font-size: 12px; color: {ACCENT}; }}
"""


class TransportBar(QWidget):
    """Listens to the session and to the rig by itself; `turn` keeps its beat moving."""

    settings_wanted = Signal(str)
    """The page of the settings that is asked for."""

    def __init__(self, session: Session, rig: Rig, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._rig = session, rig
        self.setObjectName("transportBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.set_size(self, height=_HEIGHT_PX)
        theme.dress(self, _SHEET)
        self.fields = ScoreFields(session)
        self._make()
        self._lay_out()
        self._gathered = Throttle(self.refresh, _GATHER_MS, self)
        self._slowly = QTimer(self, interval=_SLOW_MS)
        self._slowly.timeout.connect(self._refresh_states)
        self._slowly.start()
        session.changed.connect(self._on_changed)
        rig.changed.connect(self._gather)
        self.refresh()

    # -- what is in it -------------------------------------------------------------------------

    def _make(self) -> None:
        transport, fields = self._rig.transport, self.fields
        self.play = button("player-play", "Play from the beginning, after the count-in")
        self.stop = button("player-stop", "Stop, and stay here")
        self.resume = button("arrow-bar-right", _RESUME)
        self.play.setCheckable(True)
        self.play.clicked.connect(transport.play)
        self.stop.clicked.connect(transport.stop)
        self.resume.clicked.connect(transport.resume)
        self.count_in = fields.field(COUNT_IN, "count", unit=False)
        self.beat = BeatDisplay(transport)
        self.tempo = fields.field(TEMPO, step=1.0)
        self.tap = button("hand-click", "Tap the tempo, in time with the music")
        self.tap.pressed.connect(self.tap_now)
        self.back = button("chevron-left", f"Nudge back by {1000 * NUDGE_S:.0f} ms")
        self.ahead = button("chevron-right", f"Nudge ahead by {1000 * NUDGE_S:.0f} ms")
        self.more = button("dots", "More: continue, nudge")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self._overflow())
        for slim in (self.back, self.ahead, self.more):
            slim.setObjectName("slim")
        self.back.clicked.connect(lambda: transport.nudge(-NUDGE_S))
        self.ahead.clicked.connect(lambda: transport.nudge(NUDGE_S))
        self.beats, self.unit = fields.field(METRE_BEATS), fields.field(METRE_UNIT)
        self.metronome = fields.switch(METRONOME, "metronome")
        self.level = fields.slider(METRONOME_LEVEL, 48)
        self.quantum = fields.segments(QUANTUM)
        self.waits = keeping_its_place(QLabel())
        self.waits.setObjectName("waits")
        self.follow = FollowButton(self._rig)
        self.lamp = Lamp("MIDI")
        self.sound = SoundControls(self._rig)
        self.settings = button("adjustments-horizontal", "Settings")
        self.panic = button("alert-octagon", "Panic: stop, and silence all notes")
        self.panic.setIcon(QIcon(pixmap("alert-octagon", 18, ALARM, 2)))
        self.panic.clicked.connect(self._rig.panic)
        self.sound.wanted.connect(lambda: self.settings_wanted.emit("Sound"))
        self.settings.clicked.connect(lambda: self.settings_wanted.emit(""))

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(STEP, 0, STEP, 0)
        line.setSpacing(STEP // 2)
        groups: tuple[tuple[QWidget, ...], ...] = (
            (self.play, self.stop, self.resume),
            (self.beat,),
            (self.tempo, self.tap, self.back, self.ahead, self.more),
            (self.beats, QLabel("/"), self.unit, self.count_in),
            (self.metronome, self.level),
            (self.quantum, self.waits),
        )
        for group in groups:
            for widget in group:
                line.addWidget(widget)
            line.addSpacing(STEP // 2)
        line.addStretch(1)
        for last in (self.follow, self.lamp, self.sound, self.settings, self.panic):
            line.addWidget(last)

    def _overflow(self) -> QMenu:
        """What has no room in a narrow window."""
        transport, menu = self._rig.transport, QMenu(self)
        go_on = menu.addAction(_RESUME, transport.resume)
        menu.aboutToShow.connect(lambda: go_on.setEnabled(not transport.movement.playing))
        for slim, seconds in ((self.back, -NUDGE_S), (self.ahead, NUDGE_S)):
            menu.addAction(slim.accessibleName(), partial(transport.nudge, seconds))
        return menu

    def add(self, button: QWidget) -> None:
        """Another button beside those that play and stop."""
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(3, button)

    def window_actions(self) -> Iterator[Action]:
        """What the window can do with time."""
        transport, nudge = self._rig.transport, self._rig.transport.nudge
        back, ahead = partial(nudge, -NUDGE_S), partial(nudge, NUDGE_S)
        panic = "Panic: stop, and silence all notes"
        for name, text, key, do, shown in (
            ("play", "Play or stop", "Space", self.toggle, self.play),
            ("resume", _RESUME, "Shift+Space", transport.resume, self.resume),
            ("tap", "Tap the tempo", "B", self.tap_now, self.tap),
            ("nudge_back", "Nudge the beat back", ",", back, self.back),
            ("nudge_ahead", "Nudge the beat ahead", ".", ahead, self.ahead),
            ("metronome", "Metronome on or off", "M", self.toggle_metronome, self.metronome),
            ("panic", panic, "Ctrl+.", self._rig.panic, self.panic),
        ):
            yield Action(f"transport.{name}", "Transport", text, do, (key,), buttons=(shown,))

    def addresses(self) -> Iterator[tuple[QWidget, str]]:
        """Its controls with what they are called from outside (see `studio.control`)."""
        at = "/transport"
        yield from ((self.play, f"{at}/play"), (self.stop, f"{at}/stop"))
        yield from ((self.resume, f"{at}/resume"), (self.tempo, f"{at}/tempo"))
        yield from ((self.tap, f"{at}/tap"), (self.back, f"{at}/nudge/back"))
        yield from ((self.ahead, f"{at}/nudge/ahead"), (self.count_in, f"{at}/count_in"))
        yield from ((self.beats, f"{at}/metre/beats"), (self.unit, f"{at}/metre/unit"))
        yield from ((self.metronome, f"{at}/metronome"), (self.level, f"{at}/metronome_level"))
        yield from ((self.quantum, f"{at}/quantum"), (self.panic, "/panic"))
        yield self.sound.volume, "/sound/volume"

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST_PX, _HEIGHT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.width() >= _ROOMY_PX
        for spare in (self.level, self.back, self.ahead, self.resume):
            spare.setVisible(roomy)
        self.more.setVisible(not roomy)
        line = self.layout()
        assert line is not None
        line.setSpacing(STEP // 2 if roomy else STEP // 2 - 1)
        margin = STEP if roomy else STEP // 2
        line.setContentsMargins(margin, 0, margin, 0)
        self.sound.show_figure(roomy)

    # -- what it shows -------------------------------------------------------------------------

    def turn(self) -> None:
        """Where the beat is now; as often as the display shows pictures, while it moves."""
        self.beat.refresh()

    def refresh(self) -> None:
        """Show everything as it is now."""
        self.fields.refresh()
        self._refresh_tempo()
        self._refresh_states()
        self.turn()

    def _refresh_tempo(self) -> None:
        """While a leader is heard the tempo is its own, and cannot be set."""
        leader = self._rig.transport.leader
        led = leader is not None and leader.line is not None
        self.tempo.show_locked("The tempo comes from the clock that is followed." if led else "")
        if led:
            self.tempo.show_value(TEMPO.at(TEMPO.position(held(self._rig.transport.bpm))))

    def _refresh_states(self) -> None:
        if not self.isVisibleTo(self.window()):
            return
        rig = self._rig
        self.play.setChecked(rig.transport.movement.playing)
        self.resume.setEnabled(not rig.transport.movement.playing)
        self._refresh_waits()
        self.follow.refresh()
        self.sound.refresh()
        self.lamp.show_there(bool(rig.settings.inputs or rig.settings.virtual_ports))
        self.lamp.setToolTip(player_sentence(rig))
        self.lamp.setAccessibleName("MIDI in")
        if rig.transport.leader is not None:
            self._refresh_tempo()

    def _refresh_waits(self) -> None:
        waiting = self._rig.later.waiting
        self.waits.setVisible(bool(waiting))
        if waiting:
            pulse = self._rig.transport.metre.pulse_beats
            beats = max(0.0, (waiting[0].due_beats - self._rig.transport.place) / pulse)
            self.waits.setText(f"{len(waiting)} in {beats:.0f}")
            names = ", ".join(each.key or "a change" for each in waiting)
            self.waits.setToolTip(f"Waiting for their beat: {names}")

    def _on_changed(self, new: Scene, old: Scene) -> None:
        """At once: the next turn of a wheel goes on from what is shown."""
        if new.score != old.score:
            self.fields.refresh()
            self._refresh_tempo()
            self.turn()

    def _gather(self, *_: object) -> None:
        self._gathered()

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._session.changed.disconnect(self._on_changed, missing_ok=True)
        self._rig.changed.disconnect(self._gather, missing_ok=True)
        self._slowly.stop()

    def show_heard(self, message: Received) -> None:
        """A MIDI message has come in."""
        self.lamp.blink()

    # -- what a hand does ----------------------------------------------------------------------

    def toggle(self) -> None:
        """Play, or stop."""
        transport = self._rig.transport
        (transport.stop if transport.movement.playing else transport.play)()

    def toggle_metronome(self) -> None:
        """Let it click, or not."""
        self.fields.set(METRONOME, not self._session.scene.score[METRONOME.name])

    def tap_now(self) -> None:
        """A tap of the foot."""
        self._rig.scene_transport.tap(self._rig.transport.clock())
