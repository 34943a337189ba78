"""Painting with slots: pins and brush strokes over what the pad blends.

What becomes of them is told in `studio.painting.blend_maps`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from studio.document.parameters import Float
from studio.document.scene import SLOT_NAMES, Deck, Pin, Spot, Stroke
from studio.painting.blend_maps import blend_map_of
from studio.painting.layers import seen

if TYPE_CHECKING:
    from studio.session._session import Session

__all__ = ["MOST_POINTS", "MOST_STROKES", "RADIUS", "REACH", "STRENGTH", "Painting", "blend_map_of"]

RADIUS = Float(
    name="brush_radius",
    label="Radius",
    low=0.01,
    high=0.5,
    default=0.12,
    curve="log",
    help="How far the brush reaches, as a share of the picture's shorter side.",
)
STRENGTH = Float(
    name="brush_strength",
    label="Strength",
    low=0.0,
    high=1.0,
    default=1.0,
    help="How much of what it goes over the brush takes.",
)
REACH = Float(
    name="pin_reach",
    label="Pin radius",
    low=0.05,
    high=1.0,
    default=0.25,
    curve="log",
    help="How far from a pin its slot is half of the blend, as a share of the shorter side.",
)

MOST_STROKES, MOST_POINTS = 256, 512
"""As many as a scene holds: strokes of a deck, points of a stroke."""
_LONGEST = 0.25
"""Points stand nearer than this, so that the short way round is the way that the hand went."""


class Painting:
    """Pins and strokes of a session's decks. A stroke is one step to undo."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._deck = ""
        self._at: Stroke | None = None
        """The stroke at work."""
        self._hand = (0.0, 0.0)
        """Where the brush last drew to, not wrapped round."""

    # -- pins ----------------------------------------------------------------------------------

    def pin(
        self, deck: str, slot: int, place: tuple[float, float], reach: float | None = None
    ) -> None:
        """Let `slot` hold the place (x right, y down, one picture is 1 by 1 and wraps round)."""
        held = self._session.scene.deck(deck)
        if self._can(deck, slot):
            known = held.pins.get(slot)
            kept = known.reach if known else REACH.initial
            pin = Pin(place=_spot(place), reach=_within(REACH, kept if reach is None else reach))
            pins = {**held.pins, slot: pin}
            self._session.change(held.but(pins=pins), f"{deck}.pin.{slot}")

    def reach(self, deck: str, slot: int, reach: float) -> None:
        """Let a pin be felt so far."""
        known = self._session.scene.deck(deck).pins.get(slot)
        if known is not None:
            self.pin(deck, slot, known.place, reach)

    def unpin(self, deck: str, slot: int | None = None) -> None:
        """Take a slot's pin away, or all of them."""
        held = self._session.scene.deck(deck)
        rest = {i: pin for i, pin in held.pins.items() if slot is not None and i != slot}
        self._session.change(held.but(pins=rest), None)

    # -- strokes -------------------------------------------------------------------------------

    def begin(
        self,
        deck: str,
        slot: int | None,
        place: tuple[float, float],
        radius: float = RADIUS.default,
        strength: float = STRENGTH.default,
    ) -> bool:
        """Put the brush with `slot`, or the rubber with None, down at a place. False where it
        cannot paint, and then the artist has been told why."""
        self.end()
        before = self._with_room(deck) if self._can(deck, slot) else None
        if before is None:
            return False
        stroke = Stroke(
            slot=slot,
            points=(_spot(place),),
            radius=_within(RADIUS, radius),
            strength=_within(STRENGTH, strength),
        )
        self._session.history.hold()
        self._deck, self._hand = deck, place
        self._put(stroke, before)
        return True

    def extend(self, place: tuple[float, float]) -> None:
        """Draw on to a place; beyond an edge it goes on at the opposite one.

        `place` may lie outside of [0, 1), where the hand has left the picture: its way counts.
        """
        held = self._held()
        if held is None or self._at is None:
            return
        way = _way(self._hand, place, self._at.radius)
        if not way:
            return
        self._hand = place
        before = held.strokes[:-1]
        if len(self._at.points) + len(way) <= MOST_POINTS:
            self._put(self._at.but(points=(*self._at.points, *way)), before)
        elif len(held.strokes) < MOST_STROKES:  # it goes on as another stroke
            self._put(self._at.but(points=(self._at.points[-1], *way)), held.strokes)

    def end(self) -> None:
        """Lift the brush."""
        if self._at is not None:
            self._at = None
            self._session.history.release()

    def clear(self, deck: str) -> None:
        """Take all strokes away; the pins stay."""
        self.end()
        self._session.change(self._session.scene.deck(deck).but(strokes=()), None)

    # -- inside --------------------------------------------------------------------------------

    def _held(self) -> Deck | None:
        """The deck that is being painted on; None when the stroke at work is gone, by an undo."""
        for deck in self._session.scene.decks:
            if deck.key == self._deck and deck.strokes and deck.strokes[-1] is self._at:
                return deck
        self.end()
        return None

    def _put(self, stroke: Stroke, before: tuple[Stroke, ...]) -> None:
        self._at = stroke
        held = self._session.scene.deck(self._deck)
        self._session.change(held.but(strokes=(*before, stroke)), f"{self._deck}.stroke")

    def _can(self, deck: str, slot: int | None) -> bool:
        spec = self._session.spec(deck)
        if not spec.blend_maps:
            self._session.noticed.emit(f"{spec.title} cannot be painted with.")
        elif slot is None and not self._session.scene.deck(deck).strokes:
            self._session.noticed.emit("There is no paint to rub out.")
        elif slot is not None and self._session.scene.deck(deck).slots[slot] is None:
            self._session.noticed.emit(f"Slot {SLOT_NAMES[slot]} is empty; fill it to paint.")
        else:
            return True
        return False

    def _with_room(self, deck: str) -> tuple[Stroke, ...] | None:
        """The deck's strokes with room for another: where there is none, hidden ones go."""
        held = self._session.scene.deck(deck)
        if len(held.strokes) < MOST_STROKES:
            return held.strokes
        kept = seen(held.strokes, self._session.spec(deck).aspect(held.parameters), deck)
        if len(kept) < MOST_STROKES:
            return kept
        self._session.noticed.emit(
            f"The picture holds {MOST_STROKES} strokes and no more; clear them, or undo some."
        )
        return None


def _spot(place: tuple[float, float]) -> Spot:
    """A place on the torus, from wherever it was reached; no finer than any picture shows."""
    x, y = (round(float(v) % 1.0, 5) % 1.0 for v in place)
    return (x, y)


def _within(parameter: Float, value: float) -> float:
    return min(parameter.high, max(parameter.low, float(value)))


def _way(last: tuple[float, float], place: tuple[float, float], radius: float) -> tuple[Spot, ...]:
    """The points that lead from `last` on to a place; none where it is too near to be seen."""
    x, y = place[0] - last[0], place[1] - last[1]
    length = math.hypot(x, y)
    if length < max(radius / 4, 1 / 256):
        return ()
    count = math.ceil(length / _LONGEST)
    steps = (step / count for step in range(1, count + 1))
    return tuple(_spot((last[0] + x * t, last[1] + y * t)) for t in steps)
