"""A take played again, offline: its pictures, at any size and rate, and its sound.

At the recorded size a picture is the one that was shown at that time, late as it may have been; at
another one it is that of the scene as it was then, and none is late.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.document.mix import ROLL, TEXT
from studio.document.parameters import Value, validated
from studio.document.scene import Deck, Scene
from studio.engine import Resources
from studio.engine.decks import checked
from studio.engine.offline import Offline, opened
from studio.engine.registry import Registry
from studio.export.plans import sizes
from studio.outputs.mixing import Mixer, Picture, Size, behind_curtain, visible
from studio.outputs.sink import Pixels
from studio.recording.errors import RecordingError
from studio.recording.layers import LayersAgain
from studio.recording.notes import sound_messages
from studio.recording.take import Moment, Take

if TYPE_CHECKING:
    from studio.audio.offline import OfflineSound


@dataclass(frozen=True)
class Anew:
    """What is to be otherwise than it was."""

    size: Size | None = None
    model: str | None = None
    """Of the decks whose engine has a model of that name."""
    values: dict[str, Value] = field(default_factory=dict)
    """Of the decks that have such parameters."""

    @property
    def is_something(self) -> bool:
        """Whether anything is."""
        return bool(self.size or self.model or self.values)


class Replay:
    """The pictures of a take. As a context it holds the engines."""

    def __init__(
        self,
        take: Take,
        registry: Registry,
        resources: Resources | None = None,
        anew: Anew = Anew(),
    ) -> None:
        if anew.size == take.header.size:
            anew = replace(anew, size=None)  # that is no other: pictures stay as they were drawn
        self.take, self._registry, self._anew = take, registry, anew
        self._resources = resources or Resources()
        self.size = anew.size or take.header.size
        """Width and height of the pictures."""
        self._stack = ExitStack()
        self._engines: dict[tuple[str, str], Offline] = {}
        self._mixer = Mixer()
        self._layers = LayersAgain(take)
        self._frozen: tuple[float, Pixels] | None = None
        self._made: dict[str, tuple[Deck, Pixels]] = {}
        self._pictures = {} if anew.is_something else _pictured(take)

    def __enter__(self) -> Replay:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def at(self, seconds: float) -> Pixels:
        """The output at `seconds`, (height, width, 3), not to be written to. Raises `EngineError`,
        `RecordingError`."""
        curtain = self._layers.curtain(seconds)
        live, level = curtain.live(seconds), curtain.level(seconds)
        frozen_s = curtain.frozen_at(seconds)
        frozen = None if frozen_s is None else self._frozen_at(frozen_s)
        played = frozen if frozen is not None and live == 0 else self._played(seconds)
        return behind_curtain(played, frozen, live, level)

    def _frozen_at(self, seconds: float) -> Pixels:
        if self._frozen is None or self._frozen[0] != seconds:
            self._frozen = seconds, self._played(seconds)
        return self._frozen[1]

    def _played(self, seconds: float) -> Pixels:
        """Without blackout and freeze."""
        moment = self.take.at(seconds)
        layers = visible(moment.shown)
        decks = {deck.key for deck in moment.shown.decks}
        pictures = [
            Picture(key, layer, pixels)
            for key, layer in layers
            if (pixels := self._layer(key, seconds, moment, decks)) is not None
        ]
        return self._mixer.mix(pictures, moment.shown.mix, self.size)

    def _layer(
        self, key: str, seconds: float, moment: Moment, decks: Collection[str]
    ) -> Pixels | None:
        if key == ROLL:
            return self._layers.roll(seconds, self.size)
        if key == TEXT:
            return self._layers.text(seconds, self.size)
        return self._picture(key, seconds, moment) if key in decks else None

    def _picture(self, key: str, seconds: float, moment: Moment) -> Pixels | None:
        """What the deck showed; None before its first picture."""
        if key in self._pictures:
            times, changes = self._pictures[key]
            place = bisect_right(times, seconds)
            if not place:
                return None
            moment = self.take.after(changes[place - 1])
        deck = self._deck(key, moment)
        if deck is None or not any(deck.slots):
            return None
        known = self._made.get(key)
        if known is None or known[0] != deck:
            engine = self._engine(deck)
            known = self._made[key] = deck, engine.picture(engine.job(deck))
        return known[1]

    def _deck(self, key: str, moment: Moment) -> Deck | None:
        """As engines drew it: of one that composes, what the hand had set."""
        scenes = (moment.shown, moment.scene)
        found = [deck for scene in scenes for deck in scene.decks if deck.key == key]
        if not found:
            return None
        composes = self._registry.spec(found[0].engine).composes
        return self._changed(found[-1] if composes else found[0])

    def _changed(self, deck: Deck) -> Deck:
        """With what is to be otherwise."""
        if not self._anew.is_something:
            return deck
        spec = self._registry.spec(deck.engine)
        if self._anew.model in {model.name for model in spec.models}:
            if spec.model(str(self._anew.model)).latent_size != spec.model(deck.model).latent_size:
                raise RecordingError(
                    f"The model {self._anew.model} has another kind of points than {deck.model}: "
                    "this take cannot be played with it."
                )
            deck = deck.but(model=str(self._anew.model))
        controls = spec.controls(deck.model)
        names = {parameter.name for parameter in controls}
        values = {**deck.parameters, **{n: v for n, v in self._anew.values.items() if n in names}}
        options = sizes(spec)
        if options and spec.size and self._anew.size and spec.size not in self._anew.values:
            fits = [o for o in options if int(o) >= max(self._anew.size)]
            values[spec.size] = fits[0] if fits else options[-1]
        return deck.but(parameters=validated(controls, values))

    def _engine(self, deck: Deck) -> Offline:
        key = (deck.engine, deck.model)
        if key not in self._engines:
            way = opened(self._registry, *key, self._resources)
            self._engines[key] = self._stack.enter_context(way)
        return self._engines[key]


def _pictured(take: Take) -> dict[str, tuple[list[float], list[int]]]:
    """By deck: when it showed another picture, and after how many changes that was the scene's."""
    found: dict[str, tuple[list[float], list[int]]] = {}
    for seconds, said in take.of_kind("picture"):
        try:
            key, change, *_ = said
            times, changes = found.setdefault(str(key), ([], []))
            changes.append(int(change))
            times.append(seconds)
        except (TypeError, ValueError) as error:
            raise RecordingError(f"The take {take.name} is damaged.") from error
    return found


