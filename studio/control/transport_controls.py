"""The addresses of the transport, the sound and scene recall (see `studio.control.controls`).

- `/transport/tempo`, `count_in`, `metre/beats`, `metre/unit`: values, as the transport has them;
  whatever else a scene's score holds, by its own name: `/transport/quantum`.
- `/band/swing`, `humanise`, `band_density`, `lead_level` and the other parts'; `follow_chords`,
  `trade`, `give_way`.
- `/transport/play`, `stop`, `resume`, `tap`, `nudge/ahead`, `nudge/back`.
- `/sound/volume`, `room`, `offset`, `buffer`.
- `/scene`, the number of a scene; `/scene/1` and so on call one up.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import partial
from typing import Protocol

from studio.control.controls import Entry, FixedPart, timed_trigger, trigger, value
from studio.document.addresses import score_address
from studio.document.parameters import Int, Parameter, Value
from studio.document.score import (
    COUNT_IN,
    METRE_BEATS,
    METRE_UNIT,
    SCORE,
    TEMPO,
    TEMPO_PARAMETERS,
)
from studio.music.metres import Metre
from studio.session import Session
from studio.settings.declared import SOUND_PARAMETERS

_NUDGE_S = 0.01
"""A press of a nudge button."""


class Clockwork(Protocol):
    """What is asked of `studio.live.clock.transport.Transport`."""

    @property
    def bpm(self) -> float: ...
    @property
    def state(self) -> str: ...
    @property
    def metre(self) -> Metre: ...
    @property
    def count_in_bars(self) -> int: ...
    def set_tempo(self, bpm: float) -> None: ...
    def set_count_in(self, bars: int) -> None: ...
    def set_metre(self, beats: int, unit: int) -> None: ...
    def play(self) -> None: ...
    def stop(self) -> None: ...
    def resume(self) -> None: ...
    def tap(self, at_s: float) -> None: ...
    def nudge(self, ahead_s: float) -> None: ...


def transport_part(transport: Clockwork) -> FixedPart:
    """The transport's controls."""
    return FixedPart((*_values(transport), *_buttons(transport)))


def _values(transport: Clockwork) -> Iterator[Entry]:
    at = "/transport"
    yield value(f"{at}/tempo", TEMPO.label, TEMPO, lambda: _bpm(transport), transport.set_tempo)
    yield value(
        f"{at}/count_in",
        COUNT_IN.label,
        COUNT_IN,
        lambda: transport.count_in_bars,
        transport.set_count_in,
    )
    yield value(
        f"{at}/metre/beats",
        METRE_BEATS.label,
        METRE_BEATS,
        lambda: transport.metre.beats,
        lambda beats: transport.set_metre(beats, transport.metre.unit),
    )
    yield value(
        f"{at}/metre/unit",
        METRE_UNIT.label,
        METRE_UNIT,
        lambda: str(transport.metre.unit),
        lambda unit: transport.set_metre(transport.metre.beats, int(unit)),
    )


def _buttons(transport: Clockwork) -> Iterator[Entry]:
    at = "/transport"
    yield trigger(f"{at}/play", "Play", transport.play, lambda: transport.state != "stopped")
    yield trigger(f"{at}/stop", "Stop", transport.stop, lambda: transport.state == "stopped")
    yield trigger(f"{at}/resume", "Continue", transport.resume)
    yield timed_trigger(f"{at}/tap", "Tap the tempo", transport.tap)
    yield trigger(f"{at}/nudge/ahead", "Nudge ahead", lambda: transport.nudge(_NUDGE_S))
    yield trigger(f"{at}/nudge/back", "Nudge back", lambda: transport.nudge(-_NUDGE_S))


def score_part(session: Session) -> FixedPart:
    """What a scene says about its time besides what the transport shows, such as the quantum."""
    rest = [parameter for parameter in SCORE if parameter not in TEMPO_PARAMETERS]
    return FixedPart(_of_score(session, parameter) for parameter in rest)


def _of_score(session: Session, parameter: Parameter) -> Entry:
    name = parameter.name
    return value(
        score_address(parameter),
        parameter.label,
        parameter,
        lambda: session.scene.score[name],
        lambda to: session.set_score(name, to),
    )


def sound_part(read: Callable[[str], Value], write: Callable[[str, Value], object]) -> FixedPart:
    """The sound's controls; `read` and `write` take the name of one of `SOUND_PARAMETERS`."""
    return FixedPart(_of_sound(parameter, read, write) for parameter in SOUND_PARAMETERS)


def _of_sound(
    parameter: Parameter, read: Callable[[str], Value], write: Callable[[str, Value], object]
) -> Entry:
    name = parameter.name
    address = f"/sound/{name.removeprefix('sound_')}"
    return value(address, parameter.label, parameter, lambda: read(name), partial(write, name))


def _bpm(transport: Clockwork) -> float:
    """A leader's tempo may be beyond our own range."""
    return min(TEMPO.high, max(TEMPO.low, transport.bpm))


class Recalls(Protocol):
    """Scenes that can be called up by number, such as the presets of a set list."""

    def names(self) -> tuple[str, ...]:
        """In the order of their numbers. Asked often: be quick."""

    def current(self) -> int | None:
        """The index of the one called up last, from 0; None before."""

    def recall(self, index: int) -> object:
        """Call one up, by its index from 0. Raises `ControlError` with one sentence, nothing else:
        what can go wrong otherwise has to be told in another way."""


class RecallPart:
    """Scene recall: `/scene` by number, as a program change has it, and a button for each."""

    def __init__(self, scenes: Recalls, limit: int = 128) -> None:
        self._scenes = scenes
        self._limit = limit

    def layout(self) -> Hashable:
        return self._scenes.names()

    def entries(self) -> Iterable[Entry]:
        names = self._scenes.names()[: self._limit]
        if len(names) > 1:
            number = Int(name="scene", label="Scene", low=1, high=len(names), default=1)
            yield value("/scene", "Scene", number, self._number, self._recall)
        for n, name in enumerate(names, start=1):
            yield self._button(n, name)

    def _button(self, n: int, name: str) -> Entry:
        lit = lambda: self._scenes.current() == n - 1  # noqa: E731
        return trigger(f"/scene/{n}", f"Scene {n}: {name}", lambda: self._recall(n), lit)

    def _number(self) -> int:
        index = self._scenes.current()
        return 1 if index is None else index + 1

    def _recall(self, number: int) -> object:
        return self._scenes.recall(number - 1)
