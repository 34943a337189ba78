"""Wishes in plain words, such as "a slow air in A minor, 24 bars".

`wish` reads a text; the other modules are its vocabulary and grammar.
"""

__all__ = ["wish"]
