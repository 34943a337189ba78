"""The window: makes its parts, says who listens to what, and closes them.

Parts report what the hand wants to the session; the session's signals bring the change back to
every view (`_front_deck`). No part writes another.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDialog, QMainWindow

from studio.engine import DeviceChoice
from studio.export.plans import What
from studio.live.rig import Rig
from studio.scenes.repertoire import Repertoire
from studio.session import Session
from ui import theme
from ui.actions.actions import Action, Actions
from ui.actions.session_actions import session_actions
from ui.band.page import BandPage
from ui.deck.deck_bar import DeckBar
from ui.deck.pad import Pad
from ui.deck.panel import Panel
from ui.deck.slots import SlotColumn
from ui.file_dialogs import LastFolders, PictureDialogs
from ui.frame_timer import FrameTimer
from ui.main_window import _place
from ui.main_window._file_drops import FileDrops
from ui.main_window._front_deck import FrontDeck, Views
from ui.main_window._full_screen import FullScreen
from ui.main_window._later import (
    library_panel,
    open_export,
    open_key_list,
    open_palette,
    open_settings,
)
from ui.main_window._layout import Layout, Parts
from ui.main_window._pad_input import PadInput
from ui.main_window._tour import Tour
from ui.main_window.status import StatusBar
from ui.modulation.views import ModulationViews
from ui.outputs.views import OutputViews
from ui.paint.tools import PaintTools
from ui.roll.stage import RollStage
from ui.scenes.bar import SceneBar
from ui.scenes.recovery import Recovery
from ui.settings.keys import use_keys
from ui.stage.comparison import Comparison
from ui.stage.stage import Stage
from ui.tabs.tabs import Tabs
from ui.training.driver import TrainingDriver
from ui.transport.live_controls import LiveControls

if TYPE_CHECKING:
    from ui.export.dialog import ExportDialog
    from ui.library.library import LibraryPanel
    from ui.settings.dialog import SettingsDialog

_SLOW_MS = 200  # how often what may wait a moment is seen to


class Window(QMainWindow):
    """The instrument on screen. Give it a session and a rig, neither of them started."""

    appeared = Signal()
    """It has been painted for the first time."""

    @theme.undressed()
    def __init__(
        self,
        session: Session,
        rig: Rig,
        repertoire: Repertoire,
        log_file: Path | None = None,
        device: DeviceChoice = "auto",
    ) -> None:
        super().__init__()
        self.session, self.rig, self.repertoire = session, rig, repertoire
        self._has_appeared = False
        self.setWindowTitle("Latent Loom")
        self.setMinimumSize(720, 480)
        self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize()))
        self.setAcceptDrops(True)
        self._make_deck_views()
        self._make_pages()
        self._make_bars(log_file, device)
        self._front_deck = self._present()
        self._pad_input = PadInput(
            session, (self.pad, self.stage_pad), self.canvas, self.tabs, self
        )
        self.full_screen = FullScreen(
            self,
            self.stage,
            self.recovery,
            lambda alone: self._layout.show_stage_alone(alone),
            rig.store,
        )
        parts = (self.slots, self.pad, self.tabs, self.live.bar, self.scenes)
        self.tour = Tour(parts, self)
        self.all_actions = Actions(self._actions(), self)
        use_keys(self.all_actions, rig.settings.action_keys)
        self._layout = self._lay_out()
        self._slowly = QTimer(self, interval=_SLOW_MS)
        self._listen()
        self._drive()
        self._make_learnable()
        self._show_keys()
        self._front_deck.refresh()

    # -- its parts -----------------------------------------------------------------------------

    def _make_deck_views(self) -> None:
        session = self.session
        self.folders = LastFolders()
        self.frames = FrameTimer(self)
        self.deck_bar = DeckBar(session)
        self.slots = SlotColumn(session, PictureDialogs(self.folders, self))
        self.stage = Stage()
        self.canvas, self.stage_pad = self.stage.canvas, self.stage.pad
        self.roll = RollStage(session, self.rig.ensemble, self.rig.transport)
        self.stage.add(self.roll)
        self.comparison = Comparison(session, self.stage)
        self.slots.taken_in.connect(self.comparison.begin)
        self.pad = Pad()

    def _make_pages(self) -> None:
        session = self.session
        self.panel = Panel(session)
        self.tabs = Tabs(session, self.panel)
        self.paint = PaintTools(session, self.canvas, self)
        self.band = BandPage(session, self.rig, self.folders)
        self.tabs.add(self.paint.page)
        self.tabs.add(self.band)
        self.library: LibraryPanel | None = None  # made when it is first wanted

    def _make_bars(self, log_file: Path | None, device: DeviceChoice) -> None:
        session, rig, shelf = self.session, self.rig, self.repertoire
        self.status = StatusBar(session, log_file, device=device)
        self.live = LiveControls(session, rig, self)
        self.modulation = ModulationViews(session, rig, self.live, self.tabs, self)
        self.outputs = OutputViews(session, rig, shelf, self.live, self.tabs, self)
        self.scenes = SceneBar(session, shelf, self)
        self.recovery = Recovery(shelf)
        self.drops = FileDrops(session, shelf, rig, self)
        self.training = TrainingDriver(session, shelf, self)

    def _present(self) -> FrontDeck:
        views = Views(
            decks=self.deck_bar, slots=self.slots, pads=(self.pad, self.stage_pad),
            panel=self.panel, tabs=self.tabs, stage=self.stage, roll=self.roll,
        )  # fmt: skip
        return FrontDeck(
            self.session,
            views,
            morphing=lambda: self.repertoire.morph.position is not None,
            randomise_key=lambda: self.all_actions.key("deck.randomise"),
            parent=self,
        )

    def _lay_out(self) -> Layout:
        parts = Parts(
            decks=self.deck_bar,
            transport=self.live.bar,
            scenes=self.scenes,
            recovery=self.recovery,
            slots=self.slots,
            stage=self.stage,
            modulators=self.modulation.row,
            pad=self.pad,
            tabs=self.tabs,
            status=self.status,
        )
        layout = Layout(parts, self.all_actions)
        self.setCentralWidget(layout)
        self.pad.setFocus()
        return layout

    def _actions(self) -> Iterator[Action]:
        yield from session_actions(self.session, self._pad_input.centre)
        exports, key = (self.tabs.walk.export, self.tabs.variations.export), ("Ctrl+E",)
        yield Action("export", "Edit", "Export", self.export, key, "download", buttons=exports)
        yield Action("view.pad", "View", "Focus the pad", self._focus_pad, ("P",))
        show, keys = lambda: open_key_list(self.all_actions, self), ("F1", "?")
        yield Action("view.keys", "View", "Keyboard shortcuts", show, keys, "keyboard")
        words, find = "Find anything: actions, controls, scenes", partial(open_palette, self)
        yield Action("view.palette", "View", words, find, ("Ctrl+K",))
        first = (self.tour, self.full_screen, self.tabs, self.scenes, self.live, self.paint)
        others = (self.modulation, self.outputs, self.training)
        for part in (*first, self.roll, self.band, self.slots, *others):
            yield from part.window_actions()

    # -- who listens to what -------------------------------------------------------------------

    def _listen(self) -> None:
        session = self.session
        session.changed.connect(self.all_actions.refresh)
        session.state_changed.connect(self.status.refresh)
        for voice in (session.noticed, self.live.said, self.repertoire.noticed):
            voice.connect(self.status.say)
        self.live.settings_wanted.connect(self.open_settings)
        self.full_screen.changed.connect(self._front_deck.refresh_state)
        self.full_screen.changed.connect(self._focus_pad)
        self.tabs.turned.connect(self._share_room)
        others = (self._front_deck.decks_changed, self.modulation.rearranged)
        for signal in (*others, self.tabs.turned, self.outputs.rearranged):
            signal.connect(self._layout.order_tab_key)
        self.scenes.library_wanted.connect(self.toggle_library)
        self.drops.several.connect(self._show_library)
        self.tabs.export_wanted.connect(self.export)
        self.paint.export_wanted.connect(lambda: self.export("drift film"))
        self.drops.folder.connect(self.training.open_dialog)
        self.deck_bar.own_wanted.connect(self.training.open_dialog)
        self.band.wanted.connect(self.tabs.turn_to_own)
        self.canvas.painted.connect(lambda: session.engines.painted(session.scene.front))
        for view in (self.pad, self.stage_pad, self.tabs.walk.stops, self.paint):
            self.slots.thumbnail_changed.connect(view.show_thumbnail)
        self.all_actions.changed.connect(self._show_keys)

    def _drive(self) -> None:
        """What moves by itself: with every frame while it moves, or now and then."""
        session, morph, frames = self.session, self.repertoire.morph, self.frames
        for part in (session.motion, morph, session.modulation):  # in this order
            frames.add(partial(getattr, part, "moving"), part.step)
            part.changed.connect(frames.look)
        frames.add(lambda: morph.moving, lambda _: self.scenes.turn())
        frames.add(lambda: self.roll.moves, lambda _: self.roll.turn())
        frames.add(lambda: self.modulation.moves, self.modulation.turn)
        self.modulation.changed.connect(frames.look)
        self.rig.changed.connect(frames.look)
        self._slowly.timeout.connect(lambda: self.repertoire.tick(perf_counter()))

    def _make_learnable(self) -> None:
        """Let whatever has an address be learnt; the rows whenever they are made anew."""
        live, learn, buttons = self.live, self.live.learn, self.all_actions.buttons
        self.slots.jump = live.jump
        self.slots.take_played = self.rig.ensemble.take_in
        live.offer_slots(self.slots.views, self.slots.menu)
        for pad in (self.pad, self.stage_pad):
            live.offer_pad(pad, pad.anchor_under, self.slots.menu)
        for built in (self.panel.built, self.paint.page.drift.built):
            built.connect(lambda: live.offer_rows(self.tabs))
        for id, suffix in (("deck.randomise", "surprise"), ("deck.capture", "capture")):
            learn.offer(buttons[id], live.front(suffix))
        for widget, suffix in self.band.addresses():
            learn.offer(widget, live.front(suffix))
        for widget, address in (*self.scenes.addresses(), *self.band.score_addresses()):
            learn.offer(widget, partial(str, address))
        for id, address in (("deck.link", "/tie"), ("undo", "/undo"), ("redo", "/redo")):
            learn.offer(buttons[id], partial(str, address))

    # -- what it does as a whole ---------------------------------------------------------------

    def appear(self) -> None:
        """Show the window where it was when it was closed."""
        _place.appear(self)

    def export(self, what: What = "picture") -> ExportDialog:
        """Ask what to export and where to."""
        return open_export(self.session, self.folders, self.tabs, what, self)

    def open_settings(self, page: str = "") -> SettingsDialog:
        """The settings, on this page or where they are."""
        return open_settings(self.session, self.rig, self.all_actions, self, page)

    def _show_library(self) -> None:
        if self.library is None or not self.library.isVisible():
            self.toggle_library()

    def toggle_library(self) -> None:
        """Open or close the column of scenes beside the stage."""
        if self.library is None:
            self.library = library_panel(self.repertoire)
            self.all_actions.show_key_on("scene.library", self.library.close_button)
            self.library.closed.connect(self.toggle_library)
            self._layout.add_library(self.library)
        opens = not self.library.isVisible() and not self.full_screen.is_on
        self.library.setVisible(opens)
        if opens:
            self.library.begin()
        else:
            self._focus_pad()
        self._layout.order_tab_key()

    def _focus_pad(self) -> None:
        (self.stage_pad if self.stage_pad.isVisible() else self.pad).setFocus()

    def _show_keys(self) -> None:
        for part in (self.slots, self.scenes.snapshots):
            part.show_keys(self.all_actions.key)
        self._front_deck.refresh_blend()

    def _share_room(self) -> None:
        """A sheet or a map needs more than the controls."""
        self._layout.share(0.36 if self.tabs.place == 0 else 0.28)

    # -- Qt ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses what has the focus: Space, which would, plays and stops."""
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

    def closeEvent(self, event: QCloseEvent) -> None:
        if not _place.may_close(self):
            event.ignore()
            return
        self.full_screen.leave()
        _place.keep(self)
        self.hide()  # at once: the engine may need a moment for its last picture
        self._slowly.stop()
        first = (self.scenes, self.roll, self.band, self.comparison, self.modulation)
        for part in (*first, self.recovery, self.outputs, self.training):
            part.close_down()
        if self.library is not None:
            self.library.close_down()
        for dialog in self.findChildren(QDialog):
            dialog.close()
        for each in (self.live, self.repertoire, self.rig, self.session):
            each.close()
        super().closeEvent(event)
