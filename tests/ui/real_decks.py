"""The window with a deck of every kind of model, none of them loaded: all real words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtWidgets import QApplication, QDialog

from studio.document.scene import DECK_LIMIT, Scene
from studio.engine import EngineSpec, ModelSpec
from studio.engine.decks import fresh_deck
from studio.engine.registry import Registry, find_engines
from tests.fakes import fake
from tests.ui.main_window.test_reach import PAGES
from tests.ui.stage import Stage, forget_the_dead


def _kinds(registry: Registry) -> Iterator[tuple[EngineSpec, ModelSpec]]:
    """As few models as have every control and direction that there is."""
    for spec in registry.specs:
        named = {
            model: {each.name for each in (*spec.controls(model.name), *model.directions)}
            for model in spec.models
        }
        seen: set[str] = set()
        for model in sorted(named, key=lambda each: -len(named[each])):
            if named[model] - seen:
                seen |= named[model]
                yield spec, model


def _scenes(registry: Registry) -> Iterator[Scene]:
    """With all of them, in as few scenes as can be."""
    decks = [
        fresh_deck(spec, model.name, key=f"deck{n}")
        for n, (spec, model) in enumerate(_kinds(registry))
    ]
    for begin in range(0, len(decks), DECK_LIMIT):
        some = tuple(decks[begin : begin + DECK_LIMIT])
        yield Scene(decks=some, front=some[0].key)


def real_stage(open_stage: Callable[..., Stage], width: int = 1440, height: int = 900) -> Stage:
    """It is shown, and its session not begun."""
    registry = find_engines()
    scene = next(_scenes(registry))
    stage = open_stage(fake(), registry=registry, scene=scene, start=False)
    stage.window.resize(width, height)
    stage.window.show()
    stage.window.status.refresh()  # else its timer does, at some moment of the test
    return stage


def views(stage: Stage) -> Iterator[str]:
    """The window with each tab of each kind of deck in front, one after the other."""
    tabs = stage.window.tabs
    scenes = list(_scenes(stage.session.registry))
    for scene, deck in ((s, d) for s in scenes for d in s.decks):
        if deck.key not in {held.key for held in stage.scene.decks}:
            stage.session.open(scene)
        stage.session.decks.bring_to_front(deck.key)
        for place in range(tabs._stack.count()):
            if not tabs._tabs.button(place).isHidden():
                tabs.turn_to(place)
                QApplication.processEvents()
                yield f"{deck.engine}, {tabs._tabs.button(place).text()}"


def dialogs(stage: Stage) -> Iterator[QDialog]:
    """Every dialog that the window opens, each page of the settings as one."""
    window = stage.window
    settings = window.open_settings()
    for page in PAGES:
        settings.open_page(page)
        yield settings
    settings.close()
    openers = ("view.keys", "view.palette", "export")
    for id in openers:
        window.all_actions[id].do()
        (opened,) = (d for d in window.findChildren(QDialog) if d.isVisible())
        yield opened
        opened.close()
        forget_the_dead()
