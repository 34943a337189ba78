"""Kerning: letters of a word moved together where their shapes leave a hole, as between A and V.

Two upright strokes are as far apart as their side bearings say. Where the shapes recede from each
other on every row, the nearest that they come is further than that; most of the difference is
taken away. All of it follows smoothly from the fields, so letters do not jump while one blends.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from engines.vae_images.alphabet import SIZE_PX

SHARE = 0.6
"""Of the hole that is closed."""
MOST_PX = 6.0
"""In pixels of the usual field, of which a capital has 32 in height."""
NEAREST_PX = 3.0
"""No two letters come nearer by it."""
SIGHT_PX = 2.0
"""Ink so far above or below a row is as near as ink on it."""
FAR_PX = 2.0 * SIZE_PX


def kerns(fields: Tensor, advances_px: Sequence[float]) -> list[float]:
    """What to add to each advance before the next letter, 0 or less; 0 after the last.

    `fields` (N, 1, S, S) in 0..1 are of letters in a row, S as fine as one likes; `advances_px`
    and the answer are in pixels of the usual field.
    """
    advances = torch.tensor(advances_px, device=fields.device)[:, None]
    rims = torch.stack([_free(way) for way in (fields[:, 0], fields[:, 0].flip(2))])
    left, right = rims - (SIZE_PX - advances) / 2  # between the advance's ends and the ink
    rows = (right[:-1] + left[1:]).amin(1)
    bearings = right[:-1].amin(1) + left[1:].amin(1)
    hole = rows - bearings.clamp(min=NEAREST_PX)
    closed = (SHARE * hole).clamp(0, MOST_PX)
    return [*(-closed).tolist(), 0.0]


def _free(fields: Tensor) -> Tensor:
    """How far the ink of each row is from the left end of fields (N, S, S): (N, S) in pixels of the
    usual field, `FAR_PX` where there is none."""
    above = fields.float() - 0.5
    inked = above > 0
    first = inked.int().argmax(2, keepdim=True)
    here = above.gather(2, first)
    before = above.gather(2, (first - 1).clamp(min=0))
    into = (here / (here - before).clamp(min=1e-6)).clamp(0, 1)
    scale = SIZE_PX / fields.shape[2]
    edge = torch.where(inked.any(2), scale * (first - into + 0.5)[..., 0], FAR_PX)
    sight = round(SIGHT_PX / scale)
    return -F.max_pool1d(-edge[:, None], 2 * sight + 1, 1, sight)[:, 0]
