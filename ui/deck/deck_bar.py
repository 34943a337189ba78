"""The decks: a button each with a live miniature; the one in front fills the stage."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from studio.engine import EngineError, Pixels
from studio.latent.mixing import weights_of
from studio.music.keys import parse
from studio.session import Session
from ui import theme
from ui.icons import icon
from ui.roll.bars import key_name
from ui.theme import (
    ACCENT,
    ALARM,
    BACKGROUND,
    HAIRLINE,
    PANEL,
    QUIET,
    RADIUS,
    RAISED,
    TEXT,
    TRACK,
    colour,
    font,
    px,
)
from ui.widgets.elided_label import elided
from ui.widgets.pixmaps import Thumbnail, ThumbnailStyle, pixmap_of
from ui.widgets.repaint_throttle import RepaintThrottle

_CUT = ThumbnailStyle(4, HAIRLINE)
_WIDE_PX = 158
_NARROW_PX = 44


class DeckButton(QAbstractButton):
    """A deck's miniature, title and model, or what is wrong with it."""

    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        theme.set_size(self, height=42, min_width=_NARROW_PX, max_width=_WIDE_PX)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._title = self._below = self._number = ""
        self._trouble = False
        self._thumbnail = Thumbnail()
        self._repaint = RepaintThrottle(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # as the pad is

    def show_front(self, front: bool) -> None:
        """Be the one that fills the stage: it keeps its words, however many decks there are."""
        self.setChecked(front)
        theme.set_size(self, min_width=_WIDE_PX if front else _NARROW_PX)

    def sizeHint(self) -> QSize:
        return self.maximumSize()

    def show_deck(self, number: int, title: str, below: str, trouble: bool) -> None:
        """`below` is the model, or in trouble a word about it."""
        self._number = str(number)
        self._title, self._below, self._trouble = title, below, trouble
        self.setAccessibleName(f"Deck {title}, {below}")
        self.update()

    def show_picture(self, picture: QPixmap | None) -> None:
        """None for the deck's number."""
        self._thumbnail.show(picture)
        self._repaint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), colour(PANEL))
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colour(TEXT if self.hasFocus() else HAIRLINE), 1))
        painter.setBrush(colour(TRACK if self.isChecked() else RAISED))
        painter.drawRoundedRect(body, RADIUS, RADIUS)
        if self.isChecked():
            line = QRectF(body.left() + 6, body.bottom() - 2.5, body.width() - 12, 2.5)
            painter.fillRect(line, colour(ACCENT))
        self._paint_miniature(painter)
        painter.setPen(colour(TEXT))
        painter.setFont(font(13, QFont.Weight.DemiBold))
        self._write(painter, self._title, 5, 17)
        painter.setPen(colour(ALARM if self._trouble else QUIET))
        painter.setFont(font(11))
        self._write(painter, self._below, 21, 15)

    def _write(self, painter: QPainter, words: str, top: int, height: int) -> None:
        """A line beside the miniature; none where there is no room for a word."""
        if self._room() > 0:
            line = QRectF(46, px(top), self._room(), px(height))
            fitting = elided(painter, words, self._room())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, fitting)

    def _room(self) -> int:
        """The px that are left for words; 0 where they would not hold one."""
        room = self.width() - 46 - 6
        return room if room >= 40 else 0

    def _paint_miniature(self, painter: QPainter) -> None:
        frame = QRectF(6 if self._room() else (self.width() - 32) / 2, 5, 32, 32)
        self._thumbnail.paint(painter, frame, _CUT)
        if self._trouble or self._thumbnail.picture is None:  # there may be no room for words
            if self._trouble:
                painter.fillRect(frame, colour(BACKGROUND, 0.75))
            painter.setPen(colour(ALARM if self._trouble else QUIET))
            painter.setFont(font(15, QFont.Weight.Bold))
            mark = "!" if self._trouble else self._number
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, mark)
        else:  # two decks may look alike, and controls are called by their decks' numbers
            badge = QRectF(frame.left(), frame.top(), 13, 13)
            painter.fillRect(badge, colour(BACKGROUND, 0.75))
            painter.setPen(colour(TEXT))
            painter.setFont(font(10, QFont.Weight.DemiBold))
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self._number)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("x"), "Remove this deck").triggered.connect(self.removed)
        menu.popup(event.globalPos())


