"""A set list in play: scenes in the order in which they are called up, and the place in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class SetListItem:
    """A scene that can be called up."""

    key: str
    """What its reader knows it by, such as a preset's id."""
    name: str
    """For the artist."""


class SetListOrder:
    """Items in order, the same one perhaps twice, and the place of the one called up last."""

    def __init__(self, items: Iterable[SetListItem] = ()) -> None:
        self._items = tuple(items)
        self._place: int | None = None

    @property
    def items(self) -> tuple[SetListItem, ...]:
        return self._items

    @property
    def place(self) -> int | None:
        """The index of the item called up last; None before, or when it has gone."""
        return self._place

    def put(self, items: Iterable[SetListItem]) -> None:
        """Have other items; the one called up last keeps its place if it is still there."""
        held = None if self._place is None else self._items[self._place]
        before, self._items = self._place or 0, tuple(items)
        places = [i for i, item in enumerate(self._items) if held and item.key == held.key]
        self._place = min(places, key=lambda i: abs(i - before), default=None)

    def stand(self, place: int | None) -> None:
        """The item at `place` has been called up. Raises IndexError."""
        if place is not None and not 0 <= place < len(self._items):
            raise IndexError(f"There is no item {place}.")
        self._place = place

    def beside(self, steps: int, start: int | None = None) -> int | None:
        """The place so many steps from `start`, by default from where it stands; None beyond the
        ends. Before the first call, one step on is the first item."""
        held = self._place if start is None else start
        wanted = (-1 if steps > 0 else len(self._items)) if held is None else held
        wanted += steps
        return wanted if 0 <= wanted < len(self._items) else None
