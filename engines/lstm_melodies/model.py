"""The melody model: an LSTM auto-encoder of two-bar cells that also goes on by itself.

In the line of MusicVAE (Roberts et al., "A Hierarchical Latent Vector Model", 2018): a
bidirectional LSTM reads two bars into a latent point; a conductor turns the point into a plan, one
vector for every beat or so; an LSTM writes the events, each time with the plan's vector for the
place where it is. A longer phrase is a row of points, two bars each, written in one go: the LSTM
keeps its memory over all of it. Without a plan the same LSTM is a language model of melodies.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.lstm_melodies.features import (
    BACK,
    BARS_COUNTED,
    BLANK_LENGTH,
    BLANK_PITCH,
    CELL_BARS,
    FAR,
    MOST_REPEATED,
    PLACES,
    SLOTS,
)
from engines.lstm_melodies.grid import (
    BAR_TICKS,
    GENRES,
    HOLD,
    LENGTHS,
    METRES,
    MODES,
    PITCHES,
    lengths_that_fit,
)

CELL_SLOTS = CELL_BARS * SLOTS
NEVER = -1e9
"""The logit of what may not be."""


@dataclass(frozen=True, slots=True)
class MelodyConfig:
    """Everything that fixes the shape of a model; stored beside its weights."""

    latent_size: int = 128
    hidden: int = 384
    encoder_hidden: int = 192
    plan: int = 96
    conductor: int = 512
    head: int = 256

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> MelodyConfig:
        """Raises TypeError or ValueError for fields that make no model."""
        return cls(**{name: int(value) for name, value in fields.items()})


@dataclass(slots=True)
class Batch:
    """Events side by side, time first: (T, B) int64 each, (T, B, 4) for what is looked up."""

    pitch: Tensor
    length: Tensor
    pitch_before: Tensor
    length_before: Tensor
    place: Tensor
    bar: Tensor
    countdown: Tensor
    back_pitch: Tensor
    back_length: Tensor
    repeated: Tensor
    slot: Tensor
    """The plan's slot, 0..11, within the cell."""
    cell: Tensor
    """The row of the plan table (see `Decoder.forward`) that an event reads; 0 for none."""
    real: Tensor
    """(T, B) bool: False for padding."""
    genre: Tensor
    """(B,) int64, likewise metre and mode."""
    metre: Tensor
    mode: Tensor


def fitting_lengths() -> Tensor:
    """(PLACES, lengths) float: 0 for a length that fits the bar from that place on, else NEVER."""
    rows = [
        torch.from_numpy(lengths_that_fit(ticks)) for ticks in dict.fromkeys(BAR_TICKS.values())
    ]
    fits = torch.cat(rows)
    assert len(fits) == PLACES
    return torch.where(fits, 0.0, NEVER)


def holding_places() -> Tensor:
    """(PLACES,) float: 0 where a bar begins, else NEVER: only there a note may be held."""
    starts = torch.full((PLACES,), NEVER)
    at = 0
    for ticks in dict.fromkeys(BAR_TICKS.values()):
        starts[at] = 0.0
        at += ticks
    return starts


