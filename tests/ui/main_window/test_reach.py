"""Everybody can reach everything: by the keyboard, by a screen reader, by a look at the tooltip."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QWidget,
)

from studio.document.parameters import Float, Int
from studio.document.seeds import Seed
from studio.engine.registry import Listing, Registry, find_engines
from tests.fakes import PARAMETERS, fake
from tests.ui.hands import CONTROL
from tests.ui.stage import Stage, forget_the_dead
from ui import theme
from ui.deck._slot_view import SlotView
from ui.deck.deck_bar import DeckButton
from ui.deck.pad import Pad
from ui.main_window.window import Window
from ui.widgets.parameter_rows import ParameterRow
from ui.widgets.slider import Slider

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, Slider, SlotView, DeckButton, Pad)
NOISE = Seed(name="noise", label="Noise", help="Another seed.")


@pytest.fixture
def whole(open_stage: Callable[..., Stage]) -> Stage:
    """A window with a row of every kind, and an undo that is possible."""
    stage = open_stage(fake(parameters=(*PARAMETERS, NOISE)))
    stage.session.set("deck1", "bands", 3)
    return stage


def chain(window: Window) -> Iterator[QWidget]:
    """What Tab visits, from the pad on."""
    stop = window.pad
    while True:
        if stop.isVisible() and stop.isEnabled() and stop.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield stop
        stop = stop.nextInFocusChain()
        if stop is window.pad:
            return


def told(widget: QWidget | None) -> str:
    """The tooltip that shows over `widget`: its own or that of what it lies in."""
    while widget is not None:
        if widget.toolTip():
            return widget.toolTip()
        widget = widget.parentWidget()
    return ""


def test_every_control_has_a_tooltip(whole: Stage) -> None:
    controls = [w for w in whole.window.findChildren(QWidget) if isinstance(w, CONTROLS)]
    assert len(controls) > 30
    silent = [(type(w).__name__, w.accessibleName()) for w in controls if not told(w)]
    assert not silent


def test_every_control_has_an_accessible_name(whole: Stage) -> None:
    controls = [w for w in whole.window.findChildren(QWidget) if isinstance(w, CONTROLS)]
    nameless = [w for w in controls if not (w.accessibleName() or button_text(w))]
    assert not nameless
    assert whole.window.canvas.accessibleName() == "Stage"


def button_text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else ""


def test_nothing_that_can_be_focused_lacks_a_name(whole: Stage) -> None:
    nameless = [
        type(w).__name__
        for w in whole.window.findChildren(QWidget)
        if w.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not (w.accessibleName() or button_text(w))
        and not w.objectName().startswith("qt_")  # parts of Qt's own: the box inside a scroll area
    ]
    assert not nameless


def test_every_figure_names_its_range_and_unit(whole: Stage) -> None:
    rows = [row for row in whole.window.findChildren(ParameterRow) if row.isVisible()]
    figures = [row for row in rows if isinstance(row.parameter, (Float, Int))]
    assert {row.parameter.name for row in figures} == {"contrast", "glow", "bands"}
    for row in figures:
        parameter = row.parameter
        assert isinstance(parameter, (Float, Int))
        for part in (parameter.format(parameter.low), parameter.format(parameter.high)):
            assert part in row.toolTip()
        assert parameter.unit in row.toolTip()
        assert parameter.help in row.toolTip()


def test_tab_visits_every_control_once(whole: Stage) -> None:
    stops = list(chain(whole.window))
    assert len(stops) == len(set(stops))
    missed = [
        (type(w).__name__, w.accessibleName())
        for w in whole.window.findChildren(QWidget)
        if isinstance(w, CONTROLS) and w.isVisible() and w.isEnabled() and w not in stops
    ]
    assert not missed


def test_tab_goes_from_the_pad_down_the_panel_then_along_the_top_and_down_the_shelf(
    whole: Stage,
) -> None:
    names = [stop.accessibleName() or button_text(stop) for stop in chain(whole.window)]
    milestones = [
        "Blend pad",
        "Model",
        "In between: soft",
        "Seed",
        "Contrast",
        "Mirror",
        "Noise",
        "Deck Fake, First",
        "Add a deck",
        "Undo",
        "Slot A",
        "Slot H",
        "Performance",
    ]
    assert [name for name in names if name in milestones] == milestones


def test_the_order_holds_after_decks_and_models_changed(whole: Stage) -> None:
    before = [type(stop).__name__ for stop in chain(whole.window)]
    whole.change(lambda: whole.session.decks.add("fake"))
    whole.change(lambda: whole.session.decks.choose_model("deck2", "fake", "wide"))
    whole.change(lambda: whole.session.decks.remove("deck2"))
    forget_the_dead()
    assert [type(stop).__name__ for stop in chain(whole.window)] == before


def test_tab_visits_the_decks_as_they_stand_when_undo_brings_the_first_back(whole: Stage) -> None:
    whole.change(lambda: whole.session.decks.add("fake", "second"))
    whole.change(lambda: whole.session.decks.remove("deck1"))
    whole.change(whole.session.undo)
    forget_the_dead()
    names = [stop.accessibleName() for stop in chain(whole.window)]
    decks = [name for name in names if name.startswith("Deck ")]
    assert decks == ["Deck Fake, First", "Deck Fake, Second"]
    assert names.index("Deck Fake, Second") < names.index("Add a deck")


def test_tab_really_goes_there(whole: Stage) -> None:
    whole.focus(whole.window.pad)
    visited = []
    for _ in range(5):
        whole.key(Qt.Key.Key_Tab)
        visited.append(QApplication.focusWidget().accessibleName())
    # Words side by side are one stop; arrow keys go on from there.
    assert visited == ["Tab Controls", "Model", "In between: soft", "Seed", "Another seed"]
    whole.key(Qt.Key.Key_Backtab)
    assert QApplication.focusWidget().accessibleName() == "Seed"


def test_what_the_mouse_can_do_to_a_slider_the_keyboard_can(whole: Stage) -> None:
    slider = next(s for s in whole.window.findChildren(Slider) if s.accessibleName() == "Contrast")
    whole.focus(slider)
    whole.key(Qt.Key.Key_Right)
    assert whole.parameter("contrast") == pytest.approx(1.04)
    whole.key(Qt.Key.Key_Home)
    assert whole.parameter("contrast") == 1.0
    whole.key(Qt.Key.Key_Return)
    QTest.keyClicks(QApplication.focusWidget(), "0.5")
    whole.key(Qt.Key.Key_Return)
    assert whole.parameter("contrast") == 0.5
    whole.key(Qt.Key.Key_Z, CONTROL)
    assert whole.parameter("contrast") == 1.0
    assert slider.hasFocus()


def test_a_slider_tells_a_reader_its_value(whole: Stage) -> None:
    slider = next(s for s in whole.window.findChildren(Slider) if s.accessibleName() == "Bands")
    assert slider.accessibleDescription() == "3 rows"


def test_focus_can_be_seen_on_every_control(whole: Stage) -> None:
    """Somebody who looks up from the keys must find where they are."""
    blind = []
    for stop in chain(whole.window):
        whole.focus(stop)
        focused = seen(stop)
        whole.focus(
            whole.window.pad
            if stop is not whole.window.pad
            else whole.window.all_actions.buttons["deck.link"]
        )
        if seen(stop) == focused:
            blind.append((type(stop).__name__, stop.accessibleName()))
    assert not blind


def seen(widget: QWidget) -> QImage:
    QApplication.processEvents()
    return widget.grab().toImage()


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio."""
    lights = sorted(luminance(QColor(colour)) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: QColor) -> float:
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("ground", [theme.BACKGROUND, theme.PANEL, theme.RAISED])
@pytest.mark.parametrize(
    "words", [theme.TEXT, theme.QUIET, theme.ACCENT, theme.ALARM, theme.WELL, theme.BINDING]
)
def test_words_can_be_read(words: str, ground: str) -> None:
    assert contrast(words, ground) >= 4.5


