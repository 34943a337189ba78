"""Turns a training run into the weights file that the instrument loads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engines.common.training import CHECKPOINT, LOG, averaged_state
from engines.digits import shipped
from engines.digits.curves import POINTS
from engines.digits.digits import Digits
from engines.digits.gallery.page import Page
from engines.digits.gallery.pages import PAGES
from engines.digits.shipped import Shipped
from engines.digits.strip import Strip, shares
from engines.digits.training.trainee import asked_of
from studio.engine import Atlas

PLACED = 300
"""Digits on a map."""
PERPLEXITY = 20.0
SMOOTHED = 7
"""Lines of the log that one point of a curve is a mean of."""
REACH = 2.4
"""How far the map of a plane goes, in standard deviations."""


def export(model: str, run: Path, digits: Digits, out: Path) -> Path:
    """Write the weights file from the checkpoint in `run`; returns its path."""
    page = PAGES[model]()
    state, trained = averaged_state(run, "page")
    page.load_state_dict(state)
    page.eval().requires_grad_(False)
    page.finish(digits)
    strip = Strip(getattr(page, page.strip))
    kept = torch.load(run / CHECKPOINT, map_location="cpu", weights_only=True)
    strip.load_state_dict(kept["modules"]["strip"])
    shipped.write(out, model, Shipped(page, strip, losses(run), mapped(page, digits)), trained)
    return out


def losses(run: Path) -> Mapping[str, Tensor]:
    """Every loss of the run's log, smoothed, at the places that `curves` shows."""
    log = run / LOG
    lines = map(json.loads, log.read_text("utf-8").splitlines() if log.exists() else ())
    told = {line.pop("step"): line for line in lines}
    if not told:  # a training of a few steps
        return {}
    steps = sorted(told)
    places = shares(POINTS) * steps[-1]
    found = {}
    for name in (n for n in told[steps[-1]] if n != "seconds"):
        values = np.asarray([told[step][name] for step in steps])
        smooth = np.convolve(np.pad(values, SMOOTHED // 2, "edge"), np.ones(SMOOTHED), "valid")
        at = np.interp(places, steps, smooth / SMOOTHED)
        found[name] = torch.from_numpy(at.astype(np.float32))
    return found


def mapped(page: Page, digits: Digits) -> Atlas | None:
    """Where digits are: a plane as it is, else by t-SNE; none of points that are mere chance."""
    if page.latent_size == 2:
        line = np.linspace(-1, 1, 19, dtype=np.float32)
        places = np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)
        return Atlas(REACH * places, places)
    if page.latent_size > 128:
        return None
    some = torch.arange(0, len(digits.ink), max(1, len(digits.ink) // PLACED))
    ink = (digits.binary() if page.binary else digits.ink)[some]
    with torch.no_grad():
        points = page.encode(ink, asked_of(digits.shares()[some])).numpy()
    return Atlas(points, _places(points))


def _places(points: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(K, L) -> (K, 2) in [-1, 1] (t-SNE: van der Maaten & Hinton 2008)."""
    from sklearn.manifold import TSNE

    few = max(2.0, min(PERPLEXITY, (len(points) - 1) / 4))
    flat = TSNE(perplexity=few, init="pca", random_state=0).fit_transform(points)
    low, high = flat.min(0), flat.max(0)
    return np.asarray(2 * (flat - low) / np.maximum(high - low, 1e-6) - 1, np.float32)
