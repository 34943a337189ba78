"""Work on the shelf that may wait for a disk, done in order on a thread of its own."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from psygnal import Signal

from studio.presets.errors import PresetError

_log = logging.getLogger(__name__)

Result = TypeVar("Result")


class Librarian:
    """`do` hands over work; what comes of it is taken on the thread that calls `collect`.

    `wake` is called on the librarian's thread when there is something to collect. `refused` is
    emitted by `collect`, with one sentence, for work that raised.
    """

    refused = Signal(str)

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._hands = ThreadPoolExecutor(1, "librarian")
        self._aside = ThreadPoolExecutor(1, "librarian-aside")
        self._done: deque[Callable[[], object]] = deque()
        self._waiting = 0

    @property
    def is_idle(self) -> bool:
        """Whether all that was handed over is done and taken."""
        return self._waiting == 0

    def do(
        self,
        work: Callable[[], Result],
        then: Callable[[Result], object] = lambda _: None,
        *,
        aside: bool = False,
    ) -> None:
        """Do `work` there and then `then`, with what it gave, here. What may take a minute is done
        `aside`: nothing else waits for it."""
        self._waiting += 1
        (self._aside if aside else self._hands).submit(self._work, work, then)

    def collect(self) -> None:
        """Take what has been done."""
        while self._done:
            self._waiting -= 1
            self._done.popleft()()

    def close(self) -> None:
        """Finish what was begun; what comes of it is not taken any more."""
        for hands in (self._hands, self._aside):
            hands.shutdown(wait=True)

    def _work(self, work: Callable[[], Result], then: Callable[[Result], object]) -> None:
        try:
            result = work()
        except PresetError as error:
            sentence = str(error)
            self._done.append(lambda: self.refused.emit(sentence))
        except Exception:  # noqa: BLE001 - the librarian stays at work, whatever it is
            _log.exception("librarian")
            sentence = "Something went wrong with the presets; the log says more."
            self._done.append(lambda: self.refused.emit(sentence))
        else:
            self._done.append(lambda: then(result))
        self._wake()
