"""The one object that the window and the command line talk to.

It owns the scene and its history, tells the engine thread what is wanted, and takes what comes
back. Everything here runs on the window's thread and nothing here waits.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path

from psygnal import Signal

from studio.document.history import History
from studio.document.parameters import Parameter, Value, fresh_seed, validated
from studio.document.routes import Route
from studio.document.scene import (
    INTERPOLATION,
    SEED,
    SLOT_NAMES,
    Deck,
    Place,
    Point,
    Scene,
    Slot,
    Walk,
    home_place,
)
from studio.document.score import SCORE
from studio.engine import (
    DeviceChoice,
    EngineError,
    EngineSpec,
    Latent,
    ModelSpec,
    Passage,
    Pixels,
    Resources,
    thread_budget,
)
from studio.engine.decks import checked, fresh_deck
from studio.engine.messages import (
    Composed,
    Encoded,
    Failed,
    Found,
    Outlined,
    Pictured,
    Refined,
    Sampled,
)
from studio.engine.meter import Meter
from studio.engine.refinements import Refinements
from studio.engine.registry import Registry
from studio.engine.room import DeckState, EngineRoom
from studio.engine.thumbnails import Thumbnails, small_job
from studio.export.exports import Exports
from studio.latent.mixing import point_of, walk_point, walk_stops
from studio.latent.steering import Directions, coordinate
from studio.motion.walking import Walking
from studio.music.phrases import Phrase


class Session:
    """Signals: `changed(new, old)` scenes; `pictured(deck)`, `state_changed(deck)` keys;
    `thumbnailed(deck, view)` with a slot's number or the name of a view; `refined(deck, slot)`;
    `walking_changed(deck)`; `composed(deck, tag, phrase)`, `not_composed(deck, tag)`;
    `noticed(sentence)` for the artist.
    """

    changed = Signal(Scene, Scene)
    pictured = Signal(str)
    state_changed = Signal(str)
    thumbnailed = Signal(str, object)
    refined = Signal(str, int)
    walking_changed = Signal(str)
    composed = Signal(str, object, Phrase)
    not_composed = Signal(str, object)
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
        self._refinements = Refinements()
        self._walks: dict[str, Walking] = {}
        self.exports = Exports(self._room, wake)
        self.exports.noticed.connect(self.noticed.emit)

    # -- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the engine thread and load the scene's decks."""
        self._room.start()

    def close(self, timeout_s: float = 5.0) -> bool:
        """Stop the engine thread. False when an engine hangs and had to be left behind."""
        self.exports.close()
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

    def directions(self, deck: str) -> Directions:
        """The steps along the named directions of the deck's model; none until it is loaded."""
        return self._room.state(deck).directions

    def point(self, deck: str) -> Latent:
        """The point that the deck shows, float32 (latent_size,)."""
        return point_of(self._scene.deck(deck), self.model(deck).latent_size, self.directions(deck))

    def glance(self, deck: str, point: Latent, view: str) -> Pixels | None:
        """The small picture of a point; None while it is made, and then `thumbnailed` tells.

        A newer point for the same `view` replaces one whose picture has not begun.
        """
        held = self._scene.deck(deck)
        found = self.thumbnails.at(held, point)
        if found is None:
            self._room.picture(deck, view, small_job(held, point))
        return found

    def open(self, scene: Scene) -> None:
        """Show `scene` instead; one undo brings everything back.

        Raises `EngineError` or `ParameterError`, and then nothing has changed.
        """
        scene = checked(self.registry, scene)
        self._stop_walks()
        self.replace(scene, None)

    def replace(self, scene: Scene, gesture: str | None) -> None:
        """Make `scene`, which is made of the present one and known to be valid, the present one.

        Changes of the same `gesture` that follow each other join; None is a step of its own.
        """
        if scene != self._scene:
            self.history.record(self._scene, gesture)
            self.show(scene)

    def change(self, deck: Deck, gesture: str | None) -> None:
        """Put `deck` in the place of the one with its key; see `replace`."""
        self.replace(self._scene.with_deck(deck), gesture)

    def show(self, scene: Scene) -> None:
        """Make `scene` the present one and ask the engines for what differs; no step to undo.

        For what moves by itself: whoever moves it sees to the history.
        """
        before, self._scene = self._scene, scene
        if scene is before:
            return
        self._room.follow(scene)
        self._let_go(scene)
        self.changed.emit(scene, before)

    def prepare(self, key: str, scene: Scene | None) -> None:
        """Load the engines of a scene that may come next; None lets them go again."""
        self._room.prepare(key, scene)

    def undo(self) -> None:
        self._stop_walks()
        self.show(self.history.undo(self._scene))

    def redo(self) -> None:
        self._stop_walks()
        self.show(self.history.redo(self._scene))

    # -- what a hand does ----------------------------------------------------------------------

    def set(self, deck: str, name: str, value: Value) -> None:
        """Set a parameter of the deck's engine. Raises `ParameterError`."""
        before = self._scene.deck(deck)
        values = validated(self.controls(deck), {**before.parameters, name: value})
        self.change(before.but(parameters=values), f"{deck}.{name}")

    def move_pad(self, deck: str, place: Place) -> None:
        """Put the puck at `place`, held inside the pad; tied decks follow.

        The decks show the blend again, whatever point was held and whatever walk was on.
        """
        x, y = (min(1.0, max(-1.0, v)) for v in place)
        scene = self._scene
        moved = scene.decks if scene.tied else (scene.deck(deck),)
        for d in moved:
            self.stop_walk(d.key)
            scene = scene.with_deck(d.but(pad=(x, y), held=None))
        self.replace(scene, f"{deck}.pad")

    def go_to(self, deck: str, point: Latent, gesture: str | None = None) -> None:
        """Show `point`, float32 (latent_size,), in place of the blend, until the puck moves.

        It is shown as it is: the sliders along directions go home. Locked directions stay locked.
        """
        self.stop_walk(deck)
        self.change(_at_home(self._scene.deck(deck), self.directions(deck), point), gesture)

    def lock_direction(self, deck: str, name: str, locked: bool) -> None:
        """Keep the feature along a direction as it is shown now, whatever point comes."""
        before, directions = self._scene.deck(deck), self.directions(deck)
        fixed = {n: at for n, at in before.fixed.items() if n != name}
        if locked and name in directions:
            shown = coordinate(self.point(deck), directions[name])
            fixed[name] = shown - float(before.parameters.get(name, 0.0))
        self.change(before.but(fixed=fixed), None)

    def set_interpolation(self, deck: str, name: str) -> None:
        """Choose the blend's path. Raises `ParameterError`."""
        chosen = INTERPOLATION.validate(name)
        self.change(self._scene.deck(deck).but(interpolation=chosen, held=None), None)

    def tie(self, tied: bool) -> None:
        """One gesture: while tied, all pads move as one."""
        self.replace(self._scene.but(tied=tied), None)

    def set_score(self, name: str, value: Value) -> None:
        """Set the tempo or something else about time. Raises `ParameterError`."""
        score = validated(SCORE, {**self._scene.score, name: value})
        self.replace(self._scene.but(score=score), f"score.{name}")

    def set_routes(self, routes: Sequence[Route]) -> None:
        """Send tracks elsewhere."""
        self.replace(self._scene.but(routes=tuple(routes)), "routes")

    def bring_to_front(self, deck: str) -> None:
        """Let `deck` fill the stage; where one looks is not a change to undo."""
        self.show(self._scene.but(front=self._scene.deck(deck).key))

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
            point, directions = self.point(deck), self.directions(deck)
            after = _filled(before, {slot: point}, "captured")
            if any(before.parameters.get(name) for name in directions):
                after = _at_home(after, directions, point)  # they are in the slot now
            self.change(after, None)

    def keep(self, deck: str, slot: int, point: Latent) -> None:
        """Keep `point`, float32 (latent_size,), in a slot; what is shown does not change."""
        if self._may_fill(deck, slot):
            self.change(_filled(self._scene.deck(deck), {slot: point}, "captured"), None)

    def clear_slot(self, deck: str, slot: int) -> None:
        """Empty a slot, unless it is locked."""
        if self._may_fill(deck, slot):
            self.change(self._scene.deck(deck).with_slot(slot, None), None)

    def lock_slot(self, deck: str, slot: int, locked: bool) -> None:
        """Keep a slot from being filled or cleared."""
        before = self._scene.deck(deck)
        held = before.slots[slot]
        if held is not None:
            self.change(before.with_slot(slot, held.but(locked=locked)), None)

    def place_slot(self, deck: str, slot: int, place: Place) -> None:
        """Put a slot's anchor at `place` on the pad."""
        before = self._scene.deck(deck)
        held = before.slots[slot]
        if held is not None:
            x, y = (min(1.0, max(-1.0, v)) for v in place)
            gesture = f"{deck}.place.{slot}"
            self.change(before.with_slot(slot, held.but(place=(x, y))).but(held=None), gesture)

    def encode(self, deck: str, slot: int, source: Pixels | Phrase | Path) -> None:
        """Put the artist's own picture or phrase in a slot, as the point nearest to it."""
        spec = self.spec(deck)
        wrong_kind = not isinstance(source, Path) and isinstance(source, Phrase) != spec.composes
        if not spec.encodes or wrong_kind:
            what = "phrases" if isinstance(source, Phrase) else "pictures"
            self.noticed.emit(f"{spec.title} cannot take {what} in.")
        elif self._may_fill(deck, slot):
            self.settle(deck, slot)
            self._room.encode(deck, slot, source)

    def compose(self, deck: str, passage: Passage, tag: Hashable) -> None:
        """Ask the deck's engine for bars; `composed` or `not_composed` follows, with `tag`."""
        self._room.compose(deck, passage, tag)

    def refinement(self, deck: str, slot: int) -> float | None:
        """How far, from 0 to 1, the slot has come towards its picture; None when at rest."""
        return self._refinements.share(deck, slot)

    def settle(self, deck: str, slot: int) -> None:
        """Refine the slot's point no further; it stays as good as it is."""
        if self._refinements.end(deck, slot):
            self._room.settle(deck, slot)
            self.refined.emit(deck, slot)

    # -- walks ---------------------------------------------------------------------------------

    def set_walk(self, deck: str, walk: Walk) -> None:
        """Choose the way, the length and the pace of the deck's walk."""
        self.change(self._scene.deck(deck).but(walk=walk), f"{deck}.walk")

    def start_walk(self, deck: str, now_s: float) -> None:
        """Walk from now on; `step_walks` moves it. One undo brings back what was shown before."""
        held = self._scene.deck(deck)
        if len(walk_stops(held)) < 2:
            self.noticed.emit("A walk needs at least two filled slots.")
            return
        self._walks[deck] = Walking(now_s, held.walk.seconds)
        self.walking_changed.emit(deck)

    def stop_walk(self, deck: str) -> None:
        """Stay where the walk has come to."""
        if self._walks.pop(deck, None):
            self.walking_changed.emit(deck)

    def _stop_walks(self) -> None:
        for deck in list(self._walks):
            self.stop_walk(deck)

    def walking(self, deck: str) -> float | None:
        """How far round the deck's walk is, from 0 to 1; None when there is none."""
        walking = self._walks.get(deck)
        return None if walking is None else walking.phase

    @property
    def is_walking(self) -> bool:
        """Whether any deck walks."""
        return bool(self._walks)

    def step_walks(self, now_s: float) -> None:
        """Move every deck that walks to where it is at `now_s`; no step of its own to undo."""
        scene = self._scene
        for key, walking in list(self._walks.items()):
            deck = scene.deck(key)
            walking.step(now_s, deck.walk.seconds)
            bare = walk_point(deck, walking.phase)
            if bare is None:
                self.stop_walk(key)
            else:
                scene = scene.with_deck(deck.but(held=tuple(bare.tolist())))
                if not walking.is_recorded:
                    walking.is_recorded = True
                    self.history.record(self._scene, None)
        self.show(scene)

    # -- decks ---------------------------------------------------------------------------------

    def add_deck(self, engine: str, model: str | None = None) -> str:
        """Another deck, brought to the front; returns its key. Raises `EngineError`."""
        keys = {d.key for d in self._scene.decks}
        key = next(f"deck{n}" for n in range(1, 100) if f"deck{n}" not in keys)
        deck = fresh_deck(self.registry.spec(engine), model, key=key)
        if len(self._scene.decks) >= 8:
            raise EngineError("Eight decks are the most that fit on the stage.")
        decks = (*self._scene.decks, deck)
        self.replace(self._scene.but(decks=decks, front=key), None)
        return key

    def remove_deck(self, deck: str) -> None:
        """Take a deck off the stage; the last one stays."""
        rest = tuple(d for d in self._scene.decks if d.key != deck)
        if rest:
            front = self._scene.front if self._scene.front != deck else rest[0].key
            self.replace(self._scene.but(decks=rest, front=front), None)

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
        self.change(fresh.but(parameters={**fresh.parameters, **kept}), None)

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
        self.exports.step()

    def _take(self, event: Found) -> None:
        match event:
            case Pictured() | Outlined() | Failed():
                self.exports.take(event)
            case Sampled():
                self._take_samples(event.deck, self._room.state(event.deck), event)
            case Encoded():
                self._take_encoded(event)
            case Refined():
                self._take_refined(event)
            case Composed(deck=deck, tag=tag, phrase=phrase):
                if phrase is None:
                    self.not_composed.emit(deck, tag)
                else:
                    self.composed.emit(deck, tag, phrase)

    def _take_encoded(self, event: Encoded) -> None:
        deck = self._scene.deck(event.deck)
        self.change(_filled(deck, {event.slot: event.latent}, "encoded"), None)
        for remark in event.remarks:
            self.noticed.emit(remark)
        if self.spec(event.deck).refine_steps:
            self._refinements.begin(event.deck, event.slot, event.latent)
            self.refined.emit(event.deck, event.slot)

    def _take_refined(self, event: Refined) -> None:
        """A better point in the place of the one before, here and in the past: no step to undo."""
        before = self._refinements.advance(event)
        if before is None:
            return  # the slot holds something else by now
        if event.latent is not None:
            better = tuple(event.latent.tolist())

            def bettered(scene: Scene) -> Scene:
                return _exchanged(scene, event.deck, before, better)

            self.history.amend(bettered)
            self.show(bettered(self._scene))
        self.refined.emit(event.deck, event.slot)

    def _take_samples(self, deck: str, state: DeckState, event: Sampled) -> None:
        held = self._scene.deck(deck)
        seed = event.seed if event.surprise else held.seed
        opening, state.opening = state.opening, False
        if opening and not any(held.slots):
            self._open_shelf(held, event.latents, seed)
        else:
            after = _filled(held, event.latents, "sampled").but(seed=seed)
            gesture = f"{deck}.seed" if event.surprise else None
            self.change(after.but(held=None) if event.surprise else after, gesture)

    def _open_shelf(self, deck: Deck, latents: Mapping[int, Latent], seed: int) -> None:
        """The first samples are no step of their own, and no undo leads to the shelf before."""

        def filled(scene: Scene) -> Scene | None:
            for d in scene.decks:
                if (d.key, d.engine, d.model, d.slots) == empty:
                    return scene.with_deck(_filled(d, latents, "sampled").but(seed=seed))
            return None

        empty = (deck.key, deck.engine, deck.model, deck.slots)
        self.history.amend(filled)
        self.show(filled(self._scene) or self._scene)

    # -- inside --------------------------------------------------------------------------------

    def _may_fill(self, deck: str, slot: int) -> bool:
        held = self._scene.deck(deck).slots[slot]
        if held is None or not held.locked:
            return True
        self.noticed.emit(f"Slot {SLOT_NAMES[slot]} is locked.")
        return False

    def _let_go(self, scene: Scene) -> None:
        """Give up what belonged to slots and decks that `scene` no longer has."""
        keys = {deck.key for deck in scene.decks}
        for deck, slot in self._refinements.orphans(scene):
            if deck in keys:
                self.settle(deck, slot)
            else:
                self._refinements.end(deck, slot)
        for key in self._walks.keys() - keys:
            self.stop_walk(key)


