"""Notes of the melody under the mouse, while the score is edited: moved, written, lengthened, taken
out. A hand that moves up or down goes by the key's steps, with Ctrl by semitones; with Shift it
changes the length.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import LEAD
from studio.music.editing import Notes, added, moved, removed, resized
from studio.music.keys import pitch_on_staff
from studio.music.notes import Note
from ui.roll.melody_edit import VELOCITY, MelodyEdit, written_melody
from ui.score._line import HALF_SPACE, TICKS, Head, Line

_STILL_PX = 10
"""A hand that goes up or down strays so far to the side."""

Found = tuple[Line, QPointF, float]
"""A line, the place on it that was hit, in the units of its page, and px a unit."""


@dataclass(frozen=True)
class Gesture:
    """What a hand has begun, on the line as it stood then."""

    bar: RollBar
    notes: Notes
    index: int
    line: Line
    at: QPointF
    """In the units of its page."""
    scale: float
    press: QPointF


class ScoreEditor:
    """Edits by `melody` what stands at a place of the view, as `hit` finds it."""

    def __init__(self, melody: MelodyEdit, hit: Callable[[QPointF], Found | None]) -> None:
        self.melody, self._hit = melody, hit
        self._gesture: Gesture | None = None

    def press(self, at: QPointF) -> None:
        """Take hold of a note, or write one."""
        found = self._hit(at)
        bar = self._bar(found)
        if found is None or bar is None:
            return
        line, place, scale = found
        notes, head = written_melody(bar), line.head_at(place)
        index = None if head is None else self._index(notes, head)
        if head is not None and index is None:
            return  # it has gone, and the page is not there yet
        self.melody.begin()
        if index is not None:
            self.melody.select((bar.number, index))
        else:
            notes, index = added(notes, self._written(bar, line, place))
            self.melody.put(bar, notes, index)
        self._gesture = Gesture(bar, notes, index, line, place, scale, at)

    def drag(self, at: QPointF, *, chromatic: bool, lengthens: bool) -> None:
        """The hand has moved."""
        held = self._gesture
        if held is None:
            return
        note, beats = held.notes[held.index], self._beats(held, at.x())
        if lengthens:
            length = max(self.melody.step, note.length_beats + beats)
            notes, index = resized(held.notes, held.index, length, held.bar.length_beats)
        else:
            steps = round((held.press.y() - at.y()) / (HALF_SPACE * held.scale))
            pitch = note.pitch + steps if chromatic else self.melody.stepped(note.pitch, steps)
            start = note.start_beats + beats
            notes, index = moved(held.notes, held.index, start, pitch, held.bar.length_beats)
        number = held.bar.number
        if (notes, index) != (held.notes, held.index) or self.melody.differs(number, notes):
            self.melody.put(held.bar, notes, index)

    def release(self) -> None:
        """The hand is off."""
        if self._gesture is not None:
            self._gesture = None
            self.melody.end()

    def remove(self, at: QPointF) -> None:
        """Take out the note at a place."""
        found = self._hit(at)
        bar, head = self._bar(found), None if found is None else found[0].head_at(found[1])
        index = None if bar is None or head is None else self._index(written_melody(bar), head)
        if bar is not None and index is not None:
            self.melody.put_once(bar, removed(written_melody(bar), index), None)

    def rect(self, line: Line) -> QRectF | None:
        """Where the selected note stands on a line as it is now, engraved already or not, in the
        units of its page."""
        found = self.melody.note()
        if found is None:
            return None
        bar, notes, index = found
        return line.rect(bar.number, notes[index], self.melody.key)

    # -- inside --------------------------------------------------------------------------------

    def _bar(self, found: Found | None) -> RollBar | None:
        """The bar that was hit, as it is now."""
        number = None if found is None else found[0].number_at(found[1].x())
        return None if number is None else self.melody.bar(number)

    def _index(self, notes: Notes, head: Head) -> int | None:
        """Of the note that a head belongs to."""
        beat = head.tick / TICKS
        of = [
            (abs(note.start_beats - beat), index)
            for index, note in enumerate(notes)
            if note.pitch == head.pitch and note.start_beats < beat + self.melody.step
        ]
        return min(of)[1] if of else None

    def _written(self, bar: RollBar, line: Line, at: QPointF) -> Note:
        """A note as long as a beat, up to the next one."""
        step, key = self.melody.step, self.melody.key
        start = min(line.beat_at(bar.number, at.x(), step), bar.length_beats - step)
        ends = [n.start_beats for n in written_melody(bar) if n.start_beats > start + 1e-6]
        room = min([*ends, bar.length_beats]) - start
        length = min(line.content.metre.pulse_beats, room)
        pitch = pitch_on_staff(line.staff_place_at(at, key), key)
        return Note(LEAD, start, length, pitch, VELOCITY)

    def _beats(self, held: Gesture, x: float) -> float:
        """How far the hand has gone to the side."""
        way = x - held.press.x()
        if abs(way) < _STILL_PX:
            return 0.0
        places = (held.at.x(), held.at.x() + way / held.scale)
        then, now = (held.line.beat_at(held.bar.number, at, self.melody.step) for at in places)
        return now - then
