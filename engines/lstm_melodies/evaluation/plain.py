"""The second yardstick: a plain LSTM language model of about the decoder's size.

    python -m engines.lstm_melodies.evaluation.plain --steps 5400 --name same_time
    python -m engines.lstm_melodies.evaluation.plain --steps 1400 --name best

Two LSTM layers over the event before (pitch, length) and the conditions; no lookback, no place in
the bar, no masks, no plan. It is taught by the same loop, batches and dropout, and what a note of a
held-out tune costs is written to `data/plain.json`, for `evaluate`: once after as much processor
time as ours took, and once, since by then it knows its tunes by heart, with as many steps as suit
it best.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common import ranks
from engines.common.device import keep_memory
from engines.common.optimisers import AdamW
from engines.common.training import Habits, Limits, Trainee, Training, backward
from engines.lstm_melodies.corpus import archive
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.features import BLANK_LENGTH, BLANK_PITCH
from engines.lstm_melodies.grid import GENRES, LENGTHS, METRES, MODES, PITCHES
from engines.lstm_melodies.model import Batch
from engines.lstm_melodies.training.batches import TuneBatches, batch_of, phrase_of
from engines.lstm_melodies.training.trainee import Recipe, nats, schedule

HIDDEN = 320
FIGURES = archive.FILE.with_name("plain.json")
"""What it has come to: by name, `nats_per_note` and `how` it was taught."""


class PlainLstm(nn.Module):
    """The events so far -> logits of the next one's length, and of its pitch given that."""

    def __init__(self, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.pitch_before = nn.Embedding(BLANK_PITCH + 1, 64)
        self.length_before = nn.Embedding(BLANK_LENGTH + 1, 32)
        self.genre = nn.Embedding(len(GENRES), 16)
        self.metre = nn.Embedding(len(METRES), 8)
        self.mode = nn.Embedding(len(MODES), 8)
        self.lstm = nn.LSTM(128, hidden, 2)
        self.length = nn.Linear(hidden, len(LENGTHS))
        self.of_length = nn.Embedding(len(LENGTHS), hidden)
        self.pitch = nn.Linear(hidden, PITCHES)

    def forward(self, batch: Batch, *, dropout: float = 0.0) -> tuple[Tensor, Tensor]:
        """(T, B, lengths) and (T, B, pitches) float32."""
        steps = len(batch.pitch)
        told = (self.genre(batch.genre), self.metre(batch.metre), self.mode(batch.mode))
        parts = [self.pitch_before(batch.pitch_before), self.length_before(batch.length_before)]
        parts += [each.expand(steps, -1, -1) for each in told]
        said, _ = self.lstm(torch.cat(parts, -1))
        said = F.dropout(said, dropout, self.training)
        lengths = self.length(said).float()
        return lengths, self.pitch(torch.tanh(said + self.of_length(batch.length))).float()


class PlainTrainee(Trainee):
    """The language model at school."""

    averaged = ("plain",)

    def __init__(
        self, training: Sequence[Melody], validation: Sequence[Melody], hidden: int = HIDDEN
    ) -> None:
        self.recipe, self.validation = Recipe(), list(validation)
        self.tunes, self.plain = TuneBatches(training), PlainLstm(hidden)
        self.modules = {"plain": self.plain}
        self.optimiser = AdamW(
            self.plain.parameters(), betas=(0.9, 0.99), weight_decay=self.recipe.weight_decay
        )
        self.optimisers = {"plain": self.optimiser}

    def step(self, batches: torch.Generator, progress: float) -> dict[str, Tensor]:
        rng = np.random.default_rng(int(torch.randint(2**62, (1,), generator=batches)))
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.learning_rate * schedule(progress)
        self.plain.train()
        batch = self.tunes.tunes(rng, 32)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.recipe.half):
            logits = self.plain(batch, dropout=self.recipe.tune_dropout)
        loss = nats(batch, *logits).sum() / ranks.mean(batch.real.sum().float())
        backward(loss, self.optimiser)
        nn.utils.clip_grad_norm_(self.plain.parameters(), 1.0)
        self.optimiser.step()
        return {"tunes": loss.detach()}

    def sheets(self, averages: Mapping[str, nn.Module], folder: Path, label: str) -> None:
        plain = averages["plain"]
        assert isinstance(plain, PlainLstm)
        figures = {"step": int(label), "nats": round(cost_of(plain, self.validation), 4)}
        with (folder / "validation.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(figures) + "\n")
        print("validation " + json.dumps(figures), flush=True)


@torch.no_grad()
def cost_of(plain: PlainLstm, melodies: Sequence[Melody]) -> float:
    """Nats a note."""
    plain.eval()
    cost = notes = 0.0
    for melody in melodies:
        batch = batch_of([phrase_of(melody, 0, len(melody.bars))], planned=False)
        cost += float(nats(batch, *plain(batch)).sum())
        notes += float(batch.real.sum())
    return cost / notes


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train the plain LSTM and say what it costs.")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--name", required=True, help="of the figure")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    keep_memory()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    training, validation, held_out = (archive.split(name) for name in archive.SPLITS)
    folder = given.out or Path("runs") / f"lstm_melodies-plain-{given.name}"
    run = Training(
        PlainTrainee(training, validation), folder, Limits(steps=given.steps),
        habits=Habits(average_decay=0.998),
    )  # fmt: skip
    run.run()
    averaged = run.averages["plain"].module
    assert isinstance(averaged, PlainLstm)
    write_figure(given.name, cost_of(averaged, held_out), f"for {given.steps} steps")


def write_figure(name: str, nats_per_note: float, how: str) -> None:
    """Note what a training has come to."""
    figures = json.loads(FIGURES.read_text("utf-8")) if FIGURES.exists() else {}
    figures[name] = {"nats_per_note": round(nats_per_note, 4), "how": how}
    FIGURES.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    print(f"{name}: {nats_per_note:.4f} nats a note, {how}")


if __name__ == "__main__":
    main()
