"""Scenes in one slim row: which one it is, the ones beside it, snapshots, and the crossfader."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QLabel, QPushButton, QSizePolicy, QWidget

from studio.document.scene import Scene
from studio.scenes.repertoire import Repertoire
from studio.session import Session
from ui import theme
from ui.actions.actions import Action
from ui.icons import icon
from ui.scenes._crossfader import Crossfader
from ui.scenes._snapshots_row import SnapshotsRow
from ui.scenes._warning import SceneWarning
from ui.theme import ACCENT, HAIRLINE, PANEL, QUIET, STEP
from ui.transport.bar_parts import button

_HEIGHT_PX = 40
_GATHER_MS = 120
_SHEET = f"""
#sceneBar {{ background: {PANEL}; border-bottom: 1px solid {HAIRLINE}; }}
QPushButton, QToolButton {{ padding: 4px 5px; min-height: 18px; }}
QPushButton#segment {{ padding: 4px 6px; font-size: 12px; }}
QPushButton#segment[filled="true"] {{ color: {ACCENT}; border-bottom: 2px solid {ACCENT}; }}
#sceneName {{ font-size: 14px; }}
#sceneNote {{ font-size: 12px; color: {QUIET}; }}
"""


class SceneBar(QWidget):
    """Listens to the repertoire by itself; `turn` keeps the fader moving."""

    library_wanted = Signal()

    def __init__(
        self, session: Session, repertoire: Repertoire, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._repertoire = session, repertoire
        self.setObjectName("sceneBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.set_size(self, height=_HEIGHT_PX)
        theme.dress(self, _SHEET)
        self._make()
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._soon.timeout.connect(self.refresh)
        session.changed.connect(self._on_changed)
        repertoire.changed.connect(self.refresh)
        repertoire.recalling.changed.connect(self.refresh)
        self.refresh()

    def _make(self) -> None:
        recalling = self._repertoire.recalling
        self.library = QPushButton(icon("books"), "Scenes")
        self.library.setToolTip("All scenes that are saved")
        self.library.setAccessibleName("Scenes")
        self.library.clicked.connect(self.library_wanted)
        self.previous = button("chevron-left", "Previous scene of the set list")
        self.next = button("chevron-right", "Next scene of the set list")
        self.previous.clicked.connect(recalling.previous)
        self.next.clicked.connect(recalling.next)
        self.name, self.note = QLabel(), QLabel()
        self.name.setObjectName("sceneName")
        self.note.setObjectName("sceneNote")
        for label in (self.name, self.note):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.mark = SceneWarning()
        self.save = button("device-floppy", "Save the scene")
        self.save_as = button("copy-plus", "Save as a new scene")
        self.save.clicked.connect(self.keep)
        self.save_as.clicked.connect(self.keep_as)
        self.snapshots = SnapshotsRow(self._repertoire.snapshots)
        self.morph = Crossfader(self._session, self._repertoire.morph, recalling)

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(STEP, 0, STEP, 0)
        line.setSpacing(STEP // 2)
        line.addWidget(self.library)
        line.addWidget(self.previous)
        line.addWidget(self.next)
        line.addSpacing(STEP // 2)
        line.addWidget(self.name, 3)
        line.addWidget(self.note, 2)
        line.addWidget(self.mark)
        line.addWidget(self.save)
        line.addWidget(self.save_as)
        line.addSpacing(STEP)
        line.addWidget(self.snapshots)
        line.addSpacing(STEP)
        line.addWidget(self.morph)

    def window_actions(self) -> Iterator[Action]:
        """What the window can do with scenes."""
        wanted, recalling = self.library_wanted.emit, self._repertoire.recalling
        following, previous = recalling.next, recalling.previous
        for name, text, key, do, shown in (
            ("library", "Scenes: all that are saved", "Ctrl+L", wanted, self.library),
            ("save", "Save the scene", "Ctrl+S", self.keep, self.save),
            ("save_as", "Save as a new scene", "Ctrl+Shift+S", self.keep_as, self.save_as),
            ("next", "Next scene of the set list", "PgDown", following, self.next),
            ("previous", "Previous scene of the set list", "PgUp", previous, self.previous),
        ):
            yield Action(f"scene.{name}", "Scenes", text, do, (key,), buttons=(shown,))
        yield from self.snapshots.window_actions()

    def addresses(self) -> Iterator[tuple[QWidget, str]]:
        """Its controls with what they are called from outside."""
        yield self.previous, "/scene/previous"
        yield self.next, "/scene/next"
        yield self.morph.fader, "/morph/fader"
        for number, shown in enumerate(self.snapshots.buttons, start=1):
            yield shown, f"/snapshot/{number}"

    def minimumSizeHint(self) -> QSize:
        return QSize(1080, _HEIGHT_PX)

    # -- what it shows -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show which scene it is, and what is beside it."""
        held, recalling = self._repertoire, self._repertoire.recalling
        current = held.presets.current
        name = current.name if current else "Not saved yet"
        mark = " *" if current and held.presets.modified else ""
        self._elided(self.name, f"{name}{mark}")
        self.name.setAccessibleName(f"Scene: {name}{', changed' if mark else ''}")
        self._elided(self.note, self._note())
        self.mark.show_sentences(
            (*filter(None, (held.recovery.problem, held.library.trouble)), *recalling.remarks)
        )
        some = bool(recalling.items)
        self.previous.setEnabled(some)
        self.next.setEnabled(recalling.next_place is not None)

    def _note(self) -> str:
        recalling = self._repertoire.recalling
        if recalling.waiting is not None:
            return f"{recalling.waiting.name} is next"
        if recalling.items:
            place = recalling.current()
            at = "–" if place is None else str(place + 1)
            return f"{at} of {len(recalling.items)}"
        return ""

    def _elided(self, label: QLabel, words: str) -> None:
        label.setToolTip(words)
        room = max(40, label.width())
        label.setText(label.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room))

    def turn(self) -> None:
        """Where a morph is now."""
        self.morph.turn()

    def _on_changed(self, new: Scene, old: Scene) -> None:
        if not self._soon.isActive():
            self._soon.start()

    # -- what a hand does ----------------------------------------------------------------------

    def keep(self) -> None:
        """Save over the scene that was called up, or ask for a name."""
        if not self._repertoire.presets.save():
            self.keep_as()

    def keep_as(self) -> None:
        """Ask for a name, and save."""
        current = self._repertoire.presets.current
        dialog = QInputDialog(self)
        dialog.setWindowTitle("Save the scene")
        dialog.setLabelText("Name")
        dialog.setTextValue("" if current is None else current.name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(self._named)
        dialog.open()

    def _named(self, name: str) -> None:
        if name.strip():
            presets = self._repertoire.presets
            presets.save_as(name.strip(), presets.tags)

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._soon.stop()
        self._session.changed.disconnect(self._on_changed, missing_ok=True)
        self._repertoire.changed.disconnect(self.refresh, missing_ok=True)
        self._repertoire.recalling.changed.disconnect(self.refresh, missing_ok=True)
        self.snapshots.close_down()
        self.morph.close_down()
