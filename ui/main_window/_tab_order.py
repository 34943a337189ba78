"""The way of the Tab key: as things stand in the window, whenever they were made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def set_order(*parts: QWidget) -> None:
    """Let Tab visit the controls of `parts`, one part after the other.

    Within a part the order is that of the children, so a view that puts a new child before older
    ones raises those. (Walking the layouts would say it directly, but PySide keeps its wrappers of
    layout items beyond the items' end and later takes other objects for them.)
    """
    stops = [stop for part in parts for stop in _stops(part)]
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def _stops(part: QWidget) -> Iterator[QWidget]:
    for widget in part.findChildren(QWidget):
        may_stop = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if may_stop and widget.window() is part.window():  # a list's popup is a window of its own
            yield widget
