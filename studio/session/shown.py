"""The scene as it is shown and played: with controls moved to where modulators have brought them.

Engines and the transport are given that one, nobody else; the session's own has what the hand has
set.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from psygnal import Signal

from studio.document.modulation import MASTER_DEPTH
from studio.document.parameters import Parameter, Value
from studio.document.scene import Deck, Scene
from studio.document.score import TEMPO
from studio.modulation import editing, told
from studio.modulation.graph import MASTER, Graph, Inside, Values, inside, moved
from studio.modulation.inputs import Inputs
from studio.modulation.targets import Modulated, Target, modulated, targets_of

if TYPE_CHECKING:
    from studio.document.modulation import Connection
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


@dataclass(frozen=True)
class Outside:
    """A control that is no part of the scene, as its owner lets it be modulated."""

    parameter: Parameter
    read: Callable[[], Value]
    """What the hand has set it to."""
    play: Callable[[Value], object] = lambda _: None
    """Let it be heard or seen at a value, which is not the hand's: not set it."""
    scene: Callable[[Scene, Value], Scene] = lambda scene, _: scene
    """The scene that is shown where it stands at a value."""


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


class ShownScene:
    """Signals: `moved(positions)`, for each address whose control now stands elsewhere its position
    in [0, 1], or None where nothing moves it any more, and none where a text alone tells something
    else; `changed()` when something may have begun to move.
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
        self._told_of: tuple[object, bool] = (None, False)
        self._stirred = False
        self._outside: dict[str, Outside] = {}
        self._played: dict[str, Value] = {}
        session.words.changed.connect(self._follow_words)

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

    @property
    def inputs(self) -> Inputs:
        """What modulators heard when they moved last."""
        return self._now.inputs

    def connections_to(self, target: str) -> tuple[Connection, ...]:
        """The connections to a control, by its address."""
        return tuple(c for c in self._session.scene.connections if c.target == target)

    def target(self, address: str) -> Target | None:
        """The control of the scene at `address`; None where there is none that can be moved."""
        return self._known_targets(self._session.scene).get(address)

    def parameter(self, address: str) -> Parameter | None:
        """What a control is that can be modulated, by its address; None for all others."""
        there = inside(address, self._session.scene.modulators)
        found = there or self.target(address) or self._outside.get(address)
        if address == MASTER:
            return MASTER_DEPTH
        return None if found is None else found.parameter

    def base(self, address: str) -> float | None:
        """Where the hand has set a control that can be modulated, in [0, 1]."""
        scene = self._session.scene
        there, target = inside(address, scene.modulators), self.target(address)
        if there is not None:
            return self._base_inside(there)
        if target is not None:
            return target.parameter.position(target.read(scene))
        if address == MASTER:
            return scene.master_depth
        outside = self._outside.get(address)
        return None if outside is None else outside.parameter.position(outside.read())

    def _base_inside(self, there: Inside) -> float:
        scene, (what, id) = self._session.scene, there.node
        if what == "connection":
            return there.parameter.position(editing.connection(scene, id).depth)
        return there.parameter.position(editing.modulator(scene, id).settings[there.setting])

    def add_outside(self, address: str, outside: Outside) -> None:
        """Let a control be modulated that is no part of the scene."""
        self._outside[address] = outside

    @property
    def moving(self) -> bool:
        """Whether time moves anything: then `step` is wanted with every picture."""
        if self._session.gestures.recording:
            return True
        if not (self._graph.targets or self._tells(self._session.scene)):
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
        if not (self._graph.targets or self._tells(self._session.scene)):
            return
        self._values = self._graph.at(self._now.beat, self._now.seconds, self._now.inputs)
        self._show(self._session.scene, self._applied(self._session.scene, self._values, self._now))

    def follow(self, scene: Scene) -> None:
        """The hand has made `scene` the present one: show it as it is moved."""
        known = (scene.modulators, scene.connections)
        if known[0] is not self._of[0] or known[1] is not self._of[1]:
            self._of = known
            self._graph = Graph(*known, before=self._graph)
            now = self._now
            self._values = self._graph.at(now.beat, now.seconds, now.inputs)
            self.stir()
        elif self._tells(scene):
            self.stir()  # the tempo may be another
        self._show(scene, self._applied(scene, self._values, self._now))

    def ahead(self, beat: float) -> Scene:
        """The present scene as it will be played at a beat to come, as far as it is settled."""
        scene = self._session.scene
        if not self._graph.targets:
            return scene
        then = self._source.ahead(beat)
        values = self._graph.at(then.beat, then.seconds, then.inputs, aside=True)
        return self._applied(scene, values, then).scene

    # -- inside --------------------------------------------------------------------------------

    def _follow_words(self, _: str) -> None:
        if self._tells(self._session.scene):
            self.stir()

    def _tells(self, scene: Scene) -> bool:
        """Whether a text says where the music is."""
        if scene is not self._told_of[0]:
            tells = any(told.tells(deck, self._controls(deck)) for deck in scene.decks)
            self._told_of = (scene, tells)
        return self._told_of[1]

    def _applied(self, scene: Scene, values: Values, at: Now) -> Modulated:
        if self._tells(scene):
            inputs = replace(at.inputs, words=self._session.words.now)
            scene = told.told(scene, self._controls, at.beat, inputs)
        if not self._graph.targets:
            return Modulated(scene, {})
        offsets = values.offsets(scene.master_depth)
        reached: dict[str, float] = {}
        for address in self._outside.keys() & offsets.keys():
            outside, offset = self._outside[address], offsets[address]
            parameter = outside.parameter
            position = moved(parameter, parameter.position(outside.read()), offset)
            reached[address] = position
            scene = outside.scene(scene, parameter.at(position))
        result = modulated(scene, self._known_targets(scene), offsets)
        return Modulated(result.scene, {**result.positions, **reached}) if reached else result

    def _known_targets(self, scene: Scene) -> Mapping[str, Target]:
        layout = (scene.front, *((d.key, d.engine, d.model) for d in scene.decks))
        if layout != self._layout:
            self._layout, self._targets = layout, targets_of(scene, self._controls)
        return self._targets

    def _controls(self, deck: Deck) -> Any:
        return self._session.registry.spec(deck.engine).controls(deck.model)

    def _show(self, base: Scene, result: Modulated) -> None:
        before, self._result = self._result, result
        if result.scene is not before.scene:
            self._session.engines.follow(self._drawn(base, result.scene))
        self._play_outside(result.positions)
        news: dict[str, float | None] = {
            address: position
            for address, position in result.positions.items()
            if before.positions.get(address) != position
        }
        news.update((a, None) for a in before.positions.keys() - result.positions.keys())
        if news or self._says_else(before.scene, result.scene):
            self.moved.emit(news)

    def _says_else(self, before: Scene, now: Scene) -> bool:
        decks = zip(before.decks, now.decks, strict=False)
        if all(deck.parameters is other.parameters for deck, other in decks):
            return False  # so it is with every move of the hand
        if not self._tells(self._session.scene):
            return False
        return told.texts(before, self._controls) != told.texts(now, self._controls)

    def _drawn(self, base: Scene, shown: Scene) -> Scene:
        """What engines draw: of a deck that composes what the hand has set. Its phrase is composed
        a bar at a time, from the scene as it will be then; it is not drawn with every picture."""
        registry, still = self._session.registry, {deck.key: deck for deck in base.decks}
        for deck in shown.decks:
            own = still.get(deck.key)
            if own is not None and own is not deck and registry.spec(deck.engine).composes:
                shown = shown.with_deck(own)
        return shown

    def _play_outside(self, positions: Mapping[str, float]) -> None:
        """Let what is no part of the scene be where it has come to, or where the hand has it."""
        for address in self._played.keys() - positions.keys():
            del self._played[address]
            outside = self._outside[address]
            outside.play(outside.read())
        for address in self._outside.keys() & positions.keys():
            outside = self._outside[address]
            value = outside.parameter.at(positions[address])
            if self._played.get(address) != value:
                self._played[address] = value
                outside.play(value)
