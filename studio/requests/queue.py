"""The queue of songs that were asked for: who may ask how often, and whose turn it is.

Phones ask on the server's thread, the performer rules on the window's: every method may be called
on any thread. Nothing here knows the network; it is all bounded and all in memory.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from threading import RLock
from time import monotonic
from typing import Literal

from studio.document.errors import StudioError
from studio.music.wishes.wish import MOST_CHARACTERS, Wish
from studio.requests._words import LONGEST_NAME, is_blocked, one_line

MOST_WAITING = 100
MOST_OF_AN_ADDRESS = 5
"""Several phones may share one address; more than these songs of it wait for nobody."""
PAUSE_S = 60.0
"""A phone asks once, waits for its song, and then so long before the next one."""
KEPT = 1000
"""So many songs that are over are remembered; all of them are in the archive."""

State = Literal["asked", "waiting", "next", "sounding", "played", "refused"]
OVER: tuple[State, ...] = ("played", "refused")


class RefusalError(StudioError):
    """A wish that is not taken. Its text is one sentence for whoever asked."""


@dataclass(frozen=True, kw_only=True)
class SongRequest:
    """A song that somebody wants. Replaced, never changed."""

    token: str
    """Names it in addresses; whoever has it may see it and take it back."""
    words: str
    """As it was asked for."""
    wish: Wish
    name: str = ""
    phone: str = ""
    address: str = ""
    state: State = "asked"
    seconds: float = 0.0
    """How long it is going to sound."""

    @property
    def title(self) -> str:
        """What it was understood as: "air · A minor · 24 bars"."""
        return self.wish.understood


class SongQueue:
    """`understand` makes a `Wish` of words and says how many seconds it takes to play;
    `blocked` are words of the performer's own that are not taken."""

    def __init__(
        self,
        understand: Callable[[str], tuple[Wish, float]],
        *,
        blocked: Iterable[str] = (),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._understand = understand
        self._blocked = tuple(blocked)
        self._clock = clock
        self._lock = RLock()
        self._line: list[SongRequest] = []
        self._over: dict[str, SongRequest] = {}
        self._rests: dict[str, float] = {}
        self.lets_through = False
        """Whether a wish waits for its turn at once; else until the performer lets it through."""
        self.is_open = True
        """Whether wishes are taken at all."""
        self.version = 0
        """Rises with every change."""

    # -- phones --------------------------------------------------------------------------------

    def ask(self, words: str, *, name: str = "", phone: str, address: str = "") -> SongRequest:
        """Put a wish into the queue. Raises `RefusalError` with the reason."""
        words, name = one_line(words, MOST_CHARACTERS), one_line(name, LONGEST_NAME)
        if not words:
            raise RefusalError("Say what you would like to hear, such as: a jig in D.")
        if is_blocked(words, self._blocked) or is_blocked(name, self._blocked):
            raise RefusalError("Please say it in other words.")
        with self._lock:
            self._check(phone, address)
        wish, seconds = self._understand(words)
        if not wish.understood:
            raise RefusalError(
                "That was not understood. Say a genre, a mood or a key, such as: a sad waltz in G."
            )
        asked = SongRequest(
            token=secrets.token_urlsafe(12),
            words=words,
            wish=wish,
            name=name,
            phone=phone,
            address=address,
            state="waiting" if self.lets_through else "asked",
            seconds=seconds,
        )
        with self._lock:
            self._check(phone, address)  # it may have asked twice at once
            self._rests = {p: at for p, at in self._rests.items() if at > self._clock()}
            self._line.append(asked)
            self.version += 1
        return asked

    def take_back(self, token: str) -> bool:
        """The asker does not want it any more. False where it sounds already."""
        return self._end(token, "refused", unless=("next", "sounding"))

    def find(self, token: str) -> SongRequest | None:
        """The request with this token, as far as it is remembered."""
        with self._lock:
            here = (each for each in self._line if each.token == token)
            return next(here, self._over.get(token))

    def wait(self, token: str) -> tuple[int, float] | None:
        """So many songs come first, and sound for so many seconds; those that the performer has not
        let through count as well. None where it does not wait."""
        with self._lock:
            tokens = [each.token for each in self._line]
            if token not in tokens:
                return None
            before = self._line[: tokens.index(token)]
            return len(before), sum(each.seconds for each in before)

    def _check(self, phone: str, address: str) -> None:
        if not self.is_open:
            raise RefusalError("No more songs are taken at the moment.")
        if len(self._line) >= MOST_WAITING:
            raise RefusalError("The queue is full; please try again later.")
        if any(each.phone == phone for each in self._line):
            raise RefusalError("Your last song still waits; one at a time.")
        if self._rests.get(phone, 0.0) > self._clock():
            raise RefusalError("Please wait a minute before the next song.")
        if address and Counter(e.address for e in self._line)[address] >= MOST_OF_AN_ADDRESS:
            raise RefusalError("Enough songs of your network wait already.")

    # -- the performer -------------------------------------------------------------------------

    @property
    def line(self) -> tuple[SongRequest, ...]:
        """What sounds or waits, in its order."""
        with self._lock:
            return tuple(self._line)

    def let_through(self, token: str) -> None:
        """Let it wait for its turn."""
        self._mark(token, "waiting", only=("asked",))

    def refuse(self, token: str) -> bool:
        """It is not played."""
        return self._end(token, "refused", unless=("sounding",))

    def move(self, token: str, steps: int) -> None:
        """So many places nearer to the end of the queue, or to its beginning where negative; what
        is being played stays where it is."""
        with self._lock:
            fixed = sum(each.state in ("next", "sounding") for each in self._line)
            tokens = [each.token for each in self._line]
            if token not in tokens[fixed:]:
                return
            moved = self._line.pop(tokens.index(token))
            place = max(fixed, min(len(self._line), tokens.index(token) + steps))
            self._line.insert(place, moved)
            self.version += 1

    # -- whoever plays -------------------------------------------------------------------------

    def take_next(self) -> SongRequest | None:
        """The first that was let through, which is to be played now."""
        with self._lock:
            found = next((each for each in self._line if each.state == "waiting"), None)
            if found is None:
                return None
            self._line.remove(found)
            found = replace(found, state="next")
            self._line.insert(0, found)
            self.version += 1
            return found

    def sounds(self, token: str) -> None:
        """It has begun."""
        self._mark(token, "sounding", only=("next",))

    def played(self, token: str) -> None:
        """It has been heard."""
        self._end(token, "played", unless=())

    # -- inside --------------------------------------------------------------------------------

    def _mark(self, token: str, state: State, only: tuple[State, ...]) -> None:
        with self._lock:
            for index, each in enumerate(self._line):
                if each.token == token and each.state in only:
                    self._line[index] = replace(each, state=state)
                    self.version += 1

    def _end(self, token: str, state: State, unless: tuple[State, ...]) -> bool:
        with self._lock:
            found = next((each for each in self._line if each.token == token), None)
            if found is None or found.state in unless:
                return False
            self._line.remove(found)
            self._over[token] = replace(found, state=state)
            while len(self._over) > KEPT:
                del self._over[next(iter(self._over))]
            if state == "played":
                self._rests[found.phone] = self._clock() + PAUSE_S
            self.version += 1
            return True
