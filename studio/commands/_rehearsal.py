"""A set list gone through before the evening, without a window and on no clock but its own.

Every preset is looked at (models, their hashes, ports), every morph is stepped from end to end, and
the slowest picture of each is timed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter

from studio.document.errors import StudioError
from studio.document.routes import SOUND
from studio.document.scene import Deck, Scene
from studio.engine import Resources
from studio.engine.deck_job import own_files_of
from studio.engine.offline import Offline, opened
from studio.engine.own_pictures import OwnPictureFiles
from studio.engine.registry import Registry
from studio.outputs.mixing import Mixer, Picture, Size, visible
from studio.presets import Preset
from studio.presets.fitting import fitted
from studio.presets.identities import Weights, model_of
from studio.scenes.crossing import Crossing

SLOW_MS = 100.0
"""A morph whose slowest picture takes longer is seen to stutter."""
STEPS = 8
"""Pictures of a morph that are timed, beside its first."""


@dataclass(frozen=True)
class Morphed:
    """One morph of the list."""

    name: str
    """ "First light -> Reel"."""
    worst_ms: float
    share: float
    """Where on the way that was, 0 to 1."""


@dataclass(frozen=True)
class Rehearsal:
    """What came of it."""

    morphs: tuple[Morphed, ...]
    mend: tuple[str, ...]
    """What is to be mended, a sentence each."""

    @property
    def is_ready(self) -> bool:
        """Whether the evening can begin."""
        return not self.mend


class Rehearsing:
    """Goes through presets in their order. As a context it holds the engines."""

    def __init__(
        self,
        registry: Registry,
        resources: Resources,
        *,
        outputs: Collection[str] | None = None,
        size: Size = (1280, 720),
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        """`outputs` are the MIDI outputs that there are; None where nobody knows."""
        self._registry, self._resources, self._outputs = registry, resources, outputs
        self._size, self._clock = size, clock
        self._weights, self._mixer = Weights(), Mixer()
        self._stack = ExitStack()
        self._engines: dict[tuple[str, str], Offline] = {}

    def __enter__(self) -> Rehearsing:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, presets: Sequence[Preset]) -> Rehearsal:
        """Look at each of them, and step each morph from one to the next."""
        mend: list[str] = []
        scenes: list[tuple[str, Scene]] = []
        for preset in presets:
            mend += (f"{preset.name}: {said}" for said in self._wrong_with(preset))
            try:
                scene = self._filled(fitted(preset, self._registry, self._weights).scene)
                self._picture_of(scene)
                scenes.append((preset.name, scene))
            except StudioError as error:
                mend.append(f"{preset.name}: {error}")
        morphs = [self._morphed(*ends) for ends in pairwise(scenes)]
        mend += (
            f"{m.name}: its slowest picture, at {100 * m.share:.0f}%, takes {m.worst_ms:.0f} ms."
            for m in morphs
            if m.worst_ms > SLOW_MS
        )
        return Rehearsal(tuple(morphs), tuple(dict.fromkeys(mend)))

    # -- inside --------------------------------------------------------------------------------

    def _wrong_with(self, preset: Preset) -> Iterator[str]:
        for made in preset.models:
            here = model_of(made.engine, made.model, self._registry)
            title = made.title or made.model
            if here is None:
                yield f"The model {title} is not here."
            elif made.sha256 and not self._weights.has(here, made.sha256):
                yield f"The model {title} has other weights than those that it was made with."
        for deck in preset.scene.decks:
            yield from OwnPictureFiles().trouble_with(own_files_of(deck))
        wanted = {route.port for route in preset.scene.routes} - {SOUND}
        if self._outputs is not None:
            for port in sorted(wanted - set(self._outputs)):
                yield f"The MIDI output {port} is not there."

    def _morphed(self, start: tuple[str, Scene], end: tuple[str, Scene]) -> Morphed:
        directions = {
            deck.key: self._engine(deck).directions for deck in (*end[1].decks, *start[1].decks)
        }
        way = Crossing(start[1], end[1], self._registry, directions)
        worst_ms, worst_share = 0.0, 0.0
        for step in range(STEPS + 1):
            scene, began_s = way.at(step / STEPS), self._clock()
            self._picture_of(scene)
            took_ms = 1000 * (self._clock() - began_s)
            if took_ms > worst_ms:
                worst_ms, worst_share = took_ms, step / STEPS
        return Morphed(f"{start[0]} -> {end[0]}", worst_ms, worst_share)

    def _picture_of(self, scene: Scene) -> None:
        decks = {deck.key: deck for deck in scene.decks}
        pictures = []
        for key, layer in visible(scene):
            if key in decks:
                engine = self._engine(decks[key])
                pictures.append(Picture(key, layer, engine.picture(engine.job(decks[key]))))
        self._mixer.mix(pictures, scene.mix, self._size)

    def _filled(self, scene: Scene) -> Scene:
        """With samples where a shelf is empty, as when it is opened on the stage."""
        for deck in scene.decks:
            if not any(deck.slots):
                scene = scene.with_deck(self._engine(deck).filled(deck))
        return scene

    def _engine(self, deck: Deck) -> Offline:
        key = (deck.engine, deck.model)
        if key not in self._engines:
            way = opened(self._registry, *key, self._resources)
            self._engines[key] = self._stack.enter_context(way)
        return self._engines[key]
