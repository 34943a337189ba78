"""What the deck's controls ask of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engines.lstm_melodies.features import Condition
from engines.lstm_melodies.grid import HIGHEST, LOWEST
from engines.lstm_melodies.spec import SPEC
from engines.lstm_melodies.writing import Taste
from studio.document.parameters import Value, initial_values
from studio.music.phrases import TONICS
from studio.music.tune_forms import letters_of

LOWEST_TONIC = 58
"""Bb below middle C: from there to the A above, a tonic lies about where the books have it."""
NARROWEST = 12
"""Semitones that a melody is always given, however close the limits are set."""
_DEFAULTS = initial_values(SPEC.parameters)


@dataclass(frozen=True, slots=True)
class Wishes:
    """The controls in the model's terms."""

    genre: str
    mode: str
    tonic: int
    """The MIDI number from which pitches are counted, as the model writes them."""
    lift: int
    """Semitones that all is moved by at the end: whole octaves."""
    taste: Taste
    part: int
    """Bars of a part."""
    form: str
    """The letters of its parts; none where their order is open."""
    vary: float

    def condition(self, metre: str) -> Condition:
        return Condition.of(self.genre, metre, self.mode)


def wishes(values: Mapping[str, Value], tonic: int | None = None) -> Wishes:
    """The controls `values`, those that are missing at their defaults. `tonic` is its MIDI number
    where that is decided."""
    given = {**_DEFAULTS, **values}
    tonic = tonic_number(str(given["tonic"])) if tonic is None else tonic
    low, high = sorted((int(given["lowest"]) - tonic, int(given["highest"]) - tonic))
    low = min(max(low, LOWEST), HIGHEST - NARROWEST)
    taste = Taste(
        temperature=float(given["temperature"]),
        density=float(given["density"]),
        lowest=low,
        highest=min(HIGHEST, max(high, low + NARROWEST)),
    )
    return Wishes(
        genre=str(given["genre"]),
        mode=str(given["mode"]),
        tonic=tonic,
        lift=12 * int(given["register"]),
        taste=taste,
        part=int(given["part"]),
        form=letters_of(str(given["form"])),
        vary=float(given["vary"]),
    )


def tonic_number(name: str) -> int:
    """The MIDI number of a tonic by its name, where fiddle tunes have it: D is 62."""
    return LOWEST_TONIC + (TONICS.index(name) - LOWEST_TONIC) % 12
