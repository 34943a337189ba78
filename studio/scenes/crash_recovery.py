"""What outlives a crash: the working state, kept while one plays and brought back later."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from psygnal import Signal

from studio.document.errors import StudioError
from studio.document.parameters import ParameterError
from studio.presets import PresetError, autosave
from studio.presets.autosave import Autosave, SavedState
from studio.presets.folder.library import Library
from studio.presets.working_state import WorkingState
from studio.scenes._current_preset import CurrentPreset
from studio.scenes.morphing import Morph
from studio.scenes.recalling import Recalling
from studio.scenes.set_list_commands import SetListCommands
from studio.scenes.snapshots import Snapshots
from studio.session import Session
from studio.settings.declared import MORPH_PARAMETERS


class CrashRecovery:
    """Writes the working state to `folder` on a thread of its own, and reads what others left.

    `wake` is called on that thread and asks for `collect`. Signals: `changed()` when `left` or
    `problem` is another; `noticed(sentence)`.
    """

    changed = Signal()
    noticed = Signal(str)

    def __init__(
        self,
        session: Session,
        folder: Path,
        wake: Callable[[], None],
        *,
        library: Library,
        current: CurrentPreset,
        set_lists: SetListCommands,
        snapshots: Snapshots,
        recalling: Recalling,
        morph: Morph,
    ) -> None:
        self._session = session
        self._folder = folder
        self._wake = wake
        self._library = library
        self._current = current
        self._set_lists = set_lists
        self._snapshots = snapshots
        self._recalling = recalling
        self._morph = morph
        self._problems: list[str] = []
        self._autosave = Autosave(folder, trouble=self._has_problem)
        self.left: tuple[SavedState, ...] = ()
        """What sessions have left behind that did not end as they should, newest first."""
        self.problem = ""
        """A sentence while the working state cannot be written, else empty."""
        for signal in (session.changed, snapshots.changed, recalling.changed, morph.changed):
            signal.connect(self.keep)
        session.motion.changed.connect(self.keep)

    def start(self) -> None:
        """See what a crash has left, and begin to keep the working state."""
        self.left = tuple(autosave.crashed(self._folder))
        self._autosave.start()

    def write_after(self, seconds: float) -> None:
        """Write a change so long after it was made."""
        self._autosave.wait_s = seconds

    def close(self) -> None:
        """Write the working state, and end."""
        self._session.changed.disconnect(self.keep, missing_ok=True)
        self._session.motion.changed.disconnect(self.keep, missing_ok=True)
        self._autosave.close()

    def collect(self) -> None:
        """Take what the writing thread has met."""
        while self._problems:
            self.problem = self._problems.pop(0)
            if self.problem:
                self.noticed.emit(self.problem)
            self.changed.emit()

    @property
    def last(self) -> SavedState | None:
        """The state at the end of the session before this one."""
        return autosave.last(self._folder)

    def newest(self) -> WorkingState | None:
        """The state that a session before this one came to last; None where none can be read."""
        found = [left for left in (*self.left[:1], self.last) if left is not None]
        with suppress(PresetError):
            newest = max(found, key=lambda left: left.saved_at, default=None)
            return None if newest is None else autosave.read(newest)
        return None

    def bring_back(self, left: SavedState) -> None:
        """Show what a session has left behind; one undo goes back."""
        try:
            self._show(autosave.read(left))
        except StudioError as error:
            self.noticed.emit(str(error))
            return
        self._autosave.takes_over(left)
        self._drop(left)

    def let_go(self, left: SavedState) -> None:
        """What a session has left behind is not wanted."""
        autosave.forget(left)
        self._drop(left)

    def surround(self, state: WorkingState) -> None:
        """Snapshots, set list and morph as they were."""
        self._snapshots.restore(state.snapshots)
        self._set_lists.play_by_id(state.set_list)
        self._recalling.stand(state.place)
        self._recalling.glides = state.glides
        for name, value in state.morph.items():
            with suppress(ParameterError):
                self._morph.set(name, value)

    def keep(self, *_: object) -> None:
        """Something has changed: keep how it is now."""
        set_list = self._set_lists.current
        self._autosave.changed(
            WorkingState(
                scene=self._session.motion.kept(),
                snapshots=self._snapshots.scenes,
                preset=self._current.id,
                stamp=self._current.stamp,
                set_list=None if set_list is None else set_list.id,
                place=self._recalling.current(),
                morph={each.name: self._morph.setting(each.name) for each in MORPH_PARAMETERS},
                glides=self._recalling.glides,
            )
        )

    def _show(self, state: WorkingState) -> None:
        self._session.open(state.scene)
        held = {entry.id: entry for entry in self._library.entries}
        self._current.entry = held.get(state.preset or "")
        self._current.stamp = state.stamp
        self.surround(state)

    def _drop(self, left: SavedState) -> None:
        self.left = tuple(each for each in self.left if each != left)
        self.changed.emit()

    def _has_problem(self, sentence: str) -> None:
        """On the writing thread."""
        self._problems.append(sentence)
        self._wake()
