"""What a hand does while two scenes are crossed, carried over to the scenes themselves.

So it is not taken back by the next step of the way: what was captured stays captured, and a slider
that was moved stays with the hand. All pure functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from studio.document.field_rules import CarryRule, Ruled, rules_of
from studio.document.mix_crossing import carried_mix
from studio.document.scene import DECK_LIMIT, Deck, Scene
from studio.scenes.crossing import same_model

Key = TypeVar("Key")
Item = TypeVar("Item")


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
    kept = tuple(decks[:DECK_LIMIT]) or onto.decks
    wanted = after.front if after.front != before.front else onto.front
    front = wanted if wanted in {deck.key for deck in kept} else kept[0].key
    own = {"decks": kept, "front": front, "mix": carried_mix(before, after, onto)}
    return onto.but(**_changes(before, after, onto, own))


def moved_points(before: Scene, after: Scene) -> frozenset[str]:
    """The decks whose puck, or the point that they hold, is another one."""
    old = {deck.key: deck for deck in before.decks}
    return frozenset(
        deck.key
        for deck in after.decks
        if deck.key in old and (deck.pad, deck.held) != (old[deck.key].pad, old[deck.key].held)
    )


def _carried_deck(before: Deck | None, after: Deck | None, onto: Deck) -> Deck:
    if before is None or after is None or after is before:
        return onto
    if not same_model(before, after):
        return after  # its model was chosen just now
    if not same_model(after, onto):
        return onto
    return onto.but(**_changes(before, after, onto, {}))


def _changes(before: Ruled, after: Ruled, onto: Ruled, own: Mapping[str, Any]) -> dict[str, Any]:
    """What each field of `onto` becomes by its `CarryRule`, by name, where it may become another.
    `own` has it for those with rules of their own."""
    changes = {}
    for name, rules in rules_of(type(onto)).items():
        old, new, kept = (getattr(each, name) for each in (before, after, onto))
        if rules.carry is CarryRule.OWN:
            changes[name] = own[name]
        elif rules.carry is not CarryRule.NEVER and new is not old:
            changes[name] = _CARRIED[rules.carry](old, new, kept)
    return changes


def _carried_whole(before: Item, after: Item, onto: Item) -> Item:
    return onto if after == before else after


def _carried_places(
    before: tuple[Item, ...], after: tuple[Item, ...], onto: tuple[Item, ...]
) -> tuple[Item, ...]:
    return tuple(map(_carried_whole, before, after, onto))


def _carried_items(
    before: Mapping[Key, Item], after: Mapping[Key, Item], onto: Mapping[Key, Item]
) -> dict[Key, Item]:
    kept = {name: item for name, item in onto.items() if name in after or name not in before}
    changed = {
        name: item for name, item in after.items() if name not in before or before[name] != item
    }
    return {**kept, **changed}


def _carried_members(
    before: tuple[Any, ...], after: tuple[Any, ...], onto: tuple[Any, ...]
) -> tuple[Any, ...]:
    """What was changed at one end only is changed there; what is new is new at both."""
    old, new, kept = ({member.id: member for member in each} for each in (before, after, onto))
    changed = {
        id: member
        for id, member in _carried_items(old, new, kept).items()
        if id in kept or id not in old
    }
    return tuple(changed[id] for id in sorted(changed))


_CARRIED: Mapping[CarryRule, Callable[[Any, Any, Any], Any]] = {
    CarryRule.WHOLE: _carried_whole,
    CarryRule.BY_NAME: _carried_items,
    CarryRule.BY_PLACE: _carried_places,
    CarryRule.BY_ID: _carried_members,
}
