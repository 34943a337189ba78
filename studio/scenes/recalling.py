"""Calling up scenes: from the shelf, the set list, the snapshots or the past, in time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from psygnal import Signal

from studio.control.controls import ControlError
from studio.document.errors import StudioError
from studio.document.parameters import Toggle
from studio.document.scene import Scene
from studio.engine.decks import checked
from studio.presets.fitting import Fitted
from studio.scenes._set_list import SetListItem, SetListOrder
from studio.scenes.morphing import Morph, Timing
from studio.session import Session

GLIDES = Toggle(
    name="recall_glides",
    label="Morph when opening",
    default=False,
    help="Scenes that are opened come by a morph, not at once.",
)

Read = Callable[[str], Fitted]
"""The scene of an item's key, as it can be shown here. Raises `PresetError`, `EngineError` or
`ParameterError`, whose text is one sentence."""

RECALL = "recall"
"""What waits for its beat under this key is a scene."""


@dataclass(frozen=True, eq=False)
class _Wanted:
    """What was called up. An item without a key is no preset: a snapshot, for instance."""

    item: SetListItem
    fitted: Fitted
    glides: bool
    place: int | None = None


class Recalling:
    """Calls up scenes when the present scene's quantum lets it, and has the next one ready.

    It is what `studio.control.transport_controls.Recalls` asks for, so a program change, a pedal
    or OSC can call them up too.
    A scene comes at once, as one step to undo, or by a morph while `glides`. Nothing changes where
    a scene cannot be read or shown; the session's `noticed` says why.

    Signals: `changed()` when the list, the place in it, what waits or `glides` is another;
    `recalled(item)` when a scene of an item is shown, or the way to it begins, and `shown(name)`
    when that is so of any scene.
    """

    changed = Signal()
    recalled = Signal(SetListItem)
    shown = Signal(str)

    def __init__(self, session: Session, timing: Timing, morph: Morph, read: Read) -> None:
        self._session = session
        self._timing = timing
        self._morph = morph
        self._read = read
        self._list = SetListOrder()
        self._waiting: _Wanted | None = None
        self._glides = False
        self._to_prepare = False
        self.scene: Scene | None = None
        """What was called up last of an item, as it is shown once it has come."""
        self.left = session.scene
        """The scene that was there when the last one came."""
        self.remarks: tuple[str, ...] = ()
        """What of the scene called up last is not as it was, a sentence each."""
        session.pictured.connect(self._on_pictured)

    def close(self) -> None:
        """Listen to nothing any more."""
        self._session.pictured.disconnect(self._on_pictured, missing_ok=True)

    # -- the set list --------------------------------------------------------------------------

    @property
    def items(self) -> tuple[SetListItem, ...]:
        """The set list."""
        return self._list.items

    def put(self, items: Sequence[SetListItem]) -> None:
        """Have another set list; the place in it stays with its scene."""
        self._list.put(items)
        self._prepare()
        self.changed.emit()

    def stand(self, place: int | None) -> None:
        """Stand at a place of the set list without calling anything up, as on another day."""
        if place is None or place < len(self._list.items):
            self._list.stand(place)
            self._prepare()
            self.changed.emit()

    def names(self) -> tuple[str, ...]:
        """Of the set list, in its order."""
        return tuple(item.name for item in self._list.items)

    def current(self) -> int | None:
        """The place in the set list of the scene called up last; None before."""
        return self._list.place

    @property
    def next_place(self) -> int | None:
        """The place of the scene that `next` would call up; None at the end."""
        return self._list.beside(1, self._start())

    @property
    def waiting(self) -> SetListItem | None:
        """What waits for its beat."""
        return None if self._waiting is None else self._waiting.item

    # -- calling up ----------------------------------------------------------------------------

    @property
    def glides(self) -> bool:
        """Whether scenes come by a morph."""
        return self._glides

    @glides.setter
    def glides(self, glides: bool) -> None:
        self._glides = glides
        self.changed.emit()

    def recall(self, index: int) -> None:
        """Call up the scene at a place of the set list, from 0. Raises `ControlError`."""
        if not 0 <= index < len(self._list.items):
            raise ControlError(f"There is no scene {index + 1} in the set list.")
        self._call(self._list.items[index], index)

    def next(self) -> None:
        """Call up the scene after the present one, or after the one that waits."""
        self._beside(1, "This is the last scene of the set list.")

    def previous(self) -> None:
        """Call up the scene before the present one, or before the one that waits."""
        self._beside(-1, "This is the first scene of the set list.")

    def call(self, item: SetListItem, *, glides: bool | None = None) -> None:
        """Call up a scene wherever it stands; in the set list, its place becomes the current.

        It comes by a morph or at once, whatever is set, where `glides` says so.
        """
        places = [i for i, each in enumerate(self._list.items) if each.key == item.key]
        self._call(item, places[0] if places else None, glides)

    def show(self, scene: Scene, name: str = "") -> None:
        """Bring a scene that is at hand, such as a snapshot: in time, at once or by a morph."""
        try:
            fitted = Fitted(checked(self._session.registry, scene))
        except StudioError as error:
            self._session.noticed.emit(str(error))
            return
        self._await(_Wanted(SetListItem("", name), fitted, self._glides))

    def cancel(self) -> None:
        """What waits for its beat does not come."""
        self._waiting = None
        self.changed.emit()

    # -- inside --------------------------------------------------------------------------------

    def _start(self) -> int | None:
        return self._waiting.place if self._waiting else None

    def _beside(self, steps: int, at_end: str) -> None:
        place = self._list.beside(steps, self._start())
        if not self._list.items:
            self._session.noticed.emit("The set list is empty; drag presets into it.")
        elif place is None:
            self._session.noticed.emit(at_end)
        else:
            self.recall(place)

    def _call(self, item: SetListItem, place: int | None, glides: bool | None = None) -> None:
        fitted = self._fitted(item)
        if fitted is not None:
            chosen = self._glides if glides is None else glides
            self._await(_Wanted(item, fitted, chosen, place))

    def _await(self, wanted: _Wanted) -> None:
        self._session.engines.prepare(RECALL, wanted.fitted.scene)
        self._waiting = wanted
        self._timing.in_time(lambda: self._arrive(wanted), RECALL)
        if self._waiting is wanted:
            self.changed.emit()

    def _arrive(self, wanted: _Wanted) -> None:
        if self._waiting is not wanted:
            return  # cancelled, or another one since
        self._waiting = None
        self._session.engines.prepare(
            f"{RECALL} previous", self._session.scene
        )  # it may be wanted next
        self.left = self._session.scene
        if self._bring(wanted):
            self._to_prepare = True
            self._remark(wanted.fitted.remarks)
            if wanted.item.key:
                self.scene = wanted.fitted.scene
                self._list.stand(self._place_now(wanted.item, wanted.place))
                self.recalled.emit(wanted.item)
        self._session.engines.prepare(RECALL, None)
        self.changed.emit()

    def _place_now(self, item: SetListItem, place: int | None) -> int | None:
        """The list may be another one since it was asked for."""
        items = self._list.items
        if place is not None and place < len(items) and items[place].key == item.key:
            return place
        return next((i for i, each in enumerate(items) if each.key == item.key), None)

    def _bring(self, wanted: _Wanted) -> bool:
        scene, name = wanted.fitted.scene, wanted.item.name
        try:
            if wanted.glides:
                self._morph.to(scene, name, waits=False)
            else:
                self._session.open(scene)
        except StudioError as error:
            self._session.noticed.emit(str(error))
            return False
        self.shown.emit(name)
        return True

    def _remark(self, remarks: tuple[str, ...]) -> None:
        self.remarks = remarks
        if remarks:
            more = f" ({len(remarks) - 1} more)" if remarks[1:] else ""
            self._session.noticed.emit(remarks[0].removesuffix(".") + more + ".")

    def _fitted(self, item: SetListItem) -> Fitted | None:
        try:
            return self._checked(item)
        except StudioError as error:
            self._session.noticed.emit(str(error))
            return None

    def _checked(self, item: SetListItem) -> Fitted:
        found = self._read(item.key)
        return Fitted(checked(self._session.registry, found.scene), found.remarks)

    def _prepare(self) -> None:
        """Have the engines of the next scene and of the one before loaded."""
        self._to_prepare = False
        for key, steps in (("next", 1), ("previous", -1)):
            place = self._list.beside(steps)
            scene = None if place is None else self._quietly(self._list.items[place])
            self._session.engines.prepare(f"{RECALL} {key}", scene)

    def _quietly(self, item: SetListItem) -> Scene | None:
        """The scene of an item; what is wrong with it is said when it is called up."""
        try:
            return self._checked(item).scene
        except StudioError:
            return None

    def _on_pictured(self, deck: str) -> None:  # noqa: ARG002
        if self._to_prepare:  # after the first picture: loading engines keeps pictures waiting
            self._prepare()
