"""A texture engine for tests: its pictures tile, may be scrolled, and follow a blend map."""

from __future__ import annotations

from typing import Any

import numpy as np

from studio.document.parameters import Choice, Float, Parameter, initial_values
from studio.document.scene import Deck
from studio.engine import Job, Pixels
from tests.fakes import FakeEngine, Guest, filled_deck

SIZE = Choice(
    name="size", label="Size", unit="px", options=("32", "64", "128", "256"), default="64"
)
SHAPE = Choice(name="shape", label="Shape", options=("1:1", "2:1"), default="1:1")
ACROSS = Float(name="across", label="Across", low=0, high=1, default=0, cyclic=True)
DOWN = Float(name="down", label="Down", low=0, high=1, default=0, cyclic=True)
MORPH = Float(name="morph", label="Morph", low=-180, high=180, default=0, unit="°", cyclic=True)
CONTRAST = Float(name="contrast", label="Contrast", low=0, high=2, default=1)
CONTROLS: tuple[Parameter, ...] = (SIZE, SHAPE, ACROSS, DOWN, MORPH, CONTRAST)


def texture_of(job: Job) -> Pixels:
    """A colour from the point that holds each place, and waves over it that close at all edges."""
    values: dict[str, Any] = {**initial_values(CONTROLS), **job.parameters}
    width = 32 if job.thumbnail else int(values["size"])
    height = width // (1 if job.thumbnail or values["shape"] == "1:1" else 2)
    x = np.arange(width) / width + values["across"]
    y = np.arange(height)[:, None] / height + values["down"]
    turn = np.deg2rad(values["morph"])
    waves = np.sin(2 * np.pi * 3 * x + turn) * np.cos(2 * np.pi * 2 * y)
    light = 127.5 + 40 * _colours(job, height, width) + 25 * values["contrast"] * waves[..., None]
    return np.ascontiguousarray(np.clip(np.round(light), 0, 255).astype(np.uint8))


def _colours(job: Job, height: int, width: int) -> Any:
    """The first three numbers of the point of each place, (height, width, 3)."""
    if job.blend_map is None:
        return np.broadcast_to(job.latent[:3], (height, width, 3))
    shares = _stretched(_stretched(job.blend_map.shares, height, 0), width, 1)
    return shares @ job.blend_map.points[:, :3]


def _stretched(shares: Any, side: int, axis: int) -> Any:
    """To `side` cells along an axis: straight between the middles of cells, and round the edge."""
    at = (np.arange(side) + 0.5) / side * shares.shape[axis] - 0.5
    before = np.floor(at).astype(int)
    part = np.expand_dims(at - before, tuple(i for i in range(3) if i != axis))
    low = np.take(shares, before, axis, mode="wrap")
    return low + part * (np.take(shares, before + 1, axis, mode="wrap") - low)


class FakeTextures(FakeEngine):
    """Draws `texture_of` at once."""

    def render(self, job: Job) -> Pixels:
        self._enter("render", job)
        return texture_of(job)


def textures(**declared: Any) -> Guest:
    """A guest whose pictures tile, can be painted and drift."""
    given = {
        "parameters": CONTROLS,
        "size": "size",
        "shape": "shape",
        "tiles": True,
        "blend_maps": True,
    }
    return Guest(FakeTextures, name="textures", **{**given, **declared})


def textured(guest: Guest, slots: int = 3, **changes: Any) -> Deck:
    """A deck with plain colours in its first slots: red, green, blue and on."""
    deck = filled_deck(guest, slots=slots)
    for index in range(slots):
        held = deck.slots[index]
        assert held is not None
        latent = (*(2.0 if axis == index % 3 else -2.0 for axis in range(3)), index / 8)
        deck = deck.with_slot(index, held.but(latent=latent))
    made: Deck = deck.but(**changes)
    return made
