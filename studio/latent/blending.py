"""Between points of a latent space: blends, walks and loops, as pure functions on arrays.

A point is float32 of shape (D,). Samples of a standard normal prior in D dimensions lie close to a
sphere of radius sqrt(D), so the straight line between two of them leaves the region that the
decoder has learnt: its middle has 0.71 of the norm. The great-circle blends here keep the norm
(White 2016, "Sampling Generative Networks", arXiv:1609.04468).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.document.scene import Interpolation

Points = NDArray[np.float32]

_NEARLY_ZERO = 1e-7


def lerp(a: ArrayLike, b: ArrayLike, t: float) -> Points:
    """The point at `t` on the straight line from `a` (t = 0) to `b` (t = 1). Shape (D,)."""
    start, end = _floats(a), _floats(b)
    return np.asarray((1 - t) * start + t * end, np.float32)


def slerp(a: ArrayLike, b: ArrayLike, t: float) -> Points:
    """The point at `t` on the great circle from `a` to `b`, norms interpolated. Shape (D,).

    Shoemake 1985, "Animating Rotation with Quaternion Curves". Opposite points have no shortest
    circle; they and a zero point fall back to the straight line.
    """
    start, end = _floats(a), _floats(b)
    norm_a, norm_b = float(np.linalg.norm(start)), float(np.linalg.norm(end))
    if min(norm_a, norm_b) < _NEARLY_ZERO:
        return lerp(start, end, t)
    u, v = start / norm_a, end / norm_b
    # atan2 of the chords keeps its accuracy for nearly equal points, where arccos does not.
    angle = 2 * math.atan2(float(np.linalg.norm(u - v)), float(np.linalg.norm(u + v)))
    if angle < 1e-6 or math.pi - angle < 1e-6:
        return lerp(start, end, t)
    direction = (math.sin((1 - t) * angle) * u + math.sin(t * angle) * v) / math.sin(angle)
    return np.asarray(((1 - t) * norm_a + t * norm_b) * direction, np.float32)


def blend(points: ArrayLike, weights: ArrayLike, how: Interpolation = "great circle") -> Points:
    """The weighted mean of N `points` (N, D) under `weights` (N,) >= 0. Shape (D,).

    "straight" is the ordinary mean. "great circle" is the spherical mean of Buss and Fillmore
    (2001, "Spherical averages", ACM TOG 20:2): the direction that minimises the weighted squared
    angles, at the weighted mean of the norms. It equals `slerp` for two points, gives a point back
    when its weight is all, and keeps the norm that a prior sample would have.
    """
    p = np.atleast_2d(_floats(points))
    w = _normalised(weights)
    if w.shape != p.shape[:1]:
        raise ValueError(f"{w.size} weights do not fit {p.shape[0]} points.")
    used = w > 0
    p, w = p[used], w[used]
    mean = w @ p
    if how == "straight" or len(w) == 1:
        return np.asarray(mean, np.float32)
    if len(w) == 2:
        return slerp(p[0], p[1], float(w[1]))
    return _spherical_mean(p, w, mean)


def _spherical_mean(p: NDArray[np.float64], w: NDArray[np.float64], mean: ArrayLike) -> Points:
    norms = np.linalg.norm(p, axis=1)
    middle = _floats(mean)
    if norms.min() < _NEARLY_ZERO or np.linalg.norm(middle) < _NEARLY_ZERO:
        return np.asarray(middle, np.float32)
    units = p / norms[:, None]
    q = middle / np.linalg.norm(middle)
    for _ in range(40):
        # Step to the mean of the points as seen in the tangent plane at q (the log map).
        cosine = np.clip(units @ q, -1.0, 1.0)
        pulls = w * np.arccos(cosine) / np.sqrt(np.maximum(1 - cosine * cosine, 1e-16))
        slope = float(pulls @ cosine)
        step = pulls @ units - slope * q
        size = math.sqrt(float(step @ step))
        if size < 1e-6:  # below what float32 can tell apart
            break
        # `slope` is the curvature across the circle, so this is nearly Newton's step; beyond 1.5
        # of the plain step the mean of far-apart points would be overshot.
        reach = size / max(slope, 0.67)
        q = math.cos(reach) * q + (math.sin(reach) / size) * step
    return np.asarray(float(w @ norms) * q, np.float32)


def pad_weights(puck: tuple[float, float], anchors: ArrayLike) -> NDArray[np.float64]:
    """Weights (N,), summing to 1, that a puck's place gives to `anchors` (N, 2).

    Inverse distance to the third power (Shepard 1968, "A two-dimensional interpolation function
    for irregularly-spaced data"): an anchor under the puck has all the weight, the centre of a
    circle of anchors shares it evenly, and between neighbours the far ones are faint.
    """
    places = np.atleast_2d(_floats(anchors))
    distances = np.hypot(places[:, 0] - puck[0], places[:, 1] - puck[1])
    under = distances < 1e-4
    if under.any():
        return np.asarray(under / under.sum())
    closeness = (distances.min() / distances) ** 3
    return np.asarray(closeness / closeness.sum())


def drift(point: ArrayLike, rng: np.random.Generator, step: float) -> Points:
    """One step of a random walk that never leaves the prior. Shape (D,).

    The Ornstein-Uhlenbeck step z' = sqrt(1 - s^2) z + s e with e ~ N(0, I) has N(0, I) as its
    stationary distribution. `step` is in [0, 1]: 0 stays, 1 jumps to an independent sample.
    """
    z = _floats(point)
    noise = rng.standard_normal(z.shape)
    return np.asarray(math.sqrt(1 - step * step) * z + step * noise, np.float32)


def ease(t: float) -> float:
    """Smoothstep on [0, 1]: leaves and arrives at rest."""
    t = min(1.0, max(0.0, t))
    return t * t * (3 - 2 * t)


def loop(
    points: Sequence[ArrayLike] | Points,
    t: float,
    how: Interpolation = "great circle",
    *,
    rests: bool = True,
) -> Points:
    """The place at `t` on a closed path through `points`, by default at rest in each. Shape (D,).

    t = 0 and t = 1 are the first point, to the bit, and so is every whole number. A path that does
    not rest goes at the same speed along every leg.
    """
    if len(points) == 0:
        raise ValueError("A loop needs at least one point.")
    along = (t % 1.0) * len(points)
    leg = int(along)
    a, b = points[leg % len(points)], points[(leg + 1) % len(points)]
    step = lerp if how == "straight" else slerp
    share = ease(along - leg) if rests else along - leg
    return np.asarray(a, np.float32) if share == 0.0 else step(a, b, share)


def _floats(values: ArrayLike) -> NDArray[np.float64]:
    return np.asarray(values, np.float64)


def _normalised(weights: ArrayLike) -> NDArray[np.float64]:
    w = np.atleast_1d(_floats(weights))
    total = float(w.sum())
    if not np.isfinite(w).all() or (w < 0).any() or total <= 0:
        raise ValueError("Weights are finite, not negative, and not all zero.")
    return w / total
