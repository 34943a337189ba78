"""The shelf: eight slots with what they hold, their letter, their weight, their lock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QVBoxLayout, QWidget

from studio.document.scene import SLOT_NAMES
from studio.engine import Latent, Pixels
from studio.session import Session
from ui.file_dialogs import PictureDialogs
from ui.icons import icon, pixmap
from ui.theme import (
    ACCENT,
    BACKGROUND,
    PANEL,
    QUIET,
    RADIUS,
    RAISED,
    TEXT,
    TRACK,
    WELL,
    colour,
    font,
)
from ui.widgets.drag_data import SLOT_MIME, carried_file, carried_point, pasted_picture
from ui.widgets.pacing import Paced
from ui.widgets.pixmaps import Cut, Face, pixmap_of

_CUT = Cut(RADIUS, RAISED)
_KEYS = {
    Qt.Key.Key_S: "sample",
    Qt.Key.Key_C: "capture",
    Qt.Key.Key_L: "lock",
    Qt.Key.Key_O: "open",
    Qt.Key.Key_I: "played",
    Qt.Key.Key_Delete: "clear",
    Qt.Key.Key_Backspace: "clear",
}


class SlotView(QWidget):
    """One slot. A click brings the puck to it, a drag carries it to the pad."""

    gone_to = Signal()
    menu_wanted = Signal(object)
    picture_dropped = Signal(object)
    """The path of a file that was dropped here."""
    point_dropped = Signal(object)
    """A point that was carried here from a sheet."""
    keyed = Signal(str)
    """What a key asked for, such as "sample" or "lock"."""

    def __init__(self, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.index = index
        self._face = Face()
        self._filled = False
        self._locked = False
        self._repaint = Paced(self)
        self._weight = 0.0
        self._refinement: float | None = None
        self._pressed_at: QPointF | None = None
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # as the pad is
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(56, 44)
        self.setMaximumHeight(86)
        self.setAccessibleName(f"Slot {SLOT_NAMES[index]}")
        self.setAccessibleDescription("empty")
        self.show_kind(melodies=False)

    def show_kind(self, *, melodies: bool) -> None:
        """Say what the slot takes in: pictures, or melodies."""
        what, more = ("melody", "I what you played in, ") if melodies else ("picture", "")
        file = "a MIDI file" if melodies else "a picture"
        self.setToolTip(
            f"Slot {SLOT_NAMES[self.index]} (key {self.index + 1}): click to go there, drag it on "
            f"to the pad,\nor drop {file} here, or paste one with Ctrl+V.\n"
            f"Right-click or the keys S sample, C capture, O open {what}, {more}L lock, Del clear."
        )

    def show_slot(self, filled: bool, locked: bool, weight: float) -> None:
        """Show what the slot holds and its share of the blend in [0, 1]."""
        state = (filled, locked, round(weight, 2))  # what can be seen of it
        if state != (self._filled, self._locked, self._weight):
            self._filled, self._locked, self._weight = state
            self._describe()

    def show_refinement(self, share: float | None) -> None:
        """Show how far the slot has come towards its picture, in [0, 1]; None when at rest."""
        if share != self._refinement:
            self._refinement = share
            self._describe()

    def _describe(self) -> None:
        words = [f"{round(100 * self._weight)} %" if self._filled else "empty"]
        if self._locked:
            words.append("locked")
        if self._refinement is not None:
            words.append("coming nearer to its picture")
        self.setAccessibleDescription(", ".join(words))
        self._repaint()

    def show_face(self, face: QPixmap | None) -> None:
        self._face.show(face)
        self.update()

    @property
    def face(self) -> QPixmap | None:
        return self._face.picture

    def _frame(self) -> QRectF:
        side = min(self.width() - 6, self.height() - 6)
        middle = QRectF(self.rect()).center()
        return QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), colour(PANEL))
        frame = self._frame()
        path = QPainterPath()
        path.addRoundedRect(frame, RADIUS, RADIUS)
        if self._filled:
            self._face.paint(painter, frame, _CUT)
            self._paint_weight(painter, frame, path)
            self._paint_refinement(painter, frame, path)
        else:
            painter.fillPath(path, colour(RAISED))
            plus = pixmap("plus", 18, QUIET, self.devicePixelRatioF())
            painter.drawPixmap(frame.center() - QPointF(9, 9), plus)
        self._paint_border(painter, path)
        self._paint_letter(painter, frame)
        if self._locked:
            self._paint_lock(painter, frame)

    def _paint_weight(self, painter: QPainter, frame: QRectF, path: QPainterPath) -> None:
        bar = QRectF(frame.left(), frame.bottom() - 5, frame.width(), 5)
        painter.setClipPath(path)
        painter.fillRect(bar, colour(BACKGROUND, 0.45))
        bar.setWidth(frame.width() * self._weight)
        painter.fillRect(bar, colour(ACCENT))
        painter.setClipping(False)

    def _paint_refinement(self, painter: QPainter, frame: QRectF, path: QPainterPath) -> None:
        if self._refinement is None:
            return
        bar = QRectF(frame.left(), frame.top(), frame.width(), 4)
        painter.setClipPath(path)
        painter.fillRect(bar, colour(BACKGROUND, 0.6))
        bar.setWidth(frame.width() * max(0.04, self._refinement))
        painter.fillRect(bar, colour(WELL))
        painter.setClipping(False)

    def _paint_border(self, painter: QPainter, path: QPainterPath) -> None:
        live = self._filled and self._weight >= 0.2
        pen = QPen(colour(ACCENT if live else TRACK), 2 if live else 1)
        if self.hasFocus():
            pen = QPen(colour(TEXT), 2)
        elif not self._filled:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def _paint_letter(self, painter: QPainter, frame: QRectF) -> None:
        badge = QRectF(frame.left() + 4, frame.top() + 4, 16, 16)
        if self._filled:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(BACKGROUND, 0.62))
            painter.drawRoundedRect(badge, 4, 4)
        painter.setFont(font(11, font().Weight.DemiBold))
        painter.setPen(colour(TEXT if self._filled else QUIET))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, SLOT_NAMES[self.index])

    def _paint_lock(self, painter: QPainter, frame: QRectF) -> None:
        badge = QRectF(frame.right() - 20, frame.top() + 4, 16, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(BACKGROUND, 0.62))
        painter.drawRoundedRect(badge, 4, 4)
        mark = pixmap("lock", 12, ACCENT, self.devicePixelRatioF())
        painter.drawPixmap(badge.topLeft() + QPointF(2, 2), mark)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None or not self._filled:
            return
        way = (event.position() - self._pressed_at).manhattanLength()
        if way >= QApplication.startDragDistance():
            self._pressed_at = None
            self._carry()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is not None and event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = None
            self.gone_to.emit()

    def _carry(self) -> None:
        drag = QDrag(self)
        carried = QMimeData()
        carried.setData(SLOT_MIME, str(self.index).encode())
        drag.setMimeData(carried)
        if self.face is not None:
            drag.setPixmap(self.face.scaledToWidth(48))
        drag.exec(Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        carried = event.mimeData()
        if carried_file(carried) is not None or carried_point(carried) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        file, point = carried_file(event.mimeData()), carried_point(event.mimeData())
        if point is not None:
            event.acceptProposedAction()
            self.point_dropped.emit(point)
        elif file is not None:
            event.acceptProposedAction()
            self.picture_dropped.emit(file)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if plain and Qt.Key(event.key()) in _KEYS:
                event.accept()  # elsewhere such a key may be the window's
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _KEYS:
            self.keyed.emit(_KEYS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.gone_to.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()


class Shelf(QWidget):
    """The eight slots of the front deck."""

    face_changed = Signal(int, object)
    """A slot's new thumbnail as a pixmap, or None."""

    def __init__(
        self, session: Session, dialogs: PictureDialogs, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._dialogs = dialogs
        self._shows_melodies = False
        self.jump: Callable[[int, Callable[[], None]], object] = lambda _, arrive: arrive()
        """Lets a jump to a slot of the front deck come at once, or when its beat does."""
        self.take_played: Callable[[str, int], object] = lambda *_: None
        """Puts what somebody has just played in by MIDI into a slot of a deck that composes."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.slots = [SlotView(i, self) for i in range(len(SLOT_NAMES))]
        for slot in self.slots:
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
            for slot in self.slots:
                slot.show_kind(melodies=self._composes)
        for slot, held, weight in zip(
            self.slots, self._session.scene.front_deck.slots, weights, strict=True
        ):
            slot.show_slot(held is not None, held is not None and held.locked, weight)

    def refresh_refinement(self, index: int) -> None:
        """Show whether the slot is on its way to a picture."""
        share = self._session.slots.refinement(self._session.scene.front, index)
        self.slots[index].show_refinement(share)

    def refresh_face(self, index: int) -> None:
        """Show the slot's thumbnail; an outdated one stays until the new one is there."""
        deck = self._session.scene.front_deck
        pixels = self._session.engines.thumbnails.get(deck, index)
        if pixels is None and deck.slots[index] is not None:
            return
        face = None if pixels is None else pixmap_of(pixels)
        self.slots[index].show_face(face)
        self.face_changed.emit(index, face)

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
        held = self._session.scene.front_deck.slots[index]
        locked = held is not None and held.locked
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        encodes, melodies = self._session.spec(self._session.scene.front).encodes, self._composes
        what, sign = ("melody", "music") if melodies else ("picture", "photo-up")
        refining = self._session.slots.refinement(self._session.scene.front, index) is not None
        left_out = {"settle"} if not refining else set()
        left_out |= set() if melodies else {"played"}
        for deed, words, mark, possible in (
            ("sample", "New sample\tS", "dice-5", not locked),
            ("capture", "Capture the present point here\tC", "camera-plus", not locked),
            ("open", f"Open {what}…\tO", sign, encodes and not locked),
            ("paste", f"Paste {what}\tCtrl+V", "clipboard", encodes and not locked),
            ("played", "What you played in\tI", "keyboard", encodes and not locked),
            ("settle", "Stop refining", "player-stop", refining),
            ("lock", "Unlock\tL" if locked else "Lock\tL", "lock", held is not None),
            ("clear", "Clear\tDel", "eraser", held is not None and not locked),
        ):
            if deed in left_out:
                continue
            action = menu.addAction(icon(mark), words)
            action.setEnabled(possible)
            action.triggered.connect(lambda _=False, deed=deed: self._do(deed, index))
        return menu

    def take_in(self, source: Pixels | Path, index: int) -> None:
        """Encode a picture, or a file of whatever kind the deck takes in, into the slot."""
        self._session.slots.encode(self._session.scene.front, index, source)

    def paste(self) -> None:
        """Put what is on the clipboard into the slot with the focus, or the first empty one."""
        chosen = next((slot.index for slot in self.slots if slot.hasFocus()), None)
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

    def _take_point(self, point: Latent, index: int) -> None:
        session, front = self._session, self._session.scene.front
        if len(point) == session.model(front).latent_size:  # else from another model's sheet
            session.slots.keep(front, index, point)

    def _do(self, what: str, index: int) -> None:
        session, front = self._session, self._session.scene.front
        held = self._session.scene.front_deck.slots[index]
        match what:
            case "open":
                self._dialogs.open(lambda file: self.take_in(file, index), melody=self._composes)
            case "paste":
                self._paste(index)
            case "played" if self._composes:
                self.take_played(front, index)
            case "settle":
                session.slots.settle(front, index)
            case "sample":
                session.slots.sample(front, index)
            case "capture":
                session.slots.capture(front, index)
            case "lock":
                session.slots.lock(front, index, not (held is not None and held.locked))
            case "clear":
                session.slots.clear(front, index)

    @property
    def _composes(self) -> bool:
        """Whether the front deck's slots hold melodies."""
        return self._session.spec(self._session.scene.front).composes
