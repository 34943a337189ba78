"""A preset on this installation: what of it can be shown here, and what will differ.

The document is never changed by this; only what is shown is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from studio.document.errors import StudioError
from studio.document.parameters import Parameter, ParameterError, Value
from studio.document.scene import Deck, Scene
from studio.document.score import SCORE
from studio.engine import EngineError, EngineSpec, ModelSpec
from studio.engine.decks import checked, fresh_deck
from studio.engine.registry import Registry
from studio.motion.drifting import cyclic
from studio.presets.document import ModelIdentity, Preset
from studio.presets.errors import PresetError
from studio.presets.identities import Weights


@dataclass(frozen=True)
class Fitted:
    """A scene that can be shown here, and one sentence for everything that is not as it was."""

    scene: Scene
    remarks: tuple[str, ...] = ()


def fitted(preset: Preset, registry: Registry, weights: Weights) -> Fitted:
    """`preset` as it can be shown here. Raises `PresetError` only where there is no engine."""
    made_with = {(m.engine, m.model): m for m in preset.models}
    fit = _Fit(registry, weights, made_with)
    scene = fit.scene(preset.scene)
    try:
        return Fitted(checked(registry, scene), tuple(dict.fromkeys(fit.remarks)))
    except StudioError as error:
        raise PresetError(f"The preset {preset.name} cannot be shown: {error}") from error


def _hash(model: ModelIdentity | None) -> str:
    """By which whoever made it can find its file."""
    return f" (weights {model.sha256[:8]})" if model and model.sha256 else ""


class _Fit:
    def __init__(
        self,
        registry: Registry,
        weights: Weights,
        made_with: Mapping[tuple[str, str], ModelIdentity],
    ) -> None:
        self.remarks: list[str] = []
        self._registry = registry
        self._weights = weights
        self._made_with = made_with

    def scene(self, scene: Scene) -> Scene:
        unlike = {deck.key: deck for deck in reversed(scene.decks)}
        placed = (self._placed(deck) for deck in scene.decks if unlike[deck.key] is deck)
        decks = tuple(self._deck(deck) for deck in placed if deck is not None)
        decks = decks or (self._instead(scene),)
        front = scene.front if scene.front in {d.key for d in decks} else decks[0].key
        score = self._values(scene.score, SCORE, "The score")
        return scene.but(decks=decks, front=front, score=score)

    def _placed(self, deck: Deck) -> Deck | None:
        """`deck` with the model whose weights it was made with, whatever that is called here, else
        with the one of its name; None where there is neither."""
        made_with = self._made_with.get((deck.engine, deck.model))
        title = (made_with and made_with.title) or deck.model
        models = self._models(deck.engine)
        named = next((m for m in models if m.name == deck.model), None)
        if made_with is None or made_with.sha256 is None:
            model = named
        else:
            first = [named] if named else []  # the others' weights are read only if it must be
            ways = (m for m in (*first, *models) if self._weights.has(m, made_with.sha256))
            model = next(ways, named)
        if model is None:
            self.remarks.append(
                f"The model {title[:60]} of the engine {deck.engine[:60]}{_hash(made_with)} is not "
                "here, so what it made is left out."
            )
            return None
        if made_with and made_with.sha256 and not self._weights.has(model, made_with.sha256):
            self.remarks.append(
                f"The model {model.title} has other weights here than when this was made, "
                "so it will look or sound different."
            )
        return deck if model is named else deck.but(model=model.name)

    def _models(self, engine: str) -> tuple[ModelSpec, ...]:
        try:
            return self._registry.spec(engine).models
        except EngineError:
            return ()

    def _instead(self, scene: Scene) -> Deck:
        """Nothing of it can be shown: a deck of what is here, where the first one stood."""
        if not self._registry.specs:
            raise PresetError("No engine can be used; run `latentloom doctor` to see why.")
        lost = scene.decks[0]
        names = {spec.name: spec for spec in self._registry.specs}
        spec = names.get(lost.engine, self._registry.specs[0])
        self.remarks.append(f"{spec.title} is shown in its place.")
        return fresh_deck(spec, key=lost.key).but(pad=lost.pad, seed=lost.seed)

    def _deck(self, deck: Deck) -> Deck:
        spec = self._registry.spec(deck.engine)
        deck = self._sized(deck, spec)
        title = spec.model(deck.model).title
        directions = {d.name for d in spec.model(deck.model).directions}
        turning = {p.name for p in cyclic(spec.controls(deck.model))}
        return deck.but(
            parameters=self._values(deck.parameters, spec.controls(deck.model), title),
            fixed=self._only(deck.fixed, directions, f"{title} has no direction {{}} to lock."),
            drift=self._only(deck.drift, turning, f"{title} has nothing called {{}} that drifts."),
        )

    def _sized(self, deck: Deck, spec: EngineSpec) -> Deck:
        """Points of another size mean nothing here."""
        model = spec.model(deck.model)
        kept = tuple(s if s and len(s.latent) == model.latent_size else None for s in deck.slots)
        held = deck.held if deck.held and len(deck.held) == model.latent_size else None
        if (kept, held) == (deck.slots, deck.held):
            return deck
        self.remarks.append(f"Slots that do not fit {model.title} as it is here are left out.")
        return deck.but(slots=kept, held=held)

    def _values(
        self, values: Mapping[str, Value], parameters: Iterable[Parameter], who: str
    ) -> dict[str, Value]:
        declared = {p.name: p for p in parameters}
        kept: dict[str, Value] = {}
        for name, value in values.items():
            if name not in declared:
                self.remarks.append(f"{who} has no {name[:40]!r} here.")
                continue
            try:
                kept[name] = declared[name].validate(value)
            except ParameterError as error:
                self.remarks.append(f"{error}"[:240])
        return kept

    def _only(self, held: Mapping[str, float], known: set[str], lacks: str) -> dict[str, float]:
        self.remarks += [lacks.format(repr(name[:40])) for name in held if name not in known]
        return {name: value for name, value in held.items() if name in known}
