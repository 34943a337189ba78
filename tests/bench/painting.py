"""`latentloom bench painting`: what pins, brush and drift cost, and how fast textures follow them.

(a) The studio's part of a brush movement, on a picture full of strokes, without any engine. (b) On
the first engine that takes blend maps, through the real window: pictures painted a second while
the puck is dragged, while it drifts, and while the brush draws. It runs offscreen where there is
no display.
"""

from __future__ import annotations

import math
import os
import sys
from time import perf_counter

import numpy as np

from studio.commands.report import Row, at_least, at_most
from studio.document.parameters import Choice
from studio.document.scene import Deck, Pin, Slot, Stroke, home_place
from studio.engine import EngineError, EngineSpec, Latent
from studio.engine.registry import find_engines
from studio.motion.drifting import cyclic
from studio.painting import layers as paint_layers
from studio.painting.blend_maps import blend_map_of
from studio.session.painting import Painting
from tests.bench.instrument import Instrument

STROKES, POINTS = 200, 60
"""Of the picture that is painted on."""
_HAND_HZ = 200
_FRAME_HZ = 60
_SIZE_PX = "256"
_SHOWN = np.zeros(64, np.float32)


def run(seconds: float = 12.0) -> list[Row]:
    """Measure a brush stroke of 400 movements, and each way to play for a third of `seconds`."""
    if sys.platform == "linux" and not (os.getenv("DISPLAY") or os.getenv("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return [*_studio_rows(), *_window_rows(seconds / 3)]


# -- the studio's part -----------------------------------------------------------------------------


def _studio_rows() -> list[Row]:
    deck = _full_deck()
    paint_layers.forget()
    fresh_ms = _map_ms(deck)
    note = f"{STROKES} strokes of {POINTS} points below"
    growing = _brush_ms(deck)
    pins = [_map_ms(deck.but(pins={0: Pin(place=(n / 100, 0.5))})) for n in range(100)]
    return [
        Row("brush_median_ms", float(np.median(growing)), "ms", note=note),
        Row("brush_p99_ms", float(np.percentile(growing, 99)), "ms", at_most(3), note),
        Row("pin_p99_ms", float(np.percentile(pins, 99)), "ms", at_most(3), note),
        Row("repaint_all_ms", fresh_ms, "ms", note="as when a scene is opened"),
    ]


def _brush_ms(deck: Deck) -> list[float]:
    """A stroke in many movements."""
    line = Stroke(slot=1, points=((0.1, 0.1),))
    taken = []
    for n in range(1, 400):
        there = ((0.1 + 0.01 * n) % 1, (0.1 + 0.006 * n) % 1)
        line = line.but(points=(*line.points, there))
        taken.append(_map_ms(deck.but(strokes=(*deck.strokes, line))))
    return taken


def _map_ms(deck: Deck) -> float:
    began = perf_counter()
    blend_map_of(deck, _SHOWN, _as_it_is)
    return 1000 * (perf_counter() - began)


def _as_it_is(point: Latent) -> Latent:
    return point


def _full_deck() -> Deck:
    rng = np.random.default_rng(0)
    slots = []
    for index in range(8):
        latent = tuple(rng.standard_normal(64).tolist())
        slots.append(Slot(latent=latent, place=home_place(index)))
    strokes = []
    for index in range(STROKES):
        line = (rng.random(2) + np.cumsum(rng.normal(0, 0.03, (POINTS, 2)), axis=0)) % 1
        points = tuple((float(x), float(y)) for x, y in line)
        strokes.append(Stroke(slot=index % 8, points=points))
    return Deck(key="deck1", engine="any", model="any", slots=tuple(slots), strokes=tuple(strokes))


# -- through the window ----------------------------------------------------------------------------


def _window_rows(seconds: float) -> list[Row]:
    spec = _subject()
    instrument = Instrument(spec, spec.models[0])
    try:
        _use_size(instrument, spec)
        instrument.settle()
        instrument.drag(0.5, _HAND_HZ)
        rates = {
            "blend": instrument.drag(seconds, _HAND_HZ).painted_per_s(),
            "drift": _drift(instrument, seconds),
            "paint": _paint(instrument, seconds),
        }
    finally:
        instrument.close()
    return [
        Row(f"{name}_per_s", rate, "1/s", at_least(30), f"{_SIZE_PX} px, through the window")
        for name, rate in rates.items()
    ]


def _drift(instrument: Instrument, seconds: float) -> float:
    """Everything goes round at once."""
    motion, deck = instrument.session.motion, instrument.front.key
    for number, parameter in enumerate(cyclic(instrument.session.controls(deck)), start=1):
        motion.set_drift(deck, parameter.name, 2.0 * number)
    motion.start_drift(deck, 0.0)
    seen = instrument.watch(seconds, _FRAME_HZ, motion.step)
    motion.stop_drift(deck)
    return seen.painted_per_s()


def _paint(instrument: Instrument, seconds: float) -> float:
    """A pin, and a brush that draws on and on."""
    painting, deck = Painting(instrument.session), instrument.front.key
    painting.pin(deck, 0, (0.5, 0.5))
    painting.begin(deck, 1, (0.0, 0.5))

    def move(t: float) -> None:
        painting.extend((0.4 * t, 0.5 + 0.3 * math.sin(2 * t)))

    seen = instrument.watch(seconds, _HAND_HZ, move)
    painting.end()
    return seen.painted_per_s()


def _use_size(instrument: Instrument, spec: EngineSpec) -> None:
    size = next((p for p in spec.parameters if p.name == spec.size), None)
    if isinstance(size, Choice) and _SIZE_PX in size.options:
        instrument.session.set(instrument.front.key, size.name, _SIZE_PX)


def _subject() -> EngineSpec:
    """The first engine whose pictures can be painted."""
    for spec in find_engines().specs:
        if spec.blend_maps:
            return spec
    raise EngineError("There is no engine here whose pictures can be painted.")
