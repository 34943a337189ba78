"""The contract between the instrument and its guests, the engines.

An engine lives in one folder. Its `spec.py` holds an `EngineSpec` and imports no torch; the spec
names the class that does the work by a string, which the engine thread imports when it first
needs it. That class is an `Engine`: load, render, close, and optional abilities: sample, encode,
refine, outline, compose, words. All its methods run on the engine thread, never on the window's.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio.document.arrays import Atlas, BlendMap, Latent, Pixels
from studio.document.errors import StudioError
from studio.document.parameters import Choice, Float, Int, Parameter, Value
from studio.engine.learning import Learning, ModelFiles
from studio.music.metres import Metre
from studio.music.phrases import Kept, Phrase

DeviceChoice = Literal["auto", "cuda", "mps", "cpu", "openvino"]


class EngineError(StudioError):
    """Something an engine cannot do. Its text is one sentence for the artist."""


class WeightsError(EngineError):
    """A weights file that is missing, truncated, or made for another model."""


class DeviceError(EngineError):
    """The device is missing or out of memory; the worker answers by going on with the CPU."""


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """One set of weights that an engine can load."""

    name: str
    title: str
    latent_size: int
    weights: Path
    """Absolute path of the safetensors file."""
    licence: str
    credit: str = ""
    directions: tuple[Float, ...] = ()
    """Sliders along named axes of the latent space; `Loaded.directions` brings the axes. The
    instrument moves the point along them, the engine never sees them."""
    parameters: tuple[Parameter, ...] = ()
    """Controls that only this model has."""
    outlines: bool = False  # whether `Engine.outline` draws its pictures as vector graphics
    formerly: tuple[str, ...] = ()  # SHA-256 of earlier files of weights that draw the same


ROLES: Mapping[str, type[Parameter] | tuple[type[Parameter], ...]] = {
    "genre": Choice,  # of the words in `studio.music.genres`: sets the band's style
    "tonic": (Choice, Int),
    "mode": Choice,
    "part": Int,  # bars, after which a part of the tune closes
    "form": Choice,  # of the words in `studio.music.tune_forms`: which parts come again
    "vary": Float,  # how far it strays from the point
    "temperature": Float,
    "density": Float,
    "register": Int,  # octaves
    "lowest": Int,  # MIDI numbers
    "highest": Int,
}
"""What a parameter of an engine that composes can be to the instrument, and of what kind it is."""


@dataclass(frozen=True, kw_only=True)
class EngineSpec:
    """All that the instrument knows about an engine before (and without) running it.

    `factory`, `train`, `evaluate` and `bench` are `"package.module:name"` strings. `factory` names
    a callable without arguments that returns an `Engine`; the other three are optional commands:
    `train(model, **options)`, `evaluate(model, device) -> list[Row]` (of all models, where `model`
    is None by default), and `bench(model) -> Decoders` (see `studio.commands.report`).
    """

    name: str
    title: str
    summary: str
    factory: str
    models: tuple[ModelSpec, ...]
    parameters: tuple[Parameter, ...] = ()
    encodes: bool = False
    refine_steps: int = 0
    """How many points `Engine.refine` yields; 0 for an engine that cannot."""
    own_steps: int = 0
    """How often `Engine.own_picture` yields at most; 0 for an engine that cannot."""
    size: str = ""
    """The name of the `Choice` of pixels that sets how large a picture is, smallest first."""
    shape: str = ""
    """The name of the `Choice` that sets a picture's width to its height, in words like "3:2";
    empty where all pictures are square."""
    tiles: bool = False
    """Whether its pictures join with themselves, edge to edge, without a seam."""
    blend_maps: bool = False
    """Whether the point may differ from place to place: see `Job.blend_map`."""
    composes: bool = False
    """Whether it makes phrases, too: see `Engine.compose`. Its pictures then show them."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """Which of its parameters mean something to the band and to wishes in words: for a role (see
    `ROLES`), the parameter's name. Every role may be left out."""
    learns: Learning | None = None
    model_files: ModelFiles | None = None
    train: str | None = None
    evaluate: str | None = None
    bench: str | None = None

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise EngineError(f"An engine cannot be named {self.name!r}.")
        if not self.models and self.model_files is None:
            raise EngineError(f"The engine {self.name} declares no model.")
        for what, names in (
            ("model", [m.name for m in self.models]),
            *(("parameter", [p.name for p in self.controls(m.name)]) for m in self.models),
        ):
            for name in names:
                if names.count(name) > 1:
                    raise EngineError(f"The engine {self.name} declares the {what} {name} twice.")
        self._check_roles()
        for target in (self.factory, self.train, self.evaluate, self.bench):
            if target is not None and target.count(":") != 1:
                raise EngineError(f"The engine {self.name} names no callable by {target!r}.")

    def _check_roles(self) -> None:
        for name in (self.size, self.shape):
            if name and not isinstance(self._shared(name), Choice):
                raise EngineError(f"The engine {self.name} declares no choice {name!r}.")
        for role, name in self.roles.items():
            if role not in ROLES:
                raise EngineError(f"There is no role {role!r} for the engine {self.name}.")
            if not isinstance(self._shared(name), ROLES[role]):
                raise EngineError(f"The engine {self.name} has no {name!r} fit to be its {role}.")

    def controls(self, model: str) -> tuple[Parameter, ...]:
        """Every parameter of a deck with `model`: the model's own first, then the engine's."""
        chosen = self.model(model)
        return (*chosen.parameters, *chosen.directions, *self.parameters)

    def aspect(self, values: Mapping[str, Value]) -> float:
        """A picture's width over its height, as `values` have it."""
        if not self.shape:
            return 1.0
        width, _, height = str(values[self.shape]).partition(":")
        return float(width) / float(height)

    def having(self, role: str) -> Parameter | None:
        """The parameter that has the role; None where none has."""
        return self._shared(self.roles.get(role, ""))

    def told(self, role: str, values: Mapping[str, Value]) -> Value | None:
        """What `values` say of the parameter that has the role; None where none has."""
        return values.get(self.roles.get(role, ""))

    def _shared(self, name: str) -> Parameter | None:
        return next((p for p in self.parameters if p.name == name), None)

    def model(self, name: str) -> ModelSpec:
        """The model called `name`, or an `EngineError` that lists those there are."""
        for model in self.models:
            if model.name == name:
                return model
        known = ", ".join(m.name for m in self.models)
        raise EngineError(f"{self.title} has no model {name!r}; it has: {known}.")


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What the instrument grants an engine."""

    device: DeviceChoice = "auto"
    threads: int = field(default_factory=lambda: thread_budget(live=False))


def thread_budget(*, live: bool) -> int:
    """CPU threads for an engine: while anything is live (a window, sound, MIDI), all cores but one.

    Torch's threads wait for each other after every layer, so one that shares its core with the
    window holds up all: on two cores the portraits arrived at 71 to 82 a second with two threads
    and at 113 to 120 with one. An audio callback's neighbour suffers likewise.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, (cores or 1) - live)


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """An engine's answer to `load`: where it runs, in words for the status bar ("CPU bf16")."""

    device: str
    notice: str = ""
    """One sentence where something differs from what was asked, else empty."""
    directions: Mapping[str, Latent] = field(default_factory=dict)
    """For every direction that the model declares, the step from without it to with it."""
    atlas: Atlas | None = None


