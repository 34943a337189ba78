"""Colours for what was learnt in grey: gradients from a material's darks to its lights.

No torch here, since the spec lists the names.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

STEPS = 256

AS_LEARNT = "as learnt"

PALETTES: dict[str, tuple[str, ...]] = {
    AS_LEARNT: (),
    "ink": ("#11131a", "#3a3f4b", "#8b8d90", "#d9d4c7", "#f7f3e8"),
    "embers": ("#140608", "#4b0f14", "#a5260f", "#ee7b1b", "#ffe3a0"),
    "sea": ("#03111f", "#0b3450", "#1b7a8c", "#79c4b5", "#f0f6e6"),
    "moss": ("#0d140b", "#2c3d1c", "#5e7a2e", "#a5b45a", "#eeecc4"),
    "dusk": ("#0f0b24", "#3d2259", "#8f3f71", "#e07a6b", "#fbd9a5"),
    "gold": ("#170d04", "#4d2f0c", "#98671c", "#d9ab45", "#fff3c4"),
    "ice": ("#0d1b2e", "#31567d", "#7fa8c9", "#c9dfec", "#ffffff"),
    "clay": ("#22120d", "#5d2f20", "#a55b3c", "#d89b75", "#f6e0cb"),
    "neon": ("#05010d", "#33106b", "#c21d8f", "#2fd3d8", "#f5ffd6"),
}
"""Evenly spaced stops, darkest first."""


def gradient(name: str) -> NDArray[np.float32]:
    """A palette as (STEPS, 3), RGB in 0..1, straight between its stops."""
    stops = np.array([_rgb(stop) for stop in PALETTES[name]], np.float32)
    places = np.linspace(0, len(stops) - 1, STEPS)
    channels = [np.interp(places, np.arange(len(stops)), stops[:, c]) for c in range(3)]
    return np.stack(channels, 1).astype(np.float32)


def _rgb(stop: str) -> tuple[float, float, float]:
    return tuple(int(stop[i : i + 2], 16) / 255 for i in (1, 3, 5))  # type: ignore[return-value]
