"""Engines, a clock and a window that exist for tests only.

`FakeEngine` draws at once, `SlowEngine` only when the test lets it, `BrokenEngine` raises where it
is told to. A `Guest` is one of them with its spec, as the registry would find it. `Pump` runs a
`Session` in the place of the window's event loop. Nothing here sleeps: whatever waits is woken, and
gives up after `PATIENCE_S` with a sentence that says what it waited for.
"""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Condition, Event, current_thread
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, load_file, save, save_file

from studio.document.history import History
from studio.document.parameters import Choice, Float, Int, Parameter, Toggle, Value, initial_values
from studio.document.scene import Deck, Scene, Slot, home_place
from studio.engine import (
    Atlas,
    Engine,
    EngineError,
    EngineSpec,
    Job,
    Latent,
    Loaded,
    ModelSpec,
    Passage,
    Pixels,
    Resources,
    WeightsError,
)
from studio.engine._mailbox import Mailbox
from studio.engine.deck_state import DeckState
from studio.engine.decks import fresh_deck
from studio.engine.messages import Pictured
from studio.engine.registry import Registry
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase
from studio.session import Session

PATIENCE_S = 30.0
"""How long a test waits for what must happen. Only a test that fails waits that long."""

NO_WEIGHTS = Path(__file__).with_name("there-are-no-weights.safetensors").resolve()
"""The weights of models that a `FakeEngine` knows by heart."""

# One of each kind. Every one of them changes the picture, as LEAN does.
PARAMETERS: tuple[Parameter, ...] = (
    Float(name="contrast", label="Contrast", help="Strength.", low=0, high=2, default=1),
    Float(
        name="glow",
        label="Glow",
        help="Gain of the light.",
        unit="x",
        low=0.25,
        high=4,
        default=1,
        curve="log",
    ),
    Int(name="bands", label="Bands", help="Stripes.", unit="rows", low=1, high=8, default=1),
    Choice(
        name="tint",
        label="Tint",
        help="Which colour is lifted.",
        options=("none", "red", "blue"),
        default="none",
    ),
    Toggle(name="mirror", label="Mirror", help="Left becomes right.", default=False),
)

LEAN = Float(name="lean", label="Lean", help="A direction of one model.", low=-3, high=3, default=0)

REFINE_STEPS, OWN_STEPS = 4, 3
"""Of the engine that `refining` makes."""

MODELS = (
    ModelSpec(name="first", title="First", latent_size=4, weights=NO_WEIGHTS, licence="MIT"),
    ModelSpec(name="second", title="Second", latent_size=4, weights=NO_WEIGHTS, licence="MIT"),
    ModelSpec(
        name="wide",
        title="Wide",
        latent_size=6,
        weights=NO_WEIGHTS,
        licence="MIT",
        outlines=True,
        directions=(LEAN,),
    ),
)

SIDE = 8
"""Fake pictures are (SIDE, SIDE, 3), their thumbnails half of that."""

_LIGHT = 24.0


def picture_of(job: Job, model: str = "first", levels: Latent | None = None) -> Pixels:
    """What a `FakeEngine` with `model` draws for `job`, so that a test can tell pictures apart."""
    values: dict[str, Any] = {**initial_values(PARAMETERS), **job.parameters}
    point = job.latent * (1 if levels is None else levels)
    light = np.resize(point.astype(np.float64), (SIDE, SIDE, 3))
    light = 127.5 + _LIGHT * values["contrast"] * values["glow"] * light
    light += 5 * (np.arange(SIDE) % values["bands"])[:, None, None]
    if values["tint"] != "none":
        light[..., {"red": 0, "blue": 2}[values["tint"]]] += 30
    light += job.seed % 16 + zlib.crc32(model.encode()) % 8
    if values["mirror"]:
        light = light[:, ::-1]
    if job.thumbnail:
        light = light[::2, ::2]
    return np.ascontiguousarray(np.clip(np.round(light), 0, 255).astype(np.uint8))


