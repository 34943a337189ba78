"""An own picture beside what the model makes of it, how close that is, and what can be done."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QImageReader, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.document.scene import SLOT_NAMES, Scene, Slot
from studio.engine import Pixels
from studio.session import Session
from ui import theme
from ui.deck.slots import MAKE_OWN
from ui.theme import PANEL, RADIUS, STEP, TRACK
from ui.widgets.pixmaps import pixmap_of
from ui.widgets.progress_line import ProgressLine

_SIDE_PX, _MARGIN_PX, _COMPARED_PX = 120, 24, 32
_GOOD = 0.6
"""Less of the picture than this is not the picture any more."""
_SHEET = f"""
#comparison {{ background: {PANEL}; border: 1px solid {TRACK}; border-radius: {RADIUS}px; }}
"""


class Comparison(QFrame):
    """Lies at the lower left of the stage from when a picture is taken in until it is closed, or
    its slot holds something else; only while its deck is in front."""

    def __init__(self, session: Session, over: QWidget) -> None:
        super().__init__(over)
        self._session, self._over = session, over
        self._deck, self._slot = "", 0
        self._source: Pixels | Path | None = None
        self._original: QImage | None = None
        self.setObjectName("comparison")
        self.setAccessibleName("Your picture and what the model makes of it")
        theme.dress(self, _SHEET)
        self.original, self.result = (
            _picture("Your picture"),
            _picture("What the model makes of it"),
        )
        self.words, self.progress = QLabel(), ProgressLine(self)
        self.words.setWordWrap(True)
        self.improve = QPushButton("Improve")
        self.improve.setToolTip("Let the model try to come closer to your picture")
        self.improve.clicked.connect(self._improve)
        self.make_own = QPushButton("Make it mine")
        self.make_own.setToolTip(MAKE_OWN)
        self.make_own.clicked.connect(lambda: session.slots.make_own(self._deck, self._slot))
        self.close_button = QPushButton("Close")
        self.close_button.setToolTip("Put this away; the slot keeps what it has")
        self.close_button.clicked.connect(self.forget)
        self._lay_out()
        session.thumbnailed.connect(self._on_slot)
        session.slots.refined.connect(self._on_slot)
        session.changed.connect(self._on_scene)
        self.hide()

    def _lay_out(self) -> None:
        pictures, buttons = QHBoxLayout(), QHBoxLayout()
        for label, words in ((self.original, "Yours"), (self.result, "The model's")):
            column = QVBoxLayout()
            column.addWidget(label)
            column.addWidget(QLabel(words))
            pictures.addLayout(column)
        buttons.addStretch(1)
        buttons.addWidget(self.make_own)
        buttons.addWidget(self.improve)
        buttons.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.addLayout(pictures)
        column.addWidget(self.words)
        column.addWidget(self.progress)
        column.addLayout(buttons)
        column.setSpacing(STEP)
        theme.set_size(self, width=2 * _SIDE_PX + 5 * STEP)

    def begin(self, deck: str, slot: int, source: Pixels | Path) -> None:
        """A picture is on its way into a slot."""
        self._deck, self._slot, self._source = deck, slot, source
        image = _image_of(source)
        self._original = None if image is None else _squared(image)
        self.hide()

    def forget(self) -> None:
        """Put it away, whatever becomes of the slot."""
        self._original = None
        self.hide()

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._session.changed.disconnect(self._on_scene, missing_ok=True)
        self._session.thumbnailed.disconnect(self._on_slot, missing_ok=True)
        self._session.slots.refined.disconnect(self._on_slot, missing_ok=True)

    def _on_slot(self, deck: str, slot: int) -> None:
        if (deck, slot) == (self._deck, self._slot) and self._original is not None:
            self._refresh()

    def _on_scene(self, new: Scene, old: Scene) -> None:
        had, has = (self._held(scene) for scene in (old, new))
        if had and not has:
            self.forget()
        elif new.front != old.front:
            self.hide()
            self._refresh()
        elif had and has and had.own_picture != has.own_picture:
            self._refresh()

    def _held(self, scene: Scene) -> Slot | None:
        """The slot in the scene, if it has a picture that was taken in."""
        deck = next((each for each in scene.decks if each.key == self._deck), None)
        slot = None if deck is None else deck.slots[self._slot]
        return slot if slot is not None and slot.origin == "encoded" else None

    def _refresh(self) -> None:
        """Show how close it is by now; nothing where the picture could not be taken in."""
        session, original = self._session, self._original
        deck = next((each for each in session.scene.decks if each.key == self._deck), None)
        held = self._held(session.scene)
        if deck is None or original is None or held is None:
            return
        pixels = session.engines.thumbnails.get(deck, self._slot)
        share = session.slots.refinement(self._deck, self._slot)
        self.progress.show_share(share)
        rests, spec = share is None and held.own_picture is None, session.spec(self._deck)
        self.improve.setEnabled(rests and bool(spec.refine_steps))
        self.make_own.setVisible(bool(spec.own_steps))
        learning = session.slots.is_learning(self._deck, self._slot)
        able = session.slots.may_be_own(self._deck, self._slot)
        self.make_own.setEnabled(held.own_picture is None and able and not learning)
        if pixels is not None:
            result = pixmap_of(pixels).toImage()
            self.original.setPixmap(_shown(original))
            self.result.setPixmap(_shown(_squared(result)))
            is_own = held.own_picture is not None
            self.words.setText(self._said(closeness(original, result), share, is_own))
            self._place()

    def _said(self, close: float, share: float | None, is_own: bool) -> str:
        session, name = self._session, SLOT_NAMES[self._slot]
        said = f"Slot {name}: {close:.0%} of your picture."
        if session.slots.is_learning(self._deck, self._slot):
            return f"{said} The model learns it…"
        if share is not None:
            return f"{said} Getting closer…"
        if close >= _GOOD or is_own:  # of an own drawing's lines the pen may be another
            return said
        model = session.model(self._deck)
        if session.spec(self._deck).own_steps:
            return (
                f"{said} {model.title} cannot draw this: it knows only what is like the pictures "
                f"that it learnt from. With “{self.make_own.text()}” it learns this one, too."
            )
        others = [
            f"{spec.title} · {each.title}"
            for spec in session.registry.specs
            for each in session.registry.offered(spec)
            if spec.encodes and not spec.composes and each != model
        ]
        hint = f" {', '.join(others)} may come closer;" if others else ""
        return (
            f"{said} {model.title} cannot draw this: it knows only what is like the pictures that "
            f"it learnt from.{hint} a model trained on pictures like yours can."
        )

    def _improve(self) -> None:
        if self._source is not None:
            self.improve.setEnabled(False)  # until it has begun and come to its end
            self._session.slots.improve(self._deck, self._slot, self._source)

    def _place(self) -> None:
        if self._session.scene.front != self._deck:
            return
        self.show()
        self.raise_()
        self.setFixedHeight(self.heightForWidth(self.width()))
        self.move(_MARGIN_PX, max(0, self._over.height() - self.height() - _MARGIN_PX))


def closeness(original: QImage, result: QImage) -> float:
    """The share of a picture that another one explains: 1 for the same, 0 for no more than a plain
    ground of its mean colour. Both are compared as middle squares of 32 px."""
    one, other = _values(original), _values(result)
    spread = float(np.mean((one - one.mean((0, 1))) ** 2))
    error = float(np.mean((one - other) ** 2))
    return max(0.0, 1.0 - error / max(spread, 1.0))


def _values(image: QImage) -> NDArray[np.float64]:
    small = _squared(image).scaled(
        _COMPARED_PX,
        _COMPARED_PX,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    rgb = small.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(_COMPARED_PX, rgb.bytesPerLine())
    return rows[:, : 3 * _COMPARED_PX].reshape(_COMPARED_PX, _COMPARED_PX, 3).astype(np.float64)


def _image_of(source: Pixels | Path) -> QImage | None:
    if not isinstance(source, Path):
        return pixmap_of(source).toImage()
    reader = QImageReader(str(source))
    reader.setAutoTransform(True)
    image = reader.read()
    return None if image.isNull() else image


def _squared(image: QImage) -> QImage:
    """Its middle square, as engines take it."""
    side = min(image.width(), image.height())
    return image.copy(QRect((image.width() - side) // 2, (image.height() - side) // 2, side, side))


def _shown(image: QImage) -> QPixmap:
    return QPixmap.fromImage(image.scaled(
        _SIDE_PX, _SIDE_PX, Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    ))  # fmt: skip


def _picture(name: str) -> QLabel:
    label = QLabel()
    label.setAccessibleName(name)
    label.setToolTip(name)
    label.setFixedSize(_SIDE_PX, _SIDE_PX)
    return label
