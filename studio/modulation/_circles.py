"""What leads to what inside of the graph, and that nothing leads back to itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from studio.document.modulation import DEPTH, Connection, Modulator
from studio.document.parameters import Parameter, Text
from studio.modulation.kinds import ModulationError, setting_of, title_of

_INSIDE = re.compile(r"/(modulator|connection)/(\d{1,3})/(\w+)|/(macro)/(\d{1,3})")

Node = tuple[str, int]
"""("modulator", 3) or ("connection", 12)."""


@dataclass(frozen=True)
class Inside:
    """A target in the graph itself: a setting of a modulator, or the depth of a connection."""

    node: Node
    setting: str
    parameter: Parameter


def inside(target: str, modulators: Sequence[Modulator]) -> Inside | None:
    """What a target is in the graph; None for a control outside of it, and for nothing at all."""
    found = _INSIDE.fullmatch(target)
    if found is None:
        return None
    what, number, name, macro, nth = found.groups()
    if macro is not None:
        macros = [m for m in modulators if m.kind == "macro"]
        chosen = macros[int(nth) - 1] if 0 < int(nth) <= len(macros) else None
        name = "value"
    elif what == "connection":
        return Inside((what, int(number)), name, DEPTH) if name == DEPTH.name else None
    else:
        chosen = next((m for m in modulators if m.id == int(number)), None)
    setting = None if chosen is None else setting_of(chosen.kind, name)
    if chosen is None or setting is None or isinstance(setting, Text):
        return None
    return Inside(("modulator", chosen.id), name, setting)


def is_inside(target: str) -> bool:
    """Whether a target is called as a part of the graph is, whether it is there or not."""
    return target.startswith(("/modulator/", "/connection/", "/macro/"))


def see_no_circles(modulators: Sequence[Modulator], connections: Sequence[Connection]) -> None:
    """Raises `ModulationError` where something depends on itself."""
    needs: dict[Node, list[Node]] = {("modulator", m.id): [] for m in modulators}
    needs.update({("connection", c.id): [("modulator", c.modulator)] for c in connections})
    for c in connections:
        if ("modulator", c.modulator) not in needs:
            raise ModulationError(
                f"A connection comes from modulator {c.modulator}, which is none."
            )
        there = inside(c.target, modulators)
        if there is not None and there.node in needs:
            needs[there.node].append(("connection", c.id))
    done: dict[Node, bool] = {}

    def visit(node: Node, path: tuple[Node, ...]) -> None:
        if done.get(node):
            return
        if node in done:
            raise ModulationError(_circle(path[path.index(node) :], modulators, connections))
        done[node] = False
        for other in needs[node]:
            visit(other, (*path, node))
        done[node] = True

    for node in needs:
        visit(node, ())


def _circle(
    path: tuple[Node, ...], modulators: Sequence[Modulator], connections: Sequence[Connection]
) -> str:
    titles = {m.id: title_of(m) for m in modulators}
    known = {("modulator", id): title for id, title in titles.items()}
    known.update({("connection", c.id): titles[c.modulator] for c in connections})
    names = [name for name, _ in groupby(known[node] for node in path)]
    if len(names) > 1 and names[0] == names[-1]:
        del names[-1]
    rest = ", which is moved by ".join([*names[1:], names[0]])
    return f"That would go round in a circle: {names[0]} is moved by {rest}."
