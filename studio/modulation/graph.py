"""The graph of a scene's modulators: which of them moves what, in an order that has no circles.

A target that begins with "/modulator/", "/macro/" or "/connection/" is a part of the graph itself;
what leads to all others comes out of it as offsets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from studio.document.modulation import (
    DEPTH,
    MASTER_DEPTH,
    Axis,
    Connection,
    Modulator,
)
from studio.document.parameters import Float, Parameter, Value
from studio.document.scene import Scene
from studio.modulation._circles import Inside, Node, inside, is_inside, see_no_circles
from studio.modulation._integral import Integral
from studio.modulation._kind import Moment
from studio.modulation.inputs import Inputs
from studio.modulation.kinds import KINDS, ModulationError, complete, kind_of
from studio.modulation.values import amount

__all__ = [
    "MASTER",
    "Graph",
    "Inside",
    "Node",
    "Values",
    "checked",
    "inside",
    "is_inside",
    "moved",
]

MASTER = "/modulation/depth"
"""The address of a scene's master depth."""
_KNEE = 0.02
"""Where a limit begins to be felt, as a share of the travel."""


def moved(parameter: Parameter, position: float, offset: float) -> float:
    """Where a control comes to that the hand has set to `position`, both in [0, 1].

    An angle goes round. Everything else comes softly to its end: what leads beyond is taken back
    over the last of the way, and a control that stands at its end stays there.
    """
    if isinstance(parameter, Float) and parameter.cyclic:
        return (position + offset) % 1.0
    room = 1 - position if offset > 0 else position
    way = abs(offset)
    knee = min(_KNEE, room)
    if way >= room + knee:
        way = room
    elif way > room - knee:
        way -= (way - room + knee) ** 2 / (4 * knee)
    return position + way if offset > 0 else position - way


def checked(scene: Scene) -> Scene:
    """`scene` with all settings of its modulators present and valid.

    Raises `ModulationError` or `ParameterError` with one sentence.
    """
    if not scene.modulators and not scene.connections:
        return scene
    modulators = tuple(map(complete, scene.modulators))
    for members in (modulators, scene.connections):
        ids = [member.id for member in members]
        if len(set(ids)) != len(ids):
            raise ModulationError("Two modulators or connections of the scene have one number.")
    see_no_circles(modulators, scene.connections)
    same = all(a is b for a, b in zip(modulators, scene.modulators, strict=True))
    return scene if same else scene.but(modulators=modulators)


_ONE_WAY, _BOTH_WAYS = 1, 2


class _Wire(NamedTuple):
    """A connection as it is asked with every frame: attributes of models take their time."""

    source: tuple[int, Axis]
    depth: float
    linear: int
    """0 for a connection that bends what comes."""
    is_moved: bool
    """Whether its depth is modulated."""
    connection: Connection

    @classmethod
    def of(cls, c: Connection, *, is_moved: bool) -> _Wire:
        one_way = _ONE_WAY if c.polarity == "unipolar" else _BOTH_WAYS
        linear = one_way if c.curve == "linear" else 0
        return cls((c.modulator, c.axis), c.depth, linear, is_moved, c)


class Graph:
    """What the modulators and connections of a scene do. It is made anew when they change.

    `before` is the graph that this one follows: what has gone round so far goes on from there.
    """

    def __init__(
        self,
        modulators: Sequence[Modulator],
        connections: Sequence[Connection],
        before: Graph | None = None,
    ) -> None:
        self.modulators = {m.id: m for m in modulators}
        self._values = {m.id: KINDS[m.kind].value for m in modulators}
        see_no_circles(modulators, connections)
        heard = _heard(modulators, connections)
        self._inner: dict[Node, list[tuple[_Wire, Inside]]] = defaultdict(list)
        self._outer: dict[str, list[_Wire]] = defaultdict(list)
        ways = [(c, inside(c.target, modulators)) for c in heard]
        deep = {there.node for _, there in ways if there is not None}
        for c, there in ways:
            wire = _Wire.of(c, is_moved=("connection", c.id) in deep)
            if there is not None:
                self._inner[there.node].append((wire, there))
            elif not is_inside(c.target):
                self._outer[c.target].append(wire)
        self._wanted = frozenset(c.modulator for c in heard)
        self._integrals: dict[int, Integral] = {
            id: Integral(before._integrals.get(id) if before else None)
            for id in self._wanted
            if self._is_turned(id)
        }
        self._joining = {
            id
            for id in self._integrals
            if before and id in before.modulators and id not in before._integrals
        }
        """Whose rate a hand has just connected: so far they have gone as they are set."""

    @property
    def targets(self) -> tuple[str, ...]:
        """The addresses that `offsets` speaks of."""
        return tuple(self._outer)

    @property
    def is_free(self) -> bool:
        """Whether something moves although the transport stands."""
        return any(
            KINDS[m.kind].free(m.settings) for m in self.modulators.values() if m.id in self._wanted
        )

    def at(self, beat: float, seconds: float, inputs: Inputs, *, aside: bool = False) -> Values:
        """What everything is at a moment; see `studio.modulation.values.value`. `aside`: it is
        asked for in between, and the next moment does not go on from there."""
        return Values(self, beat, seconds, inputs, aside=aside)

    # -- inside --------------------------------------------------------------------------------

    def _is_turned(self, id: int) -> bool:
        """Whether what says how fast it goes round is modulated."""
        if KINDS[self.modulators[id].kind].turns is None:
            return False
        return any(
            there.setting in ("rate", "division", "speed", "length")
            for _, there in self._inner[("modulator", id)]
        )


