"""What a hand does while two scenes are crossed, carried over to the scenes themselves.

So it is not taken back by the next step of the way: what was captured stays captured, and a slider
that was moved stays with the hand. All pure functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from studio.document.scene import Deck, Scene
from studio.scenes._crossing import same_model

Key = TypeVar("Key")
Item = TypeVar("Item")

_MOST_DECKS = 8
_WHOLE = ("pad", "held", "walk", "strokes", "interpolation", "seed")
_BY_NAME = ("parameters", "fixed", "pins", "drift")


def carried(before: Scene, after: Scene, onto: Scene) -> Scene:
    """`onto` with what differs between `before` and `after`, and nothing else, changed in it.

    What belongs to a deck that `onto` does not have, or has with another model, is left out.
    """
    if after is before:
        return onto
    old = {deck.key: deck for deck in before.decks}
    new = {deck.key: deck for deck in after.decks}
    decks = [
        _carried_deck(old.get(deck.key), new.get(deck.key), deck)
        for deck in onto.decks
        if deck.key in new or deck.key not in old
    ]
    known = {deck.key for deck in onto.decks}
    decks += [deck for key, deck in new.items() if key not in old and key not in known]
    scene: Scene = onto.but(
        decks=tuple(decks[:_MOST_DECKS]) or onto.decks,
        score=_carried_items(before.score, after.score, onto.score),
        routes=after.routes if after.routes != before.routes else onto.routes,
        tied=after.tied if after.tied != before.tied else onto.tied,
    )
    return _fronted(scene, after.front if after.front != before.front else onto.front)


def moved_points(before: Scene, after: Scene) -> frozenset[str]:
    """The decks whose puck, or the point that they hold, is another one."""
    old = {deck.key: deck for deck in before.decks}
    return frozenset(
        deck.key
        for deck in after.decks
        if deck.key in old and (deck.pad, deck.held) != (old[deck.key].pad, old[deck.key].held)
    )


def _fronted(scene: Scene, front: str) -> Scene:
    keys = [deck.key for deck in scene.decks]
    fronted: Scene = scene.but(front=front if front in keys else keys[0])
    return fronted


def _carried_deck(before: Deck | None, after: Deck | None, onto: Deck) -> Deck:
    if before is None or after is None or after is before:
        return onto
    if not same_model(before, after):
        return after  # its model was chosen just now
    if not same_model(after, onto):
        return onto
    changes = {
        name: getattr(after, name)
        for name in _WHOLE
        if getattr(after, name) != getattr(before, name)
    }
    for name in _BY_NAME:
        old, new, kept = (getattr(deck, name) for deck in (before, after, onto))
        if new is not old:
            changes[name] = _carried_items(old, new, kept)
    slots = zip(before.slots, after.slots, onto.slots, strict=True)
    changes["slots"] = tuple(kept if new == old else new for old, new, kept in slots)
    carried: Deck = onto.but(**changes)
    return carried


def _carried_items(
    before: Mapping[Key, Item], after: Mapping[Key, Item], onto: Mapping[Key, Item]
) -> dict[Key, Item]:
    kept = {name: item for name, item in onto.items() if name in after or name not in before}
    changed = {
        name: item for name, item in after.items() if name not in before or before[name] != item
    }
    return {**kept, **changed}
