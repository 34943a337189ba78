"""All of the window that plays in time, as one part: the bar, learning, jumps.

The window makes one, puts `bar` into its layout, takes its actions in, and offers its controls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtWidgets import QMenu, QWidget

from studio.control.deck_controls import address_of
from studio.document.addresses import score_address, suffix_of
from studio.document.parameters import Parameter
from studio.document.scene import EASING, INTERPOLATION, SEED, SLOT_NAMES, WALK_SECONDS
from studio.document.score import SCORE
from studio.live.rig import Rig
from studio.presets.folder import places
from studio.recording.recorder import PerformanceRecorder
from studio.session import Session
from ui.actions.actions import Action
from ui.deck.direction_row import DirectionRow
from ui.midi_learn.binding_map import BindingMap
from ui.midi_learn.learn import Address, Learn, Learnable
from ui.midi_learn.learn_inputs import LearnInputs
from ui.transport._bar import TransportBar
from ui.transport._jump_mark import JumpMark
from ui.transport._record_button import RecordButton
from ui.transport._rig_timer import RigTimer
from ui.transport._take_dialog import choose_take
from ui.widgets.right_click import RightClick
from ui.widgets.row import ParameterRow

_OWN_SUFFIXES: dict[Parameter, str] = {
    INTERPOLATION: "path",
    SEED: "seed",
    WALK_SECONDS: "walk/seconds",
    EASING: "walk/pace",
}
"""The ends of the addresses of what every deck has (see `studio.control.deck_controls`)."""


class LiveControls(QObject):
    """Lives as long as the window. Close it before the rig."""

    said = Signal(str)
    """A sentence for the status bar."""
    settings_wanted = Signal(str)
    """The settings dialog is wanted, with this page or with any."""

    def __init__(self, session: Session, rig: Rig, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._rig, self._window = session, rig, window
        self.bar = TransportBar(session, rig, window)
        self.learn = Learn(rig.controls, rig.surfaces, window, self._front, inputs=LearnInputs(rig))
        self.map = BindingMap(self.learn, window)
        self.recorder = PerformanceRecorder(session, rig)
        self.record = RecordButton(self.recorder, self)
        self.bar.add(self.record.button)
        rig.controls.add(self.recorder.controls())
        self.learn.offer(self.record.button, partial(str, "/record"))
        self.recorder.noticed.connect(self.said.emit)
        self.jumps = rig.jumps
        self.clockwork = RigTimer(rig, self._frame, self)
        self._mark: JumpMark | None = None
        self.learn.said.connect(self.said)
        self.learn.settings_wanted.connect(lambda: self.settings_wanted.emit("MIDI inputs"))
        self.bar.settings_wanted.connect(self.settings_wanted)
        rig.noticed.connect(self.said.emit)
        rig.heard.connect(self.bar.show_heard)
        for widget, address in self.bar.addresses():
            self.learn.offer(widget, partial(str, address))

    def window_actions(self) -> Iterator[Action]:
        """What the window can do with time, and with what is connected."""
        yield from self.bar.window_actions()
        yield from self.record.window_actions()
        words = "Open a take: scrub a recording, and go on from any moment of it"
        yield Action("take.open", "Transport", words, self._open_take, ("Ctrl+Shift+R",))
        opened = (self.bar.settings,)
        wanted = partial(self.settings_wanted.emit, "")
        yield Action("settings", "Settings", "Settings", wanted, ("Ctrl+,",), buttons=opened)
        words = "MIDI map: which knob moves what"
        yield Action("midi_map", "Settings", words, self.map.toggle, ("Ctrl+M",))

    def _open_take(self) -> None:
        folder = places.recordings(self._rig.settings.files.recordings_folder)
        choose_take(self._session, folder, self.said.emit, self._window)

    # -- addresses -----------------------------------------------------------------------------

    def front(self, suffix: str) -> Address:
        """The address of something of the deck in front, as it is when it is asked for."""
        session = self._session
        return lambda: address_of(session, session.scene.front, suffix)

    def offer_rows(self, panel: QWidget) -> None:
        """Let every row of `panel` be learnt; again whenever its rows are others."""
        for row in panel.findChildren(QWidget):
            if not isinstance(row, ParameterRow):
                continue
            about = row.parameter
            named = row.address or (score_address(about) if about in SCORE else "")
            own = self.front(_OWN_SUFFIXES.get(about) or suffix_of(about))
            self.learn.offer(row, partial(str, named) if named else own)
            if isinstance(row, DirectionRow):
                self.learn.offer(row.lock, self.front(f"fix/{about.name}"))

    def offer_pad(
        self, pad: QWidget, anchor_at: Callable[[QPointF], int | None], menu: Callable[[int], QMenu]
    ) -> None:
        """Let a pad's axes be learnt, and on its anchors the slots; dragging with the right button
        stays what it is. `menu` is a slot's own."""
        whole = self.learn.offer(pad, self.front("pad/x"), self.front("pad/y"))

        def clicked(at: QPointF) -> None:
            slot, offer = anchor_at(at), whole
            if slot is not None:
                offer = Learnable(pad, (self.slot(slot),), partial(menu, slot))
            self.learn.pop_up(offer, pad.mapToGlobal(at.toPoint()))

        RightClick(pad, clicked)

    def offer_slots(self, views: Sequence[QWidget], menu: Callable[[int], QMenu]) -> None:
        """Let the views of the slots be learnt beside their own menus, and show on them which one
        waits for its beat."""
        for index, view in enumerate(views):
            share = self.front(f"weight/{SLOT_NAMES[index].lower()}")
            self.learn.offer(view, self.slot(index), own=partial(menu, index), moved=(share,))
        self.mark_slots(views)

    def slot(self, index: int) -> Address:
        """The address of a jump to a slot of the deck in front."""
        return self.front(f"slot/{SLOT_NAMES[index].lower()}")

    def _front(self) -> str:
        return self.front("pad/x")().removesuffix("/pad/x")

    # -- slots ---------------------------------------------------------------------------------

    def mark_slots(self, slots: Sequence[QWidget]) -> None:
        """Show on these which of them waits for its beat."""
        self._mark = JumpMark(self.jumps, slots, lambda: self._session.scene.front, self)

    def jump(self, slot: int, jump: Callable[[], object]) -> None:
        """Do `jump`, which goes to a slot of the deck in front, when the quantum lets it."""
        self.jumps.to(self._session.scene.front, slot, jump)
        self.clockwork.look()
        self._frame()

    def _frame(self) -> None:
        self.bar.turn()
        if self._mark is not None:
            self._mark.turn()

    def close(self) -> None:
        """Listen to nothing any more."""
        self._rig.noticed.disconnect(self.said.emit, missing_ok=True)
        self._rig.heard.disconnect(self.bar.show_heard, missing_ok=True)
        self.record.close_down()
        self.learn.close()
        self.clockwork.close()
        self.bar.close_down()
