"""What the artist does with presets: open, save, rename, delete, and back again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from psygnal import Signal

from studio.document.errors import StudioError
from studio.document.scene import Scene
from studio.engine import Pixels
from studio.presets import Preset, PresetError
from studio.presets.document import now
from studio.presets.folder.entries import PresetEntry
from studio.presets.folder.librarian import Librarian
from studio.presets.folder.library import Library, Saved
from studio.presets.folder.trash import Deleted
from studio.presets.folder.versions import Version
from studio.presets.identities import Weights, identities
from studio.presets.thumbnail_cache import ThumbnailCache
from studio.scenes._current_preset import CurrentPreset
from studio.scenes._set_list import SetListItem
from studio.scenes._small_pictures import small
from studio.scenes.morphing import Morph, Side
from studio.scenes.recalling import Recalling
from studio.session import Session


class PresetCommands:
    """The disk's work is the librarian's; what comes of it is there when it has been collected.

    Signals: `shelf_changed()` when the library holds something else; `changed()` when the current
    preset is another, or was saved; `noticed(sentence)`.
    """

    shelf_changed = Signal()
    changed = Signal()
    noticed = Signal(str)

    def __init__(
        self,
        session: Session,
        library: Library,
        librarian: Librarian,
        *,
        weights: Weights,
        thumbnails: ThumbnailCache,
        current: CurrentPreset,
        recalling: Recalling,
        morph: Morph,
    ) -> None:
        self._session = session
        self._library = library
        self._librarian = librarian
        self._weights = weights
        self._thumbnails = thumbnails
        self._current = current
        self._recalling = recalling
        self._morph = morph
        recalling.recalled.connect(self._on_recalled)
        session.pictured.connect(self._on_pictured)

    def close(self) -> None:
        """Listen to nothing any more."""
        self._session.pictured.disconnect(self._on_pictured, missing_ok=True)

    @property
    def current(self) -> PresetEntry | None:
        """The preset that was called up or saved last."""
        return self._current.entry

    @property
    def modified(self) -> bool:
        """Whether the scene is another one than was called up or saved last."""
        return self._current.modified

    @property
    def tags(self) -> tuple[str, ...]:
        """Those of the current preset that are true of the scene too."""
        return self._current.tags

    # -- calling up ----------------------------------------------------------------------------

    def open(self, id: str, *, glides: bool | None = None) -> None:
        """Call up a preset: in time, at once or by a morph (see `Recalling`)."""
        entry = self._entry(id)
        if entry is not None:
            self._recalling.call(SetListItem(entry.id, entry.name), glides=glides)

    def hold(self, side: Side, id: str) -> None:
        """Put a preset's scene on a side of the crossfader."""
        try:
            scene = self._current.read(id).scene
            self._morph.hold(side, scene, self._library.entry(id).name)
        except StudioError as error:
            self.noticed.emit(str(error))

    # -- saving --------------------------------------------------------------------------------

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

    def _save(self, name: str, over: PresetEntry | None, tags: tuple[str, ...] = ()) -> None:
        scene, stamp = self._session.motion.kept(), self._current.stamp
        picture = self._picture_now()

        def write() -> Saved:
            models = identities(scene, self._session.registry, self._weights)
            if over is None:
                preset = Preset(name=name, tags=tags, models=models, scene=scene)
                return Saved(self._library.add(preset, picture))
            held = self._library.open(over.id).preset
            changed = held.but(scene=scene, models=models, made_at=now())
            return self._library.update(changed, stamp, picture)

        self._librarian.do(write, lambda saved: self._saved(scene, saved))

    def _saved(self, scene: Scene, saved: Saved) -> None:
        self._current.saved(saved.entry, scene)
        self._thumbnails.forget(saved.entry.id)
        self.shelf_changed.emit()
        self.changed.emit()
        self.noticed.emit(saved.remark or f"Saved as {saved.entry.name}.")

    # -- on the shelf --------------------------------------------------------------------------

    def rename(self, id: str, name: str) -> None:
        """Call a preset something else."""
        self._rewrite(id, lambda: self._library.rename(id, name))

    def annotate(
        self, id: str, *, tags: Sequence[str] | None = None, notes: str | None = None
    ) -> None:
        """Change what is said about a preset."""
        self._rewrite(id, lambda: self._library.annotate(id, tags=tags, notes=notes))

    def duplicate(self, id: str) -> None:
        """Another preset with the same scene."""
        self._amend(lambda: self._library.duplicate(id))

    def mark(self, ids: Iterable[str], favourite: bool) -> None:
        """Make presets favourites, or no longer."""
        ids = tuple(ids)
        self._amend(lambda: self._library.mark(ids, favourite))

    def delete(self, ids: Iterable[str], then: Callable[[Deleted], object]) -> None:
        """Take presets off the shelf; `then` gets what `restore` wants."""
        ids = tuple(ids)

        def deleted(what: Deleted) -> None:
            self.shelf_changed.emit()
            then(what)

        self._librarian.do(lambda: self._library.delete(ids), deleted)

    def restore(self, deleted: Deleted) -> None:
        """Bring deleted presets back."""
        self._amend(lambda: self._library.restore(deleted))

    def versions(self, id: str) -> list[Version]:
        """What a preset was before, newest first."""
        return self._library.versions(id)

    def revert(self, id: str, version: Version, then: Callable[[Version], object]) -> None:
        """Let a preset be what it was; `then` gets the version that it was until now. The current
        one is called up anew."""

        def work() -> tuple[PresetEntry, Version]:
            entry = self._library.revert(id, version)
            return entry, self._library.versions(id)[0]

        def reverted(what: tuple[PresetEntry, Version]) -> None:
            entry, before = what
            self._thumbnails.forget(entry.id)
            self.shelf_changed.emit()
            if self._current.id == entry.id:
                self.open(entry.id)
            then(before)

        self._librarian.do(work, reverted)

    # -- inside --------------------------------------------------------------------------------

    def _entry(self, id: str) -> PresetEntry | None:
        try:
            return self._library.entry(id)
        except PresetError as error:
            self.noticed.emit(str(error))
            return None

    def _amend(self, work: Callable[[], object]) -> None:
        self._librarian.do(work, lambda _: self.shelf_changed.emit())

    def _rewrite(self, id: str, work: Callable[[], PresetEntry]) -> None:
        """Change what is said about a preset. Where it is the current one as it was seen here, it
        stays so: saving over it later is no surprise to anybody."""

        def both() -> tuple[str, PresetEntry]:
            return self._library.open(id).stamp, work()

        def done(what: tuple[str, PresetEntry]) -> None:
            before, entry = what
            self.shelf_changed.emit()
            if self._current.id == id and self._current.stamp == before:
                self._current.stamp = entry.stamp
                self.changed.emit()

        self._librarian.do(both, done)

    def _picture_now(self) -> Pixels | None:
        shown = self._session.state(self._session.scene.front).shown
        return None if shown is None else small(shown.pixels)

    def _on_recalled(self, item: SetListItem) -> None:
        entry = self._entry(item.key)
        if entry is not None:
            recalling = self._recalling
            scene = recalling.scene or self._session.scene
            self._current.called_up(entry, scene, recalling.left)
            self.changed.emit()

    def _on_pictured(self, deck: str) -> None:  # noqa: ARG002
        """A preset without a small picture gets one when it is shown."""
        entry = self.current
        if entry is None or entry.factory or self.modified:
            return
        if self._thumbnails.lacks(entry.id):
            picture = self._picture_now()
            if picture is not None:
                self._thumbnails.keep(entry, picture)
