"""The root of all that can go wrong for an artist."""

from __future__ import annotations

from collections.abc import Sequence


class StudioError(Exception):
    """Something that cannot be done. Its text is one sentence for the artist."""


def place_in(path: Sequence[object]) -> str:
    """Where in a document something is wrong, for a sentence: `scene.decks.0.pad`. Names come from
    the file, so they are cut and have no control characters."""
    names = ("".join(c if c.isprintable() else "?" for c in str(name)[:40]) for name in path[:6])
    return ".".join(names) or "the whole of it"
