"""`latentloom bench modulation_soak`: the whole instrument for as long as `--seconds` says (600 by
default), with sound out and in, and as many modulators as a scene holds.

Window, engines, player, sound, sound input and clock thread run as in the app, on a JACK server of
our own without a sound card; another process plays clicks into the input. A factory scene with a
tune plays; 32 modulators of every kind move it and each other, eight of them hear bands of the
input and of the instrument's own sound, one begins with onsets, and both spectra are asked for.
Memory is taken once a second after a warm-up of `WARM` of the time before the measured part.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from studio import presets
from studio.commands.report import Goal, Row, at_least, at_most
from studio.document.errors import StudioError
from studio.document.modulation import Modulator
from studio.document.scene import Scene
from studio.engine.decks import checked
from studio.engine.registry import find_engines
from studio.live.listening import EARS
from studio.modulation.factory import BANDS, band
from studio.modulation.targets import targets_of
from studio.settings.model import Settings, SoundSettings
from tests.bench.instrument import Instrument
from tests.bench.jack_server import JackServer
from tests.bench.modulation import _leading, _load, everything
from tests.bench.soak import _growth, _memory_mb

PRESET = "sing-along"
WARM = 0.25
"""A quarter of the measured time, and no less than `_LEAST_WARM_S`, before it."""
_LEAST_WARM_S = 20.0
_DEVICE = "JACK: system"
_MOST = 0.02
_ROOT = Path(__file__).resolve().parents[2]


def run(seconds: float = 600.0) -> list[Row]:
    """Measure for so long, after warming up."""
    if not Path("/proc/self/status").is_file():
        raise StudioError("The soak reads the memory of processes as only Linux tells it.")
    if not (os.getenv("DISPLAY") or os.getenv("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    server = JackServer()
    os.environ.update(server.environment)
    try:
        with _playing() as instrument, _clicks(server):
            return _soaked(instrument, seconds)
    finally:
        server.stop()


def _scene(instrument_registry: Any) -> Scene:
    """A factory scene in which everything moves, a few bands of both sounds, too."""
    scene = presets.factory_preset(PRESET).scene

    def controls(deck: Any) -> Any:
        return instrument_registry.spec(deck.engine).controls(deck.model)

    front = scene.front_deck
    model = instrument_registry.spec(front.engine).model(front.model)
    moving = everything(scene, _leading(targets_of(scene, controls), model.directions))
    named = list(BANDS)
    heard = [band(named[n], EARS[n % 2]) for n in range(len(named))]
    onset = Modulator(id=1, kind="envelope", settings={"trigger": "onset", "touch": 0.0})
    new = {3 * n + 2: m for n, m in enumerate((*heard, onset))}
    modulators = tuple(new[m.id].but(id=m.id) if m.id in new else m for m in moving.modulators)
    return checked(instrument_registry, moving.but(modulators=modulators))


@contextmanager
def _playing() -> Iterator[Instrument]:
    registry = find_engines()
    deck = presets.factory_preset(PRESET).scene.front_deck
    spec = registry.spec(deck.engine)
    instrument = Instrument(spec, spec.model(deck.model), registry)
    rig = instrument.window.rig
    instrument._bridge.woken.connect(rig.collect)
    try:
        rig.start()
        rig.use(Settings(sound=SoundSettings(on=True, device=_DEVICE, input=_DEVICE)))
        instrument.session.open(_scene(registry))
        instrument.settle()
        yield instrument
    finally:
        rig.close()
        instrument.close()


@contextmanager
def _clicks(server: JackServer) -> Iterator[None]:
    words = [sys.executable, "-m", "tests.bench.sound_to_picture", server.name, "1000000"]
    process = subprocess.Popen(words, cwd=_ROOT, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _soaked(instrument: Instrument, seconds: float) -> list[Row]:
    rig, session = instrument.window.rig, instrument.session
    for ear in EARS:
        rig.listening.watch(ear, on=True)
    assert instrument._wait(lambda: rig.devices.sound_input_state.open, 60), "no sound input"
    assert instrument._wait(lambda: rig.devices.sound_state.open, 60), "no sound output"
    rig.transport.play()
    heard: dict[str, int] = dict.fromkeys(EARS, 0)

    def count(ear: Any) -> None:
        heard[ear] += 1

    rig.listening.heard.connect(count)
    instrument.watch(max(_LEAST_WARM_S, WARM * seconds), 1, lambda _: None)
    processes = {
        "app": os.getpid(),
        "player": rig.player.pid,
        "sound": getattr(rig.sound, "pid", None),
        "sound_input": getattr(rig.sound_input, "pid", None),
    }
    memory: dict[str, list[float]] = {name: [] for name in processes}

    def look(_: float) -> None:
        for name, pid in processes.items():
            if pid is not None:
                memory[name].append(_memory_mb(pid))

    heard.update(dict.fromkeys(EARS, 0))
    underruns = rig.devices.sound_state.underruns
    overruns = rig.devices.sound_input_state.overruns
    seen = instrument.watch(seconds, 1, look, beats=False)
    rig.listening.heard.disconnect(count)
    note = f"{seconds:.0f} s, {len(session.scene.modulators)} modulators; {_load()}"
    goal: Goal = at_most(_MOST)
    return [
        *(
            Row(
                f"{name}_growth",
                abs(_growth(taken)),
                "",
                goal,
                f"{taken[0]:.1f} to {taken[-1]:.1f} MB in {note}",
            )
            for name, taken in memory.items()
        ),
        Row("pictures_per_s", seen.painted_per_s(), "", note=note),
        *(
            Row(f"{ear}_spectra_per_s", heard[ear] / seconds, "", at_least(10), "it is heard")
            for ear in EARS
        ),
        Row("underruns", rig.devices.sound_state.underruns - underruns, "", note="sound out"),
        Row("overruns", rig.devices.sound_input_state.overruns - overruns, "", note="sound in"),
    ]
