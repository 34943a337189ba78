"""What a session's decks show: the blend at the puck, or a point held in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.document.scene import INTERPOLATION, Deck, Place, Point
from studio.engine import Latent
from studio.latent.mixing import blended, weights_of, with_shares
from studio.latent.steering import Directions, coordinate

if TYPE_CHECKING:
    from studio.session._session import Session


class Pads:
    """The pads of a session's decks; every method but `tie` takes a deck's key."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._blended: dict[str, tuple[Point | None, tuple[float, ...]]] = {}

    def move(self, deck: str, place: Place) -> None:
        """Put the puck at `place`, held inside the pad; tied decks follow.

        The decks show the blend again, whatever point was held and whatever walk was on.
        """
        x, y = (min(1.0, max(-1.0, v)) for v in place)
        scene = self._session.scene
        moved = scene.decks if scene.tied else (scene.deck(deck),)
        for d in moved:
            self._session.motion.stop_walk(d.key)
            scene = scene.with_deck(d.but(pad=(x, y), held=None))
        self._session.replace(scene, f"{deck}.pad")

    def go_to(self, deck: str, point: Latent, gesture: str | None = None) -> None:
        """Show `point`, float32 (latent_size,), in place of the blend, until the puck moves.

        It is shown as it is: the sliders along directions go home. Locked directions stay locked.
        """
        self._session.motion.stop_walk(deck)
        held = self._session.scene.deck(deck)
        self._session.change(at_home(held, self._session.directions(deck), point), gesture)

    def share(self, deck: str, slot: int) -> float:
        """How much of a slot is in the blend, 0 to 1."""
        return self._shares(self._session.scene.deck(deck))[slot]

    def set_share(self, deck: str, slot: int, share: float) -> None:
        """Have so much of a slot in what is shown; the others share the rest, and the puck stays
        where it is until it is moved."""
        held = self._session.scene.deck(deck)
        if held.slots[slot] is None:
            return
        shares = with_shares(self._shares(held), held.slots, {slot: share})
        self._session.motion.stop_walk(deck)
        after = held.but(held=tuple(blended(held, shares).tolist()))
        self._blended[deck] = (after.held, shares)
        self._session.change(after, f"{deck}.share.{slot}")

    def _shares(self, deck: Deck) -> tuple[float, ...]:
        """What `set_share` has made of them, while that is shown; else the puck's."""
        point, shares = self._blended.get(deck.key, (None, ()))
        return shares if point is not None and point is deck.held else weights_of(deck)

    def lock_direction(self, deck: str, name: str, locked: bool) -> None:
        """Keep the feature along a direction as it is shown now, whatever point comes."""
        before, directions = self._session.scene.deck(deck), self._session.directions(deck)
        fixed = {n: at for n, at in before.fixed.items() if n != name}
        if locked and name in directions:
            shown = coordinate(self._session.point(deck), directions[name])
            played = self._session.shown.deck(deck).parameters
            fixed[name] = shown - float(played.get(name, 0.0))
        self._session.change(before.but(fixed=fixed), None)

    def set_interpolation(self, deck: str, name: str) -> None:
        """Choose the blend's path. Raises `ParameterError`."""
        chosen = INTERPOLATION.validate(name)
        after = self._session.scene.deck(deck).but(interpolation=chosen, held=None)
        self._session.change(after, None)

    def tie(self, tied: bool) -> None:
        """One gesture: while tied, all pads move as one."""
        self._session.replace(self._session.scene.but(tied=tied), None)


def at_home(deck: Deck, directions: Directions, point: Latent) -> Deck:
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
