"""What a poem is asked to be, and how its lines look in print."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engines.verse.corpus.cleaning import cleaned

LINES = 4
"""Of a stanza."""
SCHEMES: Mapping[str, str] = {
    "couplets": "AABB",
    "alternate": "ABAB",
    "enclosed": "ABBA",
    "none": "ABCD",
}
"""Lines with one letter rhyme."""
FREE = "free"
LENGTHS: Mapping[str, tuple[int, ...]] = {
    FREE: (),
    "4": (4,) * 4,
    "6": (6,) * 4,
    "8": (8,) * 4,
    "10": (10,) * 4,
    "12": (12,) * 4,
    "8 6": (8, 6, 8, 6),
    "5 7 5": (5, 7, 5, 7),
}
"""Syllables of the lines of a stanza."""
FEET = (FREE, "iambs", "trochees")


@dataclass(frozen=True)
class Poem:
    """Everything that the words of a poem depend on."""

    point: npt.NDArray[np.float32]
    seed: int = 0
    scheme: str = "alternate"
    length: str = "8"
    feet: str = "iambs"
    subject: float = 0.8
    """How much of what the point says of words in no order is added to what comes next."""
    temperature: float = 0.6
    begins: str = ""
    """Its first line, where somebody has typed one."""

    def rhymed_with(self, line: int) -> int | None:
        """The earlier line of the stanza that this one has to rhyme with."""
        scheme = SCHEMES[self.scheme]
        found = scheme.index(scheme[line])
        return found if found < line else None

    def is_rhymed(self, line: int) -> bool:
        """Whether a later line has to rhyme with it."""
        scheme = SCHEMES[self.scheme]
        return scheme[line] in scheme[line + 1 :]

    @property
    def key(self) -> tuple[object, ...]:
        """The same for poems with the same words."""
        told = (self.scheme, self.length, self.feet, self.subject, self.temperature, self.begins)
        return (self.point.tobytes(), self.seed, *told)


def typed(text: str) -> list[str]:
    """The words and marks of what somebody has typed, as the model reads them."""
    kept = re.sub(r"[^A-Za-z',.;:!?\" -]", " ", text)
    return list(cleaned(kept) or ())


def printed(text: str) -> str:
    """A line of small letters as it stands in a book."""
    line = re.sub(r"\bi\b(?!')|\bi(?='(?:ll|m|ve|d)\b)|\bgod(?='s|\b)", _capital, text)
    return re.sub(r"^'?[a-z]|(?<=[.!?] )'?[a-z]", _capital, line)


def _capital(found: re.Match[str]) -> str:
    text = found.group()
    return text.upper() if len(text) < 3 else text.capitalize()