def phrase_of(passage: Passage) -> Phrase:
    """What a `FakeEngine` composes: on every beat of the metre the same note, which the latent
    chooses and the number of the bar raises; without the latent, the past's last note."""
    if passage.free and passage.past:
        base = passage.past[-1].notes[-1].pitch
    else:
        base = 60 + round(12 * float(np.tanh(passage.latent[0]))) + passage.number % 4
    pulse, beats = passage.metre.pulse_beats, passage.metre.beats * passage.bars
    notes = (Note("lead", pulse * beat, pulse, base, 100) for beat in range(beats))
    return Phrase(tuple(notes), pulse * beats, passage.metre, Key(0))


@dataclass(frozen=True)
class Call:
    """A method that an engine was called by, with its argument and the thread's name."""

    method: str
    argument: Any
    thread: str


class FakeEngine(Engine):
    """Draws `picture_of` at once and remembers how it was called."""

    refine_steps = 0

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.model: ModelSpec | None = None
        self.resources = Resources()
        self.closed = False
        self._levels: Latent | None = None

    def load(self, model: ModelSpec, resources: Resources) -> Loaded:
        self.resources = resources
        self._enter("load", model)
        self._levels = None if model.weights == NO_WEIGHTS else read_levels(model)
        self.model = model
        device = "cpu" if resources.device == "auto" else resources.device
        axes = np.eye(model.latent_size, dtype=np.float32)
        directions = {d.name: axes[i] for i, d in enumerate(model.directions)}
        atlas = Atlas(points=axes, places=np.linspace(-1, 1, 2 * len(axes)).reshape(-1, 2))
        return Loaded(device=f"{device.upper()} fake", directions=directions, atlas=atlas)

    def render(self, job: Job) -> Pixels:
        self._enter("render", job)
        assert self.model is not None, "render before load"
        picture = picture_of(job, self.model.name, self._levels)
        for own in job.own_pictures:
            found = load(own)
            if "shade" not in found:
                raise EngineError("An own picture was made for another model.")
            if (found["point"] == job.latent).all():
                picture[:] = found["shade"]
        return picture

    def close(self) -> None:
        self._enter("close", None)
        self.closed = True

    def sample(
        self,
        seed: int,
        count: int,
        latent_size: int,
        parameters: Mapping[str, Value] | None = None,
    ) -> NDArray[np.float32]:
        self._enter("sample", (seed, count))
        return super().sample(seed, count, latent_size, parameters)

    def encode(self, pixels: Pixels, parameters: Mapping[str, Value]) -> Latent:
        self._enter("encode", pixels)
        assert self.model is not None, "encode before load"
        rows = np.arange(SIDE) * pixels.shape[0] // SIDE
        columns = np.arange(SIDE) * pixels.shape[1] // SIDE
        light = pixels[rows][:, columns].astype(np.float64).ravel()
        light -= 127.5 + zlib.crc32(self.model.name.encode()) % 8
        size = self.model.latent_size
        return np.asarray([light[i::size].mean() / _LIGHT for i in range(size)], np.float32)

    def refine(
        self, latent: Latent, pixels: Pixels, parameters: Mapping[str, Value]
    ) -> Iterator[Latent]:
        """Each step goes half of what is left of the way to what `encode` finds."""
        wanted = self.encode(pixels, parameters)
        for _ in range(self.refine_steps):
            self._enter("refine", latent)
            latent = np.asarray((latent + wanted) / 2, np.float32)
            yield latent

    def own_picture(
        self, latent: Latent, pixels: Pixels, parameters: Mapping[str, Value]
    ) -> Iterator[bytes]:
        """Each is drawn, at its point, as a plain picture, in the end of the right colour."""
        for step in range(1, OWN_STEPS + 1):
            self._enter("own_picture", latent)
            shade = round(float(pixels.mean()) * step / OWN_STEPS)
            yield save({"shade": np.array([shade], np.uint8), "point": np.array(latent)})

    def outline(self, job: Job) -> str:
        self._enter("outline", job)
        if self.model is None or not self.model.outlines:
            return super().outline(job)
        return f'<svg viewBox="0 0 2 1">{job.latent.tolist()}</svg>'

    def use_threads(self, threads: int) -> None:
        self._enter("use_threads", threads)
        self.resources = replace(self.resources, threads=threads)

    def _enter(self, method: str, argument: Any) -> None:
        assert not self.closed, f"{method} after close"
        self.calls.append(Call(method, argument, current_thread().name))

    def count(self, method: str) -> int:
        """How often `method` was called."""
        return sum(call.method == method for call in self.calls)

    @property
    def rendered(self) -> list[Job]:
        """The jobs for the canvas, in order; thumbnails left out."""
        jobs = [call.argument for call in self.calls if call.method == "render"]
        return [job for job in jobs if not job.thumbnail]


