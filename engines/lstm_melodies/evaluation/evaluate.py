"""`latentloom evaluate lstm_melodies`: how well the shipped model does on tunes it has never met.

python -m engines.lstm_melodies.evaluation.evaluate [--weights FILE]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import torch
from threadpoolctl import threadpool_limits

from engines.lstm_melodies import shipped
from engines.lstm_melodies.corpus import archive
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.evaluation import (
    bench,
    blends,
    in_time,
    joins,
    ngram,
    plain,
    scoring,
    shape,
)
from engines.lstm_melodies.evaluation.recovery import passages, recovered
from engines.lstm_melodies.model import Melodist
from engines.lstm_melodies.playing import TunePlayer
from engines.lstm_melodies.spec import SPEC, TUNES
from engines.lstm_melodies.stepping import Stepper
from engines.lstm_melodies.training.trainee import figures_on
from studio.commands.report import Row, at_least, show, write_json
from studio.engine import DeviceChoice


def evaluate(model: str, device: DeviceChoice = "auto") -> list[Row]:  # noqa: ARG001
    """All rows of the report, on the CPU whatever the device. Raises `WeightsError`."""
    chosen = SPEC.model(model)
    torch.set_num_threads(1)
    with threadpool_limits(1, user_api="blas"):
        melodist = shipped.read(chosen.weights)
        return [*rows(melodist), *bench.rows(melodist), *in_time.rows(SPEC, chosen)]


def rows(melodist: Melodist, seed: int = 0) -> Iterator[Row]:
    """The rows on quality as they come: three minutes on one core."""
    training, validation, held_out = (archive.split(name) for name in archive.SPLITS)
    stepper = Stepper(melodist)
    judge = ngram.tuned(training, validation)
    yield from _foretelling(melodist, judge, held_out)
    for bars, name, goal in ((2, "two_bars_recovered", 0.9), (4, "four_bars_recovered", 0.75)):
        share = recovered(melodist, stepper, passages(held_out, bars, seed), bars)
        note = f"one passage of each held-out tune, {bars // 2} latent points"
        yield Row(name, share, "", at_least(goal), note)
    yield from scoring.rows(stepper, training, held_out, seed)
    yield from joins.rows(stepper, judge, held_out, seed)
    player = TunePlayer(stepper, melodist.config.latent_size)
    yield from shape.rows(partial(shape.composed, player), archive.load(), training)
    yield from blends.rows(melodist, stepper, held_out, seed)


def _foretelling(
    melodist: Melodist, judge: ngram.NGram, held_out: Sequence[Melody]
) -> Iterator[Row]:
    note = f"{len(held_out)} held-out melodies, pitch and length together"
    ours = figures_on(melodist, held_out)["nats"]
    cost, notes = judge.nats(held_out)
    yield Row("nats_per_note", ours, "nats", None, note)
    yield Row("nats_per_note_5gram", cost / notes, "nats", None, "interpolated Kneser-Ney")
    yield Row("nats_per_note_under_5gram", cost / notes - ours, "nats", at_least(0.25), note)
    for name, figure in json.loads(plain.FIGURES.read_text("utf-8")).items():
        label = f"nats_per_note_plain_lstm_{name}"
        yield Row(label, figure["nats_per_note"], "nats", None, f"taught {figure['how']}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="How well the model does on held-out tunes.")
    parser.add_argument("--weights", type=Path, default=TUNES.weights)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    torch.set_num_threads(1)
    with threadpool_limits(1, user_api="blas"):
        found = list(rows(shipped.read(given.weights)))
    show("lstm_melodies", found)
    if given.json:
        write_json(given.json, found)


if __name__ == "__main__":
    main()
