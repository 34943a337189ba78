"""What the app and the process that engraves say to each other."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from studio.music.files.musicxml import Score
from studio.processes.framing import Codec
from studio.processes.messages import Alive, Leave

STRIP, SHEETS = "strip", "sheets"
"""One line of music, or pages of A4."""


@dataclass(frozen=True, slots=True)
class Engrave:
    """Engrave this, a score as `packed` has it; the answer bears the number."""

    number: int
    score: str
    form: str


@dataclass(frozen=True, slots=True)
class Engraved:
    """Pages, each as (svg, width, height, places, measures): see `studio.engraving.pages.Page`."""

    number: int
    pages: tuple[
        tuple[
            str,
            float,
            float,
            tuple[tuple[str, float, float], ...],
            tuple[tuple[float, float, float], ...],
        ],
        ...,
    ]


@dataclass(frozen=True, slots=True)
class NotEngraved:
    """Why there are none."""

    number: int
    sentence: str


_SCORE = TypeAdapter(Score)


def packed(score: Score) -> str:
    """A score as JSON, in 0.2 ms: four full bars as MusicXML take 9 ms, which the window's thread
    does not have."""
    return _SCORE.dump_json(score).decode()


def unpacked(text: str) -> Score:
    """The score that was `packed`."""
    return _SCORE.validate_json(text)


COMMANDS = Codec(Engrave, Alive, Leave)
EVENTS = Codec(Engraved, NotEngraved, Alive)
