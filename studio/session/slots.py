"""The slots of a session's decks: filled by samples, by the artist's own pictures, or by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from psygnal import Signal

from studio.document.scene import (
    SEED,
    SLOT_COUNT,
    SLOT_NAMES,
    Deck,
    Place,
    Point,
    Scene,
    Slot,
    free_place,
)
from studio.document.seeds import fresh_seed
from studio.engine import Latent, Pixels
from studio.engine.messages import Encoded, OwnMade, Refined, Sampled
from studio.engine.refinements import Refinements
from studio.music.phrases import Phrase
from studio.session.pads import at_home

if TYPE_CHECKING:
    from studio.session._session import Session


_SOURCES = 16
"""So many pictures that came in are remembered; one that was pasted has up to 12 MB."""


class Slots:
    """Every method takes a deck's key and, where it is about one slot, the slot's index from 0.

    Locked slots are neither filled nor cleared. Signal: `refined(deck, slot)` when a slot has come
    nearer to its picture, or is at rest.
    """

    refined = Signal(str, int)

    def __init__(self, session: Session) -> None:
        self._session = session
        self._engines = session.engines
        self._refinements, self._makings = Refinements(), Refinements()
        self._sources: dict[Point, Pixels | Path] = {}
        self._engines.found.connect(self._take)
        self._engines.state_changed.connect(self._on_state)
        session.changed.connect(self._on_changed)

    def randomise(self, deck: str, seed: int | None = None) -> None:
        """New samples, drawn from `seed` (a fresh one by default), in all unlocked slots."""
        seed = fresh_seed() if seed is None else SEED.validate(seed)
        slots = self._deck(deck).slots
        free = tuple(i for i, slot in enumerate(slots) if slot is None or not slot.locked)
        if free:
            self._engines.sample(deck, seed, free, sets_seed=True)
        else:
            self._session.noticed.emit(
                "Every slot is locked; unlock one to fill it with a new sample."
            )

    def sample(self, deck: str, slot: int) -> None:
        """A new sample in one slot."""
        if self._may_fill(deck, slot):
            self._engines.sample(deck, fresh_seed(), (slot,), sets_seed=False)

    def capture(self, deck: str, slot: int | None = None) -> None:
        """Keep the point that is shown now in `slot`, by default the first empty one."""
        before = self._deck(deck)
        if slot is None:
            empty = [i for i, s in enumerate(before.slots) if s is None]
            if not empty:
                self._session.noticed.emit(
                    "All slots are full; clear one, or capture into one by its menu."
                )
                return
            slot = empty[0]
        if self._may_fill(deck, slot):
            point, directions = self._session.point(deck), self._session.directions(deck)
            after = _filled(before, {slot: point}, "captured")
            if any(before.parameters.get(name) for name in directions):
                after = at_home(after, directions, point)  # they are in the slot now
            self._session.change(after, None)

    def keep(self, deck: str, slot: int, point: Latent) -> None:
        """Keep `point`, float32 (latent_size,), in a slot; what is shown does not change."""
        if self._may_fill(deck, slot):
            self._session.change(_filled(self._deck(deck), {slot: point}, "captured"), None)

    def clear(self, deck: str, slot: int) -> None:
        """Empty a slot."""
        if self._may_fill(deck, slot):
            self._session.change(self._deck(deck).with_slot(slot, None), None)

    def lock(self, deck: str, slot: int, locked: bool) -> None:
        """Keep a slot from being filled or cleared."""
        before = self._deck(deck)
        held = before.slots[slot]
        if held is not None:
            self._session.change(before.with_slot(slot, held.but(locked=locked)), None)

    def place(self, deck: str, slot: int, place: Place) -> None:
        """Put a slot's anchor at `place` on the pad."""
        before = self._deck(deck)
        held = before.slots[slot]
        if held is not None:
            x, y = (min(1.0, max(-1.0, v)) for v in place)
            after = before.with_slot(slot, held.but(place=(x, y))).but(held=None)
            self._session.change(after, f"{deck}.place.{slot}")

    def encode(self, deck: str, slot: int, source: Pixels | Phrase | Path) -> None:
        """Put the artist's own picture or phrase in a slot, as the point nearest to it."""
        spec = self._session.spec(deck)
        wrong_kind = not isinstance(source, Path) and isinstance(source, Phrase) != spec.composes
        if not spec.encodes or wrong_kind:
            what = "phrases" if isinstance(source, Phrase) else "pictures"
            self._session.noticed.emit(f"{spec.title} cannot take {what} in.")
        elif self._may_fill(deck, slot):
            self.settle(deck, slot)
            self._engines.encode(deck, slot, source)

    def improve(self, deck: str, slot: int, source: Pixels | Path) -> None:
        """Refine the slot's point once more towards the picture that it came from."""
        held = self._deck(deck).slots[slot]
        if held is not None and self._may_fill(deck, slot):
            self.settle(deck, slot)
            self._engines.encode(deck, slot, source, np.asarray(held.latent, np.float32))

    def may_be_own(self, deck: str, slot: int) -> bool:
        """Whether `make_own` can do something: for a slot with a picture that came in since the
        start, of an engine that can."""
        held = self._deck(deck).slots[slot]
        able = bool(self._session.spec(deck).own_steps)
        return able and held is not None and held.latent in self._sources

    def make_own(self, deck: str, slot: int) -> None:
        """Let the model learn the slot's picture, for some seconds: it then shows it as it is."""
        held = self._deck(deck).slots[slot]
        if held is None or not self.may_be_own(deck, slot):
            self._session.noticed.emit(
                "Drop your picture on the slot first: it is not kept from one start to the next."
            )
        elif self._may_fill(deck, slot):
            self.settle(deck, slot)
            point, source = np.asarray(held.latent, np.float32), self._sources[held.latent]
            self._engines.make_own(deck, slot, point, source)

    def is_learning(self, deck: str, slot: int) -> bool:
        """Whether the model learns the slot's picture now; `refinement` says how far it is."""
        return self._makings.share(deck, slot) is not None

    def drop_own(self, deck: str, slot: int) -> None:
        """Let the slot show what the model alone makes of its picture."""
        held = self._deck(deck).slots[slot]
        if held is not None and held.own_picture and self._may_fill(deck, slot):
            after = self._deck(deck).with_slot(slot, held.but(own_picture=None))
            self._session.change(after, None)

    def refinement(self, deck: str, slot: int) -> float | None:
        """How far, from 0 to 1, the slot has come towards its picture; None when at rest."""
        making = self._makings.share(deck, slot)
        return self._refinements.share(deck, slot) if making is None else making

    def settle(self, deck: str, slot: int) -> None:
        """Refine the slot's point no further; it stays as good as it is. An own picture that is on
        its way is given up."""
        ended = [each.end(deck, slot) for each in (self._refinements, self._makings)]
        if any(ended):
            self._engines.settle(deck, slot)
            self.refined.emit(deck, slot)

    # -- what comes back -----------------------------------------------------------------------

    def _take(self, event: Sampled | Encoded | Refined | OwnMade) -> None:
        match event:
            case Sampled():
                self._take_samples(event)
            case Encoded():
                self._take_encoded(event)
            case Refined():
                self._take_refined(event)
            case OwnMade():
                self._take_own(event)

    def _take_encoded(self, event: Encoded) -> None:
        deck = self._deck(event.deck)
        if event.source is not None and not isinstance(event.source, Phrase):
            self._remember(event.latent, event.source)
        self._session.change(_filled(deck, {event.slot: event.latent}, "encoded"), None)
        name = f"slot {SLOT_NAMES[event.slot]}"
        for remark in event.remarks:
            self._session.noticed.emit(remark.replace("the slot", name))
        if self._session.spec(event.deck).refine_steps:
            self._refinements.begin(event.deck, event.slot, event.latent)
            self.refined.emit(event.deck, event.slot)

    def _take_refined(self, event: Refined) -> None:
        """A better point in the place of the one before, here and in the past: no step to undo."""
        before = self._refinements.advance(event)
        if before is None:
            return  # the slot holds something else by now
        if event.latent is not None:
            better = tuple(event.latent.tolist())
            if before in self._sources:
                self._remember(event.latent, self._sources.pop(before))

            def bettered(scene: Scene) -> Scene:
                return _exchanged(scene, event.deck, before, better)

            self._session.history.amend(bettered)
            self._session.show(bettered(self._session.scene))
        self.refined.emit(event.deck, event.slot)

    def _take_own(self, event: OwnMade) -> None:
        deck = self._deck(event.deck)
        held, point = deck.slots[event.slot], tuple(event.latent.tolist())
        if event.step == 0:
            self._makings.begin(event.deck, event.slot, event.latent)
            self._on_changed(self._session.scene, self._session.scene)  # it may be another by now
        elif self._makings.advance(event) is None:
            return  # it was given up
        if event.file and held is not None and held.latent == point and not held.locked:
            own = held.but(own_picture=event.file)
            self._session.change(deck.with_slot(event.slot, own), None)
        self.refined.emit(event.deck, event.slot)

    def _remember(self, latent: Latent, source: Pixels | Path) -> None:
        """Which picture a point came from."""
        self._sources[tuple(latent.tolist())] = source
        while len(self._sources) > _SOURCES:
            del self._sources[next(iter(self._sources))]

    def _take_samples(self, event: Sampled) -> None:
        held, state = self._deck(event.deck), self._session.state(event.deck)
        seed = event.seed if event.sets_seed else held.seed
        opening, state.opening = state.opening, False
        if opening and not any(held.slots):
            self._fill_empty(held, event.latents, seed)
        else:
            after = _filled(held, event.latents, "sampled").but(seed=seed)
            gesture = f"{event.deck}.seed" if event.sets_seed else None
            self._session.change(after.but(held=None) if event.sets_seed else after, gesture)

    def _fill_empty(self, deck: Deck, latents: Mapping[int, Latent], seed: int) -> None:
        """The first samples are no step of their own, and no undo leads to the empty slots."""

        def filled(scene: Scene) -> Scene | None:
            for d in scene.decks:
                if (d.key, d.engine, d.model, d.slots) == empty:
                    return scene.with_deck(_filled(d, latents, "sampled").but(seed=seed))
            return None

        empty = (deck.key, deck.engine, deck.model, deck.slots)
        self._session.history.amend(filled)
        scene = self._session.scene
        self._session.show(filled(scene) or scene)

    # -- inside --------------------------------------------------------------------------------

    def _deck(self, key: str) -> Deck:
        return self._session.scene.deck(key)

    def _may_fill(self, deck: str, slot: int) -> bool:
        held = self._deck(deck).slots[slot]
        if held is None or not held.locked:
            return True
        self._session.noticed.emit(f"Slot {SLOT_NAMES[slot]} is locked.")
        return False

    def _on_state(self, deck: str) -> None:
        """Nothing goes on in a deck whose engine is loaded anew."""
        if self._engines.state(deck).loaded is None:
            for slot in range(SLOT_COUNT):
                self.settle(deck, slot)

    def _on_changed(self, scene: Scene, _: Scene) -> None:
        """Refine no more what is not there any more."""
        keys = {deck.key for deck in scene.decks}
        for running in (self._refinements, self._makings):
            for deck, slot in running.orphans(scene):
                if deck in keys:
                    self.settle(deck, slot)
                else:
                    running.end(deck, slot)


