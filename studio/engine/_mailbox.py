"""What the engine thread still has to do, and what it has done.

`Mailbox` is where the latest wins: one place for each deck's next picture, so that a drag can
never queue up behind a slow engine. `Outbox` is the way back: the newest picture of each deck.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable
from threading import Condition, Lock
from typing import Generic, TypeVar

Command = TypeVar("Command")
Job = TypeVar("Job")
Event = TypeVar("Event")


ERRAND_S = 0.3
"""Where pictures never end, as on decks that walk, one errand is done so often: eight thumbnails
are there within three seconds, and pictures lose what one of three a second takes."""


REST_S = 0.05
"""After so long whoever may not wait gets nothing once, although pictures wait, for what is done
beside them: an own picture takes 100 to 200 steps of 30 ms."""


class Mailbox(Generic[Command, Job]):
    """Commands in order; what is urgent; the newest job of each deck; small errands when nothing
    else waits.

    `take` gives commands first, then what is urgent, then the job that has waited longest, so that
    decks take turns and none starves, then errands; one of these goes before the jobs where none
    was done for `ERRAND_S`. Safe between threads.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ready = Condition()
        self._busy_s: float | None = None  # since when whoever may not wait has got no rest
        self._errand_s = 0.0  # when one was done last, or the first of those that wait came
        self._commands: deque[Command] = deque()
        self._urgent: dict[tuple[str, Hashable], Job] = {}
        self._jobs: dict[str, Job] = {}
        self._errands: dict[tuple[str, Hashable], Job] = {}
        self._closed = False
        self._overwritten = 0

    @property
    def overwritten(self) -> int:
        """Jobs that a newer one replaced before they were begun."""
        return self._overwritten

    def command(self, command: Command, *, clears: str | None = None) -> None:
        """Put `command` behind the others; `clears` names a deck for which all that waits is now
        void: a model that has not begun to load is not loaded for a scene that is gone."""
        with self._ready:
            if clears is not None:
                self._clear(clears)
            self._commands.append(command)
            self._ready.notify()

    def post(self, deck: str, job: Job) -> None:
        """Make `job` the deck's next; it keeps the turn of the one that it replaces."""
        with self._ready:
            self._overwritten += deck in self._jobs
            self._jobs[deck] = job
            self._ready.notify()

    def urge(self, key: tuple[str, Hashable], job: Job) -> None:
        """A job that goes before all pictures, such as the bar of a (deck, number) that is near.

        It takes the place of the one of the same key that has not begun.
        """
        with self._ready:
            self._urgent[key] = job
            self._ready.notify()

    def errand(self, key: tuple[str, Hashable], job: Job) -> None:
        """A job for when nothing else waits, such as the thumbnail of a (deck, slot).

        It replaces the errand of the same key that has not begun.
        """
        with self._ready:
            if not self._errands:
                self._errand_s = self._clock()
            self._errands[key] = job
            self._ready.notify()

    def take(self, *, wait: bool = True) -> Command | Job | None:
        """The next thing to do; None once closed, or where it may not `wait` for one: then, of
        pictures and errands, also after every `REST_S`."""
        with self._ready:
            if wait:
                self._ready.wait_for(lambda: self._closed or self._has_work())
            if self._closed or not self._has_work() or (not wait and self._rest_is_due()):
                self._busy_s = None
                return None
            if self._commands:
                return self._commands.popleft()
            if self._urgent:
                return self._urgent.pop(next(iter(self._urgent)))
            if self._jobs and not self._errand_is_due():
                return self._jobs.pop(next(iter(self._jobs)))
            self._errand_s = self._clock()
            return self._errands.pop(next(iter(self._errands)))

    def has_command(self, fits: Callable[[Command], bool]) -> bool:
        """Whether a command for which `fits` is true waits."""
        with self._ready:
            return any(map(fits, self._commands))

    @property
    def closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        """Forget everything; `take` answers None from now on."""
        with self._ready:
            self._closed = True
            self._ready.notify_all()

    def _clear(self, deck: str) -> None:
        kept = (each for each in self._commands if getattr(each, "deck", None) != deck)
        self._commands = deque(kept)
        self._jobs.pop(deck, None)
        for waiting in (self._urgent, self._errands):
            for key in [k for k in waiting if k[0] == deck]:
                del waiting[key]

    def _errand_is_due(self) -> bool:
        return bool(self._errands) and self._clock() - self._errand_s >= ERRAND_S

    def _rest_is_due(self) -> bool:
        if self._busy_s is None:
            self._busy_s = self._clock()
        return self._clock() - self._busy_s >= REST_S and not self._commands and not self._urgent

    def _has_work(self) -> bool:
        return bool(self._commands or self._urgent or self._jobs or self._errands)


class Outbox(Generic[Event]):
    """Events for the window, oldest first; an event with a `slot` replaces the one there.

    `put` says whether the box was empty, which is when the window has to be woken: one wake for
    any number of events, so that a fast engine cannot flood the event loop.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._events: dict[Hashable, Event] = {}
        self._count = 0

    def put(self, event: Event, *, slot: Hashable | None = None) -> bool:
        with self._lock:
            was_empty = not self._events
            self._count += 1
            key = ("event", self._count) if slot is None else ("slot", slot)
            self._events.pop(key, None)  # the newer one goes behind what came between them
            self._events[key] = event
            return was_empty

    def drain(self) -> list[Event]:
        """Everything, and the box is empty again."""
        with self._lock:
            events, self._events = list(self._events.values()), {}
            return events
