"""Scenes with other modulators and connections than before: pure functions of a scene.

Those that make one give the scene and the new one's number. Where something cannot be, they raise
`ModulationError` with one sentence, or KeyError for a number that is none.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from studio.document.modulation import (
    CONNECTION_LIMIT,
    DEPTH,
    MODULATOR_LIMIT,
    Connection,
    Modulator,
    Step,
)
from studio.document.parameters import Float, Parameter, Value
from studio.document.scene import Scene
from studio.document.seeds import fresh_seed
from studio.modulation import graph
from studio.modulation.factory import FACTORY
from studio.modulation.inputs import Inputs
from studio.modulation.kinds import (
    MACRO_LIMIT,
    ModulationError,
    complete,
    kind_of,
    nearest_division,
    setting_of,
)


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


_Member = TypeVar("_Member", bound=_Numbered)

_SETTING = re.compile(r"/modulator/(\d+)(/.*)")
_DECK = re.compile(r"/deck/(\d+)(/.*)")


def modulator(scene: Scene, id: int) -> Modulator:
    """The modulator of this number. Raises KeyError."""
    return _found(scene.modulators, id)


def connection(scene: Scene, id: int) -> Connection:
    """The connection of this number. Raises KeyError."""
    return _found(scene.connections, id)


# -- modulators ------------------------------------------------------------------------------------


def made(what: Modulator | str, id: int = 1) -> Modulator:
    """A modulator of a kind or of the factory, by its name, or a copy of one."""
    if isinstance(what, Modulator):
        return complete(what.but(id=id))
    if what in FACTORY:
        return complete(FACTORY[what].but(id=id))
    steps = _FIRST_STEPS if what == "steps" else ()
    return complete(Modulator(id=id, kind=kind_of(what).name, steps=steps))


def added(scene: Scene, what: Modulator | str) -> tuple[Scene, int]:
    """With another modulator; see `made`."""
    id = _free(scene.modulators, MODULATOR_LIMIT)
    if id is None:
        raise ModulationError(f"A scene has {MODULATOR_LIMIT} modulators and no more.")
    new = made(what, id)
    macros = sum(m.kind == "macro" for m in scene.modulators)
    if new.kind == "macro" and macros >= MACRO_LIMIT:
        raise ModulationError(f"There are {MACRO_LIMIT} macros and no more.")
    return scene.but(modulators=_with(scene.modulators, new)), id


def removed(scene: Scene, id: int) -> Scene:
    """Without a modulator, what comes from it and what leads to it."""
    modulator(scene, id)
    gone = {c.id for c in scene.connections if c.modulator == id or _leads_to(c, scene, id)}
    gone = _with_depths(scene, gone)
    return scene.but(
        modulators=tuple(m for m in scene.modulators if m.id != id),
        connections=tuple(c for c in scene.connections if c.id not in gone),
    )


def changed(scene: Scene, id: int, **changes: Any) -> Scene:
    """With other fields of a modulator."""
    after = complete(modulator(scene, id).but(**changes))
    return scene.but(modulators=_with(scene.modulators, after))


def set_to(scene: Scene, id: int, setting: str, value: Value, seconds: float) -> Scene:
    """With one of its settings at `value`. What runs freely with another rate goes on from where
    it is at `seconds`: its phase makes up for it."""
    before = modulator(scene, id)
    after = before.but(settings={**before.settings, setting: value})
    if "phase" in before.settings and (turns := kind_of(before.kind).turns) is not None:
        free = kind_of(before.kind).free
        if setting == "rate" and free(before.settings):
            still = Inputs()
            way = turns(before.settings, still) - turns(after.settings, still)
            phase = (float(before.settings["phase"]) + way * seconds) % 1.0
            after = after.but(settings={**after.settings, "phase": phase})
    return scene.but(modulators=_with(scene.modulators, after))


def tapped(scene: Scene, id: int, every_s: float, seconds: float, inputs: Inputs) -> Scene:
    """With a modulator that goes round every `every_s` seconds: freely, and from `seconds` on, or
    with the beat in the division that is nearest."""
    before = modulator(scene, id)
    settings = dict(before.settings)
    if settings.get("sync") == "free" and "rate" in settings:
        rate = setting_of(before.kind, "rate")
        assert rate is not None
        settings["rate"] = _within(rate, 1 / every_s)
        if "phase" in settings:
            settings["phase"] = -float(settings["rate"]) * seconds % 1.0
    elif "division" in settings:
        beats = every_s * inputs.bpm / 60
        settings["division"] = nearest_division(beats, inputs)
    elif "length" in settings:  # a gesture: once round
        every = every_s * inputs.bpm / 60
        speed = setting_of(before.kind, "speed")
        assert speed is not None
        settings["speed"] = _within(speed, float(settings["length"]) / every)
    return scene.but(modulators=_with(scene.modulators, before.but(settings=settings)))


# -- connections -----------------------------------------------------------------------------------


def connected(scene: Scene, id: int, target: str, **changes: Any) -> tuple[Scene, int]:
    """With a connection from a modulator to a control."""
    modulator(scene, id)
    axis = changes.get("axis", "x")
    same = (c for c in scene.connections if (c.modulator, c.target, c.axis) == (id, target, axis))
    there = next(same, None)
    if there is not None:
        return changed_connection(scene, there.id, **changes), there.id
    number = _free(scene.connections, CONNECTION_LIMIT)
    if number is None:
        raise ModulationError(f"A scene has {CONNECTION_LIMIT} connections and no more.")
    new = Connection(id=number, modulator=id, target=target).but(**changes)
    after = scene.but(connections=_with(scene.connections, new))
    return graph.checked(after), number


def disconnected(scene: Scene, id: int) -> Scene:
    """Without a connection and what leads to its depth."""
    connection(scene, id)
    gone = _with_depths(scene, {id})
    return scene.but(connections=tuple(c for c in scene.connections if c.id not in gone))


def changed_connection(scene: Scene, id: int, **changes: Any) -> Scene:
    """With other fields of a connection."""
    after = connection(scene, id).but(**changes)
    return scene.but(connections=_with(scene.connections, after))


def randomised(
    scene: Scene, id: int | None = None, seed: int | None = None, *, connection: int | None = None
) -> Scene:
    """With other depths, of all connections, of those of one modulator or of one `connection`; the
    same seed, the same depths. None is so small that nothing would be seen of it."""
    chance = random.Random(fresh_seed() if seed is None else seed)
    after = []
    for c in scene.connections:
        if id in (None, c.modulator) and connection in (None, c.id):
            size = chance.uniform(0.1, 1.0) * chance.choice((-1, 1))
            c = c.but(depth=DEPTH.validate(round(size, 3)))
        after.append(c)
    return scene.but(connections=tuple(after))


def renumbered(scene: Scene, numbers: Mapping[int, int]) -> Scene:
    """With other numbers for some modulators; what comes from them and leads to them goes along.
    `numbers` has none twice, and none that another modulator has."""
    if not numbers:
        return scene

    def along(c: Connection) -> Connection:
        found = _SETTING.fullmatch(c.target)
        number = int(found[1]) if found else 0
        target = f"/modulator/{numbers.get(number, number)}{found[2]}" if found else c.target
        return c.but(modulator=numbers.get(c.modulator, c.modulator), target=target)

    modulators = (m.but(id=numbers.get(m.id, m.id)) for m in scene.modulators)
    return scene.but(
        modulators=tuple(sorted(modulators, key=lambda m: m.id)),
        connections=tuple(along(c) for c in scene.connections),
    )


# -- decks -----------------------------------------------------------------------------------------


def without_deck(scene: Scene, number: int) -> tuple[Connection, ...]:
    """The connections of `scene` when its deck `number`, from 1, is gone: the decks behind it move
    up by one, and what leads to them goes along."""
    after: list[Connection] = []
    for c in scene.connections:
        found = _DECK.fullmatch(c.target)
        deck = int(found[1]) if found else 0
        if found and deck > number:
            c = c.but(target=f"/deck/{deck - 1}{found[2]}")
        if not found or deck != number:
            after.append(c)
    return tuple(after)


# -- inside ----------------------------------------------------------------------------------------

_FIRST_STEPS = tuple(Step(value=v) for v in (1.0, 0.25, 0.5, 0.25, 0.75, 0.25, 0.5, 0.0))


def _with_depths(scene: Scene, gone: set[int]) -> set[int]:
    """Those connections that are gone, and what leads to the depths of them."""
    while also := {c.id for c in scene.connections if c.id not in gone and _to_any(c, gone)}:
        gone = gone | also
    return gone


def _within(setting: Parameter, value: float) -> float:
    assert isinstance(setting, Float)
    return min(setting.high, max(setting.low, value))


def _leads_to(connection: Connection, scene: Scene, id: int) -> bool:
    there = graph.inside(connection.target, scene.modulators)
    return there is not None and there.node == ("modulator", id)


def _to_any(connection: Connection, gone: set[int]) -> bool:
    there = graph.inside(connection.target, ())
    return there is not None and there.node[0] == "connection" and there.node[1] in gone


def _found(members: Iterable[_Member], id: int) -> _Member:
    for member in members:
        if member.id == id:
            return member
    raise KeyError(id)


def _free(members: Iterable[_Numbered], limit: int) -> int | None:
    taken = {member.id for member in members}
    return next((id for id in range(1, limit + 1) if id not in taken), None)


def _with(members: Iterable[_Member], new: _Member) -> tuple[_Member, ...]:
    rest = [member for member in members if member.id != new.id]
    return tuple(sorted([*rest, new], key=lambda member: member.id))
