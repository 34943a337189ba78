"""`latentloom bench pictures`: what the instrument costs between the engine and the eye.

On one model and in one run, in alternating rounds so that a noisy machine disturbs all parts
alike: (a) the decoder as a newcomer would loop over it, (b) the same tuned, without any studio
code and on as many threads as the engine is granted beside a window (all cores but one), alone
and, as the limit of what can be had, beside a process that only paints 60 times a second,
(c) pictures painted by the real window while a hand drags without pause, (d) the time from hand
to picture, (e) how long the window's thread was ever held up. Then every model is dragged at its
smallest sizes, the best of the decoder is held against what the machine could do at all, and
pictures are made one's own while a hand plays. It runs offscreen where there is no display.
"""

from __future__ import annotations

import math
import os
import random
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import torch

from studio.commands.report import Row, at_least, at_most
from studio.document.parameters import Choice, initial_values
from studio.engine import (
    Decoders,
    EngineError,
    EngineSpec,
    Latent,
    ModelSpec,
    Pixels,
    thread_budget,
)
from studio.engine.registry import find_engines, resolve
from studio.latent.mixing import point_of
from tests.bench import own_picture
from tests.bench.instrument import Instrument
from tests.bench.painter import Painter

ROUNDS = 24
"""Many short rounds: a shared machine changes its speed by half from one second to the next."""

DRAGS = 40
TAPS = 120
_HAND_HZ = 400
"""Moves a second of the drag: more than the engine measured in detail can follow, as fast mice
send."""
_STALL_WINDOW_S = 0.1
_LIMIT = "tuned, beside a process that only paints 60 times a second"
_PRODUCT = 2048
"""The side of the matrices whose product stands for the machine's best."""
SIZE_GOALS_PER_S = (60.0, 30.0)
"""At the smallest size and the next."""


@dataclass
class Round:
    """What one round measured."""

    eager_per_s: float
    tuned_per_s: float
    limit_per_s: float
    """The same beside a process that does nothing but paint."""
    all_cores_per_s: float
    arrived_per_s: float
    engine_share: float
    hand_to_picture_ms: list[float]
    beat_gaps_ms: list[float]
    worst_gaps_ms: list[float] = field(default_factory=list)
    """The longest gap of each tenth of a second."""
    others_per_s: dict[str, float] = field(default_factory=dict)
    """The same decoder in other runtimes."""


