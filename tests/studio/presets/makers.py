"""Presets, libraries and scenes for the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from studio.document.modulation import Connection, Modulator, Step
from studio.document.scene import Deck, Pin, Scene, Stroke, Walk
from studio.engine import Pixels
from studio.presets import Library, Preset
from tests.fakes import FakeClock, Guest, fake, filled_deck, scene_of

PICTURE: Pixels = np.arange(48 * 64 * 3, dtype=np.uint8).reshape(48, 64, 3)


def scene(seed: int = 0, guest: Guest | None = None, decks: int = 1) -> Scene:
    """A scene of its own for each `seed`."""
    guest = guest or fake()
    made = [filled_deck(guest, f"deck{n}", slots=3) for n in range(1, decks + 1)]
    return scene_of(*(deck.model_copy(update={"seed": seed}) for deck in made))


def full_scene() -> Scene:
    """A scene with something in every place that a scene has."""
    deck: Deck = filled_deck(fake(), slots=8).but(
        held=(0.1, 1 / 3, -2.5e-30, 4.0),
        fixed={"lean": 0.5},
        walk=Walk(slots=(0, 2, 1), seconds=0.7, easing="flow"),
        pins={3: Pin(place=(0.25, 0.5))},
        strokes=(
            Stroke(slot=1, points=((0.5, 0.25), (0.75, 0.125))),
            Stroke(slot=None, points=((0.1, 0.2),), radius=0.3),
        ),
        drift={"turn": -1.5},
    )
    modulators = (
        Modulator(id=1, kind="lfo", name="Wind", settings={"rate": 0.1}, solo=True),
        Modulator(id=3, kind="steps", steps=(Step(value=0.25), Step(glide=0.5, chance=0.75))),
        Modulator(id=4, kind="gesture", points=((0.0, 0.0, 0.0), (1.5, 0.25, -1.0)), on=False),
    )
    ways = (
        Connection(id=2, modulator=4, target="/deck/1/pad/y", axis="y", depth=1.0),
        Connection(id=7, modulator=1, target="/modulator/3/rate", curve="S", polarity="unipolar"),
    )
    return scene_of(deck, filled_deck(fake("other"), "deck2")).but(
        tied=True,
        score={"tempo": 99.5},
        modulators=modulators,
        connections=ways,
        master_depth=0.5,
    )


def preset(name: str = "First light", seed: int = 0, **said: object) -> Preset:
    """A preset of a `scene`."""
    return Preset.model_validate({"name": name, "scene": scene(seed), **said})


def library(folder: Path, *presets: Preset, clock: FakeClock | None = None) -> Library:
    """A library in `folder` with some presets, looked at once."""
    made = Library(folder, clock=clock or FakeClock())
    made.refresh()
    for each in presets:
        made.add(each)
    return made


def files_in(folder: Path) -> list[str]:
    """What an artist sees in `folder`, by name."""
    return sorted(file.name for file in folder.iterdir() if not file.name.startswith("."))
