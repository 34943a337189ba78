"""All that an artist has saved and can play, wired to a session: the shelf, the set list, morphs,
snapshots, and the working state that outlives a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from psygnal import Signal

from studio.control.transport_controls import RecallPart
from studio.document.errors import StudioError
from studio.document.parameters import ParameterError
from studio.document.scene import Scene
from studio.engine import Pixels
from studio.live.rig import Rig
from studio.presets import Preset, PresetError, autosave
from studio.presets.autosave import Autosave, Left
from studio.presets.document import now
from studio.presets.fitting import Fitted, fitted
from studio.presets.folder import places
from studio.presets.folder.entries import Entry
from studio.presets.folder.librarian import Librarian
from studio.presets.folder.library import Library, Saved
from studio.presets.folder.set_lists import SetList
from studio.presets.folder.trash import Deleted
from studio.presets.folder.versions import Version
from studio.presets.identities import Weights, identities, read_ahead
from studio.presets.sharing.importing import Imported
from studio.presets.sharing.sharing import Sharing
from studio.presets.thumbnail_cache import Faces
from studio.presets.working_state import Working
from studio.scenes._controls import morph_part, recalling_part, snapshot_part
from studio.scenes._previews import Previews
from studio.scenes._set_list import Item
from studio.scenes._small_pictures import small
from studio.scenes.history import SceneHistory
from studio.scenes.morphing import Morph, Side
from studio.scenes.recalling import Recalling
from studio.scenes.snapshots import Snapshots
from studio.session import Session
from studio.settings.declared import MORPH_PARAMETERS, SETTINGS
from studio.settings.model import Settings

LOOK_S = 1.0
"""How often the folder is looked at for what others have put there."""


class Repertoire:
    """Signals, on the window's thread: `changed()` when the shelf, the set list or what is current
    is another; `noticed(sentence)`.

    `folder` holds the artist's presets, `factory` those that came with the instrument, and
    `sessions` the working states. `wake` is called on other threads and asks for `collect`.
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
    ) -> None:
        self._session = session
        self._rig = rig
        self._sessions = sessions
        self._weights = Weights()
        self._stamps: dict[str, str] = {}  # of what was read to be called up, by id
        self._looked_s = float("-inf")
        self._stamp = ""
        self._first = ""
        self._clean: Scene = session.scene
        self.current: Entry | None = None
        """The preset that was called up or saved last."""
        self.left: tuple[Left, ...] = ()
        """What sessions have left behind that did not end as they should, newest first."""
        self.library = Library(folder, factory)
        self.librarian = Librarian(wake)
        self.morph = Morph(session, rig)
        self.recalling = Recalling(session, rig, self.morph, self._read)
        self.snapshots = Snapshots(session, self.recalling)
        self.faces = Faces(self.library, self.librarian)
        self.sharing = Sharing(session.registry, self._weights, self.library, self.librarian)
        self.previews = Previews(session, self.library, self.librarian)
        self.past = SceneHistory(session)
        """Where one has been."""
        self.set_list: SetList | None = None
        """The one that is played; None while there is none."""
        self._autosave = Autosave(sessions, trouble=self._troubled(wake))
        self._troubles: list[str] = []
        self.unkept = ""
        """A sentence while the working state cannot be written, else empty."""
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
        self._autosave.wait_s = now.files.autosave_s
        for setting in SETTINGS:
            value = now.value(setting)
            is_new = before is None or value != before.value(setting)
            if is_new and setting.parameter in MORPH_PARAMETERS:
                self.morph.set(setting.parameter.name, value)

    def _listen(self) -> None:
        self._rig.store.changed.connect(self._follow_settings)
        self._session.changed.connect(self._on_changed)
        self._session.pictured.connect(self._on_pictured)
        self.recalling.recalled.connect(self._on_recalled)
        self.recalling.shown.connect(self.past.called)
        self.snapshots.changed.connect(self._keep)
        self.recalling.changed.connect(self._keep)
        self.morph.changed.connect(self._keep)
        self.librarian.refused.connect(self.noticed.emit)
        self.sharing.noticed.connect(self.noticed.emit)
        self.sharing.taken.connect(self._on_taken)

    # -- life ----------------------------------------------------------------------------------

    @classmethod
    def at_home(cls, session: Session, rig: Rig, wake: Callable[[], None]) -> Repertoire:
        """The one whose files lie where this system keeps an artist's."""
        return cls(
            session,
            rig,
            folder=places.library(rig.settings.files.presets_folder),
            sessions=places.working(),
            factory=places.factory(),
            wake=wake,
        )

    def began_with(self, stem: str) -> None:
        """The scene at the start is that of the preset that came in the file `stem`."""
        self._first = stem

    def start(self) -> None:
        """Read the shelf, begin to keep the working state, and see what a crash has left."""
        self.left = tuple(autosave.crashed(self._sessions))
        self._autosave.start()
        self.librarian.do(self._first_look, self._begin)
        self.librarian.do(lambda: read_ahead(self._session.registry, self._weights))

    def close(self) -> None:
        """Keep the working state, and end."""
        self._rig.store.changed.disconnect(self._follow_settings, missing_ok=True)
        self._session.changed.disconnect(self._on_changed, missing_ok=True)
        self._session.pictured.disconnect(self._on_pictured, missing_ok=True)
        self.recalling.close()
        self.morph.close()
        self.snapshots.close()
        self.past.close()
        self.previews.close()
        self.librarian.close()
        self._autosave.close()

    def collect(self) -> None:
        """Take what other threads have done. On the window's thread, when woken."""
        self.librarian.collect()
        while self._troubles:
            self.unkept = self._troubles.pop(0)
            if self.unkept:
                self.noticed.emit(self.unkept)
            self.changed.emit()

    def tick(self, now_s: float) -> None:
        """Remember where one rests, make a film of it, and look ever so often at the folder: files
        that are dropped there appear."""
        if self.past.waits:
            self.past.step(now_s)
        rests = not self.modified and self._rig.transport.state == "stopped"
        self.previews.step(now_s, self.current if rests else None)
        if now_s - self._looked_s >= LOOK_S and self.librarian.is_idle:
            self._looked_s = now_s
            self.look()

    def look(self) -> None:
        """Look at the folder now."""
        self.librarian.do(self._refresh, lambda other: self._arrived() if other else None)

    # -- the shelf -----------------------------------------------------------------------------

    @property
    def modified(self) -> bool:
        """Whether the scene is another one than was called up or saved last."""
        return self._session.scene is not self._clean and self._session.scene != self._clean

    def open(self, id: str, *, glides: bool | None = None) -> None:
        """Call up a preset: in time, at once or by a morph (see `Recalling`)."""
        entry = self._entry(id)
        if entry is not None:
            self.recalling.call(Item(entry.id, entry.name), glides=glides)

    def hold(self, side: Side, id: str) -> None:
        """Put a preset's scene on a side of the crossfader."""
        try:
            self.morph.hold(side, self._read(id).scene, self.library.entry(id).name)
        except StudioError as error:
            self.noticed.emit(str(error))

    def save(self) -> bool:
        """Save the scene over the current preset. False where there is none that can be."""
        current = self.current
        if current is None or current.factory:
            return False
        self._save(current.name, current)
        return True

    def save_as(self, name: str, tags: Sequence[str] = ()) -> None:
        """Save the scene as a new preset."""
        self._save(name, None, tuple(tags))

    def rename(self, id: str, name: str) -> None:
        """Call a preset something else."""
        self._rewrite(id, lambda: self.library.rename(id, name))

    def annotate(
        self, id: str, *, tags: Sequence[str] | None = None, notes: str | None = None
    ) -> None:
        """Change what is said about a preset."""
        self._rewrite(id, lambda: self.library.annotate(id, tags=tags, notes=notes))

    def duplicate(self, id: str) -> None:
        """Another preset with the same scene."""
        self._amend(lambda: self.library.duplicate(id))

    def mark(self, ids: Iterable[str], favourite: bool) -> None:
        """Make presets favourites, or no longer."""
        ids = tuple(ids)
        self._amend(lambda: self.library.mark(ids, favourite))

    def delete(self, ids: Iterable[str], then: Callable[[Deleted], object]) -> None:
        """Take presets off the shelf; `then` gets what `restore` wants."""
        ids = tuple(ids)

        def deleted(what: Deleted) -> None:
            self._arrived()
            then(what)

        self.librarian.do(lambda: self.library.delete(ids), deleted)

    def restore(self, deleted: Deleted) -> None:
        """Bring deleted presets back."""
        self._amend(lambda: self.library.restore(deleted))

    def versions(self, id: str) -> list[Version]:
        """What a preset was before, newest first."""
        return self.library.versions(id)

    def revert(self, id: str, version: Version, then: Callable[[Version], object]) -> None:
        """Let a preset be what it was; `then` gets the version that it was until now. The current
        one is called up anew."""

        def work() -> tuple[Entry, Version]:
            entry = self.library.revert(id, version)
            return entry, self.library.versions(id)[0]

        def reverted(what: tuple[Entry, Version]) -> None:
            entry, before = what
            self.faces.forget(entry.id)
            self._arrived()
            if self.current is not None and self.current.id == entry.id:
                self.open(entry.id)
            then(before)

        self.librarian.do(work, reverted)

    # -- the set list --------------------------------------------------------------------------

    def play_set_list(self, set_list: SetList | None) -> None:
        """Have another set list, or none."""
        self.set_list = set_list
        self._put_set_list()
        self._keep()
        self.changed.emit()

    def arrange(self, presets: Sequence[str], name: str = "") -> None:
        """Put these presets, by their ids, in the set list in this order, and keep it."""
        before = self.set_list or SetList(name=name or "Set list")
        wanted = before.but(presets=tuple(presets), name=name or before.name)
        self.set_list = wanted
        self._put_set_list()

        def saved(kept: SetList) -> None:
            if self.set_list is wanted:
                self.set_list = kept
            self._arrived()

        self.librarian.do(lambda: self.library.set_lists.save(wanted), saved)

    def append(self, presets: Sequence[str]) -> None:
        """Put presets at the end of the set list; without one, begin one."""
        before = self.set_list.presets if self.set_list else ()
        self.arrange((*before, *presets))

    def delete_set_list(self, then: Callable[[Deleted], object] = lambda _: None) -> None:
        """Take the set list away; its presets stay on the shelf. `then` gets what
        `restore_set_list` wants."""
        gone, self.set_list = self.set_list, None
        self._put_set_list()
        if gone is None:
            return

        def deleted(what: Deleted) -> None:
            self._arrived()
            then(what)

        self.librarian.do(lambda: self.library.set_lists.delete(gone.id), deleted)

    def restore_set_list(self, gone: SetList, deleted: Deleted) -> None:
        """Bring a deleted set list back, and play it."""

        def restored(_: object) -> None:
            self._arrived()
            lists = {each.id: each for each in self.library.set_lists.all}
            self.play_set_list(lists.get(gone.id))

        self.librarian.do(lambda: self.library.set_lists.restore(deleted), restored)

    # -- the working state ---------------------------------------------------------------------

    def bring_back(self, left: Left) -> None:
        """Show what a session has left behind; one undo goes back."""
        try:
            state = autosave.read(left)
            self._show(state)
        except StudioError as error:
            self.noticed.emit(str(error))
            return
        self._autosave.takes_over(left)
        self._drop(left)

    def let_go(self, left: Left) -> None:
        """What a session has left behind is not wanted."""
        autosave.forget(left)
        self._drop(left)

    @property
    def last(self) -> Left | None:
        """The state at the end of the session before this one."""
        return autosave.last(self._sessions)

    # -- inside --------------------------------------------------------------------------------

    def _entry(self, id: str) -> Entry | None:
        try:
            return self.library.entry(id)
        except PresetError as error:
            self.noticed.emit(str(error))
            return None

    def _read(self, id: str) -> Fitted:
        opened = self.library.open(id)
        self._stamps[id] = opened.stamp
        return fitted(opened.preset, self._session.registry, self._weights)

    def _refresh(self) -> bool:
        trouble, lists = self.library.trouble, self.library.set_lists.refresh()
        return self.library.refresh() or lists or self.library.trouble != trouble

    def _amend(self, work: Callable[[], object]) -> None:
        self.librarian.do(work, lambda _: self._arrived())

    def _rewrite(self, id: str, work: Callable[[], Entry]) -> None:
        """Change what is said about a preset. Where it is the current one as it was seen here, it
        stays so: saving over it later is no surprise to anybody."""

        def both() -> tuple[str, Entry]:
            return self.library.open(id).stamp, work()

        def done(what: tuple[str, Entry]) -> None:
            before, entry = what
            self._arrived()
            if self.current is not None and self.current.id == id and self._stamp == before:
                self._stamp = entry.stamp
                self._keep()

        self.librarian.do(both, done)

    def _arrived(self) -> None:
        """The shelf is another one: what is shown of it may be, too."""
        known = {entry.id: entry for entry in self.library.entries}
        self.faces.look_again(known)
        if self.current is not None:
            self.current = known.get(self.current.id)
        elif self._first:
            made = (entry for entry in known.values() if entry.factory)
            self.current = next((e for e in made if e.file.stem == self._first), None)
            self._first = ""
        if self.set_list is not None:
            kept = {each.id: each for each in self.library.set_lists.all}
            self.set_list = kept.get(self.set_list.id, self.set_list)
        self._put_set_list()
        self.changed.emit()

    def _put_set_list(self) -> None:
        known = {entry.id: entry for entry in self.library.entries}
        ids = () if self.set_list is None else self.set_list.presets
        items = tuple(Item(id, known[id].name) for id in ids if id in known)
        if items != self.recalling.items:
            self.recalling.put(items)

    def _save(self, name: str, over: Entry | None, tags: tuple[str, ...] = ()) -> None:
        scene, stamp = self._session.scene, self._stamp
        picture = self._picture_now()

        def write() -> Saved:
            models = identities(scene, self._session.registry, self._weights)
            if over is None:
                preset = Preset(name=name, tags=tags, models=models, scene=scene)
                return Saved(self.library.add(preset, picture))
            held = self.library.open(over.id).preset
            changed = held.but(scene=scene, models=models, made_at=now())
            return self.library.update(changed, stamp, picture)

        self.librarian.do(write, lambda saved: self._saved(scene, saved))

    def _saved(self, scene: Scene, saved: Saved) -> None:
        self.current, self._stamp, self._clean = saved.entry, saved.entry.stamp, scene
        self.faces.forget(saved.entry.id)
        self._arrived()
        self._keep()
        self.noticed.emit(saved.remark or f"Saved as {saved.entry.name}.")

    def _picture_now(self) -> Pixels | None:
        shown = self._session.state(self._session.scene.front).shown
        return None if shown is None else small(shown.pixels)

    def _first_look(self) -> Working | None:
        """Read the shelf and the state in which the session before this one has ended."""
        self._refresh()
        found = [left for left in (*self.left[:1], self.last) if left is not None]
        with suppress(PresetError):
            newest = max(found, key=lambda left: left.saved_at, default=None)
            return None if newest is None else autosave.read(newest)
        return None

    def _begin(self, state: Working | None) -> None:
        """What is no part of a scene is as it was; the scene of then can be gone back to."""
        self._arrived()
        if state is not None:
            self.past.remember(state.scene, "Where the last session ended")
            self._surround(state)

    def _show(self, state: Working) -> None:
        self._session.open(state.scene)
        held = {entry.id: entry for entry in self.library.entries}
        self.current = held.get(state.preset or "")
        self._stamp = state.stamp
        self._surround(state)

    def _surround(self, state: Working) -> None:
        """Snapshots, set list and morph as they were."""
        self.snapshots.restore(state.snapshots)
        lists = {each.id: each for each in self.library.set_lists.all}
        self.play_set_list(lists.get(state.set_list or ""))
        self.recalling.stand(state.place)
        self.recalling.glides = state.glides
        for name, value in state.morph.items():
            with suppress(ParameterError):
                self.morph.set(name, value)

    def _drop(self, left: Left) -> None:
        self.left = tuple(each for each in self.left if each != left)
        self.changed.emit()

    def _troubled(self, wake: Callable[[], None]) -> Callable[[str], None]:
        def told(sentence: str) -> None:
            self._troubles.append(sentence)
            wake()

        return told

    # -- listening -----------------------------------------------------------------------------

    def _on_taken(self, what: Imported) -> None:
        """A set list that came along is played, unless one is already."""
        self._arrived()
        if what.set_list is not None and self.set_list is None:
            self.play_set_list(what.set_list)

    def _on_recalled(self, item: Item) -> None:
        entry = self._entry(item.key)
        if entry is None:
            return
        self._stamp = self._stamps.get(item.key, entry.stamp)
        self.current, self._clean = entry, self.recalling.scene or self._session.scene
        self._keep()
        self.changed.emit()

    def _on_changed(self, new: Scene, old: Scene) -> None:  # noqa: ARG002
        self._keep()

    def _on_pictured(self, deck: str) -> None:  # noqa: ARG002
        """A preset without a small picture gets one when it is shown."""
        entry = self.current
        if entry is None or entry.factory or self.modified:
            return
        if self.faces.lacks(entry.id):
            picture = self._picture_now()
            if picture is not None:
                self.faces.keep(entry, picture)

    def _keep(self, *_: object) -> None:
        current, set_list = self.current, self.set_list
        self._autosave.changed(
            Working(
                scene=self._session.scene,
                snapshots=self.snapshots.scenes,
                preset=None if current is None else current.id,
                stamp=self._stamp,
                set_list=None if set_list is None else set_list.id,
                place=self.recalling.current(),
                morph={each.name: self.morph.setting(each.name) for each in MORPH_PARAMETERS},
                glides=self.recalling.glides,
            )
        )
