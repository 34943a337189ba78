"""What a band goes by: its parameters, each declared once, and where its parts sound at first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from studio.document.parameters import Float, Value, initial_values
from studio.document.routes import DRUM_CHANNEL, SOUND, Route
from studio.document.score import BAND, PARTS
from studio.music.genres import genre_named


def routes_of(
    tracks: Mapping[str, str], taken: Collection[int] = (), genre: str = "any"
) -> tuple[Route, ...]:
    """Ways out for a band to the instrument's own sound: `tracks` has the track of each part.

    Channels are the first three that are not `taken`; drums share General MIDI's channel 10. Where
    all are taken, the band shares those of the first. The players are those of `genre`.
    """
    programs = genre_named(genre).programs
    free = [c for c in range(1, 17) if c != DRUM_CHANNEL and c not in taken]
    channels = iter(free if len(free) >= len(PARTS) - 1 else range(1, len(PARTS)))
    return tuple(
        Route(
            track=tracks[part],
            port=SOUND,
            channel=DRUM_CHANNEL if part == "drums" else next(channels),
            program=programs[part],
        )
        for part in PARTS
        if part in tracks
    )


DEFAULT_ROUTES = routes_of({part: part for part in PARTS})
"""Where the parts of a first band go, each on a track of its own name."""


@dataclass(frozen=True, slots=True)
class BandSetting:
    """All that a band's playing follows from, besides the lead's notes."""

    genre: str = "any"
    seed: int = 0
    part: int = 8
    """The bars of a part of the tune."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """Of `BAND`, by name; what is missing is at its default."""

    def value(self, parameter: Float) -> float:
        """What `parameter` is set to."""
        return float(self.values.get(parameter.name, parameter.default))


def defaults() -> dict[str, Value]:
    """Every parameter of `BAND` at its default."""
    return initial_values(BAND)
