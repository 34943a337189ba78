"""The melody while notes are edited: which one is chosen, and what keys do to it. The roll and the
score, where the mouse is, both edit by this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import LEAD
from studio.music.editing import Notes, added, moved, removed, resized, step_of, stepped
from studio.music.keys import best_key
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key

VELOCITY = 90
"""Of notes that are added."""
_WAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_RISES = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
_DELETES = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class Shown(Protocol):
    """What shows the bars."""

    @property
    def bars(self) -> Mapping[int, RollBar]: ...
    @property
    def metre(self) -> Metre: ...
    @property
    def key(self) -> Key | None: ...
    @property
    def place(self) -> float | None: ...
    def number_at(self, place: float) -> int: ...


def written_melody(bar: RollBar) -> Notes:
    """The melody of a bar as it is written down, else as it is played."""
    written = tuple(note for note in bar.written if note.track == LEAD)
    return written or tuple(note for note in bar.notes if note.track == LEAD)


class MelodyEdit(QObject):
    """Of the bars that `shown` shows. What is changed is told and comes back in them."""

    edited = Signal(int, object, str)
    """A bar, the notes that its melody is to have, and the gesture that this belongs to."""
    touched = Signal(bool)
    """A hand has begun to edit, or has ended it."""
    chosen = Signal()
    """Another note is selected."""

    def __init__(self, shown: Shown, parent: QObject) -> None:
        super().__init__(parent)
        self._shown = shown
        self._count = 0
        self._selected: tuple[int, int] | None = None

    @property
    def selected(self) -> tuple[int, int] | None:
        """The number of a bar and the index of a note of its melody."""
        return self._selected

    def select(self, selected: tuple[int, int] | None) -> None:
        """Choose a note, or none."""
        self._selected = selected
        self.chosen.emit()

    def note(self) -> tuple[RollBar, Notes, int] | None:
        """The selected note: its bar, the melody of that, and its index there."""
        number, index = self._selected or (None, 0)
        bar = None if number is None else self._shown.bars.get(number)
        notes = () if bar is None else written_melody(bar)
        return None if bar is None or index >= len(notes) else (bar, notes, index)

    @property
    def step(self) -> float:
        """What moments are multiples of, in beats."""
        return step_of(self._shown.metre)

    @property
    def key(self) -> Key:
        """The key of the tune; where nobody has said it, the one that suits its notes best."""
        notes = (note for bar in self._shown.bars.values() for note in written_melody(bar))
        return self._shown.key or best_key(notes)

    def bar(self, number: int) -> RollBar | None:
        """A bar as it is now."""
        return self._shown.bars.get(number)

    def stepped(self, pitch: int, steps: int) -> int:
        """The pitch so many steps of the key higher."""
        return stepped(pitch, steps, self.key)

    # -- what hands do -------------------------------------------------------------------------

    def begin(self) -> None:
        """A hand takes hold: what follows, up to `end`, is one gesture."""
        self._count += 1
        self.touched.emit(True)

    def end(self) -> None:
        """It has let go."""
        self.touched.emit(False)

    def put(self, bar: RollBar, notes: Notes, index: int | None) -> None:
        """Have these notes in a bar, and the one at `index` selected."""
        self._selected = None if index is None else (bar.number, index)
        self.edited.emit(bar.number, notes, f"bar {bar.number} edit {self._count}")
        self.chosen.emit()

    def put_once(self, bar: RollBar, notes: Notes, index: int | None) -> None:
        """The same as a gesture of its own."""
        self._count += 1
        self.put(bar, notes, index)

    def differs(self, number: int, notes: Notes) -> bool:
        """Whether something else is shown: what is dragged back to where it was."""
        bar = self._shown.bars.get(number)
        return bar is not None and bar.own and written_melody(bar) != tuple(notes)

    def press_key(self, event: QKeyEvent, *, by_step: bool = False) -> bool:
        """Whether the key did something: Ctrl with left and right goes from note to note; arrows
        move the selected one, with Shift they change its length or move it by an octave; Delete
        takes it out, Insert adds one behind it, Escape lets it go. Up and down are semitones;
        `by_step` they are steps of the key, and semitones with Ctrl."""
        key, held = Qt.Key(event.key()), event.modifiers()
        shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
        control = bool(held & Qt.KeyboardModifier.ControlModifier)
        if control and key in _WAYS:
            return self._go(_WAYS[key])
        found = self.note()
        if found is None:
            return False
        bar, notes, index = found
        if key in _DELETES:
            self.put_once(bar, removed(notes, index), None)
        elif key == Qt.Key.Key_Escape:
            self.select(None)
        elif key in _RISES:
            rise, pitch = _RISES[key], notes[index].pitch
            scale = by_step and not (shift or control)
            pitch = self.stepped(pitch, rise) if scale else pitch + rise * (12 if shift else 1)
            self.put_once(
                bar, *moved(notes, index, notes[index].start_beats, pitch, bar.length_beats)
            )
        else:
            changed = self._in_time(key, bar, notes, index, shift=shift)
            if changed is None:
                return False
            self.put_once(bar, *changed)
        return True

    def _in_time(
        self, key: Qt.Key, bar: RollBar, notes: Notes, index: int, *, shift: bool
    ) -> tuple[Notes, int] | None:
        note, step, beats = notes[index], self.step, bar.length_beats
        if key in _WAYS and shift:
            return resized(notes, index, note.length_beats + _WAYS[key] * step, beats)
        if key in _WAYS:
            return moved(notes, index, note.start_beats + _WAYS[key] * step, note.pitch, beats)
        start = note.start_beats + note.length_beats
        if key != Qt.Key.Key_Insert or start > beats - 1e-6:
            return None
        return added(notes, Note(LEAD, start, min(step, beats - start), note.pitch, VELOCITY))

    def _go(self, way: int) -> bool:
        """Select the note before or after."""
        bars = self._shown.bars
        every = [(n, index) for n in sorted(bars) for index in range(len(written_melody(bars[n])))]
        if not every:
            return False
        here = self._selected or (self._shown.number_at(self._shown.place or 0.0), 0)
        later = [each for each in every if (each > here if way > 0 else each < here)]
        if self._selected is None and here in every:
            later = [here]
        if later:
            self.select(later[0] if way > 0 or later == [here] else later[-1])
        return True
