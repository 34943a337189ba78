"""Notes of the melody under the hand, while the roll is edited: moved, drawn, resized, taken out.

Every gesture begins from the notes as they were when it began, so that nothing is lost on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent

from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import LEAD
from studio.music.editing import Notes, added, moved, removed, resized, step_of
from studio.music.notes import Note
from ui.roll._painting import note_rect
from ui.roll._view import RollView

_END_PX = 7
"""So near to its end a note is held by it."""
_VELOCITY = 90


@dataclass(frozen=True)
class Gesture:
    """What a hand has begun."""

    bar: RollBar
    notes: Notes
    index: int
    by_end: bool
    press: QPointF


def written_melody(bar: RollBar) -> Notes:
    """The melody of a bar as it is written down, else as it is played."""
    written = tuple(note for note in bar.written if note.track == LEAD)
    return written or tuple(note for note in bar.notes if note.track == LEAD)


class NoteEditor:
    """Edits what `roll` shows. `edited(bar, notes, gesture)` is told every change, the same gesture
    for as long as the hand is on; `began()` and `ended()` when it comes and goes."""

    def __init__(
        self,
        roll: RollView,
        edited: Callable[[int, Notes, str], None],
        began: Callable[[], None],
        ended: Callable[[], None],
    ) -> None:
        self._roll, self._edited = roll, edited
        self._began, self._ended = began, ended
        self._gesture: Gesture | None = None
        self._count = 0
        self.selected: tuple[int, int] | None = None
        """The number of a bar and the index of a note of its melody."""

    def rect(self) -> QRectF | None:
        """Where the selected note is."""
        bar = self._roll.bars.get(self.selected[0]) if self.selected else None
        notes = () if bar is None else written_melody(bar)
        if bar is None or self.selected is None or self.selected[1] >= len(notes):
            return None
        return self._rect(bar, notes[self.selected[1]])

    # -- the mouse -----------------------------------------------------------------------------

    def press(self, at: QPointF) -> None:
        """Take hold of a note, or draw one."""
        bar = self._bar(at)
        if bar is None:
            return
        notes, index = written_melody(bar), self._index(bar, at)
        self._began()
        self._count += 1
        if index is None:
            scale, step = self._roll.scale, self._step(fine=False)
            start = (scale.beat(at.x()) - bar.start_beats) // step * step
            note = Note(LEAD, start, step, scale.pitch(at.y()), _VELOCITY)
            notes, index = added(notes, note)
            self._gesture = Gesture(bar, notes, index, True, at)
            self._tell(bar, notes, index)
        else:
            rect = self._rect(bar, notes[index])
            by_end = at.x() > rect.right() - min(_END_PX, rect.width() / 2)
            self._gesture = Gesture(bar, notes, index, by_end, at)
            self.selected = (bar.number, index)
            self._roll.update()

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
        if (notes, index) != (held.notes, held.index) or self._differs(held.bar.number, notes):
            self._tell(held.bar, notes, index)

    def release(self) -> None:
        """The hand is off."""
        if self._gesture is not None:
            self._gesture = None
            self._ended()

    def remove(self, at: QPointF) -> None:
        """Take out the note at a place."""
        bar = self._bar(at)
        index = None if bar is None else self._index(bar, at)
        if bar is not None and index is not None:
            self._once(bar, removed(written_melody(bar), index), None)

    # -- the keyboard --------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        """Whether the key did something: Ctrl with the arrows goes from note to note; arrows move
        the selected one, with Shift they change its length or move it by an octave; Delete takes it
        out, Insert adds one behind it, Escape lets it go."""
        key, shift = (
            Qt.Key(event.key()),
            bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier),
        )
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and key in ways:
            return self._go(ways[key])
        bar = self._roll.bars.get(self.selected[0]) if self.selected else None
        if bar is None or self.selected is None:
            return False
        notes, index = written_melody(bar), self.selected[1]
        if index >= len(notes):
            return False
        note, step, beats = notes[index], self._step(fine=False), bar.length_beats
        rises = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if key in ways and shift:
            found = resized(notes, index, note.length_beats + ways[key] * step, beats)
        elif key in ways:
            found = moved(notes, index, note.start_beats + ways[key] * step, note.pitch, beats)
        elif key in rises:
            rise = rises[key] * (12 if shift else 1)
            found = moved(notes, index, note.start_beats, note.pitch + rise, beats)
        elif key == Qt.Key.Key_Insert and note.start_beats + note.length_beats < beats - 1e-6:
            start = note.start_beats + note.length_beats
            found = added(notes, Note(LEAD, start, min(step, beats - start), note.pitch, _VELOCITY))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._once(bar, removed(notes, index), None)
            return True
        elif key == Qt.Key.Key_Escape:
            self.selected = None
            self._roll.update()
            return True
        else:
            return False
        self._once(bar, *found)
        return True

    def _go(self, way: int) -> bool:
        """Select the note before or after."""
        every = [
            (bar.number, index)
            for bar in sorted(self._roll.bars.values(), key=lambda bar: bar.number)
            for index in range(len(written_melody(bar)))
        ]
        if not every:
            return False
        here = self.selected or (self._roll.number_at(self._roll.place or 0.0), 0)
        later = [each for each in every if (each > here if way > 0 else each < here)]
        if self.selected is None and here in every:
            later = [here]
        if later:
            self.selected = later[0] if way > 0 or later == [here] else later[-1]
            self._roll.update()
        return True

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

    def _differs(self, number: int, notes: Sequence[Note]) -> bool:
        """Whether the roll shows something else: what is dragged back to where it was."""
        bar = self._roll.bars.get(number)
        return bar is not None and bar.own and written_melody(bar) != tuple(notes)

    def _once(self, bar: RollBar, notes: Notes, index: int | None) -> None:
        self._count += 1
        self._tell(bar, notes, index)

    def _tell(self, bar: RollBar, notes: Notes, index: int | None) -> None:
        self.selected = None if index is None else (bar.number, index)
        self._edited(bar.number, notes, f"bar {bar.number} edit {self._count}")
        self._roll.update()
