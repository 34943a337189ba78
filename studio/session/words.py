"""The line that a deck says at the moment: for texts of other decks, for OSC and for recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psygnal import Signal

if TYPE_CHECKING:
    from studio.session._session import Session


class Words:
    """Of the first deck whose picture says something (see `Engine.words`).

    Signal: `changed(words)`.
    """

    changed = Signal(str)

    def __init__(self, session: Session) -> None:
        self._session = session
        self.now = ""
        """The line; empty where no deck says one."""
        session.pictured.connect(self._follow)
        session.changed.connect(self._follow)

    def _follow(self, *_: object) -> None:
        shown = (self._session.state(deck.key).shown for deck in self._session.scene.decks)
        words = next((picture.words for picture in shown if picture and picture.words), "")
        if words != self.now:
            self.now = words
            self.changed.emit(words)
