"""The melody model at school: one step, and what to read while it learns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common import ranks
from engines.common.device import cpu_has_bf16
from engines.common.optimisers import AdamW
from engines.common.training import Trainee, backward, digest_of
from engines.lstm_melodies.cells import Example, cell_count, cells_of
from engines.lstm_melodies.composing import tune
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.features import Condition
from engines.lstm_melodies.model import Batch, Melodist, MelodyConfig
from engines.lstm_melodies.stepping import Stepper
from engines.lstm_melodies.training.batches import TuneBatches, batch_of, blanked, phrase_of
from engines.lstm_melodies.voicing import Voice, voiced
from engines.lstm_melodies.writing import Taste
from studio.music.files.abc import abc
from studio.music.metres import Metre
from studio.music.phrases import Phrase


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The knobs of a training."""

    tunes: int = 8
    """Tunes a step, to be foretold."""
    phrase_bars: int = 384
    """Bars a step, to be rebuilt: in phrases of two, four or eight bars."""
    learning_rate: float = 2e-3
    kl_weight: float = 0.15
    """What a nat in the latent point costs beside a nat of the notes (0.2 in MusicVAE)."""
    free_nats: float = 0.05
    """KL that a unit may have at no price, so that none is given up (Kingma et al., 2016)."""
    hidden_share: float = 0.3
    """How often the decoder is not told the event before, while it rebuilds."""
    tune_dropout: float = 0.3
    phrase_dropout: float = 0.05
    weight_decay: float = 1e-2
    half: bool = field(default_factory=cpu_has_bf16)
    """Whether to multiply in bf16: 0.54 s of a core a step instead of 0.69."""


