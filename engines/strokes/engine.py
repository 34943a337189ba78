"""The pen at work: points in, strokes out, as pictures or as lines; and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.common.device import Placement
from engines.common.engine import TorchEngine
from engines.common.seeding import generators
from engines.strokes import shipped
from engines.strokes.drawings import Strokes, moved
from engines.strokes.ink import coloured, curve, inked
from engines.strokes.inks import INKS
from engines.strokes.likeness import INK, apart, ink
from engines.strokes.lines import from_above, in_order
from engines.strokes.looking import Seen, looked_at
from engines.strokes.models import END, WRITTEN
from engines.strokes.own_drawing import OwnDrawing, begun
from engines.strokes.playing import Begun, Hand, Player
from engines.strokes.setting import fitted, in_rows, leant, lined, so_far
from engines.strokes.shipped import Array, Shipped
from engines.strokes.tracing import traced
from studio.document.parameters import Value
from studio.engine import (
    EngineError,
    Job,
    Latent,
    Loaded,
    ModelSpec,
    Pixels,
    Resources,
    WeightsError,
)
from studio.export.plotting import plotted

THUMBNAIL_PX = 96
THUMBNAIL_WIDTH = 4.0
"""Of the pen, in hundredths of the side."""
NEIGHBOURS = 0.8
"""Share of chance in the points of what else stands on the page."""
TRIED = 16
"""Drawings that are compared with what an artist drew, again and again."""
SEARCHED = (2.5, 2.0, 1.5, 1.5, 1.0, 1.0, 0.7, 0.7, 0.5, 0.4, 0.3, 0.2)
"""How far away they are looked for."""
SAME_TEXT = 4.0
"""So near, a picture is taken to show the text itself."""
NOTHING: Strokes = (np.zeros((1, 2), np.float32),)


@dataclass(frozen=True)
class StrokeModel:
    """A pen that can draw."""

    name: str
    read: Shipped
    player: Player
    kind: str
    """What it draws unless it is told."""


class StrokeEngine(TorchEngine):
    """One pen. It always draws on the CPU: a step is too small for anything else."""

    def __init__(self) -> None:
        super().__init__()
        self._model: StrokeModel | None = None
        self._last: tuple[object, Strokes] | None = None

    @property
    def model(self) -> StrokeModel:
        """What was loaded. Raises `EngineError` before `load` and after `close`."""
        if self._model is None:
            raise EngineError("This engine has no model loaded.")
        return self._model

    def load(self, model: ModelSpec, resources: Resources) -> Loaded:
        loaded = super().load(model, resources)
        return replace(loaded, device="CPU fp32", atlas=self.model.read.atlas)

    def sample(
        self,
        seed: int,
        count: int,
        latent_size: int,  # noqa: ARG002
        parameters: Mapping[str, Value] | None = None,
    ) -> NDArray[np.float32]:
        kind = int(self._shares(parameters or {}).argmax())
        chances = generators(seed, count)
        return np.stack([self.model.read.likely(chance, kind) for chance in chances])

    def encode(self, pixels: Pixels, parameters: Mapping[str, Value]) -> Latent:
        read = self.model.read
        shares = self._shares(parameters)
        seen = looked_at(pixels, read.plan.shape.width)
        with self.working():
            mean, spread = read.encoder(torch.from_numpy(seen)[None, None].float() / 255)
        doubt = np.exp(spread[0].numpy() / 2)
        return read.prior.point(self._nearest(mean[0].numpy(), doubt, seen, parameters), shares)

    def _nearest(self, code: Array, doubt: Array, seen: Seen, told: Mapping[str, Value]) -> Array:
        """Of codes about one, that whose drawing comes nearest to what was seen: again and again a
        few are drawn, ever nearer to the best. Of text that is another, the first one stays."""
        width = self.model.read.plan.shape.width
        wanted = (seen > INK).reshape(1, -1).astype(np.float32)
        chance = np.random.default_rng(0)
        first, far = code, np.inf
        tried = TRIED if width == 1 else TRIED // 2  # a word is longer than a drawing
        for reach in SEARCHED:
            steps = chance.standard_normal((tried, len(code))).astype(np.float32)
            steps[0] = 0
            codes = code + reach * doubt * steps
            drawn = ink([self._alone(c, told) for c in codes], width)
            other = np.abs(drawn - wanted).sum(1) / max(1.0, float(wanted.sum()))
            off = apart(drawn, wanted)[:, 0] + 2 * other
            code, far = codes[int(off.argmin())], float(off.min())
        return code if width == 1 or far < SAME_TEXT else first

    def _alone(self, code: Array, told: Mapping[str, Value]) -> Strokes:
        """The one drawing of a code, or its text."""
        read = self.model.read
        if read.plan.kinds:
            return self.model.player.draw(code, Hand(), self._shares(told)).strokes
        return self._written(code, told, Hand()) or NOTHING

    def own_picture(
        self,
        latent: Latent,
        pixels: Pixels,
        parameters: Mapping[str, Value],  # noqa: ARG002
    ) -> Iterator[bytes]:
        plan = self.model.read.plan
        if not plan.kinds:
            raise EngineError("Handwriting takes a hand from a picture, not its lines.")
        strokes = traced(pixels)
        own = OwnDrawing(latent, in_order(strokes) if plan.in_order else from_above(strokes))
        return iter([own.to_bytes(self.model.name)])

    def outline(self, job: Job) -> str:
        """For a plotter: the middle of each stroke is one path."""
        told = job.parameters
        colours = INKS[str(told.get("ink", next(iter(INKS))))]
        lines = moved(self._lines(job), (0.5, 0.5), 0.5)
        return plotted(lines, _width(told) / 2, colours)

    def _build(self, model: ModelSpec, placement: Placement) -> None:  # noqa: ARG002
        read = shipped.read(model.weights)
        if read.plan.shape.latent != model.latent_size:
            raise WeightsError(f"The weights file {model.weights.name} was made for another model.")
        kind = next((str(p.initial) for p in model.parameters if p.name == "kind"), "")
        self._model = StrokeModel(model.name, read, Player(read.pen, read.plan.unit), kind)

    def _pixels(self, job: Job) -> Tensor:
        told = {} if job.thumbnail else job.parameters
        size_px = THUMBNAIL_PX if job.thumbnail else int(told.get("size", 512))
        width = THUMBNAIL_WIDTH / 50 if job.thumbnail else _width(told)
        ink = inked(self._lines(job), size_px, width, float(told.get("pressure", 0.0)))
        colours = INKS[str(told.get("ink", next(iter(INKS))))]
        return torch.from_numpy(coloured(ink, colours))

    def _lines(self, job: Job) -> Strokes:
        """The curves that are there, in -1..1."""
        told = {} if job.thumbnail else job.parameters
        placed = leant(
            self._drawn(job, told), float(told.get("slant", 0.0)), float(told.get("zoom", 1.0))
        )
        curves = tuple(curve(stroke) for stroke in placed)
        return so_far(curves, float(told.get("progress", 0.5)))

    def _drawn(self, job: Job, told: Mapping[str, Value]) -> Strokes:
        """The knots on the page. Kept: most pictures after one another differ in how they are
        shown alone."""
        names = ("text", "kind", "kept", "count", "temperature")
        key = (
            job.latent.tobytes(),
            job.seed,
            job.own_pictures,
            *(told.get(name) for name in names),
        )
        if self._last is None or self._last[0] != key:
            hand = Hand(float(told.get("temperature", 0.0)), job.seed, float(told.get("kept", 1.0)))
            point = np.asarray(job.latent, np.float32)
            if self.model.read.plan.kinds:
                drawn = self._pictured(point, told, hand, self._begun(job, hand))
            else:
                code = self.model.read.prior.code(point, self._shares(told))
                drawn = self._written(code, told, hand)
            self._last = key, drawn
        return self._last[1]

    def _written(self, code: Array, told: Mapping[str, Value], hand: Hand) -> Strokes:
        words = str(told.get("text", "Hello")).split()
        drawn = []
        for n, word in enumerate(words):
            text = np.asarray([*map(WRITTEN.index, word), END])
            own = replace(hand, seed=hand.seed + 7919 * n)
            drawn.append(self.model.player.draw(code, own, text=text).strokes)
        return lined(drawn)

    def _begun(self, job: Job, hand: Hand) -> Begun | None:
        """What is there of the artist's own drawings."""
        name, size = self.model.name, self.model.read.plan.shape.latent
        owns = [OwnDrawing.from_bytes(data, name, size) for data in job.own_pictures]
        return begun(owns, np.asarray(job.latent, np.float32), hand.kept)

    def _pictured(
        self, point: Array, told: Mapping[str, Value], hand: Hand, first: Begun | None
    ) -> Strokes:
        read, shares = self.model.read, self._shares(told)
        kind, drawn = int(shares.argmax()), []
        for n in range(int(told.get("count", 1))):
            chance = np.random.default_rng((hand.seed, n))
            others = [read.likely(chance, kind) for _ in range(2)]
            near = np.sqrt(1 - NEIGHBOURS**2) * point + NEIGHBOURS * others[0]
            code = read.prior.code(near if n else point, shares)
            own = replace(hand, seed=hand.seed + 7919 * n)
            other = read.prior.code(others[1], shares)
            done = None if n else first
            strokes = self.model.player.draw(code, own, shares, other=other, begun=done).strokes
            drawn.append(fitted(strokes, 2.0))
        return in_rows(drawn)

    def _shares(self, told: Mapping[str, Value]) -> Array:
        kinds = self.model.read.plan.kinds
        shares = np.zeros(max(1, len(kinds)), np.float32)
        shares[kinds.index(str(told.get("kind", self.model.kind))) if kinds else 0] = 1
        return shares

    def _forget(self) -> None:
        self._model = self._last = None


def _width(told: Mapping[str, Value]) -> float:
    """Of the pen, in halves of the side."""
    return float(told.get("width", 2.0)) / 50
