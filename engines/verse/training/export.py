"""Turns a training run into the weights file that the instrument loads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engines.common.training import averaged_state
from engines.verse import copies, shipped
from engines.verse.corpus.lines import Runs
from engines.verse.lexicon import MARKS, Lexicon, lexicon
from engines.verse.model import Cell, VerseModel
from engines.verse.shipped import Shipped
from engines.verse.spec import SUBJECTS
from engines.verse.training import data_set
from studio.engine import Atlas

STANZAS = 12_000
"""Whose points tell where the subjects are."""
PLACED = 300
"""Stanzas on the map."""
PERPLEXITY = 20.0
REACH = 2.0
"""A direction's step: so many standard deviations of the points along it."""


def export(model: str, run: Path, runs: Runs, out: Path) -> Path:
    """Write the weights file from the checkpoint in `run`; returns its path."""
    words = lexicon()
    cell: Cell = "lstm" if model == "lstm" else "gru"
    network = VerseModel(cell, len(words.tokens))
    state, trained = averaged_state(run, "model")
    network.load_state_dict(state)
    network.eval().requires_grad_(False)
    points, tokens = points_of(network, runs, words)
    filtered = copies.filter_of(
        [word for word in data_set.words_of(line) if word not in MARKS] for r in runs for line in r
    )
    made = Shipped(network, filtered, steps_of(points, tokens, words), mapped(points))
    shipped.write(out, made, trained)
    return out


def points_of(model: VerseModel, runs: Runs, words: Lexicon) -> tuple[Tensor, Tensor]:
    """Points (N, LATENT) of stanzas from all over the corpus, and their tokens (N, K)."""
    lines = data_set.lines_of(runs[:: max(1, len(runs) // STANZAS)], words)
    tells = data_set.telling(words)
    found, tokens = [], []
    for batch in data_set.in_turn(lines, tells, 256):
        enough = batch.counts.sum(1) >= 3
        mean, _ = model.encode(batch.words[enough], batch.counts[enough])
        found.append(mean)
        tokens.append((batch.words * batch.counts.long())[enough])
    return torch.cat(found), torch.cat(tokens)


def steps_of(points: Tensor, tokens: Tensor, words: Lexicon) -> dict[str, Tensor]:
    """For every subject the way from all stanzas to those that have one of its words."""
    found = {}
    for name, listed in SUBJECTS.items():
        numbers = torch.tensor([words.number[w] for w in listed.split() if w in words.number])
        having = torch.isin(tokens, numbers).any(1)
        if having.sum() < 5:
            found[name] = torch.zeros(points.shape[1])
            continue
        way = points[having].mean(0) - points.mean(0)
        along = way / way.norm().clamp_min(1e-6)
        found[name] = REACH * along * (points @ along).std()
    return found


def mapped(points: Tensor) -> Atlas | None:
    """Where some stanzas are, by t-SNE (van der Maaten & Hinton 2008)."""
    some = points[:: max(1, len(points) // PLACED)][:PLACED].numpy()
    if len(some) < 20:
        return None
    from sklearn.manifold import TSNE

    few = min(PERPLEXITY, (len(some) - 1) / 4)
    flat = TSNE(perplexity=few, init="pca", random_state=0).fit_transform(some)
    return Atlas(some, _within(flat))


def _within(flat: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    low, high = flat.min(0), flat.max(0)
    return np.asarray(2 * (flat - low) / np.maximum(high - low, 1e-6) - 1, np.float32)
