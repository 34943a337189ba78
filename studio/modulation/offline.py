"""A scene at a beat, as it is shown and played there: for files, and for whoever composes ahead.

As on the stage when play began at beat 0 and no hand has moved since: what walks and drifts, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from studio.document.parameters import Parameter
from studio.document.scene import Deck, Scene
from studio.document.score import METRE_BEATS, METRE_UNIT, TEMPO
from studio.latent.mixing import walk_point
from studio.modulation.graph import Graph
from studio.modulation.inputs import Inputs, Moves, Tune
from studio.modulation.kinds import sources_of
from studio.modulation.targets import Target, modulated, targets_of
from studio.modulation.told import tells_line, told
from studio.motion.drifting import Drifting
from studio.motion.walking import Walking
from studio.music.metres import Metre

Controls = Callable[[Deck], Sequence[Parameter]]


def metre_of(scene: Scene) -> Metre:
    """The time signature of a scene."""
    return Metre(int(scene.score[METRE_BEATS.name]), int(scene.score[METRE_UNIT.name]))


def at_beat(
    scene: Scene,
    beat: float,
    controls: Controls,
    tune: Tune | None = None,
    says: Callable[[Scene], str] = lambda _: "",
) -> Scene:
    """`scene`, which `studio.engine.decks.checked` has passed, at `beat`, where `tune` is played.

    Nobody plays keys and no sound comes in; controls stand where the scene has them. `says` is
    asked for the line that decks say in a scene, where a text tells it.
    """
    bpm, metre = float(scene.score[TEMPO.name]), metre_of(scene)
    seconds = beat * 60 / bpm
    scene = _moved(scene, seconds, controls)
    targets = targets_of(scene, controls)
    inputs = Inputs(
        bpm=bpm,
        bar_beats=metre.bar_beats,
        pulse_beats=metre.pulse_beats,
        tune=tune or Tune(),
        moves=_moves(scene, targets),
    )
    values = Graph(scene.modulators, scene.connections).at(beat, seconds, inputs)
    shown = modulated(scene, targets, values.offsets(scene.master_depth)).scene
    shown = told(shown, controls, beat, inputs)
    if not tells_line(shown, controls):
        return shown
    return told(shown, controls, beat, replace(inputs, words=says(shown)))


def _moves(scene: Scene, targets: dict[str, Target]) -> dict[str, Moves]:
    """Where the controls stand that modulators follow."""
    sources = sources_of(scene.modulators)
    found = {source: targets[source] for source in sources if source in targets}
    return {
        source: ((0.0, target.parameter.position(target.read(scene))),)
        for source, target in found.items()
    }


def _moved(scene: Scene, seconds: float, controls: Controls) -> Scene:
    """What walks and drifts as soon as the scene is opened, so many seconds later."""
    for deck in scene.decks:
        if "walk" in deck.moving:
            walking = Walking(0.0, deck.walk.seconds)
            walking.step(seconds, deck.walk.seconds)
            bare = walk_point(deck, walking.phase)
            deck = deck if bare is None else deck.but(held=tuple(bare.tolist()))
        if "drift" in deck.moving:
            values = Drifting(0.0).step(deck, controls(deck), seconds)
            deck = deck.but(parameters={**deck.parameters, **values})
        scene = scene.with_deck(deck)
    return scene
