"""What is shown on a control that is modulated: where the hand has it, how far it can be moved,
and where it is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from studio.document.modulation import Connection
from studio.document.parameters import Float, Parameter
from studio.modulation.graph import inside, moved
from studio.session import Session
from ui.modulation._targets import Targets

Span = tuple[float, float]
"""From where to where, both in [0, 1]."""


@dataclass(frozen=True)
class Marking:
    """Of one control; places are in [0, 1]."""

    connection: Connection
    """The one whose depth the hand changes there."""
    modulator: int
    base: float
    spans: tuple[Span, ...]
    """An angle's range can go round, and is in two parts then."""
    present: float
    heard: bool
    """Whether anything moves it: False where all is muted."""
    others: int = 0
    """How many more modulators move it."""


def marking(session: Session, targets: Targets, address: str) -> Marking | None:
    """What is to be shown at the control of `address`; None where nothing is connected to it."""
    connections = targets.connections(address)
    parameter, base = session.modulation.parameter(address), session.modulation.base(address)
    if not connections or parameter is None or base is None:
        return None
    heard = _heard(session, connections)
    leading = (heard or connections)[0]
    low, high = _reach(heard)
    now = _present(session, targets, address)
    master = 1.0 if inside(address, session.scene.modulators) else session.scene.master_depth
    return Marking(
        connection=leading,
        modulator=leading.modulator,
        base=base,
        spans=_spans(parameter, base, low * master, high * master),
        present=base if now is None else now,
        heard=bool(heard),
        others=len(connections) - 1,
    )


def setting_position(session: Session, address: str) -> float | None:
    """Where a modulator's own setting is now; None for all others, and for one that has just
    come."""
    there = inside(address, session.scene.modulators)
    if there is None or there.node[0] != "modulator":
        return None
    try:
        settings = session.modulation.values.settings(there.node[1])
    except KeyError:
        return None
    return there.parameter.position(settings[there.setting])


def _present(session: Session, targets: Targets, address: str) -> float | None:
    positions = session.modulation.positions
    for each in targets.aliases(address):
        if each in positions:
            return positions[each]
    return setting_position(session, address)


def _heard(session: Session, connections: Sequence[Connection]) -> tuple[Connection, ...]:
    known = {m.id: m for m in session.scene.modulators}
    alone = any(m.solo for m in known.values())
    return tuple(
        c
        for c in connections
        if c.on and known[c.modulator].on and (known[c.modulator].solo or not alone)
    )


def _reach(connections: Sequence[Connection]) -> Span:
    """How far they lead together at most, down and up, as shares of the travel."""
    low = high = 0.0
    for c in connections:
        if c.polarity == "bipolar":
            low, high = low - abs(c.depth), high + abs(c.depth)
        else:
            low, high = low + min(0.0, c.depth), high + max(0.0, c.depth)
    return max(-1.0, low), min(1.0, high)


def _spans(parameter: Parameter, base: float, low: float, high: float) -> tuple[Span, ...]:
    if high - low >= 1.0:
        return ((0.0, 1.0),)
    ends = moved(parameter, base, low), moved(parameter, base, high)
    if isinstance(parameter, Float) and parameter.cyclic and ends[0] > ends[1]:
        return ((ends[0], 1.0), (0.0, ends[1]))
    return (ends,)
