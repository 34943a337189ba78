"""Bars of the roll with what of them is the artist's own, whatever was played or is to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.document.own_bars import OwnBar
from studio.live.ensemble.ensemble import Ensemble
from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import LEAD
from studio.music.metres import Metre
from studio.music.phrases import on_track
from studio.session import Session
from studio.session.own_bars import chords_of, melody_of

Bars = tuple[RollBar, ...]


class OwnBarsView:
    """Gives the same bar for as long as nothing of it differs."""

    def __init__(self, session: Session, ensemble: Ensemble) -> None:
        self._session, self._ensemble = session, ensemble
        self._known: dict[int, tuple[RollBar, OwnBar, RollBar]] = {}

    def shown(self, bars: Sequence[RollBar], deck: str, metre: Metre) -> Bars:
        """`bars` of a deck's roll as they are shown."""
        own = self._session.scene.deck(deck).own_bars
        if not own:
            self._known = {}
            return tuple(bars)
        return tuple(
            self._shown(bar, own.get(self._ensemble.number_of(deck, bar.number)), metre)
            for bar in bars
        )

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
    notes = (*(note for note in bar.notes if note.track != LEAD), *lead)
    written = (*(note for note in bar.written if note.track != LEAD), *lead)
    return replace(bar, notes=notes, chords=named, own=True, written=written)
