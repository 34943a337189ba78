"""Wishes in plain words: "a slow air in A minor, 24 bars".

Forgiving: any order, any case, slips of the pen; what was not understood is told, not refused. The
controls that words are about are found among the parameters that the engine declares.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from studio.document.parameters import Int, Parameter, Value
from studio.document.score import TEMPO
from studio.music import tune_forms
from studio.music.genres import genre_named
from studio.music.metres import Metre
from studio.music.wishes._readers import READERS
from studio.music.wishes._reading import Reading, left

MOST_CHARACTERS = 300
_ORDER = ("genre", "key", "metre", "form", "bars", "tempo")
"""What comes first where the artist is told what was understood."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was understood. What is None or missing was not said, and stays as it is."""

    values: Mapping[str, Value] = field(default_factory=dict)
    """Of the engine's parameters, by name."""
    band: Mapping[str, Value] = field(default_factory=dict)
    """Of the band's (`settings.BAND`), by name."""
    metre: Metre | None = None
    """Named, or the one that the genre is danced to."""
    tempo: float | None = None
    """Quarter notes a minute: named, or the genre's."""
    bars: int | None = None
    seed: int | None = None
    accompanied: bool | None = None
    """Whether a band is wanted."""
    understood: str = ""
    """For the artist: "air · A minor · 24 bars · 60 bpm"."""
    ignored: tuple[str, ...] = ()
    """The words that nothing could be made of."""
    remarks: tuple[str, ...] = ()
    """A sentence for everything that is not as it was said."""

    @property
    def answer(self) -> str:
        """All that is to be said about it, in one line."""
        if not self.understood and not self.ignored:
            return "Say what you want, such as: a jig in D, sixteen bars."
        parts = [self.understood or "Nothing was understood"]
        if self.ignored:
            parts.append("not understood: " + ", ".join(self.ignored))
        return " · ".join(parts)


def parse(
    text: str, parameters: Iterable[Parameter], roles: Mapping[str, str] | None = None
) -> Wish:
    """What `text` wishes for, in values of `parameters` (an engine's), metre, tempo and length.

    Words such as "sad" or "busy" are about the parameter that has a role of the name `mode` or
    `density`: `roles` say the names of those parameters where they have others.
    """
    roles_of = {name: role for role, name in (roles or {}).items()}
    known = {roles_of.get(p.name, p.name): p for p in parameters}
    reading = Reading(text[:MOST_CHARACTERS], known)
    for read in READERS:
        read(reading)
    _follow_genre(reading)
    _follow_form(reading)
    tempo = _tempo(reading)
    return Wish(
        values={known[role].name: value for role, value in reading.values.items()},
        band=reading.band,
        metre=reading.metre,
        tempo=tempo,
        bars=reading.bars,
        seed=reading.seed,
        accompanied=reading.accompanied,
        understood=_understood(reading.said),
        ignored=tuple(dict.fromkeys(left(reading.text))),
        remarks=tuple(reading.remarks),
    )


def _follow_genre(reading: Reading) -> None:
    """Metre and tempo that were not named, as the genre has them."""
    pace = reading.pace or 1.0
    if reading.genre is not None:
        ways = genre_named(reading.genre)
        reading.metre = reading.metre or ways.metre
        reading.tempo = reading.tempo or ways.tempo_in(reading.metre) * pace
    elif reading.pace is not None and reading.tempo is None:
        reading.tempo = TEMPO.default * pace


def _follow_form(reading: Reading) -> None:
    """So many bars as the form has, where their number was not named."""
    letters, part = (
        tune_forms.letters_of(str(reading.values.get("form"))),
        reading.parameters.get("part"),
    )
    if letters and isinstance(part, Int) and reading.bars is None:
        reading.bars = len(letters) * int(reading.values.get("part", part.default))
        reading.said["bars"] = f"{reading.bars} bars"


def _tempo(reading: Reading) -> float | None:
    if reading.tempo is None:
        return None
    tempo = float(reading.within(TEMPO, round(reading.tempo)))
    if reading.pace is not None or "tempo" in reading.said:
        reading.said["tempo"] = f"{tempo:g} bpm"
    return tempo


def _understood(said: Mapping[str, str]) -> str:
    order = [*_ORDER, *(name for name in said if name not in _ORDER)]
    return " · ".join(said[name] for name in order if name in said)