def _heard(
    modulators: Sequence[Modulator], connections: Sequence[Connection]
) -> tuple[Connection, ...]:
    """The connections that count: not those that are off, and where modulators are soloed, theirs
    and those inside of the graph."""
    known = {m.id: m for m in modulators}
    alone = any(m.solo for m in modulators)
    return tuple(
        c
        for c in connections
        if c.on
        and known[c.modulator].on
        and (not alone or known[c.modulator].solo or is_inside(c.target))
    )


class Values:
    """The modulators of a graph at one moment, each reckoned once."""

    def __init__(
        self, graph: Graph, beat: float, seconds: float, inputs: Inputs, *, aside: bool = False
    ) -> None:
        self._graph, self._aside = graph, aside
        self.beat, self.seconds, self.inputs = beat, seconds, inputs
        self._moment = Moment(beat, seconds, inputs)
        self._known: dict[tuple[int, Axis], float] = {}
        self._settings: dict[int, Mapping[str, Value]] = {}
        self._summed: tuple[float, Mapping[str, float]] | None = None

    def of(self, id: int, axis: Axis = "x") -> float:
        """A modulator's value, 0 to 1."""
        found = self._known.get((id, axis))
        if found is None:
            moment = self._moment
            if axis == "y" or id in self._graph._integrals:
                moment = replace(moment, axis=axis, cycles=self._cycles(id))
            modulator = self._graph.modulators[id]
            ask = self._graph._values[id]
            found = self._known[id, axis] = ask(modulator, self.settings(id), moment)
        return found

    def settings(self, id: int) -> Mapping[str, Value]:
        """A modulator's settings as they are played."""
        found = self._settings.get(id)
        if found is None:
            own = self._graph.modulators[id].settings
            inner = self._graph._inner.get(("modulator", id))
            found = self._settings[id] = own if not inner else self._moved(own, inner)
        return found

    def offsets(self, master: float = 1.0) -> Mapping[str, float]:
        """How far every control outside of the graph is moved, by its address: a share of its
        travel, -1 to 1. `master` is the scene's."""
        if self._summed is None or self._summed[0] != master:  # a hand asks many times a frame
            self._summed = master, dict(self._sums(master))
        return self._summed[1]

    def _sums(self, master: float) -> Iterator[tuple[str, float]]:
        outer = self._graph._outer
        if MASTER in outer:
            position = MASTER_DEPTH.position(master)
            master = MASTER_DEPTH.at(moved(MASTER_DEPTH, position, self._sum(outer[MASTER])))
        for target, connections in outer.items():
            if target != MASTER:
                yield target, master * self._sum(connections)

    def _sum(self, wires: Sequence[_Wire]) -> float:
        whole, known = 0.0, self._known
        for wire in wires:
            found = known.get(wire.source)
            if found is None:
                found = self.of(*wire.source)
            depth = self._depth(wire) if wire.is_moved else wire.depth
            if wire.linear:
                whole += depth * (found if wire.linear == _ONE_WAY else 2 * found - 1)
            else:
                whole += amount(wire.connection, found, depth)
        return -1.0 if whole < -1.0 else 1.0 if whole > 1.0 else whole

    def _depth(self, wire: _Wire) -> float:
        inner = self._graph._inner[("connection", wire.connection.id)]
        moving = self._sum([wire for wire, _ in inner])
        return DEPTH.at(moved(DEPTH, DEPTH.position(wire.depth), moving))

    def _moved(
        self, own: Mapping[str, Value], inner: Sequence[tuple[_Wire, Inside]]
    ) -> Mapping[str, Value]:
        grouped: dict[str, list[_Wire]] = defaultdict(list)
        parameters = {}
        for wire, there in inner:
            grouped[there.setting].append(wire)
            parameters[there.setting] = there.parameter
        changed = dict(own)
        for name, wires in grouped.items():
            parameter = parameters[name]
            position = parameter.position(own[name])
            changed[name] = parameter.at(moved(parameter, position, self._sum(wires)))
        return changed

    def _cycles(self, id: int) -> float | None:
        integral = self._graph._integrals.get(id)
        if integral is None:
            return None
        modulator = self._graph.modulators[id]
        kind = kind_of(modulator.kind)
        free = kind.free(modulator.settings)
        assert kind.turns is not None
        turns = kind.turns

        def at(now: float) -> float:
            """Cycles a beat, or a second, at a moment of the past."""
            beat_s = 60 / self.inputs.bpm
            beat, seconds = (now / beat_s, now) if free else (now, now * beat_s)
            then = Values(self._graph, beat, seconds, self.inputs, aside=True)
            return turns(then.settings(id), self.inputs)

        asked = Integral(integral) if self._aside else integral
        here = self.seconds if free else self.beat
        if id in self._graph._joining and not self._aside:
            self._graph._joining.remove(id)
            asked.join(here, turns(modulator.settings, self.inputs))
        return asked.until(here, at)
