"""The one object that the window and the command line talk to.

It owns the scene and its history, tells the engine thread what is wanted, and takes what comes
back. Everything here runs on the window's thread and nothing here waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from psygnal import Signal

from studio.engine import (
    DeviceChoice,
    EngineError,
    EngineSpec,
    Latent,
    ModelSpec,
    Pixels,
    Resources,
    thread_budget,
)
from studio.engine_room import DeckState, EngineRoom
from studio.history import History
from studio.messages import Encoded, Sampled
from studio.meter import Meter
from studio.mixing import point_of
from studio.parameters import Parameter, Value, fresh_seed, initial_values, validated
from studio.registry import Registry
from studio.scene import (
    INTERPOLATION,
    SEED,
    SLOT_NAMES,
    Deck,
    Place,
    Scene,
    Slot,
    home_place,
)
from studio.thumbnails import Thumbnails


class Session:
    """Signals: `changed(new, old)` scenes; `pictured(deck)`, `state_changed(deck)` keys;
    `thumbnailed(deck, slot)`; `noticed(sentence)` for the artist.
    """

    changed = Signal(Scene, Scene)
    pictured = Signal(str)
    state_changed = Signal(str)
    thumbnailed = Signal(str, int)
    noticed = Signal(str)

    def __init__(
        self,
        registry: Registry,
        scene: Scene,
        *,
        wake: Callable[[], None],
        resources: Resources | None = None,
        history: History | None = None,
    ) -> None:
        self.registry = registry
        self.history = history or History()
        self._scene = checked(self.registry, scene)
        granted = resources or Resources(threads=thread_budget(live=True))
        self._room = EngineRoom(registry, self._scene, wake, granted)
        self._room.pictured.connect(self.pictured.emit)
        self._room.state_changed.connect(self.state_changed.emit)
        self._room.thumbnailed.connect(self.thumbnailed.emit)
        self._room.noticed.connect(self.noticed.emit)
        self._room.found.connect(self._take)

    # -- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the engine thread and load the scene's decks."""
        self._room.start()

    def close(self, timeout_s: float = 5.0) -> bool:
        """Stop the engine thread. False when an engine hangs and had to be left behind."""
        return self._room.thread.close(timeout_s)

    # -- the scene -----------------------------------------------------------------------------

    @property
    def scene(self) -> Scene:
        return self._scene

    @property
    def meter(self) -> Meter:
        """How fast pictures reach the screen."""
        return self._room.meter

    @property
    def thumbnails(self) -> Thumbnails:
        """Small pictures of the slots."""
        return self._room.thumbnails

    def state(self, deck: str) -> DeckState:
        return self._room.state(deck)

    def spec(self, deck: str) -> EngineSpec:
        return self.registry.spec(self._scene.deck(deck).engine)

    def controls(self, deck: str) -> tuple[Parameter, ...]:
        """Every parameter that the deck's engine and model declare."""
        return self.spec(deck).controls(self._scene.deck(deck).model)

    def model(self, deck: str) -> ModelSpec:
        return self.spec(deck).model(self._scene.deck(deck).model)

    def open(self, scene: Scene) -> None:
        """Show `scene` instead; one undo brings everything back.

        Raises `EngineError` or `ParameterError`, and then nothing has changed.
        """
        self._replace(checked(self.registry, scene), None)

    def undo(self) -> None:
        self._show(self.history.undo(self._scene))

    def redo(self) -> None:
        self._show(self.history.redo(self._scene))

    # -- what a hand does ----------------------------------------------------------------------

    def set(self, deck: str, name: str, value: Value) -> None:
        """Set a parameter of the deck's engine. Raises `ParameterError`."""
        before = self._scene.deck(deck)
        values = validated(self.controls(deck), {**before.parameters, name: value})
        self._change(before.but(parameters=values), f"{deck}.{name}")

    def move_pad(self, deck: str, place: Place) -> None:
        """Put the puck at `place`, held inside the pad; tied decks follow."""
        x, y = (min(1.0, max(-1.0, v)) for v in place)
        scene = self._scene
        moved = scene.decks if scene.tied else (scene.deck(deck),)
        for d in moved:
            scene = scene.with_deck(d.but(pad=(x, y)))
        self._replace(scene, f"{deck}.pad")

    def set_interpolation(self, deck: str, name: str) -> None:
        """Choose the blend's path. Raises `ParameterError`."""
        chosen = INTERPOLATION.validate(name)
        self._change(self._scene.deck(deck).but(interpolation=chosen), None)

    def tie(self, tied: bool) -> None:
        """One gesture: while tied, all pads move as one."""
        self._replace(self._scene.but(tied=tied), None)

    def bring_to_front(self, deck: str) -> None:
        """Let `deck` fill the stage; where one looks is not a change to undo."""
        self._show(self._scene.but(front=self._scene.deck(deck).key))

    # -- slots ---------------------------------------------------------------------------------

    def surprise(self, deck: str, seed: int | None = None) -> None:
        """New samples, drawn from `seed` (a fresh one by default), in all unlocked slots."""
        seed = fresh_seed() if seed is None else SEED.validate(seed)
        slots = self._scene.deck(deck).slots
        free = tuple(i for i, slot in enumerate(slots) if slot is None or not slot.locked)
        if free:
            self._room.sample(deck, seed, free, surprise=True)
        else:
            self.noticed.emit("Every slot is locked; unlock one to be surprised.")

    def sample_slot(self, deck: str, slot: int) -> None:
        """A new sample in one slot, unless it is locked."""
        if self._may_fill(deck, slot):
            self._room.sample(deck, fresh_seed(), (slot,), surprise=False)

    def capture(self, deck: str, slot: int | None = None) -> None:
        """Keep the point that is shown now in `slot`, by default the first empty one."""
        before = self._scene.deck(deck)
        if slot is None:
            empty = [i for i, s in enumerate(before.slots) if s is None]
            if not empty:
                self.noticed.emit("All slots are full; clear one, or capture into one by its menu.")
                return
            slot = empty[0]
        if self._may_fill(deck, slot):
            latent = point_of(before, self.model(deck).latent_size)
            self._fill(deck, {slot: latent}, origin="captured")

    def clear_slot(self, deck: str, slot: int) -> None:
        """Empty a slot, unless it is locked."""
        if self._may_fill(deck, slot):
            self._change(self._scene.deck(deck).with_slot(slot, None), None)

    def lock_slot(self, deck: str, slot: int, locked: bool) -> None:
        """Keep a slot from being filled or cleared."""
        before = self._scene.deck(deck)
        held = before.slots[slot]
        if held is not None:
            self._change(before.with_slot(slot, held.but(locked=locked)), None)

    def place_slot(self, deck: str, slot: int, place: Place) -> None:
        """Put a slot's anchor at `place` on the pad."""
        before = self._scene.deck(deck)
        held = before.slots[slot]
        if held is not None:
            x, y = (min(1.0, max(-1.0, v)) for v in place)
            gesture = f"{deck}.place.{slot}"
            self._change(before.with_slot(slot, held.but(place=(x, y))), gesture)

    def encode(self, deck: str, slot: int, picture: Pixels | Path) -> None:
        """Put the artist's own picture in a slot, as the point nearest to it."""
        if not self.spec(deck).encodes:
            self.noticed.emit(f"{self.spec(deck).title} cannot take pictures in.")
        elif self._may_fill(deck, slot):
            self._room.encode(deck, slot, picture)

    # -- decks ---------------------------------------------------------------------------------

    def add_deck(self, engine: str, model: str | None = None) -> str:
        """Another deck, brought to the front; returns its key. Raises `EngineError`."""
        keys = {d.key for d in self._scene.decks}
        key = next(f"deck{n}" for n in range(1, 100) if f"deck{n}" not in keys)
        deck = fresh_deck(self.registry.spec(engine), model, key=key)
        if len(self._scene.decks) >= 8:
            raise EngineError("Eight decks are the most that fit on the stage.")
        decks = (*self._scene.decks, deck)
        self._replace(self._scene.but(decks=decks, front=key), None)
        return key

    def remove_deck(self, deck: str) -> None:
        """Take a deck off the stage; the last one stays."""
        rest = tuple(d for d in self._scene.decks if d.key != deck)
        if rest:
            front = self._scene.front if self._scene.front != deck else rest[0].key
            self._replace(self._scene.but(decks=rest, front=front), None)

    def choose_model(self, deck: str, engine: str, model: str) -> None:
        """Give the deck another engine or model, and a shelf of its samples.

        Slots are points of one model's space and mean nothing in another's, so they are left
        behind; undo brings them back. Raises `EngineError`.
        """
        before = self._scene.deck(deck)
        if (before.engine, before.model) == (engine, model):
            self._room.load(before)  # asked for again: perhaps after a failure
            return
        spec = self.registry.spec(engine)
        fresh = fresh_deck(spec, spec.model(model).name, key=deck).but(
            pad=before.pad, seed=before.seed, interpolation=before.interpolation
        )
        shared = {p.name for p in spec.parameters} if engine == before.engine else set()
        kept = {name: value for name, value in before.parameters.items() if name in shared}
        self._change(fresh.but(parameters={**fresh.parameters, **kept}), None)

    # -- resources -----------------------------------------------------------------------------

    def use_device(self, device: DeviceChoice) -> None:
        """Run all engines on `device` from now on."""
        self._room.use_device(device)

    def use_threads(self, threads: int) -> None:
        """Let engines use so many CPU threads from now on; by default all cores but one."""
        self._room.use_threads(threads)

    @property
    def dropped_jobs(self) -> int:
        """Pictures that a newer wish replaced before they were begun."""
        return self._room.thread.mailbox.overwritten

    def painted(self, deck: str) -> None:
        """The window has put the deck's newest picture on the screen."""
        self._room.painted(deck)

    # -- what comes back -----------------------------------------------------------------------

    def collect(self) -> None:
        """Take what the engine thread has done. Call it on the window's thread when woken."""
        self._room.collect()

    def _take(self, event: Sampled | Encoded) -> None:
        if isinstance(event, Encoded):
            self._fill(event.deck, {event.slot: event.latent}, origin="encoded")
        else:
            self._take_samples(event.deck, self._room.state(event.deck), event)

    def _take_samples(self, deck: str, state: DeckState, event: Sampled) -> None:
        held = self._scene.deck(deck)
        seed = event.seed if event.surprise else held.seed
        opening, state.opening = state.opening, False
        if opening and not any(held.slots):
            self._open_shelf(held, event.latents, seed)
        else:
            self._fill(deck, event.latents, "sampled", seed)

    def _open_shelf(self, deck: Deck, latents: Mapping[int, Latent], seed: int) -> None:
        """The first samples are no step of their own, and no undo leads to the shelf before."""

        def filled(scene: Scene) -> Scene | None:
            for d in scene.decks:
                if (d.key, d.engine, d.model, d.slots) == empty:
                    return scene.with_deck(_filled(d, latents, "sampled").but(seed=seed))
            return None

        empty = (deck.key, deck.engine, deck.model, deck.slots)
        self.history.amend(filled)
        self._show(filled(self._scene) or self._scene)

    # -- inside --------------------------------------------------------------------------------

    def _may_fill(self, deck: str, slot: int) -> bool:
        held = self._scene.deck(deck).slots[slot]
        if held is None or not held.locked:
            return True
        self.noticed.emit(f"Slot {SLOT_NAMES[slot]} is locked.")
        return False

    def _fill(
        self, deck: str, latents: Mapping[int, Latent], origin: str, seed: int | None = None
    ) -> None:
        after = _filled(self._scene.deck(deck), latents, origin)
        self._change(after if seed is None else after.but(seed=seed), None)

    def _change(self, deck: Deck, gesture: str | None) -> None:
        self._replace(self._scene.with_deck(deck), gesture)

    def _replace(self, scene: Scene, gesture: str | None) -> None:
        if scene != self._scene:
            self.history.record(self._scene, gesture)
            self._show(scene)

    def _show(self, scene: Scene) -> None:
        """Make `scene` the present one and ask the engines for what differs."""
        before, self._scene = self._scene, scene
        if scene is before:
            return
        self._room.follow(scene)
        self.changed.emit(scene, before)


