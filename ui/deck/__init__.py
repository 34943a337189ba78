"""The decks and the one in front: its slots, its blend pad and its panel of controls."""

__all__ = ["deck_bar", "direction_row", "pad", "panel", "slots"]
