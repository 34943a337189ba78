"""The window: arranges the views, tells them what changed, and holds the keyboard.

Views report what the hand wants to the session; the session's signals bring the change back to
every view. No view writes another.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from studio.document.scene import SLOT_COUNT, SLOT_NAMES, Deck, Place, Scene, Slot
from studio.engine import DeviceChoice
from studio.export.plans import What
from studio.latent.mixing import weights_of
from studio.live.rig import Rig
from studio.scenes.repertoire import Repertoire
from studio.session import Session
from ui import focus
from ui.actions.actions import Deed, Deeds
from ui.actions.key_list import KeyList
from ui.band.page import BandPage
from ui.deck.deck_bar import DeckBar
from ui.deck.pad import Pad
from ui.deck.panel import Panel
from ui.deck.slots import Shelf
from ui.export.dialog import ExportDialog
from ui.file_dialogs import Folders, PictureDialogs
from ui.file_drops import Drops
from ui.frames import Frames
from ui.library.library import Library
from ui.paint.paint import PaintDesk
from ui.roll.stage import RollStage
from ui.scenes.bar import SceneBar
from ui.scenes.recovery import Recovery
from ui.stage.stage import Stage
from ui.status import StatusBar
from ui.tabs.tabs import TABS, Sketch
from ui.theme import STEP
from ui.transport.live import LiveDesk
from ui.widgets.pixmaps import pixmap_of

_EMPTY = "All slots are empty.\nPress R, or click a slot, to fill them."
_TITLE_PX = 40
"""About what a desktop's title bar takes."""
_SLOW_MS = 200
"""How often what may wait a moment is seen to."""
_NARROWEST, _WIDEST = 376, 440
"""Of the right column, in px."""


