"""The engines that are loaded, the decks that each serves, and what is asked of them."""

from __future__ import annotations

import gc
import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from studio.engine import (
    DeviceError,
    Engine,
    EngineError,
    Latent,
    Loaded,
    ModelSpec,
    Pixels,
    Resources,
)
from studio.engine.messages import (
    Answered,
    Close,
    Command,
    Compose,
    Encode,
    Encoded,
    Event,
    Grant,
    Load,
    Outline,
    Pictured,
    Ready,
    Refined,
    Request,
    Sample,
    Sampled,
    Settle,
)
from studio.engine.picture_files import open_picture
from studio.engine.registry import Registry
from studio.music.phrases import Phrase

_log = logging.getLogger(__name__)


@dataclass
class _Guest:
    """A loaded engine and the decks that it serves."""

    engine: Engine
    model: ModelSpec
    loaded: Loaded
    refine_steps: int
    composes: bool = False
    decks: dict[str, int] = field(default_factory=dict)
    """The epoch of each."""
    fell_back: bool = False
    """Whether the device failed during play and the CPU took over."""


@dataclass
class _RunningRefinement:
    """Points on their way to a slot's picture."""

    encode: Encode
    guest: _Guest
    points: Iterator[Latent]
    step: int = 0

    def next(self) -> Refined:
        """What to tell after one more step; without a point when there are no more."""
        self.step += 1
        steps = self.guest.refine_steps
        latent = next(self.points, None)
        if latent is None:
            return self.ended()
        (point,) = _checked_points(np.asarray(latent)[None], 1, self.guest.model.latent_size)
        return Refined(*self._address(), point, self.step, steps)

    def ended(self) -> Refined:
        """The point so far is the last."""
        self.step = self.guest.refine_steps
        return Refined(*self._address(), None, self.step, self.step)

    def _address(self) -> tuple[str, int, int]:
        return self.encode.deck, self.encode.epoch, self.encode.slot


