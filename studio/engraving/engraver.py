"""The app's end of the process that engraves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Any

from studio.engraving.messages import (
    COMMANDS,
    EVENTS,
    STRIP,
    Engrave,
    Engraved,
    NotEngraved,
    packed,
)
from studio.engraving.pages import Measure, Page, Place
from studio.music.files.musicxml import Score
from studio.processes.child import module_command
from studio.processes.supervisor import ChildProcess, Supervisor

ENGRAVING_PROCESS = ChildProcess(
    name="engraving process",
    command=module_command("studio.engraving.process"),
    commands=COMMANDS,
    events=EVENTS,
    alive_s=0.5,
    patience_s=30.0,
    first_patience_s=30.0,
    pauses_s=(0.2, 1.0, 5.0),
    soon_s=20.0,
)
_ENDED = "Engraving the score stopped; it is tried again with the next change."
_GIVEN_UP = "Engraving scores keeps failing and is switched off."

Answer = tuple[Page, ...] | str
"""Pages, or a sentence that says why there are none."""


class Engraver:
    """Engraves one score after the other, in the order asked. `hear(number, answer)` is called on
    a thread of its own; every method may be called on any thread, and none waits but `close`."""

    def __init__(
        self, hear: Callable[[int, Answer], None], *, child: ChildProcess = ENGRAVING_PROCESS
    ) -> None:
        self._hear = hear
        self._waiting: deque[Engrave] = deque()
        self._numbers = count(1)
        self._child = Supervisor(
            child, greeting=self._greeting, hear=self._take, ended=self._process_ended
        )

    def engrave(self, score: Score, form: str = STRIP) -> int:
        """Have a score engraved; the number that its answer bears. Starts the process first."""
        values = packed(score)
        with self._child.lock:
            wanted = Engrave(next(self._numbers), values, form)
            self._waiting.append(wanted)
            self._child.say(wanted)
        self._child.start()
        return wanted.number

    def close(self) -> None:
        """End the process, within three seconds; nothing is heard any more."""
        self._child.close()

    @property
    def pid(self) -> int | None:
        """The process's number; None while there is none."""
        return self._child.pid

    def _greeting(self) -> list[bytes]:
        return [self._child.child.commands.pack(wanted) for wanted in self._waiting]

    def _take(self, event: Any) -> None:
        if isinstance(event, Engraved):
            pages = (
                Page(svg, w, h, tuple(Place(*p) for p in ps), tuple(Measure(*m) for m in ms))
                for svg, w, h, ps, ms in event.pages
            )
            self._answer(event.number, tuple(pages))
        elif isinstance(event, NotEngraved):
            self._answer(event.number, event.sentence)

    def _answer(self, number: int, answer: Answer) -> None:
        with self._child.lock:
            kept = [wanted for wanted in self._waiting if wanted.number != number]
            self._waiting = deque(kept)
        self._hear(number, answer)

    def _process_ended(self, how: int | OSError, short_lives: int) -> bool:
        again = not isinstance(how, OSError) and short_lives < len(self._child.child.pauses_s)
        with self._child.lock:
            lost, self._waiting = self._waiting, deque[Engrave]()
        for wanted in lost:  # what it died of is not given to the next one
            self._hear(wanted.number, _ENDED if again else _GIVEN_UP)
        return again
