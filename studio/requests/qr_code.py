"""The QR code of an address, as a picture; by segno."""

from __future__ import annotations

import numpy as np
import segno

from studio.document.arrays import Pixels

_BORDER = 4
"""Modules of white around it, as the standard asks for."""


def code_of(address: str) -> Pixels:
    """Black on white, one pixel a module: uint8 (H, W, 3). To be enlarged by whole numbers."""
    code = segno.make(address, error="m", micro=False)
    dark = np.array(list(code.matrix_iter(scale=1, border=_BORDER)), np.uint8)
    grey = np.where(dark > 0, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.repeat(grey[:, :, None], 3, axis=2))
