"""The colours of ink and paper that drawings can have: all that engines share, and a few more."""

from __future__ import annotations

from collections.abc import Mapping

from engines.common.inks import INKS as SHARED
from engines.common.inks import Colour

INKS: Mapping[str, tuple[Colour, Colour]] = {
    **SHARED,
    "white on cobalt": ((244, 246, 255), (28, 74, 190)),
    "black on yellow": ((22, 20, 16), (250, 206, 44)),
    "sepia on parchment": ((92, 54, 30), (232, 214, 178)),
    "gold on green": ((236, 200, 110), (18, 66, 52)),
    "white on vermilion": ((255, 250, 242), (216, 62, 40)),
    "navy on sky": ((18, 34, 84), (166, 208, 236)),
}
"""Ink, then paper, sRGB."""
