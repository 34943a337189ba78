"""What can be done with the decks of a session, whatever the window shows of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from studio.session import Session
from ui.actions.actions import Action


def session_actions(session: Session, centre: Callable[[], object]) -> Iterator[Action]:
    """Undo and redo, and what is done with the deck in front; `centre` is for the puck at hand."""
    history = session.history

    def next_deck() -> None:
        keys = [deck.key for deck in session.scene.decks]
        here = keys.index(session.scene.front)
        session.decks.bring_to_front(keys[(here + 1) % len(keys)])

    yield Action(
        "undo",
        "Edit",
        "Undo",
        session.undo,
        ("Ctrl+Z",),
        "arrow-back-up",
        can_do=lambda: history.can_undo,
    )
    yield Action(
        "redo",
        "Edit",
        "Redo",
        session.redo,
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "arrow-forward-up",
        can_do=lambda: history.can_redo,
    )
    yield Action(
        "deck.randomise",
        "Deck",
        "Randomise: new samples in all unlocked slots",
        lambda: session.slots.randomise(session.scene.front),
        ("R",),
        "dice-5",
    )
    yield Action(
        "deck.capture",
        "Deck",
        "Capture what is shown into the first empty slot",
        lambda: session.slots.capture(session.scene.front),
        ("C",),
        "camera-plus",
    )
    yield Action(
        "deck.centre",
        "Deck",
        "Centre the puck of the pad, or what is marked on the map or the picture",
        centre,
        ("Home",),
        "target",
    )
    yield Action(
        "deck.link",
        "Deck",
        "Link pads: one gesture moves all decks",
        lambda: session.pads.tie(not session.scene.tied),
        ("T",),
        "link",
        is_on=lambda: session.scene.tied,
    )
    yield Action("deck.next", "Deck", "Next deck", next_deck, ("Ctrl+Tab",))
