"""What can be added: the modulators that come with the instrument, and one of each kind."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu

from studio.modulation.factory import FACTORY
from studio.modulation.kinds import KINDS


def fill(menu: QMenu, add: Callable[[str], object]) -> None:
    """Add an entry for each; `add` is called with the name of what was chosen."""
    menu.setToolTipsVisible(True)
    for name, made in FACTORY.items():
        _entry(menu, made.name, KINDS[made.kind].help, name, add)
    menu.addSeparator()
    for name, kind in KINDS.items():
        _entry(menu, f"{kind.title} (plain)", kind.help, name, add)


def _entry(menu: QMenu, words: str, about: str, name: str, add: Callable[[str], object]) -> None:
    action = menu.addAction(words)
    action.setToolTip(about)
    action.triggered.connect(lambda _=False: add(name))