def write_levels(path: Path, latent_size: int) -> Path:
    """The weights file of a `FakeEngine`: how much each coordinate counts."""
    save_file({"levels": np.linspace(0.5, 1, latent_size, dtype=np.float32)}, path)
    return path


def read_levels(model: ModelSpec) -> Latent:
    """What `write_levels` wrote. Raises `WeightsError`."""
    try:
        levels = load_file(model.weights).get("levels", np.zeros(0))
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"The weights of {model.title} cannot be read.") from error
    if levels.shape != (model.latent_size,):
        raise WeightsError(f"The weights of {model.title} were made for another model.")
    return np.asarray(levels, np.float32)


class Gate:
    """Where a `SlowEngine` waits until the test lets it through. Open until it is `shut`."""

    def __init__(self) -> None:
        self._change = Condition()
        self._arrived = 0
        self._let_through = 0
        self._open = True

    def wait_here(self) -> None:
        """The engine's side: come to the gate and wait for one's turn."""
        with self._change:
            self._arrived += 1
            turn = self._arrived
            self._change.notify_all()
            if not self._change.wait_for(lambda: self._open or self._let_through >= turn, 60):
                raise TimeoutError("Nobody opened the gate.")

    def await_arrival(self, number: int = 1) -> None:
        """The test's side: wait until `number` jobs have begun since the gate was shut."""
        with self._change:
            if not self._change.wait_for(lambda: self._arrived >= number, PATIENCE_S):
                raise AssertionError(f"waited for the engine to begin its job {number} in vain")

    def shut(self) -> None:
        """Let nothing through from now on, and count the jobs afresh."""
        with self._change:
            self._open, self._arrived, self._let_through = False, 0, 0

    def let_through(self, count: int = 1) -> None:
        """Let the next `count` jobs finish, whether they have begun or not."""
        with self._change:
            self._let_through += count
            self._change.notify_all()

    def open(self) -> None:
        """Let everything through from now on."""
        with self._change:
            self._open = True
            self._change.notify_all()

    @property
    def arrived(self) -> int:
        """How many jobs have begun since the gate was shut."""
        return self._arrived


class SlowEngine(FakeEngine):
    """A `FakeEngine` that takes, in the `slow` methods, as long as the test wants."""

    def __init__(self, gate: Gate, slow: Collection[str] = ("render",)) -> None:
        super().__init__()
        self._gate = gate
        self._slow = slow

    def _enter(self, method: str, argument: Any) -> None:
        super()._enter(method, argument)
        if method in self._slow:
            self._gate.wait_here()


class SingingEngine(SlowEngine):
    """A `SlowEngine` that composes `phrase_of` and takes phrases in by their first note."""

    def compose(self, passage: Passage) -> Phrase:
        self._enter("compose", passage)
        return phrase_of(passage)

    def encode_phrase(self, phrase: Phrase, parameters: Mapping[str, Value]) -> Latent:
        self._enter("encode_phrase", phrase)
        assert self.model is not None, "encode before load"
        if not phrase.notes:
            raise EngineError("There is no note in it.")
        return np.full(self.model.latent_size, phrase.notes[0].pitch / 60 - 1, np.float32)


class BrokenEngine(FakeEngine):
    """A `FakeEngine` that raises `error()` in one method, while `breaks` says so.

    `breaks` is told the engine; by default it always breaks.
    """

    def __init__(
        self,
        method: str,
        error: Callable[[], BaseException] = lambda: RuntimeError("Something gave way."),
        breaks: Callable[[FakeEngine], bool] = lambda engine: True,
    ) -> None:
        super().__init__()
        self._method = method
        self._error = error
        self._breaks = breaks

    def _enter(self, method: str, argument: Any) -> None:
        super()._enter(method, argument)
        if method == self._method and self._breaks(self):
            raise self._error()


def not_on_cpu(engine: FakeEngine) -> bool:
    """For `BrokenEngine`: whether it runs on something else than the CPU."""
    return engine.resources.device != "cpu"


