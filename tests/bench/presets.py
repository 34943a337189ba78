"""`latentloom bench presets`: how long the hand waits for a preset, and for the shelf.

Two thousand random presets of every picture engine's models are written to a folder. (a) 200 of
them, drawn by chance, are called up one after the other in the real window, with all models loaded
ahead, as a set list has them: from the hand to the first picture painted of the new scene, the
document read from the disk and checked included. (b) The shelf is read as a second start finds it,
and shown. (c) It is searched and scrolled, to the repainted grid. It runs offscreen where there is
no display.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from studio.commands.report import Row, at_most
from studio.document.parameters import Text, Value
from studio.document.scene import Scene, Slot, home_place
from studio.document.seeds import Seed
from studio.engine import EngineError, EngineSpec, ModelSpec, Pixels
from studio.engine.decks import fresh_deck
from studio.engine.registry import Registry, find_engines
from studio.live.rig import Rig
from studio.presets import text_of
from studio.presets.folder.entries import look_of
from studio.presets.folder.library import Library
from studio.presets.folder.thumbnails import png_of
from studio.presets.identities import Weights, preset_of
from studio.scenes.repertoire import Repertoire
from studio.session import Session
from studio.settings.store import Store
from ui import theme
from ui.bridge import Bridge
from ui.library._shelf_page import ShelfPage
from ui.main_window.window import Window

SHELF = 2000
RECALLS = 200
CHANGES = 1000
"""Scenes called up one after the other for memory; what is there after `_WARM` of them counts."""
SEARCHES = 200
SCROLLS = 100
_WARM = 50
_SEED = 7
_PATIENCE_S = 60.0
_WORDS = ("dawn", "noon", "dusk", "river", "ash", "amber", "slow", "moss", "glass", "fold", "echo")


def run(seconds: float = 12.0) -> list[Row]:
    """Measure all of it; two minutes or so."""
    if sys.platform == "linux" and not (os.getenv("DISPLAY") or os.getenv("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    registry = find_engines()
    dice = random.Random(_SEED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "presets"
        _fill(folder, registry, dice)
        first_ms = _ms(lambda: Library(folder).refresh())
        again_ms = min(_ms(lambda: Library(folder).refresh()) for _ in range(5))
        stage = _Stage(folder, registry)
        try:
            stage.warm_up()
            recalls = _recalls(stage, dice)
            shelf = _shelf(stage, first_ms, again_ms)
            return [*recalls, *shelf, *_searches(stage, dice), memory(stage, dice)]
        finally:
            stage.close()


# -- presets ---------------------------------------------------------------------------------------


def _fill(folder: Path, registry: Registry, dice: random.Random) -> None:
    """Presets of every model of every engine that makes pictures, in turn."""
    folder.mkdir()
    models = [(spec, m) for spec in registry.specs if not spec.composes for m in spec.models]
    if not models:
        raise EngineError("No engine is installed whose presets could be opened.")
    weights = Weights()
    for n in range(SHELF):
        scene = _scene(*models[n % len(models)], dice)
        words = dice.sample(_WORDS, 3)
        notes = " ".join(dice.choices(_WORDS, k=12))
        said: dict[str, Any] = {"tags": tuple(words[1:]), "notes": notes}
        preset = preset_of(scene, f"{words[0]} {n}", registry, weights, **said)
        (folder / f"{preset.name}.json").write_bytes(text_of(preset))
        (folder / f"{preset.name}.png").write_bytes(png_of(_thumbnail(dice), look_of(preset)))


def _thumbnail(dice: random.Random) -> Pixels:
    """Something to look at, in the size of a thumbnail."""
    ramp = np.linspace(0, 255, 96)
    thumbnail = np.stack(
        [np.outer(ramp, ramp) / 255, np.tile(ramp, (96, 1)), np.full((96, 96), 0)], 2
    )
    return np.asarray(np.roll(thumbnail, dice.randrange(96), 1), np.uint8)


def _scene(spec: EngineSpec, model: ModelSpec, dice: random.Random) -> Scene:
    """One deck with a full shelf; every control anywhere on its travel, but the picture's size as
    it comes."""
    values: dict[str, Value] = {
        p.name: p.at(dice.random())
        for p in spec.controls(model.name)
        if p.name != spec.size and not isinstance(p, (Text, Seed))
    }
    deck = fresh_deck(spec, model.name)
    deck = deck.but(parameters={**deck.parameters, **values}, seed=dice.randrange(10_000))
    deck = deck.but(pad=(dice.uniform(-0.8, 0.8), dice.uniform(-0.8, 0.8)))
    normal = np.random.default_rng(dice.randrange(2**31))
    for index in range(8):
        point = normal.standard_normal(model.latent_size).astype(np.float32)
        slot = Slot(latent=tuple(point.tolist()), place=home_place(index))
        deck = deck.with_slot(index, slot)
    return Scene(decks=(deck,), front=deck.key)


# -- figures ---------------------------------------------------------------------------------------


def _recalls(stage: _Stage, dice: random.Random) -> list[Row]:
    times = [stage.recall_ms(id) for id in dice.sample(stage.ids, RECALLS)]
    note = f"{RECALLS} random presets of {len(stage.models)} models, hand to painted picture"
    return [
        Row("recall_p50_ms", float(np.percentile(times, 50)), "ms", note=note),
        Row("recall_p99_ms", float(np.percentile(times, 99)), "ms", at_most(150), note),
        Row("recall_max_ms", max(times), "ms", note="the longest of them"),
    ]


def memory(stage: _Stage, dice: random.Random) -> Row:
    """What a long evening of scenes leaves behind."""
    resident_mb = []
    for _ in range(CHANGES):
        stage.recall_ms(dice.choice(stage.ids))
        resident_mb.append(_resident_mb())
    growth = float(np.median(resident_mb[-10:]) / np.median(resident_mb[_WARM - 5 : _WARM + 5]) - 1)
    note = f"{CHANGES} scenes: {resident_mb[_WARM]:.0f} MB after {_WARM}, {resident_mb[-1]:.0f} MB"
    return Row("changes_memory_growth", growth, "", at_most(0.05), f"{note} after all")


def _resident_mb() -> float:
    """RSS, where there is a /proc."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _shelf(stage: _Stage, first_ms: float, again_ms: float) -> list[Row]:
    shown_ms = _ms(stage.open_shelf)
    parts = f"{SHELF} presets: read {again_ms:.0f} ms, made and painted {shown_ms:.0f} ms"
    return [
        Row("shelf_2000_ms", again_ms + shown_ms, "ms", at_most(500), parts),
        Row("shelf_2000_first_ms", first_ms, "ms", note="every document read for the first time"),
    ]


