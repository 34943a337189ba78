"""Bars of a tune that are the artist's own: their notes, their chords, or both."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, FiniteFloat

from studio.document.frozen import Frozen

OWN_BAR_LIMIT = 512
"""So many a deck may have."""
_Beats = Annotated[FiniteFloat, Field(ge=0, le=64)]


class OwnNote(Frozen):
    """A note of the melody, in beats from its bar line."""

    start: _Beats
    length: Annotated[FiniteFloat, Field(gt=0, le=64)]
    pitch: Annotated[int, Field(ge=0, le=127)]
    velocity: Annotated[int, Field(ge=1, le=127)] = 90
    tied: bool = False
    """Whether it goes on from the bar before."""


class OwnChord(Frozen):
    """A chord by its name ("F#m"), from a beat of the bar on."""

    start: _Beats
    name: Annotated[str, Field(min_length=1, max_length=8)]


class OwnBar(Frozen):
    """What the models are not to write anew, unless they are asked to."""

    metre: Annotated[str, Field(pattern=r"^\d{1,2}/\d{1,2}$")]
    """The time signature that it was written in; in another one the models have the bar."""
    key: Annotated[str, Field(max_length=20)] = ""
    """Of the tune around it: "G major". Empty where nobody knows."""
    notes: Annotated[tuple[OwnNote, ...], Field(max_length=256)] | None = None
    """The melody; None: it is the models', and only the chords are the artist's."""
    chords: Annotated[tuple[OwnChord, ...], Field(max_length=16)] = ()
    """None at all: the band finds them."""
