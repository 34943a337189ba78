"""What whole tunes are like, as `latentloom compose` makes them, beside those of the books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from engines.common.optimisers import LBFGS
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.evaluation.copying import longest_runs
from engines.lstm_melodies.evaluation.judge import heard
from engines.lstm_melodies.grid import BAR_TICKS, FIRST_PITCH, GENRES, HOLD, REST
from engines.lstm_melodies.metres import written
from engines.lstm_melodies.playing import TunePlayer
from engines.lstm_melodies.spec import POINT
from engines.lstm_melodies.writing import Bar
from studio.commands.report import Row, at_most
from studio.engine import Passage
from studio.music.genres import genre_named

HALF, PART, BARS = 4, 8, 16
"""Bars of half a part, of a part, and of what is compared of a tune."""
NOT_HOME, UNKNOWN = 12, float("nan")
SHARE_OF_GAP = 0.25
"""How much of the gap between the books and tunes without a form may be left."""
BEFORE = {
    "half_repeated": 0.147,
    "bar_8_is_bar_4": 0.267,
    "b_over_a": 1.059,
    "pickup": 0.0,
    "mean_pitch": 66.862,
    "major": 1.0,
    "ends_on_tonic": 1.0,
    "a_ends_on_tonic": 0.505,
    "rhythm_entropy": 0.943,
    "half_repeated:reel": 0.292,
    "b_over_a:reel": 1.765,
    "rhythm_entropy:waltz": 1.289,
    "rhythm_entropy:hornpipe": 0.832,
    "rhythm_entropy:chorale": 0.927,
}
"""The same figures of 2,250 tunes that were written without a form, in D major, sixteen bars."""
JUDGES = range(4)
"""Seeds of the judges: which half of the tunes each has been taught on."""
TOLD_BEFORE, COPIED_BEFORE = 0.966, "9 in the median, 15 at p99"


@dataclass(frozen=True, slots=True)
class Whole:
    """A tune from its beginning to its end."""

    genre: str
    mode: str
    tonic: int
    """The MIDI number from which the pitches are counted."""
    pickup: bool
    bars: tuple[Bar, ...]
    """Without the pickup."""

    @property
    def metre(self) -> str:
        return metre_of(self.genre)


Wanted = Callable[[str, int], Whole]
"""A composed tune of a genre, by number."""


def metre_of(genre: str) -> str:
    """The learnt metre that tunes of the genre are asked for in."""
    return written(genre_named(genre).metre).name


def real(melodies: Sequence[Melody]) -> list[Whole]:
    """The whole tunes of sixteen bars and more, in their genre's metre or one as long."""
    return [
        Whole(m.genre, m.mode, m.tonic, _led_in(m), m.bars[_led_in(m) :])
        for m in melodies
        if m.genre != "any"
        and m.opens
        and BAR_TICKS[m.metre] == BAR_TICKS[metre_of(m.genre)]
        and len(m.bars) - _led_in(m) >= BARS
    ]


def _led_in(melody: Melody) -> bool:
    return melody.bars[0][0][0] == REST


def _pitches(bars: Sequence[Bar]) -> list[int]:
    return [pitch - FIRST_PITCH for bar in bars for pitch, _ in bar if pitch not in (REST, HOLD)]


def _last_degree(bars: Sequence[Bar]) -> int:
    found = _pitches(bars)
    return found[-1] % 12 if found else NOT_HOME


def _mean(pitches: Sequence[int]) -> float:
    return float(np.mean(pitches)) if pitches else UNKNOWN


def rhythm_entropy(bars: Sequence[Bar]) -> float:
    """Bits that a note's length is worth, if nothing but the tune's lengths is known."""
    counts = np.array(list(Counter(ticks for bar in bars for _, ticks in bar).values()), float)
    shares = counts / counts.sum()
    return float(-(shares * np.log2(shares)).sum())


def _lift(tune: Whole) -> float:
    return _mean(_pitches(tune.bars[PART:BARS])) - _mean(_pitches(tune.bars[:PART]))


FIGURES: Mapping[str, Callable[[Whole], float]] = {
    "half_repeated": lambda tune: tune.bars[HALF:PART] == tune.bars[:HALF],
    "bar_8_is_bar_4": lambda tune: tune.bars[PART - 1] == tune.bars[HALF - 1],
    "b_over_a": _lift,
    "pickup": lambda tune: tune.pickup,
    "mean_pitch": lambda tune: tune.tonic + _mean(_pitches(tune.bars[:BARS])),
    "major": lambda tune: tune.mode == "major",
    "ends_on_tonic": lambda tune: _last_degree(tune.bars[-1:]) == 0,
    "a_ends_on_tonic": lambda tune: _last_degree(tune.bars[PART - 1 : PART]) == 0,
    "rhythm_entropy": lambda tune: rhythm_entropy(tune.bars[:BARS]),
}


def figure(name: str, tunes: Sequence[Whole]) -> float:
    """The mean of a figure over `tunes`; 0 where there is none."""
    found = [float(FIGURES[name](tune)) for tune in tunes]
    return float(np.nanmean(found)) if found else 0.0