def _searches(stage: _Stage, dice: random.Random) -> list[Row]:
    searches, finds = [], []
    for _ in range(SEARCHES):
        words = " ".join(dice.sample(_WORDS, dice.choice((1, 2))))[: dice.randrange(1, 12)]
        searches.append(_ms(partial(stage.search, words)))
        finds.append(_ms(partial(stage.find, words)))
    stage.search("")
    scrolls = [_ms(partial(stage.scroll, n / SCROLLS)) for n in range(SCROLLS)]
    note = f"p99 of {SEARCHES} searches by words and parts of words, to the painted grid"
    found = f"of it {float(np.median(finds)):.1f} ms to find, the rest to show"
    return [
        Row("search_2000_ms", float(np.percentile(searches, 99)), "ms", at_most(30), note),
        Row("search_p50_2000_ms", float(np.median(searches)), "ms", note=found),
        Row("scroll_p99_2000_ms", float(np.percentile(scrolls, 99)), "ms", note="a screen further"),
    ]


def _ms(do: Callable[[], object]) -> float:
    began = perf_counter()
    do()
    return 1000 * (perf_counter() - began)


class _Stage:
    """The real window on the presets of `folder`."""

    def __init__(self, folder: Path, registry: Registry) -> None:
        app = QApplication.instance() or QApplication(["bench"])
        assert isinstance(app, QApplication)
        theme.apply(app)
        bridge = Bridge(app)
        specs = [spec for spec in registry.specs if not spec.composes]
        self.models = [(spec, model) for spec in specs for model in spec.models]
        self.session = Session(registry, _opening(*self.models[0]), wake=bridge.wake)
        bridge.woken.connect(self.session.collect)
        # Not started: nothing plays here, and the quantum lets every change through at once.
        rig = Rig(self.session, wake=bridge.wake, store=Store(folder.parent / "settings.json"))
        self._repertoire = Repertoire(
            self.session,
            rig,
            folder=folder,
            sessions=folder.parent / "sessions",
            factory=None,
            wake=bridge.wake,
        )
        bridge.woken.connect(self._repertoire.collect)
        self.window = Window(self.session, rig, self._repertoire)
        self.window.show()
        self._repertoire.start()
        self.session.start()
        self._painted_s = 0.0
        self.window.canvas.painted.connect(self._on_painted)

    @property
    def ids(self) -> list[str]:
        """Of everything on the shelf."""
        return [entry.id for entry in self._repertoire.library.entries]

    def warm_up(self) -> None:
        """Every model loaded, and kept so; each has made a picture. The shelf is read."""
        for n, (spec, model) in enumerate(self.models):
            scene = _opening(spec, model)
            self.session.engines.prepare(f"bench {n}", scene)
            self.session.open(scene)
            self._until(self._is_painted)
        self._until(lambda: len(self.ids) == SHELF)

    def recall_ms(self, preset: str) -> float:
        """From the hand on a preset to the first picture of the new scene on the screen."""
        began = perf_counter()
        self._repertoire.presets.open(preset)
        self._until(self._is_painted)
        return 1000 * (self._painted_s - began)

    def open_shelf(self) -> None:
        """The column of scenes, made for the first time and painted."""
        self.window.toggle_library()
        QApplication.processEvents()
        self._paint()

    def search(self, words: str) -> None:
        """As it is when the typing has paused."""
        page = self._page()
        page.search.setText(words)
        page.refresh()
        self._paint()

    def find(self, words: str) -> None:
        """What of a search is not the window's."""
        self._repertoire.library.find(words)

    def scroll(self, share: float) -> None:
        """Show the shelf from so far down."""
        bar = self._page().grid.verticalScrollBar()
        bar.setValue(round(share * bar.maximum()))
        self._paint()

    def _page(self) -> ShelfPage:
        assert self.window.library is not None
        return self.window.library.shelf

    def _paint(self) -> None:
        self._page().grid.viewport().repaint()

    def close(self) -> None:
        self.window.close()
        self._repertoire.close()
        self.session.close()

    def _is_painted(self) -> bool:
        """Whether the newest picture that was asked for, or a later one, is on the screen."""
        state = self.session.state(self.session.scene.front)
        return state.loaded is not None and 0 < state.asked <= state.painted

    def _on_painted(self) -> None:
        if self._is_painted():
            self._painted_s = perf_counter()

    def _until(self, done: Callable[[], bool]) -> None:
        """Run the event loop as the app does, looking once a millisecond."""
        loop = QEventLoop()
        look = QTimer(interval=1)
        look.timeout.connect(lambda: loop.quit() if done() else None)
        look.start()
        QTimer.singleShot(int(1000 * _PATIENCE_S), loop, loop.quit)
        loop.exec()
        look.stop()
        if not done():
            raise EngineError("A preset's picture never came.")


def _opening(spec: EngineSpec, model: ModelSpec) -> Scene:
    return _scene(spec, model, random.Random(_SEED))
