"""After how many changes of the scene each picture was asked for."""

from __future__ import annotations

from collections import deque


class AskedPictures:
    """Of every deck; what is older than the picture that was shown last is forgotten."""

    def __init__(self) -> None:
        self._known: dict[str, deque[tuple[int, int]]] = {}

    def note(self, deck: str, revision: int, changes: int) -> None:
        """After so many changes, `revision` is the newest picture that was asked for; 0: none."""
        known = self._known.setdefault(deck, deque())
        if not known or revision > known[-1][0]:
            known.append((revision, changes))

    def changes_of(self, deck: str, revision: int, changes: int) -> int:
        """After how many changes of now `changes` the picture was asked for that is shown. An
        engine that becomes ready asks by itself: after the last change that did not ask anew."""
        known = self._known.get(deck, deque())
        while known and known[0][0] < revision:
            known.popleft()
        if not known:
            return changes
        asked, then = known[0]
        return then if asked == revision else then - 1
