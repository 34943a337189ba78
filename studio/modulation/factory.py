"""Modulators that come with the instrument: a kind, set to something worth having."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from studio.document.modulation import Modulator, Step


def _made(name: str, kind: str, **settings: Any) -> Modulator:
    return Modulator(id=1, kind=kind, name=name, settings=settings)


def _steps(name: str, values: str, glide: float = 0.0, **settings: Any) -> Modulator:
    """`values` are digits, 0 to 9, one a step."""
    steps = tuple(Step(value=int(digit) / 9, glide=glide) for digit in values)
    return Modulator(id=1, kind="steps", name=name, settings=settings, steps=steps)


_ALL = (
    _made("Breathe", "lfo", shape="sine", sync="beat", division="2 bars", phase=0.75),
    _made("Wind", "lfo", shape="wander", sync="free", rate=0.15, seed=7),
    _made("Tape wobble", "lfo", shape="wander", sync="free", rate=4.5, seed=3),
    _made("Slow turn", "lfo", shape="ramp up", sync="beat", division="16 bars"),
    _made("Flicker", "lfo", shape="steps", sync="beat", division="1/16", seed=11),
    _made("Pulse", "lfo", shape="square", sync="beat", division="1/2", width=0.5),
    _made("Kick pump", "envelope", trigger="kick", offset=-0.25, decay=0.35, fall=-0.6),
    _made("Snare flash", "envelope", trigger="snare", attack=0.001, decay=0.15, fall=-0.8),
    _made("Bar swell", "envelope", trigger="bar", offset=-1.0, decay=1.2, fall=-0.3),
    _made("Melody", "notes", measure="pitch", part="lead", offset=-0.25),
    _made("Tension", "notes", measure="tension", smooth=2.0),
    _steps("Gate", "9090990990909909", glide=0.1, sync="beat", division="1/16"),
)

FACTORY: Mapping[str, Modulator] = MappingProxyType({m.name.lower(): m for m in _ALL})
"""By their names in small letters; what is not set goes by its kind's defaults."""

BANDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "Sub": (20.0, 60.0),
        "Bass": (60.0, 200.0),
        "Low mid": (200.0, 600.0),
        "Mid": (600.0, 2000.0),
        "High mid": (2000.0, 5000.0),
        "Presence": (5000.0, 9000.0),
        "Air": (9000.0, 20_000.0),
    }
)
"""Bands of a sound that have names, from and to in Hz."""
BAND_LIMIT = 8
"""So many bands of one sound are drawn and can be told apart."""


def band(name: str, source: str) -> Modulator:
    """A modulator that hears one of `BANDS` of a source of sound (see the kind "sound")."""
    low, high = BANDS[name]
    return _made(name, "sound", source=source, low=low, high=high)
