"""Keeps the computer awake and its screensaver away for as long as somebody wants it.

By wakepy. Systems that end with the process what it asked for (D-Bus, Windows) give it back after
a crash as well. Asking may take seconds where a system answers badly, so a thread of its own asks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from threading import Condition, Thread

_log = logging.getLogger(__name__)

_PATIENCE_S = 2.0
_MAY_SLEEP = (
    "This computer may go to sleep or show its screensaver while you play; turn both off in its "
    "settings before a show."
)


def presenting() -> AbstractContextManager[object]:
    """Awake as for a film, by what this system has. Raises whatever is in the way of it."""
    from wakepy import keep  # it looks for D-Bus when it is imported

    return keep.presenting(on_fail="error")


class KeepAwake:
    """Tell it whether it is wanted, as often as you like."""

    def __init__(
        self,
        tell: Callable[[str], None],
        hold: Callable[[], AbstractContextManager[object]] | None = None,
    ) -> None:
        """`tell` is called once with a sentence for the artist, on another thread, where it cannot
        be kept awake."""
        self._tell, self._hold = tell, hold or presenting
        self._ready = Condition()
        self._wanted = self._closed = self._told = False
        self._thread: Thread | None = None

    def want(self, wanted: bool) -> None:
        """Keep it awake from now on, or no longer."""
        if wanted == self._wanted or self._closed:
            return
        with self._ready:
            self._wanted = wanted
            self._ready.notify()
        if self._thread is None:
            self._thread = Thread(target=self._run, name="keep awake", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Give everything back."""
        with self._ready:
            self._wanted, self._closed = False, True
            self._ready.notify()
        if self._thread is not None:
            self._thread.join(_PATIENCE_S)

    def _run(self) -> None:
        while self._await(lambda: self._wanted):
            try:
                with ExitStack() as held:
                    self._begin(held)
                    self._await(lambda: not self._wanted)
            except Exception as error:  # noqa: BLE001  a library and a system speak here
                _log.warning("the computer is perhaps kept awake still: %s", error)

    def _await(self, there: Callable[[], bool]) -> bool:
        """False at the end."""
        with self._ready:
            self._ready.wait_for(lambda: self._closed or there())
            return not self._closed

    def _begin(self, held: ExitStack) -> None:
        try:
            held.enter_context(self._hold())
        except Exception as error:  # noqa: BLE001  a library and a system speak here
            if not self._told:
                _log.warning("the computer is not kept awake: %s", error)
                self._tell(_MAY_SLEEP)
            self._told = True
