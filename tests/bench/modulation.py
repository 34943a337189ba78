"""`latentloom bench modulation`: what movement by itself costs, and how exact it is.

(a) What a frame costs with as many modulators and connections as a scene holds. (b) How far the
peak of an envelope that runs ahead is from the kick that an ensemble really sends, in fake time.
(c) Whether two renders of 64 bars are the same, and jumping to a beat is playing up to it. (d) How
true a recorded gesture is. (e) On the first engine that offers its decoder, through the real
window: pictures painted while a hand drags, with everything moving and without. (f) From a click in
a sound input to the picture. It runs offscreen where there is no display.
"""

from __future__ import annotations

import gc
import math
import os
import random
import statistics
import sys
from collections.abc import Sequence
from itertools import cycle
from time import perf_counter, thread_time
from typing import Any

import numpy as np

from studio.commands.report import Row, at_least, at_most
from studio.control.deck_controls import controls_of
from studio.document.modulation import (
    CONNECTION_LIMIT,
    MODULATOR_LIMIT,
    Connection,
    Modulator,
    Step,
)
from studio.document.parameters import Float, Parameter
from studio.document.scene import Scene
from studio.engine import Decoders
from studio.engine.decks import checked, fresh_deck
from studio.engine.registry import Registry, resolve
from studio.live.ensemble.band import BandBar, Task
from studio.live.modulation_source import ModulationSource
from studio.modulation.graph import Graph
from studio.modulation.inputs import Inputs, Tune, TuneNote
from studio.modulation.kinds import KINDS
from studio.modulation.targets import Target, modulated, targets_of
from studio.music.notes import Note
from studio.music.phrases import on_track
from studio.session import Session
from studio.session.shown import Now
from tests.bench import sound_to_picture
from tests.bench.instrument import Instrument
from tests.bench.pictures import _decodes_per_s, _subjects
from tests.fakes import FakeClock, Pump, composing, fake, filled_deck, scene_of
from tests.studio.live.ensemble.ensemble_stage import BAR_S, Stage

FRAMES = 3000
_FRAME_S = 1 / 60
_BARS = 64
_HAND_HZ = 200
ROUNDS = 16


