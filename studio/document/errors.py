"""The root of all that can go wrong for an artist."""

from __future__ import annotations


class StudioError(Exception):
    """Something that cannot be done. Its text is one sentence for the artist."""
