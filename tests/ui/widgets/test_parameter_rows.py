"""One row for each kind of parameter: what the hand may do with it, and what it then reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from studio.document.parameters import Choice, Float, Int, Parameter, Toggle, Value
from studio.document.seeds import Seed
from tests.ui.hands import ALT, SHIFT, double_click, drag, move, press, release, wheel
from ui.widgets.parameter_rows import (
    ChoiceRow,
    ListRow,
    ParameterRow,
    SeedRow,
    SliderRow,
    ToggleRow,
    row_for,
)
from ui.widgets.slider import Slider

GAIN = Float(name="gain", label="Gain", unit="dB", low=-10, high=10, default=1, help="How loud.")
RATE = Float(name="rate", label="Rate", unit="Hz", low=0.1, high=1000, default=10, curve="log")
BANDS = Int(name="bands", label="Bands", unit="rows", low=1, high=8, default=2)
TINT = Choice(name="tint", label="Tint", options=("none", "red", "blue"), default="none")
SCALE = Choice(
    name="scale",
    label="Scale",
    options=("major", "minor", "dorian", "phrygian", "lydian", "mixolydian"),
    default="major",
)
MIRROR = Toggle(name="mirror", label="Mirror", default=False)
NOISE = Seed(name="noise", label="Noise", default=7)

OTHER_VALUES: dict[Parameter, Value] = {
    GAIN: -3.5,
    RATE: 440.0,
    BANDS: 5,
    TINT: "blue",
    SCALE: "lydian",
    MIRROR: True,
    NOISE: 2024,
}
KINDS = pytest.mark.parametrize("parameter", list(OTHER_VALUES), ids=lambda p: p.name)


class Hand:
    """A row on screen, what it reported, and a hand that plays it as a panel would.

    Like the panel it shows every value that was wanted.
    """

    def __init__(self, bot: QtBot, row: ParameterRow) -> None:
        self.row = row
        self.wanted: list[Any] = []
        self.told: list[str] = []
        row.wanted.connect(self.wanted.append)
        row.wanted.connect(row.show_value)
        row.refused.connect(self.told.append)
        row.pressed.connect(lambda: self.told.append("pressed"))
        row.released.connect(lambda: self.told.append("released"))
        row.resize(344, 34)
        bot.addWidget(row)
        row.show()
        row.activateWindow()
        bot.waitUntil(row.isActiveWindow)

    @property
    def slider(self) -> Slider:
        assert isinstance(self.row, SliderRow)
        return self.row.slider

    @property
    def edit(self) -> QLineEdit:
        return self.row.findChild(QLineEdit)

    def at(self, position: float) -> QPointF:
        """The point of the slider where `position` in [0, 1] is."""
        slider = self.slider
        return QPointF(8 + position * (slider.width() - 16), slider.height() / 2)

    def key(self, key: Qt.Key | str, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
        held = QApplication.focusWidget()
        assert held is not None
        QTest.keyClick(held, key, modifiers)

    def type(self, words: str) -> None:
        """Open the value by a double click and write over it."""
        double_click(self.row.field)
        assert self.edit.isVisible()
        QTest.keyClicks(self.edit, words)


@pytest.fixture
def hand(qtbot: QtBot) -> Callable[[Parameter], Hand]:
    return lambda parameter: Hand(qtbot, row_for(parameter))


@KINDS
def test_every_kind_has_its_row(parameter: Parameter, hand: Callable[[Parameter], Hand]) -> None:
    expected = {
        "gain": SliderRow,
        "rate": SliderRow,
        "bands": SliderRow,
        "tint": ChoiceRow,
        "scale": ListRow,
        "mirror": ToggleRow,
        "noise": SeedRow,
    }
    assert type(hand(parameter).row) is expected[parameter.name]


@KINDS
def test_showing_a_value_never_reports_it(
    parameter: Parameter, hand: Callable[[Parameter], Hand]
) -> None:
    played = hand(parameter)
    played.row.wanted.disconnect(played.row.show_value)
    for value in (OTHER_VALUES[parameter], parameter.initial, OTHER_VALUES[parameter]):
        played.row.show_value(value)
        QApplication.processEvents()
    assert played.wanted == []
    assert played.told == []


@KINDS
def test_the_tooltip_says_what_it_is_and_in_which_unit(parameter: Parameter, qtbot: QtBot) -> None:
    helped = replace(parameter, help="It does something.")
    row = row_for(helped)
    qtbot.addWidget(row)
    assert f"{parameter.label}: It does something." in row.toolTip()
    assert parameter.unit in row.toolTip()
    if isinstance(parameter, (Float, Int)):
        low, high = parameter.format(parameter.low), parameter.format(parameter.high)
        assert f"{low} to {high}" in row.toolTip()


# -- Float and Int: the slider ---------------------------------------------------------------------


def test_a_click_beside_the_handle_goes_there(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(GAIN)
    press(played.slider, played.at(0.25))
    assert played.wanted == [pytest.approx(-5)]
    release(played.slider, played.at(0.25))
    assert played.told == ["pressed", "released"]


def test_the_middle_of_a_log_slider_is_the_geometric_mean(
    hand: Callable[[Parameter], Hand],
) -> None:
    played = hand(replace(RATE, default=0.1))
    press(played.slider, played.at(0.5))
    assert played.wanted == [pytest.approx((0.1 * 1000) ** 0.5)]


def test_taking_the_handle_moves_nothing_and_a_drag_moves_it_from_there(
    hand: Callable[[Parameter], Hand],
) -> None:
    played = hand(GAIN)
    beside = played.at(GAIN.position(1)) + QPointF(4, 0)
    press(played.slider, beside)
    assert played.wanted == []
    travel = played.slider.width() - 16
    move(played.slider, beside + QPointF(travel / 10, 0))
    assert played.wanted == [pytest.approx(3)]


def test_a_drag_past_the_end_stops_there(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(GAIN)
    drag(played.slider, played.at(0.5), played.at(9.0))
    assert played.wanted[-1] == 10
    drag(played.slider, played.at(1.0), played.at(-9.0))
    assert played.wanted[-1] == -10


def test_shift_slows_a_drag_tenfold(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(replace(GAIN, default=0))
    drag(played.slider, played.at(0.1), played.at(0.6), modifiers=SHIFT)
    assert played.wanted == [pytest.approx(1)]


def test_shift_takes_small_steps_of_an_int_together(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(replace(BANDS, default=1))
    way = [played.at(0.05 * step) for step in range(21)]
    drag(played.slider, *way, modifiers=SHIFT)
    assert 2 in played.wanted
    assert max(played.wanted) == 2


def test_alt_click_resets(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(GAIN)
    played.row.show_value(-7.0)
    press(played.slider, played.at(0.9), modifiers=ALT)
    assert played.wanted == [1.0]


def test_only_the_left_button_plays(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(GAIN)
    press(played.slider, played.at(0.9), Qt.MouseButton.RightButton)
    move(played.slider, played.at(0.2), Qt.MouseButton.RightButton)
    assert played.wanted == []


def test_a_notch_of_the_wheel_is_a_fiftieth_and_with_shift_a_tenth_of_that(
    hand: Callable[[Parameter], Hand],
) -> None:
    played = hand(replace(GAIN, default=0))
    wheel(played.slider, 1)
    assert played.wanted == [pytest.approx(0.4)]
    wheel(played.slider, -1, modifiers=SHIFT)
    assert played.wanted[-1] == pytest.approx(0.36)


def test_the_wheel_steps_an_int_by_one_and_small_turns_add_up(
    hand: Callable[[Parameter], Hand],
) -> None:
    played = hand(BANDS)
    wheel(played.slider, 1)
    assert played.wanted == [3]
    for _ in range(4):
        wheel(played.slider, -0.25)
    assert played.wanted == [3, 2]


@pytest.mark.parametrize(
    ("key", "modifiers", "expected"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, 0.4),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, 0.4),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, -0.4),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, -0.4),
        (Qt.Key.Key_Right, SHIFT, 0.04),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, 2),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, -2),
    ],
)
def test_keys_step(
    key: Qt.Key, modifiers: Any, expected: float, hand: Callable[[Parameter], Hand]
) -> None:
    played = hand(replace(GAIN, default=0))
    played.slider.setFocus()
    played.key(key, modifiers)
    assert played.wanted == [pytest.approx(expected)]


def test_an_arrow_key_steps_an_int_by_one(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(BANDS)
    played.slider.setFocus()
    played.key(Qt.Key.Key_Right)
    played.key(Qt.Key.Key_Right)
    played.key(Qt.Key.Key_Left)
    assert played.wanted == [3, 4, 3]


def test_home_resets(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(GAIN)
    played.row.show_value(-7.0)
    played.slider.setFocus()
    played.key(Qt.Key.Key_Home)
    assert played.wanted == [1.0]


def test_a_slider_that_is_hidden_in_a_drag_lets_go(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(GAIN)
    press(played.slider, played.at(0.2))
    played.slider.hide()
    assert played.told == ["pressed", "released"]
    move(played.slider, played.at(0.9))
    assert len(played.wanted) == 1


# -- the value, typed ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameter", "typed", "expected"),
    [
        (GAIN, "-2.5", -2.5),
        (GAIN, "3 dB", 3.0),
        (RATE, "440", 440.0),
        (BANDS, "5 rows", 5),
        (NOISE, "99", 99),
    ],
)
def test_a_double_click_lets_one_type(
    parameter: Parameter, typed: str, expected: Value, hand: Callable[[Parameter], Hand]
) -> None:
    played = hand(parameter)
    played.type(typed)
    QTest.keyClick(played.edit, Qt.Key.Key_Return)
    assert played.wanted == [expected]
    assert type(played.wanted[0]) is type(expected)
    assert played.row.field.text() == parameter.format(expected)
    assert not played.edit.isVisible()


@pytest.mark.parametrize(
    ("parameter", "typed"), [(GAIN, "11"), (GAIN, "loud"), (BANDS, "2.5"), (NOISE, "-1")]
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    parameter: Parameter, typed: str, hand: Callable[[Parameter], Hand]
) -> None:
    played = hand(parameter)
    played.type(typed)
    QTest.keyClick(played.edit, Qt.Key.Key_Return)
    assert played.wanted == []
    (sentence,) = played.told
    assert sentence.startswith(parameter.label)
    assert sentence.endswith(".")
    assert played.row.field.text() == parameter.format(parameter.initial)


def test_escape_leaves_the_value_and_gives_the_keyboard_back(
    hand: Callable[[Parameter], Hand],
) -> None:
    played = hand(GAIN)
    played.type("5")
    QTest.keyClick(played.edit, Qt.Key.Key_Escape)
    assert (played.wanted, played.told) == ([], [])
    assert played.slider.hasFocus()
    assert played.row.field.text() == "+1.00 dB"


def test_going_elsewhere_takes_what_was_typed(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(GAIN)
    played.type("5")
    played.slider.setFocus()
    assert played.wanted == [5.0]


def test_typing_the_same_value_sets_nothing(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(replace(GAIN, default=1.23456))
    double_click(played.row.field)
    QTest.keyClick(played.edit, Qt.Key.Key_Return)
    assert played.wanted == []


def test_enter_on_the_slider_lets_one_type_and_comes_back_to_it(
    hand: Callable[[Parameter], Hand],
) -> None:
    played = hand(GAIN)
    played.slider.setFocus()
    played.key(Qt.Key.Key_Return)
    assert played.edit.hasFocus()
    assert played.edit.selectedText() == played.edit.text()
    QTest.keyClicks(played.edit, "7")
    played.key(Qt.Key.Key_Enter)
    assert played.wanted == [7.0]
    assert played.slider.hasFocus()


# -- Choice, Toggle, Seed --------------------------------------------------------------------------


def test_a_choice_is_made_by_a_click_a_key_or_the_wheel(
    hand: Callable[[Parameter], Hand],
) -> None:
    played = hand(TINT)
    assert isinstance(played.row, ChoiceRow)
    buttons = played.row.buttons
    buttons.button(2).click()
    assert played.wanted == ["blue"]
    wheel(played.row, 1)
    assert played.wanted[1:] == ["red"]
    buttons.button(1).setFocus()
    played.key(Qt.Key.Key_Left)
    assert played.wanted[2:] == ["none"]
    assert buttons.checkedId() == 0


def test_the_wheel_stops_at_the_last_word(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(TINT)
    for _ in range(5):
        wheel(played.row, -1)
    assert played.wanted[-1] == "blue"
    assert played.wanted.count("blue") == 1


def test_more_words_than_fit_go_into_a_list(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(SCALE)
    assert isinstance(played.row, ListRow)
    assert played.row.sizeHint().width() <= 344
    picker = played.row.picker
    assert [picker.itemText(i) for i in range(picker.count())] == list(SCALE.options)
    picker.setFocus()
    played.key(Qt.Key.Key_Down)
    assert played.wanted == ["minor"]
    wheel(picker, -1)
    assert played.wanted == ["minor", "dorian"]


def test_a_toggle_says_its_state_in_a_word(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(MIRROR)
    assert isinstance(played.row, ToggleRow)
    assert played.row.button.text() == "off"
    played.row.button.click()
    assert played.wanted == [True]
    assert played.row.button.text() == "on"
    played.row.button.click()
    assert played.wanted == [True, False]


def test_the_die_throws_another_seed(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(NOISE)
    assert isinstance(played.row, SeedRow)
    played.row.die.click()
    (seed,) = played.wanted
    assert NOISE.validate(seed) == seed


def test_a_seed_can_be_typed_without_a_mouse(hand: Callable[[Parameter], Hand]) -> None:
    played = hand(NOISE)
    assert isinstance(played.row, SeedRow)
    played.row.field.setFocus(Qt.FocusReason.TabFocusReason)
    played.key(Qt.Key.Key_Return)
    QTest.keyClicks(played.edit, "42")
    played.key(Qt.Key.Key_Return)
    assert played.wanted == [42]
    assert played.row.field.hasFocus()


def test_long_labels_and_values_stay_inside_the_panel(hand: Callable[[Parameter], Hand]) -> None:
    long = Float(
        name="detune",
        label="Detune of everything at once",
        unit="semitones",
        low=-1200,
        high=1200,
        default=-1200,
        decimals=1,
    )
    played = hand(long)
    assert played.row.minimumSizeHint().width() <= 344
    value = played.row.field
    assert value.fontMetrics().horizontalAdvance(value.text()) <= value.width()
    assert "Detune of everything at once" in played.row.toolTip()
