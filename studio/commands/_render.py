"""`latentloom render`: what the instrument shows at a beat of a preset, and what `--set` says."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from studio.document.parameters import Parameter, ParameterError, Value
from studio.document.scene import Deck, Scene
from studio.engine import Job, Resources
from studio.engine.decks import checked
from studio.engine.offline import Offline, opened
from studio.engine.registry import Registry
from studio.export.writers import PICTURES, save_picture
from studio.latent.mixing import point_of
from studio.live.ensemble.band import Task, with_band
from studio.live.ensemble.played import Roll, RollBar
from studio.live.ensemble.wishes import PAST_BARS, passage_of, setting_of
from studio.live.modulation_source import tune_of
from studio.modulation.inputs import Tune
from studio.modulation.offline import at_beat, metre_of
from studio.music.phrases import Phrase
from studio.presets import document


def settings_of(controls: Iterable[Parameter], texts: Iterable[str]) -> dict[str, Value]:
    """The values of `--set NAME=VALUE`. Raises `ParameterError`."""
    declared = {p.name: p for p in controls}
    values: dict[str, Value] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or name not in declared:
            known = ", ".join(declared)
            raise ParameterError(f"--set wants NAME=VALUE with one of: {known}; not {text!r}.")
        values[name] = declared[name].parse(value)
    return values


def save(engine: Offline, job: Job, suffix: str, path: Path) -> None:
    """Write the picture of a job, or with the suffix ".svg" its outline. Raises `EngineError` and
    OSError."""
    if suffix == ".svg":
        path.write_bytes(engine.drawn(job).encode())
    else:
        save_picture(path, engine.picture(job), PICTURES[suffix])


_EDGE = 1e-6
_AHEAD_BEATS = 1.0
"""Modulators know so much of what is to come."""


class Score:
    """A preset's scene with its engines, and the tune that its decks play from beat 0 on.

    Use it as a context: it holds the engines.
    """

    def __init__(self, registry: Registry, preset: Path | Scene, resources: Resources) -> None:
        """Raises `PresetError`, `EngineError`, `ParameterError` or `ModulationError`."""
        self._registry, self._resources = registry, resources
        scene = preset if isinstance(preset, Scene) else document.read(preset).scene
        self.scene = checked(registry, scene)
        self._stack = ExitStack()
        self._engines: dict[str, Offline] = {}

    def __enter__(self) -> Score:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def title(self) -> str:
        """The engine and the model of the deck in front."""
        engine = self._engine(self.scene.front_deck)
        return f"{engine.spec.title}, {engine.model.title}"

    def save(self, beat: float, suffix: str, path: Path) -> None:
        """Write what the deck in front shows at `beat`: a picture, or with the suffix ".svg" its
        outline. Raises `EngineError` and OSError."""
        save(*self.job(beat), suffix, path)

    def job(self, beat: float) -> tuple[Offline, Job]:
        """The picture of the deck in front at `beat`, and the engine for it."""
        engine = self._engine(self.scene.front_deck)
        return engine, engine.job(self.at(beat).front_deck)

    def at(self, beat: float) -> Scene:
        """The scene at `beat`, as it is shown and played."""
        return at_beat(self.scene, beat, self._controls, self._tune(beat), self._says)

    def composes(self, deck: Deck) -> bool:
        """Whether its engine does."""
        return self._registry.spec(deck.engine).composes

    def bars(self, deck: str, until: float) -> tuple[RollBar, ...]:
        """What a deck plays from beat 0 to the beat `until`, in whole bars."""
        engine = self._engine(self.scene.deck(deck))
        assert engine.spec.composes
        return self._roll(self.scene.deck(deck), until - _AHEAD_BEATS - _EDGE).bars

    # -- inside --------------------------------------------------------------------------------

    def _engine(self, deck: Deck) -> Offline:
        """The deck's engine; a deck whose shelf is empty gets its samples, as on the stage."""
        found = self._engines.get(deck.key)
        if found is None:
            way = opened(self._registry, deck.engine, deck.model, self._resources)
            found = self._engines[deck.key] = self._stack.enter_context(way)
            if not any(deck.slots):
                self.scene = self.scene.with_deck(found.filled(deck))
        return found

    def _says(self, scene: Scene) -> str:
        """The line of the first deck that says one."""
        engines = ((deck, self._engine(deck)) for deck in scene.decks if any(deck.slots))
        lines = (engine.words(engine.job(deck)) for deck, engine in engines)
        return next(filter(None, lines), "")

    def _controls(self, deck: Deck) -> Any:
        return self._registry.spec(deck.engine).controls(deck.model)

    def _tune(self, beat: float) -> Tune:
        """What all decks that compose have played by then; nothing where nobody listens."""
        if not any(m.kind in ("notes", "envelope") for m in self.scene.modulators):
            return Tune()
        rolls = [self._roll(deck, beat) for deck in self.scene.decks]
        return tune_of(tuple(rolls))

    def _roll(self, deck: Deck, beat: float) -> Roll:
        spec = self._registry.spec(deck.engine)
        if not spec.composes:
            return Roll()
        engine, metre = self._engine(deck), metre_of(self.scene)
        bars: list[RollBar] = []
        past: list[Phrase] = []
        band, number, key = None, 0, None
        while metre.bar(number).start_beats <= beat + _AHEAD_BEATS:
            bar = metre.bar(number)
            so_far = tune_of((Roll(tuple(bars), key),))
            scene = at_beat(self.scene, bar.start_beats, self._controls, so_far)
            then = scene.deck(deck.key)
            point = point_of(then, engine.model.latent_size, engine.directions)
            passage = passage_of(then, point, metre, number, tuple(past[-PAST_BARS:]), free=False)
            lead = engine.compose(passage)
            setting = setting_of(then, spec, scene.score)
            made = with_band(Task(lead=lead, number=number, setting=setting, before=band))
            band, key = made.state, lead.key
            past.append(lead)
            bars.append(
                RollBar(number, bar.start_beats, bar.length_beats, made.notes, chords=made.chords)
            )
            number += 1
        return Roll(tuple(bars), key)
