"""Colours of ink and paper. Imports no torch."""

from __future__ import annotations

from collections.abc import Mapping

Colour = tuple[int, int, int]

INKS: Mapping[str, tuple[Colour, Colour]] = {
    "ink on paper": ((24, 26, 34), (246, 243, 235)),
    "chalk on slate": ((240, 240, 232), (34, 42, 46)),
    "white on black": ((255, 255, 255), (0, 0, 0)),
    "red on cream": ((196, 44, 36), (250, 240, 220)),
    "blue on white": ((26, 70, 180), (252, 253, 255)),
    "amber on night": ((255, 176, 46), (20, 16, 28)),
    "mint on plum": ((150, 240, 200), (58, 24, 66)),
    "pink on navy": ((255, 130, 170), (16, 24, 60)),
}
"""Ink, then paper, sRGB."""
