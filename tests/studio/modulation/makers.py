"""Modulators, connections and a tune for the tests of this folder."""

from __future__ import annotations

from typing import Any

from studio.document.modulation import Connection, Modulator, Step
from studio.modulation.inputs import Inputs, Tune, TuneChord, TuneNote
from studio.modulation.kinds import complete
from studio.modulation.values import value

KICKS = (0.02, 1.0, 1.5, 2.98, 4.0, 5.25, 6.0, 7.0)
"""As hands play them: not all on the grid."""
MELODY = ((0.0, 60), (0.5, 64), (1.0, 67), (2.0, 72), (3.0, 71), (4.0, 60), (6.0, 62))
TUNE = Tune(
    [
        *(TuneNote(beat, 0.1, 36, 100, "drums") for beat in KICKS),
        *(TuneNote(beat, 0.5, pitch, 60 + pitch // 2, "lead", 2) for beat, pitch in MELODY),
        *(TuneNote(float(beat), 1.0, 43, 80, "bass", 2) for beat in range(8)),
    ],
    [TuneChord(0.0, 0), TuneChord(4.0, 7, 0.1), TuneChord(6.0, 2, 0.6)],
)
HEARD = Inputs(tune=TUNE)


def made(kind: str, id: int = 1, **settings: Any) -> Modulator:
    """A modulator of a kind, whole."""
    steps = tuple(
        Step(value=n / 7, glide=0.3 * (n % 2), chance=1 - 0.4 * (n % 3)) for n in range(8)
    )
    points = ((0.0, 0.0, 0.0), (1.0, 0.5, -0.25), (2.5, -0.5, 0.25), (4.0, 0.0, 0.0))
    return complete(
        Modulator(
            id=id,
            kind=kind,
            settings=settings,
            steps=steps if kind == "steps" else (),
            points=points if kind == "gesture" else (),
        )
    )


def at(beat: float, modulator: Modulator, inputs: Inputs = HEARD, **more: Any) -> float:
    """Its value at a beat of 120 to the minute."""
    return value(modulator, beat, beat * 60 / inputs.bpm, inputs, **more)


def connection(id: int, modulator: int, target: str, **more: Any) -> Connection:
    return Connection(id=id, modulator=modulator, target=target, **more)
