"""The two scenes of a crossfader, A and B, and what is known of the way between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from studio.document.scene import Scene
from studio.scenes._carry_over import carried, moved_points
from studio.scenes._drift_offsets import DriftOffsets
from studio.scenes.crossing import Crossing
from studio.session import Session

Side = Literal["a", "b"]
SIDES: tuple[Side, Side] = ("a", "b")


@dataclass(frozen=True)
class Sided:
    """A scene that stands on a side of the crossfader."""

    scene: Scene
    name: str = ""


class Sides:
    """Scenes by their side. Their engines are kept loaded."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._held: dict[Side, Sided] = {}
        self._crossing: Crossing | None = None
        self._loose: frozenset[str] = frozenset()
        self._drifted = DriftOffsets(session.registry)

    def get(self, side: Side) -> Sided | None:
        """What stands on a side."""
        return self._held.get(side)

    def __len__(self) -> int:
        return len(self._held)

    def put(self, side: Side, held: Sided) -> None:
        """Have `held` on a side, which `studio.engine.decks.checked` has passed."""
        self._held[side] = held
        self._crossing = None
        self._session.engines.prepare(_key(side), held.scene)

    def fill(self, scene: Scene) -> None:
        """Have `scene` where there is nothing."""
        for side in SIDES:
            if side not in self._held:
                self.put(side, Sided(scene))

    def clear(self) -> None:
        """Have nothing on either side."""
        self._held.clear()
        for side in SIDES:
            self.let_go(side)

    def prepare(self, scene: Scene) -> None:
        """Load the engines of a scene that will stand on side B."""
        self._session.engines.prepare(_key("b"), scene)

    def let_go(self, side: Side) -> None:
        """A side's engines need not stay loaded."""
        self._session.engines.prepare(_key(side), None)

    # -- the way -------------------------------------------------------------------------------

    def at(self, share: float) -> Scene:
        """The scene at `share` of the way, and what has drifted on top of it. Both sides are
        filled."""
        if self._crossing is None:
            a, b = self._held["a"].scene, self._held["b"].scene
            known = {d.key: self._session.directions(d.key) for d in self._session.scene.decks}
            self._crossing = Crossing(a, b, self._session.registry, known, self._loose)
        return self._drifted.onto(self._crossing.at(share))

    def carry(self, old: Scene, new: Scene) -> None:
        """What was done on the way is done in both scenes; what has drifted is not a hand's."""
        kept = self._drifted.taken_from(old, new)
        self._loose |= moved_points(old, kept)
        self._amend(lambda scene: carried(old, kept, scene), SIDES)

    def stand_on(self, side: Side, scene: Scene) -> None:
        """A side is what is shown: from here on that is where the way begins."""
        self.leave()
        self._amend(lambda _: scene, (side,))

    def leave(self) -> None:
        """Forget what hands and drifts did on the way."""
        self._loose = frozenset()
        self._drifted.forget()
        self._crossing = None

    def look_again(self) -> None:
        """Something about the decks may be known now that was not."""
        self._crossing = None

    def _amend(self, change: Callable[[Scene], Scene], sides: tuple[Side, ...]) -> None:
        for side in sides:
            if side in self._held:
                held = self._held[side]
                self._held[side] = Sided(change(held.scene), held.name)
        self._crossing = None


def _key(side: Side) -> str:
    return f"morph {side}"
