"""What kind of tune it is, as far as the books say."""

from __future__ import annotations

import re

from engines.lstm_melodies.corpus.corpora import AIRD, BACH, ONEILL, BookTune
from studio.music.genres import at_home
from studio.music.metres import Metre

ONEILL_CHAPTERS = (
    (1, 700, "air"), (701, 1115, "jig"), (1116, 1175, "slip jig"), (1176, 1555, "reel"),
    (1556, 1780, "hornpipe"), (1781, 1800, "any"), (1801, 1850, "march"),
)  # fmt: skip
"""The chapters of O'Neill's book; Carolan's pieces (626 on) are taken as airs."""

WORDS = (
    ("slip ?jig|slipjig|hop jig", "slip jig"),
    ("strathspey|strathpey|fling", "strathspey"),
    ("hornpipe|clog", "hornpipe"),
    ("quick ?step|march|retreat|troop", "march"),
    ("waltz", "waltz"),
    ("reel", "reel"),
    ("jigg?|gigg?", "jig"),
    ("minuet|allemande?|gavot", "any"),
    ("air|song|slow", "air"),
)


def genre_of(tune: BookTune, metre: str) -> str:
    """One of `GENRES`. Airs in 3/4 are counted as waltzes: the books hold few of that name."""
    if tune.book == BACH:
        return "chorale"
    genre = _chapter(tune) if tune.book == ONEILL else _words(tune)
    if genre == "jig" and metre == "9/8":
        return "slip jig"
    if genre == "air" and metre == "3/4":
        return "waltz"
    return genre if genre == "air" or at_home(genre, Metre.parse(metre)) else "any"


def _chapter(tune: BookTune) -> str:
    if tune.genre in {"waltz", "march"}:
        return tune.genre
    digits = re.match(r"\d+", tune.number)
    number = int(digits[0]) if digits else 0
    return next((g for first, last, g in ONEILL_CHAPTERS if first <= number <= last), "any")


def _words(tune: BookTune) -> str:
    """From the title's end or the `R:` field; what Aird does not name is left open."""
    title, _, field = tune.genre.partition(" | ")
    for text in (title if tune.book == AIRD else " ".join(title.split()[-2:]), field):
        for pattern, genre in WORDS:
            if re.search(rf"\b({pattern})s?\b", text):
                return genre
    return "any"