class Words(nn.Module):
    """What is known before an event -> its vector: one embedding a feature, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.pitch = nn.Embedding(BLANK_PITCH + 1, 48)
        self.length = nn.Embedding(BLANK_LENGTH + 1, 16)
        self.place = nn.Embedding(PLACES, 32)
        self.bar = nn.Embedding(BARS_COUNTED, 8)
        self.countdown = nn.Embedding(FAR + 1, 8)
        self.back_pitch = nn.ModuleList(nn.Embedding(PITCHES + 1, 24) for _ in BACK)
        self.back_length = nn.ModuleList(nn.Embedding(len(LENGTHS) + 1, 8) for _ in BACK)
        self.repeated = nn.ModuleList(nn.Embedding(MOST_REPEATED + 1, 4) for _ in BACK)
        self.genre = nn.Embedding(len(GENRES), 16)
        self.metre = nn.Embedding(len(METRES), 8)
        self.mode = nn.Embedding(len(MODES), 8)

    @property
    def size(self) -> int:
        return sum(m.embedding_dim for m in self.modules() if isinstance(m, nn.Embedding))

    def forward(self, batch: Batch) -> Tensor:
        steps = len(batch.pitch_before)
        parts = [
            self.pitch(batch.pitch_before),
            self.length(batch.length_before),
            self.place(batch.place),
            self.bar(batch.bar % BARS_COUNTED),
            self.countdown(batch.countdown),
        ]
        for i in range(len(BACK)):
            parts.append(self.back_pitch[i](batch.back_pitch[..., i]))
            parts.append(self.back_length[i](batch.back_length[..., i]))
            parts.append(self.repeated[i](batch.repeated[..., i]))
        for table, words in ((self.genre, batch.genre), (self.metre, batch.metre),
                             (self.mode, batch.mode)):  # fmt: skip
            parts.append(table(words).expand(steps, -1, -1))
        return torch.cat(parts, -1)


class Encoder(nn.Module):
    """Two-bar cells -> mean and log variance of their points."""

    def __init__(self, config: MelodyConfig) -> None:
        super().__init__()
        self.pitch = nn.Embedding(PITCHES, 48)
        self.length = nn.Embedding(len(LENGTHS), 16)
        self.place = nn.Embedding(PLACES, 32)
        self.which_bar = nn.Embedding(CELL_BARS, 8)
        width = 48 + 16 + 32 + 8
        self.onward = nn.LSTM(width, config.encoder_hidden)
        self.backward_ = nn.LSTM(width, config.encoder_hidden)
        self.gather = nn.Linear(2 * config.encoder_hidden, 64)
        self.mix = nn.Linear(CELL_SLOTS * 64, 384)
        self.head = nn.Linear(384, 2 * config.latent_size)

    def forward(
        self, pitch: Tensor, length: Tensor, place: Tensor, slot: Tensor, real: Tensor
    ) -> tuple[Tensor, Tensor]:
        """All (T, N), `slot` 0..11 within the cell -> two (N, latent) float32.

        What the LSTMs have to say is averaged within every slot, so that a note reaches the point
        from where it is and not through the whole cell.
        """
        steps, cells = pitch.shape
        words = [
            self.pitch(pitch),
            self.length(length),
            self.place(place),
            self.which_bar(slot // SLOTS),
        ]
        x = torch.cat(words, -1)
        counts = real.sum(0)
        # Each row reversed within its own length, so that padding stays at the end.
        turned = (counts - 1 - torch.arange(steps, device=pitch.device)[:, None]) % steps
        turned = turned[..., None]
        onward, _ = self.onward(x)
        back, _ = self.backward_(x.gather(0, turned.expand_as(x)))
        back = back.gather(0, turned.expand_as(back))
        said = torch.cat([onward, back], -1) * real[..., None]
        index = (torch.arange(cells, device=pitch.device) * CELL_SLOTS + slot).reshape(-1)
        sums = said.new_zeros(cells * CELL_SLOTS, said.shape[-1])
        sums = sums.index_add(0, index, said.reshape(-1, said.shape[-1]))
        share = sums.new_zeros(cells * CELL_SLOTS)
        share = share.index_add(0, index, real.reshape(-1).to(sums.dtype))
        slots = self.gather(sums / share.clamp(min=1)[:, None])
        mixed = F.silu(self.mix(slots.reshape(cells, -1)))
        mean, log_variance = self.head(mixed).float().chunk(2, -1)
        return mean, log_variance.clamp(-10, 4)


class Decoder(nn.Module):
    """The past, and a plan or none -> logits of the next event's length and pitch."""

    lengths_fit: Tensor
    may_hold: Tensor

    def __init__(self, config: MelodyConfig) -> None:
        super().__init__()
        self.conductor = nn.Sequential(
            nn.Linear(config.latent_size, config.conductor),
            nn.SiLU(),
            nn.Linear(config.conductor, CELL_SLOTS * config.plan),
        )
        self.words = Words()
        self.lstm = nn.LSTM(self.words.size + config.plan, config.hidden)
        self.read = nn.Linear(config.hidden + config.plan, config.head)
        self.length = nn.Linear(config.head, len(LENGTHS))
        self.of_length = nn.Embedding(len(LENGTHS), config.head)
        self.read_pitch = nn.Linear(config.head, config.head)
        self.pitch = nn.Linear(config.head, PITCHES)
        self.again = nn.Linear(config.head, 2 * len(BACK))
        """How much speaks for doing again what was done so many bars ago: length, pitch."""
        self.register_buffer("lengths_fit", fitting_lengths(), persistent=False)
        self.register_buffer("may_hold", holding_places(), persistent=False)

    def plans(self, points: Tensor) -> Tensor:
        """Points (N, latent) -> (1 + 12 N, plan): a row of zeros, then every cell's slots."""
        rows: Tensor = self.conductor(points).reshape(len(points) * CELL_SLOTS, -1)
        return torch.cat([rows.new_zeros(1, rows.shape[1]), rows])

    def forward(
        self, batch: Batch, plans: Tensor, *, dropout: float = 0.0
    ) -> tuple[Tensor, Tensor]:
        """`plans` as `plans` gives them; event t reads row `cell`. Returns (T, B, lengths) and
        (T, B, pitches) float32, the pitches given the true lengths, what cannot be at `NEVER`."""
        planned = plans[batch.cell]
        x = self.words(batch)
        said, _ = self.lstm(torch.cat([x, planned.to(x.dtype)], -1))
        said = F.dropout(said, dropout, self.training)
        read = F.silu(self.read(torch.cat([said, planned.to(said.dtype)], -1)))
        read = F.dropout(read, dropout, self.training)
        again = self.again(read).float()
        lengths = self.length(read).float() + self.lengths_fit[batch.place]
        lengths = _again(lengths, batch.back_length, again[..., : len(BACK)])
        given = F.silu(self.read_pitch(read) + self.of_length(batch.length))
        pitches = _again(self.pitch(given).float(), batch.back_pitch, again[..., len(BACK) :])
        held = torch.zeros_like(pitches)
        held[..., HOLD] = self.may_hold[batch.place]
        return lengths, pitches + held


def _again(logits: Tensor, words: Tensor, amounts: Tensor) -> Tensor:
    """Adds `amounts` (T, B, 4) to the logits of `words` (counted from 1; 0 for none)."""
    padded = F.pad(logits, (1, 0))
    return padded.scatter_add(-1, words, amounts)[..., 1:]


class Melodist(nn.Module):
    """Encoder and decoder of one model."""

    def __init__(self, config: MelodyConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
