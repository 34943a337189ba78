"""How long *Make it mine* takes while a hand plays on: a part of `latentloom bench pictures`."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np
from PIL import Image, ImageDraw

from studio.commands.report import Row, at_most
from studio.document.parameters import initial_values
from studio.engine import EngineSpec, ModelSpec, Pixels
from studio.storage import folders
from tests.bench.instrument import Instrument

_GOAL_S = 10.0
_PATIENCE_S = 60.0
_HAND_HZ = 60
_SLOT = 0


def rows(offered: list[tuple[EngineSpec, ModelSpec]]) -> Iterator[Row]:
    """A row for each model that can learn an artist's picture."""
    for spec, model in offered:
        if spec.own_steps and (row := _row(spec, model)):
            yield row


def _row(spec: EngineSpec, model: ModelSpec) -> Row | None:
    """None for a model that refuses, which it does with a sentence."""
    instrument = Instrument(spec, model)
    slots, key = instrument.session.slots, instrument.front.key
    refused: list[str] = []
    instrument.session.noticed.connect(refused.append)
    try:
        instrument.settle()
        slots.encode(key, _SLOT, _drawing(int(initial_values(spec.parameters)[spec.size])))
        while not slots.may_be_own(key, _SLOT):
            instrument.drag(0.1, _HAND_HZ)
        begun, pictures = perf_counter(), 0
        slots.make_own(key, _SLOT)
        while not (file := _own(instrument)) and perf_counter() - begun < _PATIENCE_S:
            pictures += len(instrument.drag(0.1, _HAND_HZ).painted_at)
            if refused:
                return None
        took_s = perf_counter() - begun
        if file:
            (folders.own_pictures() / file).unlink(missing_ok=True)
    finally:
        instrument.close()
    note = f"{pictures / took_s:.0f} pictures a second meanwhile, at {_HAND_HZ} moves a second"
    return Row(f"{model.name}_own_picture_s", took_s, "s", at_most(_GOAL_S), note)


def _own(instrument: Instrument) -> str | None:
    held = instrument.front.slots[_SLOT]
    return held and held.own_picture


def _drawing(size_px: int) -> Pixels:
    """A face as a child draws it: no model has seen its like. (size, size, 3) uint8."""
    picture = Image.new("RGB", (256, 256), "#f6efe0")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((40, 40, 216, 226), fill="#f2b134", outline="#1b1b2f", width=7)
    for x in (92, 164):
        pen.ellipse((x - 13, 96, x + 13, 126), fill="#1b1b2f")
    pen.arc((84, 110, 172, 190), 20, 160, fill="#c3272b", width=9)
    pen.line((128, 128, 120, 152, 134, 154), fill="#1b1b2f", width=5)
    return np.asarray(picture.resize((size_px, size_px), Image.Resampling.LANCZOS))
