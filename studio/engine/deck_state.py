"""How a deck stands with its engine, beyond what the scene says."""

from __future__ import annotations

from dataclasses import dataclass

from studio.engine import Loaded
from studio.engine.messages import Pictured
from studio.latent.steering import Directions


@dataclass
class DeckState:
    """What is known of a deck beyond the scene. Read it; only the room writes it."""

    epoch: int
    asked: int = 0
    """Revision of the newest picture that was asked for."""
    answered: int = 0
    """Revision of the newest picture that came, or failed to."""
    shown: Pictured | None = None
    """The newest good picture, kept through failures."""
    loaded: Loaded | None = None
    """What the engine said when it was loaded; None until then, and after it was lost."""
    problem: str = ""
    """Why there is no new picture, in one sentence; empty when all is well."""
    painted: int = 0
    """Revision of the newest picture that reached the screen."""
    opening: bool = False
    """Whether the deck came with an empty shelf that waits for its first samples."""
    sampling: bool = False
    """Whether samples were asked for."""

    @property
    def device(self) -> str:
        """Where the engine runs; empty while it loads."""
        return self.loaded.device if self.loaded else ""

    @property
    def directions(self) -> Directions:
        """The steps along the model's named directions; none until it is loaded."""
        return self.loaded.directions if self.loaded else {}

    @property
    def settled(self) -> bool:
        """Whether the picture that was asked for last has come, or never will."""
        if self.problem and not self.device:
            return True  # there is no engine
        return self.answered == self.asked and (self.asked > 0 or bool(self.problem))
