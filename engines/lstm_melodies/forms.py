"""What is decided about a tune before its notes: key, pickup, which bars come again, where its
parts lie and whether they come home. Drawn from how the books have it, one tune's answers together.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engines.lstm_melodies.grid import HIGHEST, LOWEST

FILE = Path(__file__).parent / "weights" / "forms.json"
PART = 8
"""Bars of a part, as the books have it."""
_ENOUGH = 5
"""Tunes of a length that are enough to draw from; below, shorter ones are put together."""


@dataclass(frozen=True, slots=True)
class Form:
    """The frame of a tune; bars are counted without the pickup."""

    mode: str
    tonic: int
    """The MIDI number from which pitches are counted."""
    pickup: bool
    again: tuple[int, ...]
    """For every bar the first one that it is a copy of, its own number if it is new. Empty where
    that is left to the writing, and with it where parts but the last come home."""
    home: tuple[bool, ...]
    """For every part whether its last note is the tonic."""
    centres: tuple[float, ...]
    """For every part how many semitones above the tonic its notes lie in the mean."""
    part: int = PART
    """Bars of a part."""

    def at(self, tonic: int) -> Form:
        """The same in another key, the nearest octave of it; the notes stay where they lie."""
        steps = (tonic - self.tonic + 6) % 12 - 6
        centres = tuple(min(max(c - steps, LOWEST / 2), HIGHEST / 2) for c in self.centres)
        return replace(self, tonic=self.tonic + steps, centres=centres)

    def loose(self) -> Form:
        """The same for parts of any length, whose bars come again as they happen to."""
        return replace(self, again=(), home=self.home[-1:])

    def lettered(self, letters: str, bars: int, part: int) -> Form:
        """`bars` bars in parts of `part` in the order of `letters`, the first of this form's parts
        for the first letter. The last part closes as the tune does, whatever it is a copy of."""
        count = -(-bars // part)
        order = [letters[k % len(letters)] for k in range(count)]
        names = "".join(dict.fromkeys(order))
        known = [order.index(name) for name in names]
        own = self.again if part == PART else range(len(names) * part)
        again = [0] * (count * part)
        for k, name in enumerate(order):
            for at in range(part):
                first = own[names.index(name) * part + at]
                again[k * part + at] = known[first // part] * part + first % part
        kinds = [names.index(name) for name in order]
        home = [self.home[min(kind, len(self.home) - 1)] for kind in kinds]
        if home[-1] != self.home[-1] and kinds.index(kinds[-1]) < count - 1:
            again[bars - 1] = bars - 1  # a second ending
        return replace(
            self,
            part=part,
            again=tuple(again[:bars]),
            home=(*home[:-1], self.home[-1]),
            centres=tuple(self.centres[min(kind, len(self.centres) - 1)] for kind in kinds),
        )

    def of(self, bars: int, rest: Form) -> Form:
        """`bars` bars of it; where it is shorter, its parts but the first are those of `rest`."""
        parts = -(-bars // PART)
        again = list(self.again)
        while len(again) < bars:
            second = rest.again[PART : 2 * PART] or rest.again[:PART]
            here = len(again)
            again += [a if a < PART else a % PART + here for a in second]
        home = [*self.home[:-1], *rest.home[1:-1] * parts][: parts - 1]
        centres = [*self.centres, *(rest.centres[1:] or rest.centres) * parts][:parts]
        home = (home + [False] * parts)[: parts - 1]
        return replace(
            self, again=tuple(again[:bars]), home=(*home, self.home[-1]), centres=tuple(centres)
        )


@functools.cache
def book_forms() -> Mapping[str, Sequence[Form]]:
    """By genre, how the books' tunes of sixteen bars and more are made."""
    rows = json.loads(FILE.read_text("utf-8"))
    return {genre: tuple(_form(row) for row in found) for genre, found in rows.items()}


def _form(row: Sequence[object]) -> Form:
    mode, tonic, pickup, again, home, centres = row
    assert isinstance(tonic, int)
    assert isinstance(centres, list)
    return Form(
        mode=str(mode), tonic=tonic, pickup=bool(pickup),
        again=tuple(int(each, 36) for each in str(again)),
        home=tuple(each == "1" for each in str(home)), centres=tuple(centres),
    )  # fmt: skip


def drawn(
    genre: str, bars: int, seed: Sequence[int], *, tonic: int | None = None, mode: str | None = None
) -> Form:
    """A form for `bars` bars of `genre`, in the key that is given; what is not, as in the books."""
    books = book_forms()
    known = [*books.get(genre, ())] or [form for found in books.values() for form in found]
    known = [form for form in known if mode in (None, form.mode)] or known
    long = [form for form in known if len(form.again) >= bars]
    rng = np.random.default_rng((*seed, 0xF0))
    choices = (long if len(long) >= _ENOUGH else known, known)
    first, rest = (choice[int(rng.integers(len(choice)))] for choice in choices)
    form = replace(first.of(bars, rest), mode=mode or first.mode)
    return form if tonic is None else form.at(tonic)
