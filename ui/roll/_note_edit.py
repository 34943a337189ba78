"""Notes of the melody under the mouse, while the roll is edited: moved, drawn, resized, taken out.

Every gesture begins from the notes as they were when it began, so that nothing is lost on the way.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import LEAD
from studio.music.editing import Notes, added, moved, removed, resized, step_of
from studio.music.notes import Note
from ui.roll._painting import note_rect
from ui.roll._view import RollView
from ui.roll.melody_edit import VELOCITY, MelodyEdit, written_melody

_END_PX = 7
"""So near to its end a note is held by it."""


@dataclass(frozen=True)
class Gesture:
    """What a hand has begun."""

    bar: RollBar
    notes: Notes
    index: int
    by_end: bool
    press: QPointF


class NoteEditor:
    """Edits what `roll` shows by `melody`."""

    def __init__(self, roll: RollView, melody: MelodyEdit) -> None:
        self._roll, self._melody = roll, melody
        self._gesture: Gesture | None = None

    def rect(self) -> QRectF | None:
        """Where the selected note is."""
        found = self._melody.note()
        return None if found is None else self._rect(found[0], found[1][found[2]])

    def press(self, at: QPointF) -> None:
        """Take hold of a note, or draw one."""
        bar = self._bar(at)
        if bar is None:
            return
        notes, index = written_melody(bar), self._index(bar, at)
        self._melody.begin()
        if index is None:
            scale, step = self._roll.scale, self._step(fine=False)
            start = (scale.beat(at.x()) - bar.start_beats) // step * step
            note = Note(LEAD, start, step, scale.pitch(at.y()), VELOCITY)
            notes, index = added(notes, note)
            self._gesture = Gesture(bar, notes, index, True, at)
            self._melody.put(bar, notes, index)
        else:
            rect = self._rect(bar, notes[index])
            by_end = at.x() > rect.right() - min(_END_PX, rect.width() / 2)
            self._gesture = Gesture(bar, notes, index, by_end, at)
            self._melody.select((bar.number, index))

    def drag(self, at: QPointF, *, fine: bool) -> None:
        """The hand has moved; `fine` steps allow triplets."""
        held = self._gesture
        if held is None:
            return
        scale, step, note = self._roll.scale, self._step(fine=fine), held.notes[held.index]
        beats = round((at.x() - held.press.x()) / scale.px_per_beat / step) * step
        if held.by_end:
            end = note.start_beats + note.length_beats + beats
            length = max(step, round(end / step) * step - note.start_beats)
            notes, index = resized(held.notes, held.index, length, held.bar.length_beats)
        else:
            rise = scale.pitch(at.y()) - scale.pitch(held.press.y())
            start, pitch = note.start_beats + beats, note.pitch + rise
            notes, index = moved(held.notes, held.index, start, pitch, held.bar.length_beats)
        if (notes, index) != (held.notes, held.index) or self._melody.differs(
            held.bar.number, notes
        ):
            self._melody.put(held.bar, notes, index)

    def release(self) -> None:
        """The hand is off."""
        if self._gesture is not None:
            self._gesture = None
            self._melody.end()

    def remove(self, at: QPointF) -> None:
        """Take out the note at a place."""
        bar = self._bar(at)
        index = None if bar is None else self._index(bar, at)
        if bar is not None and index is not None:
            self._melody.put_once(bar, removed(written_melody(bar), index), None)

    # -- inside --------------------------------------------------------------------------------

    def _step(self, *, fine: bool) -> float:
        return step_of(self._roll.metre, fine=fine)

    def _bar(self, at: QPointF) -> RollBar | None:
        scale = self._roll.scale
        inside = scale.left <= at.x() and scale.top <= at.y() < scale.top + scale.height
        return self._roll.bars.get(self._roll.number_at(scale.beat(at.x()))) if inside else None

    def _index(self, bar: RollBar, at: QPointF) -> int | None:
        notes = enumerate(written_melody(bar))
        near = (i for i, n in notes if self._rect(bar, n).adjusted(-2, -3, 2, 3).contains(at))
        return next(near, None)

    def _rect(self, bar: RollBar, note: Note) -> QRectF:
        return note_rect(note, self._roll.scale, self._roll.begin_px(bar.start_beats))
