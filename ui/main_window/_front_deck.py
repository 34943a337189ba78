"""Shows the deck in front on all views that show one deck, and no more of them than has changed.

The session's signals come in here; views only show. No view writes another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from studio.document.scene import SLOT_COUNT, Deck, Scene, Slot
from studio.latent.mixing import weights_of
from studio.session import Session
from ui.deck.deck_bar import DeckBar
from ui.deck.pad import Pad
from ui.deck.panel import Panel
from ui.deck.slots import SlotColumn
from ui.roll.stage import RollStage
from ui.stage.stage import Stage
from ui.tabs.tabs import Tabs
from ui.widgets.pixmaps import pixmap_of

_EMPTY = "All slots are empty.\nPress {key}, or click a slot, to fill them."


@dataclass(frozen=True)
class Views:
    """What shows the front deck."""

    decks: DeckBar
    slots: SlotColumn
    pads: tuple[Pad, ...]
    panel: Panel
    tabs: Tabs
    stage: Stage
    roll: RollStage


class FrontDeck(QObject):
    """Lives as long as the window."""

    decks_changed = Signal()
    """Another deck is in front, or the decks are others than before."""

    def __init__(
        self,
        session: Session,
        views: Views,
        morphing: Callable[[], bool],
        randomise_key: Callable[[], str],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._views = session, views
        self._morphing, self._randomise_key = morphing, randomise_key
        session.changed.connect(self._on_changed)
        session.pictured.connect(self._on_pictured)
        session.thumbnailed.connect(self._on_thumbnailed)
        session.state_changed.connect(self._on_state)
        session.slots.refined.connect(self._on_refined)
        session.motion.changed.connect(self._on_walking)

    @property
    def _key(self) -> str:
        return self._session.scene.front

    # -- what the session says -----------------------------------------------------------------

    def _on_changed(self, new: Scene, old: Scene) -> None:
        if new.front != old.front:
            self.refresh()
            return
        deck, views = self._session.scene.front_deck, self._views
        before = next((d for d in old.decks if d.key == deck.key), None)
        if before is None or _blend(deck) != _blend(before):
            self.refresh_blend()
        for index, slot in enumerate(deck.slots):
            if before is None or not _same_point(slot, before.slots[index]):
                views.slots.refresh_thumbnail(index)
        if not _same_settings(deck, before):
            views.panel.refresh()
        if deck != before:
            views.tabs.refresh_soon()
            self._refresh_view()
        known = {each.key: each for each in old.decks}
        for other in new.decks:
            if not _same_settings(other, known.get(other.key)):
                views.decks.refresh_state(other.key)
        if _cast(new) != _cast(old):
            views.decks.refresh()
            self.decks_changed.emit()

    def _on_pictured(self, deck: str) -> None:
        shown, views = self._session.state(deck).shown, self._views
        if shown is None:
            return
        picture = pixmap_of(shown.pixels)
        views.decks.refresh_picture(deck, picture)
        if deck == self._key:
            views.stage.canvas.show_picture(picture)
            if views.stage.view is views.roll:
                self._session.engines.painted(deck)  # the notes are what is seen of it

    def _on_thumbnailed(self, deck: str, slot: int) -> None:
        self._views.decks.refresh_picture(deck)
        if deck == self._key:
            self._views.slots.refresh_thumbnail(slot)

    def _on_refined(self, deck: str, slot: int) -> None:
        if deck == self._key:
            self._views.slots.refresh_refinement(slot)

    def _on_walking(self, deck: str) -> None:
        if deck == self._key:
            self.refresh_blend()
            self._views.tabs.walk.refresh_walking()

    def _on_state(self, deck: str) -> None:
        self._views.decks.refresh_state(deck)
        if deck == self._key:
            self.refresh_state()
            self._refresh_view()
            self._views.tabs.refresh()

    # -- showing -------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show another deck, or everything for the first time."""
        views = self._views
        views.decks.refresh()
        views.panel.refresh()
        self.refresh_blend()
        for pad in views.pads:
            pad.forget_trail()
        for index in range(SLOT_COUNT):
            views.slots.refresh_thumbnail(index)
            views.slots.refresh_refinement(index)
        views.tabs.refresh()
        self._refresh_view()
        shown = self._session.state(self._key).shown
        if shown is not None:  # else the picture that is there stays until this deck's own comes
            views.stage.canvas.show_picture(pixmap_of(shown.pixels))
        self.refresh_state()
        self.decks_changed.emit()

    def refresh_state(self) -> None:
        """Say on the stage what keeps the deck from being seen; in full screen nobody else does."""
        state, stage = self._session.state(self._key), self._views.stage
        waits = "The first picture is on its way…" if state.device else "Loading the model…"
        stage.canvas.show_words(state.problem or waits)

    def _refresh_view(self) -> None:
        """What stands on the stage: a deck that composes has its notes there."""
        stage, roll = self._views.stage, self._views.roll
        composes = roll.fits(self._session.spec(self._key))
        stage.show_view(roll if composes else stage.canvas)
        if composes:
            roll.refresh()

    def refresh_blend(self) -> None:
        """Show where the puck and the slots are, and what part each slot has."""
        deck, state = self._session.scene.front_deck, self._session.state(self._key)
        weights = weights_of(deck)
        if deck.held is not None:
            weights = (0.0,) * SLOT_COUNT  # the slots have no part in what is shown
        anchors = {i: slot.place for i, slot in enumerate(deck.slots) if slot is not None}
        playing = bool(state.device) and not state.opening
        empty = _EMPTY.format(key=self._randomise_key() or "Randomise")
        for pad in self._views.pads:
            pad.show_blend(deck.pad, anchors, weights)
            pad.show_aside(self._aside(deck))
            pad.show_words(empty if playing else "")
        self._views.slots.refresh(weights)

    def _aside(self, deck: Deck) -> str:
        """What is shown in place of the blend, for the pad."""
        if self._session.motion.walking(deck.key) is not None:
            return "walking\nmove the puck to stop"
        if deck.held is not None and self._morphing():
            return "between two scenes\nmove the puck to take over"
        return "" if deck.held is None else "outside the blend\nmove the puck to return"


def _same_point(slot: Slot | None, other: Slot | None) -> bool:
    """Whether two slots have the same thumbnail."""
    if slot is None or other is None:
        return slot is other
    return slot.latent == other.latent


def _blend(deck: Deck) -> tuple[object, ...]:
    """What the pad and the weights on the slots depend on."""
    return deck.pad, deck.slots, deck.held is not None


_MOVES = {"pad", "slots", "held"}
"""What moves with the hand or a walk; the panel shows all else of a deck."""


def _same_settings(deck: Deck, other: Deck | None) -> bool:
    """Asked with every move of a hand: what did not change is mostly the same object."""
    if other is None or deck is other:
        return deck is other
    before = vars(other)
    return all(
        value is before[name] or name in _MOVES or value == before[name]
        for name, value in vars(deck).items()
    )


def _cast(scene: Scene) -> list[tuple[str, str, str]]:
    """What the deck bar shows of a scene."""
    return [(deck.key, deck.engine, deck.model) for deck in scene.decks]
