"""Turns a training run into the weights file that the instrument loads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from engines.common.training import averaged_state
from engines.strokes import shipped
from engines.strokes.kinds import is_whole
from engines.strokes.looking import SIDE_PX
from engines.strokes.models import PLANS, Plan
from engines.strokes.network import Encoder, Pen
from engines.strokes.shipped import Prior, Shipped
from engines.strokes.training.batches import Batches, Pictures, Words
from studio.engine import Atlas

PLACED = 700
"""Drawings on a map."""
PERPLEXITY = 20.0
LOOKED_AT = 400
"""Words that tell where the hands are."""

BORROWED = 12
"""Drawings' worth of the spread that all kinds share."""
REACH = 0.6
"""How far points go of what was learnt."""

Array = npt.NDArray[np.float32]


def export(model: str, run: Path, batches: Batches, out: Path) -> Path:
    """Write the weights file from the checkpoint in `run`; returns its path."""
    plan = PLANS[model]
    encoder, pen = Encoder(plan.shape, SIDE_PX).eval(), Pen(plan.shape).eval()
    for name, module in (("encoder", encoder), ("pen", pen)):
        state, trained = averaged_state(run, name)
        module.load_state_dict(state)
    codes, spreads, kinds = codes_of(encoder, batches)
    prior = fitted(codes, spreads, kinds, plan)
    made = Shipped(plan, encoder, pen, prior, *mapped(codes, kinds, plan, prior))
    shipped.write(out, model, made, trained)
    return out


@torch.no_grad()
def codes_of(encoder: Encoder, batches: Batches) -> tuple[Array, Array, Array]:
    """Means and variances (N, L) of the codes of what was learnt from, and the kinds (N,)."""
    if isinstance(batches, Pictures):
        # those with badges are learnt from, but nobody asks for one
        rows = np.asarray([n for n, d in enumerate(batches.drawings) if is_whole(d.name)])
        parts = [
            batches.plainly(some.tolist()) for some in np.array_split(rows, len(rows) // 100 + 1)
        ]
        kinds = batches.shares.argmax(1).numpy()[rows]
    else:
        assert isinstance(batches, Words)
        parts = [batches.batch(range(n, n + 100)) for n in range(0, LOOKED_AT, 100)]
        kinds = np.zeros(LOOKED_AT, np.int64)
    told = [encoder(part.pictures) for part in parts]
    means, spreads = (torch.cat(each).numpy() for each in zip(*told, strict=True))
    return means, np.exp(spreads), kinds


def fitted(codes: Array, spreads: Array, kinds: Array, plan: Plan) -> Prior:
    """Of each kind the mean and the spread about it; of few drawings, nearer to all kinds' own."""
    count = max(1, len(plan.kinds))
    own = [codes[kinds == k] for k in range(count)]
    means = np.stack([some.mean(0) if len(some) else codes.mean(0) for some in own])
    doubt = np.diag(spreads.mean(0))
    shared = np.cov((codes - means[kinds]).T)
    roots = []
    for mean, some in zip(means, own, strict=True):
        away = some - mean
        values, vectors = np.linalg.eigh(
            (away.T @ away + BORROWED * shared) / (len(some) + BORROWED) + doubt
        )
        roots.append(vectors @ np.diag(np.sqrt(np.maximum(values, 1e-6))) @ vectors.T)
    return Prior(means.astype(np.float32), (REACH * np.stack(roots)).astype(np.float32))


def mapped(
    codes: Array, kinds: Array, plan: Plan, prior: Prior
) -> tuple[Atlas, npt.NDArray[np.int64]]:
    """Where drawings of the kinds are, by t-SNE (van der Maaten & Hinton 2008); and the kinds."""
    from sklearn.manifold import TSNE

    named = np.nonzero(kinds < len(plan.kinds) - 1)[0] if plan.kinds else np.arange(len(codes))
    some = named[:: -(-len(named) // PLACED)]
    shares = np.eye(len(prior.means), dtype=np.float32)
    points = np.stack([prior.point(codes[n], shares[kinds[n]]) for n in some])
    few = max(2.0, min(PERPLEXITY, (len(points) - 1) / 4))
    flat = TSNE(perplexity=few, init="pca", random_state=0).fit_transform(codes[some])
    low, high = flat.min(0), flat.max(0)
    places = np.asarray(2 * (flat - low) / np.maximum(high - low, 1e-6) - 1, np.float32)
    return Atlas(points, places), kinds[some].astype(np.int64)
