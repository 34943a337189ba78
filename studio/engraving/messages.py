"""What the app and the process that engraves say to each other."""

from __future__ import annotations

from dataclasses import dataclass

from studio.processes.framing import Codec
from studio.processes.messages import Alive, Leave

STRIP, SHEETS = "strip", "sheets"
"""One line of music, or pages of A4."""


@dataclass(frozen=True, slots=True)
class Engrave:
    """Engrave this; the answer bears the number."""

    number: int
    xml: str
    form: str


@dataclass(frozen=True, slots=True)
class Engraved:
    """Pages, each as (svg, width, height, places): see `studio.engraving.pages.Page`."""

    number: int
    pages: tuple[tuple[str, float, float, tuple[tuple[str, float, float], ...]], ...]


@dataclass(frozen=True, slots=True)
class NotEngraved:
    """Why there are none."""

    number: int
    sentence: str


COMMANDS = Codec(Engrave, Alive, Leave)
EVENTS = Codec(Engraved, NotEngraved, Alive)
