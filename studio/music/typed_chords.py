"""Chords as hands type them over bars: "G | C D7", names that share a bar, bars parted by lines."""

from __future__ import annotations

from studio.document.errors import StudioError
from studio.music.chords import Chord, ChordNames
from studio.music.metres import Metre
from studio.music.pulses import groups, halves

_KNOWN = "a letter with # or b where it has one, and m, 7, m7, maj7, m7b5 or dim"


def parse_chords(text: str, metre: Metre, bars: int) -> list[ChordNames]:
    """The chords of each of `bars` bars, each with its beat; none where nothing is typed for one.

    Raises `StudioError` with a sentence for the artist.
    """
    typed = [part.split() for part in text.strip().strip("|").split("|")] if text.strip() else [[]]
    if len(typed) > bars:
        raise StudioError(f"These are chords for {len(typed)} bars, and {bars} are chosen.")
    found = [_bar(names, metre) for names in typed]
    return found + [()] * (bars - len(found))


def typed(bars: list[ChordNames]) -> str:
    """What stands in the line for these bars."""
    return " | ".join(" ".join(str(chord) for _, chord in bar) for bar in bars)


def _bar(names: list[str], metre: Metre) -> ChordNames:
    places = _places(len(names), metre)
    if len(places) < len(names):
        raise StudioError(f"There is room for {len(places)} chords in a bar of {metre}.")
    return tuple((at, _chord(name)) for at, name in zip(places, names, strict=False))


def _places(count: int, metre: Metre) -> list[float]:
    """Where so many chords begin: on halves of the bar, else on its groups."""
    lengths = halves(metre) if count == len(halves(metre)) else groups(metre)
    starts = [sum(lengths[:index]) for index in range(len(lengths))]
    if count >= len(starts):
        return starts
    return [starts[index * len(starts) // count] for index in range(count)]


def _chord(name: str) -> Chord:
    found = Chord.parse(name[:1].upper() + name[1:])
    if found is None:
        raise StudioError(f"“{name}” is no chord that the band knows: {_KNOWN}.")
    return found
