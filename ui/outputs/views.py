"""All of the window that has to do with the output, as one part: the Mixer tab and the screens.

The window makes one, takes its actions in, and lets it `begin` when it has appeared.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton, QWidget

from studio.live.rig import Rig
from studio.outputs.sinks.declared import SINKS, SinkSwitches
from studio.scenes.repertoire import Repertoire
from studio.session import Session
from studio.settings import declared
from ui.actions.actions import Action
from ui.outputs.mixer_page import MixerPage
from ui.outputs.screen_dialog import ScreenDialog
from ui.outputs.screens import Screens
from ui.outputs.windows import MOVABLE, OutputWindows
from ui.tabs.page import line
from ui.tabs.tabs import Tabs
from ui.transport.live_controls import LiveControls


class OutputViews(QObject):
    """Lives as long as the window."""

    rearranged = Signal()
    """There are other controls than before: the Tab key's way is another."""

    def __init__(
        self,
        session: Session,
        rig: Rig,
        repertoire: Repertoire,
        live: LiveControls,
        tabs: Tabs,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._rig, self._live, self._tabs, self._window = rig, live, tabs, window
        self.windows = OutputWindows(rig, Screens(self), window)
        self.page = MixerPage(session, rig)
        self._repertoire = repertoire
        repertoire.presets.changed.connect(self._write_preset)
        self._write_preset()
        self.sinks = SinkSwitches(rig.picture.room, lambda: rig.settings.output)
        self.sinks.noticed.connect(live.said.emit)
        self._make_tools()
        tabs.add(self.page, own=False)
        self.windows.said.connect(live.said)
        self.windows.changed.connect(self.refresh)
        self.page.built.connect(self._offer)
        self.page.built.connect(self.rearranged)

    def _make_tools(self) -> None:
        """What is done with the output as a whole, at the head of the page."""
        self.screens = QPushButton("Output")
        self.screens.setToolTip("On which screens the output is, how large it is, and how it lies")
        self.screens.setAccessibleName("Output: screens and format")
        self._menu = QMenu(self.screens)
        self._menu.setToolTipsVisible(True)  # what leaves the computer is read before it does
        self._menu.aboutToShow.connect(self._fill_menu)
        self.screens.setMenu(self._menu)
        picture, room = self._rig.picture, self._rig.picture.room
        self.blackout = self._switch("Blackout", "Fade the output to black, and back")
        self.freeze = self._switch("Freeze", "Hold the output's picture, or go on")
        self.blackout.clicked.connect(lambda: picture.black_out(not room.is_dark))
        self.freeze.clicked.connect(lambda: picture.freeze(not room.is_frozen))
        self.page.tools.addLayout(line(self.screens, self.blackout, self.freeze, stretch_at=1))
        for widget, name in ((self.blackout, "blackout"), (self.freeze, "freeze")):
            self._live.learn.offer(widget, partial(str, f"/output/{name}"))

    def _switch(self, words: str, about: str) -> QToolButton:
        button = QToolButton()
        button.setText(words)
        button.setCheckable(True)
        button.setAccessibleName(words)
        button.setToolTip(about)
        return button

    def window_actions(self) -> Iterator[Action]:
        """What the window can do with the output."""
        turn, words = lambda: self._tabs.turn_to_page(self.page), "Mixer tab"
        buttons = (self._tabs.button_of(self.page),)
        yield Action("tab.mixer", "View", words, turn, ("Ctrl+7",), buttons=buttons)
        of = {"output.blackout": (self.blackout,), "output.freeze": (self.freeze,)}
        yield from self.windows.window_actions(of)
        for kind in SINKS:
            send = partial(self.sinks.toggle, kind.key)
            yield Action(f"output.{kind.key}", "Output", f"Send to: {kind.label}", send)
        words, key = "Screen setup: corners, crop, gamma", ("Ctrl+Shift+O",)
        yield Action("output.screens", "Output", words, self.set_up, key)

    def begin(self) -> None:
        """The window is there: open the output where it was."""
        self.windows.begin()

    def show_layer(self, address: str) -> None:
        """Show the controls of the layer that an address belongs to."""
        self._tabs.turn_to_page(self.page)
        for key, strip in self.page.strips.items():
            if address.startswith(f"{strip.place}/layer/"):
                self.page.choose(key)
                return

    def set_up(self) -> None:
        """Ask how the output lies on its screens."""
        for held in self._window.findChildren(ScreenDialog):
            held.close()
        ScreenDialog(self._rig, self.windows, self._window).show()

    def refresh(self) -> None:
        """Show how it stands with the output; whoever is on another tab is told in words."""
        room, count = self._rig.picture.room, len(self.windows.open)
        self.screens.setText(f"Output ({count})" if count else "Output")
        for button, on, words in (
            (self.blackout, room.is_dark, "The output is black until you press Blackout again."),
            (self.freeze, room.is_frozen, "The output is frozen until you press Freeze again."),
        ):
            if on and not button.isChecked():
                self._live.said.emit(words)
            button.setChecked(on)

    def _fill_menu(self) -> None:
        menu, windows = self._menu, self.windows
        menu.clear()
        for name in windows.names():
            words = "In a window that you can move" if name == MOVABLE else f"On the screen {name}"
            action = menu.addAction(words, partial(windows.toggle, name))
            action.setCheckable(True)
            action.setChecked(name in windows.open)
        menu.addSeparator()
        card = menu.addAction("Test card", partial(windows.show_card, not windows.shows_card))
        card.setCheckable(True)
        card.setChecked(windows.shows_card)
        menu.addAction("Screen setup…", self.set_up)
        menu.addSeparator()
        for kind in SINKS:
            way = menu.addAction(f"Send to: {kind.label}", partial(self.sinks.toggle, kind.key))
            way.setToolTip(kind.leaves)
            way.setCheckable(True)
            way.setChecked(self.sinks.is_on(kind.key))
        menu.addSeparator()
        menu.addAction("Format of the output").setEnabled(False)
        setting, now = declared.setting("output.format"), self._rig.settings.output.format
        for option in declared.OUTPUT_FORMAT.options:
            chosen = menu.addAction(option, partial(self._rig.store.set, setting, option))
            chosen.setCheckable(True)
            chosen.setChecked(option == now)

    def _write_preset(self, *_: object) -> None:
        entry = self._repertoire.presets.current
        self._rig.picture.layers.write(*("", "") if entry is None else (entry.name, entry.notes))

    def _offer(self) -> None:
        for widget, address in self.page.addresses():
            self._live.learn.offer(widget, partial(str, address))
        self._live.offer_rows(self.page)

    def close_down(self) -> None:
        """Close the output's windows."""
        self._repertoire.presets.changed.disconnect(self._write_preset, missing_ok=True)
        self.windows.close_down()
