"""Words that are a third longer, as in other languages or a larger size of text, are not cut."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QToolButton, QWidget

from studio.settings.declared import TEXT_SIZE
from tests.ui.real_decks import dialogs, real_stage, views
from tests.ui.stage import Stage
from ui import theme
from ui.widgets.elided_label import ElidedLabel

_ICON_ONLY = Qt.ToolButtonStyle.ToolButtonIconOnly
FREE = ("notice", "sceneName", "path")
"""Sentences and names of any length: they take the room there is, their tooltips say all."""


def longer(words: str) -> str:
    """Each word by three tenths; figures as they are."""
    more = lambda word: word[0] + "n" * math.ceil(0.3 * len(word[0]))  # noqa: E731
    return re.sub(r"[^\W\d_]{4,}", more, words)


def settle() -> None:
    """What lies in what lies in a row is laid out one after the other."""
    for _ in range(4):
        QApplication.processEvents()


def worded(window: QWidget) -> list[QWidget]:
    """What shows words now."""
    shown = [w for w in window.findChildren(QLabel) if w.isVisible() and w.objectName() not in FREE]
    buttons = [
        b
        for b in window.findChildren(QAbstractButton)
        if b.isVisible() and not (isinstance(b, QToolButton) and b.toolButtonStyle() == _ICON_ONLY)
    ]
    texts = [w for w in (*shown, *buttons) if longer(w.text()) != w.text() and "<" not in w.text()]
    return [w for w in texts if not re.match(r"[-+]?\d+[. ]", w.text())]  # as wide as figures need


def lengthen(widget: QWidget) -> None:
    if isinstance(widget, ElidedLabel):
        widget.say(longer(widget.words))
    elif isinstance(widget, QLabel | QAbstractButton):
        widget.setText(longer(widget.text()))


def is_cut(widget: QWidget) -> bool:
    if isinstance(widget, ElidedLabel):
        return widget.text() != widget.words
    if isinstance(widget, QLabel) and widget.wordWrap():
        longest = max(map(widget.fontMetrics().horizontalAdvance, widget.text().split()))
        low = widget.height() + 2 < widget.heightForWidth(widget.width())
        return low or longest > widget.width()
    if isinstance(widget, QLabel):
        return widget.width() < widget.minimumSizeHint().width()
    assert isinstance(widget, QAbstractButton)
    mark = 0 if widget.icon().isNull() else widget.iconSize().width() + 4
    return widget.fontMetrics().horizontalAdvance(widget.text()) + mark > widget.width() - 4


@pytest.mark.parametrize("size", [(1120, 660), (1920, 1080)])
def test_no_words_of_any_deck_and_tab_are_cut(
    size: tuple[int, int], open_stage: Callable[..., Stage]
) -> None:
    stage = real_stage(open_stage, *size)
    window, done, cut = stage.window, set[QWidget](), set[tuple[str, str]]()
    for view in views(stage):
        for widget in worded(window):
            if widget not in done:
                lengthen(widget)
                done.add(widget)
        settle()
        cut |= {(view, w.text()) for w in worded(window) if is_cut(w)}
    assert len(done) > 60
    assert not cut, "\n".join(map(str, sorted(cut)))


@pytest.mark.parametrize("size", [(1120, 660), (1920, 1080)])
def test_no_words_are_cut_at_a_text_size_of_130_percent(
    size: tuple[int, int], open_stage: Callable[..., Stage], qapp: QApplication
) -> None:
    theme.use_text_size(qapp, "130 %")
    try:
        stage = real_stage(open_stage, *size)
        cut = set[tuple[str, str]]()
        for view in views(stage):
            settle()
            cut |= {(view, w.text()) for w in worded(stage.window) if is_cut(w)}
    finally:
        theme.use_text_size(qapp, TEXT_SIZE.default)
    assert not cut, "\n".join(map(str, sorted(cut)))


def test_no_words_of_any_dialog_are_cut(open_stage: Callable[..., Stage]) -> None:
    stage, done, cut = real_stage(open_stage), set[QWidget](), set[tuple[str, str]]()
    for dialog in dialogs(stage):
        for widget in set(worded(dialog)) - done:
            lengthen(widget)
            done.add(widget)
        settle()
        cut |= {(dialog.windowTitle(), w.text()) for w in worded(dialog) if is_cut(w)}
    assert not cut, "\n".join(map(str, sorted(cut)))