@pytest.mark.parametrize("size", [(1120, 660), (1440, 900), (1920, 1080)])
def test_no_control_is_cut_off(size: tuple[int, int], whole: Stage) -> None:
    window = whole.window
    window.resize(*size)
    whole.until(lambda: (window.width(), window.height()) == size)
    QApplication.processEvents()
    for widget in chain(window):
        if window.panel.isAncestorOf(widget):
            room = window.panel.widget().rect()
            corner = widget.mapTo(window.panel.widget(), widget.rect().topLeft())
        else:
            room, corner = window.rect(), widget.mapTo(window, widget.rect().topLeft())
        assert room.contains(widget.rect().translated(corner)), widget.accessibleName()
        assert widget.width() >= widget.minimumSizeHint().width()
    assert window.panel.widget().width() <= window.panel.viewport().width()
    assert window.pad.width() >= 180
    assert window.canvas.frame().height() >= 300


def test_words_on_labels_are_not_cut_off(whole: Stage) -> None:
    QApplication.processEvents()  # a figure of the status bar may just have grown
    for label in whole.window.findChildren(QLabel):
        if label.isVisible() and label.objectName() != "notice" and not label.wordWrap():
            assert label.width() >= label.minimumSizeHint().width(), label.text()


def test_a_broken_engine_is_told_to_readers_too(open_stage: Callable[..., Stage]) -> None:
    guest, reason = fake(), "Its spec does not load (ImportError: no)."
    registry = Registry(
        [Listing("fake", "here", guest.spec), Listing("frobs", "a plug-in", None, reason)]
    )
    stage = open_stage(guest, registry=registry)
    actions = stage.window.deck_bar.add_button.menu().actions()
    assert [a.toolTip() for a in actions if not a.isEnabled()] == [reason]