def check(take: Take, registry: Registry) -> Scene:
    """The first scene of a take, which can be shown here. Raises `EngineError`,
    `ParameterError`."""
    return checked(registry, take.at(0.0).scene)


def checked_span(take: Take, begin_s: float, end_s: float | None, *, alone: bool = False) -> float:
    """Where what is made of a take from `begin_s` to `end_s` ends: at the latest where the take
    does. Raises `RecordingError` where there is nothing between them; of a moment `alone`, where
    it is behind the end."""
    end_s = take.seconds if end_s is None else min(end_s, take.seconds)
    if begin_s > take.seconds or (begin_s >= end_s and not alone):
        raise RecordingError(
            f"The take {take.name} is {take.seconds:.1f} s long: there is nothing "
            + (f"at {begin_s:g} s." if alone else f"between {begin_s:g} s and {end_s:g} s.")
        )
    return end_s


def sound_of(
    take: Take, begin_s: float, end_s: float, tell: Callable[[str], object] = lambda _: None
) -> Iterator[Any]:
    """The instrument's sound from `begin_s` to `end_s`, float32 (frames, 2) at 48 kHz, a block
    after the other. What began before and still sounds is heard. `tell` hears of a SoundFont that
    cannot be played any more."""
    from studio.audio.offline import OfflineSound

    sound = OfflineSound()
    sound.try_font(take.header.font, tell)

    def until(seconds: float) -> Iterator[Any]:
        at_s = sound.seconds
        for block in sound.blocks(min(seconds, end_s)):
            left_out = round((begin_s - at_s) * 48_000)
            at_s = sound.seconds
            if left_out < len(block):
                yield block[max(0, left_out) :]

    for at_s, said in sound_messages(take):
        if isinstance(said, list):
            sound.send(said)
        else:
            yield from until(at_s)
            _obey(sound, said, tell)
    yield from until(end_s)


def _obey(sound: OfflineSound, said: Any, tell: Callable[[str], object]) -> None:
    match said:
        case "stop":
            sound.stop()
        case "panic":
            sound.panic()
        case {"volume": float() | int() as volume}:
            sound.set_volume(float(np.clip(volume, 0, 1)))
        case {"room": float() | int() as amount}:
            sound.set_room(float(np.clip(amount, 0, 1)))
        case {"font": str() as font}:
            sound.try_font(font, tell)


def write_film(
    file: Path,
    replay: Replay,
    *,
    rate: float,
    begin_s: float = 0.0,
    end_s: float | None = None,
    tell: Callable[[float], object] = lambda _: None,
    say: Callable[[str], object] = lambda _: None,
) -> int:
    """Write a film of a take, without a dropped picture and with its sound; how many pictures.
    `tell` hears how much of it there is, 0 to 1, with every picture; what it raises ends it. `say`
    hears of a SoundFont that cannot be played any more.

    Raises OSError, `EngineError`, `RecordingError`.
    """
    from studio.recording.film import Film, best_encoder

    end_s = checked_span(replay.take, begin_s, end_s)
    film = Film(file, replay.size, rate, best_encoder(), sound=True, live=False)
    try:
        sound, heard_s = sound_of(replay.take, begin_s, end_s, say), 0.0
        count = max(1, round((end_s - begin_s) * rate))
        for number in range(count):
            while heard_s <= number / rate and (block := next(sound, None)) is not None:
                film.play(block)
                heard_s += len(block) / 48_000
            film.show(replay.at(begin_s + number / rate), number / rate)
            tell((number + 1) / count)
        for block in sound:
            film.play(block)
    finally:
        film.close()
    return count