def run(seconds: float = 12.0) -> list[Row]:
    """Measure each part; the drags take `seconds` each way."""
    if sys.platform == "linux" and not (os.getenv("DISPLAY") or os.getenv("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return [
        *_frame_rows(),
        *_peak_rows(),
        *_again_rows(),
        *_gesture_rows(),
        *_window_rows(seconds),
        *sound_to_picture.rows(),
    ]


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"


# -- a scene in which everything moves -------------------------------------------------------------


def everything(scene: Scene, addresses: Sequence[str]) -> Scene:
    """`scene` with as many modulators of every kind but sound as it holds, some of which move each
    other, and as many connections, to all of `addresses` in turn."""
    kinds = [kind for kind in KINDS if kind != "sound"]
    modulators = tuple(_modulator(id, kinds[id % len(kinds)]) for id in range(1, 33))
    inside = [
        Connection(id=1, modulator=1, target="/modulator/8/rate", depth=0.1),
        Connection(id=2, modulator=2, target="/connection/9/depth", depth=0.3),
        Connection(id=3, modulator=15, target="/modulation/depth", depth=-0.1),
    ]
    ways = cycle(addresses)
    polarities = cycle(("bipolar", "unipolar"))
    curves = cycle(("linear", "exponential", "S"))
    outside = [
        Connection(
            id=id,
            modulator=1 + id % MODULATOR_LIMIT,
            target=next(ways),
            depth=0.02 + 0.001 * id,
            polarity=next(polarities),  # type: ignore[arg-type]
            curve=next(curves),  # type: ignore[arg-type]
        )
        for id in range(4, CONNECTION_LIMIT + 1)
    ]
    return scene.but(modulators=modulators, connections=(*inside, *outside))


def _modulator(id: int, kind: str) -> Modulator:
    settings: dict[str, Any] = {}
    free, chance = id % 2 == 0, id % 5
    match kind:
        case "lfo":
            shapes = ("sine", "triangle", "ramp up", "square", "steps", "wander")
            settings = {"shape": shapes[id % 6], "rate": 0.1 * id, "seed": id}
            settings["sync"] = "free" if free or id == 8 else "beat"
        case "envelope":
            triggers = ("kick", "lead", "bass", "beat", "bar")
            settings = {"trigger": triggers[chance], "offset": -0.25 * (id % 3)}
        case "notes":
            settings = {"measure": ("pitch", "density", "interval", "register", "tension")[chance]}
        case "gesture":
            settings = {"smooth": 0.1 * chance}
        case "follow":
            settings = {"address": "/deck/1/pad/x", "smooth": 0.1}
    steps = tuple(Step(value=(n * 7 % 16) / 15, glide=0.2, chance=0.8) for n in range(16))
    wave = tuple((n / 16, math.sin(n) / 2, math.cos(n) / 2) for n in range(64))
    points = tuple((float(np.float32(t)), float(x), float(y)) for t, x, y in wave)
    return Modulator(
        id=id,
        kind=kind,
        settings=settings,
        steps=steps if kind == "steps" else (),
        points=points if kind == "gesture" else (),
    )


def tune(bars: int) -> Tune:
    """A band that plays sixteenths, chosen by chance, and a kick on every beat, by a hand."""
    chance = random.Random(1)
    notes = []
    for n in range(bars * 16):
        beat, deck = n / 4 + chance.gauss(0, 0.01), 1
        notes.append(TuneNote(beat, 0.2, chance.randint(48, 84), chance.randint(40, 127), "lead"))
        if n % 4 == 0:
            notes.append(TuneNote(beat, 0.1, 36, 100, "drums", deck))
            notes.append(TuneNote(beat, 0.9, chance.randint(36, 48), 90, "bass", deck))
    return Tune(notes)


def _addresses(targets: dict[str, Target]) -> list[str]:
    """The controls of decks that have no steps."""
    return [
        address
        for address, target in targets.items()
        if target.deck and isinstance(target.parameter, Float) and not address.startswith("/front")
    ]


def _leading(targets: dict[str, Target], directions: Sequence[Parameter]) -> list[str]:
    """Those that lead to another point: an engine needs no longer for that one, as it does for
    effects on the picture, which would be counted as ours."""
    names = {direction.name for direction in directions}
    return [
        address
        for address in _addresses(targets)
        if targets[address].field in ("pad", "weight") or targets[address].name in names
    ]


# -- (a) the cost of a frame -----------------------------------------------------------------------


def _frame_rows() -> list[Row]:
    spec = _subjects()[0]
    registry = Registry.of(spec)
    deck = fresh_deck(spec).but(pad=(0.2, 0.1))
    scene = checked(registry, Scene(decks=(deck,), front=deck.key))

    def controls(deck: Any) -> Any:
        return registry.spec(deck.engine).controls(deck.model)

    addresses = _addresses(targets_of(scene, controls))
    session = Session(registry, scene, wake=lambda: None)
    session.open(everything(scene, addresses))
    heard = Inputs(tune=tune(32), moves={"/deck/1/pad/x": ((0.0, 0.6), (1.0, 0.7))})
    session.modulation.listen_to(_Playing(heard))
    session.modulation.step(0.0)
    gc.collect()
    gc.freeze()  # as the app does when an engine is loaded (p99 with what was imported: 3.3 ms)
    taken, worked = [], []
    for n in range(FRAMES):
        began, worked_until = perf_counter(), thread_time()
        session.modulation.step(n * _FRAME_S)
        taken.append(1000 * (perf_counter() - began))
        worked.append(1000 * (thread_time() - worked_until))
    moved = len(session.modulation.positions)
    note = f"{MODULATOR_LIMIT} modulators, {CONNECTION_LIMIT} connections to {moved} controls"
    hands = []
    for n in range(500):
        began = perf_counter()
        session.pads.move(deck.key, (n / 1000, 0.0))
        hands.append(1000 * (perf_counter() - began))
    session.close()
    return [
        Row("frame_cost_median_ms", float(np.median(taken)), "ms", note=f"{note}; {_load()}"),
        Row("frame_cost_ms", float(np.percentile(taken, 99)), "ms", at_most(1), f"p99; {_load()}"),
        Row(
            "frame_work_p99_ms",
            float(np.percentile(worked, 99)),
            "ms",
            at_most(1),
            "the same in the processor's time: what other programs do is not in it",
        ),
        Row("hand_cost_median_ms", float(np.median(hands)), "ms", note="a move of the puck"),
    ]


class _Playing:
    """A transport at 120, as a hand turns it."""

    moves = True

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self.s = 0.0

    def clock(self) -> float:
        return self.s

    def now(self, at_s: float) -> Now:
        return Now(2 * at_s, at_s, self._inputs, moves=True)

    def ahead(self, beat: float) -> Now:
        return Now(beat, beat / 2, self._inputs, moves=True)


# -- (b) from the kick to the peak -----------------------------------------------------------------


def _kicks(task: Task) -> BandBar:
    """Four kicks in a bar, each a little beside its place, as hands play."""
    chance = random.Random(task.number)
    places = [max(0.0, beat + chance.gauss(0, 0.02)) for beat in (0.0, 1.0, 2.0, 3.0)]
    kicks = tuple(Note("drums", place, 0.1, 36, 100) for place in places)
    return BandBar(notes=(*on_track("lead", task.lead.notes), *kicks))


def _peak_rows() -> list[Row]:
    apart_ms: list[float] = []
    seen_ms: list[float] = []
    for bpm in (73.0, 120.0, 171.0):
        found = _peaks(bpm)
        apart_ms += found[0]
        seen_ms += found[1]
    note = f"{len(apart_ms)} kicks as the player was sent them, at three tempi, offset -1/4 beat"
    return [
        Row("note_to_peak_ms", float(np.percentile(apart_ms, 99)), "ms", at_most(1), note),
        Row(
            "note_to_peak_on_screen_ms",
            float(np.percentile(seen_ms, 99)),
            "ms",
            at_most(1000 * _FRAME_S),
            "to the highest of 60 pictures a second",
        ),
    ]


def _peaks(bpm: float) -> tuple[list[float], list[float]]:
    """How far the highest value is from each kick, in continuous time and among pictures."""
    guest = composing()
    pumps: list[Pump] = []

    def play(*guests: Any, **given: Any) -> Pump:
        pumps.append(Pump(*guests, fake("other"), **given))
        return pumps[-1].start()

    scene = scene_of(filled_deck(guest), filled_deck(fake("other"), "deck2"))
    stage = Stage(play, guest, scene=scene, arrange=_kicks).start()
    try:
        session = stage.session
        controls = controls_of(session)
        source = ModulationSource(session, stage.transport, stage.ensemble, controls)
        session.modulation.listen_to(source)
        envelope = {"trigger": "kick", "offset": -0.25, "decay": 0.1, "touch": 0.0}
        session.modulation.add(Modulator(id=1, kind="envelope", settings=envelope))
        session.modulation.connect(1, "/deck/2/contrast", polarity="unipolar", depth=0.5)
        session.set_score("tempo", bpm)
        stage.transport.set_tempo(bpm)
        stage.transport.play()
        stage.run(4 * BAR_S * 120 / bpm)
        kicks = [h.at_s for h in stage.player.heard if h.kind == 0x90 and h.data[1] == 36]
        return (
            [_apart_ms(session, kick) for kick in kicks],
            [_seen_ms(session, kick) for kick in kicks],
        )
    finally:
        stage.transport.stop()
        for pump in pumps:
            pump.close()


def _value_at(session: Session, at_s: float) -> float:
    session.modulation.step(at_s)
    return session.modulation.values.of(1)


def _apart_ms(session: Session, kick_s: float) -> float:
    steps = np.sort(np.append(np.arange(-0.02, 0.02, 2e-4), np.arange(-1e-3, 1e-3, 2e-5)))
    values = [_value_at(session, kick_s + step) for step in steps]
    return 1000 * abs(float(steps[int(np.argmax(values))]))


def _seen_ms(session: Session, kick_s: float) -> float:
    first = math.floor(kick_s / _FRAME_S) - 3
    frames = [(first + n) * _FRAME_S for n in range(8)]
    best = max(frames, key=lambda at_s: _value_at(session, at_s))
    return 1000 * abs(best - kick_s)


# -- (c) the same again ----------------------------------------------------------------------------


def _again_rows() -> list[Row]:
    guest = fake()
    registry = Registry.of(guest.spec)
    plain = checked(registry, scene_of(filled_deck(guest)))

    def controls(deck: Any) -> Any:
        return registry.spec(deck.engine).controls(deck.model)

    targets = targets_of(plain, controls)
    scene = checked(registry, everything(plain, _addresses(targets)))
    heard = Inputs(tune=tune(_BARS), moves={"/deck/1/pad/x": ((0.0, 0.55),)})

    def at(graph: Graph, beat: float) -> Scene:
        values = graph.at(beat, beat / 2, heard)
        return modulated(scene, targets, values.offsets(scene.master_depth)).scene

    def rendered() -> list[Scene]:
        graph = Graph(scene.modulators, scene.connections)
        return [at(graph, n / 8) for n in range(_BARS * 4 * 8)]

    first, second = rendered(), rendered()
    differ = sum(a != b for a, b in zip(first, second, strict=True))
    chance = random.Random(2)
    jumps = [chance.randrange(len(first)) for _ in range(24)]
    jumped = sum(at(Graph(scene.modulators, scene.connections), n / 8) != first[n] for n in jumps)
    moving = len({str(each.decks[0].parameters) for each in first})
    note = f"{len(first)} scenes of {_BARS} bars, {moving} of them different; every kind but sound"
    return [
        Row("same_again", float(differ), "scenes that differ", at_most(0), note),
        Row("jumped_again", float(jumped), "scenes that differ", at_most(0), f"{len(jumps)} jumps"),
    ]


# -- (d) gestures ----------------------------------------------------------------------------------


def _gesture_rows() -> list[Row]:
    guest = fake()
    pump = Pump(guest)
    session, time = pump.session, _Playing(Inputs())
    session.modulation.listen_to(time)

    def hand(s: float) -> tuple[float, float]:
        return 0.85 * math.sin(3.1 * s), 0.85 * math.sin(2.3 * s)

    session.pads.move("deck1", hand(0.0))
    session.gestures.record(("/deck/1/pad/x", "/deck/1/pad/y"), bars=2)
    clock: FakeClock = pump.clock
    while time.s < 4.0:
        session.pads.move("deck1", hand(time.s))
        session.modulation.step(time.s)
        time.s += 1 / 125
        clock.advance(1 / 125)
    session.modulation.step(4.0)
    times = np.arange(0.0, 3.98, 1 / 500)
    played = np.asarray([_pad(session, 4.0 + float(s)) for s in times])
    wanted = np.asarray([hand(float(s)) for s in times])
    apart = float(np.abs(played - wanted).max()) / 2
    shifts = np.arange(-0.02, 0.02, 0.0001)
    best = min(shifts, key=lambda shift: _miss(played[::5], times[::5], float(shift), hand))
    session.close()
    kept = len(session.modulation.modulator(1).points)
    note = f"of the travel; {kept} points kept of 500, a hand at 125 Hz"
    return [
        Row("gesture_error", apart, "", at_most(0.01), note),
        Row("gesture_error_ms", 1000 * abs(float(best)), "ms", at_most(5), "in time"),
    ]


def _pad(session: Session, at_s: float) -> tuple[float, float]:
    session.modulation.step(at_s)
    return session.shown.front_deck.pad


def _miss(played: Any, times: Any, shift: float, hand: Any) -> float:
    wanted = np.asarray([hand(float(s) + shift) for s in times])
    return float(np.square(played - wanted).sum())


# -- (e) through the window ------------------------------------------------------------------------


def _window_rows(seconds: float) -> list[Row]:
    spec = _subjects()[0]
    model = spec.models[0]
    instrument = Instrument(spec, model)
    try:
        instrument.settle()
        decoders: Decoders = resolve(spec.bench or "", spec.title)(model.name)
        session = instrument.session
        plain = session.scene
        targets = targets_of(plain, lambda deck: spec.controls(deck.model))
        moving = everything(plain, _leading(targets, model.directions))
        part = seconds / ROUNDS
        rounds = []
        for _ in range(ROUNDS):
            tuned = _decodes_per_s(decoders.tuned, model.latent_size, part)
            found = []
            for scene in (plain, moving):
                session.open(scene.but(decks=session.scene.decks))
                instrument.drag(0.1, _HAND_HZ)
                found.append(instrument.drag(part, _HAND_HZ).painted_per_s() / tuned)
            rounds.append(tuple(found))
    finally:
        instrument.close()
    without = statistics.median(a for a, _ in rounds)
    ratio = statistics.median(b / a for a, b in rounds)
    note = f"{model.title}, while dragging, all modulators on; {ROUNDS} rounds; {_load()}"
    return [
        Row("arrived_over_tuned_plain", without, "", note="the same without modulators"),
        Row("arrived_over_tuned", statistics.median(b for _, b in rounds), "", note=note),
        Row("arrived_over_plain", ratio, "", at_least(0.97), "median of the rounds' ratios"),
    ]
