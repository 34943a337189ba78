"""Which pictures a file takes: the jobs of an export, as pure functions of a deck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from studio.document.parameters import Choice, Value
from studio.document.scene import Deck
from studio.engine import EngineError, EngineSpec, Job, Latent
from studio.engine.deck_job import job_of
from studio.export.exports import FILM_RATE, GIF_RATE
from studio.latent.mixing import walk_point, walk_stops
from studio.latent.steering import Directions
from studio.motion.drifting import LOOP_SECONDS, cyclic, loop_values, whole_turns

What = Literal[
    "picture",
    "outline",
    "sheet",
    "film",
    "gif",
    "drift film",
    "drift gif",
    "tile",
    "height",
    "normal",
]

SUFFIXES: dict[What, str] = {
    "picture": ".png",
    "outline": ".svg",
    "sheet": ".png",
    "film": ".mp4",
    "gif": ".gif",
    "drift film": ".mp4",
    "drift gif": ".gif",
    "tile": ".png",
    "height": ".png",
    "normal": ".png",
}


@dataclass(frozen=True)
class ExportPlan:
    """What every export of a deck has in common."""

    deck: Deck
    spec: EngineSpec
    """Of the deck's engine."""
    directions: Directions = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    """In the place of some of the deck's own: how large the pictures are."""
    seconds: float = LOOP_SECONDS.default
    """How long a loop of the drift takes."""

    def picture(self, deck: Deck | None = None, values: Mapping[str, Value] | None = None) -> Job:
        """The picture that the deck shows, or some other with some `values` of its own."""
        shown, merged = deck or self.deck, {**self.values, **(values or {})}
        size = self.spec.model(shown.model).latent_size
        aspect = self.spec.aspect({**shown.parameters, **merged})
        return job_of(shown, size, self.directions, merged, aspect)

    def sheet(self, points: Sequence[Latent]) -> list[Job]:
        """A picture for each of `points`, which are taken as they are."""
        shown = replace(self.picture(), blend_map=None)
        return [replace(shown, latent=point) for point in points]

    def walk(self, pictures_per_s: int) -> list[Job]:
        """Once round the deck's walk; the last picture equals the first.

        Raises `EngineError` where there are fewer than two slots to walk through.
        """
        if not can_walk(self.deck):
            raise EngineError("A walk needs at least two filled slots.")
        steps = max(1, round(self.deck.walk.seconds * pictures_per_s))
        around = [walk_point(self.deck, i / steps) for i in range(steps + 1)]
        held = [tuple(point.tolist()) for point in around if point is not None]
        return [self.picture(self.deck.but(held=point)) for point in held]

    def drift(self, pictures_per_s: int) -> list[Job]:
        """A loop of the deck's drift: whole turns, so the last picture equals the first.

        Raises `EngineError` where nothing drifts.
        """
        turns = self.turns
        if not turns:
            raise EngineError("Nothing drifts yet: give a parameter some turns per minute.")
        steps = max(1, round(self.seconds * pictures_per_s))
        controls = self.spec.controls(self.deck.model)
        around = (loop_values(self.deck, controls, turns, i / steps) for i in range(steps + 1))
        return [self.picture(values=values) for values in around]

    @property
    def turns(self) -> dict[str, int]:
        """How often each drifting parameter goes round in a loop."""
        names = {parameter.name for parameter in cyclic(self.spec.controls(self.deck.model))}
        turns = whole_turns(self.deck.drift, self.seconds)
        return {name: count for name, count in turns.items() if name in names}

    def jobs(self, what: What, points: Sequence[Latent] = ()) -> list[Job]:
        """The pictures of `what`; `points` are those of a sheet. Raises `EngineError`."""
        match what:
            case "sheet":
                return self.sheet(points)
            case "film":
                return self.walk(FILM_RATE)
            case "gif":
                return self.walk(GIF_RATE)
            case "drift film":
                return self.drift(FILM_RATE)
            case "drift gif":
                return self.drift(GIF_RATE)
            case _:
                return [self.picture()]


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
