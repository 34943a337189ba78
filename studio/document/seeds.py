"""The number from which samples follow, as a parameter."""

from __future__ import annotations

import random
from dataclasses import dataclass

from studio.document.parameters import Parameter, Value

SEED_LIMIT = 2**31
"""Seeds are in [0, SEED_LIMIT): the range that every random generator in the house takes."""


@dataclass(frozen=True, kw_only=True)
class Seed(Parameter):
    """The number from which every random draw of a deck follows."""

    default: int = 0

    @property
    def initial(self) -> int:
        return self.default

    def validate(self, value: object) -> int:
        expected = f"a whole number from 0 to {SEED_LIMIT - 1}"
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < SEED_LIMIT:
            raise self._refuse(value, expected)
        return value

    def position(self, value: Value) -> float:
        return self.validate(value) / (SEED_LIMIT - 1)

    def at(self, position: float) -> int:
        return round(min(1.0, max(0.0, position)) * (SEED_LIMIT - 1))

    def nudged(self, value: Value, steps: float) -> int:
        step = round(steps) or (steps > 0) - (steps < 0)
        return (self.validate(value) + step) % SEED_LIMIT

    def parse(self, text: str) -> int:
        try:
            return self.validate(int(text))
        except ValueError:
            raise self._refuse(text, f"a whole number from 0 to {SEED_LIMIT - 1}") from None


def fresh_seed() -> int:
    """A seed that nobody chose, short enough to read out and type again."""
    return random.SystemRandom().randrange(10_000)
