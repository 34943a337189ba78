"""Keeps the engines in step with the scene.

The session says what the scene is; the room asks the engine thread for what differs and takes
what comes back. Everything here runs on the window's thread and nothing here waits.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from types import MappingProxyType

from psygnal import Signal

from studio.document.scene import SLOT_COUNT, Deck, Scene
from studio.engine import (
    DeviceChoice,
    EngineError,
    Job,
    Latent,
    ModelSpec,
    Passage,
    Pixels,
    Resources,
)
from studio.engine._loaded_ahead import LoadedAhead
from studio.engine.deck_job import job_of
from studio.engine.deck_state import DeckState
from studio.engine.messages import (
    Answered,
    Close,
    Compose,
    Encode,
    Encoded,
    Event,
    Failed,
    Grant,
    Load,
    MakeOwn,
    Outline,
    OwnMade,
    Pictured,
    Ready,
    Refined,
    Request,
    Sample,
    Sampled,
    Settle,
)
from studio.engine.meter import Meter
from studio.engine.registry import Registry
from studio.engine.thumbnails import Thumbnails, small_job
from studio.engine.worker_thread import EngineThread
from studio.music.phrases import Phrase


class EngineRoom:
    """Signals: `pictured(deck)`, `state_changed(deck)`, `thumbnailed(deck, slot)`, `noticed`
    (a sentence for the artist), and `found`: what slots are to hold.

    Whoever asks for something with a `reply` gets it there, on the window's thread, or an
    `EngineError` where it could not be made; the artist has been told then. There is no reply to
    what a newer request of the same key has replaced, nor from an engine that is gone by then.
    """

    pictured = Signal(str)
    state_changed = Signal(str)
    thumbnailed = Signal(str, int)
    noticed = Signal(str)
    found = Signal(object)

    def __init__(
        self, registry: Registry, scene: Scene, wake: Callable[[], None], resources: Resources
    ) -> None:
        self.thread = EngineThread(registry, wake, resources)
        self.meter = Meter()
        self.thumbnails = Thumbnails()
        self._registry = registry
        self._resources = resources
        self._scene = scene
        self._arrived: deque[Event] = deque()
        self._epochs = 0
        self._revisions = 0
        self._states = {deck.key: DeckState(epoch=0) for deck in scene.decks}
        self._ahead = LoadedAhead(registry, self.thread)

    def start(self) -> None:
        """Start the engine thread and load the scene's decks."""
        self.thread.start()
        for deck in self._scene.decks:
            self._load(deck)

    def state(self, deck: str) -> DeckState:
        return self._states[deck]

    def model_of(self, deck: Deck) -> ModelSpec:
        return self._registry.spec(deck.engine).model(deck.model)

    # -- asking --------------------------------------------------------------------------------

    def follow(self, scene: Scene) -> None:
        """`scene` is the present one: ask for whatever differs from the one before."""
        old = {d.key: d for d in self._scene.decks}
        self._scene = scene
        for deck in scene.decks:  # first: who hears of one deck may look at the others
            self._states.setdefault(deck.key, DeckState(epoch=0))
        for deck in scene.decks:
            self._update(deck, old.pop(deck.key, None))
        for key in old:
            del self._states[key]
            self.thread.mailbox.command(Close(key), clears=key)

    def sample(self, deck: str, seed: int, slots: tuple[int, ...], *, sets_seed: bool) -> None:
        """Ask for new points for `slots`; `found` brings them."""
        state = self._states[deck]
        state.sampling = True
        values = MappingProxyType(self._scene.deck(deck).parameters)
        self.thread.mailbox.command(Sample(deck, state.epoch, seed, slots, sets_seed, values))

    def encode(
        self, deck: str, slot: int, source: Pixels | Phrase | Path, near: Latent | None = None
    ) -> None:
        """Ask for the point of a picture or phrase; `found` brings it, and then better ones. With
        a point that is `near` already, only for better ones."""
        epoch, values = (
            self._states[deck].epoch,
            MappingProxyType(self._scene.deck(deck).parameters),
        )
        self.thread.mailbox.command(Encode(deck, epoch, slot, source, values, near))

    def make_own(self, deck: str, slot: int, latent: Latent, source: Pixels | Path) -> None:
        """Ask for an own picture for a slot with a point; `found` says how far it is."""
        epoch, parameters = self._states[deck].epoch, self._scene.deck(deck).parameters
        values = MappingProxyType(parameters)
        self.thread.mailbox.command(MakeOwn(deck, epoch, slot, latent, source, values))

    def compose(
        self,
        deck: str,
        passage: Passage,
        key: Hashable,
        reply: Callable[[Phrase | EngineError], None],
    ) -> None:
        """Ask for bars, before all pictures; a newer request of the same deck and `key` replaces
        one that has not begun."""
        request = Compose(deck, self._states[deck].epoch, passage, reply)
        self.thread.mailbox.urge((deck, key), request)

    def settle(self, deck: str, slot: int) -> None:
        """Refine the slot's point no further, and make no own picture for it."""
        self.thread.mailbox.command(Settle(deck, self._states[deck].epoch, slot))

    def outline(self, deck: str, job: Job, reply: Callable[[str | EngineError], None]) -> None:
        """Ask for a picture as vector graphics, an SVG document."""
        self.thread.mailbox.command(Outline(deck, self._states[deck].epoch, job, reply))

    def picture(
        self, deck: str, key: Hashable, job: Job, reply: Callable[[Pixels | EngineError], None]
    ) -> None:
        """Ask for a picture aside, made when nothing else waits; a newer request of the same deck
        and `key` replaces one that has not begun."""
        request = Request(deck, self._states[deck].epoch, 0, job, perf_counter(), reply)
        self.thread.mailbox.errand((deck, key), request)

    def thumbnail(
        self, deck: str, key: Hashable, point: Latent, reply: Callable[[Pixels | EngineError], None]
    ) -> None:
        """Ask for the small picture of a point: at once where it is known, else see `picture`."""
        held = self._scene.deck(deck)
        known = self.thumbnails.at(held, point)
        if known is not None:
            reply(known)
            return

        def keep(pixels: Pixels | EngineError) -> None:
            if not isinstance(pixels, EngineError):
                self.thumbnails.keep(held, point, pixels)
            reply(pixels)

        self.picture(deck, key, small_job(held, point), keep)

    @property
    def dropped_jobs(self) -> int:
        """Pictures that a newer wish replaced before they were begun."""
        return self.thread.mailbox.overwritten

    def use_device(self, device: DeviceChoice) -> None:
        """Run all engines on `device` from now on."""
        self._grant(replace(self._resources, device=device))
        for deck in self._scene.decks:
            self._load(deck)
        self._ahead.forget()  # the engine thread has closed them all; whoever wants one asks anew

    def use_threads(self, threads: int) -> None:
        """Let engines use so many CPU threads from now on."""
        self._grant(replace(self._resources, threads=threads))

    def load_again(self, deck: Deck) -> None:
        """Give the deck its engine and model anew: perhaps after a failure."""
        self._load(deck, anew=True)

    def _load(self, deck: Deck, *, anew: bool = False) -> None:
        self._epochs += 1
        known = self._states.get(deck.key)
        self._states[deck.key] = DeckState(
            self._epochs, shown=known.shown if known else None, opening=not any(deck.slots)
        )
        load = Load(deck.key, self._epochs, deck.engine, self.model_of(deck), anew)
        self.thread.mailbox.command(load, clears=deck.key)
        self.state_changed.emit(deck.key)

    def prepare(self, key: str, scene: Scene | None) -> None:
        """Load the engines of a scene that may come next, so that showing it waits for none.

        They are kept until `key` prepares another scene, or None. Models that fail say so when
        they are really wanted.
        """
        self._ahead.prepare(key, scene)

    def _ask(self, deck: Deck) -> None:
        state = self._states[deck.key]
        if state.opening or state.loaded is None:
            return  # the last picture stays until it is known what to draw, and by what directions
        self._revisions += 1
        state.asked = self._revisions
        spec = self._registry.spec(deck.engine)
        size, aspect = spec.model(deck.model).latent_size, spec.aspect(deck.parameters)
        job = job_of(deck, size, state.directions, aspect=aspect)
        request = Request(deck.key, state.epoch, self._revisions, job, perf_counter())
        if spec.composes:  # its notes are what is seen and heard: the picture may wait for others
            self.thread.mailbox.errand((deck.key, None), request)
        else:
            self.thread.mailbox.post(deck.key, request)

    def _ask_thumbnails(self, deck: Deck) -> None:
        for slot, point in self.thumbnails.missing(deck):
            self.thumbnail(deck.key, slot, point, partial(self._take_thumbnail, deck.key, slot))

    def _grant(self, resources: Resources) -> None:
        self._resources = resources
        self.thread.mailbox.command(Grant(resources))

    def _update(self, deck: Deck, before: Deck | None) -> None:
        if before is deck:
            return
        if before is None or (before.engine, before.model) != (deck.engine, deck.model):
            self._load(deck)
        elif before != deck:
            self._ask(deck)
            if deck.slots != before.slots:
                self._ask_thumbnails(deck)

    def painted(self, deck: str) -> None:
        """The deck's newest picture has reached the screen."""
        state = self._states.get(deck)
        if state and state.shown and state.shown.request.revision > state.painted:
            state.painted = state.shown.request.revision
            self.meter.shown(state.shown.request.asked_at)

    # -- what comes back -----------------------------------------------------------------------

    def collect(self) -> None:
        """Take what the engine thread has done. Call it on the window's thread when woken."""
        self._arrived.extend(self.thread.drain())
        while self._arrived:  # kept here, so that a listener that raises loses none of the others
            self._take(self._arrived.popleft())

    def _take(self, event: Event) -> None:
        deck, epoch = _address(event)
        state = self._states.get(deck)  # there is none for what was loaded ahead
        if state is None or epoch != state.epoch:
            return
        match event:
            case Pictured():
                self._take_picture(deck, state, event)
            case Ready():
                self._take_ready(deck, state, event)
            case Sampled() | Encoded() | Refined() | OwnMade():
                self.found.emit(event)
            case Answered():
                if isinstance(event.result, EngineError):
                    self.noticed.emit(str(event.result))
                event.reply(event.result)
            case Failed():
                self._take_failure(deck, state, event)

    def _take_picture(self, deck: str, state: DeckState, event: Pictured) -> None:
        request = event.request
        if state.shown is not None and request.revision < state.shown.request.revision:
            return
        state.shown = event
        state.answered = max(state.answered, request.revision)
        if state.problem:
            state.problem = ""
            self.state_changed.emit(deck)
        self.pictured.emit(deck)

    def _take_thumbnail(self, deck: str, slot: int, pixels: Pixels | EngineError) -> None:
        if not isinstance(pixels, EngineError):
            self.thumbnailed.emit(deck, slot)

    def _take_failure(self, deck: str, state: DeckState, event: Failed) -> None:
        if event.aside:
            self.noticed.emit(event.sentence)
            return
        known, state.problem = state.problem, event.sentence
        state.answered = max(state.answered, event.revision)
        if event.fatal:
            state.loaded = None
        self.state_changed.emit(deck)
        if event.sentence != known:  # a drag that fails all the way says so once
            self.noticed.emit(event.sentence)

    def _take_ready(self, deck: str, state: DeckState, event: Ready) -> None:
        state.loaded = event.loaded
        state.problem = ""
        state.answered = state.asked  # whatever is still wanted is asked for anew
        self.state_changed.emit(deck)
        if event.loaded.notice:
            self.noticed.emit(event.loaded.notice)
        held = self._scene.deck(deck)
        if any(held.slots):
            state.opening = False
            self._ask(held)
            self._ask_thumbnails(held)
        elif state.opening and not state.sampling:
            self.sample(deck, held.seed, tuple(range(SLOT_COUNT)), sets_seed=True)


def _address(event: Event) -> tuple[str, int]:
    if isinstance(event, Pictured):
        return event.request.deck, event.request.epoch
    return event.deck, event.epoch
