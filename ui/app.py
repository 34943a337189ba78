"""Opens the window. `latentloom` calls `main`; nothing else does."""

from __future__ import annotations

import gc
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication

from studio import presets
from studio.document.errors import StudioError
from studio.document.scene import Scene
from studio.engine import EngineError, Resources
from studio.engine.decks import checked, fresh_deck
from studio.engine.registry import Registry, find_engines
from studio.live.rig import Rig
from studio.models.own_models import OwnModels
from studio.presets import autosave
from studio.presets.folder import places
from studio.presets.working_state import WorkingState
from studio.scenes.repertoire import Repertoire
from studio.session import Session
from studio.settings.model import Settings
from studio.settings.store import Store
from studio.storage import folders, logs
from ui import accessible_roles, theme
from ui.bridge import Bridge
from ui.main_window.window import Window

_log = logging.getLogger(__name__)

FIRST = "first-light"
_ICON = Path(__file__).parent / "icons" / "latentloom.svg"
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
    app = QApplication.instance() or _Application(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Latent Loom")
    _check_colours(app)
    app.setWindowIcon(QIcon(str(_ICON)))
    app.setDesktopFileName("latentloom")  # the menu entry, by which docks know the window
    asked = AskedFiles(files)
    if isinstance(app, _Application):
        app.asked = asked
    theme.apply(app)
    accessible_roles.install()
    bridge = Bridge(app)
    models = OwnModels.at_home(find_engines())
    registry = models.registry
    store = Store(folders.settings_file())
    store.trouble = homeless or store.trouble
    reopens = store.settings.window.at_start == "reopen last"
    state = last_session(registry, places.working()) if reopens else None
    scene = state.scene if state else first_scene(registry)
    session = Session(registry, scene, wake=bridge.wake, resources=resources)
    theme.use_text_size(app, store.settings.window.text_size)
    theme.reduce_motion(store.settings.window.reduced_motion)
    store.changed.connect(lambda now, before: _follow_look(app, now, before))
    rig = Rig(session, wake=bridge.wake, store=store)
    bridge.woken.connect(session.collect)
    bridge.woken.connect(rig.collect)
    repertoire = Repertoire.at_home(session, rig, bridge.wake, models)
    if state is None:
        repertoire.began_with(FIRST)
    else:
        repertoire.goes_on_from(state)
    bridge.woken.connect(repertoire.collect)
    window = Window(session, rig, repertoire, logs.file(), resources.device)
    window.appeared.connect(gc.enable)
    # First the player: beside a torch that is being imported it would take its time.
    window.appeared.connect(rig.start)
    # The engine thread imports torch, which takes seconds: the window is on screen before that.
    window.appeared.connect(session.start)
    window.appeared.connect(repertoire.start)
    window.appeared.connect(session.motion.begin)
    window.appeared.connect(window.outputs.begin)
    window.appeared.connect(lambda: asked.open_by(window.drops.open))
    window.appeared.connect(lambda: offer_tour(window, store, repertoire))
    window.appear()
    _let_ctrl_c_end(app)
    status = app.exec()
    repertoire.close()
    rig.close()
    session.close()
    return status


def _check_colours(app: QApplication) -> None:
    depth = app.primaryScreen().depth()
    if depth < _LEAST_DEPTH:
        raise StudioError(
            f"This screen shows {2**depth} colours, on which Qt paints all black: set it to "
            "thousands of colours (16 bits) or more."
        )


class AskedFiles:
    """The files that the system wants opened: those of the command line, and on macOS, where a
    double click is an event, the later ones too. They wait until the window is there."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._waiting = list(files)
        self._open: Callable[[list[Path]], None] = self._waiting.extend

    def open_by(self, take: Callable[[list[Path]], None]) -> None:
        """Give `take` the files that wait, and from now on each that is asked for."""
        self._open = take
        take(self._waiting)

    def ask(self, file: Path) -> None:
        """One more."""
        self._open([file])


class _Application(QApplication):
    """Hears of double clicks by its own `event`: a filter would see every event of every widget."""

    asked: AskedFiles | None = None

    def event(self, event: QEvent) -> bool:
        if self.asked is None or not isinstance(event, QFileOpenEvent) or not event.file():
            return super().event(event)
        self.asked.ask(Path(event.file()))
        return True


def last_session(registry: Registry, folder: Path) -> WorkingState | None:
    """How the session was that ended last as it should; None where it cannot be shown."""
    ended = autosave.last(folder)
    try:
        state = None if ended is None else autosave.read(ended)
        return state and state.but(scene=checked(registry, state.scene))
    except StudioError as error:
        _log.warning("the last session: %s", error)
        return None


def first_scene(registry: Registry) -> Scene:
    """The factory preset that the instrument opens on, or where it does not fit (an engine or a
    model of it is not here), two decks of the first engine.

    Raises `EngineError` when there is no engine at all.
    """
    if not registry.specs:
        raise EngineError("No engine can be used; run `latentloom doctor` to see why.")
    try:
        return checked(registry, presets.factory_preset(FIRST).scene)
    except (StudioError, OSError) as error:
        _log.warning("the first preset: %s", error)
    spec = registry.specs[0]
    first = fresh_deck(spec, key="deck1").but(pad=_OFF_CENTRE)
    second = fresh_deck(spec, key="deck2").but(pad=_OFF_CENTRE, seed=1)
    return Scene(decks=(first, second), front=first.key)


def offer_tour(window: Window, store: Store, repertoire: Repertoire) -> None:
    """The first time, and never again by itself; not over the question whether to bring back what a
    crash has left."""

    def seen() -> None:
        store.use(store.settings.but(window=store.settings.window.but(tour_seen=True)))

    if not store.settings.window.tour_seen and not repertoire.recovery.left:
        window.tour.ended = seen
        window.tour.start()


def _follow_look(app: QApplication, now: Settings, before: Settings) -> None:
    theme.reduce_motion(now.window.reduced_motion)
    if now.window.text_size != before.window.text_size:
        theme.use_text_size(app, now.window.text_size)


def _let_ctrl_c_end(app: QApplication) -> None:
    """Python sees signals only between its own steps, so give it some while Qt waits."""
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    ticks = QTimer(app, interval=200)
    ticks.timeout.connect(lambda: None)
    ticks.start()
