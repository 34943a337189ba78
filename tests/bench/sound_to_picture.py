"""From a click in a sound input to the first changed picture, with real parts on either side.

Another process (`python -m tests.bench.sound_to_picture SERVER CLICKS`) plays single samples into
the JACK input that the instrument listens to, and says when each left. A modulator moves a control
of the first engine that offers its decoder, and the real window paints; player, sound process and
clock thread run beside it, as in the app.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any

import numpy as np

from studio.commands.report import Row, at_least, at_most
from studio.document.modulation import Modulator
from tests.bench.instrument import Instrument
from tests.bench.jack_server import JackServer
from tests.bench.pictures import _subjects
from tests.studio.audio.jack import Clicker

CLICKS = 100
_APART_S, _JITTER_S = 0.45, 0.1
_LATE_S = 0.3
"""A picture that comes later was not begun by the click."""
_DEVICE = "JACK: system"
_ROOT = Path(__file__).resolve().parents[2]
_KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "sound_to_picture": ("sound", {"low": 2000, "high": 18_000, "release": 60.0}),
    "onset_to_picture": (
        "envelope",
        {"trigger": "onset", "attack": 0.001, "decay": 0.06, "touch": 0.0},
    ),
}


def rows(clicks: int = CLICKS) -> list[Row]:
    """For a level that is followed, and for an envelope that onsets begin."""
    server = JackServer()
    os.environ.update(server.environment)
    try:
        with _listening() as instrument:
            return [
                row
                for name, (kind, settings) in _KINDS.items()
                for row in _measured(instrument, server, name, kind, settings, clicks)
            ]
    finally:
        server.stop()


@contextmanager
def _listening() -> Iterator[Instrument]:
    """The whole instrument; its settings stay as they were."""
    spec = _subjects()[0]
    instrument = Instrument(spec, spec.models[0])
    rig = instrument.window.rig
    instrument._bridge.woken.connect(rig.collect)
    try:
        rig.start()
        rig.listening.use_device(_DEVICE)
        instrument.settle()
        yield instrument
    finally:
        rig.close()
        instrument.close()


def _measured(
    instrument: Instrument,
    server: JackServer,
    name: str,
    kind: str,
    settings: dict[str, Any],
    clicks: int,
) -> list[Row]:
    session, rig = instrument.session, instrument.window.rig
    modulator = session.modulation.add(Modulator(id=1, kind=kind, settings=settings))
    assert modulator is not None
    session.modulation.connect(modulator, "/deck/1/pad/x", polarity="unipolar", depth=0.5)
    assert instrument._wait(lambda: rig.devices.sound_input_state.open, 30), "no input"
    instrument.settle()
    words = [sys.executable, "-m", "tests.bench.sound_to_picture", server.name, str(clicks)]
    clicker = subprocess.Popen(words, cwd=_ROOT, stdout=subprocess.PIPE, text=True)
    assert clicker.stdout is not None
    assert clicker.stdout.readline() == "ready\n", "the clicks do not come"
    seen = instrument.watch(2 + clicks * (_APART_S + _JITTER_S), 1, lambda _: None)
    output, _ = clicker.communicate(timeout=60)
    session.modulation.remove(modulator)
    sent_s = np.array([float(line) for line in output.split()])
    painted_s = np.array(seen.painted_at)
    first = np.searchsorted(painted_s, sent_s)
    answered = [n for n, at in enumerate(first) if at < len(painted_s)]
    took_ms = 1000 * np.array([painted_s[first[n]] - sent_s[n] for n in answered])
    took_ms = took_ms[took_ms < 1000 * _LATE_S]
    p50, p99 = np.percentile(took_ms, (50, 99)) if len(took_ms) else (np.nan, np.nan)
    state = rig.devices.sound_input_state
    load = os.getloadavg()[0]
    note = f"p99 of {len(took_ms)} clicks, {state.overruns} overruns; load {load:.1f}"
    return [
        Row(f"{name}_median_ms", float(p50), "ms", note="click into a JACK input to the paint"),
        Row(f"{name}_ms", float(p99), "ms", at_most(60), note),
        Row(f"{name}_seen", len(took_ms) / max(1, len(sent_s)), "", at_least(1), "of the clicks"),
    ]


def main(server: str, clicks: int) -> None:
    """The other process: play, and print when each click left."""
    chance = np.random.default_rng(1)
    with Clicker(server) as clicker:
        while not clicker.connect():
            sleep(0.05)
        sleep(0.5)
        print("ready", flush=True)
        for _ in range(clicks):
            print(clicker.click(_APART_S + float(chance.uniform(0, _JITTER_S))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