PAGES = ("General", "Files", "Sound", "MIDI outputs", "MIDI inputs", "Routes", "OSC", "Keys")


def test_every_control_of_library_settings_and_export_is_named_and_told(whole: Stage) -> None:
    window = whole.window
    window.toggle_library()
    settings = window.open_settings()
    for page in PAGES:
        settings.open_page(page)
    export = window.export()
    parts = (window.library, settings, export)
    controls = [w for part in parts for w in part.findChildren(QWidget) if isinstance(w, CONTROLS)]
    controls = [w for w in controls if not w.objectName().startswith("qt_")]
    assert len(controls) > 60
    silent = [
        (type(w).__name__, w.accessibleName(), button_text(w)) for w in controls if not told(w)
    ]
    nameless = [
        (type(w).__name__, w.toolTip())
        for w in controls
        if not (w.accessibleName() or button_text(w))
        and not isinstance(w.parent(), QComboBox | QLineEdit)
    ]
    settings.close()
    export.close()
    forget_the_dead()
    assert not silent
    assert not nameless


UNKNOWN = re.compile(
    r"great circle|straight line|\baxis\b|\bspread\b|\bdirections\b|\breach\b|\bbreadth\b|^around$"
    r"|\bbreed\b|turns a minute|\bflow\b|held point|\bglide\b|\brecall\b|\bthe past\b|\bpoints?\b"
    r"|temperature|phrase height|\bvary\b|bf16|fp32|\bdropped\b|\broom\b|\btie\b"
    r"|latent(?! loom| <span)",
    re.IGNORECASE,
)
"""What a stranger had to ask about."""


def test_no_word_needs_to_be_asked_about(whole: Stage) -> None:
    window = whole.window
    window.toggle_library()
    settings = window.open_settings()
    for page in PAGES:
        settings.open_page(page)
    export = window.export()
    said = {action.text for action in window.all_actions}
    said |= {control.label for control in window.rig.controls.all()}
    for spec in find_engines().specs:
        for parameter in (p for model in spec.models for p in spec.controls(model.name)):
            said |= {parameter.label, parameter.group, parameter.help}
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, QLineEdit):
            said |= {widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()}
        if isinstance(widget, QLabel | QAbstractButton):
            said.add(widget.text())
    settings.close()
    export.close()
    forget_the_dead()
    assert len(said) > 500
    assert not [words for words in said if UNKNOWN.search(words)]
