"""Decks that compose, with their band: pages of notes one bar ahead.

`ensemble` is the source of notes for the conductor; everything else serves one of its decks.
"""

__all__ = ["band", "controls", "ensemble", "paper", "played", "routes", "wish_scene", "wishes"]