def run(seconds: float = 12.0) -> list[Row]:
    """Measure each part for `seconds` in all, in turns; plus a minute."""
    if sys.platform == "linux" and not (os.getenv("DISPLAY") or os.getenv("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    offered = _subjects()
    spec, model = offered[0], offered[0].models[0]
    instrument = Instrument(spec, model)
    try:
        # What has come since is no decoder's work, and the decoders are what it is compared with.
        for later in (p for p in model.parameters if p.absent is not None):
            instrument.session.set(instrument.front.key, later.name, later.absent)
        instrument.settle()
        decoders: Decoders = resolve(spec.bench or "", spec.title)(model.name)
        others, missing = _others(decoders)
        painter = Painter()
        try:
            subject = (instrument, decoders, others, painter, model)
            rounds = [_round(*subject, seconds / ROUNDS) for _ in range(ROUNDS)]
        finally:
            painter.close()
        taps = [instrument.tap_ms(_place(i)) for i in range(TAPS)]
        lost = sum(not _drag_arrives(instrument, model) for _ in range(DRAGS))
        rows = [*_rows(rounds, taps, lost, model), *_roofline(rounds, decoders.flops)]
        rows += [*_beside(rounds), *missing]
    finally:
        instrument.close()
    models = [(each, model) for each in offered for model in each.models]
    rows += [row for each in models for row in _at_sizes(*each, seconds / 4)]
    return [*rows, *own_picture.rows(models)]


def _others(decoders: Decoders) -> tuple[dict[str, Callable[[Latent], Pixels]], list[Row]]:
    """The same decoder in other runtimes, and a row that says what to install for each missing."""
    others, missing = {}, []
    for name, make in decoders.others.items():
        try:
            others[name] = make()
        except ImportError:
            said = 'not installed: pip install "latent-loom[peers]"'
            missing.append(Row(f"tuned_over_{name}", math.nan, note=said))
    return others, missing


def _beside(rounds: list[Round]) -> list[Row]:
    """Ours against the other runtimes, median of the rounds' ratios."""
    rows = []
    for name in rounds[0].others_per_s:
        rate = statistics.median(r.others_per_s[name] for r in rounds)
        ratio = statistics.median(r.tuned_per_s / r.others_per_s[name] for r in rounds)
        note = f"{name}: {rate:.0f} a second, from point to pixels, on as many threads"
        rows.append(Row(f"tuned_over_{name}", ratio, "", at_least(1.0), note))
    return rows


def _at_sizes(spec: EngineSpec, model: ModelSpec, seconds: float) -> list[Row]:
    """Painted pictures a second of `model` through the whole instrument, at the two smallest
    sizes, each dragged for `seconds`."""
    size = next((p for p in spec.parameters if p.name == spec.size), None)
    if not isinstance(size, Choice):
        return []
    instrument = Instrument(spec, model)
    rows = []
    try:
        for option, goal in zip(size.options[:2], SIZE_GOALS_PER_S, strict=True):
            instrument.session.set(instrument.front.key, size.name, option)
            instrument.settle()
            instrument.drag(0.5, _HAND_HZ)
            rate = instrument.drag(seconds, _HAND_HZ).painted_per_s()
            name = f"{model.name}_{option}_px_per_s"
            rows.append(Row(name, rate, "1/s", at_least(goal), "painted while dragging"))
    finally:
        instrument.close()
    return rows


def _roofline(rounds: list[Round], flops: float) -> list[Row]:
    """The tuned decoder's arithmetic beside that of a large matrix product on as many threads."""
    reached = statistics.median(r.tuned_per_s for r in rounds) * flops
    best = max(_product_flops(dtype) for dtype in (torch.float32, torch.bfloat16))
    gigaflops = f"{reached / 1e9:.0f} of {best / 1e9:.0f} GFLOP/s"
    return [
        Row("decoder_gflops", reached / 1e9, "GFLOP/s", note=f"{flops / 1e9:.2f} GFLOP a picture"),
        Row("matmul_gflops", best / 1e9, "GFLOP/s", note=f"{_PRODUCT} x {_PRODUCT}, same threads"),
        Row("decoder_over_matmul", reached / best, note=gigaflops),
    ]


def _product_flops(dtype: torch.dtype) -> float:
    """Operations a second of the best of a few large matrix products in `dtype`."""
    a, b = (torch.rand(_PRODUCT, _PRODUCT).to(dtype) for _ in "ab")
    times = []
    for _ in range(5):
        began = perf_counter()
        torch.mm(a, b)
        times.append(perf_counter() - began)
    return 2 * _PRODUCT**3 / min(times)


def _subjects() -> list[EngineSpec]:
    """Engines that offer their decoders. The first is measured in detail: the one with the smallest
    pictures, beside which the instrument's own cost weighs most."""
    offered = [spec for spec in find_engines().specs if spec.bench is not None]
    if not offered:
        raise EngineError("No engine here offers its decoder to the bench.")
    return sorted(offered, key=lambda spec: int(initial_values(spec.parameters)[spec.size]))


def _round(
    instrument: Instrument,
    decoders: Decoders,
    others: dict[str, Callable[[Latent], Pixels]],
    painter: Painter,
    model: ModelSpec,
    seconds: float,
) -> Round:
    size = model.latent_size
    eager = _decodes_per_s(decoders.eager, size, seconds)
    granted = torch.get_num_threads()
    torch.set_num_threads(thread_budget(live=False))
    all_cores = _decodes_per_s(decoders.tuned, size, seconds)
    torch.set_num_threads(granted)
    tuned = _decodes_per_s(decoders.tuned, size, seconds)
    beside = {name: _decodes_per_s(decode, size, seconds) for name, decode in others.items()}
    with painter.at_work():
        limit = _decodes_per_s(decoders.tuned, size, seconds)
    instrument.drag(0.1, _HAND_HZ)  # the event loop has stood still while we decoded
    drag = instrument.drag(seconds, _HAND_HZ)
    return Round(
        eager,
        tuned,
        limit,
        all_cores,
        drag.painted_per_s(),
        drag.engine_share(),
        drag.hand_to_picture_ms,
        drag.gaps_ms(),
        drag.longest_gaps_ms(_STALL_WINDOW_S),
        beside,
    )


def _decodes_per_s(decode: Callable[[Latent], Pixels], size: int, seconds: float) -> float:
    points = np.random.default_rng(0).standard_normal((64, size)).astype(np.float32)
    for point in points[:3]:
        decode(point)
    begun, done = perf_counter(), 0
    while perf_counter() - begun < seconds:
        decode(points[done % len(points)])
        done += 1
    return done / (perf_counter() - begun)


def _place(index: int) -> tuple[float, float]:
    chance = random.Random(index)
    return chance.uniform(-1, 1), chance.uniform(-1, 1)


def _drag_arrives(instrument: Instrument, model: ModelSpec) -> bool:
    """Whether a short drag ends with the picture of its last place on the screen."""
    instrument.drag(random.uniform(0.05, 0.3), _HAND_HZ)
    if not instrument.settle(timeout_s=3.0):
        return False
    shown = instrument.state.shown
    wanted = point_of(instrument.front, model.latent_size)
    return shown is not None and np.array_equal(shown.request.job.latent, wanted)


def _rows(rounds: list[Round], taps: list[float], lost: int, model: ModelSpec) -> list[Row]:
    delays = [ms for r in rounds for ms in r.hand_to_picture_ms]
    gaps = [ms for r in rounds for ms in r.beat_gaps_ms]
    worst = [ms for r in rounds for ms in r.worst_gaps_ms]
    tuned = statistics.median(r.tuned_per_s for r in rounds)
    arrived = statistics.median(r.arrived_per_s / r.tuned_per_s for r in rounds)
    of_limit = statistics.median(r.arrived_per_s / r.limit_per_s for r in rounds)
    faster = statistics.median(r.tuned_per_s / r.eager_per_s for r in rounds)
    subject = f"{model.title}, median of {ROUNDS} rounds"
    return [
        Row("eager_per_s", statistics.median(r.eager_per_s for r in rounds), "1/s", note=subject),
        Row("tuned_per_s", tuned, "1/s", note=subject),
        Row(
            "tuned_all_cores_per_s",
            statistics.median(r.all_cores_per_s for r in rounds),
            "1/s",
            note="with no core kept for a window",
        ),
        Row("arrived_per_s", statistics.median(r.arrived_per_s for r in rounds), "1/s"),
        Row(
            "arrived_over_tuned",
            arrived,
            "",
            at_least(0.95),
            "painted while dragging / tuned, median of the rounds' ratios",
        ),
        Row("limit_per_s", statistics.median(r.limit_per_s for r in rounds), "1/s", note=_LIMIT),
        Row("arrived_over_limit", of_limit, "", at_least(0.97), f"limit: {_LIMIT}"),
        Row(
            "engine_share",
            statistics.median(r.engine_share for r in rounds),
            note="of a drag's time in the engine, on pictures that arrived",
        ),
        Row("tuned_over_eager", faster, "", at_least(1.5), "same decoder, no studio code"),
        Row("hand_to_picture_p50_ms", _quantile(delays, 0.5), "ms", note="during a drag"),
        Row("hand_to_picture_p99_ms", _quantile(delays, 0.99), "ms", note="during a drag"),
        Row(
            "hand_to_picture_overhead_p99_ms",
            _quantile(taps, 0.99) - 1000 / tuned,
            "ms",
            note=f"{TAPS} single moves at rest, p99, less one tuned decode",
        ),
        Row(
            "longest_stall_ms",
            _quantile(worst, 0.99),
            "ms",
            at_most(8),
            "p99 over tenths of a second of the window thread's longest gap in each",
        ),
        Row("stall_p99_ms", _quantile(gaps, 0.99), "ms", note="p99 of all gaps"),
        Row("stall_max_ms", max(gaps), "ms", note="the longest of all gaps"),
        Row("drags_without_last_picture", lost, "", at_most(0), f"of {DRAGS} short drags"),
    ]


def _quantile(values: list[float], share: float) -> float:
    return float(np.quantile(values, share))
