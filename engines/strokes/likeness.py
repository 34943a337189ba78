"""How near two drawings are, whatever the order in which they were drawn."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from engines.strokes.drawings import Strokes
from engines.strokes.ink import curve
from engines.strokes.looking import SIDE_PX, seen

NEAR_PX = 2.0
"""Of 48: a point is found again where some ink is so near."""

INK = 100
"""From here on a pixel of 0..255 counts as ink."""

Fields = npt.NDArray[np.float32]


def ink(drawings: Sequence[Strokes], width: int = 1) -> Fields:
    """(N, H * W), W is `width` times H: 1 where a thin pen went, else 0."""
    drawn = [seen(tuple(curve(s) for s in strokes), width, 1.2) > INK for strokes in drawings]
    return np.stack(drawn).reshape(len(drawn), -1).astype(np.float32)


def away(inks: Fields) -> Fields:
    """(N, H * W): from each pixel to the nearest ink, in pixels."""
    empty = (1 - inks).astype(np.uint8).reshape(len(inks), SIDE_PX, -1)
    far = [cv2.distanceTransform(e, cv2.DIST_L2, 5).reshape(-1) for e in empty]
    return np.stack(far).clip(0, SIDE_PX)


def found(real: Sequence[Strokes], again: Sequence[Strokes]) -> float:
    """Which share of the real drawings' points has ink of its own copy near it."""
    inks, near = ink(real), away(ink(again)) <= NEAR_PX
    return float(((inks * near).sum(1) / np.maximum(inks.sum(1), 1)).mean())


def nearest(drawn: Sequence[Strokes], learnt: Sequence[Strokes]) -> Fields:
    """(N,): to the nearest drawing of those learnt from: the mean of both ways' mean distances
    between their points (H. G. Barrow et al.: chamfer matching. IJCAI 1977), in pixels of 48."""
    return np.asarray(apart(ink(drawn), ink(learnt)).min(1), np.float32)


def apart(a: Fields, b: Fields) -> Fields:
    """(N, M): that distance between each of one and each of the other inks."""
    shares_a, shares_b = (x / np.maximum(x.sum(1, keepdims=True), 1) for x in (a, b))
    return np.asarray((shares_a @ away(b).T + away(a) @ shares_b.T) / 2, np.float32)