class Guest:
    """An engine as the registry finds it: its `spec`, and every instance that was `made`."""

    _numbers = itertools.count()

    def __init__(
        self,
        make: Callable[[], Any] = FakeEngine,
        *,
        name: str = "fake",
        models: tuple[ModelSpec, ...] = MODELS,
        gate: Gate | None = None,
        **declared: Any,
    ) -> None:
        self.make = make
        self.made: list[Any] = []
        self.gate = gate or Gate()
        address = f"factory_{next(self._numbers)}"
        globals()[address] = self._create
        self.spec = EngineSpec(
            **{
                "name": name,
                "title": name.title(),
                "summary": "Draws for tests.",
                "factory": f"{__name__}:{address}",
                "models": models,
                "parameters": PARAMETERS,
                "encodes": True,
                **declared,
            }
        )

    def _create(self) -> Any:
        engine = self.make()
        self.made.append(engine)
        return engine

    @property
    def engine(self) -> Any:
        """The instance that was made last."""
        return self.made[-1]


def fake(name: str = "fake", **declared: Any) -> Guest:
    """A guest that draws at once."""
    return Guest(FakeEngine, name=name, **declared)


def refining(*, gate: Gate | None = None) -> Guest:
    """A guest that refines what it encodes, step by step through its `gate`."""
    gate = gate or Gate()

    def make() -> FakeEngine:
        engine = SlowEngine(gate, ("refine", "own_picture"))
        engine.refine_steps = REFINE_STEPS
        return engine

    steps = {"refine_steps": REFINE_STEPS, "own_steps": OWN_STEPS}
    return Guest(make, name="patient", gate=gate, **steps)


def composing(*, gate: Gate | None = None, **declared: Any) -> Guest:
    """A guest that composes, each passage through its `gate`."""
    gate = gate or Gate()

    return Guest(
        lambda: SingingEngine(gate, ("compose",)),
        name="singer",
        gate=gate,
        composes=True,
        **declared,
    )


def slow(*methods: str, name: str = "slow") -> Guest:
    """A guest that waits at its `gate` in `methods`, by default in render."""
    gate = Gate()
    return Guest(lambda: SlowEngine(gate, methods or ("render",)), name=name, gate=gate)


def broken(
    method: str,
    error: Callable[[], BaseException] = lambda: RuntimeError("Something gave way."),
    breaks: Callable[[FakeEngine], bool] = lambda engine: True,
    *,
    name: str = "broken",
) -> Guest:
    """A guest that raises `error()` in `method`; "factory" is where it is made."""

    def fail() -> Engine:
        raise error()

    if method == "factory":
        return Guest(fail, name=name)
    return Guest(lambda: BrokenEngine(method, error, breaks), name=name)