class DeckBar(QWidget):
    """A button for every deck of the scene, and one that adds a deck."""

    own_wanted = Signal()
    """A model that is not there yet."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._buttons: dict[str, DeckButton] = {}
        self._models: dict[str, tuple[str, str]] = {}
        """Of which engine and model each miniature is."""
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(8)
        self.add_button = QToolButton(self)
        self.add_button.setObjectName("flat")
        self.add_button.setIcon(icon("plus"))
        self.add_button.setIconSize(QSize(18, 18))
        self.add_button.setToolTip("Add a deck")
        self.add_button.setAccessibleName("Add a deck")
        self.add_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.add_button.setMenu(self._menu)
        self._fill_menu()
        self._line.addWidget(self.add_button)

    def refresh(self) -> None:
        """Show the scene's decks."""
        scene = self._session.scene
        for key in [k for k in self._buttons if all(d.key != k for d in scene.decks)]:
            self._models.pop(key, None)
            self._buttons.pop(key).deleteLater()
        for place, deck in enumerate(scene.decks):
            button = self._buttons.get(deck.key) or self._new_button(deck.key)
            self._line.insertWidget(place, button)
            button.raise_()  # the order of the children is the way of the Tab key
            button.show_front(deck.key == scene.front)
            if self._models.get(deck.key) != (deck.engine, deck.model):
                self._models[deck.key] = (deck.engine, deck.model)
                button.show_picture(None)
            self.refresh_state(deck.key)
        self.add_button.raise_()

    def refresh_state(self, deck: str) -> None:
        """Show whether the deck loads, plays or is in trouble."""
        if deck not in self._buttons:
            return
        state, spec = self._session.state(deck), self._session.spec(deck)
        model = self._session.model(deck).title
        of_it = self._tune(deck) or model
        below = "stopped" if state.problem else of_it if state.device else "loading…"
        number = 1 + next(n for n, d in enumerate(self._session.scene.decks) if d.key == deck)
        self._buttons[deck].show_deck(number, spec.title, below, bool(state.problem))
        about = state.problem or spec.summary
        self._buttons[deck].setToolTip(f"{spec.title} · {model}: {about}\nRight-click to remove.")

    def _tune(self, deck: str) -> str:
        """What a deck that composes plays, such as "reel, D dorian"; two of them look alike."""
        spec, values = self._session.spec(deck), self._session.scene.deck(deck).parameters
        genre = spec.told("genre", values)
        tonic, mode = (spec.told(role, values) for role in ("tonic", "mode"))
        key = parse(f"{tonic} {mode}") if tonic and mode else None
        words = [] if genre in (None, "any") else [str(genre)]
        if key is not None:
            words.append(key_name(key))
        return ", ".join(words) if spec.composes else ""

    def refresh_picture(self, deck: str, picture: QPixmap | None = None) -> None:
        """Show the deck's newest picture in its miniature; of a tune, which would be too fine, the
        thumbnail of the slot that has the largest part in it."""
        shown = self._session.state(deck).shown
        if deck in self._buttons and shown is not None:
            small = self._of_slot(deck)
            if small is not None:
                picture = pixmap_of(small)
            self._buttons[deck].show_picture(picture or pixmap_of(shown.pixels))

    def _of_slot(self, key: str) -> Pixels | None:
        session, deck = self._session, self._session.scene.deck(key)
        if not session.spec(key).composes or not any(deck.slots):
            return None
        weights = weights_of(deck)
        return session.engines.thumbnails.get(deck, weights.index(max(weights)))

    def button(self, deck: str) -> DeckButton:
        return self._buttons[deck]

    def _new_button(self, deck: str) -> DeckButton:
        button = DeckButton(self)
        button.clicked.connect(lambda: self._session.decks.bring_to_front(deck))
        button.removed.connect(lambda: self._session.decks.remove(deck))
        self._buttons[deck] = button
        return button

    def _fill_menu(self) -> None:
        """With what there is now: models come and go."""
        menu, registry = self._menu, self._session.registry
        menu.clear()
        for listing in registry:
            if listing.spec is None:
                action = menu.addAction(f"{listing.name}: cannot be used")
                action.setToolTip(listing.reason)
                action.setEnabled(False)
                continue
            for model in registry.offered(listing.spec):
                action = menu.addAction(f"{listing.spec.title} · {model.title}")
                action.triggered.connect(self._adder(listing.spec.name, model.name))
        menu.addSeparator()
        menu.addAction("Train a model of your own…").triggered.connect(self.own_wanted)

    def _adder(self, engine: str, model: str) -> Callable[[], None]:
        def add() -> None:
            try:
                self._session.decks.add(engine, model)
            except EngineError as error:
                self._session.noticed.emit(str(error))

        return add
