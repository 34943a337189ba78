"""How good the model is, on verse held out of the training and in the lines that it writes.

    latentloom evaluate verse

What it is compared with learns from the same corpus; where that has not been made (see
`corpus.prepare`) those rows are left out.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
import torch

from engines.verse.corpus import lines
from engines.verse.corpus.lines import Runs
from engines.verse.engine import VerseEngine
from engines.verse.evaluation import measures
from engines.verse.evaluation.measures import Printed
from engines.verse.evaluation.ngram import COMPRESSORS, ORDER, CharacterModel, compressed_bits
from engines.verse.lexicon import lexicon
from engines.verse.model import LATENT, VerseModel
from engines.verse.poem import SCHEMES, Poem
from engines.verse.shipped import read
from engines.verse.spec import SPEC
from engines.verse.training import data_set
from engines.verse.training.trainee import costs
from studio.commands.report import Goal, Row, at_least, at_most
from studio.engine import DeviceChoice, Resources

STANZAS = 150
"""Written for the figures."""
TIMED = 12


def evaluate(
    model: str | None = None,
    device: DeviceChoice = "auto",  # noqa: ARG001 - verse is written on the CPU
    *,
    count: int = STANZAS,
) -> list[Row]:
    """The rows of one model, or of all of them where none is named."""
    models = SPEC.models if model is None else (SPEC.model(model),)
    held_out = lines.held_out()
    learnt = lines.training() if lines.TRAINING.is_file() else None
    rows: list[Row] = []
    for spec in models:
        shipped = read(spec.weights)
        bits = bits_a_character(shipped.model, held_out)
        note = "a bound: words, syllables and the point; held out"
        rows.append(Row(f"{spec.name}_bits", bits, "bits a character", note=note))
    if learnt:
        rows += compared(learnt, held_out)
    printed = Printed(learnt) if learnt else None
    rows += of_real(held_out, printed)
    for spec in models:
        engine = VerseEngine()
        engine.load(spec, Resources(device="cpu", threads=1))
        rows += of_written(spec.name, engine, printed, count)
        engine.close()
    return rows


@torch.no_grad()
def bits_a_character(model: VerseModel, runs: Runs) -> float:
    """Of a bound on how likely the text is, line ends included; every line once."""
    words = lexicon()
    held = data_set.lines_of(runs, words)
    chance, nats = torch.Generator().manual_seed(0), 0.0
    for batch in data_set.in_turn(held, data_set.telling(words), 64):
        noise = torch.randn(len(batch.words), LATENT, generator=chance)
        nats += float(costs(model, batch, noise).bound)
    return nats / math.log(2) / held.characters


def compared(learnt: Runs, held_out: Runs) -> Iterator[Row]:
    """What other models of text need for the same lines."""
    before, text = (
        "".join(f"{line}\n" for run in runs for line in run) for runs in (learnt, held_out)
    )
    note = f"interpolated {ORDER}-gram of the same training text"
    bits = CharacterModel(before).bits(text) / len(text)
    yield Row(f"{ORDER}_gram_bits", bits, "bits a character", note=note)
    for name in COMPRESSORS:
        bits = compressed_bits(text, before, name) / len(text)
        yield Row(f"{name}_bits", bits, "bits a character", note="behind the training text")


def of_real(held_out: Runs, printed: Printed | None) -> Iterator[Row]:
    """The same counts of printed verse, held out."""
    words, real = lexicon(), measures.stanzas(held_out)
    found = {
        scheme: _rate([measures.rhymed(stanza, letters, words) for stanza in real])
        for scheme, letters in SCHEMES.items()
        if scheme != "none"
    }
    for scheme, rate in found.items():
        yield Row(
            f"real_{scheme}", rate, note="of printed stanzas' lines that the scheme would rhyme"
        )
    best = [max(measures.rhymed(s, SCHEMES[k], words)[0] for k in found) / 2 for s in real]
    yield Row("real_rhymes", float(np.mean(best)), note="by the scheme that suits each stanza best")
    counts = [[measures.syllables(line, words) for line in stanza] for stanza in real]
    even = [max(_share(c[0], c[2]) + _share(c[1], c[3]), 0.0) / 2 for c in counts]
    yield Row("real_metre", float(np.mean(even)), note="lines as long as the second before them")
    flat = [line for stanza in real for line in stanza]
    yield Row("real_iambs", measures.evenness(flat, "iambs", words), note="1: every stress")
    if printed:
        yield from _runs("real", flat, printed, None)


def of_written(
    name: str, engine: VerseEngine, printed: Printed | None, count: int
) -> Iterator[Row]:
    """What the model writes at points of the prior, with the engine's own settings."""
    words, writer = lexicon(), engine.writer
    points = engine.sample(1, count, LATENT)
    written: list[list[str]] = []
    for scheme in ("couplets", "alternate"):
        poems = [Poem(point, seed=n, scheme=scheme) for n, point in enumerate(points)]
        stanzas = [writer.stanza(poem) for poem in poems]
        rate = _rate([measures.rhymed(stanza, SCHEMES[scheme], words) for stanza in stanzas])
        yield Row(f"{name}_{scheme}", rate, goal=at_least(0.9), note="lines that rhyme as told")
        written += stanzas
    flat = [line for stanza in written for line in stanza]
    right = [measures.syllables(line, words) == 8 for line in flat]
    yield Row(f"{name}_metre", float(np.mean(right)), goal=at_least(0.9), note="as long as told")
    yield Row(f"{name}_iambs", measures.evenness(flat, "iambs", words), note="1: every stress")
    if printed:
        yield from _runs(name, flat, printed, at_most(8))
    ms = _milliseconds([partial(writer.stanza, Poem(p, seed=99)) for p in points[:TIMED]])
    yield Row(f"{name}_four_lines", ms, "ms", at_most(50), "of one core, median")


def _runs(name: str, flat: Sequence[str], printed: Printed, goal: Goal | None) -> Iterator[Row]:
    lengths = [printed.longest(line) for line in flat]
    note = "longest run of words shared with a training line"
    yield Row(f"{name}_copied_mean", float(np.mean(lengths)), "words", note=note)
    yield Row(f"{name}_copied_most", float(max(lengths)), "words", goal, note)


def _rate(found: Sequence[tuple[int, int]]) -> float:
    right = sum(right for right, _ in found)
    return right / max(1, sum(wanted for _, wanted in found))


def _share(a: int, b: int) -> float:
    return float(a == b)


def _milliseconds(calls: Sequence[Callable[[], object]]) -> float:
    took = []
    for call in calls:
        begun = time.process_time()
        call()
        took.append(1000 * (time.process_time() - begun))
    return float(np.median(took))
