"""How good the pens are.

    latentloom evaluate strokes
    latentloom evaluate strokes --model signs

Held-out drawings are one in ten icons and signs, and words that were not made up before.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engines.common.seeding import generators
from engines.strokes import shipped
from engines.strokes.drawings import Strokes
from engines.strokes.engine import StrokeEngine
from engines.strokes.evaluation import simpler
from engines.strokes.evaluation.judge import (
    READ,
    STEPS,
    Judge,
    named_right,
    of_letters,
    of_pictures,
    taught,
)
from engines.strokes.ink import curve, inked
from engines.strokes.kinds import OTHER
from engines.strokes.likeness import found, nearest
from engines.strokes.models import END, WRITTEN
from engines.strokes.playing import Hand, Player
from engines.strokes.shipped import Array, Shipped
from engines.strokes.spec import SPEC
from engines.strokes.tracing import traced
from engines.strokes.training import data_set
from engines.strokes.training.batches import Batch, Pictures, Words
from engines.strokes.training.trainee import batches_of
from studio.commands.report import Goal, Row, at_least, at_most
from studio.engine import DeviceChoice, Resources

COUNT = 300
"""Drawings that each pen makes."""
TEMPERATURE = 0.0
"""The control's own."""
POINTS = 200
SHOWN_PX, SHOWN_WIDTH = 256, 0.05
"""The pictures that are looked at, and their pen in halves of the side."""
FAR = 2**32
"""From here on seeds make words that were not learnt from."""
LEARNT = 40
"""Batches that the simpler models learn from."""


def evaluate(
    model: str | None = None,
    device: DeviceChoice = "auto",  # noqa: ARG001 - a pen always draws on the CPU
    *,
    count: int = COUNT,
    steps: int = STEPS,
) -> list[Row]:
    """The rows of one model, or of all of them where none is named."""
    models = SPEC.models if model is None else (SPEC.model(model),)
    return [row for spec in models for row in _of_model(spec.name, spec.weights, count, steps)]


def _of_model(model: str, weights: Path, count: int, steps: int) -> Iterator[Row]:
    read = shipped.read(weights)
    player = Player(read.pen, read.plan.unit)
    learnt, held_out = batches_of(model), batches_of(model, held_out=True)
    if isinstance(learnt, Words):
        assert isinstance(held_out, Words)
        some = learnt.batch(range(FAR, FAR + count))
        unseen = held_out.plainly([held_out.hands[n % len(held_out.hands)] for n in range(count)])
        nats, _ = simpler.nats_a_point(read.encoder, read.pen, unseen, read.plan.unit)
        yield Row(f"{model}_nats_of_others", nats, "nats", note="in fonts that it has never seen")
    else:
        assert isinstance(held_out, Pictures)
        some = held_out.plainly(range(min(count, len(held_out.drawings))))
    yield from _nats(
        model,
        read,
        [learnt.batch(range(64 * n, 64 * n + 64)) for n in range(min(LEARNT, steps + 1))],
        some,
    )
    if isinstance(learnt, Words):
        yield from _legible(read, player, count, steps)
    else:
        assert isinstance(learnt, Pictures)
        assert isinstance(held_out, Pictures)
        yield from _recognised(model, read, player, learnt, held_out, count, steps)
    yield _quick(model, read, player)


def _nats(model: str, read: Shipped, learnt: list[Batch], some: Batch) -> Iterator[Row]:
    """Beside one Gaussian and a Markov model, movements alone: the code is told apart."""
    unit = read.plan.unit
    nats, code = simpler.nats_a_point(read.encoder, read.pen, some, unit)
    one = simpler.gaussian(read.encoder, read.pen, learnt, some, unit)
    chain = simpler.markov(learnt, some, unit)
    yield Row(
        f"{model}_nats", nats, "nats", at_most(min(one, chain)), "a held-out point, code known"
    )
    yield Row(f"{model}_code", code, "nats", note="of the code, for each of its points")
    yield Row(f"{model}_gaussian", one, "nats", note="the same with one component")
    yield Row(f"{model}_markov", chain, "nats", note="a movement known by the one before")


def _recognised(
    model: str,
    read: Shipped,
    player: Player,
    learnt: Pictures,
    held_out: Pictures,
    count: int,
    steps: int,
) -> Iterator[Row]:
    kinds = len(read.plan.kinds) - 1
    real = [d for d in held_out.drawings if read.plan.kinds.index(d.kind) < kinds]
    classes = [read.plan.kinds.index(d.kind) for d in real]
    judge = taught(of_pictures(learnt), kinds + 1, steps)
    right = named_right(judge, [d.strokes for d in real], classes)
    yield Row(f"real_{model}_recognised", right, note=f"{len(real)} held-out ones of {kinds} kinds")
    asked = [n % kinds for n in range(count)]
    drawn = drawn_by(read, player, asked)
    goal = at_least(0.8 * right)
    yield Row(
        f"{model}_recognised", named_right(judge, drawn, asked), goal=goal, note=f"{count} drawn"
    )
    yield from _apart(model, learnt, [d.strokes for d in real], drawn)
    yield from _found_again(model, read, player, held_out, count)


