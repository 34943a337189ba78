"""All that an artist has saved and can play, wired to a session and a rig."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from psygnal import Signal

from studio.control.transport_controls import RecallPart
from studio.document.scene import Scene
from studio.live.rig import Rig
from studio.models.own_models import OwnModels
from studio.presets import unused_pictures
from studio.presets.folder import places
from studio.presets.folder.entries import PresetEntry
from studio.presets.folder.librarian import Librarian
from studio.presets.folder.library import Library
from studio.presets.identities import Weights, read_ahead
from studio.presets.sharing.importing import Imported
from studio.presets.sharing.sharing import Sharing
from studio.presets.thumbnail_cache import ThumbnailCache
from studio.presets.working_state import WorkingState
from studio.scenes._controls import morph_part, recalling_part, snapshot_part
from studio.scenes._current_preset import CurrentPreset
from studio.scenes._previews import Previews
from studio.scenes.crash_recovery import CrashRecovery
from studio.scenes.history import SceneHistory
from studio.scenes.morphing import Morph
from studio.scenes.preset_commands import PresetCommands
from studio.scenes.recalling import RECALL, Recalling
from studio.scenes.set_list_commands import SetListCommands
from studio.scenes.snapshots import Snapshots
from studio.session import Session
from studio.settings.declared import MORPH_PARAMETERS, SETTINGS
from studio.settings.model import Settings
from studio.storage import folders

LOOK_S = 1.0
"""How often the folder is looked at for what others have put there."""


class Repertoire:
    """Its parts do the work: `presets`, `set_lists`, `recalling`, `morph`, `snapshots`, `recovery`.

    A program without a window makes a session, a rig and a repertoire, starts the three, and calls
    `step` some sixty times a second and each one's `collect` when woken: then all that a window
    plays is played. Signals, on the thread that collects: `changed()` when the shelf, the set list
    or what is current is another; `noticed(sentence)`.

    `folder` holds the artist's presets, `factory` those that came with the instrument, and
    `sessions` the working states; `models` are the artist's own, by default those at home.
    `wake` is called on other threads and asks for `collect`.
    """

    changed = Signal()
    noticed = Signal(str)

    def __init__(
        self,
        session: Session,
        rig: Rig,
        *,
        folder: Path,
        sessions: Path,
        factory: Path | None,
        wake: Callable[[], None],
        models: OwnModels | None = None,
    ) -> None:
        self._session = session
        self._rig, self._sessions = rig, sessions
        self._weights = Weights()
        self._looked_s = float("-inf")
        self._goes_on: WorkingState | None = None
        self.models = models or OwnModels.at_home(session.registry)
        self.library = Library(folder, factory)
        self.librarian = Librarian(wake)
        self.thumbnails = ThumbnailCache(self.library, self.librarian)
        self.sharing = Sharing(session.registry, self._weights, self.library, self.librarian)
        self.previews = Previews(session, self.library, self.librarian)
        self.history = SceneHistory(session)
        self.morph = Morph(session, rig)
        self._current = CurrentPreset(session, self.library, self._weights)
        self.recalling = Recalling(session, rig, self.morph, self._current.read)
        rig.modulation_source.due_beat = partial(rig.later.due_beat, RECALL)
        self.snapshots = Snapshots(session, self.recalling)
        self.set_lists = SetListCommands(self.library, self.librarian, self.recalling)
        self.presets = PresetCommands(
            session,
            self.library,
            self.librarian,
            weights=self._weights,
            thumbnails=self.thumbnails,
            current=self._current,
            recalling=self.recalling,
            morph=self.morph,
        )
        self.recovery = CrashRecovery(
            session,
            sessions,
            wake,
            library=self.library,
            current=self._current,
            set_lists=self.set_lists,
            snapshots=self.snapshots,
            recalling=self.recalling,
            morph=self.morph,
        )
        for part in (
            RecallPart(self.recalling),
            recalling_part(self.recalling),
            morph_part(self.morph),
            snapshot_part(self.snapshots),
        ):
            rig.controls.add(part)
        self._follow_settings(rig.settings)
        self._listen()

    def _follow_settings(self, now: Settings, before: Settings | None = None) -> None:
        self.recovery.write_after(now.files.autosave_s)
        self._session.motion.keeps_moving = now.keep_moving
        for setting in SETTINGS:
            value = now.value(setting)
            is_new = before is None or value != before.value(setting)
            if is_new and setting.parameter in MORPH_PARAMETERS:
                self.morph.set(setting.parameter.name, value)

    def _listen(self) -> None:
        self._rig.store.changed.connect(self._follow_settings)
        self.recalling.shown.connect(self.history.called)
        self.sharing.taken.connect(self._on_taken)
        self.librarian.refused.connect(self.noticed.emit)
        for speaker in (self.sharing, self.presets, self.recovery):
            speaker.noticed.connect(self.noticed.emit)
        for shelf in (self.presets, self.set_lists):
            shelf.shelf_changed.connect(self._arrived)
            shelf.changed.connect(self.recovery.keep)
        for part in (self.presets, self.set_lists, self.recovery):
            part.changed.connect(self.changed.emit)

    # -- life ----------------------------------------------------------------------------------

    @classmethod
    def at_home(
        cls,
        session: Session,
        rig: Rig,
        wake: Callable[[], None],
        models: OwnModels | None = None,
    ) -> Repertoire:
        """The one whose files lie where this system keeps an artist's."""
        return cls(
            session,
            rig,
            folder=places.library(rig.settings.files.presets_folder),
            sessions=places.working(),
            factory=places.factory(),
            wake=wake,
            models=models,
        )

    def began_with(self, stem: str) -> None:
        """The scene at the start is that of the preset that came in the file `stem`."""
        self._current.first = stem

    def goes_on_from(self, state: WorkingState) -> None:
        """The scene at the start is that of a session before this one."""
        self._goes_on = state

    def start(self) -> None:
        """Read the shelf, begin to keep the working state, and see what a crash has left."""
        self.recovery.start()
        self.librarian.do(self._first_look, self._begin)
        self.librarian.do(lambda: read_ahead(self._session.registry, self._weights))
        self.librarian.do(self._tidy, aside=True)

    def close(self) -> None:
        """Keep the working state, and end."""
        self._rig.store.changed.disconnect(self._follow_settings, missing_ok=True)
        for part in (self.presets, self.recalling, self.morph, self.snapshots, self.history):
            part.close()
        self.previews.close()
        self.librarian.close()
        self.recovery.close()

    def collect(self) -> None:
        """Take what other threads have done. On the session's thread, when woken."""
        self.librarian.collect()
        self.recovery.collect()

    # -- time ----------------------------------------------------------------------------------

    def step(self, now_s: float) -> None:
        """It is `now_s`, in the rig's seconds: move all that moves by itself to where it is now.

        This is all that time brings to the session, the rig and the repertoire. Where nothing
        moves it costs next to nothing; a window may leave parts out while they rest.
        """
        self._rig.tick(now_s)
        self._session.motion.step(now_s)
        self.morph.step(now_s)
        self._session.modulation.step(now_s)
        self.tick(now_s)

    def tick(self, now_s: float) -> None:
        """What may wait a moment; a few times a second will do. Remember where one rests, make a
        film of it, and look ever so often at the folder: files that are dropped there appear."""
        if self.history.waits:
            self.history.step(now_s)
        rests = not self.presets.modified and self._rig.transport.state == "stopped"
        self.previews.step(now_s, self.presets.current if rests else None)
        if now_s - self._looked_s >= LOOK_S and self.librarian.is_idle:
            self._looked_s = now_s
            self.look()

    def look(self) -> None:
        """Look at the folder now."""
        self.librarian.do(self._refresh, lambda other: self._arrived() if other else None)

    # -- inside --------------------------------------------------------------------------------

    def _refresh(self) -> bool:
        trouble, lists = self.library.trouble, self.library.set_lists.refresh()
        return self.library.refresh() or lists or self.library.trouble != trouble

    def _arrived(self) -> None:
        """The shelf is another one: what is shown of it may be, too."""
        known = {entry.id: entry for entry in self.library.entries}
        self.thumbnails.look_again(known)
        self._current.look_again(known)
        self.set_lists.look_again(known)
        self.changed.emit()

    def _first_look(self) -> WorkingState | None:
        """Read the shelf and the state in which the session before this one has ended."""
        self._refresh()
        return self.recovery.newest()

    def _tidy(self) -> None:
        """Put own pictures aside that neither presets nor takes name any more."""
        takes = places.recordings(self._rig.settings.files.recordings_folder)
        documents = (self.library.folder, places.library(), self._sessions, takes)
        with suppress(OSError):  # what cannot be looked through may name them all
            unused_pictures.put_aside(folders.own_pictures(), documents, time.time())

    def _begin(self, state: WorkingState | None) -> None:
        """What is no part of a scene is as it was; the scene of then can be gone back to."""
        self._arrived()
        if self._goes_on is not None:
            self._go_on(self._goes_on)
        elif state is not None:
            self.history.remember(state.scene, "Where the last session ended")
            self.recovery.surround(state)

    def _go_on(self, state: WorkingState) -> None:
        """All that lay around the scene, and which preset it came from."""
        self.recovery.surround(state)
        entry = next((e for e in self.library.entries if e.id == state.preset), None)
        if entry is not None:
            id = entry.id
            self.librarian.do(
                lambda: self._current.read(id),
                lambda read: self._named(entry, read.scene, state.stamp),
            )

    def _named(self, entry: PresetEntry, scene: Scene, stamp: str) -> None:
        self._current.reopened(entry, scene, stamp)
        self.changed.emit()

    def _on_taken(self, what: Imported) -> None:
        """Models can be chosen; a set list that came along is played, unless one is already."""
        self._arrived()
        if what.models:
            self.models.refresh()
        if what.set_list is not None and self.set_lists.current is None:
            self.set_lists.play(what.set_list)
