"""In which order a tune's parts come: what has one letter is one part."""

from __future__ import annotations

from collections.abc import Mapping

FREE = "free"
"""No order: parts come as they are written."""
FORMS: Mapping[str, str] = {
    "AABB": "AABB",
    "AABA": "AABA",
    "ABAC": "ABAC",
    "rondo": "ABACA",
    "refrain": "ABCB",
    "through-composed": "ABCD",
}
"""The letters of every form that has a name."""
WORDS: Mapping[str, str] = {
    "through composed": "through-composed",
    "with refrain": "refrain",
    "with a refrain": "refrain",
    "with chorus": "refrain",
    "with a chorus": "refrain",
    "rondeau": "rondo",
    "song form": "AABA",
    "binary": "AABB",
}
"""What else they are called."""


def letters_of(name: str) -> str:
    """The letters of a form; none for one that is not known here."""
    return FORMS.get(name, "")


def before(letters: str, part: int) -> int | None:
    """How many parts before part `part` (from 0; after the last letter the first follows) the same
    one was played last; None if it is new."""
    at = part % max(1, len(letters))
    return next((back for back in range(1, at + 1) if letters[at - back] == letters[at]), None)
