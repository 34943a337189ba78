"""`latentloom bench stage`: what it costs to be on stage: mixing, and the way to the projector.

All parts run on a virtual screen of their own (Xvfb), where there is one to be had, so that a real
window paints. A new part is a module in this folder, named below.
"""

from __future__ import annotations

import importlib

from studio.commands.report import Row
from tests.bench.stage._screen import virtual_screen

PARTS = ("mixing", "output", "recording", "stream")


def run(seconds: float = 12.0) -> list[Row]:
    """Measure each part for `seconds`."""
    with virtual_screen():
        parts = [importlib.import_module(f"tests.bench.stage.{part}") for part in PARTS]
        return [row for part in parts for row in part.rows(seconds)]
