"""What people may write: one short line, and no words that the performer does not want to see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_NAME = 24
BLOCKED = (
    "arsch", "asshole", "bastard", "bitch", "cock", "cunt", "dick", "faggot", "fick", "fuck",
    "hitler", "hure", "nazi", "nigger", "penis", "porn", "pussy", "rape", "scheisse", "shit",
    "slut", "tits", "twat", "wank", "whore",
)  # fmt: skip
"""What is never taken; the file `blocked.txt` in the folder of songs adds to it, a word a line."""

_LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")
_INSIDE = frozenset({"fuck", "nigger", "hitler"})
"""Found within longer words as well. Others are not: a cocktail is welcome, and so is Scunthorpe.
"""


def one_line(text: str, longest: int) -> str:
    """`text` without what cannot be seen or would turn or break a line, at most so long."""
    kept = (c if unicodedata.category(c)[0] not in "CZ" else " " for c in text[: 4 * longest])
    return " ".join("".join(kept).split())[:longest].strip()


def is_blocked(text: str, more: Iterable[str] = ()) -> bool:
    """Whether one of the blocked words is in it, also spelt with look-alikes or with dots."""
    plain = _plain(text)
    words = re.findall(r"[a-z]+", plain)
    spelt_out = "".join(words) if all(len(word) == 1 for word in words) else ""
    blocked = {*BLOCKED, *filter(None, ("".join(_plain(word).split()) for word in more))}
    if any(word in _INSIDE and word in "".join(words) for word in blocked):
        return True
    found = {*words, *plain.split(), spelt_out}
    return any(word in found or f"{word}s" in found for word in blocked)


def _plain(text: str) -> str:
    """Lower case, without accents, digits read as the letters that they stand for."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in apart if not unicodedata.combining(c))
    return letters.translate(_LOOKALIKES)
