"""The app as its own process, with an engine from the artist's plug-in folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.check import ROOT

SPEC = """
from pathlib import Path
from studio.engine.contract import EngineSpec, ModelSpec
MODEL = ModelSpec(
    name="plain", title="Plain", latent_size=3, licence="MIT", weights=Path(__file__).resolve()
)
SPEC = EngineSpec(
    name="paints", title="Paints", summary="One colour.", models=(MODEL,),
    factory="paints.engine:Paints",
)
"""

ENGINE = """
import numpy as np
from studio.engine.contract import Engine, Loaded
class Paints(Engine):
    def load(self, model, resources):
        return Loaded(device="CPU paints")
    def render(self, job):
        colour = np.clip(128 + 60 * job.latent, 0, 255).astype(np.uint8)
        return np.tile(colour, (32, 32, 1))
    def close(self):
        pass
"""

PLAY = """
import sys
import ui.app
from studio.engine.contract import Resources
from studio.engine.registry import Registry, find_engines
ui.app.find_engines = lambda: Registry(l for l in find_engines() if l.name == "paints")
{more}
sys.exit(ui.app.main(Resources(threads=1)))
"""
"""The app itself; of the engines that it finds it uses the plug-in only."""


def play(more: str = "") -> list[str]:
    """The command that opens the window; `more` is run before it opens."""
    return [sys.executable, "-c", PLAY.format(more=more)]


def environment(home: Path, **more: str) -> dict[str, str]:
    """An environment in which `home` has the plug-in."""
    plugin = home / "Documents" / "Latent Loom" / "engines" / "paints"
    plugin.mkdir(parents=True)
    (plugin / "spec.py").write_text(SPEC, encoding="utf-8")
    (plugin / "engine.py").write_text(ENGINE, encoding="utf-8")
    ours = {"XDG_DOCUMENTS_DIR": str(home / "Documents"), "PYTHONPATH": str(ROOT)}
    return {**os.environ, **ours, **more}
