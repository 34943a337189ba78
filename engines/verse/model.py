"""The network: a recurrent one that writes a line from its end to its beginning.

Backwards, because a rhyme is then the first thing that is decided (J. H. Lau et al.: Deep-speare, a
joint neural model of poetic language, meter and rhyme. ACL 2018). The line sees the lines before it
by attention (M.-T. Luong et al.: Effective approaches to attention-based neural machine
translation. EMNLP 2015; dot products, after the recurrent layer), and what the poem is about by a
point: a variational auto-encoder (D. Kingma, M. Welling: Auto-encoding variational Bayes. ICLR
2014; for text S. Bowman et al.: Generating sentences from a continuous space. CoNLL 2016) whose
encoder reads a stanza's words in no order, and whose point must also tell them in no order (T. Zhao
et al.: Learning discourse-level diversity for neural dialog models. ACL 2017, the bag-of-words
loss), so that it is not ignored.

The cell is a choice: LSTM (S. Hochreiter, J. Schmidhuber: Long short-term memory. Neural
Computation 9, 1997) or GRU (K. Cho et al.: Learning phrase representations. EMNLP 2014).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

Cell = Literal["gru", "lstm"]
HIDDEN: dict[Cell, int] = {"gru": 256, "lstm": 212}
"""So many units that both have as many weights."""
EMBEDDED = 128
LATENT = 24
ROOM = 16
"""Syllables that may remain, from 0, and that a line may have, from 1 (0: there is no line)."""
COUNTED = 16
BEFORE = 3
"""Lines before that are seen."""
LONGEST = 24
"""Tokens of a line at most."""
ENCODED = 96

State = tuple[Tensor, ...]


@dataclass(frozen=True)
class Memory:
    """What attention sees: the words of the lines before."""

    keys: Tensor
    """(N, M + 1, EMBEDDED)."""
    hidden: Tensor
    """(N, M + 1): true where there is nothing; the last place is never."""


class VerseModel(nn.Module):
    """Lines from points, syllables and the lines before."""

    def __init__(self, cell: Cell, tokens: int) -> None:
        super().__init__()
        self.cell: Cell = cell
        hidden = HIDDEN[cell]
        self.embedding = nn.Embedding(tokens, EMBEDDED)
        self.counted = nn.Embedding(ROOM, COUNTED)
        self.age = nn.Embedding(BEFORE, EMBEDDED)
        self.place = nn.Embedding(LONGEST, EMBEDDED)
        self.nothing = nn.Parameter(torch.zeros(EMBEDDED))
        kind = nn.GRU if cell == "gru" else nn.LSTM
        self.layer = kind(EMBEDDED + COUNTED + LATENT, hidden, batch_first=True)
        self.begin = nn.Linear(EMBEDDED + COUNTED + LATENT, hidden)
        self.asked = nn.Linear(hidden, EMBEDDED)
        self.said = nn.Linear(hidden + EMBEDDED, EMBEDDED)
        self.bias = nn.Parameter(torch.zeros(tokens))
        self.drop = nn.Dropout(0.1)
        self.metre = nn.Embedding(ROOM, ROOM)
        self.bag = nn.Sequential(nn.Linear(EMBEDDED, ENCODED), nn.GELU())
        self.point = nn.Linear(ENCODED, 2 * LATENT)
        self.told = nn.Linear(LATENT, EMBEDDED)
        self.told_bias = nn.Parameter(torch.zeros(tokens))
        nn.init.normal_(self.embedding.weight, std=0.3)
        nn.init.zeros_(self.metre.weight)

    def encode(self, words: Tensor, counts: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance (B, LATENT) of stanzas: tokens (B, K), how often each stands there
        (0 for padding)."""
        share = counts / counts.sum(1, keepdim=True).clamp_min(1)
        bag = self.bag(self.embedding(words))
        mean, log_variance = self.point((share[..., None] * bag).sum(1)).chunk(2, -1)
        return mean, log_variance.clamp(-8, 4)

    def bag_of(self, points: Tensor) -> Tensor:
        """(B, tokens): log-probabilities of the words of a stanza, in no order."""
        told: Tensor = self.told(points) @ self.embedding.weight.T + self.told_bias
        return told.log_softmax(-1)

    def remember(self, before: Tensor, real: Tensor) -> Memory:
        """`before` (N, BEFORE, T) tokens of the lines before, the nearest first, each from its end;
        `real` of the same shape is true where there is a token."""
        count, lines, length = before.shape
        keys = self.embedding(before) + self.age.weight[:, None] + self.place.weight[:length]
        keys = torch.cat(
            (keys.reshape(count, lines * length, -1), self.nothing.expand(count, 1, -1)), 1
        )
        hidden = torch.cat((~real.reshape(count, -1), real.new_zeros(count, 1)), 1)
        return Memory(keys, hidden)

    def start(self, points: Tensor, syllables: Tensor, memory: Memory) -> State:
        """The layer's state before the line's end, (1, N, hidden) each."""
        share = (~memory.hidden).float()
        seen = (memory.keys * share[..., None]).sum(1) / share.sum(1, keepdim=True)
        first = torch.tanh(self.begin(torch.cat((seen, self.counted(syllables), points), -1)))[None]
        return (first,) if self.cell == "gru" else (first, torch.zeros_like(first))

    def forward(
        self, tokens: Tensor, remaining: Tensor, points: Tensor, memory: Memory, state: State
    ) -> tuple[Tensor, State]:
        """Tokens so far (N, T), syllables that remain after each, points (N, LATENT) -> what is
        said (N, T, EMBEDDED), see `scores`, and the state after it."""
        given = torch.cat(
            (
                self.embedding(tokens),
                self.counted(remaining),
                points[:, None].expand(-1, tokens.shape[1], -1),
            ),
            -1,
        )
        out, after = self.layer(given, state[0] if self.cell == "gru" else state)
        match = (self.asked(out) @ memory.keys.transpose(1, 2)) / math.sqrt(EMBEDDED)
        shares = match.masked_fill(memory.hidden[:, None], -1e4).softmax(-1)
        said = torch.tanh(self.said(self.drop(torch.cat((out, shares @ memory.keys), -1))))
        return said, (after,) if self.cell == "gru" else after

    def scores(self, said: Tensor) -> Tensor:
        """(..., tokens): of every token, unnormalised, of what comes next before it."""
        scores: Tensor = self.drop(said) @ self.embedding.weight.T + self.bias
        return scores


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """(B, LATENT): nats from N(0, 1), for each number of the point."""
    return 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance)