def _exchanged(scene: Scene, key: str, old: Point, new: Point) -> Scene:
    """`scene` with `new` in every slot of the deck `key` that holds `old`."""
    for deck in scene.decks:
        if deck.key == key:
            for index, slot in enumerate(deck.slots):
                if slot is not None and slot.latent == old and slot.own_picture is None:
                    deck = deck.with_slot(index, slot.but(latent=new))
            scene = scene.with_deck(deck)
    return scene


def _filled(deck: Deck, latents: Mapping[int, Latent], origin: str) -> Deck:
    for index, latent in latents.items():
        held = deck.slots[index]
        if held and held.locked:
            continue  # since it was asked for
        others = [each.place for each in deck.slots if each is not None]
        place = held.place if held else free_place(index, others)
        slot = Slot(latent=tuple(latent.tolist()), place=place).but(origin=origin)
        if origin == "captured":
            slot = slot.but(own_picture=_own_picture_at(deck, slot.latent))
        deck = deck.with_slot(index, slot)
    return deck


def _own_picture_at(deck: Deck, point: Point) -> str | None:
    """That of a slot which holds just this point: what is captured is a copy of it."""
    there = (slot for slot in deck.slots if slot is not None and slot.latent == point)
    return next((slot.own_picture for slot in there if slot.own_picture), None)
