"""How clean letters are: rows of `latentloom evaluate` for a model of letterforms.

By their fields, in the same way for real letters, for the instrument's and for those of version 0.1
(the decoder's own fields, their edges not cleaned).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from engines.vae_images.alphabet import CHARACTERS, SIZE_PX
from engines.vae_images.contours import Points, contours
from engines.vae_images.data_sets.materials import Faces
from engines.vae_images.latent_space import Array
from engines.vae_images.letterpress import LetterArt
from engines.vae_images.typesetting import resampling
from studio.commands.report import Row, at_most

COUNT = 40
"""Sampled typefaces."""
STRAIGHT = "Il"
"""Letters with a stem from top to bottom."""
FINER = 4
"""Edges are followed on rows so many times as close as those of the usual field."""
MIDDLE = (0.3, 0.7)
"""Of a letter's height, where its stem has no foot."""
LEAST_AREA = 1.5
"""A part smaller than this, in pixels of the usual field, is a speck and no part of a stroke."""

Fields = NDArray[np.float32]


def rows(art: LetterArt, real: Faces, count: int = COUNT) -> list[Row]:
    """Of `count` sampled typefaces."""
    points = art.space.density.sample(3, count)
    whole = _usual_parts(real)
    shown = [_sheets(art, points, clean) for clean in (True, False)]
    wavers = [_waver(faces) for faces in shown]
    broken = [_broken_share(faces, whole) for faces in shown]
    stems = [CHARACTERS.index(c) for c in STRAIGHT]
    there = np.isfinite(real.advances_px[:, stems]).all(1)
    straight = np.asarray(real.fields[there][:, stems], np.float32) / 255
    own = _waver([dict(zip(STRAIGHT, face, strict=True)) for face in straight])
    on = f"stems of {STRAIGHT} of {count} sampled typefaces; real ones {own:.3f}"
    of = f"letters of {count} sampled typefaces in more pieces than is usual"
    return [
        Row("edge_waver", wavers[0], "% of height", at_most(0.06), on),
        Row("edge_waver_v0_1", wavers[1], "% of height", None, "as the decoder draws them"),
        Row("broken_strokes_share", broken[0], "", at_most(0.01), of),
        Row("broken_strokes_share_v0_1", broken[1], "", None, "as the decoder draws them"),
    ]


def waver(field: Fields) -> float:
    """How far the two edges of a stem in a field (S, S) stray from straight lines, the root of the
    mean square as a share of the letter's height; NaN where there is no stem."""
    square = FINER * SIZE_PX
    _, weights = resampling(0.0, FINER, square, torch.from_numpy(field))
    steps = weights.numpy()
    large = steps @ field @ steps.T - 0.5
    inked = np.flatnonzero((large > 0).any(1))
    if not len(inked):
        return float("nan")
    top, height = inked[0], len(inked)
    kept = large[top + int(MIDDLE[0] * height) : top + int(MIDDLE[1] * height)]
    if len(kept) < 3 * FINER or not (kept > 0).any(1).all():
        return float("nan")
    strays = [_stray(_crossings(side)) for side in (kept, kept[:, ::-1])]
    return float(np.sqrt(np.mean(np.square(strays)))) / height


def _crossings(rows: Fields) -> Array:
    """Where each row first rises above 0."""
    first = np.maximum((rows > 0).argmax(1), 1)
    own = np.arange(len(rows))
    below, above = rows[own, first - 1], rows[own, first]
    return np.asarray(first - above / (above - below), np.float32)


def _stray(edge: Array) -> float:
    """The deviation of (N,) from its straight line."""
    at = np.arange(len(edge))
    return float(np.std(edge - np.polyval(np.polyfit(at, edge, 1), at)))


def parts(field: Fields) -> int:
    """Pieces of ink in a field (S, S), specks left out."""
    scale = (field.shape[0] / SIZE_PX) ** 2
    return sum(_area(path) > LEAST_AREA * scale for path in contours(field, 0.5))


def _area(path: Points) -> float:
    """Above 0 for a piece of ink, below for a hole."""
    x, y = path.T
    return float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2


def _sheets(art: LetterArt, points: Array, clean: bool) -> list[dict[str, Fields]]:
    """Every letter of each typeface."""
    drawn = []
    with torch.inference_mode():
        for point in points:
            fields = art.letters(point, CHARACTERS, clean)[0][:, 0].float().cpu().numpy()
            drawn.append(dict(zip(CHARACTERS, fields, strict=True)))
    return drawn


def _waver(faces: Sequence[dict[str, Fields]]) -> float:
    """The median over typefaces and stems, in per cent."""
    return 100 * float(np.nanmedian([waver(face[c]) for face in faces for c in STRAIGHT]))


def _usual_parts(real: Faces) -> dict[str, int]:
    """How many pieces most typefaces draw each letter in."""
    usual = {}
    for letter, character in enumerate(CHARACTERS):
        there = np.flatnonzero(np.isfinite(real.advances_px[:, letter]))[::3]
        fields = np.asarray(real.fields[there, letter], np.float32) / 255
        usual[character] = int(np.median([parts(field) for field in fields]))
    return usual


def _broken_share(faces: Sequence[dict[str, Fields]], whole: dict[str, int]) -> float:
    return float(np.mean([parts(f) > whole[c] for face in faces for c, f in face.items()]))