class MelodyTrainee(Trainee):
    """One model at two tasks in every step: tell what comes next, and rebuild from a point."""

    averaged = ("melodist",)

    def __init__(
        self,
        config: MelodyConfig,
        training: Sequence[Melody],
        validation: Sequence[Melody],
        recipe: Recipe | None = None,
    ) -> None:
        self.recipe = recipe or Recipe()
        self.tunes, self.validation = TuneBatches(training), list(validation)
        self.digest = digest_of(repr(melody).encode() for melody in (*training, *validation))
        self.melodist = Melodist(config)
        self.modules = {"melodist": self.melodist}
        self.optimiser = AdamW(
            self.melodist.parameters(), self.recipe.learning_rate, betas=(0.9, 0.99),
            weight_decay=self.recipe.weight_decay, fused=True,
        )  # fmt: skip
        self.optimisers = {"melodist": self.optimiser}

    def step(self, batches: torch.Generator, progress: float) -> dict[str, Tensor]:
        recipe = self.recipe
        seed = int(torch.randint(2**62, (1,), generator=batches))
        rng = np.random.default_rng(seed)
        for group in self.optimiser.param_groups:
            group["lr"] = recipe.learning_rate * schedule(progress)
        self.melodist.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=recipe.half):
            foretold = self._foretell(self.tunes.tunes(rng, recipe.tunes))
            bars = int(rng.choice([2, 4, 8], p=[0.5, 0.3, 0.2]))
            every = self.tunes.phrases(rng, ranks.world() * (recipe.phrase_bars // bars), bars)
            rebuilt = self._rebuild(every, rng, batches, min(1.0, 0.1 + progress / 0.2))
        backward(foretold["tunes"] + rebuilt["loss"], self.optimiser)
        nn.utils.clip_grad_norm_(self.melodist.parameters(), 1.0)
        self.optimiser.step()
        return {k: v.detach() for k, v in (foretold | rebuilt).items() if k != "loss"}

    def _foretell(self, batch: Batch) -> dict[str, Tensor]:
        decoder = self.melodist.decoder
        none = torch.zeros(1, self.melodist.config.plan)
        logits = decoder(batch, none, dropout=self.recipe.tune_dropout)
        return {"tunes": nats(batch, *logits).sum() / ranks.mean(batch.real.sum().float())}

    def _rebuild(
        self, every: list[Example], rng: np.random.Generator, batches: torch.Generator, price: float
    ) -> dict[str, Tensor]:
        """Of the phrases of all processes its own ones."""
        recipe, melodist = self.recipe, self.melodist
        own = ranks.own(len(every) // ranks.world())
        phrases = every[own]
        cells = cells_of(phrases)
        mean, log_variance = melodist.encoder(
            cells.pitch, cells.length, cells.place, cells.slot, cells.real
        )
        noise = torch.randn(sum(_cells(every)), mean.shape[1], generator=batches)
        before = sum(_cells(every[: own.start]))
        points = mean + (0.5 * log_variance).exp() * noise[before : before + len(mean)]
        true = batch_of(phrases, planned=True)
        longest = max(len(phrase.rows) for phrase in every)
        told = blanked(true, recipe.hidden_share, rng, longest)
        plans = melodist.decoder.plans(points)
        lengths, pitches = melodist.decoder(told, plans, dropout=recipe.phrase_dropout)
        notes = ranks.mean(true.real.sum().float())
        lost = nats(true, lengths, pitches).sum() / notes
        kl = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance)
        count = ranks.mean(torch.tensor(float(len(kl))))
        kl_unit = ranks.mean(kl.sum(0)) / count
        held = kl_unit.clamp(min=recipe.free_nats).sum()
        per_note = held * count / notes
        right = (lengths.argmax(-1) == true.length) & (pitches.argmax(-1) == true.pitch)
        return {
            "loss": lost + recipe.kl_weight * price * per_note,
            "phrases": lost,
            "kl": kl_unit.sum(),
            "exact": (right & true.real).sum() / notes,
        }

    @torch.no_grad()
    def sheets(self, averages: Mapping[str, nn.Module], folder: Path, label: str) -> None:
        melodist = averages["melodist"]
        assert isinstance(melodist, Melodist)
        figures = {"step": int(label)} | figures_on(melodist, self.validation)
        with (folder / "validation.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(figures) + "\n")
        print("validation " + json.dumps(figures), flush=True)
        (folder / f"tunes-{label}.abc").write_text(samples(melodist, self.validation), "utf-8")


def samples(melodist: Melodist, like: Sequence[Melody], count: int = 4) -> str:
    """Tunes as ABC, of the genres and metres of some of those that it is `like`."""
    phrases = phrases_like(melodist, like, count, 16)
    genres = [melody.genre for melody in _some(like, count)]
    pages = (
        abc(p, number=n, title=t) for n, (p, t) in enumerate(zip(phrases, genres, strict=True), 1)
    )
    return "\n".join(pages)


def phrases_like(melodist: Melodist, like: Sequence[Melody], count: int, bars: int) -> list[Phrase]:
    """So many tunes of `bars` bars, at most, of genres and metres of those that it is `like`."""
    stepper, phrases = Stepper(melodist), []
    for number, melody in enumerate(_some(like, count)):
        condition = Condition.of(melody.genre, melody.metre, melody.mode)
        written = list(tune(stepper, condition, bars, Taste(), number))
        voice = Voice(Metre.parse(melody.metre), melody.tonic, melody.mode)
        phrases.append(voiced(written, voice))
    return phrases


def _cells(phrases: Sequence[Example]) -> list[int]:
    return [cell_count(phrase.rows) for phrase in phrases]


def _some(like: Sequence[Melody], count: int) -> Sequence[Melody]:
    return like[:: max(1, len(like) // count)][:count]


def nats(batch: Batch, lengths: Tensor, pitches: Tensor) -> Tensor:
    """What every event cost, (T, B) in nats, 0 for padding; logits as the decoder gives them."""
    cost = F.cross_entropy(lengths.flatten(0, 1), batch.length.flatten(), reduction="none")
    cost = cost + F.cross_entropy(pitches.flatten(0, 1), batch.pitch.flatten(), reduction="none")
    return cost.view(batch.pitch.shape) * batch.real


@torch.no_grad()
def figures_on(melodist: Melodist, melodies: Sequence[Melody]) -> dict[str, float]:
    """Nats a note foretold, and rebuilt from the points with the true past in view."""
    melodist.eval()
    items = sorted((phrase_of(m, 0, 999) for m in melodies), key=lambda item: len(item.rows))
    none = torch.zeros(1, melodist.config.plan)
    cost = notes = rebuilt = right = kl = cells = 0.0
    for start in range(0, len(items), 32):
        batch = batch_of(items[start : start + 32], planned=False)
        cost += float(nats(batch, *melodist.decoder(batch, none)).sum())
        notes += float(batch.real.sum())
        phrases = items[start : start + 32]
        batch = batch_of(phrases, planned=True)
        c = cells_of(phrases)
        mean, log_variance = melodist.encoder(c.pitch, c.length, c.place, c.slot, c.real)
        logits = melodist.decoder(batch, melodist.decoder.plans(mean))
        rebuilt += float(nats(batch, *logits).sum())
        hits = (logits[0].argmax(-1) == batch.length) & (logits[1].argmax(-1) == batch.pitch)
        right += float((hits & batch.real).sum())
        kl += float(0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum())
        cells += len(mean)
    return {
        "nats": round(cost / notes, 4),
        "rebuilt_nats": round(rebuilt / notes, 4),
        "rebuilt_exact": round(right / notes, 4),
        "kl": round(kl / cells, 2),
    }


def schedule(progress: float) -> float:
    """The learning rate's share: up within the first percent, level, from 60% on down to 2%."""
    warm = min(1.0, 0.05 + progress / 0.01)
    return warm * min(1.0, 0.02 + 0.98 * (1 - progress) / 0.4)
