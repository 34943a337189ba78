"""Modulation in a session: modulators, their connections, and what is shown and played of them.

The scene has what the hand has set; `Modulation.shown` is the scene with every control moved to
where its modulators have brought it. Engines and the transport are given that one, nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from psygnal import Signal

from studio.document.parameters import Value
from studio.document.scene import Deck, Scene
from studio.document.score import TEMPO
from studio.modulation import editing
from studio.modulation.graph import Graph, Values
from studio.modulation.inputs import Inputs
from studio.modulation.kinds import ModulationError, setting_of
from studio.modulation.targets import Modulated, Target, modulated, targets_of
from studio.music.taps import Taps

if TYPE_CHECKING:
    from studio.document.modulation import Connection, Modulator
    from studio.session._session import Session


@dataclass(frozen=True, slots=True)
class Now:
    """A moment as modulators have it; see `studio.modulation.values.value`."""

    beat: float
    seconds: float
    inputs: Inputs
    moves: bool = False
    """Whether it goes on: the music plays, or something that was heard is still ringing."""


class Source(Protocol):
    """Where time and what is heard come from."""

    @property
    def clock(self) -> Callable[[], float]:
        """The seconds of whoever steps the session."""

    @property
    def moves(self) -> bool:
        """Whether time goes on for what runs with the beat, or something is still ringing."""

    def now(self, at_s: float) -> Now:
        """How it is at `at_s`, in the seconds of whoever steps the session."""

    def ahead(self, beat: float) -> Now:
        """How it will be at a beat to come, as far as it is settled."""


class _Standing:
    """Without a transport: the beat stands, the seconds go on."""

    moves = False

    def __init__(self, session: Session) -> None:
        self.clock = perf_counter
        self._session = session
        self._first_s: float | None = None

    def now(self, at_s: float) -> Now:
        self._first_s = at_s if self._first_s is None else self._first_s
        bpm = float(self._session.scene.score[TEMPO.name])
        return Now(0.0, at_s - self._first_s, Inputs(bpm=bpm))

    def ahead(self, beat: float) -> Now:
        bpm = float(self._session.scene.score[TEMPO.name])
        return Now(beat, beat * 60 / bpm, Inputs(bpm=bpm))


class Modulation:
    """What moves a session's controls. Modulators and connections go by their numbers.

    Signals: `moved(positions)`, for each address whose control now stands elsewhere its position
    in [0, 1], or None where nothing moves it any more; `changed()` when something may have begun
    to move. What a hand does here is one step to undo each; what cannot be is said in one sentence
    by the session's `noticed`, and then nothing has changed.
    """

    moved = Signal(object)
    changed = Signal()

    def __init__(self, session: Session) -> None:
        self._session = session
        self._source: Source = _Standing(session)
        self._graph = Graph((), ())
        self._of: tuple[object, object] = ((), ())
        self._now = Now(0.0, 0.0, Inputs())
        self._values = self._graph.at(0.0, 0.0, self._now.inputs)
        self._targets: Mapping[str, Target] = {}
        self._layout: Hashable = None
        self._result = Modulated(session.scene, {})
        self._stirred = False
        self._taps: dict[int, Taps] = {}

    # -- what is shown and played --------------------------------------------------------------

    @property
    def shown(self) -> Scene:
        """The scene as it is shown and played; the hand's own where nothing moves it."""
        return self._result.scene

    @property
    def positions(self) -> Mapping[str, float]:
        """Where every control stands that is modulated, by its address, in [0, 1]."""
        return self._result.positions

    @property
    def values(self) -> Values:
        """The modulators at this moment: `values.of(3)` is the value of number 3."""
        return self._values

    def connections_to(self, target: str) -> tuple[Connection, ...]:
        """The connections to a control, by its address."""
        return tuple(c for c in self._session.scene.connections if c.target == target)

    def target(self, address: str) -> Target | None:
        """The control of the scene at `address`; None where there is none that can be moved."""
        return self._known_targets(self._session.scene).get(address)

    @property
    def moving(self) -> bool:
        """Whether time moves anything: then `step` is wanted with every picture."""
        if self._session.gestures.recording:
            return True
        if not self._graph.targets:
            return False
        return self._stirred or self._graph.is_free or self._source.moves or self._now.moves

    def present(self) -> Now:
        """How it is at this moment."""
        return self._source.now(self._source.clock())

    def lasting(self, address: str) -> str:
        """The address of the same control that names its deck: what is in front may change."""
        known, target = self._known_targets(self._session.scene), self.target(address)
        return next((a for a, t in known.items() if t is target and a[:6] == "/deck/"), address)

    def listen_to(self, source: Source) -> None:
        """Take time and what is heard from `source`."""
        self._source = source
        self.stir()

    def stir(self) -> None:
        """Something that modulators hear is different: move once more, although time stands."""
        self._stirred = True
        self.changed.emit()

    def step(self, now_s: float) -> None:
        """Move everything to where it is at `now_s`; no step to undo."""
        self._stirred = False
        self._now = self._source.now(now_s)
        self._session.gestures.step(self._now)
        if not self._graph.targets:
            return
        self._values = self._graph.at(self._now.beat, self._now.seconds, self._now.inputs)
        self._show(self._applied(self._session.scene, self._values))

    def follow(self, scene: Scene) -> None:
        """The hand has made `scene` the present one: show it as it is moved."""
        known = (scene.modulators, scene.connections)
        if known[0] is not self._of[0] or known[1] is not self._of[1]:
            self._of = known
            self._graph = Graph(*known, before=self._graph)
            now = self._now
            self._values = self._graph.at(now.beat, now.seconds, now.inputs)
            self.stir()
        self._show(self._applied(scene, self._values))

    def ahead(self, beat: float) -> Scene:
        """The present scene as it will be played at a beat to come, as far as it is settled."""
        scene = self._session.scene
        if not self._graph.targets:
            return scene
        then = self._source.ahead(beat)
        values = self._graph.at(then.beat, then.seconds, then.inputs, aside=True)
        return self._applied(scene, values).scene

    # -- inside --------------------------------------------------------------------------------

    def _applied(self, scene: Scene, values: Values) -> Modulated:
        if not self._graph.targets:
            return Modulated(scene, {})
        return modulated(scene, self._known_targets(scene), values.offsets(scene.master_depth))

    def _known_targets(self, scene: Scene) -> Mapping[str, Target]:
        layout = (scene.front, *((d.key, d.engine, d.model) for d in scene.decks))
        if layout != self._layout:
            self._layout, self._targets = layout, targets_of(scene, self._controls)
        return self._targets

    def _controls(self, deck: Deck) -> Any:
        return self._session.registry.spec(deck.engine).controls(deck.model)

    def _show(self, result: Modulated) -> None:
        before, self._result = self._result, result
        if result.scene is not before.scene:
            self._session.engines.follow(result.scene)
        news: dict[str, float | None] = {
            address: position
            for address, position in result.positions.items()
            if before.positions.get(address) != position
        }
        news.update((a, None) for a in before.positions.keys() - result.positions.keys())
        if news:
            self.moved.emit(news)

    # -- what a hand does: modulators ----------------------------------------------------------

    def modulator(self, id: int) -> Modulator:
        """The modulator of this number. Raises KeyError."""
        return editing.modulator(self._session.scene, id)

    def connection(self, id: int) -> Connection:
        """The connection of this number. Raises KeyError."""
        return editing.connection(self._session.scene, id)

    def add(self, modulator: Modulator | str) -> int | None:
        """Another modulator: a kind by its name, a factory one, or a copy of one; its number.
        None where there is no room."""
        return self._edited(lambda scene: editing.added(scene, modulator), None)

    def remove(self, id: int) -> None:
        """Take a modulator away, with all that comes from it and leads to it."""
        self._edit(lambda scene: editing.removed(scene, id), None)

    def change(self, id: int, **changes: Any) -> None:
        """Change a modulator's name, steps, points, or whether it is on or solo."""
        gesture = f"modulator.{id}.{'.'.join(sorted(changes))}"
        self._edit(lambda scene: editing.changed(scene, id, **changes), gesture)

    def set(self, id: int, setting: str, value: Value) -> None:
        """Set a modulator. Where its rate changes while it runs freely, it goes on from where it
        is. Raises `ParameterError`."""
        found = setting_of(self.modulator(id).kind, setting)
        if found is None:
            raise ModulationError(f"Modulator {id} has no setting {setting!r}.")
        fitting, seconds = found.validate(value), self._now.seconds
        self._edit(
            lambda scene: editing.set_to(scene, id, setting, fitting, seconds),
            f"modulator.{id}.{setting}",
        )

    def tap(self, id: int, at_s: float) -> None:
        """A tap of the foot, in the source's seconds: from the second on it goes round with the
        taps; what runs freely begins its round with the last one."""
        bpm = self._taps.setdefault(id, Taps()).tap(at_s)
        if bpm is not None:
            now = self._source.now(at_s)
            self._edit(
                lambda scene: editing.tapped(scene, id, 60 / bpm, now.seconds, now.inputs),
                f"modulator.{id}.tap",
            )

    # -- what a hand does: connections ---------------------------------------------------------

    def connect(self, id: int, target: str, **changes: Any) -> int | None:
        """Let a modulator move a control; the connection's number. One that is there already is
        changed. `changes` are depth, polarity, curve, axis. None where it cannot be."""
        return self._edited(lambda scene: editing.connected(scene, id, target, **changes), None)

    def disconnect(self, id: int) -> None:
        """Take a connection away."""
        self._edit(lambda scene: editing.disconnected(scene, id), None)

    def change_connection(self, id: int, **changes: Any) -> None:
        """Change a connection's depth, polarity, curve, or whether it is on."""
        gesture = f"connection.{id}.{'.'.join(sorted(changes))}"
        self._edit(lambda scene: editing.changed_connection(scene, id, **changes), gesture)

    def set_master(self, depth: float) -> None:
        """How much of all modulation is shown and played, 0 to 1."""
        scene = self._session.scene
        self._session.replace(scene.but(master_depth=float(depth)), "modulation.depth")

    def randomise_depths(self, id: int | None = None, seed: int | None = None) -> None:
        """New depths for all connections, or for those of one modulator."""
        self._edit(lambda scene: editing.randomised(scene, id, seed), None)

    def _edit(self, edit: Any, gesture: str | None) -> None:
        self._edited(lambda scene: (edit(scene), None), gesture)

    def _edited(self, edit: Any, gesture: str | None) -> int | None:
        try:
            scene, id = edit(self._session.scene)
        except (ModulationError, KeyError) as error:
            self._session.noticed.emit(_sentence(error))
            return None
        self._session.replace(scene, gesture)
        made: int | None = id
        return made


def _sentence(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"There is no modulator or connection {error.args[0]} any more."
    return str(error)
