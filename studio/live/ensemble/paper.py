"""What a deck plays, on paper: bars of its piano roll as they were written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from studio.engraving.score_files import STAVES
from studio.live.ensemble.played import Heard, RollBar
from studio.music.chords import parsed
from studio.music.files.musicxml import Score, Staff
from studio.music.metres import Metre
from studio.music.phrases import Key


def score_of_take(heard: Sequence[Heard], *, title: str) -> Score:
    """Bars that were played after each other; where the metre changed, those of the last one."""
    metre = heard[-1].begun.page.metre
    same = takewhile(lambda h: h.begun.page.metre == metre, reversed(heard))
    bars = [*same][::-1]
    key = bars[-1].begun.page.lead.key
    score = score_of_bars([h.shown for h in bars], metre, key)
    return replace(score, title=title, tempo=bars[0].bpm)


def score_of_bars(bars: Sequence[RollBar], metre: Metre, key: Key | None) -> Score:
    """Bars of a piano roll on paper: as they were written down, not as hands played them."""
    staves = []
    for part in STAVES:
        of_part = tuple(
            tuple(note for note in bar.written or bar.notes if note.track == part) for bar in bars
        )
        if part == STAVES[0] or any(of_part):
            staves.append(Staff(part, of_part))
    chords = tuple(parsed(bar.chords) for bar in bars)
    return Score(staves=tuple(staves), metre=metre, key=key, chords=chords)
