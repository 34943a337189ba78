"""Which pictures a file takes: the jobs of an export, as pure functions of a deck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from studio.engine import EngineError, EngineSpec, Job, Latent, ModelSpec
from studio.exporting import FILM_RATE, GIF_RATE
from studio.mixing import job_of, walk_point, walk_stops
from studio.parameters import Choice, Value
from studio.scene import Deck
from studio.steering import Directions

What = Literal["picture", "outline", "sheet", "film", "gif"]

SUFFIXES: dict[What, str] = {
    "picture": ".png",
    "outline": ".svg",
    "sheet": ".png",
    "film": ".mp4",
    "gif": ".gif",
}


@dataclass(frozen=True)
class Plan:
    """What every export of a deck has in common."""

    deck: Deck
    model: ModelSpec
    directions: Directions = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    """In the place of some of the deck's own: how large the pictures are."""

    def picture(self) -> list[Job]:
        """The picture that the deck shows."""
        return [job_of(self.deck, self.model.latent_size, self.directions, self.values)]

    def sheet(self, points: Sequence[Latent]) -> list[Job]:
        """A picture for each of `points`, which are taken as they are."""
        (shown,) = self.picture()
        return [replace(shown, latent=point) for point in points]

    def walk(self, pictures_per_s: int) -> list[Job]:
        """Once round the deck's walk; the last picture equals the first.

        Raises `EngineError` where there are fewer than two slots to walk through.
        """
        if not can_walk(self.deck):
            raise EngineError("A walk needs at least two filled slots.")
        steps = max(1, round(self.deck.walk.seconds * pictures_per_s))
        around = [walk_point(self.deck, i / steps, self.directions) for i in range(steps + 1)]
        return self.sheet([point for point in around if point is not None])

    def jobs(self, what: What, points: Sequence[Latent] = ()) -> list[Job]:
        """The pictures of `what`; `points` are those of a sheet. Raises `EngineError`."""
        match what:
            case "picture" | "outline":
                return self.picture()
            case "sheet":
                return self.sheet(points)
            case "film":
                return self.walk(FILM_RATE)
            case "gif":
                return self.walk(GIF_RATE)


def can_walk(deck: Deck) -> bool:
    """Whether the deck's walk leads anywhere."""
    return len(walk_stops(deck)) >= 2


def sizes(spec: EngineSpec) -> tuple[str, ...]:
    """How large pictures can be, smallest first, as options of `spec.size`; none without one."""
    for parameter in spec.parameters:
        if parameter.name == spec.size and isinstance(parameter, Choice):
            return parameter.options
    return ()


def times(option: str, options: Sequence[str]) -> str:
    """How many times larger than the smallest, such as "4×"; the option itself without figures."""
    try:
        return f"{float(option) / float(options[0]):g}×"
    except (ValueError, ZeroDivisionError):
        return option


def free_file(folder: Path, stem: str, suffix: str) -> Path:
    """The first of "stem 1.png", "stem 2.png" … that is not in `folder` yet."""
    number = 1
    while (file := folder / f"{stem} {number}{suffix}").exists():
        number += 1
    return file
