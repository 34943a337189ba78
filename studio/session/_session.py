"""The one object that the window and the command line talk to.

It owns the scene and its history, tells the engine thread what is wanted, and takes what comes
back. Everything here runs on the window's thread and nothing here waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from psygnal import Signal

from studio.document.history import History
from studio.document.parameters import Parameter, Value, validated
from studio.document.routes import Route
from studio.document.scene import Deck, Scene
from studio.document.score import SCORE
from studio.engine import EngineSpec, Latent, ModelSpec, Resources, thread_budget
from studio.engine.deck_state import DeckState
from studio.engine.decks import checked
from studio.engine.registry import Registry
from studio.engine.room import EngineRoom
from studio.export.exports import Exports
from studio.latent.mixing import point_of
from studio.latent.steering import Directions
from studio.session.decks import Decks
from studio.session.gestures import Gestures
from studio.session.mixer import Mixer
from studio.session.modulation import Modulation
from studio.session.motion import Motion
from studio.session.own_bars import OwnBars
from studio.session.pads import Pads
from studio.session.painting import Painting
from studio.session.slots import Slots
from studio.session.words import Words


class Session:
    """What the scene is and what is known of it; its parts change it, one subject each:
    `slots`, `pads`, `decks`, `motion` (walks and drifts), `modulation`, `gestures`, `painting`,
    `mixer`, `own_bars`; `words` is what a deck says; `engines` has their device, threads, meter and
    small pictures, and composes; `exports` writes files.

    Signals: `changed(new, old)` scenes; `pictured(deck)`, `state_changed(deck)` keys;
    `thumbnailed(deck, slot)`; `noticed(sentence)` for the artist.
    """

    changed = Signal(Scene, Scene)
    pictured = Signal(str)
    state_changed = Signal(str)
    thumbnailed = Signal(str, int)
    noticed = Signal(str)

    def __init__(
        self,
        registry: Registry,
        scene: Scene,
        *,
        wake: Callable[[], None],
        resources: Resources | None = None,
        history: History | None = None,
    ) -> None:
        self.registry = registry
        self.history = history or History()
        self._scene = checked(self.registry, scene)
        granted = resources or Resources(threads=thread_budget(live=True))
        self.engines = EngineRoom(registry, self._scene, wake, granted)
        self.engines.pictured.connect(self.pictured.emit)
        self.engines.state_changed.connect(self.state_changed.emit)
        self.engines.thumbnailed.connect(self.thumbnailed.emit)
        self.engines.noticed.connect(self.noticed.emit)
        self.exports = Exports(self.engines, wake)
        self.exports.noticed.connect(self.noticed.emit)
        self.words = Words(self)
        self.slots = Slots(self)
        self.pads = Pads(self)
        self.decks = Decks(self)
        self.motion = Motion(self)
        self.modulation = Modulation(self)
        self.gestures = Gestures(self)
        self.painting = Painting(self)
        self.mixer = Mixer(self)
        self.own_bars = OwnBars(self)
        self.modulation.follow(self._scene)

    # -- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the engine thread and load the scene's decks."""
        self.engines.start()

    def collect(self) -> None:
        """Take what the engine thread has done. Call it on the window's thread when woken."""
        self.engines.collect()
        self.exports.step()

    def close(self, timeout_s: float = 5.0) -> bool:
        """Stop the engine thread. False when an engine hangs and had to be left behind."""
        self.exports.close()
        return self.engines.thread.close(timeout_s)

    # -- what is known -------------------------------------------------------------------------

    @property
    def scene(self) -> Scene:
        """As hands have set it; see `shown`."""
        return self._scene

    @property
    def shown(self) -> Scene:
        """The scene as it is shown and played: with every control where modulators move it."""
        return self.modulation.shown

    def state(self, deck: str) -> DeckState:
        return self.engines.state(deck)

    def spec(self, deck: str) -> EngineSpec:
        return self.registry.spec(self._scene.deck(deck).engine)

    def controls(self, deck: str) -> tuple[Parameter, ...]:
        """Every parameter that the deck's engine and model declare."""
        return self.spec(deck).controls(self._scene.deck(deck).model)

    def model(self, deck: str) -> ModelSpec:
        return self.spec(deck).model(self._scene.deck(deck).model)

    def directions(self, deck: str) -> Directions:
        """The steps along the named directions of the deck's model; none until it is loaded."""
        return self.engines.state(deck).directions

    def point(self, deck: str) -> Latent:
        """The point that the deck shows, float32 (latent_size,)."""
        return self.point_of(self.shown.deck(deck))

    def point_of(self, deck: Deck) -> Latent:
        """The point that a deck of this session shows where it is as in `deck`."""
        return point_of(deck, self.model(deck.key).latent_size, self.directions(deck.key))

    # -- the scene -----------------------------------------------------------------------------

    def open(self, scene: Scene) -> None:
        """Show `scene` instead; one undo brings everything back.

        Raises `EngineError` or `ParameterError`, and then nothing has changed.
        """
        scene = checked(self.registry, scene)
        walking = self.motion.walking_decks()
        self.motion.stop_walks()
        self.replace(scene, None)
        self.motion.begin(walking if self.motion.keeps_moving else ())

    def replace(self, scene: Scene, gesture: str | None) -> None:
        """Make `scene`, which is made of the present one and known to be valid, the present one.

        Changes of the same `gesture` that follow each other join; None is a step of its own.
        """
        if scene != self._scene:
            self.history.record(self._scene, gesture)
            self.show(scene)

    def change(self, deck: Deck, gesture: str | None) -> None:
        """Put `deck` in the place of the one with its key; see `replace`."""
        self.replace(self._scene.with_deck(deck), gesture)

    def show(self, scene: Scene) -> None:
        """Make `scene` the present one and ask the engines for what differs; no step to undo.

        For what moves by itself: whoever moves it sees to the history.
        """
        before, self._scene = self._scene, scene
        if scene is before:
            return
        self.modulation.follow(scene)
        self.changed.emit(scene, before)

    def undo(self) -> None:
        self.motion.stop_walks()
        self.show(self.history.undo(self._scene))

    def redo(self) -> None:
        self.motion.stop_walks()
        self.show(self.history.redo(self._scene))

    def set(self, deck: str, name: str, value: Value) -> None:
        """Set a parameter of the deck's engine. Raises `ParameterError`."""
        before = self._scene.deck(deck)
        values = validated(self.controls(deck), {**before.parameters, name: value})
        self.change(before.but(parameters=values), f"{deck}.{name}")

    def set_score(self, name: str, value: Value) -> None:
        """Set the tempo or something else about time. Raises `ParameterError`."""
        score = validated(SCORE, {**self._scene.score, name: value})
        self.replace(self._scene.but(score=score), f"score.{name}")

    def set_routes(self, routes: Sequence[Route]) -> None:
        """Send tracks elsewhere."""
        self.replace(self._scene.but(routes=tuple(routes)), "routes")