def _found_again(
    model: str, read: Shipped, player: Player, held_out: Pictures, count: int
) -> Iterator[Row]:
    """Held-out drawings as pictures, looked at as those of an artist are, and drawn again."""
    engine = StrokeEngine()
    engine.load(SPEC.model(model), Resources(device="cpu"))
    real = [d for d in held_out.drawings if d.kind != OTHER][:count]
    again, lines = [], []
    for drawing in real:
        ink = inked(tuple(curve(s) for s in drawing.strokes), SHOWN_PX, SHOWN_WIDTH)
        told, pixels = {"kind": drawing.kind}, np.repeat(255 - ink[..., None], 3, 2)
        lines.append(traced(pixels))
        point = engine.encode(pixels, told)
        shares = np.eye(len(read.plan.kinds), dtype=np.float32)[read.plan.kinds.index(drawing.kind)]
        again.append(player.draw(read.prior.code(point, shares), Hand(), shares).strokes)
    engine.close()
    originals = [d.strokes for d in real]
    yield Row(f"{model}_found", found(originals, again), note="of held-out points, drawn again")
    others = found(originals, originals[1:] + originals[:1])
    yield Row(f"{model}_traced", found(originals, lines), note="of them, as an own drawing's lines")
    yield Row(f"{model}_found_in_others", others, note="the same in another held-out drawing")


def _apart(
    model: str, learnt: Pictures, real: list[Strokes], drawn: list[Strokes]
) -> Iterator[Row]:
    known = [d.strokes for d in learnt.drawings]
    ours, theirs = nearest([d for d in drawn if d], known), nearest(real, known)
    yield Row(f"real_{model}_nearest", float(np.median(theirs)), "px", note="held out, of 48 px")
    yield Row(f"{model}_nearest", float(np.median(ours)), "px", note="to one learnt from, median")
    copies = float((ours < np.quantile(theirs, 0.05)).mean())
    note = "nearer to one learnt from than 95 of 100 held out are"
    yield Row(f"{model}_copies", copies, goal=at_most(0.05), note=note)


def drawn_by(read: Shipped, player: Player, kinds: list[int]) -> list[Strokes]:
    """A drawing of each kind, at points of the prior."""
    shares = np.eye(len(read.plan.kinds), dtype=np.float32)
    out = []
    for n, (kind, chance) in enumerate(zip(kinds, generators(0, len(kinds)), strict=True)):
        code = read.prior.code(read.likely(chance, kind), shares[kind])
        out.append(player.draw(code, Hand(TEMPERATURE, n), shares[kind]).strokes)
    return out


def _legible(read: Shipped, player: Player, count: int, steps: int) -> Iterator[Row]:
    """Letters, one by one, as a judge reads them that knows other fonts alone."""
    letters = data_set.training("letters")
    judge = taught(of_letters(data_set.held_out("letters")), len(READ), steps)
    known = [d for d in letters if d.name.lower() in READ]
    right = named_right(
        judge, [d.strokes for d in known], [READ.index(d.name.lower()) for d in known]
    )
    yield Row("real_handwriting_legible", right, note="letters of the fonts that were learnt")
    shares = np.ones(1, np.float32)
    codes = [read.prior.code(read.likely(chance), shares) for chance in generators(0, count)]
    share = legible(judge, player, codes)
    yield Row("handwriting_legible", share, goal=_share_of(right), note="letters of made-up words")


def legible(judge: Judge, player: Player, codes: list[Array], size: int = 5) -> float:
    """The share of letters that are read as what they are, in words of letters as often as each
    other, one word for each code."""
    characters = [c for c in WRITTEN if c.lower() in READ]
    drawings: list[Strokes] = []
    classes: list[int] = []
    for n, code in enumerate(codes):
        word = [characters[(n * size + k) * 7 % len(characters)] for k in range(size)]
        text = np.asarray([*map(WRITTEN.index, word), END])
        drawn = player.draw(code, Hand(TEMPERATURE, n), text=text)
        for k, character in enumerate(word):
            own = zip(drawn.strokes, drawn.letters, strict=True)
            drawings.append(tuple(stroke for stroke, at in own if at == k))
            classes.append(READ.index(character.lower()))
    return named_right(judge, drawings, classes)


def _share_of(real: float) -> Goal:
    return at_least(0.9 * real)


def _quick(model: str, read: Shipped, player: Player) -> Row:
    """How long so many points take, from drawings of the prior."""
    text = np.asarray([*map(WRITTEN.index, "Hamburg"), END]) if read.plan.shape.characters else None
    shares = np.eye(max(1, len(read.plan.kinds)), dtype=np.float32)[0]
    took, points = [], 0
    for n, chance in enumerate(generators(0, 40)):
        code = read.prior.code(read.likely(chance), shares)
        begun = time.perf_counter()
        drawn = player.draw(code, Hand(TEMPERATURE, n), shares if read.plan.kinds else None, text)
        points = max(1, sum(map(len, drawn.strokes)))
        took.append(1000 * (time.perf_counter() - begun) * POINTS / points)
    return Row(f"{model}_points", float(np.median(took)), "ms", at_most(30.0), f"{POINTS} points")
