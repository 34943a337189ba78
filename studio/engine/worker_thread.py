"""The engine thread: loads engines, renders the newest job, and never lets an engine end it.

What crosses to it is frozen (commands and requests), what comes back changes owner (events). An
engine that fails costs its picture, not the performance: the artist sees the last good one and a
sentence.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Hashable
from threading import Thread

from studio.engine import EngineError, Resources
from studio.engine._loaded_engines import LoadedEngines
from studio.engine._mailbox import Mailbox, Outbox
from studio.engine.messages import (
    Answered,
    Close,
    Command,
    Compose,
    Encode,
    Event,
    Failed,
    Grant,
    Load,
    MakeOwn,
    Outline,
    OwnMade,
    Pictured,
    Refined,
    Request,
    Settle,
    sentence_of,
)
from studio.engine.registry import Registry

_log = logging.getLogger(__name__)

_SWITCH_S = 1e-4
"""How long a thread that waits for Python's lock lets the other go on. With the default of 5 ms a
hand waits for the engine's Python, and the engine for the window's, as long as a picture takes."""


class EngineThread:
    """Runs engines on one thread of its own.

    `wake` is called on that thread when events begin to wait; the window then calls `drain` on
    its own.
    """

    def __init__(
        self, registry: Registry, wake: Callable[[], None], resources: Resources | None = None
    ) -> None:
        self.mailbox: Mailbox[Command, Request | Compose] = Mailbox()
        self._outbox: Outbox[Event] = Outbox()
        self._wake = wake
        self._engines = LoadedEngines(registry, resources or Resources(), self._is_awaited)
        self._thread = Thread(target=self._run, name="engines", daemon=True)

    def start(self) -> None:
        sys.setswitchinterval(_SWITCH_S)
        self._thread.start()

    def drain(self) -> list[Event]:
        """The events since the last call, oldest first; of pictures the newest of each deck."""
        return self._outbox.drain()

    def close(self, timeout_s: float = 5.0) -> bool:
        """Stop after what is being rendered. False when an engine did not come back in time.

        A thread that hangs in an engine is left behind: it is a daemon and cannot hold the exit.
        """
        self.mailbox.close()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _is_awaited(self, engine: str, model: str) -> bool:
        def fits(command: Command) -> bool:
            if not isinstance(command, Load) or command.anew:
                return False
            return (command.engine, command.model.name) == (engine, model)

        return self.mailbox.has_command(fits)

    def _run(self) -> None:
        while not self.mailbox.closed:
            item = self.mailbox.take(wait=not self._engines.is_running)
            for event in self._engines.go_on() if item is None else self._do(item):
                self._tell(event)
        self._engines.clear()

    def _do(self, item: Command | Request | Compose) -> list[Event]:
        try:
            return self._engines.do(item)
        except BaseException as error:  # noqa: BLE001 - a guest may raise anything
            _log.exception("engine thread: %s", type(item).__name__)
            return _failure(item, error)

    def _tell(self, event: Event) -> None:
        slot: Hashable = None
        if isinstance(event, Pictured):
            slot = ("picture", event.request.deck)
        elif isinstance(event, Refined):
            slot = ("refined", event.deck, event.slot)
        elif isinstance(event, OwnMade) and event.step > 0:
            slot = ("own picture", event.deck, event.slot)
        if self._outbox.put(event, slot=slot):
            self._wake()


def _failure(item: Command | Request | Compose, error: BaseException) -> list[Event]:
    if isinstance(item, (Close, Grant, Settle)):
        return []
    sentence = sentence_of(error)
    if isinstance(item, (Request, Outline, Compose)) and item.reply is not None:
        return [Answered(item.deck, item.epoch, item.reply, EngineError(sentence))]
    fatal, aside = isinstance(item, Load), isinstance(item, (Encode, MakeOwn))
    revision = item.revision if isinstance(item, Request) else 0
    return [Failed(item.deck, item.epoch, sentence, fatal, revision, aside)]
