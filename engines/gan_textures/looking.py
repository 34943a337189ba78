"""An artist's picture as the encoder wants it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engines.gan_textures.measures import LEAST_DEVIATION, SIDE_PX
from studio.engine import EngineError, Pixels

LEAST_PX = 48
"""The encoder's receptive field, and what it takes to tell a material."""


def looked_at(pixels: Pixels) -> Tensor:
    """The middle of a picture at the scale of the materials: (1, 3, H, W), RGB in 0..1.

    Raises `EngineError` for one that shows no material: too small, or of one colour.
    """
    height, width = pixels.shape[:2]
    if min(height, width) < LEAST_PX:
        raise EngineError(
            f"A texture needs {LEAST_PX} pixels on each side; this picture has {width} x {height}."
        )
    if float(np.std(pixels, (0, 1)).max()) < LEAST_DEVIATION:
        raise EngineError("This picture is one flat colour; there is no texture to find in it.")
    rgb = torch.from_numpy(np.array(pixels)).permute(2, 0, 1)[None].float() / 255
    shorter = min(height, width)
    if shorter > SIDE_PX:
        size = [round(side * SIDE_PX / shorter) for side in (height, width)]
        rgb = F.interpolate(rgb, size, mode="bilinear", antialias=True)
    top, left = ((side - min(side, SIDE_PX)) // 2 for side in rgb.shape[-2:])
    return rgb[..., top : top + SIDE_PX, left : left + SIDE_PX]