def features(tune: Whole) -> NDArray[np.float32]:
    """What the judge of real and composed hears: rhythm and line, and the figures above."""
    own = [float(np.nan_to_num(measure(tune))) for measure in FIGURES.values()]
    bars = tune.bars[:BARS]
    new = [float(bar in bars[:i]) for i, bar in enumerate(bars)]
    ends = np.zeros((2, NOT_HOME + 1))
    for row, last in zip(ends, (bars[PART - 1], tune.bars[-1]), strict=True):
        row[_last_degree([last])] = 1
    return np.concatenate([heard(bars, tune.metre), own, new, ends.reshape(-1)]).astype(np.float32)


def told_apart(
    taught: tuple[Sequence[Whole], Sequence[Whole]],
    asked: tuple[Sequence[Whole], Sequence[Whole]],
    weight_decay: float = 0.01,
) -> float:
    """The share of the tunes `asked` (real, composed) that a linear judge tells right, who was
    taught on others."""
    x, y = _laid_out(taught)
    centre, spread = x.mean(0), x.std(0) + 1e-2
    weight = torch.zeros(x.shape[1], requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    optimiser = LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        told = (x - centre) / spread @ weight + bias
        cost = F.binary_cross_entropy_with_logits(told, y) + weight_decay * weight.square().sum()
        cost.backward()
        return cost

    optimiser.step(loss)
    x, y = _laid_out(asked)
    with torch.no_grad():
        told = (x - centre) / spread @ weight + bias > 0
    return float((told == y.bool()).float().mean())


def _laid_out(tunes: tuple[Sequence[Whole], Sequence[Whole]]) -> tuple[torch.Tensor, torch.Tensor]:
    rows = [features(tune) for group in tunes for tune in group]
    kinds = [float(kind) for kind, group in enumerate(tunes) for _ in group]
    return torch.from_numpy(np.stack(rows)), torch.tensor(kinds)


def rows(
    wanted: Wanted, melodies: Sequence[Melody], training: Sequence[Melody], count: int = 250
) -> Iterator[Row]:
    """Every figure of `count` composed tunes of each genre beside those of the books, `melodies`:
    all genres count alike. Three minutes of one core."""
    books, ours = real(melodies), [wanted(g, n) for g in GENRES[1:] for n in range(count)]
    note = f"{len(ours)} composed tunes and {len(books)} of the books, every genre counts alike"
    for name, before in BEFORE.items():
        figure_name, _, genre = name.partition(":")
        made, wished = (by_genre(figure_name, tunes, genre) for tunes in (ours, books))
        label = f"tune_{name.replace(':', '_')}"
        yield Row(label, made, "", None, f"without forms {before:.3f}")
        yield Row(f"{label}_real", wished, "", None, note)
        goal = round(SHARE_OF_GAP * abs(before - wished), 4)
        yield Row(f"{label}_gap", abs(made - wished), "", at_most(goal), "a quarter of before")
    told = float(np.mean([told_apart(*halves(books, ours, seed)) for seed in JUDGES]))
    how = f"{len(JUDGES)} linear judges, each taught on half of the tunes"
    yield Row(
        "real_or_composed_told", told, "", at_most(0.65), f"{how}; without forms {TOLD_BEFORE:.2f}"
    )
    runs = longest_runs([tune.bars for tune in ours], training)
    copied = f"longest run shared with a training tune; without forms {COPIED_BEFORE}"
    yield Row("tune_copied_run_median", float(np.median(runs)), "notes", at_most(9), copied)
    yield Row("tune_copied_run_p99", float(np.percentile(runs, 99)), "notes", at_most(15), copied)


def by_genre(name: str, tunes: Sequence[Whole], genre: str = "") -> float:
    """The mean of a figure over `genre`, or over the means of all genres."""
    genres = [genre] if genre else sorted({tune.genre for tune in tunes})
    return float(np.mean([figure(name, [t for t in tunes if t.genre == g]) for g in genres]))


Taught = tuple[list[Whole], list[Whole]]


def halves(books: Sequence[Whole], ours: Sequence[Whole], seed: int) -> tuple[Taught, Taught]:
    """(Real, composed) to teach a judge with, and as many others to ask it about; of every genre as
    many real ones as composed ones."""
    taught: Taught = ([], [])
    asked: Taught = ([], [])
    rng = np.random.default_rng(seed)
    for genre in sorted({tune.genre for tune in ours}):
        made, found = ([t for t in tunes if t.genre == genre] for tunes in (ours, books))
        found = [found[i] for i in rng.permutation(len(found))]
        half = min(len(made), len(found)) // 2
        for kind, tunes in enumerate((found, made)):
            taught[kind].extend(tunes[:half])
            asked[kind].extend(tunes[half : 2 * half])
    return taught, asked


def composed(player: TunePlayer, genre: str, number: int) -> Whole:
    """The tune that the wish for a genre alone gives, with `number` for a seed."""
    passage = Passage(
        latent=np.zeros(POINT, np.float32),
        parameters={"genre": genre},
        seed=number,
        metre=genre_named(genre).metre,
        bars=BARS,
        free=True,
        opens=True,
        closes=True,
    )
    form, bars = (made := player.whole(passage)).form, made.bars
    return Whole(genre, form.mode, form.tonic, form.pickup, bars[form.pickup :])
