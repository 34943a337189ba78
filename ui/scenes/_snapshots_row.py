"""Eight snapshots as small squares: a click recalls, Shift and a click take, a right click asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QWidget

from studio.scenes.snapshots import COUNT, Snapshots
from ui.actions.actions import Action
from ui.theme import BACKGROUND, HAIRLINE, QUIET, RAISED, TEXT, TRACK, colour, font
from ui.widgets.pixmaps import pixmap_of

_SIDE_PX = 28
_RADIUS = 5


class SnapshotButton(QAbstractButton):
    """One place: its picture if it is known, its number in any case."""

    def __init__(self, snapshots: Snapshots, place: int) -> None:
        super().__init__()
        self._snapshots, self._place, self._keys = snapshots, place, ""
        self.setFixedSize(QSize(_SIDE_PX, _SIDE_PX))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self._recall)
        self.refresh()

    @property
    def is_filled(self) -> bool:
        return self._snapshots.scenes[self._place] is not None

    def refresh(self) -> None:
        """Show what is there now."""
        number, held = self._place + 1, self.is_filled
        picture = self._snapshots.picture(self._place)
        self._picture = None if picture is None else pixmap_of(picture)
        self.setAccessibleName(f"Snapshot {number}, {'taken' if held else 'empty'}")
        does = "opens" if held else "takes"
        self.setToolTip(
            f"Snapshot {number}, the whole scene at one moment: a click {does} it, "
            "Shift and a click take it anew.\n"
            f"{self._keys}Right-click for more."
        )
        self.update()

    def show_keys(self, recall: str, take: str) -> None:
        """Show which keys do the same; "" where there is none."""
        told = ((recall, "opens"), (take, "takes"))
        self._keys = "".join(f"{key} {does}. " for key, does in told if key)
        self.refresh()

    def take(self) -> None:
        """Keep the present scene here."""
        self._snapshots.take(self._place)

    def _recall(self) -> None:
        if self.is_filled:
            self._snapshots.recall(self._place)
        else:
            self.take()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.button() == Qt.MouseButton.LeftButton and shifted:
            self.take()
        else:
            super().mousePressEvent(event)

    def menu(self) -> QMenu:
        """What else can be done with it."""
        menu = QMenu(self)
        menu.addAction("Take the present scene", self.take)
        recall = menu.addAction("Open", lambda: self._snapshots.recall(self._place))
        clear = menu.addAction("Clear", lambda: self._snapshots.clear(self._place))
        for action in (recall, clear):
            action.setEnabled(self.is_filled)
        return menu

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        edge = QUIET if self.hasFocus() or self.underMouse() else HAIRLINE
        dashed = Qt.PenStyle.SolidLine if self.is_filled else Qt.PenStyle.DashLine
        painter.setPen(QPen(colour(edge), 1, dashed))
        painter.setBrush(colour(TRACK if self.is_filled else RAISED))
        painter.drawRoundedRect(body, _RADIUS, _RADIUS)
        if self._picture is not None:
            self._paint_picture(painter, body)
        badge = body
        if self._picture is not None:  # on a ground of its own it is read on any picture
            badge = QRectF(body.left() + 1, body.bottom() - 15, 13, 14)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(BACKGROUND, 0.85))
            painter.drawRoundedRect(badge, 4, 4)
        painter.setFont(font(11))
        painter.setPen(colour(TEXT if self.is_filled else QUIET))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(self._place + 1))

    def _paint_picture(self, painter: QPainter, body: QRectF) -> None:
        assert self._picture is not None
        shape = QPainterPath()
        shape.addRoundedRect(body, _RADIUS, _RADIUS)
        painter.save()
        painter.setClipPath(shape)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(body, self._picture, QRectF(self._picture.rect()))
        painter.restore()


class SnapshotsRow(QWidget):
    """All eight, side by side."""

    def __init__(self, snapshots: Snapshots, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshots = snapshots
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(3)
        self.buttons = tuple(SnapshotButton(snapshots, place) for place in range(COUNT))
        for button in self.buttons:
            line.addWidget(button)
        snapshots.changed.connect(self._refresh)

    def _refresh(self, place: int) -> None:
        self.buttons[place].refresh()

    def window_actions(self) -> Iterator[Action]:
        """What the window can do with snapshots."""
        for verb, modifiers, do in (
            ("recall", "Alt+", self._snapshots.recall),
            ("take", "Alt+Shift+", self._snapshots.take),
        ):
            for place in range(COUNT):
                n, text = place + 1, {"recall": "Open", "take": "Take"}[verb]
                yield Action(
                    f"snapshot.{n}.{verb}",
                    "Snapshots",
                    f"{text} snapshot {n}",
                    partial(do, place),
                    (f"{modifiers}{n}",),
                    series="Open that snapshot; with Shift, take it",
                )

    def show_keys(self, key: Callable[[str], str]) -> None:
        """Show on the buttons which keys do the same; `key` gives that of an action."""
        for n, button in enumerate(self.buttons, start=1):
            button.show_keys(key(f"snapshot.{n}.recall"), key(f"snapshot.{n}.take"))

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._snapshots.changed.disconnect(self._refresh, missing_ok=True)