class Window(QMainWindow):
    """The instrument on screen. Give it a session and a rig, neither of them started."""

    appeared = Signal()
    """It has been painted for the first time."""

    def __init__(
        self,
        session: Session,
        rig: Rig,
        repertoire: Repertoire,
        log_file: Path | None = None,
        device: DeviceChoice = "auto",
    ) -> None:
        super().__init__()
        self.session = session
        self.rig = rig
        self.repertoire = repertoire
        self._has_appeared = False
        self.setWindowTitle("Latent Loom")
        self.setMinimumSize(1120, 660)  # 1180x720 less what a desktop keeps for itself
        self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize()))
        self.deck_bar = DeckBar(session)
        self.folders = Folders()
        self.shelf = Shelf(session, PictureDialogs(self.folders, self))
        self.stage = Stage()
        self.canvas, self.stage_pad = self.stage.canvas, self.stage.pad
        self.pad = Pad()
        self.panel = Panel(session)
        self.sketch = Sketch(session, self.panel)
        self.frames = Frames(self)
        self.frames.add(lambda: session.motion.moving, session.motion.step)
        self.frames.add(lambda: repertoire.morph.moving, self._step_morph)
        self._slowly = QTimer(self, interval=_SLOW_MS)
        self._slowly.timeout.connect(lambda: repertoire.tick(perf_counter()))
        self.paint = PaintDesk(session, self.canvas, self)
        self.sketch.add(self.paint.page)
        self.band = BandPage(session, rig, self.folders)
        self.sketch.add(self.band)
        self.roll = RollStage(session, rig.ensemble, rig.transport)
        self.stage.add(self.roll)
        self.frames.add(lambda: self.roll.moves, lambda _: self.roll.turn())
        self.status = StatusBar(session, log_file, device=device)
        self.live = LiveDesk(session, rig, self)
        self.scenes = SceneBar(session, repertoire, self)
        self.recovery = Recovery(repertoire)
        self.drops = Drops(repertoire, self)
        self.setAcceptDrops(True)
        self.library: Library | None = None
        """Made when it is first wanted."""
        self._before_press = session.scene
        self._deeds = Deeds(self._declared(), self)
        self.deeds = self._deeds.by_name
        self._lay_out()
        self._listen()
        self._refresh_front()

    def appear(self) -> None:
        """Show the window; where it has no room beside others, as large as the screen is."""
        room = self.screen().availableSize()
        if room.width() > self.width() and room.height() > self.height() + _TITLE_PX:
            self.show()
        else:
            self.showMaximized()

    # -- what it can do ------------------------------------------------------------------------

    def _declared(self) -> list[Deed]:
        session = self.session
        deeds = [
            Deed("undo", "Undo", ("Ctrl+Z",), session.undo, "arrow-back-up"),
            Deed("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), session.redo, "arrow-forward-up"),
            Deed(
                "surprise",
                "Surprise me: new samples in all unlocked slots",
                ("R",),
                lambda: session.slots.randomise(session.scene.front),
                "dice-5",
            ),
            Deed(
                "capture",
                "Capture the present point in the first empty slot",
                ("Space",),
                lambda: session.slots.capture(session.scene.front),
                "camera-plus",
            ),
            Deed("centre", "Centre the puck", ("Home",), self._centre, "target"),
            Deed("walk", "Play or stop the walk", ("W",), self.sketch.walk.toggle),
            Deed("paste", "Paste a picture into a slot", ("Ctrl+V",), self.shelf.paste),
            Deed("export", "Export", ("Ctrl+E",), self.export, "download"),
            Deed("tie", "One gesture: all pads move as one", ("T",), self._toggle_tie, "link"),
            Deed("next", "Next deck", ("Ctrl+Tab",), self._next_deck),
            Deed("stage", "Stage in full screen", ("F11", "F"), self._toggle_stage, "maximize"),
            Deed("leave", "Leave full screen", ("Esc",), self._leave_stage),
            Deed("pad", "To the pad", ("P",), self._focus_pad),
            Deed("keys", "What the keys do", ("F1", "?"), self._show_keys, "keyboard"),
        ]
        for place, (name, words, _) in enumerate(TABS):
            turn = partial(self._turn_to, place)
            keys = (f"Ctrl+{place + 1}",)
            deeds.append(Deed(f"tab {name}", f"{words} under the pad", keys, turn))
        own = (f"Ctrl+{len(TABS) + 1}",)
        deeds.append(Deed("tab own", "The deck's own page under the pad", own, self._turn_to_own))
        deeds += self.scenes.deeds()
        for part in (self.live, self.paint, self.band):
            deeds += [Deed(*each) for each in part.deeds()]
        for index, name in enumerate(SLOT_NAMES):
            go = partial(self.shelf.go_to, index)
            deeds.append(Deed(f"slot{name}", f"Go to slot {name}", (str(index + 1),), go))
        return deeds

    # -- layout --------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        stage = QWidget()
        stage.setObjectName("stage")
        column = QVBoxLayout(stage)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._top = self._top_bar()
        self._left = self._shelf_column()
        self._right = self._panel_column()
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._left)
        self._middle = middle
        middle.addWidget(self.stage, 1)
        middle.addWidget(self._right)
        column.addWidget(self._top)
        column.addWidget(self.live.bar)
        column.addWidget(self.scenes)
        column.addWidget(self.recovery)
        column.addLayout(middle, 1)
        column.addWidget(self.status)
        self.setCentralWidget(stage)
        self.pad.setFocus()

    def _top_bar(self) -> QWidget:
        bar, line = _strip("topBar", QHBoxLayout, (2 * STEP, STEP, STEP, STEP))
        bar.setFixedHeight(60)
        wordmark = QLabel('LATENT <span style="color:#F5B14C">LOOM</span>')
        wordmark.setObjectName("wordmark")
        self.tie_button = self._deeds.button("tie", "One gesture")
        self._deeds.actions["tie"].setCheckable(True)
        line.addWidget(wordmark)
        line.addSpacing(STEP)
        line.addWidget(self.deck_bar)
        line.addWidget(self.tie_button)
        line.addStretch(1)
        for name in ("undo", "redo", "export", "keys", "stage"):
            line.addWidget(self._deeds.button(name))
        return bar

    def _shelf_column(self) -> QWidget:
        side, column = _strip("shelf", QVBoxLayout, (STEP, STEP, STEP, STEP))
        side.setFixedWidth(116)
        column.addWidget(self.shelf, 1)
        column.addWidget(self._deeds.wide_button("surprise", "surprise"))
        column.addWidget(self._deeds.wide_button("capture", "capture"))
        return side

    def _panel_column(self) -> QWidget:
        side, column = _strip("panel", QVBoxLayout, (2 * STEP, 2 * STEP, STEP // 2, STEP))
        beside = QHBoxLayout()  # as wide as the panel without its scroll bar
        beside.setContentsMargins(0, 0, STEP + STEP // 2, 0)
        beside.addWidget(self.pad)
        column.addLayout(beside)
        column.addWidget(self.sketch, 1)
        return side

    # -- listening -----------------------------------------------------------------------------

    def _listen(self) -> None:
        session = self.session
        session.changed.connect(self._on_changed)
        session.pictured.connect(self._on_pictured)
        session.thumbnailed.connect(self._on_thumbnailed)
        session.state_changed.connect(self._on_state)
        session.noticed.connect(self._say)
        self.live.said.connect(self._say)
        self.repertoire.noticed.connect(self._say)
        self.repertoire.morph.changed.connect(self.frames.look)
        self.scenes.library_wanted.connect(self.toggle_library)
        self.drops.several.connect(self._show_library)
        self._offer()
        session.slots.refined.connect(self._on_refined)
        session.motion.changed.connect(self._on_motion)
        self.sketch.turned.connect(self._turned)
        self.sketch.export_wanted.connect(self.export)
        self.canvas.painted.connect(lambda: session.engines.painted(session.scene.front))
        self.band.wanted.connect(self._turn_to_own)
        self.canvas.dragged.connect(self._drag_puck)
        self.roll.dragged.connect(self._drag_puck)
        self.paint.export_wanted.connect(lambda: self.export("drift film"))
        self.rig.changed.connect(self.frames.look)
        for hand in (self.canvas, self.roll, self.pad, self.stage_pad):
            hand.pressed.connect(self._take_hold)
            hand.released.connect(session.history.release)
        for pad in (self.pad, self.stage_pad):
            pad.doubled.connect(self._take_click_back)
            pad.moved.connect(lambda place: session.pads.move(session.scene.front, place))
            pad.anchor_moved.connect(
                lambda slot, place: session.slots.place(session.scene.front, slot, place)
            )
            self.shelf.face_changed.connect(pad.show_face)
        self.shelf.face_changed.connect(self.sketch.walk.stops.show_face)
        self.shelf.face_changed.connect(self.paint.show_face)

    def _offer(self) -> None:
        """Let whatever has an address be learnt; the panel's rows whenever they are made anew."""
        live = self.live
        self.shelf.jump = live.jump
        self.shelf.take_played = self.rig.ensemble.take_in
        live.offer_slots(self.shelf.slots, self.shelf.menu)
        for pad in (self.pad, self.stage_pad):
            live.offer_pad(pad, pad.anchor_under, self.shelf.menu)
        for built in (self.panel.built, self.paint.page.drift.built):
            built.connect(lambda: live.offer_rows(self.sketch))
        for name in ("surprise", "capture"):
            live.learn.offer(self._deeds.buttons[name], live.front(name))
        for widget, suffix in self.band.addresses():
            live.learn.offer(widget, live.front(suffix))
        for widget, address in (*self.scenes.addresses(), *self.band.score_addresses()):
            live.learn.offer(widget, partial(str, address))
        for name in ("tie", "undo", "redo"):
            live.learn.offer(self._deeds.buttons[name], partial(str, f"/{name}"))

    def _on_changed(self, new: Scene, old: Scene) -> None:
        if new.front != old.front:
            self._refresh_front()
            return
        deck = self.session.scene.front_deck
        before = next((d for d in old.decks if d.key == deck.key), None)
        if before is None or _blend(deck) != _blend(before):
            self._refresh_blend(deck)
        for index, slot in enumerate(deck.slots):
            if before is None or not _same_point(slot, before.slots[index]):
                self.shelf.refresh_face(index)
        if before is None or _settings(deck) != _settings(before):
            self.panel.refresh()
        if deck != before:
            self.sketch.refresh_soon()
            self._refresh_view()
        if _cast(new) != _cast(old):
            self.deck_bar.refresh()
            self._order_focus()
        self._refresh_actions()

    def _on_pictured(self, deck: str) -> None:
        shown = self.session.state(deck).shown
        if shown is None:
            return
        picture = pixmap_of(shown.pixels)
        self.deck_bar.refresh_picture(deck, picture)
        if deck == self.session.scene.front:
            self.canvas.show_picture(picture)
            if self.stage.view is self.roll:
                self.session.engines.painted(deck)  # the notes are what is seen of it

    def _on_thumbnailed(self, deck: str, slot: int) -> None:
        if deck == self.session.scene.front:
            self.shelf.refresh_face(slot)

    def _on_refined(self, deck: str, slot: int) -> None:
        if deck == self.session.scene.front:
            self.shelf.refresh_refinement(slot)

    def _step_morph(self, now_s: float) -> None:
        self.repertoire.morph.step(now_s)
        self.scenes.turn()

    def _on_motion(self, deck: str) -> None:
        self.frames.look()
        if deck == self.session.scene.front:
            self._refresh_blend(self.session.scene.front_deck)
            self.sketch.walk.refresh_walking()

    def _say(self, sentence: str) -> None:
        self.status.say(sentence)
        if self.on_stage:
            self.stage.notice.say(sentence)

    def _on_state(self, deck: str) -> None:
        self.deck_bar.refresh_state(deck)
        if deck == self.session.scene.front:
            self._say_state()
            self._refresh_view()
            self.status.refresh()
            self.sketch.refresh()

    def _say_state(self) -> None:
        state = self.session.state(self.session.scene.front)
        self.canvas.show_words(state.problem or ("" if state.device else "Loading the model…"))
        self.stage.notice.show_trouble(state.problem if self.on_stage else "")

    # -- showing -------------------------------------------------------------------------------

    def _refresh_front(self) -> None:
        """Show another deck, or everything for the first time."""
        deck = self.session.scene.front_deck
        self.deck_bar.refresh()
        self.panel.refresh()
        self._refresh_blend(deck)
        self.pad.forget_trail()
        self.stage_pad.forget_trail()
        for index in range(SLOT_COUNT):
            self.shelf.refresh_face(index)
            self.shelf.refresh_refinement(index)
        self.sketch.refresh()
        self._refresh_view()
        shown = self.session.state(deck.key).shown
        if shown is not None:  # else the picture that is there stays until this deck's own comes
            self.canvas.show_picture(pixmap_of(shown.pixels))
        self._say_state()
        self._refresh_actions()
        self._order_focus()

    def _refresh_view(self) -> None:
        """What stands on the stage: a deck that composes has its notes there."""
        composes = self.roll.fits(self.session.spec(self.session.scene.front))
        self.stage.show_view(self.roll if composes else self.canvas)
        if composes:
            self.roll.refresh()

    def _order_focus(self) -> None:
        """The Tab key begins where the hand plays."""
        before = (self._right, self._top, self.live.bar, self.scenes, self.recovery, self._left)
        focus.order(*before, *filter(None, (self.library,)), self.stage, self.status)

    def _refresh_blend(self, deck: Deck) -> None:
        weights, state = weights_of(deck), self.session.state(deck.key)
        playing = bool(state.device) and not state.opening
        if deck.held is not None:
            weights = (0.0,) * SLOT_COUNT  # the slots have no part in what is shown
        anchors = {i: slot.place for i, slot in enumerate(deck.slots) if slot is not None}
        for pad in (self.pad, self.stage_pad):
            pad.show_blend(deck.pad, anchors, weights)
            pad.show_aside(self._aside(deck))
            pad.show_words(_EMPTY if playing else "")
        self.shelf.refresh(weights)

    def _aside(self, deck: Deck) -> str:
        """What is shown in place of the blend, for the pad."""
        if self.session.motion.walking(deck.key) is not None:
            return "walking\nmove the puck to stop"
        if deck.held is not None and self.repertoire.morph.position is not None:
            return "between A and B\nmove the puck to take over"
        return "" if deck.held is None else "held point\nmove the puck to blend"

    def _refresh_actions(self) -> None:
        history = self.session.history
        actions = self._deeds.actions
        actions["undo"].setEnabled(history.can_undo)
        actions["redo"].setEnabled(history.can_redo)
        actions["tie"].setChecked(self.session.scene.tied)

    # -- deeds ---------------------------------------------------------------------------------

    def _drag_puck(self, way: QPointF) -> None:
        x, y = self.session.scene.front_deck.pad
        place: Place = (x + way.x(), y + way.y())
        self.session.pads.move(self.session.scene.front, place)

    def _centre(self) -> None:
        self.session.pads.move(self.session.scene.front, (0.0, 0.0))

    def _toggle_tie(self) -> None:
        self.session.pads.tie(not self.session.scene.tied)

    def _next_deck(self) -> None:
        keys = [d.key for d in self.session.scene.decks]
        here = keys.index(self.session.scene.front)
        self.session.decks.bring_to_front(keys[(here + 1) % len(keys)])

    def _take_hold(self) -> None:
        self._before_press = self.session.scene
        self.session.history.hold()

    def _take_click_back(self) -> None:
        """The first click of a double click moved the puck: centring is to be one step."""
        if self.session.scene is not self._before_press:
            self.session.undo()

    def _turn_to(self, place: int) -> None:
        if not self.on_stage:
            self.sketch.turn_to(place)

    def _turn_to_own(self) -> None:
        if not self.on_stage:
            self.sketch.turn_to_own()

    def _turned(self) -> None:
        self._share_height()
        self._order_focus()

    def export(self, what: What = "picture") -> ExportDialog:
        """Ask what to export and where to."""
        for held in self.findChildren(ExportDialog):
            held.close()
        dialog = ExportDialog(self.session, self.folders, self.sketch.sheet_points, what, self)
        dialog.show()
        return dialog

    def _show_library(self) -> None:
        if self.library is None or not self.library.isVisible():
            self.toggle_library()

    def toggle_library(self) -> None:
        """Open or close the column of scenes beside the stage."""
        if self.library is None:
            self.library = Library(self.repertoire)
            self.library.hide()
            self.library.closed.connect(self.toggle_library)
            self._middle.insertWidget(1, self.library)
        opens = not self.library.isVisible() and not self.on_stage
        self.library.setVisible(opens)
        if opens:
            self.library.begin()
        else:
            self._focus_pad()
        self._order_focus()

    def _focus_pad(self) -> None:
        (self.stage_pad if self.stage_pad.isVisible() else self.pad).setFocus()

    @property
    def on_stage(self) -> bool:
        """Whether the picture has the whole screen."""
        return not self._top.isVisibleTo(self)

    def _toggle_stage(self) -> None:
        self._show_stage(not self.on_stage)

    def _leave_stage(self) -> None:
        if self.on_stage:
            self._show_stage(False)

    def _show_stage(self, alone: bool) -> None:
        if self.library is not None and alone:
            self.library.hide()
        beside = (self._top, self.live.bar, self.scenes, self._left, self._right, self.status)
        for part in beside:
            part.setVisible(not alone)
        if alone:
            self.recovery.hide()
        else:
            self.recovery.refresh()
        self.stage.stand_alone(alone)
        full = Qt.WindowState.WindowFullScreen
        self.setWindowState(self.windowState() | full if alone else self.windowState() & ~full)
        self._say_state()
        self._focus_pad()

    def _show_keys(self) -> None:
        KeyList(self._deeds.key_lines(), self).open()

    # -- Qt ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses what has the focus: Space, which would, is for capturing."""
        held = self.focusWidget()
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif isinstance(held, QAbstractButton):
            held.click()
        elif isinstance(held, QComboBox):
            held.showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._has_appeared:
            self._has_appeared = True
            self._slowly.start()
            QTimer.singleShot(0, self.appeared.emit)  # when this paint has reached the screen

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.drops.enter(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.drops.drop(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        """The pad's part of the right column; a sheet or a map needs more than the controls."""
        share = 0.36 if self.sketch.place == 0 else 0.3
        self.pad.setMaximumHeight(round(share * self.height()))
        self._right.setFixedWidth(min(_WIDEST, max(_NARROWEST, round(0.26 * self.width()))))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.hide()  # at once: the engine may need a moment for its last picture
        self._slowly.stop()
        for part in (self.scenes, self.roll, self.band):
            part.close_down()
        self.recovery.close_down()
        if self.library is not None:
            self.library.close_down()
        self.live.close()
        self.repertoire.close()
        self.rig.close()
        self.session.close()
        super().closeEvent(event)


def _same_point(slot: Slot | None, other: Slot | None) -> bool:
    """Whether two slots have the same thumbnail."""
    if slot is None or other is None:
        return slot is other
    return slot.latent == other.latent


def _blend(deck: Deck) -> tuple[object, ...]:
    """What the pad and the weights on the shelf depend on."""
    return deck.pad, deck.slots, deck.held is not None


def _settings(deck: Deck) -> Deck:
    """What the panel shows of a deck: all but what moves with the hand or a walk."""
    return deck.but(pad=(0.0, 0.0), slots=(None,) * SLOT_COUNT, held=None)


def _cast(scene: Scene) -> list[tuple[str, str, str]]:
    """What the deck bar shows of a scene."""
    return [(deck.key, deck.engine, deck.model) for deck in scene.decks]


def _strip(
    name: str, kind: type[QHBoxLayout] | type[QVBoxLayout], margins: tuple[int, int, int, int]
) -> tuple[QWidget, QHBoxLayout | QVBoxLayout]:
    strip = QWidget()
    strip.setObjectName(name)
    strip.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    layout = kind(strip)
    layout.setContentsMargins(*margins)
    layout.setSpacing(STEP)
    return strip, layout
