"""Sheets to look at while a pen learns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engines.strokes.drawings import Strokes, bounds, moved
from engines.strokes.ink import curve, inked
from engines.strokes.models import END, PLANS, WRITTEN
from engines.strokes.playing import Hand, Player
from engines.strokes.training.batches import Pictures, Words

SIDE_PX = 128
WORDS = ("Hello", "quick", "jumps", "Zebra", "over", "1907", "What?", "lazy")


def shown(model: str, averages: Mapping[str, nn.Module]) -> Tensor:
    """(32, 3, H, W): what is real, then what is drawn of it at temperatures 0 and 0.4, then what
    is drawn of chance."""
    from engines.strokes.training.trainee import batches_of

    encoder, pen = (averages[n].cpu().eval() for n in ("encoder", "pen"))
    some, plan = batches_of(model, held_out=True), PLANS[model]
    player = Player(pen, plan.unit)  # type: ignore[arg-type]
    rows: list[list[Strokes]] = []
    if isinstance(some, Words):
        hands = [some.hands[n % len(some.hands)] for n in range(8)]
        batch = some.plainly(hands)
        rows.append([some.written(w, h) for w, h in zip(WORDS, hands, strict=True)])
        texts: list[Any] = [np.asarray([*(WRITTEN.index(c) for c in w), END]) for w in WORDS]
        shares: list[Any] = [None] * 8
    else:
        assert isinstance(some, Pictures)
        chosen = [n * len(some.drawings) // 8 for n in range(8)]
        batch = some.plainly(chosen)
        rows.append([some.drawings[n].strokes for n in chosen])
        texts = [None] * 8
        assert batch.shares is not None
        shares = list(batch.shares.numpy())
    with torch.no_grad():
        means = encoder(batch.pictures)[0].numpy()
    codes = np.random.default_rng(1).standard_normal(means.shape).astype(np.float32)
    for points, temperature in ((means, 0.0), (means, 0.4), (codes, 0.2)):
        each = zip(points, shares, texts, strict=True)
        drawn = [player.draw(p, Hand(temperature, 1), s, t).strokes for p, s, t in each]
        rows.append(drawn)
    return torch.stack([tile(s, plan.shape.characters > 0) for row in rows for s in row])


def tile(strokes: Strokes, line: bool) -> Tensor:
    """(3, H, W) in 0..1."""
    if line:
        left, _, right, _ = bounds(strokes)
        scale = min(0.6, 1.8 / max(right - left, 0.1))
        strokes = moved(strokes, (-scale * (left + right) / 2, 0.2), scale)
    ink = inked(tuple(curve(s) for s in strokes), SIDE_PX, 0.03)
    return 1 - torch.from_numpy(ink).float().div(255).expand(3, -1, -1)
