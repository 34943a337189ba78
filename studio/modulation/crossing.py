"""The way of modulation from one scene to another: depths glide.

A modulator that both scenes have (the same number and kind) is one, whose settings change in the
middle, so that no wave is torn; where a number means another kind, both are there on the way, the
second scene's with a number of its own. A connection that only one scene has fades in or out.
"""

from __future__ import annotations

from collections.abc import Iterable

from studio.document.modulation import (
    CONNECTION_LIMIT,
    MODULATOR_LIMIT,
    Connection,
    Modulator,
)
from studio.document.scene import Scene
from studio.modulation.editing import renumbered

_Same = tuple[int, str, str]
"""What makes two connections one: modulator, target and axis."""


class ModulationWay:
    """Pure functions of a share of the way."""

    def __init__(self, a: Scene, b: Scene) -> None:
        first = {m.id: m.kind for m in a.modulators}
        clashing = [m.id for m in b.modulators if first.get(m.id, m.kind) != m.kind]
        taken = first.keys() | {m.id for m in b.modulators}
        spare = (id for id in range(1, MODULATOR_LIMIT + 1) if id not in taken)
        b = renumbered(b, dict(zip(clashing, spare, strict=False)))
        self._a, self._b = a, b
        self._ends = {_same(c): c for c in b.connections}
        self._begins = {_same(c): c for c in a.connections}

    def modulators_at(self, share: float) -> tuple[Modulator, ...]:
        """Those of both scenes; of one that both have, the nearer scene's."""
        far, near = (self._a, self._b) if share >= 0.5 else (self._b, self._a)
        found = {m.id: m for m in (*far.modulators, *near.modulators)}
        return tuple(found[id] for id in sorted(found))

    def connections_at(self, share: float) -> tuple[Connection, ...]:
        """Those of both scenes, each as deep as it is at `share`."""
        if self._a.connections is self._b.connections:
            return self._a.connections
        known = {m.id for m in self.modulators_at(share)}
        return _numbered(c for c in self._along(share) if c.modulator in known)

    def _along(self, share: float) -> Iterable[Connection]:
        for same, c in self._begins.items():
            end = self._ends.get(same)
            if end is None:
                yield c.but(depth=_between(_depth(c), 0.0, share), on=True)
            else:
                nearer = end if share >= 0.5 else c
                yield nearer.but(depth=_between(_depth(c), _depth(end), share), on=c.on or end.on)
        for same, c in self._ends.items():
            if same not in self._begins:
                yield c.but(depth=_between(0.0, _depth(c), share), on=True)


def _same(connection: Connection) -> _Same:
    return connection.modulator, connection.target, connection.axis


def _depth(connection: Connection) -> float:
    return connection.depth if connection.on else 0.0


def _between(a: float, b: float, share: float) -> float:
    return min(1.0, max(-1.0, a + share * (b - a)))


def _numbered(connections: Iterable[Connection]) -> tuple[Connection, ...]:
    """Each with a number of its own; the first one to have it keeps it."""
    found: dict[int, Connection] = {}
    late = []
    for c in connections:
        if c.id in found:
            late.append(c)
        else:
            found[c.id] = c
    spare = (id for id in range(1, CONNECTION_LIMIT + 1) if id not in found)
    found.update({id: c.but(id=id) for c, id in zip(late, list(spare), strict=False)})
    return tuple(found[id] for id in sorted(found))
