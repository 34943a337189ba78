"""The colours of a landscape, by the time of day, the warmth and the weather.

Palettes that were chosen by eye stand in a space of three numbers; between them colours mix, the
nearer the more, so every hour and weather has its own and none begins at once.
"""

from __future__ import annotations

import torch
from torch import Tensor

ROLES = ("zenith", "sky", "horizon", "disc", "glow", "far", "near", "front", "lit", "water")
"""What the colours of a palette are for. "far", "near" and "front" are land, "lit" is where the
sun meets mountains, "water" tints what is mirrored."""

# (day, warmth, storm) of each, about -2..2, then its colours as hexadecimal sRGB.
CHOSEN = (
    # Night under the moon, and a violet one.
    (-1.7, -0.7, -0.3, "07122b 12305a 2f6485 f4f3e0 7fb2c4 2c5570 10283f 050d18 86a9bb 0e2740"),
    (-1.6, 0.9, -0.3, "120a2c 34195a 7d3f7c ffe9d2 c77aa6 573068 27153f 0b0617 b78bb5 271447"),
    # The blue hour, and a crimson dusk.
    (-0.7, -1.0, -0.2, "1d2f58 56719b e8b79c fff1dc f3c6a0 5f7799 2c4364 0e1a2c d3b5ae 2d4a70"),
    (-0.6, 1.0, -0.2, "2a1447 8c2f5e f5714f ffe3b0 ff9d62 70355f 381b40 13081a f08a63 4d2250"),
    # A misty dawn of lavender and rose, and a sunset of gold.
    (0.2, -0.9, -0.2, "7f92bd c3b3cf f7cfc4 fffaf0 ffe1cc 8f98b9 56658a 232f49 f3d5cf 7d8bb0"),
    (0.2, 0.9, -0.4, "3c5a80 e59a63 ffd27a fff6d8 ffc65c a8684f 5e3836 1d1217 ffbd70 8d6656"),
    # A morning of mint and teal, and an hour of peach and terracotta.
    (1.0, -1.0, -0.3, "2f8c9e 86c8c4 e9f0d5 fffff2 f8f5d0 6da7a5 2f6f6c 0f3233 d8ead6 3f918f"),
    (1.0, 1.0, -0.3, "4f9aa8 f2c9a0 ffe8c6 fffdf0 ffdba6 d08a68 93503c 3d1d1a ffcf9b a58470"),
    # Noon over green land, and over ochre land.
    (1.8, -0.3, -0.4, "1c63b0 5fa8dc d7ecf2 ffffff fdf6d8 7ea6c0 3f7d55 173a29 f5f6ee 2f7fa8"),
    (1.8, 1.0, -0.4, "1b7fa6 7cc8cf f7ead0 ffffff fff0c4 c9a277 8f7f3e 37331a fff0cf 3fa0a0"),
    # Storms: slate by night, green-grey by day, rust under a heavy sky.
    (-1.0, -0.2, 1.8, "10151d 2b3742 5d6d76 dfe6e4 8a9aa0 3d4a53 1e282e 090d10 8d9ba0 232f38"),
    (1.0, -0.6, 1.8, "3a4a52 71858a c3cdc6 f6f8ee dfe3d2 6c7f80 3b4d49 152220 c9d1c8 506466"),
    (0.3, 1.1, 1.8, "3b2f3a 7d5a58 d9a184 fff0d8 eab48a 6d5154 3e2d31 160f13 d8a98c 574548"),
)  # fmt: skip

_REACH = 0.55
"""How far a palette reaches before its neighbours outweigh it."""


def colours(day: Tensor, warmth: Tensor, storm: Tensor) -> dict[str, Tensor]:
    """Of B scenes, whose numbers are (B,) each: (B, 3) in 0..1 for every one of `ROLES`."""
    asked = torch.stack([day, warmth, storm], 1)
    places = asked.new_tensor([chosen[:3] for chosen in CHOSEN])
    known = asked.new_tensor([[_rgb(code) for code in chosen[3].split()] for chosen in CHOSEN])
    apart = (asked[:, None] - places).square().sum(2)
    weights = torch.softmax(-apart / (2 * _REACH**2), 1)
    mixed = (weights[:, :, None, None] * known).sum(1)
    return dict(zip(ROLES, mixed.unbind(1), strict=True))


def _rgb(code: str) -> list[float]:
    return [int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)]