def _at_home(deck: Deck, directions: Directions, point: Latent) -> Deck:
    """`deck` showing `point` with every slider along a direction back in the middle.

    What a lock kept, it keeps: the sliders' part of it moves into the lock.
    """
    amounts = {n: float(deck.parameters.get(n, 0.0)) for n in directions}
    home: Deck = deck.but(
        held=tuple(point.tolist()),
        parameters={**deck.parameters, **dict.fromkeys(amounts, 0.0)},
        fixed={n: at + amounts.get(n, 0.0) for n, at in deck.fixed.items()},
    )
    return home


def _exchanged(scene: Scene, key: str, old: Point, new: Point) -> Scene:
    """`scene` with `new` in every slot of the deck `key` that holds `old`."""
    for deck in scene.decks:
        if deck.key == key:
            for index, slot in enumerate(deck.slots):
                if slot is not None and slot.latent == old:
                    deck = deck.with_slot(index, slot.but(latent=new))
            scene = scene.with_deck(deck)
    return scene


def _filled(deck: Deck, latents: Mapping[int, Latent], origin: str) -> Deck:
    for index, latent in latents.items():
        held = deck.slots[index]
        if held and held.locked:
            continue  # since it was asked for
        place = held.place if held else home_place(index)
        slot = Slot(latent=tuple(latent.tolist()), place=place)
        deck = deck.with_slot(index, slot.but(origin=origin))
    return deck
