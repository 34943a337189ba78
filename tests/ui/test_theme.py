"""Text size: one factor for all of it, at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.settings.declared import TEXT_SIZE
from tests.ui.stage import Stage
from ui import theme
from ui.widgets.row import ParameterRow


@pytest.fixture
def usual_size_after(qapp: QApplication) -> Iterator[None]:
    yield
    theme.use_text_size(qapp, TEXT_SIZE.default)


@pytest.mark.usefixtures("usual_size_after")
@pytest.mark.parametrize("size", TEXT_SIZE.options)
def test_fonts_sheets_and_sizes_follow_one_factor(
    qapp: QApplication, qtbot: QtBot, size: str
) -> None:
    label = QLabel("Words")
    qtbot.addWidget(label)
    theme.dress(label, "font-size: 20px; padding: 3px;")
    theme.set_size(label, width=100, height=30)
    theme.use_text_size(qapp, size)
    factor = int(size.removesuffix(" %")) / 100
    assert theme.font(12).pixelSize() == round(12 * factor)
    assert label.styleSheet() == f"font-size: {round(20 * factor)}px; padding: 3px;"
    assert (label.width(), label.height()) == (round(100 * factor), round(30 * factor))
    assert f"font-size: {round(13 * factor)}px" in qapp.styleSheet()


@pytest.mark.usefixtures("usual_size_after")
def test_the_whole_window_follows_while_it_is_open_and_comes_back(
    qapp: QApplication, stage: Stage
) -> None:
    window = stage.window

    def sizes() -> list[int]:
        QApplication.processEvents()
        row = window.panel.findChildren(ParameterRow)[0]
        parts = (window.status, window.live.bar, window.scenes, row)
        return [part.height() for part in parts] + [window.deck_bar.height()]

    before = sizes()
    theme.use_text_size(qapp, "150 %")
    grown = sizes()
    assert all(large > usual for large, usual in zip(grown, before, strict=True))
    theme.use_text_size(qapp, "100 %")
    assert sizes() == before


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's ratio of two colours, from 1 to 21."""

    def luminance(name: str) -> float:
        parts = (int(name[i : i + 2], 16) / 255 for i in (1, 3, 5))
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_all_words_stand_out_from_every_ground() -> None:
    words = (theme.TEXT, theme.QUIET, theme.ACCENT, theme.BINDING, theme.ALARM, theme.WELL)
    grounds = (theme.BACKGROUND, theme.PANEL, theme.RAISED, theme.HAIRLINE, theme.TRACK)
    pairs = [(word, ground) for word in words for ground in grounds]
    pairs += [(theme.DISABLED, theme.PANEL), (theme.BACKGROUND, theme.ACCENT)]
    pairs += [(theme.BACKGROUND, theme.BINDING)]
    weak = {pair: round(contrast(*pair), 2) for pair in pairs if contrast(*pair) < 4.5}
    assert not weak


def test_what_is_styled_when_it_is_built_looks_as_what_was_styled_before(
    qapp: QApplication, qtbot: QtBot
) -> None:
    def built() -> QWidget:
        outer, inner = QWidget(), QWidget()
        column = QVBoxLayout(inner)
        column.addWidget(QPushButton("Press"))
        label = QLabel("Words")
        theme.dress(label, f"font-size: 20px; color: {theme.ALARM};")
        column.addWidget(label)
        QVBoxLayout(outer).addWidget(inner)
        qtbot.addWidget(outer)
        return outer

    sheet = qapp.styleSheet()
    before = built()
    with theme.undressed():
        at_the_end = built()
    assert qapp.styleSheet() == sheet != ""
    assert at_the_end.sizeHint() == before.sizeHint()
    assert at_the_end.grab().toImage() == before.grab().toImage()
    with pytest.raises(ZeroDivisionError), theme.undressed():
        _ = 1 / 0
    assert qapp.styleSheet() == sheet
