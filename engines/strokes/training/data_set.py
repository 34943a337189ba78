"""The drawings that come with the instrument, and which of them are held out."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from engines.strokes.drawings import Drawing, unpacked
from engines.strokes.kinds import HANDS

FOLDER = Path(__file__).resolve().parents[1] / "data"
HELD_OUT_OF = 10
"""One drawing of so many is held out, chosen by a hash of its name."""


@cache
def drawings(name: str) -> tuple[Drawing, ...]:
    """All of a set: doodles, signs or letters."""
    return unpacked((FOLDER / f"{name}.xz").read_bytes())


def training(name: str) -> tuple[Drawing, ...]:
    """What models learn from."""
    return tuple(d for d in drawings(name) if not is_held_out(d))


def held_out(name: str) -> tuple[Drawing, ...]:
    """What none learns from."""
    return tuple(d for d in drawings(name) if is_held_out(d))


def is_held_out(drawing: Drawing) -> bool:
    """A whole hand of letters, or one icon or sign of ten. Two sets' icons of one name go
    together: they are often the same drawing."""
    if drawing.advance or drawing.kind in HANDS:
        return drawing.kind not in HANDS
    name = drawing.name.rpartition(" ")[2]
    return hashlib.blake2b(name.encode(), digest_size=4).digest()[0] % HELD_OUT_OF == 0
