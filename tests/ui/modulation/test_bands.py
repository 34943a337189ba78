"""The bands of a sound: drawn on what is heard, led by the hand, added and removed."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt

from studio.audio.listening.analysis import SPECTRUM_HZ
from studio.audio.listening.messages import Heard, InputState, Listen
from studio.modulation.factory import BAND_LIMIT, BANDS, band
from studio.settings.model import Settings, SoundSettings
from tests.ui.hands import CONTROL, drag
from tests.ui.modulation.test_connecting import views
from tests.ui.stage import Stage, forget_the_dead
from ui.modulation._bands_view import BandsView
from ui.modulation._scope import Scope
from ui.modulation._spectrum_view import NARROWEST_OCTAVES, Region, moved

LOUD = tuple(-20.0 for _ in SPECTRUM_HZ)


@pytest.fixture
def bands(stage: Stage) -> BandsView:
    """The bands of the input, of which the first is chosen: bass and high mid."""
    stage.desk.rig.use(Settings(sound=SoundSettings(input="ALSA: Microphone")))
    for name in ("Bass", "High mid"):
        stage.session.modulation.add(band(name, "input"))
    stage.key(Qt.Key.Key_6, CONTROL)
    found = views(stage).page.drawn
    assert isinstance(found, BandsView)
    return found


def edges(stage: Stage, id: int) -> tuple[Any, Any]:
    settings = stage.session.modulation.modulator(id).settings
    return settings["low"], settings["high"]


def asked(stage: Stage) -> Listen:
    found: Listen = stage.desk.sound_input.calls("listen")[-1][0]
    return found


def hears(stage: Stage, *levels: tuple[int, float], spectrum: tuple[float, ...] = LOUD) -> None:
    stage.desk.sound_input.hear(Heard(stage.desk.clock(), levels, (), spectrum))
    stage.desk.rig.collect()


def test_a_spectrum_is_asked_for_only_while_it_is_seen(stage: Stage, bands: BandsView) -> None:
    assert asked(stage).spectrum
    assert bands.spectrum._sentence
    hears(stage, (1, 0.5))
    assert bands.spectrum._levels_db == LOUD
    assert not bands.spectrum._sentence
    assert [region.level for region in bands.spectrum._regions] == [0.5, 0.0]
    stage.desk.sound_input.hear(InputState(False, "ALSA: Microphone", "The input is gone."))
    stage.desk.rig.collect()
    assert bands.spectrum._levels_db == ()
    stage.key(Qt.Key.Key_1, CONTROL)
    assert not asked(stage).spectrum
    stage.desk.rig.use(Settings())
    stage.key(Qt.Key.Key_6, CONTROL)
    assert "settings" in bands.spectrum._sentence
    forget_the_dead()


def test_a_card_shows_what_was_heard_while_the_music_stands(stage: Stage, bands: BandsView) -> None:
    scope = views(stage).row.cards[1].scope
    assert isinstance(scope, Scope)
    assert views(stage).moves
    for level in (0.2, 0.8, 0.4):
        hears(stage, (1, level))
        stage.desk.clock.advance(0.1)
        scope.turn(stage.session.modulation.present())
        seen = scope.seen()
    assert [round(level, 3) for _, level in seen.past[-3:]] == [0.2, 0.8, 0.4]
    assert seen.future[-1][0] < 0.05, "nobody knows what comes"


def test_edges_and_bands_are_dragged_in_one_step_to_undo(stage: Stage, bands: BandsView) -> None:
    shown, middle = bands.spectrum, bands.spectrum.height() / 2
    high = QPointF(shown.x_of(200), middle)
    drag(shown, high, QPointF(shown.x_of(400), middle))
    assert edges(stage, 1) == (60.0, pytest.approx(400, rel=0.03))
    stage.session.undo()
    assert edges(stage, 1) == (60.0, 200.0)
    inside = QPointF(shown.x_of(110), middle)
    drag(shown, inside, inside + (high - QPointF(shown.x_of(100), middle)))
    assert edges(stage, 1) == (pytest.approx(120, rel=0.03), pytest.approx(400, rel=0.03))
    other = QPointF(shown.x_of(5000), middle)
    drag(shown, other, QPointF(shown.x_of(8000), middle))
    assert edges(stage, 2) == (2000.0, pytest.approx(8000, rel=0.03))
    assert views(stage).selection.modulator is stage.session.modulation.modulator(1)


def test_keys_move_choose_and_remove(stage: Stage, bands: BandsView) -> None:
    stage.focus(bands.spectrum)
    stage.key(Qt.Key.Key_Right)
    assert edges(stage, 1) == (67.0, 224.0)
    stage.key(Qt.Key.Key_Up)
    assert edges(stage, 1) == (67.0, 251.0)
    stage.key(Qt.Key.Key_Right, CONTROL)
    chosen = views(stage).page.drawn
    assert isinstance(chosen, BandsView)
    stage.until(chosen.spectrum.hasFocus)
    assert "High mid" in chosen.spectrum.accessibleDescription()
    stage.key(Qt.Key.Key_Delete)
    assert [m.name for m in stage.scene.modulators] == ["Bass"]
    forget_the_dead()


def test_named_bands_are_added_up_to_eight(stage: Stage, bands: BandsView) -> None:
    menu = bands.add.menu()
    assert len(menu.actions()) == len(BANDS)
    menu.actions()[0].trigger()
    made = stage.scene.modulators[-1]
    assert (made.name, made.settings["low"], made.settings["high"]) == ("Sub", 20.0, 60.0)
    while len(stage.scene.modulators) < BAND_LIMIT:
        stage.session.modulation.add(band("Air", "input"))
    last = views(stage).page.drawn
    assert isinstance(last, BandsView)
    assert not last.add.isEnabled()
    assert len(last.spectrum._regions) == BAND_LIMIT
    forget_the_dead()


def test_a_band_keeps_its_width_at_the_ends_and_is_never_turned_round() -> None:
    bass = Region(1, "Bass", 60.0, 240.0, 0.0)
    assert moved(bass, "all", -9.0) == (20.0, 80.0)
    assert moved(bass, "all", 99.0) == (5000.0, 20_000.0)
    low, high = moved(bass, "low", 9.0)
    assert high == 240.0
    assert low == round(240 / 2**NARROWEST_OCTAVES)
    assert moved(bass, "high", -9.0)[1] == round(60 * 2**NARROWEST_OCTAVES)
