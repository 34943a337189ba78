"""Opens the window. `latentloom` calls `main`; nothing else does."""

from __future__ import annotations

import signal
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from studio import logs
from studio.engine import EngineError, Resources
from studio.registry import Registry, find_engines
from studio.scene import Scene
from studio.session import Session, fresh_deck
from ui import theme
from ui.bridge import Bridge
from ui.window import Window

_OFF_CENTRE = (0.12, 0.55)
"""Near a slot: a blend that shows a character where the even mixture of eight shows none."""


def main(resources: Resources) -> int:
    """Run the instrument until its window closes; the process's exit status.

    Raises `EngineError` when no engine is installed.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Latent Loom")
    theme.apply(app)
    bridge = Bridge(app)
    registry = find_engines()
    session = Session(registry, first_scene(registry), wake=bridge.wake, resources=resources)
    bridge.woken.connect(session.collect)
    window = Window(session, logs.file())
    # The engine thread imports torch, which takes seconds: the window is on screen before that.
    window.appeared.connect(session.start)
    window.appear()
    _let_ctrl_c_end(app)
    status = app.exec()
    session.close()
    return status


def first_scene(registry: Registry) -> Scene:
    """Two decks of the first engine: one fills the stage, the other waits beside it."""
    if not registry.specs:
        raise EngineError("No engine can be used; run `latentloom doctor` to see why.")
    spec = registry.specs[0]
    first = fresh_deck(spec, key="deck1").but(seed=7, pad=_OFF_CENTRE)
    second = fresh_deck(spec, key="deck2").but(seed=12, pad=_OFF_CENTRE)
    return Scene(decks=(first, second), front=first.key)


def _let_ctrl_c_end(app: QApplication) -> None:
    """Python sees signals only between its own steps, so give it some while Qt waits."""
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    ticks = QTimer(app, interval=200)
    ticks.timeout.connect(lambda: None)
    ticks.start()
