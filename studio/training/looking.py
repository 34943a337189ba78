"""Looking through a folder on a thread of its own, while its pictures appear one by one."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from threading import Thread

from studio.engine import EngineError
from studio.training import folder as folders
from studio.training.folder import Item


class Looking:
    """Begins at once. `collect` gives what has been found since the last time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problem = ""
        """Why there is nothing to look through, in one sentence."""
        self._found: deque[Item] = deque()
        self._is_wanted = True
        self._thread = Thread(target=self._look, name="looking through a folder", daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether all of it has been looked at and collected."""
        return not self._thread.is_alive() and not self._found

    def collect(self) -> list[Item]:
        """What has been found since."""
        found = []
        while self._found:
            found.append(self._found.popleft())
        return found

    def close(self) -> None:
        """Look no further."""
        self._is_wanted = False
        self._thread.join(5)

    def _look(self) -> None:
        try:
            for item in folders.look(self.folder, lambda: self._is_wanted):
                self._found.append(item)
        except (EngineError, OSError) as error:
            self.problem = str(error)
