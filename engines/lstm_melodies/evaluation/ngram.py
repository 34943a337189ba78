"""The yardstick: an interpolated n-gram model of the same events.

Kneser & Ney's smoothing (1995) in its interpolated form (Chen & Goodman, 1998), one discount for
each order, chosen on the validation tunes.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.grid import LENGTHS, PITCHES, Event

ORDER = 5
START: Event = (-1, -1)
EVENTS = PITCHES * len(LENGTHS)
"""How many events there could be: what the lowest order spreads its remainder over."""

Context = tuple[Event, ...]


class NGram:
    """Probabilities of events given the four before."""

    def __init__(self, melodies: Iterable[Melody], order: int = ORDER, discount: float = 0.8):
        self.order, self.discount = order, discount
        self._counts: list[defaultdict[Context, Counter[Event]]] = [
            defaultdict(Counter) for _ in range(order)
        ]
        for melody in melodies:
            events = padded(melody, order)
            for end in range(order - 1, len(events)):
                context = tuple(events[end - order + 1 : end])
                self._counts[order - 1][context][events[end]] += 1
        for n in range(order - 1, 0, -1):  # lower orders count contexts, not occurrences
            for context, seen in self._counts[n].items():
                for event in seen:
                    self._counts[n - 1][context[1:]][event] += 1
        self._totals = [
            {context: sum(seen.values()) for context, seen in level.items()}
            for level in self._counts
        ]

    def probability(self, context: Context, event: Event) -> float:
        """Of `event` after `context`, the `order - 1` events before it."""
        found = 1 / EVENTS
        for n in range(self.order):
            shorter = context[len(context) - n :]
            seen = self._counts[n].get(shorter)
            if seen is None:
                break
            total = self._totals[n][shorter]
            left = self.discount * len(seen) / total
            found = max(seen[event] - self.discount, 0) / total + left * found
        return found

    def nats(self, melodies: Iterable[Melody]) -> tuple[float, int]:
        """What all events of `melodies` cost, in nats, and how many there are."""
        cost, notes = 0.0, 0
        for melody in melodies:
            events = padded(melody, self.order)
            for end in range(self.order - 1, len(events)):
                context = tuple(events[end - self.order + 1 : end])
                cost -= math.log(self.probability(context, events[end]))
                notes += 1
        return cost, notes


def padded(melody: Melody, order: int) -> list[Event]:
    """The events, after as many starts as a context is long."""
    return [START] * (order - 1) + [event for bar in melody.bars for event in bar]


def tuned(training: Sequence[Melody], validation: Sequence[Melody], order: int = ORDER) -> NGram:
    """The model with the discount that suits the validation tunes best."""
    model = NGram(training, order)
    costs = {}
    for tenths in range(5, 10):
        model.discount = tenths / 10
        costs[model.discount] = model.nats(validation)[0]
    model.discount = min(costs, key=costs.__getitem__)
    return model