def checked(registry: Registry, scene: Scene) -> Scene:
    """`scene` with every parameter present and valid.

    Raises `EngineError` or `ParameterError` with one sentence.
    """
    keys = [d.key for d in scene.decks]
    if len(set(keys)) != len(keys) or scene.front not in keys:
        raise EngineError("The scene's decks contradict each other.")
    for deck in scene.decks:
        spec = registry.spec(deck.engine)
        size = spec.model(deck.model).latent_size
        if any(slot and len(slot.latent) != size for slot in deck.slots):
            raise EngineError(f"A slot does not fit the model {deck.model}.")
        values = validated(spec.controls(deck.model), deck.parameters)
        scene = scene.with_deck(deck.but(parameters=values))
    return scene


def fresh_deck(spec: EngineSpec, model: str | None = None, *, key: str = "deck1") -> Deck:
    """A deck of `spec` with its defaults and an empty shelf, which fills once it is loaded."""
    chosen = spec.models[0] if model is None else spec.model(model)
    values = initial_values(spec.controls(chosen.name))
    return Deck(key=key, engine=spec.name, model=chosen.name, parameters=values)


def _filled(deck: Deck, latents: Mapping[int, Latent], origin: str) -> Deck:
    for index, latent in latents.items():
        held = deck.slots[index]
        if held and held.locked:
            continue  # since it was asked for
        place = held.place if held else home_place(index)
        slot = Slot(latent=tuple(latent.tolist()), place=place)
        deck = deck.with_slot(index, slot.but(origin=origin))
    return deck
