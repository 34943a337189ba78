"""The engines that are loaded, the decks that each serves, and what is asked of them."""

from __future__ import annotations

import gc
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

import numpy as np

from studio.engine import (
    DeviceError,
    Engine,
    EngineError,
    EngineSpec,
    Loaded,
    ModelSpec,
    Pixels,
    Resources,
)
from studio.engine._running import Running, RunningOwnPicture, RunningRefinement, checked_points
from studio.engine.messages import (
    Answered,
    Close,
    Command,
    Compose,
    Encode,
    Encoded,
    Event,
    Failed,
    Grant,
    Load,
    MakeOwn,
    Outline,
    Pictured,
    Ready,
    Request,
    Sample,
    Sampled,
    Settle,
)
from studio.engine.own_pictures import OwnPictureFiles, OwnPictureReader
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
    spec: EngineSpec
    drawing: OwnPictureReader
    decks: dict[str, int] = field(default_factory=dict)
    """The epoch of each."""
    fell_back: bool = False
    """Whether the device failed during play and the CPU took over."""


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
        self._own_pictures = OwnPictureFiles()
        self._running: deque[Running] = deque()

    @property
    def is_running(self) -> bool:
        """Whether `go_on` has something to do while nothing else is asked for."""
        return bool(self._running)

    def do(self, item: Command | Request | Compose) -> list[Event]:
        try:
            return self._work(item)
        except DeviceError as error:
            if not isinstance(item, (Request, Compose, Sample, Encode, MakeOwn, Outline)):
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
            case Sample() | Encode() | MakeOwn():
                return [self._find(item)]
            case Settle():
                self._drop_running(item.deck, item.slot)
            case Outline():
                drawing = self._guest(item.deck).drawing
                made = Answered(item.deck, item.epoch, item.reply, drawing.outline(item.job))
                return [made, *_left_out(item, drawing)]
            case Grant():
                self._grant(item.resources)
        return []

    def clear(self) -> None:
        """Close every engine; one that fails to close is only logged."""
        for guest in self._guests.values():
            _close_quietly(guest.engine)
        self._guests.clear()
        self._running.clear()

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
            drawing = OwnPictureReader(engine, self._own_pictures)
            self._guests[key] = _Guest(engine, command.model, loaded, spec, drawing, decks)
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
        self._drop_running(deck)
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
        pixels = _checked(guest.drawing.picture(request.job))
        left_out = _left_out(request, guest.drawing)
        if request.reply is not None:
            return [Answered(request.deck, request.epoch, request.reply, pixels), *left_out]
        words = str(guest.engine.words(request.job))
        return [Pictured(request, pixels, 1000 * (perf_counter() - begun), words), *left_out]

    def _move_to_cpu(self, guest: _Guest, error: DeviceError) -> list[Event]:
        """The device gave up during play: load again on the CPU; each deck asks once more."""
        if guest.fell_back:
            raise error
        guest.fell_back = True
        ended: list[Event] = [r.ended() for r in self._running if r.deck in guest.decks]
        for deck in guest.decks:
            self._drop_running(deck)
        loaded = guest.engine.load(guest.model, replace(self._resources, device="cpu"))
        guest.loaded = replace(loaded, notice=f"{error} Playing goes on with the CPU.")
        return [*ended, *(Ready(deck, epoch, guest.loaded) for deck, epoch in guest.decks.items())]

    def _find(self, command: Sample | Encode | MakeOwn) -> Event:
        match command:
            case Sample():
                return self._sample(command)
            case Encode():
                return self._encode(command)
            case MakeOwn():
                return self._make_own(command)

    def _sample(self, command: Sample) -> Event:
        guest = self._guest(command.deck)
        count = max(command.slots) + 1
        size = guest.model.latent_size
        drawn = guest.engine.sample(command.seed, count, size, command.parameters)
        points = checked_points(drawn, count, size)
        latents = {slot: points[slot] for slot in command.slots}
        return Sampled(command.deck, command.epoch, command.seed, latents, command.sets_seed)

    def _compose(self, command: Compose) -> Phrase:
        phrase = self._guest(command.deck).engine.compose(command.passage)
        if not isinstance(phrase, Phrase):
            raise EngineError("The engine made something that is not a phrase.")
        return phrase

    def _encode(self, command: Encode) -> Event:
        guest = self._guest(command.deck)
        source = _opened(command.source, composes=guest.spec.composes)
        engine = guest.engine
        if isinstance(source, Phrase):
            latent = engine.encode_phrase(source, command.parameters)
            remarks = (*source.remarks, *engine.remarks_on(source))
        else:
            near = command.near
            latent = engine.encode(source, command.parameters) if near is None else near
            remarks = ()
        (point,) = checked_points(np.asarray(latent)[None], 1, guest.model.latent_size)
        self._drop_running(command.deck, command.slot)
        if guest.spec.refine_steps and not isinstance(source, Phrase):
            points = engine.refine(point, source, command.parameters)
            self._running.append(
                RunningRefinement(command, points, guest.spec.refine_steps, len(point))
            )
        address = command.deck, command.epoch, command.slot
        return Encoded(*address, point, remarks, command.source)

    def _make_own(self, command: MakeOwn) -> Event:
        guest = self._guest(command.deck)
        source = command.source
        pixels = open_picture(source) if isinstance(source, Path) else source
        found = guest.engine.own_picture(command.latent, pixels, command.parameters)
        self._drop_running(command.deck, command.slot)
        making = RunningOwnPicture(command, found, guest.spec.own_steps, self._own_pictures)
        self._running.append(making)
        return making.begun()

    def go_on(self) -> list[Event]:
        """One step of what is running whose turn it is; one that fails is given up."""
        if not self._running:
            return []
        now = self._running.popleft()
        try:
            events = now.next()
        except BaseException as error:  # noqa: BLE001 - a guest may raise anything
            _log.exception("%s slot %d", type(now).__name__, now.slot)
            return now.broken(error)
        if not now.is_over:
            self._running.append(now)
        return events

    def _drop_running(self, deck: str, slot: int | None = None) -> None:
        self._running = deque(
            r for r in self._running if r.deck != deck or (slot is not None and r.slot != slot)
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


def _left_out(item: Request | Outline, drawing: OwnPictureReader) -> list[Failed]:
    """The sentences for own pictures that are not in what was drawn."""
    return [
        Failed(item.deck, item.epoch, sentence, fatal=False, aside=True)
        for sentence in drawing.remarks()
    ]


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


def _close_quietly(engine: Engine) -> None:
    try:
        engine.close()
    except BaseException:  # noqa: BLE001 - a guest may raise anything
        _log.exception("closing %s", type(engine).__name__)
