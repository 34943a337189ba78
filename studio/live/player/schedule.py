"""Messages that wait for their moment."""

from __future__ import annotations

import heapq
import math
from collections.abc import Collection, Iterable, Iterator

from studio.live.player.ledger import is_note_off, is_note_on
from studio.processes.messages import Due

LIMIT = 65_536
"""Messages. Beyond it note ons are refused; a note off never is."""


class Schedule:
    """A heap by due time; at one moment offs go first, note ons last, the rest as it was sent."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._heap: list[tuple[float, int, int, Due]] = []
        self._order = 0
        self._limit = limit

    def __len__(self) -> int:
        return len(self._heap)

    def __iter__(self) -> Iterator[Due]:
        """All that waits, by due time."""
        return (entry[3] for entry in sorted(self._heap))

    @property
    def next_due_s(self) -> float:
        """When the next message is due; infinity if none waits."""
        return self._heap[0][0] if self._heap else math.inf

    def add(self, messages: Iterable[Due]) -> list[Due]:
        """Take `messages` in; those that there is no room for are given back."""
        refused: list[Due] = []
        for message in messages:
            if len(self._heap) >= self._limit and is_note_on(message.data):
                refused.append(message)
                continue
            self._order += 1
            heapq.heappush(self._heap, (message.due_s, rank(message), self._order, message))
        return refused

    def pop(self, now_s: float) -> Due | None:
        """The first message that is due at `now_s`."""
        if self._heap and self._heap[0][0] <= now_s:
            return heapq.heappop(self._heap)[3]
        return None

    def take_back(self, notes: Collection[tuple[str, int, int]]) -> None:
        """Drop the beginnings of these notes: (port, channel 0-15, pitch)."""
        self._heap = [e for e in self._heap if not _begins_one(e[3], notes)]
        heapq.heapify(self._heap)

    def forget(self, port: str | None = None) -> None:
        """Drop what waits, for one port or for all."""
        self._heap = [e for e in self._heap if port is not None and e[3].port != port]
        heapq.heapify(self._heap)


def _begins_one(message: Due, notes: Collection[tuple[str, int, int]]) -> bool:
    data = message.data
    return is_note_on(data) and (message.port, data[0] & 15, data[1]) in notes


def rank(message: Due) -> int:
    """The place of a message among those of the same moment."""
    return 0 if is_note_off(message.data) else 2 if is_note_on(message.data) else 1
