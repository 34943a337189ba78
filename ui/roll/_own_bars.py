"""Bars of the roll with what of them is the artist's own, whatever was played or is to come; those
to come without a lead where it is a player's turn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from studio.document.own_bars import OwnBar
from studio.live.ensemble.ensemble import Ensemble
from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import LEAD
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import on_track
from studio.session import Session
from studio.session.own_bars import chords_of, melody_of

Bars = tuple[RollBar, ...]


class OwnBarsView:
    """Gives the same bar for as long as nothing of it differs."""

    def __init__(self, session: Session, ensemble: Ensemble) -> None:
        self._session, self._ensemble = session, ensemble
        self._known: dict[int, tuple[RollBar, OwnBar, RollBar]] = {}
        self._silent: dict[int, tuple[RollBar, RollBar]] = {}

    def shown(self, bars: Sequence[RollBar], deck: str, metre: Metre) -> Bars:
        """`bars` of a deck's roll as they are shown."""
        own = self._session.scene.deck(deck).own_bars
        if not own:
            self._known = {}
        else:
            number_of = partial(self._ensemble.number_of, deck)
            bars = [self._shown(bar, own.get(number_of(bar.number)), metre) for bar in bars]
        return tuple(self._sounding(bar, deck) for bar in bars)

    def _sounding(self, bar: RollBar, deck: str) -> RollBar:
        if bar.settled or not self._ensemble.rests(deck, bar.number):
            return bar
        known = self._silent.get(bar.number)
        if known is None or known[0] is not bar:
            silent = replace(bar, notes=_band(bar.notes), written=_band(bar.written))
            known = self._silent[bar.number] = (bar, silent)
        return known[1]

    def _shown(self, bar: RollBar, own: OwnBar | None, metre: Metre) -> RollBar:
        if own is None or (melody_of(own, metre) is None and not chords_of(own, metre)):
            return bar
        known = self._known.get(bar.number)
        if known is None or known[0] is not bar or known[1] is not own:
            known = self._known[bar.number] = (bar, own, _overlaid(bar, own, metre))
        return known[2]


def _overlaid(bar: RollBar, own: OwnBar, metre: Metre) -> RollBar:
    melody = melody_of(own, metre)
    named = tuple((chord.start, chord.name) for chord in own.chords) or bar.chords
    if melody is None:
        return replace(bar, chords=named, own=True)
    lead = on_track(LEAD, melody.notes)
    notes, written = (*_band(bar.notes), *lead), (*_band(bar.written), *lead)
    return replace(bar, notes=notes, chords=named, own=True, written=written)


def _band(notes: Iterable[Note]) -> tuple[Note, ...]:
    """All but the lead's."""
    return tuple(note for note in notes if note.track != LEAD)
