"""What a screen reader meets: every control of the real decks and dialogs has a name, a role that
says how it is used, and is reached by Tab. `QAccessible` gives the tree that goes to AT-SPI."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from tests.ui.real_decks import dialogs, real_stage, views
from tests.ui.stage import Stage
from ui import accessible_roles

ROLES = {
    "Button", "ButtonMenu", "Canvas", "CheckBox", "ComboBox", "EditableText", "List", "ListItem",
    "RadioButton", "Slider", "SpinBox", "Table", "Tree", "TreeItem",
}  # fmt: skip
"""Each of them says what keys do. "Client", Qt's word for any widget, says nothing."""
MOST_STOPS = 400


@pytest.fixture
def real(open_stage: Callable[..., Stage]) -> Stage:
    accessible_roles.install()
    return real_stage(open_stage)


def parts(widget: QWidget) -> Iterator[QAccessibleInterface]:
    """All that a reader can come to in a widget: what is seen, can be used and takes the keys."""
    waiting = [QAccessible.queryAccessibleInterface(widget)]
    while waiting:
        part = waiting.pop()
        state = part.state()
        if state.focusable and not state.invisible and not state.disabled:
            yield part
        children = (part.child(n) for n in range(part.childCount()))
        waiting += [child for child in children if child is not None]


def amiss(widget: QWidget) -> set[tuple[str, str, str]]:
    """Role, name and class of the parts that lack a name or a role of use."""
    told = [(p.role().name, p.text(QAccessible.Text.Name), p.object()) for p in parts(widget)]
    return {
        (role, name, type(held).__name__)
        for role, name, held in told
        if not name.strip() or role not in ROLES
    }


def missed(widget: QWidget) -> list[tuple[str, str]]:
    """The controls of `widget` that pressing Tab again and again does not come to."""
    start = QApplication.focusWidget()
    visited = [start]
    for _ in range(MOST_STOPS):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        if QApplication.focusWidget() is start:
            break
        visited.append(QApplication.focusWidget())
    assert QApplication.focusWidget() is start, "Tab does not come back"
    held = {p.object() for p in parts(widget)}
    return [
        (type(w).__name__, w.accessibleName())
        for w in held
        if isinstance(w, QWidget) and w not in visited and not _by_arrows(w, visited)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def _by_arrows(widget: QWidget, visited: list[QWidget]) -> bool:
    """Whether it is one of several words side by side: they are one stop, arrow keys go on."""
    return (
        isinstance(widget, QAbstractButton)
        and widget.autoExclusive()
        and any(isinstance(w, QAbstractButton) and w.group() is widget.group() for w in visited)
    )


def test_every_control_of_every_deck_and_tab_has_a_name_and_a_role(real: Stage) -> None:
    real.window.toggle_library()
    count = 0
    for view in views(real):
        assert not amiss(real.window), view
        count += sum(1 for _ in parts(real.window))
    assert count > 1000


def test_every_control_of_every_dialog_has_a_name_and_a_role(real: Stage) -> None:
    for dialog in dialogs(real):
        assert not amiss(dialog), dialog.windowTitle()


def test_tab_comes_to_every_control_of_every_tab(real: Stage) -> None:
    real.window.toggle_library()
    for view in views(real):
        real.focus(real.window.pad)
        assert not missed(real.window), view


def test_tab_comes_to_every_control_of_every_dialog(real: Stage) -> None:
    for dialog in dialogs(real):
        dialog.activateWindow()
        real.until(lambda held=dialog: held.isAncestorOf(QApplication.focusWidget() or real.window))
        assert not missed(dialog), dialog.windowTitle()
