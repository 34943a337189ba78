"""How good the models of the gallery are, all in one table or one alone.

    latentloom evaluate digits
    latentloom evaluate digits --model dcgan

Same held-out digits and same judge for all; ink is binarised as `digits.binarised` does it, for
the bounds as well as for the judge.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from engines.common.seeding import generators
from engines.digits.asked import Asked
from engines.digits.digits import CLASSES, Digits
from engines.digits.engine import DigitEngine
from engines.digits.evaluation.judge import EPOCHS, Judge, coverage, taught
from engines.digits.gallery.infogan import InfoGan
from engines.digits.gallery.page import BoundedPage, Page
from engines.digits.spec import SPEC, WRITTEN
from engines.digits.training import data_set
from studio.commands.report import Row, at_least, at_most
from studio.engine import DeviceChoice, Job, ModelSpec, Resources

COUNT = 1000
"""Digits that each model draws, as many of each class where it is told."""
PICTURES = 20
LOWER = {"draw": "vae", "pixelcnn": "draw", "pixelrnn": "draw"}
"""Whose bound is below whose in the papers."""


def evaluate(
    model: str | None = None,
    device: DeviceChoice = "auto",
    *,
    count: int = COUNT,
    epochs: int = EPOCHS,
) -> list[Row]:
    """The rows of one model, or of all of them where none is named."""
    models = SPEC.models if model is None else (SPEC.model(model),)
    held_out = data_set.held_out()
    judge = taught(data_set.training(), epochs)
    rows = list(_of_real(judge, held_out, count))
    for spec in models:
        engine = DigitEngine()
        engine.load(spec, Resources(device=device))
        rows += _of_model(spec, engine, judge, held_out, count)
        engine.close()
    return _with_order(rows)


def _with_order(rows: list[Row]) -> list[Row]:
    """The bounds with their goals: that the order of the papers comes out."""
    found = {row.name: row.value for row in rows}
    goals = {f"{low}_bound": found.get(f"{high}_bound") for low, high in LOWER.items()}
    return [
        row if (goal := goals.get(row.name)) is None else replace(row, goal=at_most(goal))
        for row in rows
    ]


def _of_real(judge: Judge, held_out: Digits, count: int) -> Iterator[Row]:
    right = (judge(held_out.ink).argmax(1) == held_out.classes).float().mean()
    yield Row("real_class_accuracy", float(right), note="the judge on held-out digits")
    some = data_set.training().ink
    real = some[:: max(1, len(some) // count)][:count]
    found = coverage(judge, held_out.ink, real)
    yield Row("real_precision", found.precision, note="training digits among held-out ones")
    yield Row("real_recall", found.recall, note="held-out digits among training ones")


def _of_model(
    spec: ModelSpec, engine: DigitEngine, judge: Judge, held_out: Digits, count: int
) -> Iterator[Row]:
    name, took = spec.name, _milliseconds(spec, engine)
    page = engine.model.page.cpu()  # as the judge
    if isinstance(page, BoundedPage):
        torch.manual_seed(0)
        nats = float(page.bounds(held_out.binary()[:: max(1, COUNT // count)]).mean())
        yield Row(f"{name}_bound", nats, "nats", note="a held-out digit; lower is better")
    classes = torch.arange(count) % CLASSES
    drawn = drawn_by(page, count, classes)
    found = coverage(judge, held_out.ink, drawn)
    yield Row(f"{name}_precision", found.precision, note="drawn digits among held-out ones")
    yield Row(f"{name}_recall", found.recall, note="held-out digits among drawn ones")
    if WRITTEN[0] in spec.parameters:
        right = (judge(drawn).argmax(1) == classes).float().mean()
        yield Row(f"{name}_class_accuracy", float(right), "", at_least(0.95), "as the judge says")
    if isinstance(page, InfoGan):
        nats = information(page.words(held_out.ink).argmax(1), held_out.classes)
        note = f"between the code it reads and the class, held out; of at most {math.log(10):.2f}"
        yield Row(f"{name}_information", nats, "nats", note=note)
    yield Row(f"{name}_picture", took, "ms", note="256 px, median")


def information(codes: Tensor, classes: Tensor) -> float:
    """Mutual information in nats, from how often the two go together."""
    together = torch.zeros(CLASSES, CLASSES, dtype=torch.float64)
    together.index_put_((codes, classes), torch.ones(len(codes), dtype=torch.float64), True)
    shares = together / together.sum()
    alone = shares.sum(1, keepdim=True) * shares.sum(0, keepdim=True)
    return float(torch.special.xlogy(shares, shares / alone.clamp_min(1e-300)).sum())


@torch.no_grad()
def drawn_by(page: Page, count: int, classes: Tensor) -> Tensor:
    """(count, 1, 28, 28): ink at points of the prior."""
    chances = generators(0, count)
    points = np.asarray([chance.standard_normal(page.latent_size) for chance in chances])
    codes = np.asarray([chance.uniform(-1, 1, 2) for chance in chances])
    parts = (torch.from_numpy(x.astype(np.float32)).split(100) for x in (points, codes))
    shares = torch.nn.functional.one_hot(classes, CLASSES).float().split(100)
    asked = zip(*parts, shares, strict=True)
    return torch.cat([page.draw(p, Asked(shares=s, codes=c)) for p, c, s in asked])


def _milliseconds(spec: ModelSpec, engine: DigitEngine) -> float:
    took = []
    for point in engine.sample(1, PICTURES, spec.latent_size):
        begun = time.perf_counter()
        engine.render(Job(latent=point))
        took.append(1000 * (time.perf_counter() - begun))
    return float(np.median(took))