@dataclass(frozen=True, kw_only=True)
class Job:
    """One picture that is wanted: a frozen copy of everything that it depends on."""

    latent: Latent
    parameters: Mapping[str, Value] = field(default_factory=dict)
    seed: int = 0
    thumbnail: bool = False
    """True for a small picture of the bare point (the engine's cheapest size)."""
    blend_map: BlendMap | None = None
    """Which point holds where, in place of `latent`; only for engines that declare `blend_maps`."""
    own_pictures: tuple[bytes, ...] = ()
    """Of `Engine.own_picture`: seen at and around their points."""
    own_files: tuple[str, ...] = ()  # what `own_pictures` are read from before an engine gets this


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Bars that are wanted: a frozen copy of everything that they depend on."""

    latent: Latent
    parameters: Mapping[str, Value] = field(default_factory=dict)
    seed: int = 0
    metre: Metre = field(default_factory=Metre)
    number: int = 0
    """Of the first bar wanted, counted from where the playing began."""
    bars: int = 1
    past: tuple[Phrase, ...] = ()
    """What was played just before, a phrase for each bar, oldest first; 16 are enough."""
    kept: Kept | None = None  # of bars that stood here
    then: Phrase | None = None  # what stands after them: they lead there
    free: bool = False  # go on from the past alone, whatever the latent
    closes: bool = False  # whether its last bar ends the tune
    opens: bool = False
    """Whether the tune begins with it: a pickup may lead in, in a bar of its own before the others,
    and what `parameters` do not say is for the engine to choose."""


class Engine(ABC):
    """A generator at work. One instance serves one model; several decks may share it."""

    @abstractmethod
    def load(self, model: ModelSpec, resources: Resources) -> Loaded:
        """Read the weights, move them to the device, warm up. May be called again with other
        resources. Raises `WeightsError` or `DeviceError`."""

    @abstractmethod
    def render(self, job: Job) -> Pixels:
        """The picture for `job`. Same job, same device: same bytes.

        Returns an array that the engine will not touch again. Raises `DeviceError` when the
        device's memory runs out.
        """

    def words(self, job: Job) -> str:  # noqa: ARG002
        """The line of text that the picture of `job` says. Optional; asked after `render`."""
        return ""

    @abstractmethod
    def close(self) -> None:
        """Give back memory. Nothing is called after it."""

    def sample(
        self,
        seed: int,
        count: int,
        latent_size: int,
        parameters: Mapping[str, Value] | None = None,  # noqa: ARG002
    ) -> NDArray[np.float32]:
        """`count` points that the model finds likely: float32, shape (count, latent_size).

        Point i depends on `seed`, i and, for an engine to which they matter, `parameters`.
        Without an override they come from N(0, I).
        """
        rows = [np.random.default_rng((seed, i)).standard_normal(latent_size) for i in range(count)]
        return np.asarray(rows, np.float32).reshape(count, latent_size)

    def encode(self, pixels: Pixels, parameters: Mapping[str, Value]) -> Latent:  # noqa: ARG002
        """The point whose picture, under `parameters`, comes near to `pixels`, found at once.
        Optional: see `EngineSpec.encodes`."""
        raise EngineError("This engine cannot encode pictures.")

    def refine(
        self,
        latent: Latent,  # noqa: ARG002
        pixels: Pixels,  # noqa: ARG002
        parameters: Mapping[str, Value],  # noqa: ARG002
    ) -> Iterator[Latent]:
        """Points ever nearer to `pixels`, from `latent` on: `EngineSpec.refine_steps` of them.

        Each step takes a few hundredths of a second at most; between two of them the engine is
        asked for other things, and the iterator may be dropped at any step.
        """
        return iter(())

    def own_picture(
        self,
        latent: Latent,  # noqa: ARG002
        pixels: Pixels,  # noqa: ARG002
        parameters: Mapping[str, Value],  # noqa: ARG002
    ) -> Iterator[bytes]:
        """Safetensors files that in `Job.own_pictures` make the picture at `latent` ever more like
        `pixels`: `EngineSpec.own_steps` at most, as `refine`. Raises `EngineError` if it cannot."""
        return iter(())

    def outline(self, job: Job) -> str:  # noqa: ARG002
        """The picture of `job` as an SVG document. Optional: see `ModelSpec.outlines`."""
        raise EngineError("This engine cannot draw outlines.")

    def compose(self, passage: Passage) -> Phrase:  # noqa: ARG002
        """`passage.bars` bars, exactly; what goes on from the past begins tied. Same passage, same
        notes. Optional: see `EngineSpec.composes`."""
        raise EngineError("This engine cannot compose.")

    def encode_phrase(self, phrase: Phrase, parameters: Mapping[str, Value]) -> Latent:  # noqa: ARG002
        """The point whose phrase, under `parameters`, comes near to `phrase`. Optional."""
        raise EngineError("This engine cannot take phrases in.")

    def remarks_on(self, phrase: Phrase) -> tuple[str, ...]:  # noqa: ARG002
        """A sentence for everything about `phrase` that `encode_phrase` does not keep."""
        return ()

    def use_threads(self, threads: int) -> None:  # noqa: B027
        """Use `threads` CPU threads from now on. Nothing to do for an engine without any."""


@dataclass(frozen=True, kw_only=True)
class Decoders:
    """An engine's entry to `bench pictures`: the same model decoded without any studio code.

    Both are functions from a latent to pixels: `eager` is the loop that a newcomer would write
    (fp32, plain memory format), `tuned` the same with the engine's own format and precision.
    """

    eager: Callable[[Latent], Pixels]
    tuned: Callable[[Latent], Pixels]
    flops: float
    """Floating-point operations of one decode (a multiply-add counts as two)."""
    others: Mapping[str, Callable[[], Callable[[Latent], Pixels]]] = field(default_factory=dict)
    """By name, what makes the same decoder in another runtime, on as many threads as torch has;
    it raises ImportError where that runtime is not installed."""
