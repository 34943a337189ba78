"""The characters that the letterforms know, and how their fields are laid out. Imports no torch."""

from __future__ import annotations

CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789&?!.,-'"

SIZE_PX = 64
"""A letter's field is so wide and high."""
BASELINE_PX = 45.0
"""Letters stand on this line, counted from the top."""
REACH_PX = 5.0
"""Distances beyond this are cut off."""
SPACE_PX = 11.0
"""The advance of a space, which has no field."""

TEXT = "Aa"
"""What is set where nobody has typed anything yet."""

INKS = {
    "Ink on paper": ("#f4efe6", "#1d2433"),
    "Paper on ink": ("#1d2433", "#f4efe6"),
    "Vermilion": ("#f7ede2", "#d1402b"),
    "Cobalt": ("#eaf0f6", "#2347c5"),
    "Forest": ("#e9efe3", "#1f5a3d"),
    "Plum on rose": ("#f6dfe0", "#5b1f4a"),
    "Brass on night": ("#14161f", "#e0a63a"),
}
"""Paper and ink."""
