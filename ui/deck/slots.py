"""The column of slots: the eight of the front deck, and what can be done with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from studio.document.scene import SLOT_NAMES
from studio.engine import Latent, Pixels
from studio.session import Session
from ui.actions.actions import Action
from ui.deck._drawing_dialog import DrawingDialog
from ui.deck._slot_view import SlotView
from ui.file_dialogs import PictureDialogs
from ui.icons import icon
from ui.widgets.drag_data import pasted_picture
from ui.widgets.pixmaps import pixmap_of

MAKE_OWN = (
    "The model learns your picture for some seconds; then the slot shows it as it is. The other "
    "slots stay as they are."
)
_MORE = {
    "make own": MAKE_OWN,
    "no picture": "Drop your picture here once more: it is not kept from one start to the next.",
    "drop own": "The slot shows what the model alone makes of your picture.",
}


class SlotColumn(QWidget):
    """The eight slots of the front deck."""

    taken_in = Signal(str, int, object)
    """A deck, a slot, and the picture that is on its way there: pixels or a file."""
    thumbnail_changed = Signal(int, object)
    """A slot's new thumbnail as a pixmap, or None."""

    def __init__(
        self, session: Session, dialogs: PictureDialogs, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._dialogs = dialogs
        self._shows_melodies = False
        self._key: Callable[[str], str] = lambda _: ""
        self.jump: Callable[[int, Callable[[], None]], object] = lambda _, arrive: arrive()
        """Lets a jump to a slot of the front deck come at once, or when its beat does."""
        self.take_played: Callable[[str, int], object] = lambda *_: None
        """Puts what somebody has just played in by MIDI into a slot of a deck that composes."""
        self._shown_of: dict[int, tuple[str, str, str]] = {}
        """Of which deck, engine and model each thumbnail is."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.views = [SlotView(i, self) for i in range(len(SLOT_NAMES))]
        for slot in self.views:
            column.addWidget(slot, 1)
            index = slot.index
            slot.gone_to.connect(lambda index=index: self.go_to(index))
            slot.menu_wanted.connect(lambda at, index=index: self.menu(index).popup(at))
            slot.picture_dropped.connect(lambda file, index=index: self.take_in(file, index))
            slot.point_dropped.connect(lambda point, index=index: self._take_point(point, index))
            slot.keyed.connect(lambda what, index=index: self._do(what, index))

    def refresh(self, weights: tuple[float, ...]) -> None:
        """Show the front deck's slots with their share of the blend."""
        if self._composes != self._shows_melodies:
            self._shows_melodies = self._composes
            self._explain()
        for slot, held, weight in zip(
            self.views, self._session.scene.front_deck.slots, weights, strict=True
        ):
            locked, own = held is not None and held.locked, bool(held and held.own_picture)
            slot.show_slot(held is not None, locked, weight, own=own)

    def window_actions(self) -> Iterator[Action]:
        """What the window can do with slots."""
        paste = "Paste a picture into a slot"
        yield Action("slot.paste", "Slots", paste, self.paste, ("Ctrl+V",))
        for index, name in enumerate(SLOT_NAMES):
            yield Action(
                f"slot.{name.lower()}",
                "Slots",
                f"Go to slot {name}",
                partial(self.go_to, index),
                (str(index + 1),),
                series="Go to that slot, or fill it",
            )

    def show_keys(self, key: Callable[[str], str]) -> None:
        """Say which keys do what; `key` gives that of an action."""
        self._key = key
        self._explain()

    def _explain(self) -> None:
        for slot, name in zip(self.views, SLOT_NAMES, strict=True):
            slot.explain(
                melodies=self._shows_melodies,
                go_to_key=self._key(f"slot.{name.lower()}"),
                paste_key=self._key("slot.paste"),
            )

    def refresh_refinement(self, index: int) -> None:
        """Show whether the slot is on its way to a picture."""
        share = self._session.slots.refinement(self._session.scene.front, index)
        self.views[index].show_refinement(share)

    def refresh_thumbnail(self, index: int) -> None:
        """Show the slot's thumbnail; an outdated one of the same model stays until the new one is
        there."""
        deck = self._session.scene.front_deck
        pixels = self._session.engines.thumbnails.get(deck, index)
        of = (deck.key, deck.engine, deck.model)
        if pixels is None and deck.slots[index] is not None and self._shown_of.get(index) == of:
            return
        self._shown_of[index] = of
        thumbnail = None if pixels is None else pixmap_of(pixels)
        self.views[index].show_thumbnail(thumbnail)
        self.thumbnail_changed.emit(index, thumbnail)

    def go_to(self, index: int) -> None:
        """Bring the puck to a slot's anchor; an empty slot gets a sample."""
        held = self._session.scene.front_deck.slots[index]
        if held is None:
            self._session.slots.sample(self._session.scene.front, index)
        else:
            self.jump(index, partial(self._arrive, self._session.scene.front, index))

    def _arrive(self, deck: str, index: int) -> None:
        """Go there, if deck and slot are still there by then."""
        held = next((d.slots[index] for d in self._session.scene.decks if d.key == deck), None)
        if held is not None:
            self._session.pads.move(deck, held.place)

    def menu(self, index: int) -> QMenu:
        """What can be done with a slot."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for what_to_do, words, mark, possible in self._entries(index):
            action = menu.addAction(icon(mark), words)
            action.setEnabled(possible)
            action.setToolTip(_MORE.get(what_to_do, ""))
            action.triggered.connect(
                lambda _=False, what_to_do=what_to_do: self._do(what_to_do, index)
            )
        return menu

    def _entries(self, index: int) -> Iterator[tuple[str, str, str, bool]]:
        """Of a slot's menu: what it does, its words, its icon, and whether it can be done now."""
        front, slots = self._session.scene.front, self._session.slots
        held = self._session.scene.front_deck.slots[index]
        locked = held is not None and held.locked
        takes_in = self._session.spec(front).encodes and not locked
        what, sign = ("melody", "music") if self._composes else ("picture", "photo-up")
        yield "sample", "New sample\tS", "dice-5", not locked
        yield "capture", "Capture what is shown here\tC", "camera-plus", not locked
        yield "open", f"Open {what}…\tO", sign, takes_in
        yield "paste", f"Paste {what}\t{self._key('slot.paste')}", "clipboard", takes_in
        if not self._composes:
            yield "draw", "Draw a picture…\tD", "pencil", takes_in
        else:
            yield "played", "What you just played\tI", "keyboard", takes_in
        if held is not None and held.own_picture:
            yield "drop own", "Back to the model's own", "arrow-back-up", not locked
        elif slots.is_learning(front, index):
            yield "settle", "Stop learning", "player-stop", True
        elif held is not None and held.origin == "encoded" and self._session.spec(front).own_steps:
            known = slots.may_be_own(front, index)
            what_to_do = "make own" if known else "no picture"
            yield what_to_do, "Make it mine", "photo-up", known and not locked
        if slots.refinement(front, index) is not None and not slots.is_learning(front, index):
            yield "settle", "Stop refining", "player-stop", True
        yield "lock", "Unlock\tL" if locked else "Lock\tL", "lock", held is not None
        yield "clear", "Clear\tDel", "eraser", held is not None and not locked

    def take_in(self, source: Pixels | Path, index: int) -> None:
        """Encode a picture, or a file of whatever kind the deck takes in, into the slot."""
        front = self._session.scene.front
        if not self._composes:
            self.taken_in.emit(front, index, source)
        self._session.slots.encode(front, index, source)

    def paste(self) -> None:
        """Put what is on the clipboard into the slot with the focus, or the first empty one."""
        chosen = next((slot.index for slot in self.views if slot.hasFocus()), None)
        empty = [i for i, held in enumerate(self._session.scene.front_deck.slots) if held is None]
        if chosen is None and not empty:
            self._session.noticed.emit("All slots are full; paste into one by its menu.")
        else:
            self._paste(empty[0] if chosen is None else chosen)

    def _paste(self, index: int) -> None:
        source = pasted_picture()
        if self._composes and not isinstance(source, Path):
            self._session.noticed.emit("There is no file of a melody on the clipboard.")
        elif source is None:
            self._session.noticed.emit("There is no picture on the clipboard.")
        else:
            self.take_in(source, index)

    def _draw(self, index: int) -> None:
        dialog = DrawingDialog(SLOT_NAMES[index], self)
        dialog.drawn.connect(lambda pixels: self.take_in(pixels, index))
        dialog.show()

    def _take_point(self, point: Latent, index: int) -> None:
        session, front = self._session, self._session.scene.front
        if len(point) == session.model(front).latent_size:  # else from another model's sheet
            session.slots.keep(front, index, point)

    def _do(self, what: str, index: int) -> None:
        session, front = self._session, self._session.scene.front
        held = self._session.scene.front_deck.slots[index]
        slots = session.slots
        plain = {
            "sample": slots.sample,
            "make own": slots.make_own,
            "drop own": slots.drop_own,
            "settle": slots.settle,
            "clear": slots.clear,
        }
        if what in plain:
            plain[what](front, index)
        match what:
            case "open":
                self._dialogs.open(lambda file: self.take_in(file, index), melody=self._composes)
            case "paste":
                self._paste(index)
            case "draw" if session.spec(front).encodes and not self._composes:
                self._draw(index)
            case "played" if self._composes:
                self.take_played(front, index)
            case "capture":
                slots.capture(front, index)
            case "lock":
                slots.lock(front, index, not (held is not None and held.locked))

    @property
    def _composes(self) -> bool:
        """Whether the front deck's slots hold melodies."""
        return self._session.spec(self._session.scene.front).composes
