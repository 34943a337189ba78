"""`output_per_s` and `hand_to_output_ms`: two decks, both dragged, mixed at 1280x720 and shown on a
screen of their own beside the whole instrument.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

import numpy as np

from studio.commands.report import Row, at_least
from studio.engine.registry import find_engines
from studio.outputs.sink import Frame
from tests.bench.instrument import Instrument
from ui.outputs.windows import OutputWindows

GOAL_PER_S = 30.0
_HAND_HZ = 120


def rows(seconds: float) -> Iterator[Row]:
    """Drag both decks for `seconds`."""
    offered = [spec for spec in find_engines().specs if spec.bench is not None]
    spec = min(offered, key=lambda each: each.title)
    instrument = Instrument(spec, spec.models[0], decks=2)
    try:
        yield from _rows(instrument, seconds)
    finally:
        instrument.close()


def _rows(instrument: Instrument, seconds: float) -> Iterator[Row]:
    session, room = instrument.session, instrument.rig.picture.room
    instrument.settle()
    first, second = (deck.key for deck in session.scene.decks)
    session.mixer.set_layer(first, fit="fill")
    session.mixer.set_layer(second, opacity=0.5, fit="fill", blend="screen")
    windows: OutputWindows = instrument.window.outputs.windows
    instrument.rig.picture.start()
    windows.toggle_first()
    (name, window), *_ = windows.open.items()
    frames: list[tuple[Frame, float]] = []
    window.painted.connect(lambda frame: frames.append((frame, perf_counter())))
    instrument.drag(1.0, _HAND_HZ)
    began = len(frames)
    drag = instrument.drag(seconds, _HAND_HZ)
    seen = {id(frame): (frame, at) for frame, at in frames[began:]}.values()
    times = [at for _, at in seen]
    rate = (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0
    waits = [1000 * (at - frame.asked_at) for frame, at in seen if frame.asked_at >= drag.began]
    size, device = room.size, window.device_size()
    shown = f"{size[0]} x {size[1]} on {name}, {device[0]} x {device[1]} px"
    picture = session.state(first).shown
    side = "x".join(map(str, picture.pixels.shape[1::-1])) if picture is not None else "none"
    note = f"both dragged, {spec_of(instrument)}, {side} px each; {shown}"
    yield Row("output_per_s", rate, "1/s", at_least(GOAL_PER_S), note)
    yield Row("stage_per_s", drag.painted_per_s(), "1/s", note="the front deck, meanwhile")
    for share in (50, 99):
        delay = float(np.percentile(waits, share)) if waits else float("nan")
        yield Row(f"hand_to_output_ms_p{share}", delay, "ms", note="from the hand to the screen")
    yield Row("output_left_out", room.left_out(window.sink), note="frames the screen was late for")


def spec_of(instrument: Instrument) -> str:
    """What the decks are, in words."""
    spec = instrument.session.spec(instrument.front.key)
    return f"{spec.title}, {spec.model(instrument.front.model).title}"