class LoadedEngines:
    """The engines at work, by engine and model. Lives on the engine thread alone."""

    def __init__(
        self,
        registry: Registry,
        resources: Resources,
        is_awaited: Callable[[str, str], bool] = lambda engine, model: False,  # noqa: ARG005
    ) -> None:
        self._registry = registry
        self._is_awaited = is_awaited  # whether a load of it waits, for which it stays
        self._resources = resources
        self._guests: dict[tuple[str, str], _Guest] = {}
        self._refinements: deque[_RunningRefinement] = deque()

    @property
    def refining(self) -> bool:
        """Whether `refine` has something to do while nothing else is asked for."""
        return bool(self._refinements)

    def do(self, item: Command | Request | Compose) -> list[Event]:
        try:
            return self._work(item)
        except DeviceError as error:
            if not isinstance(item, (Request, Compose, Sample, Encode, Outline)):
                raise
            moved = self._move_to_cpu(self._guest(item.deck), error)
            # Pictures are asked for again by whoever hears of the move; the rest only here.
            return moved if isinstance(item, Request) else [*moved, *self._work(item)]

    def _work(self, item: Command | Request | Compose) -> list[Event]:
        match item:
            case Request():
                return self._render(item)
            case Compose():
                return [Answered(item.deck, item.epoch, item.reply, self._compose(item))]
            case Load():
                return [Ready(item.deck, item.epoch, self._load(item))]
            case Close():
                self._leave(item.deck)
            case Sample():
                return [self._sample(item)]
            case Encode():
                return [self._encode(item)]
            case Settle():
                self._drop_refinements(item.deck, item.slot)
            case Outline():
                svg = self._guest(item.deck).engine.outline(item.job)
                return [Answered(item.deck, item.epoch, item.reply, svg)]
            case Grant():
                self._grant(item.resources)
        return []

    def clear(self) -> None:
        """Close every engine; one that fails to close is only logged."""
        for guest in self._guests.values():
            _close_quietly(guest.engine)
        self._guests.clear()
        self._refinements.clear()

    def _guest(self, deck: str) -> _Guest:
        for guest in self._guests.values():
            if deck in guest.decks:
                return guest
        raise EngineError("This deck has no engine; choose a model to try again.")

    def _load(self, command: Load) -> Loaded:
        key = (command.engine, command.model.name)
        self._leave(command.deck, stays_with=None if command.anew else key)
        decks: dict[str, int] = {}
        if key in self._guests and self._guests[key].model.weights != command.model.weights:
            old = self._guests.pop(key)  # a model that learns: its other decks follow
            decks = old.decks
            _close_quietly(old.engine)
        if key not in self._guests:
            engine = self._registry.create(command.engine)
            try:
                loaded = self._load_somewhere(engine, command.model)
            except BaseException:
                _close_quietly(engine)
                raise
            spec = self._registry.spec(command.engine)
            guest = _Guest(engine, command.model, loaded, spec.refine_steps, spec.composes, decks)
            self._guests[key] = guest
            gc.freeze()  # else each full collection walks all that the engine's libraries hold
        self._guests[key].decks[command.deck] = command.epoch
        return self._guests[key].loaded

    def _load_somewhere(self, engine: Engine, model: ModelSpec) -> Loaded:
        """Load on the device asked for or, where it fails, on the CPU."""
        try:
            return engine.load(model, self._resources)
        except DeviceError as error:
            if self._resources.device == "cpu":
                raise
            loaded = engine.load(model, replace(self._resources, device="cpu"))
            return replace(loaded, notice=f"{error} Playing goes on with the CPU.")

    def _leave(self, deck: str, stays_with: tuple[str, str] | None = None) -> None:
        self._drop_refinements(deck)
        for key, guest in list(self._guests.items()):
            guest.decks.pop(deck, None)
            if not guest.decks and key != stays_with and not self._is_awaited(*key):
                del self._guests[key]
                _close_quietly(guest.engine)

    def _render(self, request: Request) -> list[Event]:
        try:
            guest = self._guest(request.deck)
        except EngineError:
            return []  # its load failed and said so; every move of a drag need not say it again
        begun = perf_counter()
        pixels = _checked(guest.engine.render(request.job))
        if request.reply is not None:
            return [Answered(request.deck, request.epoch, request.reply, pixels)]
        return [Pictured(request, pixels, 1000 * (perf_counter() - begun))]

    def _move_to_cpu(self, guest: _Guest, error: DeviceError) -> list[Event]:
        """The device gave up during play: load again on the CPU; each deck asks once more."""
        if guest.fell_back:
            raise error
        guest.fell_back = True
        for deck in guest.decks:
            self._drop_refinements(deck)
        loaded = guest.engine.load(guest.model, replace(self._resources, device="cpu"))
        guest.loaded = replace(loaded, notice=f"{error} Playing goes on with the CPU.")
        return [Ready(deck, epoch, guest.loaded) for deck, epoch in guest.decks.items()]

    def _sample(self, command: Sample) -> Event:
        guest = self._guest(command.deck)
        count = max(command.slots) + 1
        size = guest.model.latent_size
        drawn = guest.engine.sample(command.seed, count, size, command.parameters)
        points = _checked_points(drawn, count, size)
        latents = {slot: points[slot] for slot in command.slots}
        return Sampled(command.deck, command.epoch, command.seed, latents, command.sets_seed)

    def _compose(self, command: Compose) -> Phrase:
        phrase = self._guest(command.deck).engine.compose(command.passage)
        if not isinstance(phrase, Phrase):
            raise EngineError("The engine made something that is not a phrase.")
        return phrase

    def _encode(self, command: Encode) -> Event:
        guest = self._guest(command.deck)
        source = _opened(command.source, composes=guest.composes)
        engine = guest.engine
        if isinstance(source, Phrase):
            latent = engine.encode_phrase(source, command.parameters)
            remarks = (*source.remarks, *engine.remarks_on(source))
        else:
            near = command.near
            latent = engine.encode(source, command.parameters) if near is None else near
            remarks = ()
        (point,) = _checked_points(np.asarray(latent)[None], 1, guest.model.latent_size)
        self._drop_refinements(command.deck, command.slot)
        if guest.refine_steps and not isinstance(source, Phrase):
            points = engine.refine(point, source, command.parameters)
            self._refinements.append(_RunningRefinement(command, guest, points))
        return Encoded(command.deck, command.epoch, command.slot, point, remarks)

    def refine(self) -> list[Event]:
        """One step of the refinement whose turn it is; one that fails is only given up."""
        if not self._refinements:
            return []
        now = self._refinements.popleft()
        try:
            event = now.next()
        except BaseException:  # noqa: BLE001 - a guest may raise anything
            _log.exception("refining slot %d", now.encode.slot)
            return [now.ended()]
        if event.step < event.steps:
            self._refinements.append(now)
        return [event]

    def _drop_refinements(self, deck: str, slot: int | None = None) -> None:
        self._refinements = deque(
            r
            for r in self._refinements
            if r.encode.deck != deck or (slot is not None and r.encode.slot != slot)
        )

    def _grant(self, resources: Resources) -> None:
        before, self._resources = self._resources, resources
        if resources.device != before.device:
            self.clear()  # the session loads every deck again
        for guest in self._guests.values():
            try:
                guest.engine.use_threads(resources.threads)
            except BaseException:  # noqa: BLE001 - a guest may raise anything
                _log.exception("threads for %s", type(guest.engine).__name__)


def _opened(source: Pixels | Phrase | Path, *, composes: bool) -> Pixels | Phrase:
    """What is in a file, as the engine takes it in; anything else as it is."""
    if not isinstance(source, Path):
        return source
    if composes:
        from studio.music.files.midi import read  # not before there is a file of notes

        return read(source)
    return open_picture(source)


def _checked(pixels: Pixels) -> Pixels:
    good = isinstance(pixels, np.ndarray) and pixels.dtype == np.uint8 and pixels.ndim == 3
    if not good or pixels.shape[2] != 3 or 0 in pixels.shape:
        raise EngineError("The engine made something that is not a picture.")
    return np.ascontiguousarray(pixels)


def _checked_points(points: NDArray[np.float32], count: int, size: int) -> NDArray[np.float32]:
    points = np.asarray(points, np.float32)
    if points.shape != (count, size) or not np.isfinite(points).all():
        raise EngineError("The engine found points that do not fit its model.")
    return points


def _close_quietly(engine: Engine) -> None:
    try:
        engine.close()
    except BaseException:  # noqa: BLE001 - a guest may raise anything
        _log.exception("closing %s", type(engine).__name__)
