"""What a wish does: the scene that it asks for, and the passage of its whole tune."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from studio.document.parameters import Parameter, Value, initial_values, validated
from studio.document.scene import Scene
from studio.document.score import METRE_BEATS, METRE_UNIT, PARTS, TEMPO
from studio.engine import EngineSpec, Latent, Passage
from studio.live.ensemble.routes import track_of
from studio.music.band.players import BandSetting
from studio.music.genres import genre_named
from studio.music.metres import Metre
from studio.music.wishes.wish import Wish

BARS = 16
"""A tune whose length was not said."""


def granted(scene: Scene, deck: str, wish: Wish, controls: Iterable[Parameter], seed: int) -> Scene:
    """`scene` with everything that the wish says about `deck` and about time; `seed` where it
    names none. What was not said stays. Raises `ParameterError`."""
    held = scene.deck(deck)
    values = validated(controls, {**held.parameters, **wish.values})
    number = wish.seed if wish.seed is not None else seed
    scene = scene.with_deck(held.but(parameters=values, seed=number))
    score = {**scene.score, **_timed(scene.score, wish)}
    routes = scene.routes
    if wish.accompanied is not None:
        band = {track_of(deck, part) for part in PARTS[1:]}
        routes = tuple(
            route.but(mute=not wish.accompanied) if route.track in band else route
            for route in routes
        )
    return scene.but(score=score, routes=routes)


def passage_of(scene: Scene, deck: str, wish: Wish, latent: Latent) -> Passage:
    """The whole tune that was wished for, under the scene that `granted` made."""
    held, score = scene.deck(deck), scene.score
    return Passage(
        latent=latent,
        parameters=MappingProxyType(held.parameters),
        seed=held.seed,
        metre=Metre(int(score[METRE_BEATS.name]), int(score[METRE_UNIT.name])),
        bars=wish.bars or BARS,
        free=True,
        closes=True,
    )


@dataclass(frozen=True, kw_only=True)
class WholeTune:
    """A tune that depends on the wish and the seed alone, whatever a scene has set."""

    passage: Passage
    setting: BandSetting
    tempo: float


def whole_tune(spec: EngineSpec, wish: Wish, seed: int) -> WholeTune:
    """What `wish` asks of the first model of the engine `spec`; the same for the same seed."""
    model = spec.models[0]
    values: dict[str, Value] = {**initial_values(spec.controls(model.name)), **wish.values}
    genre, part = spec.told("genre", values), spec.told("part", values)
    bars = int(part) if isinstance(part, (int, float)) else BandSetting().part
    setting = BandSetting("any" if genre is None else str(genre), seed, bars, wish.band)
    ways = genre_named(setting.genre)
    metre = wish.metre or ways.metre
    key = {spec.roles.get(role) for role in ("tonic", "mode")}
    passage = Passage(
        latent=np.zeros(model.latent_size, np.float32),
        parameters={n: v for n, v in values.items() if n in wish.values or n not in key},
        seed=seed,
        metre=metre,
        bars=wish.bars or BARS,
        free=True,
        opens=True,
        closes=True,
    )
    return WholeTune(passage=passage, setting=setting, tempo=wish.tempo or ways.tempo_in(metre))


def _timed(score: Mapping[str, Value], wish: Wish) -> dict[str, Value]:
    """What a scene's score is to say."""
    said: dict[str, Value] = {n: value for n, value in wish.band.items() if n in score}
    if wish.tempo is not None:
        said[TEMPO.name] = TEMPO.validate(wish.tempo)
    if wish.metre is not None:
        said[METRE_BEATS.name] = wish.metre.beats
        said[METRE_UNIT.name] = str(wish.metre.unit)
    return said
