"""Opens the window. `latentloom` calls `main`; nothing else does."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from studio import presets
from studio.document.errors import StudioError
from studio.document.scene import Scene
from studio.engine import EngineError, Resources
from studio.engine.decks import checked, fresh_deck
from studio.engine.registry import Registry, find_engines
from studio.live.rig import Rig
from studio.presets.folder import places
from studio.presets.sharing.imported_models import with_brought
from studio.scenes.repertoire import Repertoire
from studio.session import Session
from studio.settings.model import Settings
from studio.settings.store import Store
from studio.storage import folders, logs
from ui import theme
from ui.bridge import Bridge
from ui.main_window.window import Window

_log = logging.getLogger(__name__)

FIRST = "first-light"
_LEAST_DEPTH = 15
"""Bits of a pixel."""
_OFF_CENTRE = (0.12, 0.55)
"""Near a slot: a blend that shows a character where the even mixture of eight shows none."""


def main(resources: Resources, files: Sequence[Path] = ()) -> int:
    """Run the instrument until its window closes; the process's exit status. Presets and bundles
    in `files` are opened as if they were dropped on the window.

    Raises `EngineError` when no engine is installed, `StudioError` for a screen of 256 colours.
    """
    homeless = folders.lend_home()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Latent Loom")
    if app.primaryScreen().depth() < _LEAST_DEPTH:
        raise StudioError(
            f"This screen shows {2 ** app.primaryScreen().depth()} colours, on which Qt paints all"
            " black: set it to thousands of colours (16 bits) or more."
        )
    theme.apply(app)
    bridge = Bridge(app)
    registry = with_brought(find_engines(), places.models())
    session = Session(registry, first_scene(registry), wake=bridge.wake, resources=resources)
    store = Store(folders.settings_file())
    store.trouble = homeless or store.trouble
    theme.use_text_size(app, store.settings.window.text_size)
    store.changed.connect(lambda now, before: _follow_text_size(app, now, before))
    rig = Rig(session, wake=bridge.wake, store=store)
    bridge.woken.connect(session.collect)
    bridge.woken.connect(rig.collect)
    repertoire = Repertoire.at_home(session, rig, bridge.wake)
    repertoire.began_with(FIRST)
    bridge.woken.connect(repertoire.collect)
    window = Window(session, rig, repertoire, logs.file(), resources.device)
    # First the player: beside a torch that is being imported it would take its time.
    window.appeared.connect(rig.start)
    # The engine thread imports torch, which takes seconds: the window is on screen before that.
    window.appeared.connect(session.start)
    window.appeared.connect(repertoire.start)
    window.appeared.connect(lambda: window.drops.open(list(files)))
    window.appear()
    _let_ctrl_c_end(app)
    status = app.exec()
    repertoire.close()
    rig.close()
    session.close()
    return status


def first_scene(registry: Registry) -> Scene:
    """The factory preset that the instrument opens on, or where it does not fit (an engine or a
    model of it is not here), two decks of the first engine.

    Raises `EngineError` when there is no engine at all.
    """
    if not registry.specs:
        raise EngineError("No engine can be used; run `latentloom doctor` to see why.")
    try:
        return checked(registry, presets.factory()[FIRST].scene)
    except (StudioError, KeyError) as error:
        _log.warning("the first preset: %s", error)
    spec = registry.specs[0]
    first = fresh_deck(spec, key="deck1").but(pad=_OFF_CENTRE)
    second = fresh_deck(spec, key="deck2").but(pad=_OFF_CENTRE, seed=1)
    return Scene(decks=(first, second), front=first.key)


def _follow_text_size(app: QApplication, now: Settings, before: Settings) -> None:
    if now.window.text_size != before.window.text_size:
        theme.use_text_size(app, now.window.text_size)


def _let_ctrl_c_end(app: QApplication) -> None:
    """Python sees signals only between its own steps, so give it some while Qt waits."""
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    ticks = QTimer(app, interval=200)
    ticks.timeout.connect(lambda: None)
    ticks.start()
