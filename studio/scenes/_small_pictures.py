"""What was seen, small enough to be kept for every scene that one has been at."""

from __future__ import annotations

import numpy as np
from PIL import Image

from studio.engine import Pixels

SIDE_PX = 96
"""The longer side at most; 27 kB at the most."""


def small(pixels: Pixels, side_px: int = SIDE_PX) -> Pixels:
    """`pixels`, uint8 (H, W, 3), so reduced that neither side is above `side_px`."""
    picture = Image.fromarray(np.ascontiguousarray(pixels), "RGB")
    picture.thumbnail((side_px, side_px), Image.Resampling.BOX, reducing_gap=2.0)
    return np.ascontiguousarray(picture, np.uint8)
