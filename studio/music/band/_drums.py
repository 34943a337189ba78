"""From drum patterns to notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studio.music.band._grooves import Groove, Rows
from studio.music.harmony.changes import Place
from studio.music.notes import Note

KIT: Mapping[str, int] = {
    "kick": 36,
    "stick": 37,
    "snare": 38,
    "brush": 40,
    "tom": 43,
    "hat": 42,
    "crash": 49,
    "ride": 51,
    "tambourine": 54,
    "low": 64,
    "tip": 62,
    "wood": 76,
    "shaker": 82,
}
"""General MIDI's numbers. `low` and `tip` are congas in the place of a bodhrán's skin and rim."""
STROKES: Mapping[str, int] = {"X": 106, "x": 84, "o": 62, "g": 40, "f": 92}
"""Velocities of the signs."""
_GRACE_BEATS, _GRACE_VELOCITY = 0.07, 46
_LENGTH_BEATS = 0.1


def rows_of(groove: Groove, level: int, place: Place) -> Rows:
    """The patterns of the bar at `place`: the usual ones, or what marks the form."""
    rows = dict(groove.drums[level])
    if level == 0:
        return rows
    if place.ends_part and not place.closes:
        rows |= groove.fill
    elif place.ends_half:
        rows |= groove.turn
    if place.number // place.part % 2 and "hat" in rows:
        rows["ride"] = rows.pop("hat")  # the second part sounds brighter
    if level == 2 and place.number > 0 and place.in_part == 0 and "kick" in rows:
        rows["crash"] = "o" + "." * 7
    return rows


def strokes(rows: Rows, bar_beats: float) -> list[Note]:
    """The notes of `rows`, in order of time."""
    notes = [note for drum, row in rows.items() for note in _row(drum, row, bar_beats)]
    return sorted(notes, key=lambda note: (note.start_beats, note.pitch))


def final(bar_beats: float, at_beats: float, *, soft: bool) -> list[Note]:
    """The last stroke of a tune, at `at_beats`."""
    length = bar_beats - at_beats
    velocity = 50 if soft else 92
    kick = [] if soft else [Note("drums", at_beats, _LENGTH_BEATS, KIT["kick"], 100)]
    cymbal = KIT["ride"] if soft else KIT["crash"]
    return [*kick, Note("drums", at_beats, length, cymbal, velocity - 12)]


def _row(drum: str, row: str, bar_beats: float) -> Iterator[Note]:
    signs = row.replace(" ", "")
    for index, sign in enumerate(signs):
        if sign not in STROKES:
            continue
        at = index * bar_beats / len(signs)
        if sign == "f" and at >= _GRACE_BEATS:
            grace = at - _GRACE_BEATS
            yield Note("drums", grace, _GRACE_BEATS, KIT[drum], _GRACE_VELOCITY)
        yield Note("drums", at, _LENGTH_BEATS, KIT[drum], STROKES[sign])