class FakeClock:
    """A clock that goes when it is told to."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


def slot(seed: int, latent_size: int = 4, **changes: Any) -> Slot:
    """A slot with some point of its own for each `seed`."""
    latent = np.random.default_rng(seed).standard_normal(latent_size).astype(np.float32)
    made = Slot(latent=tuple(latent.tolist()), place=home_place(seed % 8))
    return made.model_copy(update=changes)


def filled_deck(guest: Guest, key: str = "deck1", slots: int = 3, model: str | None = None) -> Deck:
    """A deck whose first `slots` slots hold points, the puck near the first."""
    deck = fresh_deck(guest.spec, model, key=key)
    size = guest.spec.model(deck.model).latent_size
    for index in range(slots):
        deck = deck.with_slot(index, slot(index, size))
    return deck.model_copy(update={"pad": (0.1, 0.5)})


def scene_of(*decks: Deck) -> Scene:
    """A scene of `decks`, the first in front."""
    return Scene(decks=decks, front=decks[0].key)


class _WatchedMailbox(Mailbox[Any, Any]):
    """A mailbox that says when the engine thread has come back to it and found nothing."""

    def __init__(self, at_rest: Callable[[], None]) -> None:
        super().__init__()
        self._tell = at_rest
        self._taking = False
        self.taken = 0

    def take(self, *, wait: bool = True) -> Any:
        with self._ready:  # a condition's lock can be taken twice, and waiting gives it free
            self._taking = wait
            if wait and not self._has_work():
                self._tell()
            item = super().take(wait=wait)
            self._taking = False
            self.taken += 1
            return item

    def at_rest(self) -> bool:
        with self._ready:
            return self._taking and not self._has_work()


class Pump:
    """A session without a window: the test's own hands turn what the event loop would.

    Holds what a window would have seen: `notices`, and `shown`, each picture as it came.
    Without decks, the scene has one filled deck for each guest.
    """

    def __init__(
        self, *guests: Guest, scene: Scene | None = None, resources: Resources | None = None
    ) -> None:
        self.guests = guests
        self.clock = FakeClock()
        self.notices: list[str] = []
        self.shown: list[Pictured] = []
        self._woken = Event()
        decks = [filled_deck(g, f"deck{n}") for n, g in enumerate(guests, start=1)]
        self.session = Session(
            Registry.of(*(g.spec for g in guests)),
            scene or scene_of(*decks),
            wake=self._woken.set,
            resources=resources or Resources(threads=1),
            history=History(clock=self.clock),
        )

        self._mailbox = _WatchedMailbox(self._woken.set)
        self.session.engines.thread.mailbox = self._mailbox

        def picture(deck: str) -> None:
            shown = self.session.state(deck).shown
            assert shown is not None
            self.shown.append(shown)

        def notice(sentence: str) -> None:
            self.notices.append(sentence)

        self.session.pictured.connect(picture)
        self.session.noticed.connect(notice)

    @property
    def scene(self) -> Scene:
        return self.session.scene

    def deck(self, key: str = "deck1") -> Deck:
        return self.session.scene.deck(key)

    def state(self, key: str = "deck1") -> DeckState:
        return self.session.state(key)

    def start(self) -> Pump:
        """Start the session and wait until every deck is at rest."""
        self.session.start()
        self.settle()
        return self

    def until(self, condition: Callable[[], bool], awaited: str) -> None:
        """Take what comes back until `condition` holds; fails with what was `awaited`."""
        deadline = monotonic() + PATIENCE_S
        while True:
            self._woken.clear()
            self.session.collect()
            if condition():
                return
            if monotonic() > deadline:
                raise AssertionError(f"waited for {awaited} in vain; {self._report()}")
            # Most conditions come true with an event; a few, like a closed engine, without one.
            self._woken.wait(0.01)

    def _report(self) -> str:
        """How every deck stands, for the message of a test that waited in vain."""
        states = []
        for deck in self.scene.decks:
            state = self.state(deck.key)
            shown = state.shown and state.shown.request.revision
            states.append(
                f"{deck.key} epoch {state.epoch} on {state.device!r}, asked {state.asked}, "
                f"shown {shown}, opening {state.opening}, problem {state.problem!r}"
            )
        return "; ".join([*states, f"notices {self.notices[-5:]}"])

    def settle(self) -> None:
        """Wait until the engine thread has nothing left to do and all of it was collected."""
        self.until(self._at_rest, "the engine thread to come to rest")

    def _at_rest(self) -> bool:
        taken = self._mailbox.taken
        if not self._mailbox.at_rest():
            return False
        self.session.collect()  # what came between the last collect and the rest
        # What that asked for may be done by now, and wait to be collected.
        return self._mailbox.at_rest() and self._mailbox.taken == taken

    def change(self, operation: Callable[[], object]) -> None:
        """Do `operation`, settle, and see that the scene is another one."""
        before = self.scene
        operation()
        self.settle()
        assert self.scene != before, "the scene did not change"

    def close(self) -> None:
        """End the session, whatever its engines are waiting for."""
        for guest in self.guests:
            guest.gate.open()
        assert self.session.close(), "the engine thread did not end"


@contextmanager
def playing(
    *guests: Guest, scene: Scene | None = None, resources: Resources | None = None
) -> Iterator[Pump]:
    """A started `Pump` that is at rest, closed at the end."""
    pump = Pump(*guests, scene=scene, resources=resources)
    try:
        yield pump.start()
    finally:
        pump.close()


def is_one_sentence(text: str) -> bool:
    """Whether `text` is fit for the artist: one line, begun and ended like a sentence."""
    whole = text[:1].isupper() and text.endswith(".") and not text.endswith("..")
    return whole and "\n" not in text and "Traceback" not in text and len(text) < 300
