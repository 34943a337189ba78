"""What the crowd wants to see: which of two scenes, and where on a mood pad; counted, never kept.

Phones vote on the server's thread, the performer asks on the window's: every method may be called
on any thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from studio.requests._words import one_line
from studio.requests.queue import RefusalError

PAD = 5
"""The mood pad has so many places a side."""
PAUSE_S = 1.0
"""So long a phone waits between one vote and the next."""
FORGET_S = 120.0
"""A place on the pad counts for so long: moods pass, and people go home."""
MOST_PHONES = 2000
MOST_OF_AN_ADDRESS = 20
LONGEST_TITLE = 40
SNAPSHOTS = 8

Point = tuple[float, float]
"""From calm (0) to wild (1), and from dark (0) to bright (1)."""


@dataclass(frozen=True)
class Option:
    """One of the two scenes: a snapshot by its number, from 1, and what the crowd reads."""

    snapshot: int
    title: str = ""

    @property
    def words(self) -> str:
        """Its title, or what it is called without one."""
        return self.title or f"Scene {self.snapshot}"


@dataclass
class _Phone:
    address: str
    acted_s: float
    choice: int | None = None
    point: Point | None = None
    pointed_s: float = 0.0


@dataclass(frozen=True)
class Standing:
    """How it stands. `counts` are of the two scenes, None where there is no vote; `mean` is the
    average place on the pad, None where nobody is on it or there is no pad."""

    counts: tuple[int, int] | None = None
    points: tuple[Point, ...] | None = None

    @property
    def mean(self) -> Point | None:
        """The average of all points."""
        if not self.points:
            return None
        count = len(self.points)
        return sum(x for x, _ in self.points) / count, sum(y for _, y in self.points) / count


class Votes:
    """One vote a phone, which it may change, and one place on the pad."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._phones: dict[str, _Phone] = {}
        self.options: tuple[Option, Option] = (Option(1), Option(2))
        self.takes_votes = self.takes_moods = False

    @property
    def is_open(self) -> bool:
        """Whether phones are offered anything."""
        return self.takes_votes or self.takes_moods

    # -- the performer -------------------------------------------------------------------------

    def offer(self, *, votes: bool, moods: bool) -> None:
        """What phones may do; what they did of the rest is forgotten."""
        if not votes:
            self.clear()
        if not moods:
            with self._lock:
                for phone in self._phones.values():
                    phone.point = None
        self.takes_votes, self.takes_moods = votes, moods

    def put(self, place: int, option: Option) -> None:
        """Have another scene in the first place (0) or the second (1); votes begin anew where it
        is another one, and not only called otherwise."""
        before = self.options[place]
        option = Option(option.snapshot, one_line(option.title, LONGEST_TITLE))
        first, second = self.options
        self.options = (option, second) if place == 0 else (first, option)
        if option.snapshot != before.snapshot:
            self.clear()

    def clear(self) -> None:
        """Begin the vote anew."""
        with self._lock:
            for phone in self._phones.values():
                phone.choice = None

    @property
    def winner(self) -> Option | None:
        """The scene with more votes; None while they are even."""
        first, second = self.standing().counts or (0, 0)
        return None if first == second else self.options[0 if first > second else 1]

    def standing(self) -> Standing:
        """How it stands now."""
        now_s = self._clock()
        with self._lock:
            choices = Counter(phone.choice for phone in self._phones.values())
            here = tuple(
                phone.point
                for phone in self._phones.values()
                if phone.point is not None and now_s - phone.pointed_s < FORGET_S
            )
        return Standing(
            (choices[0], choices[1]) if self.takes_votes else None,
            here if self.takes_moods else None,
        )

    # -- phones --------------------------------------------------------------------------------

    def choose(self, choice: int, *, phone: str, address: str = "") -> None:
        """A vote for the first scene (0) or the second (1). Raises `RefusalError`."""
        if not self.takes_votes or choice not in (0, 1):
            raise RefusalError("There is no vote at the moment.")
        with self._lock:
            self._acting(phone, address).choice = choice

    def move(self, column: int, row: int, *, phone: str, address: str = "") -> None:
        """A place on the pad, counted from calm and from dark. Raises `RefusalError`."""
        if not self.takes_moods or not (0 <= column < PAD and 0 <= row < PAD):
            raise RefusalError("There is no mood pad at the moment.")
        with self._lock:
            acting = self._acting(phone, address)
            acting.point = column / (PAD - 1), row / (PAD - 1)
            acting.pointed_s = acting.acted_s

    def of(self, phone: str) -> tuple[int | None, tuple[int, int] | None]:
        """What a phone has chosen, and the place that it has on the pad."""
        with self._lock:
            known = self._phones.get(phone)
        if known is None:
            return None, None
        point = known.point
        return known.choice, None if point is None else cell(point)

    def _acting(self, phone: str, address: str) -> _Phone:
        """With the lock. Who has been silent for longest makes room where there is none."""
        now_s, known = self._clock(), self._phones.get(phone)
        if known is not None and now_s - known.acted_s < PAUSE_S:
            raise RefusalError("One moment, please: once a second is enough.")
        if known is None:
            others = sum(each.address == address for each in self._phones.values())
            if address and others >= MOST_OF_AN_ADDRESS:
                raise RefusalError("Enough phones of your network vote already.")
            if len(self._phones) >= MOST_PHONES:
                del self._phones[min(self._phones, key=lambda name: self._phones[name].acted_s)]
            known = self._phones[phone] = _Phone(address, now_s)
        known.acted_s = now_s
        return known


def cell(point: Point) -> tuple[int, int]:
    """The place on the pad that is nearest to `point`."""
    return round(point[0] * (PAD - 1)), round(point[1] * (PAD - 1))
