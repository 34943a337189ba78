"""Bars of a session's tunes that are the artist's own. Models write none of them anew unasked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from studio.document.own_bars import OWN_BAR_LIMIT, OwnBar, OwnChord, OwnNote
from studio.document.score import PARTS
from studio.music.chords import ChordNames, parsed
from studio.music.keys import parse
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase

if TYPE_CHECKING:
    from studio.session._session import Session

_LEAD = PARTS[0]
_FULL = "A tune has no room for more bars of your own; give some back to the model."


class OwnBars:
    """Every method takes a deck's key, and bars by their numbers in its tune, from 0."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def write(
        self, deck: str, bars: Mapping[int, Phrase], metre: Metre, gesture: str | None = None
    ) -> None:
        """Make the melody of these bars the artist's; their chords stay. A `gesture` joins those
        of its name (see `Session.replace`)."""
        held = self._session.scene.deck(deck).own_bars
        own = {number: _own(bar, metre, held.get(number)) for number, bar in bars.items()}
        self._put(deck, own, gesture)

    def write_chords(
        self, deck: str, bars: Mapping[int, ChordNames], metre: Metre, key: Key
    ) -> None:
        """Have the band play these chords in bars, each from its beat on; none: those it finds."""
        held, after = self._session.scene.deck(deck).own_bars, dict[int, OwnBar]()
        for number, chords in bars.items():
            bar = held.get(number)
            if bar is None or bar.metre != str(metre):
                bar = OwnBar(metre=str(metre), key=str(key))
            named = (OwnChord(start=beat, name=chord.named(key)) for beat, chord in chords)
            after[number] = bar.but(chords=tuple(named))
        self._put(deck, after, None)

    def give_back(self, deck: str, numbers: Collection[int]) -> None:
        """Let the models have these bars again."""
        held = self._session.scene.deck(deck)
        kept = {n: bar for n, bar in held.own_bars.items() if n not in numbers}
        self._session.change(held.but(own_bars=kept), None)

    def _put(self, deck: str, bars: Mapping[int, OwnBar], gesture: str | None) -> None:
        held = self._session.scene.deck(deck)
        merged = {**held.own_bars, **bars}
        after = {n: b for n, b in merged.items() if b.notes is not None or b.chords}
        if len(after) > OWN_BAR_LIMIT:
            self._session.noticed.emit(_FULL)
        else:
            self._session.change(held.but(own_bars=after), gesture)


def melody_of(own: OwnBar | None, metre: Metre) -> Phrase | None:
    """The melody of an own bar, the same object each time; None where the models have it."""
    return None if own is None or own.metre != str(metre) else _melody(own)


def chords_of(own: OwnBar | None, metre: Metre) -> ChordNames:
    """The chords of an own bar, each with its beat; empty where the band finds them."""
    if own is None or own.metre != str(metre):
        return ()
    return parsed((chord.start, chord.name) for chord in own.chords)


@lru_cache(2048)
def _melody(own: OwnBar) -> Phrase | None:
    if own.notes is None:
        return None
    metre = Metre.parse(own.metre)
    notes = tuple(Note(_LEAD, n.start, n.length, n.pitch, n.velocity, n.tied) for n in own.notes)
    return Phrase(notes, metre.bar_beats, metre, parse(own.key))


def _own(bar: Phrase, metre: Metre, before: OwnBar | None) -> OwnBar:
    keeps = before is not None and before.metre == str(metre)
    return OwnBar(
        chords=before.chords if before is not None and keeps else (),
        metre=str(metre),
        key="" if bar.key is None else str(bar.key),
        notes=tuple(_note(note) for note in bar.notes),
    )


def _note(note: Note) -> OwnNote:
    return OwnNote(
        start=note.start_beats, length=note.length_beats, pitch=note.pitch,
        velocity=note.velocity, tied=note.tied,
    )  # fmt: skip
