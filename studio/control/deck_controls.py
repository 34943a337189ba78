"""The addresses of what a session holds: its decks, the one in front, and the hand's history.

`/deck/1/…` is the first deck on the stage, `/front/…` the one in front:

    contrast            a parameter of the engine, its model or a direction, by its own name
    pad/x  pad/y        the puck                    slot/a … slot/h  jump to the slot's anchor
    path  seed          interpolation, samples      sample/a …       a new sample in the slot
    surprise  capture   as the buttons              capture/a …      keep what is shown in the slot
    front               bring to the front          lock/a …         keep the slot as it is
    walk  walk/seconds  walk/pace                   fix/NAME         lock a direction
                                                    weight/a …       the slot's share of the blend

Randomise keeps the address that it had in version 0.1, for the maps of MIDI and OSC that have it.
Drift has its addresses in `drift_controls`, layers theirs in `mix_controls`, and there are `/undo`,
`/redo`, `/tie` and `/words` (the line that a deck says) besides. A parameter whose name is taken
above is `own/NAME`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from studio.control._seed_queue import Seeds
from studio.control.controls import (
    Control,
    ControlError,
    Controls,
    Entry,
    FixedPart,
    trigger,
    value,
)
from studio.control.drift_controls import DriftPart
from studio.control.mix_controls import MixPart
from studio.document.addresses import suffix_of
from studio.document.parameters import Parameter, Text, Toggle, Value
from studio.document.scene import (
    EASING,
    INTERPOLATION,
    PAD_X,
    PAD_Y,
    SEED,
    SLOT_NAMES,
    WALK_SECONDS,
    Deck,
    Scene,
    Slot,
)
from studio.modulation.targets import weight_of
from studio.session import Session

TIE = Toggle(name="tie", label="Link the pads", help="One gesture moves all pads.", default=False)
LOCK = Toggle(name="lock", label="Lock", help="Keeps a slot from being filled.", default=False)
FIX = Toggle(name="fix", label="Lock", help="Keeps a feature as it is shown now.", default=False)
WALK = Toggle(name="walk", label="Walk", help="A walk through the slots.", default=False)

Jump = Callable[[str, int, Callable[[], object]], None]
"""Do a jump of a deck to a slot, when its time has come."""


def _at_once(deck: str, slot: int, jump: Callable[[], object]) -> None:  # noqa: ARG001
    jump()


def controls_of(session: Session, jump: Jump = _at_once) -> Controls:
    """All that `session` holds, by address. Add the transport's and the sound's controls to it."""
    said = FixedPart(words_part(session))
    return Controls(SessionPart(session, jump), DriftPart(session), MixPart(session), said)


def address_of(session: Session, deck: str, suffix: str) -> str:
    """The address of a deck's control: a parameter's name, or words such as "pad/x".

    Raises KeyError for a deck that is not on the stage.
    """
    keys = [d.key for d in session.scene.decks]
    if deck not in keys:
        raise KeyError(deck)
    return f"/deck/{keys.index(deck) + 1}/{suffix}"


class SessionPart:
    """The controls of a session."""

    def __init__(self, session: Session, jump: Jump = _at_once) -> None:
        self._session = session
        self._jump = jump
        self._seeds = Seeds(session)
        self._seen: Scene | None = None
        self._layout: Hashable = None

    def layout(self) -> Hashable:
        scene = self._session.scene
        if scene is not self._seen:  # asked for with every movement, and the scene rarely differs
            self._seen = scene
            self._layout = (scene.front, *((d.key, d.engine, d.model) for d in scene.decks))
        return self._layout

    def entries(self) -> Iterable[Entry]:
        session = self._session
        for n, deck in enumerate(session.scene.decks, start=1):
            # By its key: the entries are made anew whenever a deck's number changes.
            yield from self._side(f"/deck/{n}", f"Deck {n}", _always(deck.key))
        yield from self._side("/front", "Front deck", lambda: session.scene.front)
        yield trigger("/undo", "Undo", session.undo, lambda: session.history.can_undo)
        yield trigger("/redo", "Redo", session.redo, lambda: session.history.can_redo)
        yield value("/tie", TIE.label, TIE, lambda: session.scene.tied, session.pads.tie)

    def _side(self, at: str, where: str, key: Callable[[], str]) -> Iterator[Entry]:
        return _Side(self._session, self._seeds, self._jump, at, where, key).entries()


class _Side:
    """One deck's controls; `key` says which deck that is at the moment."""

    def __init__(
        self,
        session: Session,
        seeds: Seeds,
        jump: Jump,
        at: str,
        where: str,
        key: Callable[[], str],
    ) -> None:
        self._session = session
        self._seeds = seeds
        self._jumps = jump
        self._at = at
        self._where = where
        self._key = key

    def entries(self) -> Iterator[Entry]:
        for parameter in self._session.controls(self._key()):
            yield self._declared(parameter)
        for direction in self._session.model(self._key()).directions:
            yield self._fix(direction)
        yield from self._blend()
        yield from self._walk()
        for index, name in enumerate(SLOT_NAMES):
            yield from self._slot(index, name)
        yield from self._buttons()

    def _deck(self) -> Deck:
        return self._session.scene.deck(self._key())

    def _held(self, index: int) -> Slot | None:
        return self._deck().slots[index]

    def _value(
        self,
        suffix: str,
        parameter: Parameter,
        read: Callable[[Deck], Value],
        write: Callable[[str, Value], object],
        label: str = "",
    ) -> Entry:
        label = f"{self._where}: {label or parameter.label}"
        return value(
            f"{self._at}/{suffix}",
            label,
            parameter,
            lambda: read(self._deck()),
            lambda v: write(self._key(), v),
        )

    def _trigger(
        self,
        suffix: str,
        label: str,
        press: Callable[[str], object],
        lit: Callable[[], bool] = lambda: False,
    ) -> Entry:
        label = f"{self._where}: {label}"
        return trigger(f"{self._at}/{suffix}", label, lambda: press(self._key()), lit)

    def _declared(self, parameter: Parameter) -> Entry:
        name = parameter.name
        return self._value(
            suffix_of(parameter),
            parameter,
            lambda deck: deck.parameters[name],
            lambda key, v: self._session.set(key, name, v),
        )

    def _blend(self) -> Iterator[Entry]:
        session = self._session
        yield self._value("pad/x", PAD_X, lambda deck: deck.pad[0], partial(self._move, 0))
        yield self._value("pad/y", PAD_Y, lambda deck: deck.pad[1], partial(self._move, 1))
        yield self._value(
            "path",
            INTERPOLATION,
            lambda deck: deck.interpolation,
            lambda key, v: session.pads.set_interpolation(key, str(v)),
        )
        seed = self._value("seed", SEED, lambda deck: deck.seed, lambda *_: None)
        yield replace(seed, write=lambda v, at_s: self._seeds.ask(self._key(), int(v), at_s))

    def _move(self, axis: int, key: str, to: Value) -> None:
        x, y = self._deck().pad
        self._session.pads.move(key, (float(to), y) if axis == 0 else (x, float(to)))

    def _fix(self, direction: Parameter) -> Entry:
        name = direction.name
        return self._value(
            f"fix/{name}",
            FIX,
            lambda deck: name in deck.fixed,
            lambda key, v: self._session.pads.lock_direction(key, name, bool(v)),
            f"Lock {direction.label}",
        )

    def _walk(self) -> Iterator[Entry]:
        for suffix, parameter, field in (
            ("walk/seconds", WALK_SECONDS, "seconds"),
            ("walk/pace", EASING, "easing"),
        ):
            yield self._value(
                suffix, parameter, partial(_of_walk, field), partial(self._set_walk, field)
            )
        walks = self._value("walk", WALK, lambda deck: self._walks(deck.key), lambda *_: None)
        yield replace(walks, write=self._start_or_stop)

    def _walks(self, key: str) -> bool:
        return self._session.motion.walking(key) is not None

    def _start_or_stop(self, on: Value, at_s: float) -> None:
        key = self._key()
        if on and not self._walks(key):
            self._session.motion.start_walk(key, at_s)
        elif not on:
            self._session.motion.stop_walk(key)

    def _set_walk(self, field: str, key: str, to: Value) -> None:
        self._session.motion.set_walk(key, self._deck().walk.but(**{field: to}))

    def _slot(self, index: int, name: str) -> Iterator[Entry]:
        session, low = self._session, name.lower()
        filled = lambda: self._held(index) is not None  # noqa: E731
        yield self._trigger(f"slot/{low}", f"Go to {name}", partial(self._jump, index), filled)
        yield self._trigger(
            f"sample/{low}", f"New sample in {name}", lambda key: session.slots.sample(key, index)
        )
        yield self._trigger(
            f"capture/{low}", f"Capture into {name}", lambda key: session.slots.capture(key, index)
        )
        yield self._value(
            f"weight/{low}",
            weight_of(name),
            lambda deck: session.pads.share(deck.key, index),
            lambda key, v: session.pads.set_share(key, index, float(v)),
        )
        yield self._value(
            f"lock/{low}",
            LOCK,
            lambda deck: _locked(deck.slots[index]),
            lambda key, v: session.slots.lock(key, index, bool(v)),
            f"Lock {name}",
        )

    def _jump(self, index: int, key: str) -> None:
        slot = self._held(index)
        if slot is None:
            self._session.noticed.emit(f"Slot {SLOT_NAMES[index]} is empty.")
        else:
            self._jumps(key, index, lambda: self._session.pads.move(key, slot.place))

    def _buttons(self) -> Iterator[Entry]:
        session = self._session
        yield self._trigger("surprise", "Randomise", session.slots.randomise)
        yield self._trigger("capture", "Capture", session.slots.capture)
        yield self._trigger(
            "front",
            "To the front",
            session.decks.bring_to_front,
            lambda: session.scene.front == self._key(),
        )


def _of_walk(field: str, deck: Deck) -> Value:
    found: Value = getattr(deck.walk, field)
    return found


def _always(key: str) -> Callable[[], str]:
    return lambda: key


def _locked(slot: Slot | None) -> bool:
    return slot is not None and slot.locked


def words_part(session: Session) -> Iterable[Entry]:
    """What a deck says; it is told, and cannot be set."""

    def refuse(_value: Value, _at_s: float) -> None:
        raise ControlError("The line is written by a deck; it cannot be set.")

    about = Text(name="words", label="Line of the deck that writes", default="", max_length=400)
    control = Control(address="/words", label=about.label, parameter=about)
    yield Entry(control=control, read=lambda: session.words.now, write=refuse)
